"""What notify is told by its environment."""

from pydantic import SecretStr

from contracts.settings import Settings


class NotifySettings(Settings):
    """Where devices are kept, and which services reach them.

    Attributes:
        apns_application_arn: SNS's platform application for Apple's service, if there is one.
        fcm_application_arn: the same for Google's.
    """

    database_url: SecretStr
    push_url: str = "https://exp.host"
    push_api_key: SecretStr = SecretStr("")
    apns_application_arn: str | None = None
    fcm_application_arn: str | None = None

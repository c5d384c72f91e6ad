"""What notify is told by its environment."""

from pydantic import SecretStr

from contracts.settings import Settings


class NotifySettings(Settings):
    """Where devices are kept, and which service reaches them."""

    database_url: SecretStr
    push_url: str = "https://exp.host"
    push_api_key: SecretStr = SecretStr("")

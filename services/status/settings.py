"""What status is told by its environment."""

from pydantic import SecretStr

from contracts.media import MediaSettings


class StatusSettings(MediaSettings):
    """Where the history is, where news goes, and the keys that prove who speaks."""

    task_events_topic_arn: str
    job_control_table: str
    database_url: SecretStr
    callback_key: SecretStr
    job_token_key: SecretStr

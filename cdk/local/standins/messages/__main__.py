"""`python -m cdk.local.standins.messages`: serve the scripted Messages API until SIGTERM."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from cdk.local.standins.messages.api import MessagesService
from cdk.local.standins.messages.changes import read_all
from cdk.local.standins.serving import serve


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="MESSAGES_STANDIN_", frozen=True)

    port: int
    patches: Path
    log: Path
    api_key: SecretStr


if __name__ == "__main__":
    settings = _Settings()
    changes = read_all(settings.patches)
    service = MessagesService(changes, settings.log, settings.api_key.get_secret_value())
    serve(service.app(), settings.port)

"""Serve the GitHub stand-in: `GITHUB_STANDIN_TOKEN=… python -m cdk.local.standins.github`."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from cdk.local.standins.github.rest import github
from cdk.local.standins.serving import serve


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="GITHUB_STANDIN_", frozen=True)

    port: int
    root: Path
    token: SecretStr


if __name__ == "__main__":
    settings = _Settings()
    serve(github(settings.root, settings.token.get_secret_value()), settings.port)

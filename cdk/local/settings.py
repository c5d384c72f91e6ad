"""What may be chosen about the local system: ports, where its state lives, mock mode."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    JsonConfigSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from typing_extensions import override

ROOT = Path(__file__).resolve().parents[2]
REGION = "eu-west-1"
ACCOUNT = "000000000000"
STAGE = "local"


class LocalSettings(BaseSettings):
    """Settings of one local system, strongest first: flags, SAYSO_LOCAL_*, what `up` remembered."""

    model_config = SettingsConfigDict(env_prefix="SAYSO_LOCAL_", frozen=True, extra="ignore")

    home: Path = ROOT / ".local"
    port_emulator: int = 4566
    port_postgres: int = 4567
    port_github: int = 4568
    port_push: int = 4569
    port_speech: int = 4570
    port_mail: int = 4571
    port_messages: int = 4572
    port_web: int = 4573
    port_veo: int = 4574
    mock: bool = Field(default=False, validation_alias=AliasChoices("mock", "MVP_MOCK"))
    sandbox: str = Field("auto", validation_alias=AliasChoices("sandbox", "SANDBOX"))
    """Which boxes the runner uses: docker, podman or bubblewrap; by itself, what works here."""
    model: bool = False
    """Have a real model write the changes, for money; a script plays it otherwise."""
    agents: str = "quick_edit"
    """Who is asked for a change, in order: `quick_edit`, `claude_code`, or both with a comma."""
    anthropic_api_key: SecretStr = Field(SecretStr(""), validation_alias="ANTHROPIC_API_KEY")
    anthropic_base_url: str = Field(
        "https://api.anthropic.com", validation_alias="ANTHROPIC_BASE_URL"
    )

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the remembered ports below everything that was said this time."""
        home = {**env_settings(), **init_settings()}.get("home", cls.model_fields["home"].default)
        remembered = JsonConfigSettingsSource(settings_cls, json_file=Path(home) / "ports.json")
        return init_settings, env_settings, remembered

    @property
    def ports(self) -> dict[str, int]:
        """Every port by its field name."""
        return {key: value for key, value in self.model_dump().items() if key.startswith("port_")}

    def remember(self) -> None:
        """Keep the ports for the next command: `down`, `demo` and `logs` take no flags."""
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "ports.json").write_text(json.dumps(self.ports, indent=2) + "\n")

    @property
    def aws_url(self) -> str:
        """The emulator's one endpoint for every AWS service."""
        return f"http://127.0.0.1:{self.port_emulator}"

    @property
    def github_url(self) -> str:
        """The GitHub stand-in: REST calls at its root, git at /<org>/<name>.git."""
        return f"http://127.0.0.1:{self.port_github}"

    @property
    def supabase_url(self) -> str:
        """The issuer of local tokens. Nothing is asked of it: they are signed with a secret."""
        return "http://supabase.localhost"

    @property
    def push_url(self) -> str:
        """The Expo stand-in, without a path."""
        return f"http://127.0.0.1:{self.port_push}"

    @property
    def speech_url(self) -> str:
        """The speech stand-in's base URL, as an OpenAI client wants it."""
        return f"http://127.0.0.1:{self.port_speech}/v1"

    @property
    def messages_url(self) -> str:
        """The Messages API stand-in's base URL, as an Anthropic client wants it."""
        return f"http://127.0.0.1:{self.port_messages}"

    @property
    def veo_url(self) -> str:
        """The Vertex AI stand-in, without a path."""
        return f"http://127.0.0.1:{self.port_veo}"

    @property
    def web_url(self) -> str:
        """The app in a browser; `localhost`, where browsers let a page have the microphone."""
        return f"http://localhost:{self.port_web}"

    @property
    def database_url(self) -> str:
        """Postgres over TCP; only loopback is served, and without a password."""
        return f"postgresql://postgres@127.0.0.1:{self.port_postgres}/sayso"

    def model_environment(self, scripted_key: str) -> dict[str, str]:
        """Who writes changes: no real model is asked for money by who did not say so.

        Args:
            scripted_key: what the scripted model on this machine wants to be asked with.
        """
        if self.mock:
            return {"MVP_MOCK": "1"}
        key, url = scripted_key, self.messages_url
        if self.model:
            key, url = self.anthropic_api_key.get_secret_value(), self.anthropic_base_url
        return {"AGENTS": self.agents, "ANTHROPIC_API_KEY": key, "ANTHROPIC_BASE_URL": url}

    @property
    def mailbox(self) -> Path:
        """The Maildir of everybody who gets mail."""
        return self.home / "mail"

    @property
    def aws_environment(self) -> dict[str, str]:
        """What makes boto3, the CDK and the AWS CLI speak to the emulator and nothing else."""
        return {
            "AWS_ENDPOINT_URL": self.aws_url,
            "AWS_ENDPOINT_URL_S3": self.aws_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def given(**flags: Any) -> LocalSettings:
    """Build the settings from the flags that were really given (None means: not given)."""
    return LocalSettings(**{key: value for key, value in flags.items() if value is not None})

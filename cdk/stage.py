"""What differs between one machine, staging and prod: `stages/<name>.toml`, overridden by `-c`."""

import tomllib
from pathlib import Path
from typing import Literal

from constructs import Node
from pydantic import BaseModel, ConfigDict


class Stage(BaseModel):
    """The settings of one deployment. No secret is among them: those live in Secrets Manager."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Literal["local", "staging", "prod"]
    code: Literal["bundles", "sources"] = "bundles"
    """`sources` leaves the packages out: enough to read and test a template, not to deploy one."""

    supabase_url: str
    supabase_jwks_url: str | None = None
    supabase_jwt_secret: bool = False
    """True where Supabase still signs with the project's shared (HS256) secret."""
    media_endpoint_url: str | None = None
    """An S3 endpoint other than AWS's own, such as Supabase Storage's."""
    web_origin: str
    """The one origin whose pages may call the API from a browser."""
    speech_base_url: str
    speech_model: str
    push_url: str
    mail_from: str
    mail_to: str
    mail_time_zone: str = "Europe/Berlin"
    auto_merge_loc_limit: int = 500
    blocked_paths: str = "security/"
    log_level: str = "INFO"

    @classmethod
    def read(cls, node: Node) -> "Stage":
        """Read the stage that `-c stage=…` names (prod by default), field by field.

        Raises:
            pydantic.ValidationError: a value is missing, unknown or of the wrong kind.
            FileNotFoundError: there is no such stage.
        """
        name = node.try_get_context("stage") or "prod"
        values = tomllib.loads((Path(__file__).parent / "stages" / f"{name}.toml").read_text())
        said = {field: node.try_get_context(field) for field in cls.model_fields}
        return cls(**values | {k: v for k, v in said.items() if v is not None} | {"name": name})

    @property
    def is_local(self) -> bool:
        """Whether the functions run on this machine, by its own Python and processor."""
        return self.name == "local"

    @property
    def keeps_data(self) -> bool:
        """Whether tables, media and logs outlive their stack."""
        return self.name == "prod"

    def named(self, name: str) -> str:
        """The physical name of a thing: `sayso-<stage>-<name>`."""
        return f"sayso-{self.name}-{name}"

"""What differs between one machine, staging and prod: `stages/<name>.toml`, overridden by `-c`."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from constructs import Node
from pydantic import BaseModel, ConfigDict

STAGES = Path(__file__).parent / "stages"


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
    github_app_id: str = ""
    """Of a GitHub App; without one, the runners use a personal access token."""
    alarms_to: str = ""
    """Whom alarms are mailed to; without an address, they are on the dashboard only."""
    runner_agents: str = "quick_edit"
    """Who writes changes, in the order in which they are asked: `quick_edit,claude_code` wants
    4 GiB of memory, so larger `runner_instance_types` as well."""
    runner_instance_types: tuple[str, ...] = (
        "t4g.micro",
        "t4g.small",
        "c7g.medium",
        "m7g.medium",
        "c6g.medium",
        "m6g.medium",
    )
    """ARM instance types, any of which will do: the more, the likelier there is spot capacity.
    For Claude Code: t4g.large, m7g.large, m6g.large, r7g.large, r6g.large."""
    runner_most: int = 4
    """Instances at the most; at least one is always there, warm."""
    runner_disk_gib: int = 30
    auto_merge_loc_limit: int = 500
    blocked_paths: str = "security/"
    log_level: str = "INFO"

    @classmethod
    def of(cls, name: str, overrides: Mapping[str, Any] = MappingProxyType({})) -> "Stage":
        """Read a stage's file; what is said at the command line goes before it.

        Raises:
            ValueError: there is no such stage.
            pydantic.ValidationError: a setting is missing, unknown or of the wrong kind.
        """
        stages = {file.stem: file for file in sorted(STAGES.glob("*.toml"))}
        if name not in stages:
            raise ValueError(f"No stage {name!r}: there are {', '.join(stages)}.")
        settings = tomllib.loads(stages[name].read_text())
        return cls(**{**settings, **overrides, "name": name})

    @classmethod
    def read(cls, node: Node) -> "Stage":
        """The stage that `-c stage=…` names, prod if none is, with what other `-c` override."""
        said = {field: node.try_get_context(field) for field in cls.model_fields}
        overrides = {field: value for field, value in said.items() if value is not None}
        return cls.of(node.try_get_context("stage") or "prod", overrides)

    @property
    def is_local(self) -> bool:
        """Whether the functions run on this machine, by its own Python and processor."""
        return self.name == "local"

    @property
    def keeps_data(self) -> bool:
        """Whether tables, media and logs outlive their stack."""
        return self.name == "prod"

    @property
    def metrics(self) -> str:
        """The namespace of its metrics."""
        return f"Sayso/{self.name}"

    def named(self, name: str) -> str:
        """The physical name of a thing: `sayso-<stage>-<name>`."""
        return f"sayso-{self.name}-{name}"

"""What differs between one machine, staging and prod: `stages/<name>.toml`, overridden by `-c`.

`python -m cdk.stage` prints the schema of such a file, `stages/schema.json`: editors check by it.
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

if TYPE_CHECKING:
    from constructs import Node

STAGES = Path(__file__).parent / "stages"
URL = "^https?://[^\\s/]+[^\\s]*$"
ADDRESS = "^[^@\\s]+@[^@\\s]+$"
APNS = "^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:app/APNS(_SANDBOX)?/[A-Za-z0-9_.-]+$"
FCM = "^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:app/GCM/[A-Za-z0-9_.-]+$"
ADDRESS_OR_NOTHING = f"^$|{ADDRESS}"
ADDRESSES = "^[^@\\s,]+@[^@\\s,]+(, ?[^@\\s,]+@[^@\\s,]+)*$"
EXPECTED = {
    URL: "an http or https address",
    ADDRESS: "a mail address",
    ADDRESS_OR_NOTHING: "a mail address",
    APNS: "the ARN of a platform application for APNS or APNS_SANDBOX in Amazon SNS",
    FCM: "the ARN of a platform application for GCM, as Amazon SNS still calls it",
    ADDRESSES: "one or more mail addresses with commas between them",
}
"""What a pattern means, for a person."""


class StageError(ValueError):
    """A stage that can't be deployed: a sentence for each thing that is wrong with its file."""


class Stage(BaseModel):
    """The settings of one deployment. No secret is among them: those live in Secrets Manager."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: Literal["local", "staging", "prod"]
    code: Literal["bundles", "sources"] = "bundles"
    """`sources` leaves the packages out: enough to read and test a template, not to deploy one."""

    supabase_url: str = Field(pattern=URL)
    """The project's address: its users sign in there."""
    supabase_jwks_url: str | None = Field(None, pattern=URL)
    supabase_jwt_secret: bool = False
    """True where Supabase still signs with the project's shared (HS256) secret."""
    media_endpoint_url: str | None = Field(None, pattern=URL)
    """An S3 endpoint other than AWS's own, such as Supabase Storage's."""
    web_origin: str = Field(pattern=URL)
    """The one origin whose pages may call the API from a browser."""
    speech_base_url: str = Field(pattern=URL)
    """Of an API like OpenAI's: what `/audio/transcriptions` is appended to."""
    speech_model: str
    push_url: str = Field(pattern=URL)
    apns_application_arn: str | None = Field(None, pattern=APNS)
    """SNS's platform application for Apple's push service: for apps that don't use Expo."""
    fcm_application_arn: str | None = Field(None, pattern=FCM)
    """The same for Google's."""
    mail_from: str = Field(pattern=ADDRESS)
    mail_to: str = Field(pattern=ADDRESSES)
    """Whom the nightly report is mailed to; commas between several."""
    mail_time_zone: str = "Europe/Berlin"
    veo_model: str = "veo-3.1-generate-001"
    """Who films the weekly clip, once the secret `vertex-credentials` has a value."""
    veo_location: str = "us-central1"
    """A region of Google Cloud that has the model."""
    veo_base_url: str | None = Field(None, pattern=URL)
    """Of an API like Vertex AI's, if it is not Google's own."""
    veo_usd_per_second: float = Field(0.20, ge=0)
    """What a second of film costs there; a clip's notes say what it cost."""
    veo_look_seconds: int = Field(20, ge=0, le=900)
    """Between two looks at what Veo is making; after thirty of them it has taken too long."""
    alarms_to: str = Field("", pattern=ADDRESS_OR_NOTHING)
    """Whom alarms are mailed to; without an address, they are on the dashboard only."""
    github_app_id: str = ""
    """Of a GitHub App; without one, the runners use a personal access token."""
    runner_agents: Literal["quick_edit", "claude_code", "quick_edit,claude_code"] = "quick_edit"
    """Who writes changes, in the order in which they are asked. Claude Code wants 4 GiB of
    memory, so larger `runner_instance_types` as well."""
    runner_instance_types: tuple[str, ...] = Field(
        ("t4g.micro", "t4g.small", "c7g.medium", "m7g.medium", "c6g.medium", "m6g.medium"),
        min_length=1,
    )
    """ARM instance types, any of which will do: the more, the likelier there is spot capacity.
    For Claude Code: t4g.large, m7g.large, m6g.large, r7g.large, r6g.large."""
    runner_most: int = Field(4, ge=2, le=1000)
    """Instances at the most; at least one is always there, warm."""
    runner_disk_gib: int = Field(30, ge=20)
    auto_merge_loc_limit: int = Field(500, ge=0)
    blocked_paths: str = "security/"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @classmethod
    def of(cls, name: str, overrides: Mapping[str, Any] = MappingProxyType({})) -> "Stage":
        """Read a stage's file; what is said at the command line goes before it.

        Raises:
            StageError: there is no such stage, or a setting is missing, unknown or wrong.
        """
        stages = {file.stem: file for file in sorted(STAGES.glob("*.toml"))}
        if name not in stages:
            raise StageError(f"No stage {name!r}: there are {', '.join(stages)}.")
        try:
            settings = tomllib.loads(stages[name].read_text())
            return cls(**{**settings, **overrides, "name": name})
        except tomllib.TOMLDecodeError as error:
            raise StageError(f"cdk/stages/{name}.toml is no TOML: {error}.") from error
        except ValidationError as error:
            wrong = (_sentence(name, dict(each)) for each in error.errors(include_url=False))
            raise StageError("\n".join(wrong)) from None

    @classmethod
    def read(cls, node: "Node") -> "Stage":
        """The stage that `-c stage=…` names, prod if none is, with what other `-c` override."""
        said = {field: node.try_get_context(field) for field in cls.model_fields}
        overrides = {field: value for field, value in said.items() if value is not None}
        return cls.of(node.try_get_context("stage") or "prod", overrides)

    def unfilled(self) -> list[str]:
        """A sentence for each setting that still says what the file came with."""
        return [
            f"cdk/stages/{self.name}.toml: {key} still says {value!r}: put your own there."
            for key, value in self
            if isinstance(value, str) and "example" in value
        ]

    @property
    def is_local(self) -> bool:
        """Whether the functions run on this machine, by its own Python and processor."""
        return self.name == "local"

    @property
    def keeps_data(self) -> bool:
        """Whether tables, media and logs outlive their stack."""
        return self.name == "prod"

    @property
    def platform_applications(self) -> tuple[str, ...]:
        """The ARNs of those platform applications of SNS that there are."""
        return tuple(filter(None, (self.apns_application_arn, self.fcm_application_arn)))

    @property
    def metrics(self) -> str:
        """The namespace of its metrics."""
        return f"Sayso/{self.name}"

    @property
    def github_secret(self) -> str:
        """The name of the one secret by which runners are known to GitHub."""
        return "github-app-private-key" if self.github_app_id else "github-token"

    def secret(self, name: str) -> str:
        """What Secrets Manager calls a secret: `sayso/<stage>/<name>`."""
        return f"sayso/{self.name}/{name}"

    def named(self, name: str) -> str:
        """The physical name of a thing: `sayso-<stage>-<name>`."""
        return f"sayso-{self.name}-{name}"


def _sentence(stage: str, error: Mapping[str, Any]) -> str:
    """What is wrong with one setting, for whoever wrote the file."""
    key = ".".join(map(str, error["loc"]))
    place = f"cdk/stages/{stage}.toml: {key}"
    match error["type"]:
        case "missing":
            return f"{place} is missing."
        case "extra_forbidden":
            return f"{place} is no setting; cdk/stages/schema.json lists them all."
        case "string_pattern_mismatch":
            expected = EXPECTED[error["ctx"]["pattern"]]
            return f"{place} is {error['input']!r}, which is not {expected}."
    message = str(error["msg"]).removeprefix("Input should be ").lower()
    return f"{place} is {error['input']!r}: it should be {message}."


def schema() -> dict[str, Any]:
    """The JSON Schema of a stage's file, whose name says which stage it is."""
    document = Stage.model_json_schema()
    for said_elsewhere in ("name", "code"):
        del document["properties"][said_elsewhere]
    document["required"].remove("name")
    return document


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2))

"""What dispatch is told by its environment."""

from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from contracts.settings import Settings


def _paths(given: str | tuple[str, ...]) -> tuple[str, ...]:
    parts = given.split(",") if isinstance(given, str) else given
    return tuple(path.strip() for path in parts if path.strip())


class DispatchSettings(Settings):
    """Where jobs and events go, and what bounds every job; paths are separated by commas."""

    task_events_topic_arn: str
    sqs_url: str
    runner_control_queue_url: str
    database_url: SecretStr
    job_token_key: SecretStr
    auto_merge_loc_limit: int = Field(500, ge=0)
    blocked_paths: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_paths)] = ("security/",)
    max_usd: float = Field(0.50, gt=0)
    max_seconds: int = Field(300, ge=1)
    max_jobs_in_flight: int = Field(5, ge=1)

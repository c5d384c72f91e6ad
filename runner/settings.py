"""What a runner is told by its environment."""

import os
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.media import MediaSettings
from runner.sandbox.detect import Name


class PackageSettings(BaseSettings):
    """Where the packages come from that projects depend on; boxes get to see all of it."""

    model_config = SettingsConfigDict(frozen=True)

    package_index_url: str = ""
    """Of a simple index (PEP 503); without, that of Python itself."""
    package_certificates: Path | None = None
    """A file of certificate authorities, for an index behind one's own."""

    @field_validator("package_index_url")
    @classmethod
    def _carries_no_credential(cls, url: str) -> str:
        if "@" in url:
            raise ValueError("it carries a credential, and boxes may hold none")
        return url


class RunnerSettings(MediaSettings, PackageSettings):
    """One runner's settings; each is the environment variable of the same name, in capitals."""

    sqs_url: str
    """The queue runner-jobs."""
    runner_control_queue_url: str
    runner_events_topic_arn: str
    job_control_table: str
    github_api_url: str = "https://api.github.com"
    git_base_url: str = "https://github.com"
    """What `org/project.git` is appended to."""
    github_token: SecretStr = SecretStr("")
    """A personal access token, unless there is an App."""
    github_app_id: str = ""
    github_app_private_key: SecretStr = SecretStr("")
    """PEM."""
    work_dir: Path = Path("/var/lib/sayso")
    """Mirrors and job folders; several runners may share it."""
    disk_quota_bytes: int = 20 << 30
    """Of mirrors, environments and measurements; beyond it, the least used ones go."""
    jobs_at_once: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    """Changes that are worked on at the same time: one a core."""
    poll_seconds: int = Field(20, ge=1, le=20)
    """How long one call waits for a message."""
    instance_metadata_url: str = "http://169.254.169.254"
    """Where a spot instance is told that it will be taken away."""
    aws_ec2_metadata_disabled: bool = False
    aws_xray_daemon_address: str = ""
    """Where an X-Ray agent listens, as `host:port`; without one, nothing is traced."""
    visibility_seconds: int = 30
    """How long a message stays with a runner that is no longer heard of."""
    sandbox: Name = "auto"
    """Which boxes are used: docker, podman, bubblewrap; by itself, the first that works."""
    sandbox_image: str = Field(
        "sayso-box", validation_alias=AliasChoices("sandbox_image", "ecr_image")
    )
    """Of the boxes that docker or podman make."""
    mvp_mock: bool = False
    """Apply canned patches, and ask no model."""
    canned_patches: Path = Path("tests/mocks/patches")
    """The patches that the canned agent knows."""
    anthropic_api_key: SecretStr = SecretStr("")
    anthropic_base_url: str = "https://api.anthropic.com"
    agents: str = "quick_edit,claude_code"
    """Who writes changes, in the order in which they are asked. Claude Code asks for 4 GB of
    memory: a smaller machine has `quick_edit` alone."""
    quick_model: str = "claude-haiku-5-5"
    quick_usd_per_million_input: float = 0.10
    """Prices are the model's own, for prompts of up to 100,000 tokens: name them with the model."""
    quick_usd_per_million_cache_write: float = 0.125
    quick_usd_per_million_cache_read: float = 0.01
    quick_usd_per_million_output: float = 0.50
    quick_context_tokens: int = 32_000
    """Of the files that the model is shown."""
    quick_answer_tokens: int = 16_000
    """Of its answer, with what it thinks before."""
    quick_silence_seconds: float = 20
    """How long the API may say nothing."""
    agent_model: str = "claude-sonnet-5-5"
    """What Claude Code asks. Its prices, too, are the model's own: name them with the model."""
    agent_usd_per_million_input: float = 2.0
    agent_usd_per_million_cache_write: float = 2.5
    agent_usd_per_million_cache_read: float = 0.2
    agent_usd_per_million_output: float = 10.0
    agent_turns: int = 30
    """Calls of the model in one job."""
    agent_seconds: float = 240
    agent_memory_bytes: int = 4 << 30
    """Of Claude Code and all that it runs."""
    agent_silence_seconds: float = 60
    """How long the API may say nothing to Claude Code."""
    commit_name: str = "Sayso"
    commit_email: str = "sayso@users.noreply.invalid"

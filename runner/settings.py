"""What a runner is told by its environment."""

from pathlib import Path

from pydantic import SecretStr

from contracts.media import MediaSettings


class RunnerSettings(MediaSettings):
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
    work_dir: Path = Path("/var/lib/sayso")
    """Mirrors and job folders; several runners may share it."""
    visibility_seconds: int = 30
    """How long a message stays with a runner that is no longer heard of."""
    canned_patches: Path = Path("tests/mocks/patches")
    """The patches that the canned agent knows."""
    commit_name: str = "Sayso"
    commit_email: str = "sayso@users.noreply.invalid"

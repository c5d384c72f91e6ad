"""The secrets that only a person knows: which a stage needs, and where their values are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdk.stage import Stage

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

Aws = Callable[[str], Any]
"""Makes a boto3 client of a service, in the Region and account that are deployed to."""


def needed(stage: Stage) -> list[str]:
    """The names of the secrets that somebody has to give before the stage works."""
    names = ["database-url", "openai-api-key", "push-api-key", "anthropic-api-key"]
    names.append(stage.github_secret)
    if stage.supabase_jwt_secret:
        names.append("supabase-jwt-secret")
    return names


def variable(name: str) -> str:
    """The environment variable that gives a secret: `database-url` is DATABASE_URL."""
    return name.replace("-", "_").upper()


@dataclass(frozen=True)
class Values:
    """Where values come from: what is said now goes before what Secrets Manager holds."""

    stage: Stage
    aws: Aws
    said: Mapping[str, str]
    """Environment variables."""

    def of(self, name: str) -> str | None:
        """The value of a secret; None if nobody has given it one yet."""
        return self.said.get(variable(name)) or self._kept(name)

    def missing(self) -> list[str]:
        """The names of the secrets that nobody has given a value."""
        return [name for name in needed(self.stage) if self.of(name) is None]

    def keep(self) -> list[str]:
        """Put what was said now into Secrets Manager; the names of those that are new there."""
        changed = []
        for name in needed(self.stage):
            value = self.said.get(variable(name))
            if value and value != self._kept(name):
                self._secrets.put_secret_value(SecretId=self.stage.secret(name), SecretString=value)
                changed.append(name)
        return changed

    def _kept(self, name: str) -> str | None:
        try:
            answer = self._secrets.get_secret_value(SecretId=self.stage.secret(name))
        except self._secrets.exceptions.ResourceNotFoundException:
            return None  # there is no such secret, or it has no value
        return answer.get("SecretString") or None

    @property
    def _secrets(self) -> "SecretsManagerClient":
        client: SecretsManagerClient = self.aws("secretsmanager")
        return client

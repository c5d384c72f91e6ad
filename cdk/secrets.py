"""The secrets, by name only: no template and no environment holds a value."""

from typing import cast

from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from cdk.nag import accept
from cdk.stage import Stage

GENERATED = ("callback-key", "job-token-key")
"""Ours alone: AWS draws them, nobody has to know them."""

GIVEN = (
    "database-url",
    "openai-api-key",
    "push-api-key",
    "supabase-jwt-secret",
    "anthropic-api-key",
    "github-token",
    "github-app-private-key",
    "vertex-credentials",
)
"""Put by a person after the first deploy: `aws secretsmanager put-secret-value`."""


class Secrets(Construct):
    """Every secret of the platform, indexed by name; `names` holds the physical ones."""

    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "Secrets")
        self.names = {name: stage.secret(name) for name in (*GENERATED, *GIVEN)}
        accept(
            self,
            "Who gave a secret renews it: none of them has an API that a function could ask for"
            " the next one. docs/deploy.md says how, for each.",
            "SMG4",
        )
        self._secrets = {name: self._secret(name) for name in self.names}

    def __getitem__(self, name: str) -> secretsmanager.Secret:
        return self._secrets[name]

    def _secret(self, name: str) -> secretsmanager.Secret:
        secret = secretsmanager.Secret(
            self,
            name,
            secret_name=self.names[name],
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=64, exclude_punctuation=True
            ),
        )
        if name in GIVEN:
            # Empty until a person fills it: a call that needs it then says so, where a random
            # value would be sent to somebody else's API and refused there.
            resource = cast(secretsmanager.CfnSecret, secret.node.default_child)
            resource.add_property_deletion_override("GenerateSecretString")
        return secret

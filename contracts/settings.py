"""How a process learns its settings: once, at the edge, from the environment.

A secret field `x: SecretStr` is given as `X`, or as `X_SECRET_ARN`, the name of a secret in AWS
Secrets Manager, which is then read. On AWS only the name is ever in the environment.
"""

import os
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override


class Settings(BaseSettings):
    """Base of each process's one frozen settings object."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

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
        """What is passed in, then the environment, then Secrets Manager."""
        return init_settings, env_settings, _SecretsManager(settings_cls)


class _SecretsManager(PydanticBaseSettingsSource):
    """Reads a secret field by the name that `<FIELD>_SECRET_ARN` gives."""

    @override
    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        secret_id = os.environ.get(f"{field_name.upper()}_SECRET_ARN")
        if not secret_id or field_name in self.current_state:
            return None, field_name, False
        import boto3

        secrets = boto3.client("secretsmanager")
        try:
            value = secrets.get_secret_value(SecretId=secret_id)["SecretString"]
        except secrets.exceptions.ResourceNotFoundException:
            value = ""
        # A secret that nobody gave a value yet is missing, and pydantic says which one.
        return value or None, field_name, False

    @override
    def __call__(self) -> dict[str, Any]:
        values = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
            if "SecretStr" in str(field.annotation)
        }
        return {name: value for name, value in values.items() if value is not None}

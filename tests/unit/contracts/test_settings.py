"""Settings come from the environment; secrets also from Secrets Manager, by name."""

import boto3
import pytest
from moto import mock_aws
from pydantic import SecretStr, ValidationError

from contracts.settings import Settings


class Example(Settings):
    plain: str
    api_key: SecretStr
    spare_key: SecretStr | None = None


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAIN", "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


def test_a_secret_is_read_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_aws():
        secrets = boto3.client("secretsmanager")
        arn = secrets.create_secret(Name="key", SecretString="from the manager")["ARN"]
        monkeypatch.setenv("API_KEY_SECRET_ARN", arn)
        settings = Example()  # type: ignore[call-arg]
    assert settings.api_key.get_secret_value() == "from the manager"
    assert settings.spare_key is None
    assert "manager" not in repr(settings)


def test_a_secret_in_the_environment_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", "from the environment")
    monkeypatch.setenv("API_KEY_SECRET_ARN", "arn:aws:secretsmanager:nowhere")
    assert Example().api_key.get_secret_value() == "from the environment"  # type: ignore[call-arg]


def test_a_secret_without_a_value_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_aws():
        monkeypatch.setenv("API_KEY_SECRET_ARN", "nobody-made-this")
        with pytest.raises(ValidationError, match="api_key"):
            Example()  # type: ignore[call-arg]


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(ValidationError, match="api_key"):
        Example()  # type: ignore[call-arg]

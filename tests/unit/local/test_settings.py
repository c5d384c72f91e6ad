"""Ports: flags before the environment before what `up` remembered before the defaults."""

from __future__ import annotations

import json
from pathlib import Path

import jwt
import pytest
from pydantic import SecretStr

from cdk.local.identity import DEVELOPER_ID, Keys, access_token
from cdk.local.settings import LocalSettings, given
from contracts.auth import AuthSettings, Verifier
from contracts.http import Problem


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in LocalSettings.model_fields:
        monkeypatch.delenv(f"SAYSO_LOCAL_{name.upper()}", raising=False)
    monkeypatch.setenv("SAYSO_LOCAL_HOME", str(tmp_path))
    return tmp_path


def test_ports_are_remembered_until_something_else_is_said(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert given().port_push == 4569
    given(port_push=5001, port_github=None).remember()
    assert (given().port_push, given().port_github) == (5001, 4568)
    monkeypatch.setenv("SAYSO_LOCAL_PORT_PUSH", "5002")
    assert given().port_push == 5002
    assert given(port_push=5003).port_push == 5003


@pytest.mark.parametrize(("said", "mock"), [("1", True), ("0", False)])
def test_mock_mode_is_the_settings_of_the_specification(
    home: Path, monkeypatch: pytest.MonkeyPatch, said: str, mock: bool
) -> None:
    monkeypatch.setenv("MVP_MOCK", said)
    assert given().mock is mock


ASKED = {"AGENTS": "quick_edit"}
REAL = {"ANTHROPIC_API_KEY": "a-key", "ANTHROPIC_BASE_URL": "http://model"}
SCRIPTED = {"ANTHROPIC_API_KEY": "scripted", "ANTHROPIC_BASE_URL": "http://127.0.0.1:4572"}


@pytest.mark.parametrize(
    ("model", "mock", "told"),
    [
        ("0", "0", ASKED | SCRIPTED),
        ("1", "0", ASKED | REAL),
        ("0", "1", {"MVP_MOCK": "1"}),
        ("1", "1", {"MVP_MOCK": "1"}),
    ],
)
def test_a_real_model_is_asked_only_by_who_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch, model: str, mock: str, told: dict[str, str]
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a-key")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://model")
    monkeypatch.setenv("SAYSO_LOCAL_MODEL", model)
    monkeypatch.setenv("MVP_MOCK", mock)
    assert given().model_environment("scripted") == told
    given().remember()
    assert "a-key" not in (home / "ports.json").read_text() + repr(given())


def test_the_lanes_are_chosen_and_not_remembered(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAYSO_LOCAL_AGENTS", "claude_code")
    given().remember()
    assert given().model_environment("scripted")["AGENTS"] == "claude_code"
    monkeypatch.delenv("SAYSO_LOCAL_AGENTS")
    assert given().model_environment("scripted")["AGENTS"] == "quick_edit"


def test_keys_are_drawn_once_and_for_nobody_else_to_read(home: Path) -> None:
    keys = Keys.of(home)
    assert Keys.of(home) == keys
    assert keys.github_token != keys.push_api_key
    assert (home / "keys.json").stat().st_mode & 0o077 == 0


def test_a_key_that_an_older_home_lacks_is_drawn_once(home: Path) -> None:
    (home / "keys.json").write_text(json.dumps({"github_token": "old"}))
    keys = Keys.of(home)
    assert keys.github_token == "old"
    assert Keys.of(home) == keys


def verifier(settings: LocalSettings) -> Verifier:
    secret = SecretStr(Keys.of(settings.home).supabase_jwt_secret)
    return Verifier(AuthSettings(supabase_url=settings.supabase_url, supabase_jwt_secret=secret))


def test_services_take_the_developers_token(home: Path) -> None:
    settings = given()
    assert str(verifier(settings).verify(access_token(settings)).id) == DEVELOPER_ID


@pytest.mark.parametrize("wrong", [{"expires": -3600}, {"audience": "anon"}])
def test_a_token_made_to_fail_fails(home: Path, wrong: dict[str, int | str]) -> None:
    settings = given()
    token = access_token(settings, **wrong)  # type: ignore[arg-type]
    assert jwt.decode(token, options={"verify_signature": False})["sub"] == DEVELOPER_ID
    with pytest.raises(Problem):
        verifier(settings).verify(token)

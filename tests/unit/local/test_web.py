"""The app's web build is served with its configuration, and with nothing beside it."""

from pathlib import Path

import pytest
from werkzeug.test import Client

from cdk.local.web import WebApp

API = "http://127.0.0.1:4566/_aws/execute-api/abc"
SUPABASE = "http://supabase.localhost"
MEDIA = "http://127.0.0.1:4570"


@pytest.fixture
def browser(tmp_path: Path) -> Client:
    build = tmp_path / "web"
    (build / "_expo" / "static").mkdir(parents=True)
    (build / "index.html").write_text("<title>Sayso</title>")
    (build / "_expo" / "static" / "entry-1a2b.js").write_text("speak()")
    (tmp_path / "secret.txt").write_text("a secret")
    return Client(WebApp(build, API, SUPABASE, MEDIA).app())


@pytest.mark.parametrize("address", ["/", "/tasks", "/tasks/0b6b1a2e", "/sign-in"])
def test_every_address_of_the_app_is_answered_with_its_page(browser: Client, address: str) -> None:
    answer = browser.get(address)
    assert (answer.status_code, answer.text) == (200, "<title>Sayso</title>")
    assert answer.headers["Cache-Control"] == "no-cache"


def test_what_is_named_after_its_content_is_kept(browser: Client) -> None:
    answer = browser.get("/_expo/static/entry-1a2b.js")
    assert answer.text == "speak()"
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_page_learns_where_the_api_is(browser: Client) -> None:
    answer = browser.get("/config.json")
    assert answer.json == {
        "apiUrl": API,
        "supabaseUrl": SUPABASE,
        "supabaseKey": "local",
        "developerSignIn": True,
    }
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "address",
    ["/missing.js", "/../secret.txt", "/%2e%2e/secret.txt", "/_expo/..%2f..%2fsecret.txt"],
)
def test_nothing_beside_the_build_is_served(browser: Client, address: str) -> None:
    answer = browser.get(address)
    assert answer.status_code == 404
    assert "secret" not in answer.text


@pytest.mark.parametrize("address", ["/", "/config.json", "/_expo/static/entry-1a2b.js"])
def test_a_page_runs_its_own_scripts_and_speaks_to_its_own_servers(
    browser: Client, address: str
) -> None:
    policy = dict(
        part.strip().split(" ", 1)
        for part in browser.get(address).headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert policy["script-src"] == "'self' blob:"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["connect-src"].split() == [
        *("'self'", "blob:", "http://127.0.0.1:4566", SUPABASE, MEDIA)
    ]

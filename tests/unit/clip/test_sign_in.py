"""Whose screen is photographed, and who is told."""

from uuid import UUID, uuid4

import pytest
import responses

from cdk.clip import __main__ as command
from cdk.clip.sign_in import NotSignedIn, Person, sign_in
from cdk.stage import Stage

STAGING = Stage.of("staging")
ADDRESS = f"{STAGING.supabase_url}/auth/v1/token?grant_type=password"
SAID = {
    "CLIP_EMAIL": "clip@example.com",
    "CLIP_PASSWORD": "correct horse",
    "SUPABASE_PUBLISHABLE_KEY": "sb_publishable_1",
}
ADA = uuid4()


def test_supabase_is_asked_as_the_app_asks_it():
    with responses.RequestsMock() as supabase:
        supabase.post(
            ADDRESS,
            json={"access_token": "a.b.c", "user": {"id": str(ADA)}},
            match=[
                responses.matchers.header_matcher({"apikey": "sb_publishable_1"}),
                responses.matchers.json_params_matcher(
                    {"email": "clip@example.com", "password": "correct horse"}
                ),
            ],
        )
        assert sign_in(STAGING, SAID) == Person(ADA, "a.b.c")


def test_a_refusal_is_said_without_what_was_sent():
    with responses.RequestsMock() as supabase:
        supabase.post(ADDRESS, status=400, json={"msg": "Invalid login credentials"})
        with pytest.raises(NotSignedIn, match="refused the sign-in with 400") as refused:
            sign_in(STAGING, SAID)
    assert "horse" not in str(refused.value)


@pytest.mark.parametrize("name", SAID)
def test_what_is_missing_is_named(name):
    with pytest.raises(NotSignedIn, match=name):
        sign_in(STAGING, SAID | {name: ""})


def test_the_clip_is_told_to_who_is_named_or_to_who_signed_in(monkeypatch):
    monkeypatch.setenv("CLIP_USER_ID", "")
    assert command._user_id(Person(ADA, "t")) == ADA
    with pytest.raises(NotSignedIn, match="Who is told"):
        command._user_id(None)
    other = uuid4()
    monkeypatch.setenv("CLIP_USER_ID", str(other))
    assert command._user_id(Person(ADA, "t")) == UUID(str(other))


def test_on_aws_a_tag_has_to_be_named(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["clip", "--stage", "staging"])
    assert command.main() == 1
    assert "Which tag?" in capsys.readouterr().err

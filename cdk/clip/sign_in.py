"""Somebody who is signed in at a stage's Supabase, so that screenshots show more than a door."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import requests

from cdk.stage import Stage


class NotSignedIn(Exception):
    """Supabase did not let somebody in, or nobody was named."""


@dataclass(frozen=True)
class Person:
    """Who is signed in, with an access token."""

    id: UUID
    token: str


def sign_in(stage: Stage, said: Mapping[str, str]) -> Person:
    """Sign in by e-mail address and password.

    Args:
        stage: whose Supabase.
        said: CLIP_EMAIL, CLIP_PASSWORD and SUPABASE_PUBLISHABLE_KEY.

    Raises:
        NotSignedIn: something is missing, or Supabase refused.
    """
    for name in ("CLIP_EMAIL", "CLIP_PASSWORD", "SUPABASE_PUBLISHABLE_KEY"):
        if not said.get(name):
            raise NotSignedIn(f"To sign in, {name} is missing.")
    answer = requests.post(
        f"{stage.supabase_url}/auth/v1/token?grant_type=password",
        headers={"apikey": said["SUPABASE_PUBLISHABLE_KEY"]},
        json={"email": said["CLIP_EMAIL"], "password": said["CLIP_PASSWORD"]},
        timeout=30,
    )
    if not answer.ok:
        raise NotSignedIn(f"Supabase refused the sign-in with {answer.status_code}.")
    session = answer.json()
    return Person(UUID(session["user"]["id"]), session["access_token"])

"""The developer of this machine, and the keys that stand-ins and services share here."""

from __future__ import annotations

import json
import secrets
import time
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from pydantic import BaseModel, Field

from cdk.local.settings import LocalSettings

DEVELOPER_ID = "5a150000-0000-4000-8000-000000000001"
DEVELOPER_EMAIL = "developer@example.com"
DEVELOPER_PHONE = "ExponentPushToken[the-developers-phone]"
TOKEN_SECONDS = 12 * 60 * 60
PEM = Encoding.PEM


def _new_key() -> str:
    return secrets.token_hex(32)


def _new_private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


class Keys(BaseModel):
    """Random keys of one home folder; they open nothing outside of this machine."""

    github_token: str = Field(default_factory=_new_key)
    anthropic_api_key: str = Field(default_factory=_new_key)
    openai_api_key: str = Field(default_factory=_new_key)
    push_api_key: str = Field(default_factory=_new_key)
    supabase_jwt_secret: str = Field(default_factory=_new_key)
    vertex_private_key: str = Field(default_factory=_new_private_key)

    @classmethod
    def of(cls, home: Path) -> Keys:
        """Read the keys; those that are not there yet are drawn."""
        path = home / "keys.json"
        keys = cls.model_validate_json(path.read_text() if path.exists() else "{}")
        if keys.model_fields_set != cls.model_fields.keys():
            home.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(keys.model_dump_json(indent=1))
        return keys


def service_account(settings: LocalSettings) -> str:
    """A key as Google gives one to a service account; its tokens come from the stand-in."""
    key = {
        "type": "service_account",
        "project_id": "sayso-local",
        "private_key_id": "1",
        "private_key": Keys.of(settings.home).vertex_private_key,
        "client_email": "sayso@sayso-local.iam.gserviceaccount.com",
        "token_uri": f"{settings.veo_url}/token",
    }
    return json.dumps(key)


def public_key(settings: LocalSettings) -> str:
    """The other half of that key, PEM."""
    private = load_pem_private_key(Keys.of(settings.home).vertex_private_key.encode(), None)
    return private.public_key().public_bytes(PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def access_token(
    settings: LocalSettings,
    user_id: str = DEVELOPER_ID,
    email: str = DEVELOPER_EMAIL,
    expires: int = TOKEN_SECONDS,
    audience: str = "authenticated",
) -> str:
    """What Supabase would give somebody who signed in, by this machine's secret (HS256).

    Args:
        settings: of the local system, whose keys sign.
        user_id: the user's UUID, as `sub`.
        email: the user's address.
        expires: seconds from now; negative for a token that has expired.
        audience: `aud`.
    """
    now = int(time.time())
    claims = {
        "iss": f"{settings.supabase_url}/auth/v1",
        "sub": user_id,
        "email": email,
        "aud": audience,
        "role": audience,
        "iat": now,
        "exp": now + expires,
    }
    return jwt.encode(claims, Keys.of(settings.home).supabase_jwt_secret, "HS256")

"""Verify a Supabase token: ES256 or RS256 by the project's JWKS, HS256 by its legacy secret."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

import jwt
from pydantic import SecretStr, model_validator

from contracts.http import Problem, Request
from contracts.settings import Settings

AUDIENCE = "authenticated"
CLOCK_SKEW_SECONDS = 10
JWKS_LIFETIME_SECONDS = 600


class AuthSettings(Settings):
    """Where tokens come from, and how they are checked."""

    supabase_url: str
    supabase_jwks_url: str = ""
    supabase_jwt_secret: SecretStr | None = None

    @model_validator(mode="before")
    @classmethod
    def _jwks_of_the_project(cls, values: dict[str, object]) -> dict[str, object]:
        url = str(values.get("supabase_url", "")).rstrip("/")
        values["supabase_url"] = url
        values.setdefault("supabase_jwks_url", f"{url}/auth/v1/.well-known/jwks.json")
        return values


@dataclass(frozen=True)
class User:
    """Who asks: the `sub` and the verified `email` of the token."""

    id: UUID
    email: str


@dataclass(frozen=True)
class Verifier:
    """Checks signature, issuer, audience and expiry of access tokens."""

    settings: AuthSettings

    @cached_property
    def _jwks(self) -> jwt.PyJWKClient:
        return jwt.PyJWKClient(
            self.settings.supabase_jwks_url, lifespan=JWKS_LIFETIME_SECONDS, timeout=5
        )

    def user_of(self, request: Request) -> User:
        """The user of a request's `Authorization: Bearer` header.

        Raises:
            Problem: 401 without a token or with one that does not hold; 503 while the keys
                cannot be fetched.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Problem(401, "no-token", "Sign in first: the request carries no bearer token.")
        return self.verify(token.strip())

    def verify(self, token: str) -> User:
        """The user whom a token names; see `user_of` for the errors."""
        try:
            key, algorithms = self._key_for(token)
            claims = jwt.decode(
                token,
                key,
                algorithms=algorithms,
                audience=AUDIENCE,
                issuer=f"{self.settings.supabase_url}/auth/v1",
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": ["exp", "sub", "aud", "iss"]},
            )
            return User(UUID(claims["sub"]), str(claims["email"]))
        except jwt.PyJWKClientConnectionError as error:
            raise Problem(
                503, "keys-unavailable", "Tokens can't be checked right now; try again shortly."
            ) from error
        except jwt.ExpiredSignatureError as error:
            raise Problem(
                401, "token-expired", "The session has expired: sign in again."
            ) from error
        except (jwt.PyJWTError, KeyError, ValueError) as error:
            raise Problem(
                401, "bad-token", "The token is not valid here: sign in again."
            ) from error

    def _key_for(self, token: str) -> tuple[jwt.PyJWK | str, list[str]]:
        """The key and the algorithms that go with it; a token never chooses across the two."""
        algorithm = jwt.get_unverified_header(token).get("alg")
        secret = self.settings.supabase_jwt_secret
        if algorithm == "HS256" and secret:
            return secret.get_secret_value(), ["HS256"]
        if algorithm in ("ES256", "RS256"):
            return self._jwks.get_signing_key_from_jwt(token), [algorithm]
        raise jwt.InvalidAlgorithmError(f"algorithm {algorithm!r} is not accepted")

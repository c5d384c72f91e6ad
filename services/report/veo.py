"""Veo on Vertex AI: asked for a film once, then looked at until it is there."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import SecretStr, TypeAdapter

from services.report.settings import ClipSettings
from services.report.slideshow import SECONDS

if TYPE_CHECKING:
    from google.genai import Client
    from google.genai.types import GenerateVideosResponse

KEY = TypeAdapter(dict[str, str])
"""A service account's key: names and values."""
SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
TRIES, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 3, 0.5, 4.0
TIMEOUT_MS = 12_000
"""Of one try: all of them fit into the time that the function has."""


class NoFilm(Exception):
    """Veo makes no film of this; another try would not change that. The text says why."""


@dataclass(frozen=True)
class Veo:
    """Google's model for films.

    Attributes:
        credentials: a service account's key, JSON.
        model: its name.
        location: a region of Google Cloud.
        base_url: of an API like Vertex AI's, if it is not Google's own.
    """

    credentials: SecretStr
    model: str
    location: str
    base_url: str | None = None

    @classmethod
    def of(cls, settings: ClipSettings) -> "Veo | None":
        """The one that the settings name; None without credentials."""
        if settings.vertex_credentials is None:
            return None
        return cls(
            settings.vertex_credentials,
            settings.veo_model,
            settings.veo_location,
            settings.veo_base_url,
        )

    def submit(self, prompt: str, first_frame: bytes) -> str:
        """Ask for a film; answers the name of the operation that makes it.

        Args:
            prompt: what happens.
            first_frame: a PNG that it begins with.

        Raises:
            NoFilm: it was refused, or Vertex AI can't be reached.
        """
        from google.genai.types import GenerateVideosConfig, GenerateVideosSource, Image

        try:
            operation = self._client.models.generate_videos(
                model=self.model,
                source=GenerateVideosSource(
                    prompt=prompt, image=Image(image_bytes=first_frame, mime_type="image/png")
                ),
                config=GenerateVideosConfig(
                    number_of_videos=1,
                    duration_seconds=SECONDS,
                    aspect_ratio="9:16",
                    generate_audio=False,
                ),
            )
        except self._errors as error:
            raise NoFilm(_sentence(error)) from error
        if not operation.name:
            raise NoFilm("Veo named no operation")
        return operation.name

    def look(self, operation: str) -> bytes | None:
        """The film as mp4; None while it is being made, or Vertex AI can't be reached just now.

        Raises:
            NoFilm: nothing will come of it.
        """
        from google.genai.errors import ClientError
        from google.genai.types import GenerateVideosOperation

        known = GenerateVideosOperation()
        known.name = operation
        try:
            found = self._client.operations.get(known)
        except ClientError as error:
            if error.code in (408, 429):
                return None
            raise NoFilm(_sentence(error)) from error
        except self._errors:
            return None
        if not found.done:
            return None
        if found.error:
            raise NoFilm(f"Veo failed: {found.error.get('message', found.error)}")
        return _film(found.response)

    @cached_property
    def _client(self) -> "Client":
        # It takes a second to load, and most calls are about mail.
        from google.genai import Client
        from google.genai.types import HttpOptions, HttpRetryOptions
        from google.oauth2.service_account import Credentials

        try:
            key = KEY.validate_json(self.credentials.get_secret_value())
            credentials = Credentials.from_service_account_info(  # type: ignore[no-untyped-call] # as google-auth has it
                key, scopes=SCOPES
            )
            project = key["project_id"]
        except (ValueError, KeyError) as error:
            raise NoFilm("the secret vertex-credentials is no service account's key") from error
        return Client(
            vertexai=True,
            credentials=credentials,
            project=project,
            location=self.location,
            http_options=HttpOptions(
                base_url=self.base_url,
                timeout=TIMEOUT_MS,
                retry_options=HttpRetryOptions(
                    attempts=TRIES,
                    initial_delay=FIRST_WAIT_SECONDS,
                    max_delay=LONGEST_WAIT_SECONDS,
                ),
            ),
        )

    @cached_property
    def _errors(self) -> tuple[type[Exception], ...]:
        """Whatever says that this call to Vertex AI came to nothing."""
        from google.auth.exceptions import GoogleAuthError
        from google.genai.errors import APIError
        from httpx2 import HTTPError

        return APIError, GoogleAuthError, HTTPError


def _film(response: "GenerateVideosResponse | None") -> bytes:
    videos = (response and response.generated_videos) or []
    for each in videos:
        if each.video and each.video.video_bytes:
            return each.video.video_bytes
    if response and response.rai_media_filtered_reasons:
        raise NoFilm(f"Veo refused the prompt: {'; '.join(response.rai_media_filtered_reasons)}")
    raise NoFilm("Veo ended without a film")


def _sentence(error: Exception) -> str:
    """Why a call came to nothing, as Google says it."""
    said = getattr(error, "message", None)
    return f"Veo said no: {said}" if said else "Vertex AI can't be reached, or refuses our key"

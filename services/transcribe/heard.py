"""What was heard, and how far to believe it. Pure: no model, no network."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

LONGEST_TEXT = 4000
UNKNOWN_CONFIDENCE = 0.0
"""A service that doesn't say how sure it is counts as unsure: the change then asks a person."""

NO_SPEECH_PROBABILITY = 0.6
UNSURE_LOGPROB = -1.0
"""Whisper's own rule (`no_speech_threshold`, `logprob_threshold` in openai/whisper): a segment
that is probably no speech, and whose words are improbable too, was not said."""

# What Whisper makes of noise: the subtitles of the films it learned from.
FILLERS = frozenset(
    {
        "you",
        "bye",
        "bye bye",
        "okay",
        "thank you",
        "thank you very much",
        "thank you so much",
        "thanks for watching",
        "thank you for watching",
        "thank you for watching and see you next time",
        "please subscribe",
        "please subscribe to my channel",
        "like and subscribe",
        "see you next time",
        "see you in the next video",
        "subtitles by the amara org community",
        "transcription by castingwords",
        "music",
        "applause",
        "laughter",
        "silence",
        "blank audio",
        "untertitel der amara org community",
        "sous titres réalisés para la communauté d amara org",
    }
)


class NotHeard(Exception):
    """There are no words, and there will be none.

    Args:
        reason: a stable word, as `task.failed` carries it.
        sentence: what went wrong and what to do, for the user.
        detail: for the log; nothing that was said.
    """

    def __init__(self, reason: str, sentence: str, detail: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence
        self.detail = detail

    @classmethod
    def no_speech(cls, detail: str) -> "NotHeard":
        """Nobody spoke, or not so that it could be understood."""
        return cls(
            "no_speech",
            "I heard no speech in the recording: hold the phone closer and say it again.",
            detail,
        )


class Segment(BaseModel):
    """A stretch of a transcript, as Whisper services give it (`verbose_json`)."""

    model_config = ConfigDict(allow_inf_nan=False)

    text: str
    start: float = 0
    end: float = 0
    avg_logprob: float | None = None
    no_speech_prob: float = 0

    @property
    def was_said(self) -> bool:
        """Whether it is more than what the model makes of noise."""
        unsure = self.avg_logprob is None or self.avg_logprob < UNSURE_LOGPROB
        return not (self.no_speech_prob > NO_SPEECH_PROBABILITY and unsure)


@dataclass(frozen=True)
class Heard:
    """The words and how sure the recognition is of them (0 to 1); no words if nothing was said."""

    text: str
    confidence: float

    @classmethod
    def of_segments(cls, segments: Sequence[Segment]) -> "Heard":
        """The segments that were said; the confidence is the mean probability of a token."""
        said = [segment for segment in segments if segment.was_said]
        text = "".join(segment.text for segment in said)
        weights = [max(segment.end - segment.start, 0.01) for segment in said]
        logprobs = [segment.avg_logprob for segment in said if segment.avg_logprob is not None]
        if len(logprobs) < len(said):
            return cls(clean(text), UNKNOWN_CONFIDENCE)
        return cls(clean(text), confidence(logprobs, weights))

    def demand_words(self) -> None:
        """Insist on words that a person may have said.

        Raises:
            NotHeard: `no_speech`.
        """
        if not (words := _words(self.text)):
            raise NotHeard.no_speech("no words")
        if words in FILLERS:
            raise NotHeard.no_speech("a filler for noise")


class Token(BaseModel):
    """One token of a transcript with its log probability."""

    logprob: float


class Transcript(BaseModel):
    """What a service answers: `segments` with verbose_json, perhaps `logprobs` with json."""

    text: str
    segments: list[Segment] | None = None
    logprobs: list[Token] | None = None

    def heard(self) -> Heard:
        """The words, with as much certainty as the service lets us know."""
        if self.segments:
            return Heard.of_segments(self.segments)
        if self.logprobs:
            logprobs = [token.logprob for token in self.logprobs]
            return Heard(clean(self.text), confidence(logprobs, [1] * len(logprobs)))
        return Heard(clean(self.text), UNKNOWN_CONFIDENCE)


def confidence(logprobs: Sequence[float], weights: Sequence[float]) -> float:
    """The mean probability: exp of the weighted mean of log probabilities, 0 to 1."""
    if not logprobs:
        return UNKNOWN_CONFIDENCE
    mean = sum(map(math.prod, zip(logprobs, weights, strict=True))) / sum(weights)
    return min(math.exp(mean), 1.0)


def clean(text: str) -> str:
    """One line of at most `LONGEST_TEXT` characters without control characters."""
    visible = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    return " ".join(visible.split())[:LONGEST_TEXT].rstrip()


def _words(text: str) -> str:
    """Only the words, in lower case: `[Thank you!]` is `thank you`."""
    return " ".join(re.findall(r"\w+", text.casefold()))

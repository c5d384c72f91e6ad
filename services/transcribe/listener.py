"""Listening to one recording: is there a voice, what does it say, and who should know."""

import io
import wave
from dataclasses import dataclass
from typing import Protocol

from aws_lambda_powertools import Logger

from contracts import identity
from contracts.bus import BrokenContract, Topic
from contracts.media import Media
from contracts.message import Message
from contracts.models import (
    TaskFailed,
    TaskFailedData,
    TaskTranscribed,
    TaskTranscribedData,
    TaskUploaded,
)
from services.transcribe import vocabulary
from services.transcribe.heard import Heard, NotHeard
from services.transcribe.voice import Voice

logger = Logger()


class Transcribe(Protocol):
    """Whoever turns a WAV file into words (`Speech.transcribe`)."""

    def __call__(self, *, job_id: str, recording: bytes, hints: str) -> Heard:
        """What is heard in the recording; see `Speech.transcribe` for the errors."""


@dataclass(frozen=True)
class Listener:
    """What listening needs."""

    media: Media
    voice: Voice
    transcribe: Transcribe
    topic: Topic

    def on_message(self, message: Message) -> None:
        """Say the words of an uploaded recording, or why there are none.

        Whatever else is raised may pass by itself, so the message comes again: the storage or
        the speech service does not answer, or has too much to do.
        """
        if not isinstance(message, TaskUploaded):
            raise BrokenContract(f"transcribe has no use for {type(message).__name__}")
        try:
            heard = self._listen(message)
        except NotHeard as why:
            logger.info("not heard", reason=why.reason, detail=why.detail)
            self.topic.publish(_failed(message, why))
        else:
            logger.info("heard", characters=len(heard.text), confidence=heard.confidence)
            self.topic.publish(_transcribed(message, heard))

    def _listen(self, task: TaskUploaded) -> Heard:
        recording = self.media.read(task.data.audio_key)
        with wave.open(io.BytesIO(recording)) as file:
            self.voice.demand(file.readframes(file.getnframes()))
        hints = vocabulary.hints(self.media.read, task.data.repo)
        heard = self.transcribe(job_id=str(task.job_id), recording=recording, hints=hints)
        heard.demand_words()
        return heard


def _transcribed(task: TaskUploaded, heard: Heard) -> TaskTranscribed:
    data = TaskTranscribedData(
        producer="transcribe",
        text=heard.text,
        confidence=heard.confidence,
        source="speech",
        email=task.data.email,
        repo=task.data.repo,
    )
    return identity.new_event(TaskTranscribed, task.job_id, task.user_id, data)


def _failed(task: TaskUploaded, why: NotHeard) -> TaskFailed:
    data = TaskFailedData(producer="transcribe", reason=why.reason, message=why.sentence)
    return identity.new_event(TaskFailed, task.job_id, task.user_id, data)

"""Taking a task in: check everything, then store, then say so."""

import hashlib
import re
from dataclasses import dataclass
from uuid import UUID, uuid4

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit

from contracts import http, identity
from contracts.auth import User, Verifier
from contracts.bus import Topic
from contracts.media import Media
from contracts.models import (
    TaskTranscribed,
    TaskTranscribedData,
    TaskUploaded,
    TaskUploadedData,
)
from contracts.observing import concerns, measure
from services.ingest import repository
from services.ingest.admission import Admission
from services.ingest.recording import Recording
from services.ingest.upload import Upload

_KEY = re.compile(r"[\x21-\x7e]{1,200}")

logger = Logger()


@dataclass(frozen=True)
class Intake:
    """What taking a task in needs."""

    verifier: Verifier
    admission: Admission
    media: Media
    topic: Topic

    def accept(self, request: http.Request) -> http.Answer:
        """Accept one request, spoken or typed.

        Nothing is kept before everything was checked. Each step after that may be repeated: the
        recording and the event have the same name and id for the same `Idempotency-Key`. So a
        try that died half-way is completed by the next one, and a repeat of a whole one is
        recognised by whoever hears the event.

        Returns:
            202 with the `job_id`.

        Raises:
            Problem: with the status, the kind and the sentence of the refusal.
        """
        user = self.verifier.user_of(request)
        key = idempotency_key(request)
        upload = Upload.of(request)
        repo = repository.ssh_address(upload.repo) if upload.repo else None
        recording = Recording.of(upload.audio) if upload.audio is not None else None

        self.admission.count(user.id)
        job_id = identity.job_id_for(user.id, key) if key else uuid4()
        if key:
            self.admission.claim(job_id, fingerprint(upload))
        if recording:
            audio_key = f"recordings/{user.id}/{job_id}.wav"
            self.media.store(audio_key, recording.wav(), "audio/wav")
            self.topic.publish(uploaded(job_id, user, audio_key, recording, repo))
        else:
            self.topic.publish(typed(job_id, user, upload.text, repo))
        concerns(job_id)
        logger.info("task accepted", spoken=recording is not None)
        measure("Accepted", 1, MetricUnit.Count, {"job_id": str(job_id)})
        return http.answer(202, {"job_id": str(job_id)})


def idempotency_key(request: http.Request) -> str | None:
    """The request's `Idempotency-Key`, if it has one.

    Raises:
        Problem: 400 if it is empty, too long or not visible ASCII.
    """
    key = request.headers.get("idempotency-key")
    if key is None or _KEY.fullmatch(key):
        return key
    raise http.Problem(
        400,
        "bad-idempotency-key",
        "Idempotency-Key must be 1 to 200 visible ASCII characters: a UUID is best.",
    )


def fingerprint(upload: Upload) -> str:
    """What tells two different requests under one `Idempotency-Key` apart."""
    parts = (upload.audio or b"", upload.text.encode(), upload.repo.encode())
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def uploaded(
    job_id: UUID, user: User, audio_key: str, recording: Recording, repo: str | None
) -> TaskUploaded:
    """The event of a stored recording."""
    data = TaskUploadedData(
        producer="ingest",
        audio_key=audio_key,
        audio_ms=recording.milliseconds,
        email=user.email,
        repo=repo,
    )
    return identity.new_event(TaskUploaded, job_id, user.id, data)


def typed(job_id: UUID, user: User, text: str, repo: str | None) -> TaskTranscribed:
    """The event of a typed request: its words need no listening to."""
    data = TaskTranscribedData(
        producer="ingest", text=text, confidence=1, source="typed", email=user.email, repo=repo
    )
    return identity.new_event(TaskTranscribed, job_id, user.id, data)

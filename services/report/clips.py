"""A clip from its request to its link: filmed by Veo, or made of screenshots by FFmpeg."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from contracts.bus import BrokenContract, Queue, Topic
from contracts.identity import new_event
from contracts.media import Media
from contracts.message import Message
from contracts.models import (
    DemoReady,
    DemoReadyData,
    DemoRequested,
    DemoSubmitted,
    DemoSubmittedData,
)
from services.report import slideshow
from services.report.memory import Memory
from services.report.settings import ClipSettings
from services.report.veo import NoFilm, Veo

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

MOST_SIGNS_OF_A_REASON = 300

logger = Logger()

About = DemoRequested | DemoSubmitted


class StillFilming(Exception):
    """Veo is at it; it is worth another look later."""


@dataclass(frozen=True)
class Clip:
    """A film and how it was made."""

    mp4: bytes
    notes: str


@dataclass(frozen=True)
class Clips:
    """Makes clips, each once.

    Attributes:
        media: where screenshots are, and clips come to lie.
        topic: hears of a clip that is ready.
        queue: our own; what is said there we hear later ourselves.
        memory: of what was asked of Veo, and which clips are ready.
        veo: who films; None without credentials.
        settings: its price, how often and for how long it is looked at.
    """

    media: Media
    topic: Topic
    queue: Queue
    memory: Memory
    veo: Veo | None
    settings: ClipSettings

    @classmethod
    def of(
        cls, settings: ClipSettings, sns: "SNSClient", sqs: "SQSClient", memory: Memory
    ) -> "Clips":
        """The clips that the settings ask for."""
        return cls(
            Media.of(settings),
            Topic(settings.task_events_topic_arn, sns),
            Queue(settings.report_queue_url, sqs),
            memory,
            Veo.of(settings),
            settings,
        )

    def on_message(self, message: Message) -> None:
        """Begin a clip, or go on with one.

        Raises:
            BrokenContract: the message is about no clip.
            UnusableScreenshot: it can't be made; the dead-letter queue keeps the message.
            IdempotencyAlreadyInProgressError: another call makes this one right now.
            botocore.exceptions.ClientError: AWS refused something.
        """
        match message:
            case DemoRequested():
                self._begin(message)
            case DemoSubmitted():
                self._go_on(message)
            case _:
                raise BrokenContract(f"report makes no clip of a {type(message).__name__}")

    def _begin(self, asked: DemoRequested) -> None:
        if self.veo is None or asked.data.maker == "ffmpeg":
            self._deliver(asked, partial(self._slideshow, asked))
            return
        submitted = self.memory.once(
            "veo", [str(asked.demo_id)], partial(self._submit, self.veo, asked)
        )
        if "operation" in submitted:
            self._look_later(asked, submitted["operation"], look=1)
        else:
            self._deliver(asked, partial(self._slideshow, asked, submitted["refused"]))

    def _go_on(self, submitted: DemoSubmitted) -> None:
        try:
            self._deliver(submitted, partial(self._film, submitted))
        except StillFilming:
            data = submitted.data
            self._look_later(submitted, data.operation, look=data.look + 1)

    def _submit(self, veo: Veo, asked: DemoRequested) -> dict[str, str]:
        """What came of asking Veo; a refusal is remembered too: nobody shall ask, or pay, twice."""
        screenshots = self._contents(asked)
        for each in screenshots:
            slideshow.screenshot(each)
        try:
            operation = veo.submit(asked.data.prompt, first_frame=screenshots[0])
        except NoFilm as why:
            logger.warning("not submitted", why=str(why), exc_info=why)
            return {"refused": str(why)}
        logger.info("submitted", operation=operation)
        return {"operation": operation}

    def _look_later(self, about: About, operation: str, look: int) -> None:
        data = DemoSubmittedData(
            tag=about.data.tag,
            screenshots=about.data.screenshots,
            operation=operation,
            look=look,
        )
        self.queue.send(
            new_event(DemoSubmitted, about.demo_id, about.user_id, data),
            delay_seconds=self.settings.veo_look_seconds,
        )

    def _film(self, submitted: DemoSubmitted) -> Clip:
        """Veo's film, or one of screenshots when there will be none.

        Raises:
            StillFilming: it is being made.
        """
        settings = self.settings
        try:
            if self.veo is None:
                raise NoFilm("the credentials for Veo are gone")
            mp4 = self.veo.look(submitted.data.operation)
            if mp4 is None and submitted.data.look < settings.veo_looks:
                raise StillFilming
            if mp4 is None:
                minutes = settings.veo_looks * settings.veo_look_seconds / 60
                raise NoFilm(f"Veo was not done after {minutes:.0f} minutes")
            length = slideshow.seconds(mp4)
        except (NoFilm, ValueError) as why:
            logger.warning("not filmed", why=str(why), look=submitted.data.look, exc_info=why)
            return self._slideshow(submitted, str(why))
        price = f"{length:g} s for ${length * settings.veo_usd_per_second:.2f}"
        return Clip(mp4, f"Filmed by {settings.veo_model} from the first screenshot: {price}.")

    def _slideshow(self, about: About, why: str = "") -> Clip:
        screenshots = [slideshow.screenshot(each) for each in self._contents(about)]
        number = f"{len(screenshots)} screenshot{'' if len(screenshots) == 1 else 's'}"
        reason = " ".join(why.split())[:MOST_SIGNS_OF_A_REASON]
        notes = f"Made by FFmpeg from {number}, without Veo{f': {reason}' if reason else ''}."
        return Clip(slideshow.film(screenshots), notes)

    def _deliver(self, about: About, make: Callable[[], Clip]) -> None:
        """Make the clip, store it and say so, unless that was done."""

        def deliver() -> str:
            clip = make()
            data = DemoReadyData(
                tag=about.data.tag,
                clip_key=f"clips/{about.demo_id}.mp4",
                seconds=slideshow.seconds(clip.mp4),
                notes=clip.notes,
            )
            self.media.store(data.clip_key, clip.mp4, "video/mp4")
            self.topic.publish(new_event(DemoReady, about.demo_id, about.user_id, data))
            logger.info("ready", seconds=data.seconds, notes=data.notes)
            return data.clip_key

        self.memory.once("clip", [str(about.demo_id)], deliver)

    def _contents(self, about: About) -> Sequence[bytes]:
        """The screenshots as they were stored.

        Raises:
            UnusableScreenshot: there are none, or one is not there or much too large.
        """
        if not about.data.screenshots:
            raise slideshow.UnusableScreenshot("a clip needs a screenshot at the least")
        return [self._content(key) for key in about.data.screenshots]

    def _content(self, key: str) -> bytes:
        found = self.media.s3.get_object(Bucket=self.media.bucket, Key=key)
        if found["ContentLength"] > slideshow.MOST_BYTES:
            raise slideshow.UnusableScreenshot(f"{key} has {found['ContentLength']} bytes")
        return found["Body"].read()

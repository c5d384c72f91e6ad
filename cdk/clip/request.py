"""What `report` needs for a clip: screenshots in the bucket, and a message in its queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from contracts.bus import Queue
from contracts.identity import demo_id_for, new_event
from contracts.models import DemoRequested, DemoRequestedData

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Maker = Literal["veo", "ffmpeg"]


@dataclass(frozen=True)
class Place:
    """A stage to ask for a clip.

    Attributes:
        bucket: `media`.
        s3: reaches it.
        queue: of `report`, not the topic: whoever may publish there may say `task.approved`, too,
            and a workflow that runs a browser need not be trusted with that.
    """

    bucket: str
    s3: "S3Client"
    queue: Queue

    def ask(
        self,
        tag: str,
        prompt: str,
        screenshots: Sequence[bytes],
        user_id: UUID,
        maker: Maker | None,
    ) -> UUID:
        """Ask for the clip of a tag; answers its id. The same tag again is the same clip.

        Args:
            tag: the release that the clip shows.
            prompt: what Veo shall film.
            screenshots: PNG.
            user_id: who is told when it is ready.
            maker: who makes it, if that is not left to the stage.

        Raises:
            botocore.exceptions.ClientError: AWS refused.
        """
        demo_id = demo_id_for(tag)
        keys = [
            f"clips/{demo_id}/screens/{number}.png" for number in range(1, len(screenshots) + 1)
        ]
        for key, content in zip(keys, screenshots, strict=True):
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=content, ContentType="image/png")
        data = DemoRequestedData(tag=tag, prompt=prompt, screenshots=keys, maker=maker)
        self.queue.send(new_event(DemoRequested, demo_id, user_id, data))
        return demo_id

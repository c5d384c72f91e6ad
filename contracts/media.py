"""The private bucket `media`, in S3 or in storage that speaks S3.

| Keys | Written by | Read by |
| --- | --- | --- |
| `recordings/<user>/<job>.wav` | ingest | transcribe |
| `vocabulary/<org>/<project>.json` | the runner | transcribe |
| `diffs/<job>/<run>.diff` | the runner | the app, by signed address |
| `clips/<demo>/screens/<n>.png` | the weekly workflow | report |
| `clips/<demo>.mp4` | report | the app, by signed address |
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from contracts.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SIGNED_SECONDS = 900


class MediaSettings(Settings):
    """Where the bucket is; the endpoint only if it is not AWS's own."""

    media_bucket: str
    media_endpoint_url: str | None = None


@dataclass(frozen=True)
class Media:
    """The bucket; every method raises `botocore.exceptions.ClientError` when S3 refuses."""

    bucket: str
    s3: "S3Client"

    @classmethod
    def of(cls, settings: MediaSettings) -> "Media":
        """The bucket that the settings name."""
        endpoint = settings.media_endpoint_url
        # Supabase Storage and other S3 endpoints know buckets by path, not by host name.
        config = Config(
            signature_version="s3v4", s3={"addressing_style": "path" if endpoint else "auto"}
        )
        return cls(settings.media_bucket, boto3.client("s3", endpoint_url=endpoint, config=config))

    def store(self, key: str, content: bytes, content_type: str) -> None:
        """Keep an object; the same one again changes nothing."""
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=content, ContentType=content_type)

    def read(self, key: str) -> bytes:
        """The content of an object."""
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def signed_url(self, key: str, seconds: int = SIGNED_SECONDS) -> str:
        """An address at which whoever holds it can fetch an object for a while.

        Args:
            key: of the object.
            seconds: until it expires, a week at the most. Signed with the credentials of a role,
                it ends with their session even so.
        """
        return self.s3.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket, "Key": key}, ExpiresIn=seconds
        )

"""Diffs in the private bucket: fetched by whoever holds a signed address, for a while."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

VALID_SECONDS = 900


@dataclass(frozen=True)
class Media:
    """The bucket `media`."""

    bucket: str
    s3: "S3Client"

    def signed_url(self, key: str) -> str:
        """The address at which an object can be fetched for the next 15 minutes."""
        return self.s3.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket, "Key": key}, ExpiresIn=VALID_SECONDS
        )

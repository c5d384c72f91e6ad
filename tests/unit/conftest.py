"""What unit tests share: AWS, in process."""

from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws


@pytest.fixture(scope="module")
def aws():
    """One client of each kind: making them is what takes time."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        names = ("s3", "sns", "sqs", "dynamodb")
        yield SimpleNamespace(**{name: boto3.client(name) for name in names})

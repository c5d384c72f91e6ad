"""ingest as it is wired, in front of AWS in process."""

import pytest

from contracts.auth import AuthSettings, Verifier
from contracts.media import Media
from services.ingest.admission import Admission
from services.ingest.intake import Intake
from tests.unit.cloud import Cloud
from tests.unit.ingest.door import SECRET, Door


@pytest.fixture
def door(aws) -> Door:
    """Ingest in front of a new bucket, topic and table."""
    cloud = Cloud.of(aws)
    settings = AuthSettings(
        supabase_url="https://project.supabase.test", supabase_jwt_secret=SECRET
    )
    intake = Intake(
        verifier=Verifier(settings),
        admission=Admission(cloud.name, aws.dynamodb, tasks_per_minute=1000),
        media=Media(cloud.name, aws.s3),
        topic=cloud.topic,
    )
    return Door(intake, cloud)

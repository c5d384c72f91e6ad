"""The deployed function finds its parts by its settings."""

import base64
from types import SimpleNamespace

from services.ingest import handler
from tests.unit.ingest.door import ISSUER, SECRET, bearer, form
from tests.unit.ingest.sound import wav


def test_the_settings_lead_from_a_request_to_a_task(door, monkeypatch):
    for setting, value in {
        "TASK_EVENTS_TOPIC_ARN": door.cloud.topic.arn,
        "MEDIA_BUCKET": door.cloud.name,
        "IDEMPOTENCY_TABLE": door.cloud.name,
        "SUPABASE_URL": ISSUER.removesuffix("/auth/v1"),
        "SUPABASE_JWT_SECRET": SECRET,
    }.items():
        monkeypatch.setenv(setting, value)
    handler._intake.cache_clear()
    body, content_type = form(audio=wav())
    context = SimpleNamespace(
        function_name="ingest",
        memory_limit_in_mb=512,
        invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:ingest",
        aws_request_id="1",
    )
    event = {
        "routeKey": "POST /task",
        "headers": {"Content-Type": content_type, "Authorization": bearer()},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
    assert handler.handler(event, context)["statusCode"] == 202
    assert len(door.cloud.objects()) == len(door.cloud.said()) == len(door.cloud.items()) == 1

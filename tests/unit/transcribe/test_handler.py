"""The deployed function finds its parts by its settings."""

from contracts.models import TaskTranscribed
from services.transcribe import handler
from tests.unit.transcribe.bench import CONTEXT
from tests.unit.transcribe.speech_api import verbose


def test_the_settings_lead_from_a_recording_to_its_words(bench, monkeypatch):
    for setting, value in {
        "TASK_EVENTS_TOPIC_ARN": bench.cloud.topic.arn,
        "MEDIA_BUCKET": bench.cloud.name,
        "SPEECH_BASE_URL": bench.api.url,
        "SPEECH_MODEL": "a-model",
        "OPENAI_API_KEY": "sk-secret",
        "IDEMPOTENCY_TABLE": bench.cloud.name,
    }.items():
        monkeypatch.setenv(setting, value)
    handler._listener.cache_clear()
    bench.api.will_say(verbose({"text": "Add a flag."}))
    answer = handler.handler(bench.sqs_event(bench.upload()), CONTEXT)
    assert answer == {"batchItemFailures": []}
    [event] = bench.cloud.said()
    assert isinstance(event, TaskTranscribed)
    assert bench.api.asked[0]["model"] == "a-model"
    [paid] = bench.cloud.items()
    # Had this Lambda died while it listened, the next one would wait no longer than until this.
    assert "in_progress_expiration" in paid

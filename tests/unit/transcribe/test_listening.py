"""A recording becomes words, or a sentence that says why not."""

import openai
import pytest
from pydantic import SecretStr

from contracts.models import TaskFailed, TaskTranscribed
from services.transcribe import speech
from tests.unit.transcribe.speech_api import verbose

WORDS = "Add a --stdin flag so the tool can read from standard input."
REPO = "git@github.com:ada/engine.git"


def failure(bench) -> tuple[str, str]:
    """Reason and sentence of the one event that was said."""
    [event] = bench.cloud.said()
    assert isinstance(event, TaskFailed)
    assert event.data.producer == "transcribe"
    return event.data.reason, event.data.message


def test_words_are_said_with_their_confidence(bench):
    bench.api.will_say(verbose({"text": f" {WORDS} ", "avg_logprob": -0.2231}))
    task = bench.upload(repo=REPO)
    assert bench.deliver(task) == []
    [event] = bench.cloud.said()
    assert isinstance(event, TaskTranscribed)
    assert (event.job_id, event.user_id) == (task.job_id, task.user_id)
    assert event.data.model_dump() == {
        "producer": "transcribe",
        "text": WORDS,
        "confidence": pytest.approx(0.8, abs=1e-3),
        "source": "speech",
        "email": "ada@example.org",
        "repo": REPO,
    }


def test_the_service_is_asked_for_the_model_of_the_settings(bench):
    bench.api.will_say(verbose({"text": WORDS}))
    task = bench.upload()
    bench.deliver(task)
    [asked] = bench.api.asked
    assert asked.pop("size") > 100_000
    assert asked == {
        "path": "/v1/audio/transcriptions",
        "key": "Bearer sk-secret",
        "file": f"{task.job_id}.wav".encode(),
        "model": "whisper-large-v3-turbo",
        "response_format": "verbose_json",
        "temperature": "0",
    }


@pytest.mark.parametrize("sound", ["silence", "noise", "tone", "music"])
def test_what_is_no_voice_is_never_paid_for(bench, sound):
    assert bench.deliver(bench.upload(sound)) == []
    reason, sentence = failure(bench)
    assert reason == "no_speech"
    assert "say it again" in sentence
    assert bench.api.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        verbose({"text": ""}),
        verbose({"text": " Thank you for watching! "}),
        verbose({"text": "[Music]", "avg_logprob": -0.2}),
        verbose({"text": "I see a cat.", "no_speech_prob": 0.9, "avg_logprob": -1.4}),
        verbose(),
        {"text": "You"},
    ],
    ids=["nothing", "subtitles", "a sound", "improbable", "no segments", "filler, plain json"],
)
def test_hallucinations_are_no_request(bench, answer):
    bench.api.will_say(answer)
    assert bench.deliver(bench.upload()) == []
    assert failure(bench)[0] == "no_speech"


def test_words_of_the_repository_are_expected(bench):
    bench.teach("ada/engine", {"repo": REPO, "words": ["--stdin", "wordcount", "evil\nline"]})
    bench.api.will_say(verbose({"text": WORDS}))
    bench.deliver(bench.upload(repo=REPO))
    assert bench.api.asked[0]["prompt"] == "--stdin, wordcount"


@pytest.mark.parametrize("content", [b"not json", {"words": "all of them"}, ["a"], b"\xff"])
def test_a_broken_vocabulary_spoils_nothing(bench, content):
    bench.teach("ada/engine", content)
    bench.api.will_say(verbose({"text": WORDS}))
    assert bench.deliver(bench.upload(repo=REPO)) == []
    assert "prompt" not in bench.api.asked[0]
    assert bench.cloud.said()[0].data.text == WORDS


def test_a_missing_vocabulary_spoils_nothing(bench):
    bench.api.will_say(verbose({"text": WORDS}))
    assert bench.deliver(bench.upload(repo=REPO)) == []
    assert bench.cloud.said()[0].data.text == WORDS


@pytest.mark.parametrize(
    ("plain", "confidence"),
    [
        ({"text": WORDS}, 0),
        ({"text": WORDS, "logprobs": [{"logprob": -0.1}, {"logprob": -0.3}]}, 0.8187),
    ],
    ids=["unknown", "by token"],
)
def test_a_model_that_knows_no_verbose_json_will_do(bench, plain, confidence):
    refusal = {"error": {"message": "bad value", "param": "response_format", "code": "unsupported"}}
    bench.api.will_say(refusal, status=400)
    bench.api.will_say(plain)
    assert bench.deliver(bench.upload()) == []
    assert [asked["response_format"] for asked in bench.api.asked] == ["verbose_json", "json"]
    [event] = bench.cloud.said()
    assert event.data.text == WORDS
    assert event.data.confidence == pytest.approx(confidence, abs=1e-4)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, "recording_unreadable"),
        (413, "recording_unreadable"),
        (422, "recording_unreadable"),
        (401, "speech_unavailable"),
        (403, "speech_unavailable"),
        (404, "speech_unavailable"),
    ],
)
def test_a_refusal_that_would_come_again_ends_the_task(bench, status, reason):
    bench.api.will_say({"error": {"message": "no"}}, status=status)
    assert bench.deliver(bench.upload()) == []
    assert failure(bench)[0] == reason


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, {"error": {"message": "slow down"}}),
        (500, {"error": {"message": "oops"}}),
        (503, b"<html>"),
        (200, b"<html>"),
        (200, {"words": WORDS}),
        (200, verbose({"text": WORDS, "avg_logprob": float("nan")})),
    ],
)
def test_a_trouble_that_may_pass_is_tried_again_by_the_queue(bench, status, body):
    bench.api.will_say(body, status)
    bench.api.will_say(verbose({"text": WORDS}))
    task = bench.upload()
    assert bench.deliver(task) == ["1"]
    assert len(bench.api.asked) == 1
    assert bench.cloud.said() == []
    assert bench.deliver(task) == []
    assert bench.cloud.said()[0].data.text == WORDS


def test_a_service_that_does_not_answer_is_no_verdict():
    nobody = speech.Speech.at("http://127.0.0.1:1/v1", "model", SecretStr("key"))
    with pytest.raises(openai.APIConnectionError):
        nobody.transcribe(job_id="job", recording=b"RIFF", hints="")


def test_the_service_is_given_up_before_the_function_is():
    client = speech.Speech.at("http://127.0.0.1:1/v1", "model", SecretStr("key")).client
    assert (client.timeout, client.max_retries) == (20, 0)


def test_a_message_that_comes_again_is_not_paid_for_again(bench):
    bench.api.will_say(verbose({"text": WORDS, "avg_logprob": -0.5}))
    task = bench.upload()
    assert bench.deliver(task) == bench.deliver(task) == []
    assert len(bench.api.asked) == 1
    first, again = bench.cloud.said()
    assert first.id == again.id
    assert first.data == again.data


def test_a_recording_that_is_not_there_is_left_to_the_dead_letters(bench):
    task = bench.upload()
    bench.cloud.aws.s3.delete_object(Bucket=bench.cloud.name, Key=task.data.audio_key)
    assert bench.deliver(task) == ["1"]
    assert bench.cloud.said() == []


def test_other_messages_are_not_taken(bench):
    bench.api.will_say(verbose({"text": WORDS}))
    bench.deliver(bench.upload())
    [transcribed] = bench.cloud.said()
    assert bench.deliver(transcribed) == ["1"]


def test_nothing_that_was_said_is_logged(bench, caplog):
    bench.api.will_say(verbose({"text": WORDS}))
    with caplog.at_level("INFO"):
        bench.deliver(bench.upload())
    logged = str([record.__dict__ for record in caplog.records])
    assert "'heard'" in logged
    for secret in ("standard input", "sk-secret", "ada@example.org"):
        assert secret not in logged

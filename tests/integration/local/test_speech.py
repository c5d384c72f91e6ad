"""The speech stand-in, called by OpenAI's own client, hearing recordings for real."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
import requests
from werkzeug.serving import make_server

from cdk.local.standins.speech import Script, Whisper, speech

SPEECH = Path(__file__).parents[2] / "fixtures" / "speech"
UTTERANCE = Path(__file__).parents[2] / "fixtures" / "utterance.txt"


@pytest.fixture(scope="module")
def whisper() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, speech(Whisper()), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def transcribe(url: str, audio: bytes, **more: Any) -> Any:
    client = openai.OpenAI(base_url=url, api_key="any", max_retries=0)
    more = {"response_format": "verbose_json", "language": "en"} | more
    file = ("task.wav", audio)
    return client.audio.transcriptions.create(file=file, model="whisper-tiny.en", **more)


def test_speech_becomes_words_with_how_sure_they_are(whisper: str) -> None:
    heard = transcribe(whisper, (SPEECH / "add-json.wav").read_bytes())
    assert "json" in heard.text.lower()
    [segment, *_] = heard.segments
    assert -1.5 < segment.avg_logprob < 0
    assert 0 <= segment.no_speech_prob < 0.5
    assert 0 < segment.end <= heard.duration + 0.5


def test_plain_json_carries_the_text_alone(whisper: str) -> None:
    audio = (SPEECH / "add-json.wav").read_bytes()
    heard = transcribe(whisper, audio, response_format="json")
    assert heard.text == transcribe(whisper, audio).text


def test_silence_is_no_words(whisper: str) -> None:
    heard = transcribe(whisper, (SPEECH / "silence.wav").read_bytes())
    assert (heard.text, heard.segments) == ("", [])


def test_what_is_no_recording_is_refused(whisper: str) -> None:
    with pytest.raises(openai.BadRequestError):
        transcribe(whisper, b"Add a --stdin flag, please.")


def test_mock_mode_says_what_the_file_says(serve: Callable[[Any], str]) -> None:
    url = serve(speech(Script(UTTERANCE))) + "/v1"
    heard = transcribe(url, (SPEECH / "add-json.wav").read_bytes())
    assert heard.text == UTTERANCE.read_text().strip()


def test_a_call_without_a_key_is_refused(serve: Callable[[Any], str]) -> None:
    url = serve(speech(Script(UTTERANCE))) + "/v1/audio/transcriptions"
    assert requests.post(url, data={"model": "m"}, timeout=5).status_code == 401

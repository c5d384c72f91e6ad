"""The voice detector on real recordings: it hears people, and nothing else."""

import wave
from pathlib import Path

import pytest

from services.transcribe.heard import NotHeard
from services.transcribe.voice import LEAST_SECONDS, Voice

FIXTURES = Path(__file__).parents[2] / "fixtures" / "speech"
SPOKEN = sorted(path.stem for path in FIXTURES.glob("*.txt"))


def samples(name: str) -> bytes:
    with wave.open(str(FIXTURES / f"{name}.wav")) as file:
        return file.readframes(file.getnframes())


@pytest.mark.parametrize("name", SPOKEN)
def test_a_spoken_request_is_speech(voice, name):
    assert voice.seconds(samples(name)) > 1
    voice.demand(samples(name))


@pytest.mark.parametrize("name", ["silence", "noise", "tone", "music"])
def test_other_sounds_are_not(voice, name):
    with pytest.raises(NotHeard) as why:
        voice.demand(samples(name))
    assert why.value.reason == "no_speech"


def test_a_recording_is_judged_without_memory_of_the_one_before(voice):
    alone = Voice().seconds(samples("noise"))
    voice.seconds(samples("add-stdin"))
    assert voice.seconds(samples("noise")) == alone < LEAST_SECONDS


def test_a_word_among_silence_is_enough(voice):
    second = bytes(32_000)
    assert voice.seconds(second + samples("add-json") + second) > LEAST_SECONDS


def test_less_than_a_chunk_is_no_speech(voice):
    assert voice.seconds(b"\1\0" * 100) == 0

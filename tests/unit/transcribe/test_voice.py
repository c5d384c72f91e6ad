"""The voice detector on real recordings: it hears people, and nothing else."""

import wave
from pathlib import Path

import pytest

from services.transcribe.heard import NotHeard

FIXTURES = Path(__file__).parents[2] / "fixtures" / "speech"
SPOKEN = sorted(path.stem for path in FIXTURES.glob("*.txt"))
SECOND_OF_SILENCE = bytes(32_000)


def samples(name: str) -> bytes:
    with wave.open(str(FIXTURES / f"{name}.wav")) as file:
        return file.readframes(file.getnframes())


@pytest.mark.parametrize("name", SPOKEN)
def test_a_spoken_request_is_speech(voice, name):
    voice.demand(samples(name))


@pytest.mark.parametrize("name", ["silence", "noise", "tone", "music"])
def test_other_sounds_are_not(voice, name):
    with pytest.raises(NotHeard) as why:
        voice.demand(samples(name))
    assert why.value.reason == "no_speech"


def test_words_among_silence_are_enough(voice):
    voice.demand(SECOND_OF_SILENCE + samples("add-json") + SECOND_OF_SILENCE)


@pytest.mark.parametrize("sound", [samples("add-stdin")[:8000], b"\1\0" * 100, b""])
def test_a_snippet_is_not_enough(voice, sound):
    with pytest.raises(NotHeard):
        voice.demand(sound)


def test_the_whole_recording_is_listened_to(voice):
    """The last chunk counts too, though it is shorter than the others."""
    assert len(list(voice.probabilities(SECOND_OF_SILENCE))) == 32


def test_a_recording_is_judged_without_memory_of_the_one_before(voice):
    alone = list(voice.probabilities(samples("add-stdin")))
    list(voice.probabilities(samples("risky")))
    assert list(voice.probabilities(samples("add-stdin"))) == alone

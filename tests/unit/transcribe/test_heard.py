"""How far to believe what was heard: one case a line, no I/O."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.transcribe import vocabulary
from services.transcribe.heard import FILLERS, Heard, NotHeard, Segment, _words, clean


def segment(text: str = "a", seconds: float = 1, logprob: float | None = -0.1, silent: float = 0):
    return Segment(text=text, end=seconds, avg_logprob=logprob, no_speech_prob=silent)


@pytest.mark.parametrize(
    ("segments", "confidence"),
    [
        ([], 0),
        ([segment(logprob=0)], 1),
        ([segment(logprob=-0.5)], math.exp(-0.5)),
        ([segment(logprob=-1, seconds=3), segment(logprob=0, seconds=1)], math.exp(-0.75)),
        ([segment(logprob=-1, seconds=0), segment(logprob=-1, seconds=0)], math.exp(-1)),
        ([segment(logprob=None), segment()], 0),
        ([segment(logprob=0.5)], 1),
    ],
)
def test_confidence_is_the_mean_probability_weighted_by_length(segments, confidence):
    assert Heard.of_segments(segments).confidence == pytest.approx(confidence)


@pytest.mark.parametrize(
    ("silent", "logprob", "said"),
    [
        (0.1, -0.1, True),
        (0.9, -0.1, True),
        (0.1, -2.0, True),
        (0.9, -2.0, False),
        (0.9, None, False),
    ],
)
def test_a_segment_was_not_said_if_it_is_silent_and_improbable(silent, logprob, said):
    assert segment(silent=silent, logprob=logprob).was_said is said


def test_only_what_was_said_counts():
    heard = Heard.of_segments(
        [segment(" Add a flag.", logprob=-0.2), segment(" you", logprob=-3, silent=0.95)]
    )
    assert heard == Heard("Add a flag.", pytest.approx(math.exp(-0.2)))


@pytest.mark.parametrize(
    ("text", "is_request"),
    [
        ("Add a flag.", True),
        ("Thank you in the output.", True),
        ("5", True),
        ("Thank you.", False),
        ("  (Applause) ", False),
        ("♪ ♪", False),
        ("...", False),
        ("", False),
    ],
)
def test_fillers_for_noise_are_no_words(text, is_request):
    heard = Heard(text, 1)
    if is_request:
        heard.demand_words()
    else:
        with pytest.raises(NotHeard) as why:
            heard.demand_words()
        assert why.value.reason == "no_speech"


def test_every_filler_is_written_as_it_is_compared():
    assert {_words(filler) for filler in FILLERS} == FILLERS


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (" add\n\ta flag ", "add a flag"),
        ("add\0a\x1b[31mflag", "add a [31mflag"),
        ("x" * 5000, "x" * 4000),
        ("für 日本 👩‍💻", "für 日本 👩‍💻"),
    ],
)
def test_text_is_one_plain_line(raw, text):
    assert clean(raw) == text


@given(st.lists(st.text(max_size=80), max_size=200))
def test_a_prompt_is_one_bounded_line(words):
    prompt = vocabulary.prompt(words)
    assert len(prompt) <= vocabulary.LONGEST_PROMPT
    assert prompt.isprintable()


def test_the_most_useful_words_come_first_and_the_rest_is_left_out():
    words = [f"word{n:03}" for n in range(1000)]
    prompt = vocabulary.prompt(words).split(", ")
    assert prompt == words[: len(prompt)]
    assert len(prompt) == 66

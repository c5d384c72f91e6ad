"""Figures and words as a person reads them."""

import json
from pathlib import Path

import pytest

from services.report import wording

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (None, "–"),
        (0, "0.0 s"),
        (59_949, "59.9 s"),
        (59_950, "1 min 0 s"),
        (3_599_499, "59 min 59 s"),
        (3_599_500, "1 h 0 min"),
        (2**40, "305,419 h 53 min"),
    ],
)
def test_a_duration(milliseconds, text):
    assert wording.duration(milliseconds) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (None, "–"),
        (0, "0 %"),
        (1, "100 %"),
        (0.85, "85 %"),
        (0.9127, "91.3 %"),
        (1e-9, "0.1 %"),
        (1 - 1e-9, "99.9 %"),
    ],
)
def test_a_share(ratio, text):
    assert wording.share(ratio) == text


@pytest.mark.parametrize(
    ("usd", "text"),
    [(None, "–"), (0, "$0.00"), (0.0042, "$0.0042"), (0.03, "$0.03"), (1234.5, "$1,234.50")],
)
def test_dollars(usd, text):
    assert wording.dollars(usd) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (9_999, "9,999"),
        (12_345, "12.3k"),
        (1_234_567, "1.2M"),
        (2**41, "2,199.0G"),
    ],
)
def test_a_number_over_a_bar(number, text):
    assert wording.short(number) == text


def test_a_word_that_is_not_known_yet_is_still_read():
    assert wording.said("tests_failed", wording.REASONS) == "Tests fail"
    assert wording.said("moon_in_the_way", wording.REASONS) == "Moon in the way"


def test_every_status_has_a_name():
    schema = json.loads((ROOT / "contracts/events/common.schema.json").read_text())
    outcomes = schema["$defs"]["Outcome"]["enum"]
    assert wording.STATUSES.keys() == {"pending", *outcomes}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("ada@example.org", "ada@example.org"),
        ("two\r\nlines\u2028three", "two lines three"),
        ("abc\u202egro.elpmaxe", "abcgro.elpmaxe"),
        ("שלום@example.org", "שלום@example.org"),
        ("👩‍💻@example.org", "👩‍💻@example.org"),
    ],
)
def test_a_line_reads_as_it_is_written(given, shown):
    assert wording.one_line(given) == shown

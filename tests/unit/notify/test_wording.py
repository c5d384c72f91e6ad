"""Texts for a lock screen, with plain, long and odd data."""

import pytest

from services.notify import wording
from tests.unit.notify.settled import REPO, outcome


@pytest.mark.parametrize(
    ("status", "repo", "title"),
    [
        ("auto_merged", REPO, "✅ wordcount"),
        ("ok", REPO, "✅ wordcount"),
        ("pr_opened", REPO, "⚠️ wordcount"),
        ("fail", REPO, "❌ wordcount"),
        ("fail", None, "❌ Sayso"),
        ("ok", "git@github.com:org/a.git.git", "✅ a.git"),
    ],
)
def test_the_title_is_a_sign_and_the_project(status, repo, title):
    assert wording.title(outcome(status=status, repo=repo)) == title


def test_a_merged_change_says_what_it_is_and_what_it_took():
    assert wording.body(outcome()) == (
        "Merged: Add a --stdin flag.\n42 lines in 3 files, 3.8 s, $0.004"
    )


def test_a_failure_is_its_sentence_and_no_figures():
    sentence = "Nothing was said: hold the button while you speak."
    failed = outcome(status="fail", summary=sentence)
    assert wording.body(failed) == sentence


@pytest.mark.parametrize(
    ("changes", "figures"),
    [
        ({"loc_delta": 1, "files_touched": ["a"]}, "1 line in 1 file, 3.8 s, $0.004"),
        ({"loc_delta": 12345}, "12,345 lines in 3 files, 3.8 s, $0.004"),
        ({"duration_ms": 0}, "42 lines in 3 files, 0.0 s, $0.004"),
        ({"duration_ms": 59_949}, "42 lines in 3 files, 59.9 s, $0.004"),
        ({"duration_ms": 59_950}, "42 lines in 3 files, 1 min 0 s, $0.004"),
        ({"duration_ms": 7_384_000}, "42 lines in 3 files, 2 h 3 min, $0.004"),
        ({"cost_usd": 0.0}, "42 lines in 3 files, 3.8 s"),
        ({"cost_usd": 0.0004}, "42 lines in 3 files, 3.8 s, under $0.001"),
        ({"cost_usd": 1234.5}, "42 lines in 3 files, 3.8 s, $1,234.500"),
    ],
)
def test_figures_read_well_at_any_size(changes, figures):
    assert wording.body(outcome(**changes)).split("\n")[1] == figures


def test_nothing_changed_means_no_figures():
    assert "\n" not in wording.body(outcome(status="ok", files_touched=[], loc_delta=0))


@pytest.mark.parametrize(
    ("summary", "line"),
    [
        ("two\nlines\tand\x00 a bell\x07", "two lines and a bell"),
        ("line\u2028separator", "line separator"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("\u2067isolated\u2069", "isolated"),
        ("أضف خيار stdin", "أضف خيار stdin"),
        ("👩‍👩‍👧 family and ⚠️ sign", "👩‍👩‍👧 family and ⚠️ sign"),
        ('=cmd|"/c calc"!A1', '=cmd|"/c calc"!A1'),
        ("", wording.WORDLESS),
        (" \n ", wording.WORDLESS),
    ],
)
def test_odd_words_become_one_honest_line(summary, line):
    assert wording.body(outcome(status="fail", summary=summary)) == line

"""Texts for a lock screen, with plain, long and odd data."""

import unicodedata
from string import Template

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify import wording
from services.notify.push import Text
from tests.unit.notify.settled import REPO, asking, clip, outcome

FAMILY = "👩‍👩‍👧"


@pytest.mark.parametrize(
    ("changes", "title", "body"),
    [
        ({}, "✅ wordcount", "Add a --stdin flag, 42 lines, 3 tests, 3.8 s, $0.004"),
        (
            {"status": "ok"},
            "✅ wordcount",
            "Add a --stdin flag, 42 lines, 3 tests, 3.8 s, $0.004",
        ),
        (
            {"status": "ok", "files_touched": [], "summary": "Nothing needed changing: it is so."},
            "✅ wordcount",
            "Nothing needed changing: it is so.",
        ),
        (asking(), "⚠️ wordcount", "Needs you: touches security/keys.py. Approve?"),
        (asking(why=None), "⚠️ wordcount", "Needs you: a change waits. Approve?"),
        (
            asking("its tests fail", reason="tests_failed"),
            "⚠️ wordcount",
            "Needs you: its tests fail. Look at the details.",
        ),
        (
            asking(needs_approval=False, summary="Approved by you"),
            "⚠️ wordcount",
            "Approved by you",
        ),
        (
            {"status": "fail", "reason": "no_speech", "summary": "I heard nothing; say it again."},
            "❌ wordcount",
            "Didn't work: I heard nothing; say it again.",
        ),
        (
            {"status": "fail", "reason": "cancelled", "summary": "You cancelled it."},
            "❌ wordcount",
            "You cancelled it.",
        ),
        (
            {"status": "fail", "reason": "rejected", "summary": "You rejected the change."},
            "❌ wordcount",
            "You rejected the change.",
        ),
    ],
)
def test_an_outcome_is_a_sign_a_project_and_one_sentence(changes, title, body):
    assert wording.of_task(outcome(**changes)) == Text(title, body)


def test_a_clip_says_what_it_is_of():
    text = wording.of_clip(clip(seconds=8.04).data)
    assert text == Text("🎬 Sayso v1.4.0", "Your new clip is ready: 8 seconds. Tap to watch.")


@pytest.mark.parametrize(
    ("repo", "project"),
    [(REPO, "wordcount"), (None, "Sayso"), ("git@github.com:org/a.git.git", "a.git")],
)
def test_the_title_names_the_project(repo, project):
    assert wording.of_task(outcome(repo=repo)).title == f"✅ {project}"


@pytest.mark.parametrize(
    ("subject", "done"),
    [
        ("feat(cli): add a flag", "Add a flag"),
        ("fix!: a flag", "A flag"),
        ("Add a flag.", "Add a flag"),
        ("feat(cli): add a flag (tests included)", "Add a flag"),
        ("Note: this stays", "Note: this stays"),
        (None, "Merged to main: feat(cli): add a --stdin flag"),
        ("feat: ", "Merged to main: feat(cli): add a --stdin flag"),
    ],
)
def test_what_was_done_is_said_as_a_person_would(subject, done):
    assert (
        wording.of_task(outcome(subject=subject)).body
        == f"{done}, 42 lines, 3 tests, 3.8 s, $0.004"
    )


@pytest.mark.parametrize(
    ("changes", "figures"),
    [
        ({"loc_delta": 1, "tests_added": 1}, "1 line, 1 test, 3.8 s, $0.004"),
        ({"tests_added": None}, "42 lines, 3.8 s, $0.004"),
        ({"tests_added": 0}, "42 lines, 3.8 s, $0.004"),
        ({"loc_delta": 12345}, "12,345 lines, 3 tests, 3.8 s, $0.004"),
        ({"duration_ms": 0}, "42 lines, 3 tests, 0.0 s, $0.004"),
        ({"duration_ms": 59_949}, "42 lines, 3 tests, 59.9 s, $0.004"),
        ({"duration_ms": 59_950}, "42 lines, 3 tests, 1 min 0 s, $0.004"),
        ({"duration_ms": 7_384_000}, "42 lines, 3 tests, 2 h 3 min, $0.004"),
        ({"cost_usd": 0.0}, "42 lines, 3 tests, 3.8 s"),
        ({"cost_usd": 0.0004}, "42 lines, 3 tests, 3.8 s, under $0.001"),
        ({"cost_usd": 1234.5}, "42 lines, 3 tests, 3.8 s, $1,234.500"),
    ],
)
def test_figures_read_well_at_any_size(changes, figures):
    assert wording.of_task(outcome(**changes)).body == f"Add a --stdin flag, {figures}"


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("two\nlines\tand\x00 a bell\x07", "two lines and a bell"),
        ("line\u2028separator", "line separator"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("\u2067isolated\u2069", "isolated"),
        ("أضف خيار stdin", "أضف خيار stdin"),
        (f"{FAMILY} family and ⚠️ sign", f"{FAMILY} family and ⚠️ sign"),
        ('=cmd|"/c calc"!A1', '=cmd|"/c calc"!A1'),
        ("$what and ${figures}", "$what and ${figures}"),
        ("", wording.WORDLESS),
        (" \n ", wording.WORDLESS),
    ],
)
def test_odd_words_become_one_honest_line(said, line):
    text = wording.of_task(outcome(status="fail", reason="cancelled", summary=said))
    assert text.body == line


LONGEST = outcome(
    summary=FAMILY * 62,
    subject=FAMILY * 25,
    why=FAMILY * 62,
    repo=f"git@github.com:{'o' * 39}/{'p' * 100}.git",
    files_touched=["f" * 200] * 10_000,
    loc_delta=2**63,
    tests_added=1_000_000,
    duration_ms=2**63,
    cost_usd=1e12,
)


@pytest.mark.parametrize("name", sorted(path.stem for path in wording.TEMPLATES.glob("*.txt")))
def test_every_text_takes_the_longest_and_the_oddest(name):
    """Whatever a template asks for is there, and nothing is cut in the middle of a character."""
    shapes = {
        "merged": {},
        "unchanged": {"status": "ok", "files_touched": []},
        "approve": asking(LONGEST.why),
        "unproven": asking(LONGEST.why, reason="lint_failed"),
        "waiting": asking(LONGEST.why, needs_approval=False),
        "failed": {"status": "fail", "reason": "declined"},
        "stopped": {"status": "fail", "reason": "cancelled"},
    }
    if name == "clip":
        text = wording.of_clip(clip(tag="\u202e" + FAMILY * 19, seconds=1e9).data)
    else:
        text = wording.of_task(LONGEST.model_copy(update=shapes[name]))
    template = Template((wording.TEMPLATES / f"{name}.txt").read_text())
    assert template.get_identifiers()
    assert "$" not in text.title
    assert len(text.body.encode()) < 800
    assert "\n" not in text.title + text.body
    assert not (text.title + text.body).replace(FAMILY, "").count("\N{ZERO WIDTH JOINER}")


@given(st.text(max_size=600))
def test_no_words_break_the_line(words):
    shown = wording.plain(words)
    assert len(shown.encode()) <= wording.MOST_BYTES
    assert all(unicodedata.category(c) not in ("Cc", "Zl", "Zp") for c in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

"""What the demo shows of a push."""

import pytest

from cdk.local.demo_view import View

QUESTION = {
    "title": "⚠️ wordcount",
    "body": "Needs you: touches security/keys.py. Approve?",
    "categoryId": "task_approval",
    "sound": "default",
}


@pytest.mark.parametrize(
    ("changes", "arrival", "buttons"),
    [
        ({}, "now, with a sound", ["Approve", "Details"]),
        ({"sound": None}, "now", ["Approve", "Details"]),
        ({"sound": None, "interruptionLevel": "passive"}, "quietly", ["Approve", "Details"]),
        ({"categoryId": "task_failed"}, "now, with a sound", ["Details"]),
        ({"categoryId": "task_done"}, "now, with a sound", []),
    ],
)
def test_a_push_is_shown_as_a_lock_screen_shows_it(
    capsys: pytest.CaptureFixture[str], changes: dict[str, str], arrival: str, buttons: list[str]
) -> None:
    View(quiet=False).push(QUESTION | changes)
    shown = capsys.readouterr().out
    lines = [line.strip("│ \n") for line in shown.splitlines()]
    assert [*lines[3].split(maxsplit=1)] == ["SAYSO", arrival]
    assert lines[4:6] == [QUESTION["title"], QUESTION["body"]]
    assert [word for word in ("Approve", "Details") if f"[ {word} ]" in shown] == buttons

"""Who says "undo that" has the last change taken back; who speaks of undoing gets a change."""

import pytest

from services.dispatch.undo import asks_to_undo


@pytest.mark.parametrize(
    "text",
    [
        *("Undo that.", "undo", "Undo it, please!", "Revert that.", "Take that back."),
        *("Please undo the last change.", "No, undo that!", "Roll back the latest commit."),
        *("Can you revert what you just did?", "Take it back again, please."),
    ],
)
def test_the_whole_request_is_to_undo(text: str) -> None:
    assert asks_to_undo(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Add an undo button.", "Undo the rename of count in cli.py.", "Add a --revert flag."),
        *("Take the back of the table away.", "Make it possible to undo that.", "", "Back."),
        *("Undo that and add a --json flag.", "Don't undo that.", "Revert to argparse."),
    ],
)
def test_a_request_that_speaks_of_undoing_is_for_an_agent(text: str) -> None:
    assert not asks_to_undo(text)

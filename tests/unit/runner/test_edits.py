"""Search/replace edits fit exactly, or but for white space, or not at all."""

import pytest

from runner.agents.edits import Edit, EditFailed, apply, parse

BLOCK = """\
wordcount/cli.py
<<<<<<< SEARCH
old
=======
new
>>>>>>> REPLACE
"""


def edit(search: str, replace: str) -> Edit:
    """An edit of a.py; each argument is lines without the last line's end."""
    return Edit("a.py", *(tuple(side.split("\n")) if side else () for side in (search, replace)))


@pytest.mark.parametrize(
    "reply",
    [
        BLOCK,
        f"Here it is:\n\n{BLOCK}",
        BLOCK.replace("wordcount/cli.py", "`wordcount/cli.py`"),
        f"```python\n{BLOCK}```\n",
        BLOCK.replace("cli.py\n", "cli.py\n```python\n") + "```\n",
        BLOCK.replace("SEARCH", "SEARCH  "),
    ],
)
def test_a_block_is_read(reply: str) -> None:
    assert parse(reply) == [Edit("wordcount/cli.py", ("old",), ("new",))]


def test_blocks_of_one_file_need_its_name_once_or_each_time() -> None:
    again = BLOCK.partition("\n")[2]
    assert parse(BLOCK + again) == parse(BLOCK + BLOCK) == parse(BLOCK) * 2


def test_empty_sides_and_blank_lines_are_kept() -> None:
    reply = "a.py\n<<<<<<< SEARCH\n=======\n\n  x\n\n>>>>>>> REPLACE"
    assert parse(reply) == [Edit("a.py", (), ("", "  x", ""))]


@pytest.mark.parametrize(
    "reply",
    [
        BLOCK.partition("\n")[2],
        BLOCK.replace(">>>>>>> REPLACE\n", ""),
        BLOCK.replace("=======\n", ""),
        BLOCK.replace("<<<<<<< SEARCH\n", ""),
        BLOCK.replace("new\n", "new\n=======\nnewer\n"),
        BLOCK.replace("old\n", "<<<<<<< SEARCH\nold\n"),
    ],
)
def test_a_block_that_could_be_read_in_two_ways_is_not_read(reply: str) -> None:
    with pytest.raises(EditFailed):
        parse(reply)


def test_a_reply_without_blocks_has_no_edits() -> None:
    assert parse("") == parse("It is there already.\n") == []


@pytest.mark.parametrize(
    ("text", "search", "replace", "after"),
    [
        ("a\nb\nc\n", "b", "B", "a\nB\nc\n"),
        ("a\nb\nc\n", "b\nc", "B", "a\nB\n"),
        ("a\nb\n", "a", "x\ny", "x\ny\nb\n"),
        ("a\nb\n", "b", "", "a\n"),
        ("a\n", "a", "", ""),
        # A line that is a part of another is not that line.
        ("ab\nb\n", "b", "B", "ab\nB\n"),
        # No newline at the end: there is none afterwards.
        ("a\nb", "b", "B", "a\nB"),
        ("a\nb", "a", "A", "A\nb"),
        # Line ends stay as they are, mixed ones too.
        ("a\r\nb\r\n", "b", "B\nC", "a\r\nB\r\nC\r\n"),
        ("a\r\nb", "b", "B", "a\r\nB"),
        ("a\r\nb\nc\n", "b", "B", "a\r\nB\nc\n"),
        # What Python, but no editor, takes for the end of a line.
        ("a\fb\u2028c\nd\n", "d", "D", "a\fb\u2028c\nD\n"),
    ],
)
def test_lines_are_replaced(text: str, search: str, replace: str, after: str) -> None:
    assert apply(text, edit(search, replace)) == after


@pytest.mark.parametrize(
    ("text", "search", "replace", "after"),
    [
        ("a = 1  \n", "a = 1", "a = 2", "a = 2\n"),
        ("a  =  1\n", "a = 1", "a = 2", "a = 2\n"),
        # An exact place is taken, even if there is another one but for white space.
        ("  a\na\n", "a", "A", "  a\nA\n"),
        # What was moved as a whole is put back as a whole.
        ("    if x:\n        y\n", "if x:\n    y", "if z:\n\n    y", "    if z:\n\n        y\n"),
        ("if x:\n    y\n", "  if x:\n      y", "  if z:\n      y", "if z:\n    y\n"),
        ("\tx\n", "    x", "    y\n        z", "\ty\n\t    z\n"),
        ("    x\n\n    y\n", "x\n  \ny", "z", "    z\n"),
    ],
)
def test_white_space_may_differ(text: str, search: str, replace: str, after: str) -> None:
    assert apply(text, edit(search, replace)) == after


@pytest.mark.parametrize(
    ("text", "search", "replace", "says"),
    [
        ("a\n", "b", "c", "not in a.py"),
        ("a\n", "a\nb", "c", "not in a.py"),
        ("A\n", "a", "c", "not in a.py"),
        ("ab\n", "a b", "c", "not in a.py"),
        ("a\na\n", "a", "c", "2 times"),
        ("  a\n    a\n", "a", "c", "2 times"),
        ("a\n", "", "c", "is there already"),
        (None, "a", "c", "no text"),
        ("", "a", "c", "no text"),
        # Moved unevenly, or replaced by what is further left than all that is known.
        ("  if x:\n        y\n", "if x:\n    y", "z", "indented"),
        ("        x\n", "    x", "y", "indented"),
    ],
)
def test_what_does_not_fit_is_not_guessed(
    text: str | None, search: str, replace: str, says: str
) -> None:
    with pytest.raises(EditFailed, match=says):
        apply(text, edit(search, replace))


def test_a_file_is_created() -> None:
    assert apply(None, edit("", "a\nb")) == "a\nb\n"
    assert apply("", edit("", "a")) == "a\n"
    assert apply(None, edit("", "")) == ""

"""A test file may say more than it did, never less without a person's word."""

import pytest

from runner.promises import says_less, skips_more

BEFORE = """\
import pytest


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (1, 2),
        (2, 3),
    ],
)
def test_one_more(a, b):
    assert more(a) == b


class TestIt:
    def test_it(self):
        assert one() == 1
        assert two() == 2


def helper():
    return 1
"""
IT = "        assert one() == 1\n        assert two() == 2\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        (BEFORE[-1:], "\n\n\ndef test_more():\n    assert True\n"),
        (IT, f"{IT}        assert three() == 3\n"),
        ("        (2, 3),\n", "        (2, 3),\n        (3, 4),\n"),
        ("import pytest\n", "import os\nimport pytest\n"),
    ],
)
def test_what_says_more(old: str, new: str) -> None:
    assert not says_less(BEFORE, BEFORE.replace(old, new, 1) if old else BEFORE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        assert two() == 2\n", ""),
        ("== 2\n", "== 3\n"),
        (IT, f"        return\n{IT}"),
        (IT, IT.replace("        assert two", "        return\n        assert two")),
        (IT, "        if False:\n" + IT.replace("        ", "            ")),
        (
            IT,
            "        try:\n"
            + IT.replace("        ", "            ")
            + "        except AssertionError:\n            pass\n",
        ),
        (IT, "        with raises(AssertionError):\n" + IT.replace("        ", "            ")),
        (IT, f"        one = two = lambda: 1\n{IT}"),
        ("        (2, 3),\n", ""),
        ("def test_it(self)", "def it(self)"),
        ("class TestIt", "class It"),
        ("def test_it(self):\n", "def test_it(self, one):\n"),
        ("def helper", "class TestIt:\n    def test_it(self):\n        pass\n\n\ndef helper"),
        (BEFORE, "def ("),
    ],
)
def test_what_says_less(old: str, new: str) -> None:
    assert old in BEFORE
    assert says_less(BEFORE, BEFORE.replace(old, new, 1))


def test_marks_that_skip_are_counted() -> None:
    skipped = BEFORE.replace("class TestIt", "@pytest.mark.skip\nclass TestIt")
    assert skips_more(BEFORE, skipped)
    assert not skips_more(skipped, skipped)

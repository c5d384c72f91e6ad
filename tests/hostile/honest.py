"""Changes that nobody should be asked about: a gate that only says no proves nothing."""

from tests.hostile.case import Entry, added, changed, merges, text

FEATURE = added(
    "wordcount/counting.py",
    '''

    def longest(text: Iterable[str]) -> int:
        """Characters of the longest line, its end included."""
        return max(map(len, text), default=0)
    ''',
)
ITS_TEST = {
    "tests/test_longest.py": """\
import pytest

from wordcount.counting import longest


@pytest.mark.parametrize(("text", "chars"), [([], 0), (["a\\n", "abc\\n"], 4)])
def test_the_longest_line(text, chars):
    assert longest(text) == chars
"""
}
ONE_MORE_TEST = added(
    "tests/test_counting.py",
    """

    def test_nothing_has_no_lines():
        assert count([]).lines == 0
    """,
)
CLASS_OF_TESTS = {
    "tests/test_more.py": """\
import unittest

from wordcount.counting import Counts, count


class CountTest(unittest.TestCase):
    def setUp(self):
        self.text = ["one two\\n"]

    def test_words(self):
        self.assertEqual(count(self.text), Counts(1, 2, 8))
"""
}
ORDINARY_TOOLS = {
    "tests/test_tool.py": """\
import os
import signal
import subprocess
import sys
import threading


def test_the_tool_runs(tmp_path):
    (tmp_path / "a.txt").write_text("one\\n")
    command = [sys.executable, "-m", "wordcount", "a.txt"]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_a_signal_can_be_handled(monkeypatch):
    before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    thread = threading.Thread(target=monkeypatch.setenv, args=("A", "b"))
    thread.start()
    thread.join()
    assert signal.signal(signal.SIGUSR1, before) == signal.SIG_IGN
"""
}

CASES = [
    merges("docs only", added("README.md", "\nQuestions are welcome.\n")),
    merges("a file of docs", {"docs/usage.md": "# Usage\n"}),
    merges("a name that is not ASCII", {"docs/café 用法.md": "# Usage\n"}),
    merges("a name with blanks, quotes and a tab", {'docs/it\'s "a\t\\ b".md': "x\n"}),
    merges("a text that is not UTF-8", {"docs/notes.txt": Entry("café\n".encode("latin-1"))}),
    merges("line ends of another system", {"docs/notes.txt": Entry(b"one\r\ntwo\r\n")}),
    merges("no newline at the end", {"docs/notes.txt": "one"}),
    merges("an empty file", {"wordcount/py.typed": ""}),
    merges("a file moved", {"README.md": None, "docs/README.md": text("README.md")}),
    merges("a feature with its tests", FEATURE | ITS_TEST),
    merges("a feature without tests", FEATURE),
    merges("one more test", ONE_MORE_TEST),
    merges("a class of tests", CLASS_OF_TESTS),
    merges("tests that use processes, threads and signals", ORDINARY_TOOLS),
    merges(
        "a rename inside a module",
        {
            "wordcount/table.py": text("wordcount/table.py").replace("widths", "wide"),
        },
    ),
    merges(
        "the same said otherwise",
        changed("wordcount/counting.py", "lines += 1", "lines = lines + 1"),
    ),
    merges(
        "a module split in two",
        changed(
            "wordcount/cli.py",
            "from wordcount.counting import Counts, count\n"
            "from wordcount.table import COLUMNS, table",
            "from wordcount.columns import COLUMNS\nfrom wordcount.counting import Counts, count\n"
            "from wordcount.table import table",
        )
        | {"wordcount/columns.py": 'COLUMNS = ("lines", "words", "chars")\n'},
    ),
    merges("499 lines", {"docs/long.md": "line\n" * 499}),
]

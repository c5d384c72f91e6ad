"""Names are taken from code that is read, never run."""

from runner.vocabulary import words

CLI = b"""
import argparse
def build_parser():
    parser = argparse.ArgumentParser()
    parser.add_argument("--no-header", help="no --secret-sauce")
    return parser
class Counts:
    def __add__(self, other): return other
raise SystemExit("this file was run")
"""


def test_the_names_that_occur_most_come_first() -> None:
    found = words({"wordcount/cli.py": CLI})
    assert found[0] == "parser"
    assert {"wordcount", "cli", "build_parser", "--no-header", "Counts"} <= set(found)
    assert not {"__add__", "self"} & set(found)


def test_files_that_are_no_python_are_passed_over() -> None:
    assert words({"a.py": b"def (", "b.py": b"\0", "c.py": b"name_of_c = 1"}) == ["name_of_c"]

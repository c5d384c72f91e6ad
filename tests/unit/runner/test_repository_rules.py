"""`.sayso.toml`, one case a line: what it may say, and what is said when it can't be read."""

import pytest

from runner.repository_rules import RepositoryRules, RulesUnreadable, read_rules

EVERYTHING = """
lint = ["ruff check .", "ruff format --check ."]
test = "pytest -q tests/unit"
setup = "uv pip install -e .[test]"
blocked_paths = ["billing/"]
auto_merge_loc_limit = 120
"""


def test_all_of_it_is_read() -> None:
    rules = read_rules(EVERYTHING)
    assert rules.lint == ["ruff check .", "ruff format --check ."]
    assert rules.test_arguments == ["-q", "tests/unit"]
    assert rules.setup == "uv pip install -e .[test]"
    assert (rules.blocked_paths, rules.auto_merge_loc_limit) == (["billing/"], 120)


@pytest.mark.parametrize("text", [None, "", "# nothing\n"])
def test_without_rules_there_are_the_usual_ones(text: str | None) -> None:
    assert read_rules(text) == RepositoryRules()
    assert read_rules(text).test_arguments == []


@pytest.mark.parametrize(
    ("test", "arguments"),
    [
        ("pytest", []),
        ("pytest -k 'not slow' tests", ["-k", "not slow", "tests"]),
        ("python -m pytest -x", ["-x"]),
        ("python3 -m pytest", []),
    ],
)
def test_a_command_line_of_pytest_is_understood(test: str, arguments: list[str]) -> None:
    assert read_rules(f'test = "{test}"').test_arguments == arguments


def test_one_lint_command_needs_no_list() -> None:
    assert read_rules('lint = "make lint"').lint == ["make lint"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("lint = ", "no TOML"),
        ("lint = 1", "lint"),
        ("lint = [1]", "lint.0"),
        ("test = ['pytest']", "test"),
        ('test = "make test"', "test"),
        ('test = "true"', "test"),
        ('test = "pytest || true"', "test"),
        ('test = "pytest; true"', "test"),
        ('test = "pytest \'"', "test"),
        ('test = ""', "test"),
        ("setup = false", "setup"),
        ('blocked_paths = "all"', "blocked_paths"),
        ("blocked_paths = [1]", "blocked_paths.0"),
        ('auto_merge_loc_limit = "few"', "auto_merge_loc_limit"),
        ("auto_merge_loc_limit = -1", "auto_merge_loc_limit"),
        ("auto_merge_loc_limit = 1.5", "auto_merge_loc_limit"),
        ("auto_merge_loc_limit = true", "auto_merge_loc_limit"),
        ("automerge_loc_limit = 5", "automerge_loc_limit"),
        ("[merge]\nlimit = 5", "merge"),
    ],
)
def test_what_is_wrong_is_named(text: str, named: str) -> None:
    with pytest.raises(RulesUnreadable, match=named):
        read_rules(text)


@pytest.mark.parametrize(
    ("command", "path", "decides"),
    [
        ("make lint", "Makefile", True),
        ("just lint", "justfile", True),
        ("make lint", "docs/Makefile", True),
        ("./scripts/lint.sh", "scripts/lint.sh", True),
        ("sh scripts/lint.sh --all", "scripts/lint.sh", True),
        ("python -m tools.lint", "tools/lint.py", True),
        ("python -m tools", "tools/__main__.py", True),
        ("ruff check .", "wordcount/cli.py", False),
        ("ruff check wordcount", "wordcount/cli.py", False),
        ("mypy -p wordcount", "wordcount/__main__.py", False),
        ("ruff check .", "Makefile", False),
        ("echo 'unbalanced", "Makefile", False),
    ],
)
def test_files_that_a_command_runs_decide(command: str, path: str, decides: bool) -> None:
    assert RepositoryRules(lint=[command]).decides(path) is decides
    assert RepositoryRules(setup=command).decides(path) is decides

"""SPEC §6, one case a line: what is merged without asking, and what is not."""

from dataclasses import replace

import pytest

from runner.change import Change, FileChange
from runner.policy import MergeRule, Undo, decide
from runner.report import GateReport

RULE = MergeRule(loc_limit=500, blocked_paths=("security/",))
GREEN = GateReport(
    lint_passed=True,
    tests_passed=True,
    tests_reason=None,
    passed=30,
    collected=30,
    skipped=0,
    base_collected=27,
    base_skipped=0,
)


def touching(path: str, **fields: object) -> Change:
    """A small edit of one file."""
    file = FileChange(path, path, "100644", "100644", added=1, removed=1)
    return Change((replace(file, **fields),))


def why(change: Change, proof: GateReport = GREEN, rule: MergeRule = RULE) -> list[str]:
    """The codes of the reasons to ask; empty if it is merged."""
    decision = decide(change, proof, rule)
    assert decision.merges is not bool(decision.reasons)
    return [reason.code for reason in decision.reasons]


@pytest.mark.parametrize(
    ("path", "asks"),
    [
        ("cli.py", False),
        ("security/keys.py", True),
        ("Security/keys.py", True),
        ("ſecurity/keys.py", True),
        ("security", False),
        ("docs/security/notes.md", False),
        ("security_notes.md", False),
    ],
)
def test_blocked_paths_ask_a_person(path: str, asks: bool) -> None:
    assert ("blocked_path" in why(touching(path))) is asks


@pytest.mark.parametrize("prefix", ["security/", "./security/", "/security/", "SECURITY/"])
def test_a_blocked_path_may_be_written_in_several_ways(prefix: str) -> None:
    rule = replace(RULE, blocked_paths=(prefix,))
    assert why(touching("security/keys.py"), rule=rule) == ["blocked_path"]


@pytest.mark.parametrize(
    "fields",
    [
        {"old_path": "security/keys.py"},
        {"link_targets": ("security/keys.py",)},
    ],
)
def test_moved_from_and_linked_to_is_touched_too(fields: dict[str, object]) -> None:
    assert "blocked_path" in why(touching("cli.py", **fields))


@pytest.mark.parametrize(
    ("added", "removed", "asks"), [(499, 0, False), (250, 249, False), (250, 250, True)]
)
def test_the_limit_counts_lines_added_and_removed(added: int, removed: int, asks: bool) -> None:
    assert (why(touching("cli.py", added=added, removed=removed)) == ["too_large"]) is asks


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (".github/workflows/ci.yml", "guarded_file"),
        (".GitHub/Workflows/ci.yml", "guarded_file"),
        (".gitlab-ci.yml", "guarded_file"),
        ("tests/conftest.py", "guarded_file"),
        ("pyproject.toml", "guarded_file"),
        ("sub/pyproject.toml", "guarded_file"),
        ("setup.cfg", "guarded_file"),
        ("tox.ini", "guarded_file"),
        ("pytest.ini", "guarded_file"),
        (".ruff.toml", "guarded_file"),
        ("sitecustomize.py", "guarded_file"),
        ("src/evil.pth", "guarded_file"),
        (".ignore", "guarded_file"),
        ("evil.egg-info/entry_points.txt", "guarded_file"),
        ("uv.lock", "guarded_file"),
        ("package-lock.json", "guarded_file"),
        ("requirements.txt", "guarded_file"),
        ("requirements-dev.txt", "guarded_file"),
        ("requirements/base.in", "guarded_file"),
        (".sayso.toml", "guarded_file"),
        ("CLAUDE.md", "guarded_file"),
        ("docs/agents.MD", "guarded_file"),
        (".gitattributes", "guarded_file"),
        ("README.md", None),
        ("wordcount/requirements_check.py", None),
        ("docs/config.md", None),
        (".github/ISSUE_TEMPLATE.md", None),
    ],
)
def test_guarded_files_ask_a_person(path: str, code: str | None) -> None:
    assert why(touching(path)) == ([code] if code else [])


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"says_less": True}, "tests_changed"),
        ({"skips_more": True}, "tests_skipped"),
        ({"is_binary": True}, "binary_file"),
        ({"new_mode": "100755"}, "mode_change"),
        ({"old_mode": "000000", "new_mode": "100755"}, "mode_change"),
        ({"old_mode": "000000", "new_mode": "120000"}, "symlink"),
        ({"old_mode": "120000", "new_mode": "100644"}, "symlink"),
        ({"old_mode": "000000", "new_mode": "160000"}, "submodule"),
        ({"old_mode": "000000"}, None),
        ({"new_mode": "000000"}, None),
        ({"tampers": ("3: os._exit(0)",)}, "tampers"),
        ({"silences": ("# noqa",)}, "lint_silenced"),
    ],
)
def test_what_a_diff_shows_badly_asks_a_person(fields: dict[str, object], code: str | None) -> None:
    assert why(touching("tests/test_cli.py", **fields)) == ([code] if code else [])


@pytest.mark.parametrize(
    ("path", "fields", "asks"),
    [
        ("json.py", {"old_mode": "000000"}, True),
        ("json.py", {"old_path": "notes.py"}, True),
        ("json.py", {}, False),
        ("json.py", {"new_mode": "000000"}, False),
        ("wordcount/json.py", {"old_mode": "000000"}, False),
    ],
)
def test_a_new_file_that_takes_a_librarys_name_asks(
    path: str, fields: dict[str, object], asks: bool
) -> None:
    assert (why(touching(path, **fields)) == ["tampers"]) is asks


def test_what_tampers_is_named_with_its_line() -> None:
    change = touching("wordcount/cli.py", tampers=("3: os._exit(0)",))
    [reason] = decide(change, GREEN, RULE).reasons
    assert "wordcount/cli.py:3: os._exit(0)" in reason.sentence


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"lint_passed": False}, "lint_failed"),
        ({"tests_passed": False, "tests_reason": "tests_failed"}, "tests_failed"),
        ({"tests_passed": False, "tests_reason": "no_tests"}, "no_tests"),
        ({"tests_passed": False, "tests_reason": "tests_timed_out"}, "tests_timed_out"),
        ({"collected": 26}, "tests_fewer"),
        ({"skipped": 1}, "tests_skipped"),
    ],
)
def test_what_is_not_proven_asks_a_person(fields: dict[str, object], code: str) -> None:
    assert why(touching("cli.py"), replace(GREEN, **fields)) == [code]


@pytest.mark.parametrize(("confidence", "asks"), [(1.0, False), (0.6, False), (0.59, True)])
def test_a_request_heard_badly_asks(confidence: float, asks: bool) -> None:
    heard = why(touching("cli.py"), rule=replace(RULE, confidence=confidence))
    assert (heard == ["low_confidence"]) is asks


def test_what_the_rule_file_runs_is_guarded() -> None:
    rule = RULE.tightened('lint = ["make lint", "python -m tools.check"]')
    assert why(touching("Makefile"), rule=rule) == ["guarded_file"]
    assert why(touching("tools/check.py"), rule=rule) == ["guarded_file"]
    assert why(touching("Makefile")) == []


def test_every_reason_is_told_and_the_unproven_ones_first() -> None:
    bad = touching("security/pyproject.toml", added=600, is_binary=True)
    assert why(bad, replace(GREEN, lint_passed=False)) == [
        "lint_failed",
        "blocked_path",
        "too_large",
        "guarded_file",
        "binary_file",
    ]


@pytest.mark.parametrize(
    ("rule_file", "limit", "blocked"),
    [
        (None, 500, ("security/",)),
        ("", 500, ("security/",)),
        ("auto_merge_loc_limit = 50", 50, ("security/",)),
        ("auto_merge_loc_limit = 5000", 500, ("security/",)),
        ('blocked_paths = ["billing/"]', 500, ("security/", "billing/")),
        ("blocked_paths = []", 500, ("security/",)),
    ],
)
def test_the_base_can_only_tighten(
    rule_file: str | None, limit: int, blocked: tuple[str, ...]
) -> None:
    rule = RULE.tightened(rule_file)
    assert (rule.loc_limit, rule.blocked_paths, rule.unreadable) == (limit, blocked, "")


@pytest.mark.parametrize(
    "rule_file",
    ["not toml", 'blocked_paths = "all"', 'test = "make test"', "test_command = 'pytest'"],
)
def test_a_rule_that_cannot_be_read_asks(rule_file: str) -> None:
    assert why(touching("cli.py"), rule=RULE.tightened(rule_file)) == ["rule_unreadable"]


@pytest.mark.parametrize(
    ("undo", "codes"),
    [
        (None, ["tests_changed", "tests_fewer"]),
        ("exact", []),
        ("inexact", ["tests_changed", "tests_fewer", "undo_differs"]),
    ],
)
def test_tests_go_only_with_the_commit_that_brought_them(
    undo: Undo | None, codes: list[str]
) -> None:
    fewer = replace(GREEN, collected=26)
    change = touching("tests/test_cli.py", says_less=True)
    assert why(change, fewer, replace(RULE, undo=undo)) == codes


@pytest.mark.parametrize(
    ("change", "proof", "code"),
    [
        (touching("cli.py"), replace(GREEN, lint_passed=False), "lint_failed"),
        (
            touching("cli.py"),
            replace(GREEN, tests_passed=False, tests_reason="tests_failed"),
            "tests_failed",
        ),
        (touching("tests/test_cli.py", skips_more=True), GREEN, "tests_skipped"),
        (touching("cli.py"), replace(GREEN, skipped=1), "tests_skipped"),
        (touching("security/keys.py"), GREEN, "blocked_path"),
        (touching("pyproject.toml"), GREEN, "guarded_file"),
        (touching("cli.py", added=500), GREEN, "too_large"),
        (touching("cli.py", is_binary=True), GREEN, "binary_file"),
    ],
)
def test_an_exact_undo_is_bound_by_the_rest_of_the_rule(
    change: Change, proof: GateReport, code: str
) -> None:
    assert why(change, proof, replace(RULE, undo="exact")) == [code]


def test_an_undo_heard_badly_asks() -> None:
    assert why(touching("cli.py"), rule=replace(RULE, undo="exact", confidence=0.5)) == [
        "low_confidence"
    ]

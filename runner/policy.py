"""decide(): whether a change is merged or shown to a person. Pure: no I/O."""

import fnmatch
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Literal

from runner.change import LINK, NOTHING, REGULAR, SUBMODULE, Change
from runner.report import GateReport
from runner.repository_rules import RULE_FILE, RepositoryRules, RulesUnreadable, read_rules
from runner.tampering import shadowed

CONFIDENT = 0.6
"""How sure the recognition must be of a request for a merge without asking."""

# What decides how tests and lint are run; the gates take these files from the base.
_CONFIGURATION = (
    "pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini", ".pytest.ini", "pytest.toml",
    ".pytest.toml", "ruff.toml", ".ruff.toml", "sitecustomize.py", "usercustomize.py", "*.pth",
    ".coveragerc", ".ignore",
)  # fmt: skip

# File name patterns, by what a person is told that they are; matched regardless of case.
_GUARDED_NAMES = {
    "test or lint configuration": (
        "conftest.py", "setup.py", "noxfile.py", "mypy.ini", ".flake8", ".pre-commit-config.yaml",
    ),
    "a lock file or dependency list": (
        "*.lock", "*.lockb", "package.json", "package-lock.json", "pnpm-lock.yaml",
        "npm-shrinkwrap.json", "pipfile", "pylock*.toml", "environment.y*ml",
        "*requirements*.txt", "*requirements*.in", "*constraints*.txt",
    ),
    "the rules that Sayso itself follows here": (RULE_FILE, "claude.md", "agents.md"),
    "how git treats files": (".gitattributes", ".gitmodules"),
}  # fmt: skip

_CI_WORKFLOWS = (
    ".github/workflows/", ".github/actions/", ".gitlab-ci", ".circleci/", ".buildkite/",
    "azure-pipelines", "jenkinsfile", ".travis.yml", ".woodpecker", ".drone.yml",
    "bitbucket-pipelines", ".ci/",
)  # fmt: skip

_DEPENDENCY_FOLDERS = {"requirements", ".claude"}


Undo = Literal["exact", "inexact"]
"""How a change that a person asked to take back compares with what was merged then."""


@dataclass(frozen=True)
class Reason:
    """Why a person is asked."""

    code: str
    """Stable, for machines: `blocked_path`."""
    sentence: str
    """For the person."""


@dataclass(frozen=True)
class MergeRule:
    """What may be merged without asking."""

    loc_limit: int
    """Lines; a change this large or larger asks."""
    blocked_paths: tuple[str, ...]
    """Path prefixes, relative to the repository root, matched regardless of case."""
    confidence: float = 1.0
    """How sure the recognition was of the request, 0 to 1."""
    undo: Undo | None = None
    """For a change that takes a merged commit back: whether it does exactly that."""
    repository: RepositoryRules = field(default_factory=RepositoryRules)
    """What the base's rule file says."""
    unreadable: str = ""
    """Why the base's rule file can't be understood, if it can't."""

    def tightened(self, rule_file: str | None) -> "MergeRule":
        """This rule with what the base's `.sayso.toml` adds to it; nothing there can loosen it."""
        try:
            wanted = read_rules(rule_file)
        except RulesUnreadable as unreadable:
            return replace(self, unreadable=str(unreadable))
        limit = wanted.auto_merge_loc_limit
        return replace(
            self,
            loc_limit=self.loc_limit if limit is None else min(self.loc_limit, limit),
            blocked_paths=(*self.blocked_paths, *wanted.blocked_paths),
            repository=wanted,
        )


@dataclass(frozen=True)
class Decision:
    """What happens to a change, and every reason why."""

    outcome: Literal["auto_merged", "pr_opened"]
    reasons: tuple[Reason, ...] = ()

    @classmethod
    def merge(cls) -> "Decision":
        """Merge it: there is no reason to ask."""
        return cls("auto_merged")

    @classmethod
    def ask(cls, reasons: list[Reason]) -> "Decision":
        """Ask a person, for these reasons."""
        return cls("pr_opened", tuple(reasons))

    @property
    def merges(self) -> bool:
        """Whether nobody needs to be asked."""
        return self.outcome == "auto_merged"


def decide(change: Change, proof: GateReport, rule: MergeRule) -> Decision:
    """Merge what is small, safe and proven; ask a person about the rest.

    Args:
        change: what the patch touches, paths relative to the repository root.
        proof: what lint and tests showed for exactly this tree.
        rule: limits from the job, tightened by the base's `.sayso.toml`.

    Returns:
        `auto_merged` with no reasons, or `pr_opened` with every reason that holds, the ones
        that make the change unproven first.
    """
    reasons = [
        *unproven(proof),
        *blocked(change, rule),
        *size(change, rule),
        *weaker_tests(change, proof, rule),
        *tampering(change),
        *guarded_files(change, rule),
        *unusual_files(change),
        *doubtful(rule),
    ]
    return Decision.ask(reasons) if reasons else Decision.merge()


def unproven(proof: GateReport) -> Iterator[Reason]:
    """Lint and tests must have passed, and tests must exist."""
    if not proof.lint_passed:
        yield Reason("lint_failed", "ruff finds fault with it")
    if not proof.tests_passed:
        yield Reason(proof.tests_reason or "tests_failed", proof.tests_sentence)


def blocked(change: Change, rule: MergeRule) -> Iterator[Reason]:
    """Nothing under a blocked path is merged unseen; case is no way around it."""
    prefixes = [path.removeprefix("./").lstrip("/") for path in rule.blocked_paths]
    for path in change.paths:
        for prefix in prefixes:
            if path.casefold().startswith(prefix.casefold()):
                yield Reason("blocked_path", f"it touches {path}, which is under {prefix}")
                break


def size(change: Change, rule: MergeRule) -> Iterator[Reason]:
    """A change must stay below the limit of lines."""
    if change.loc_delta >= rule.loc_limit:
        yield Reason(
            "too_large", f"it changes {change.loc_delta} lines; the limit is {rule.loc_limit}"
        )


def weaker_tests(change: Change, proof: GateReport, rule: MergeRule) -> Iterator[Reason]:
    """What the tests said before, they must still say.

    The tests that a commit brought go with it when it is taken back: whoever named the commit
    asked for that, as long as the change takes back exactly the commit. It may not skip more.
    """
    gives_up_tests = rule.undo == "exact"
    for file in change.files:
        if file.says_less and not gives_up_tests:
            yield Reason("tests_changed", f"{file.old_path} no longer says all that it said")
        if file.skips_more:
            yield Reason("tests_skipped", f"{file.path} marks tests to be skipped")
    if proof.tests_passed and proof.collected < proof.base_collected and not gives_up_tests:
        yield Reason(
            "tests_fewer",
            f"{proof.collected} tests are found where there were {proof.base_collected}",
        )
    elif proof.tests_passed and proof.skipped > proof.base_skipped:
        yield Reason("tests_skipped", f"{proof.skipped} tests are skipped")


def tampering(change: Change) -> Iterator[Reason]:
    """What reaches for the interpreter, for pytest or for ruff, instead of passing them."""
    for file in change.files:
        for line in file.tampers:
            yield Reason("tampers", f"{file.path}:{line} (it reaches for what judges it)")
        for comment in file.silences:
            yield Reason("lint_silenced", f"{file.path} silences lint: {comment}")
        is_new = file.old_mode == NOTHING or file.path != file.old_path
        library = shadowed(file.path) if is_new and file.new_mode != NOTHING else None
        if library:
            yield Reason("tampers", f"{file.path} takes the name of the library {library}")


def guarded_files(change: Change, rule: MergeRule) -> Iterator[Reason]:
    """Files that decide what is run, checked or installed."""
    for path in change.paths:
        what = _guarded_as(path.casefold())
        if not what and rule.repository.decides(path):
            what = f"a part of what {RULE_FILE} has run"
        if what:
            yield Reason("guarded_file", f"{path} is {what}")


def unusual_files(change: Change) -> Iterator[Reason]:
    """What a diff shows badly: modules, links, modes, binaries."""
    for file in change.files:
        modes = {file.old_mode, file.new_mode} - {NOTHING}
        if SUBMODULE in modes:
            yield Reason("submodule", f"{file.path} is a submodule")
        elif LINK in modes:
            yield Reason("symlink", f"{file.path} is a symbolic link")
        elif len(modes) > 1 or (file.old_mode == NOTHING and file.new_mode != REGULAR):
            yield Reason("mode_change", f"the mode of {file.path} becomes {file.new_mode}")
        if file.is_binary:
            yield Reason("binary_file", f"{file.path} is a binary file")


def doubtful(rule: MergeRule) -> Iterator[Reason]:
    """Whether the request was understood and done as it was meant, and the repository's rule."""
    if rule.confidence < CONFIDENT:
        yield Reason("low_confidence", "the request was not heard clearly")
    if rule.undo == "inexact":
        yield Reason("undo_differs", "the files have changed since: it is not the plain reverse")
    if rule.unreadable:
        yield Reason("rule_unreadable", rule.unreadable)


def is_configuration(path: str) -> bool:
    """Whether a file decides how tests and lint are run."""
    *folders, name = PurePosixPath(path.casefold()).parts
    is_metadata = any(folder.endswith((".egg-info", ".dist-info")) for folder in folders)
    return is_metadata or any(fnmatch.fnmatchcase(name, pattern) for pattern in _CONFIGURATION)


def _guarded_as(path: str) -> str | None:
    name, folders = PurePosixPath(path).name, set(PurePosixPath(path).parts[:-1])
    if path.startswith(_CI_WORKFLOWS):
        return "a CI workflow"
    if folders & _DEPENDENCY_FOLDERS:
        return "a dependency list or an agent's instruction"
    if is_configuration(path):
        return "test or lint configuration"
    for what, patterns in _GUARDED_NAMES.items():
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns):
            return what
    return None

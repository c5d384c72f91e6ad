"""What would become of a patch: the gates and the merge rule that jobs get; nothing delivered."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from runner.change import Change
from runner.checkout import Checkout
from runner.deadline import Deadline
from runner.failure import Failure
from runner.gates import Gates
from runner.git import Git, GitFailed, Remote
from runner.patch import apply
from runner.policy import MergeRule, Reason, decide
from runner.report import GateReport
from runner.repository_rules import RULE_FILE
from runner.trees import Trees
from runner.workspace import create_mirror


class NoBase(Exception):
    """There is no such commit to put a patch on; the message says what to do."""


@dataclass(frozen=True)
class Verdict:
    """What would happen to a patch, and why."""

    decision: Literal["auto_merged", "pr_opened", "fail"]
    """`fail`: it could not be judged at all."""
    reasons: tuple[Reason, ...]
    duration_ms: int
    change: Change | None = None
    """None if it does not apply."""
    proof: GateReport | None = None
    """None if lint and tests were not reached, or not ended."""

    def facts(self) -> dict[str, Any]:
        """The verdict for machines."""
        return {
            "decision": self.decision,
            "reasons": [f"{reason.code}: {reason.sentence}" for reason in self.reasons],
            "loc_delta": self.change.loc_delta if self.change else 0,
            "files_touched": self.change.paths if self.change else [],
            "lint_passed": self.proof.lint_passed if self.proof else None,
            "tests_passed": self.proof.tests_passed if self.proof else None,
            "duration_ms": self.duration_ms,
        }


@contextmanager
def copied(
    repo: Path, revision: str, deadline: Deadline, measurements: Path | None = None
) -> Iterator[Checkout]:
    """A checkout of a commit in somebody's repository, which is only read.

    Its objects are copied to a mirror of our own, so nothing of its configuration, hooks or
    attributes is in force, and it does not matter who owns it, nor whether it is bare, shallow
    or a linked work tree.

    Args:
        repo: the root of a work tree, or a git directory.
        revision: whatever names a commit there.
        deadline: when all must have ended.
        measurements: what is known of earlier trees, to be kept; nothing is kept without.

    Raises:
        Failure: `timed_out`, `cancelled`.
        NoBase: it is no git repository, has no such commit, or lacks objects.
    """
    root = repo.resolve()
    theirs = Git(root / ".git" if (root / ".git").exists() else root, Remote(""), deadline)
    try:
        objects = theirs.line("rev-parse", "--path-format=absolute", "--git-path", "objects")
    except GitFailed as failed:
        raise NoBase(f"{repo} is not the root of a git repository") from failed
    commit = None if revision.startswith("-") else theirs.resolve(revision)
    if commit is None:
        raise NoBase(f"{repo} has no commit {revision}: name another one with --base")
    with tempfile.TemporaryDirectory(prefix="sayso-try-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        mirror = Git(folder / "mirror.git", Remote(""), deadline)
        create_mirror(mirror)
        try:
            _copy(objects, commit, mirror)
        except GitFailed as failed:
            raise NoBase(f"the objects of {repo} can't be read here: {failed}") from failed
        work = folder / "work"
        work.mkdir()
        kept = measurements or folder / "measurements"
        with ExitStack() as until_over:
            yield Checkout(mirror, work, kept, Trees(folder / "trees"), commit, until_over)


def _copy(objects: str, commit: str, mirror: Git) -> None:
    """Bring one commit and the files of its tree from another object store.

    Git borrows them for a moment only: for good, it would mark those that it meets again as
    recently used, in the other's store.
    """
    alternates = mirror.git_dir / "objects/info/alternates"
    alternates.write_text(f"{objects}\n")
    names = mirror.run("rev-list", "--objects", "--no-object-names", "--no-walk", commit)
    pack = mirror.git_dir / "objects/pack/pack"
    mirror.run("pack-objects", "--quiet", "--window=0", str(pack), stdin=names)
    alternates.unlink()


def judge(
    checkout: Checkout, patch: bytes, gates: Gates, rule: MergeRule, deadline: Deadline
) -> Verdict:
    """Judge a patch as if an agent had proposed it for a job."""
    change = None
    try:
        tree = apply(checkout, patch)
        change = checkout.change_to(tree)
        proof = gates.judge(checkout, change, tree, deadline)
    except Failure as failure:
        return unjudged(failure, deadline, change)
    except GitFailed as failed:
        said = failed.said.strip().partition("\n")[0]
        unusable = Failure("unusable_tree", f"git can't write its files ({said}).")
        return unjudged(unusable, deadline, change)
    decision = decide(change, proof, rule.tightened(checkout.text_of(RULE_FILE)))
    return Verdict(decision.outcome, decision.reasons, deadline.elapsed_ms, change, proof)


def unjudged(failure: Failure, deadline: Deadline, change: Change | None = None) -> Verdict:
    """The verdict on what could not be judged."""
    reason = Reason(failure.reason, failure.sentence)
    return Verdict("fail", (reason,), deadline.elapsed_ms, change)

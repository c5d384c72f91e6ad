"""An agent that needs no model: it knows a folder of patches and what they are for.

A patch begins with headers, as a mail does: `Task:`, any number of `Also:` (other ways to ask
for it), `Subject:`, `Rationale:`, an empty line, then the diff. An empty diff is an honest
"nothing to do".
"""

import re
import subprocess
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path

from rapidfuzz import fuzz, process, utils

from runner.agents.agent import Brief, Proposal
from runner.deadline import Deadline
from runner.failure import Failure

ALIKE = 72.0
"""How alike a request and a wording of a patch must be, 0 to 100."""

# What every request may say, whatever it asks for.
_FILLERS = re.compile(
    r"\b(a|add|an|can|dash|flag|it|of|option|please|so|that|the|this|to|tool|which|you)\b"
)

APPLY_SECONDS = 20


@dataclass(frozen=True)
class Patch:
    """One canned change."""

    asked_as: tuple[str, ...]
    subject: str
    rationale: str
    diff: bytes

    @classmethod
    def read(cls, path: Path) -> "Patch":
        """Read a patch with its headers."""
        head, _, diff = path.read_bytes().partition(b"\n\n")
        headers = Parser().parsestr(head.decode(), headersonly=True)
        asked_as = (*headers.get_all("Task", []), *headers.get_all("Also", []))
        return cls(tuple(map(str, asked_as)), headers["Subject"], headers["Rationale"], diff)


class CannedAgent:
    """Chooses the patch whose task is most like the request."""

    name = "canned"

    def __init__(self, folder: Path) -> None:
        """Know the `*.diff` files of this folder.

        Raises:
            FileNotFoundError: there are none.
        """
        self._patches = [Patch.read(path) for path in sorted(folder.glob("*.diff"))]
        if not self._patches:
            raise FileNotFoundError(f"no patches in {folder}; set CANNED_PATCHES to their folder")

    def propose(self, brief: Brief, work_tree: Path, deadline: Deadline) -> Proposal:
        """Apply the patch that was asked for; see `Agent.propose`."""
        patch = self.choose(brief.task)
        if patch is None:
            raise Failure(
                "not_understood",
                "None of the prepared changes fits this request; say it another way, or run "
                "with a model.",
            )
        if patch.diff.strip():
            _apply(patch.diff, work_tree, deadline.remaining(at_most=APPLY_SECONDS))
        return Proposal(patch.subject, patch.rationale)

    def choose(self, task: str) -> Patch | None:
        """The patch for a request, or None if none is alike enough."""
        wordings = {wording: patch for patch in self._patches for wording in patch.asked_as}
        best = process.extractOne(
            task, wordings.keys(), scorer=_alike, processor=_words, score_cutoff=ALIKE
        )
        return wordings[best[0]] if best else None


def _words(text: str) -> str:
    return _FILLERS.sub(" ", utils.default_process(text))


def _alike(
    one: Sequence[Hashable], other: Sequence[Hashable], *, score_cutoff: float | None = None
) -> float:
    """Shared words count for a request that says more or less; its whole for one that says else."""
    del score_cutoff
    return (fuzz.token_set_ratio(one, other) + fuzz.token_sort_ratio(one, other)) / 2


def _apply(diff: bytes, work_tree: Path, seconds: float) -> None:
    """Change files as a diff says, or leave them where they are like that already."""
    if _fits(diff, work_tree, seconds) or _fits(diff, work_tree, seconds, "--reverse", "--check"):
        return
    raise Failure(
        "patch_does_not_apply",
        "The prepared change does not fit the code as it is now; ask for something else, "
        "or run with a model.",
    )


def _fits(diff: bytes, work_tree: Path, seconds: float, *options: str) -> bool:
    """Whether `git apply` succeeds; it needs no repository, and stays in its folder."""
    applied = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", *options, "-"],
        input=diff,
        cwd=work_tree,
        env={
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CEILING_DIRECTORIES": str(work_tree.parent),
        },
        capture_output=True,
        timeout=seconds,
        check=False,
    )
    return applied.returncode == 0

"""The changes that the script knows: the canned patches, as texts to look for and to put there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path

from rapidfuzz import fuzz, process, utils
from unidiff.patch import PatchSet

ALIKE = 85.5
"""How alike a request and a wording of a change must be, 0 to 100."""


@dataclass(frozen=True)
class Replacement:
    """Whole lines of one file, and what comes in their place; nothing, in a file that is new."""

    path: str
    before: str
    after: str

    @property
    def is_test(self) -> bool:
        """Whether it only says how the change is tested."""
        return self.path.startswith("tests/")


@dataclass(frozen=True)
class Change:
    """One canned patch; its header is described in tests/mocks/README.md."""

    asked_as: tuple[str, ...]
    subject: str
    rationale: str
    replacements: tuple[Replacement, ...]

    @classmethod
    def read(cls, path: Path) -> Change:
        """Read a patch; each of its hunks is a replacement."""
        head, _, diff = path.read_text().partition("\n\n")
        headers = Parser().parsestr(head, headersonly=True)
        asked_as = (*headers.get_all("Task", []), *headers.get_all("Also", []))
        replacements = (
            Replacement(
                file.path,
                "".join(line.value for line in hunk.source_lines()),
                "".join(line.value for line in hunk.target_lines()),
            )
            for file in PatchSet(diff)
            for hunk in file
        )
        return cls(asked_as, headers["Subject"], headers["Rationale"], tuple(replacements))


def read_all(folder: Path) -> list[Change]:
    """Every patch of a folder."""
    return [Change.read(path) for path in sorted(folder.glob("*.diff"))]


def choose(changes: Sequence[Change], task: str) -> Change | None:
    """The change that a request asks for, or None if it is like none of them."""
    wordings = {wording: change for change in changes for wording in change.asked_as}
    best = process.extractOne(
        task,
        wordings.keys(),
        scorer=fuzz.ratio,
        processor=utils.default_process,
        score_cutoff=ALIKE,
    )
    return wordings[best[0]] if best else None

"""What a runner knew of a commit, kept in git beside it: `refs/sayso/<job_id>` is a tag object.

It is pushed together with what it remembers, and leaves the commit's message to people.
"""

import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from runner.git import Git


@dataclass(frozen=True)
class Memory:
    """The tag of a job: the commit it delivers, and facts about it as JSON can hold them."""

    tag: str
    commit: str
    facts: dict[str, Any]


def job_ref(job_id: object) -> str:
    """The ref that says what a job delivered."""
    return f"refs/sayso/{job_id}"


def remember(
    git: Git, job_id: UUID, commit: str, facts: dict[str, Any], author: tuple[str, str]
) -> str:
    """Write the tag object of a commit; it is found again once a push gave it the job's ref."""
    name, address = author
    tag = (
        f"object {commit}\ntype commit\ntag sayso/{job_id}\n"
        f"tagger {name} <{address}> {int(time.time())} +0000\n\n{json.dumps(facts)}\n"
    )
    return git.line("mktag", stdin=tag.encode())


def recall(git: Git, job_id: UUID) -> Memory | None:
    """What is known of a job's delivery; None if it delivered nothing yet.

    Raises:
        GitFailed, ValueError: somebody put something else there.
    """
    ref = job_ref(job_id)
    commit = git.resolve(ref)
    if commit is None:
        return None
    tag = git.line("rev-parse", "--verify", ref)
    _, _, facts = git.run("cat-file", "tag", tag).decode("utf-8", "replace").partition("\n\n")
    return Memory(tag, commit, json.loads(facts))

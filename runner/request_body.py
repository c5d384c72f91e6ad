"""What a pull request tells. No I/O.

What was said, what a model wrote, names of files and the output of tests come from others: on
GitHub they would mention people, close issues, load pictures, or pretend to be a section. So all
of it stands in code blocks, in which GitHub sees none of that.
"""

import re

from contracts.models import RunnerJob
from runner.candidate import Candidate
from runner.policy import Decision

LONGEST_PART = 8_000
"""Characters; GitHub takes 65,536 for all."""


def request_body(job: RunnerJob, candidate: Candidate, decision: Decision) -> str:
    """What was asked, what changed, why it needs a person, the proof, and what it cost."""
    files = len({file.path for file in candidate.change.files})
    reasons = "\n".join(f"- {reason.sentence}" for reason in decision.reasons)
    output = candidate.proof.output.strip()
    spent = candidate.spent
    return "\n\n".join([
        "### What was asked",
        _quoted(job.task_text),
        "### What changed",
        _quoted(candidate.rationale),
        f"{candidate.change.loc_delta} lines in {files} files.",
        "### Why it needs you",
        _quoted(reasons),
        "### Proof",
        candidate.proof.summary,
        *([_quoted(output)] if output else []),
        "### Cost",
        f"${spent.cost_usd:.4f} for {spent.tok_in:,} tokens read and {spent.tok_out:,} written.",
        f"Sayso-Job: {job.job_id}\n",
    ])  # fmt: skip


def _quoted(text: str) -> str:
    """A code block that its content can't end."""
    shown = text if len(text) <= LONGEST_PART else f"…{text[-LONGEST_PART:]}"
    longest = max(map(len, re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{shown}\n{fence}"

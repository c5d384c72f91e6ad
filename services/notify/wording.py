"""What a lock screen says about a task: pure texts from `task.settled`.

Summaries hold words from a voice, a repository and a model, so they are cleaned before a phone
shows them.
"""

import re
import unicodedata

from contracts.models import TaskSettledData

SIGNS = {"auto_merged": "✅", "ok": "✅", "pr_opened": "⚠️", "fail": "❌"}
NAMELESS = "Sayso"
WORDLESS = "Open the app for details."

# Embeddings, overrides and isolates can make a line read otherwise than it is written.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def title(settled: TaskSettledData) -> str:
    """A sign and the project: `✅ wordcount`."""
    return f"{SIGNS[settled.status]} {project(settled.repo) or NAMELESS}"


def body(settled: TaskSettledData) -> str:
    """The summary, and below it what it took: `42 lines in 3 files, 3.8 s, $0.004`."""
    lines = (_plain(settled.summary) or WORDLESS, _figures(settled))
    return "\n".join(line for line in lines if line)


def project(repo: str | None) -> str:
    """The short name of a repository; empty if there is none."""
    return (repo or "").rpartition("/")[2].removesuffix(".git")


def _figures(settled: TaskSettledData) -> str:
    """Size, time and price of a change; empty where there is no change to speak of."""
    if settled.status == "fail" or not settled.files_touched:
        return ""
    size = f"{_count(settled.loc_delta, 'line')} in {_count(len(settled.files_touched), 'file')}"
    parts = (size, _duration(settled.duration_ms), _price(settled.cost_usd))
    return ", ".join(part for part in parts if part)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _duration(milliseconds: int) -> str:
    seconds = milliseconds / 1000
    if seconds < 59.95:  # what would be rounded up to 60.0 s is a minute
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"


def _price(usd: float) -> str:
    if usd == 0:
        return ""
    return f"${usd:,.3f}" if usd >= 0.001 else "under $0.001"


def _plain(text: str) -> str:
    """One line without control characters or marks that reorder it; emoji and scripts stay."""
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join(_REORDERING.sub("", spaced).split())

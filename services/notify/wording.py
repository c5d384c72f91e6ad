"""What a lock screen says: `templates/*.txt` filled in with an outcome or a clip.

Words come from a voice, a repository and a model, so they are cleaned before a phone shows them.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from string import Template

from contracts.models import DemoReadyData, TaskSettledData
from services.notify.push import Text, clipped

TEMPLATES = Path(__file__).parent / "templates"
NAMELESS = "Sayso"
WORDLESS = "Open the app for details."
MOST_BYTES = 400
"""Of one thing that is said: four lines or so of a lock screen."""

TESTED = " (tests included)"
"""How every commit's subject ends; the figures say how many."""

OWN_DECISIONS = ("cancelled", "rejected")
"""Reasons that a person gave themselves."""

UNPROVEN = (
    *("lint_failed", "tests_failed", "tests_timed_out"),
    *("no_tests", "setup_failed", "gate_tampered"),
)
"""Reasons to ask for which Approve is refused until a person insists."""

# Embeddings, overrides and isolates can make a line read otherwise than it is written.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONVENTIONAL = re.compile(r"^[a-z]+(\([^)]*\))?!?:( +|$)")


def of_task(task: TaskSettledData) -> Text:
    """An outcome: `✅ wordcount`, `Add a --stdin flag, 42 lines, 3 tests, 3.8 s, $0.004`."""
    what = plain(task.summary)
    match task.status:
        case "fail":
            name = "stopped" if task.reason in OWN_DECISIONS else "failed"
        case "pr_opened" if task.needs_approval:
            name = "unproven" if task.reason in UNPROVEN else "approve"
        case "pr_opened":
            name = "waiting"
        case _ if task.files_touched:
            name, what = "merged", _done(task)
        case _:
            name = "unchanged"
    return _filled(
        name,
        project=plain(_project(task.repo)) or NAMELESS,
        what=what or WORDLESS,
        why=_asked(task.why),
        figures=_figures(task),
    )


def of_clip(clip: DemoReadyData) -> Text:
    """A clip: `🎬 Sayso v1.4.0`, `Your new clip is ready: 8 seconds. Tap to watch.`."""
    return _filled("clip", tag=plain(clip.tag), seconds=f"{clip.seconds:.0f}")


def plain(text: str) -> str:
    """One line without control characters or marks that reorder it; emoji and scripts stay."""
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    line = " ".join(_REORDERING.sub("", spaced).split())
    excess = len(line.encode()) - MOST_BYTES
    return clipped(line, excess) if excess > 0 else line


@cache
def _template(name: str) -> tuple[Template, Template]:
    title, _, body = (
        (TEMPLATES / f"{name}.txt").read_text(encoding="utf-8").rstrip().partition("\n")
    )
    return Template(title), Template(body)


def _filled(name: str, **words: str) -> Text:
    title, body = _template(name)
    return Text(title.substitute(words), body.substitute(words))


def _project(repo: str | None) -> str:
    """The short name of a repository; empty if there is none."""
    return (repo or "").rpartition("/")[2].removesuffix(".git")


def _done(task: TaskSettledData) -> str:
    """What was done, as a person would say it: a commit's subject without what is for git."""
    subject = plain(task.subject or "").removesuffix(TESTED).removesuffix(".")
    subject = _CONVENTIONAL.sub("", subject) or plain(task.summary).removesuffix(".")
    return subject[:1].upper() + subject[1:]


def _asked(why: str | None) -> str:
    """Why a person is asked, as the end of a sentence: `touches security/`."""
    clause = plain(why or "").removeprefix("it ").rstrip(".")
    return clause or "a change waits"


def _figures(task: TaskSettledData) -> str:
    """Size, tests, time and price of a change."""
    parts = (
        _count(task.loc_delta, "line"),
        _count(task.tests_added, "test") if task.tests_added else "",
        _duration(task.duration_ms),
        _price(task.cost_usd),
    )
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

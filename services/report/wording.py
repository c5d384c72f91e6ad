"""Figures and stable words of ours as a person reads them; pure."""

import re
import unicodedata
from datetime import date
from typing import Literal

UNSEEN = ("Cc", "Zl", "Zp")
REORDERING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")

Unit = Literal["ms", "share", "usd"]
"""Milliseconds, a share of 1, US dollars."""

STATUSES = {
    "auto_merged": "Merged by itself",
    "ok": "Approved, or nothing to change",
    "pr_opened": "Waits for a yes",
    "fail": "Failed",
    "pending": "Under way",
}

PUSHES = {
    "sent": "Handed over",
    "delivered": "Arrived",
    "skipped": "Not wanted, or overtaken",
    "unknown": "Nobody knows",
    "undelivered": "Never delivered",
}

REASONS = {
    "agent_failed": "The coding agent broke off",
    "app_not_installed": "Our GitHub App is not installed there",
    "base_moved": "The branch moved on, again and again",
    "binary_file": "A binary file is touched",
    "blocked_path": "A blocked path is touched",
    "branch_not_found": "The branch is not there",
    "branch_protected": "The branch is protected",
    "budget_spent": "The budget was spent",
    "budget_too_small": "The budget is too small",
    "cancelled": "Cancelled by who asked",
    "clone_failed": "The repository could not be fetched",
    "credential_refused": "GitHub refused our credential",
    "declined": "The model declined",
    "edit_does_not_apply": "The edit did not fit the files",
    "empty_patch": "Nothing was changed",
    "gate_tampered": "The tests' verdict was tampered with",
    "guarded_file": "A guarded file is touched",
    "internal_error": "Something broke on our side",
    "lint_failed": "Lint fails",
    "lint_silenced": "Lint is silenced",
    "low_confidence": "Not heard clearly",
    "merge_conflict": "It conflicts with the branch",
    "mode_change": "The mode of a file changes",
    "model_unavailable": "The model was away",
    "no_repo": "No repository to work on",
    "no_speech": "Nobody spoke",
    "no_tests": "No tests to prove it",
    "not_merged": "It could not be merged",
    "not_understood": "The request was not understood",
    "nothing_to_undo": "Nothing to take back",
    "patch_does_not_apply": "The patch does not apply",
    "patch_too_large": "The patch is too large",
    "push_refused": "GitHub refused the push",
    "rejected": "A person said no",
    "repo_not_allowed": "Not their repository",
    "request_gone": "The pull request is gone",
    "rule_unreadable": ".sayso.toml can't be read",
    "setup_failed": "Dependencies could not be installed",
    "submodule": "A submodule is touched",
    "symlink": "A symbolic link is touched",
    "tampers": "It reaches for what judges it",
    "tests_changed": "Tests say less than before",
    "tests_failed": "Tests fail",
    "tests_fewer": "Fewer tests than before",
    "tests_skipped": "Tests are skipped",
    "tests_timed_out": "Tests did not end in time",
    "timed_out": "It took too long",
    "too_large": "Too many lines",
    "too_many_jobs": "Too many jobs at once",
    "turns_spent": "The agent ran out of turns",
    "undo_conflict": "Taking it back conflicts",
    "undo_differs": "Files changed since what is taken back",
    "unusable_tree": "The files can't be worked with",
    "workflows_not_permitted": "CI workflows may not be changed",
}


def said(word: str, words: dict[str, str]) -> str:
    """A word in a person's language; one that is not known yet, without its underscores."""
    return words.get(word) or word.replace("_", " ").capitalize()


def count(number: int, noun: str) -> str:
    """`1 task`, `1,234 tasks`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def duration(milliseconds: float | None) -> str:
    """`0.8 s`, `4 min 10 s`, `1,234 h 5 min`; a dash where nothing was measured."""
    if milliseconds is None:
        return "–"
    seconds = milliseconds / 1000
    if seconds < 59.95:  # what would be rounded up to 60.0 s is a minute
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes} min" if hours else f"{minutes} min {seconds} s"


def share(ratio: float | None) -> str:
    """`91.3 %`; a dash where nothing was measured. Only all is 100 %, only none is 0 %."""
    if ratio is None:
        return "–"
    percent = min(max(ratio * 100, 0.1), 99.9) if 0 < ratio < 1 else ratio * 100
    return f"{percent:.1f} %" if percent % 1 else f"{percent:.0f} %"


def dollars(usd: float | None) -> str:
    """`$12.40`, `$0.26`, `$0.0042`; a dash where nothing was measured."""
    if usd is None:
        return "–"
    return f"${usd:,.2f}" if usd >= 0.01 or usd == 0 else f"${usd:.4f}"


def measured(value: float | None, unit: Unit) -> str:
    """A figure with its unit."""
    return {"ms": duration, "share": share, "usd": dollars}[unit](value)


def long_date(day: date) -> str:
    """`Sunday, 22 November 2026`."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def short(number: int) -> str:
    """`9,999`, `12.3k`, `1.2M`: at most six signs up to a billion."""
    for unit, sign in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if number >= 10_000 and number >= unit:
            return f"{number / unit:,.1f}{sign}"
    return f"{number:,}"


def one_line(text: str) -> str:
    """A text without line breaks, control characters or marks that reorder it; emoji stay."""
    spaced = "".join(" " if unicodedata.category(sign) in UNSEEN else sign for sign in text)
    return " ".join(REORDERING.sub("", spaced).split())

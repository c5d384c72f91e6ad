"""The row is the same whatever the order of arrival, and what is final stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.status.fold import fold
from services.status.row import Row
from tests.unit.status.story import NEXT, PULL, REPO, TESTED, WORDS, Story


def everything() -> list[Any]:
    """More than ever happens to one task: each kind of event, and each outcome."""
    task = Story()
    return [
        task.uploaded(),
        task.transcribed(),
        task.dispatched(),
        *(task.progressed(phase) for phase in ("checkout", "propose", "lint", "test", "deliver")),
        task.failed("transcribe"),
        task.status("pr_opened"),
        task.approved(),
        task.dispatched("merge", "first"),
        task.progressed("lint", "merge", "first"),
        task.status("pr_opened", "merge", "first", commit_sha=NEXT),
        task.rejected(),
        task.failed("status", "internal_error"),
        task.status("fail", "close", reason="rejected"),
        task.status("ok", "merge", "second", commit_sha=NEXT),
        task.status("auto_merged", "inspect"),
        task.status("ok", "revert", commit_sha=None, reason="nothing_to_do"),
        task.cancelled(),
    ]


EVENTS = everything()
BIRTH, CANCELLED = EVENTS[0], EVENTS[-1]
Histories = st.lists(st.sampled_from(EVENTS), unique_by=lambda event: event.id)


def row(*events: Any) -> Row:
    folded = fold(events)
    assert folded
    return folded


@given(history=Histories, data=st.data())
def test_neither_order_nor_repeats_change_the_row(history: list[Any], data: st.DataObject) -> None:
    repeats = data.draw(st.lists(st.sampled_from(history))) if history else []
    arrived = data.draw(st.permutations([*history, *repeats]))
    assert fold(arrived) == fold(history)


@given(history=Histories, more=Histories)
def test_what_is_merged_stays_merged(history: list[Any], more: list[Any]) -> None:
    before = row(BIRTH, *history)
    after = row(BIRTH, *history, *more)
    if before.is_merged:
        assert after.is_merged


@given(history=Histories, more=Histories)
def test_what_is_cancelled_stays_so_unless_git_says_merged(
    history: list[Any], more: list[Any]
) -> None:
    before = row(BIRTH, *history, CANCELLED)
    after = row(BIRTH, *history, CANCELLED, *more)
    assert before.is_cancelled or before.is_merged
    assert after.is_merged or after.outcome == before.outcome


@given(history=Histories, more=Histories)
def test_a_run_that_failed_stays_failed_unless_git_says_merged(
    history: list[Any], more: list[Any]
) -> None:
    failure = next(event for event in EVENTS if event.type == "runner.status" and event.data.reason)
    before = row(BIRTH, failure, *history)
    after = row(BIRTH, failure, *history, *more)
    if before.status == "fail":
        assert after.status in ("fail", "auto_merged", "ok")
        if after.status == "fail" and CANCELLED not in more:
            assert after.reason == before.reason


@given(history=Histories, seconds=st.integers(0, 10**6))
def test_a_dead_letter_never_overturns_an_outcome(history: list[Any], seconds: int) -> None:
    before = row(BIRTH, *(event for event in history if event.type != "task.failed"))
    task = Story(BIRTH.job_id, BIRTH.user_id, now=BIRTH.time + timedelta(seconds=seconds))
    after = row(BIRTH, *history, task.failed("status", "internal_error"))
    if before.status != "pending":
        assert after.outcome == before.outcome
    else:
        assert after.status == "fail"


def test_nobody_knows_whose_task_it_is_before_it_began() -> None:
    task = Story()
    assert fold([]) is None
    assert fold([task.dispatched(), task.status("auto_merged")]) is None


def test_whose_task_it_is_no_runner_says() -> None:
    task = Story()
    stranger = Story(job_id=task.job_id, now=task.now - timedelta(hours=1))
    folded = row(stranger.progressed("lint"), task.uploaded())
    assert folded.user_id == task.user_id
    assert folded.ts_start == task.now


OUTCOMES: list[tuple[str, Callable[[Story], list[Any]], tuple[str, str | None]]] = [
    ("nothing yet", lambda _: [], ("pending", None)),
    ("merged", lambda task: [task.status("auto_merged")], ("auto_merged", None)),
    (
        "nothing to do",
        lambda task: [task.status("ok", reason="nothing_to_do")],
        ("ok", "nothing_to_do"),
    ),
    (
        "asked",
        lambda task: [task.status("pr_opened", reason="too_large")],
        ("pr_opened", "too_large"),
    ),
    ("not understood", lambda task: [task.failed(reason="no_speech")], ("fail", "no_speech")),
    (
        "approved, not merged yet",
        lambda task: [task.status("pr_opened"), task.approved()],
        ("pr_opened", None),
    ),
    (
        "approved and merged",
        lambda task: [task.status("pr_opened"), task.approved(), task.status("ok", "merge")],
        ("ok", None),
    ),
    (
        "approved, but in conflict",
        lambda task: [
            task.status("pr_opened"),
            task.status("fail", "merge", reason="merge_conflict"),
        ],
        ("fail", "merge_conflict"),
    ),
    (
        "rejected, not closed yet",
        lambda task: [task.status("pr_opened"), task.rejected()],
        ("pr_opened", None),
    ),
    (
        "rejected, but merged by hand before",
        lambda task: [task.status("pr_opened"), task.rejected(), task.status("ok", "close")],
        ("ok", None),
    ),
    (
        "failed twice: the first reason counts",
        lambda task: [
            task.status("fail", reason="too_hard"),
            task.status("fail", "inspect", reason="internal_error"),
        ],
        ("fail", "too_hard"),
    ),
    (
        "failed, but git says merged",
        lambda task: [task.status("fail"), task.status("auto_merged", "inspect")],
        ("auto_merged", None),
    ),
    (
        "merged, whatever is said later",
        lambda task: [task.status("auto_merged"), task.status("fail", "inspect", reason="lost")],
        ("auto_merged", None),
    ),
    ("cancelled", lambda task: [task.cancelled()], ("fail", "cancelled")),
    (
        "cancelled while it waited",
        lambda task: [*task.asked(), task.cancelled()],
        ("fail", "cancelled"),
    ),
    (
        "cancelled, then asked",
        lambda task: [task.cancelled(), task.status("pr_opened", reason="too_large")],
        ("fail", "cancelled"),
    ),
    (
        "cancelled while a run failed",
        lambda task: [task.status("fail", reason="too_hard"), task.cancelled()],
        ("fail", "cancelled"),
    ),
    (
        "cancelled, then a run failed",
        lambda task: [task.cancelled(), task.status("fail", reason="too_hard")],
        ("fail", "cancelled"),
    ),
    (
        "cancelled, then a run found nothing to do",
        lambda task: [
            task.cancelled(),
            task.status("ok", reason="nothing_to_do", commit_sha=None),
        ],
        ("fail", "cancelled"),
    ),
    (
        "cancelled, but git says merged",
        lambda task: [task.cancelled(), task.status("auto_merged")],
        ("auto_merged", None),
    ),
    (
        "git says merged, whatever was cancelled later",
        lambda task: [task.status("auto_merged"), task.cancelled()],
        ("auto_merged", None),
    ),
    (
        "a runner was faster than the dead letter",
        lambda task: [task.failed("status"), task.status("pr_opened", reason="too_large")],
        ("pr_opened", "too_large"),
    ),
]


@pytest.mark.parametrize(
    ("events", "expected"), [case[1:] for case in OUTCOMES], ids=[case[0] for case in OUTCOMES]
)
def test_status_and_reason(
    events: Callable[[Story], list[Any]], expected: tuple[str, str | None]
) -> None:
    task = Story()
    folded = row(task.uploaded(), *events(task))
    assert (folded.status, folded.reason) == expected


PHASES: list[tuple[str, Callable[[Story], list[Any]], str | None]] = [
    ("heard", lambda _: [], "heard"),
    ("understood", lambda task: [task.transcribed()], "understood"),
    ("queued", lambda task: [task.dispatched(), task.transcribed()], "queued"),
    ("working", lambda task: [task.progressed("lint"), task.progressed("test")], "test"),
    (
        "again after a rebase",
        lambda task: [task.progressed("test"), task.progressed("lint")],
        "lint",
    ),
    ("a clock that is behind", lambda task: [task.progressed("lint"), task.dispatched()], "lint"),
    ("settled", lambda task: [task.progressed("lint"), task.status("auto_merged")], None),
    ("asked", lambda task: [task.dispatched(), task.status("pr_opened")], None),
    ("approved", lambda task: [*task.asked(), task.approved()], "approved"),
    ("rejected", lambda task: [*task.asked(), task.rejected()], "rejected"),
    (
        "approved and queued",
        lambda task: [*task.asked(), task.approved(), task.dispatched("merge")],
        "queued",
    ),
    ("another commit was approved", lambda task: [*task.asked(), task.approved(NEXT)], None),
    (
        "asked again about another commit",
        lambda task: [
            *task.asked(),
            task.approved(),
            task.dispatched("merge"),
            task.status("pr_opened", "merge", commit_sha=NEXT),
        ],
        None,
    ),
    (
        "the approval got lost",
        lambda task: [*task.asked(), task.approved(), task.failed("status")],
        None,
    ),
]


@pytest.mark.parametrize(
    ("events", "phase"), [case[1:] for case in PHASES], ids=[case[0] for case in PHASES]
)
def test_phase(events: Callable[[Story], list[Any]], phase: str | None) -> None:
    task = Story()
    folded = row(task.uploaded(), *events(task))
    assert folded.phase == phase
    assert folded.needs_approval == (folded.status == "pr_opened" and phase is None)


def test_a_row_tells_what_the_newest_pull_request_holds() -> None:
    task = Story()
    folded = row(
        *task.asked(),
        task.approved(),
        task.status("pr_opened", "merge", commit_sha=NEXT, loc_delta=40, tests_passed=False),
    )
    assert (folded.commit_sha, folded.loc_delta, folded.proven) == (NEXT, 40, False)


def test_what_a_failed_merge_leaves_out_is_known_from_the_pull_request() -> None:
    task = Story()
    conflict = task.status(
        "fail", "merge", commit_sha=None, base_sha=None, reason="merge_conflict", notes="Conflict."
    )
    folded = row(*task.asked(), task.approved(), conflict)
    assert (folded.commit_sha, folded.pr_url, folded.notes) == (TESTED, PULL, "Conflict.")


def test_words_place_and_time() -> None:
    task = Story()
    folded = row(*task.asked(), task.approved(), task.status("ok", "merge"))
    assert (folded.transcript, folded.confidence) == (WORDS, 0.9)
    assert (folded.repo, folded.branch) == (REPO, "main")
    assert folded.duration_ms == 6000


def test_costs_are_those_of_the_runs_that_wrote() -> None:
    task = Story()
    wrote = task.status("pr_opened", tok_in=100, tok_out=20, cost_usd=0.01)
    recalled = task.status("ok", "merge", tok_in=100, tok_out=20, cost_usd=0.01)
    reverted = task.status("pr_opened", "revert", tok_in=7, tok_out=2, cost_usd=None)
    folded = row(task.uploaded(), wrote, recalled, reverted)
    assert (folded.tok_in, folded.tok_out, folded.cost_usd) == (107, 22, 0.01)
    only_recalled = row(task.uploaded(), recalled)
    assert (only_recalled.tok_in, only_recalled.cost_usd) == (100, 0.01)


@pytest.mark.parametrize(
    ("events", "summary"),
    [
        (lambda _: [], "Recording received"),
        (lambda task: [task.failed()], "I heard nothing; please say it again."),
        (
            lambda task: [task.status("auto_merged", notes="Merged to main: add --stdin.\nlog")],
            "Merged to main: add --stdin.",
        ),
        (
            lambda task: [
                task.transcribed(),
                task.status("pr_opened", summary="feat: x", asks=["it changes 900 lines", "more"]),
            ],
            f"Approve “feat: x”? It changes 900 lines. You said: “{WORDS}”",
        ),
        (lambda task: [task.status("pr_opened")], "Approve the change?"),
    ],
)
def test_the_line_for_a_lock_screen(events: Callable[[Story], list[Any]], summary: str) -> None:
    task = Story()
    assert row(task.uploaded(), *events(task)).summary == summary


def test_the_line_for_a_lock_screen_is_cut() -> None:
    task = Story()
    folded = row(task.uploaded(), task.transcribed("x" * 4000), task.status("pr_opened"))
    assert len(folded.summary) == 500
    assert folded.summary.endswith("x…")


@pytest.mark.parametrize("said", [False, True])
def test_an_undo_knows_what_it_undoes(said: bool) -> None:
    undone, task = uuid4(), Story()
    spoken = [task.uploaded(), task.transcribed(), task.dispatched("revert", undoes=undone)]
    pressed = [task.undo_requested(undone), task.dispatched("revert")]
    assert row(*(spoken if said else pressed)).undoes == undone
    assert row(task.uploaded(), task.transcribed(), task.dispatched()).undoes is None


def test_a_cancelled_task_still_shows_its_pull_request_and_tells_it_once() -> None:
    task = Story()
    asked, cancelled = task.asked(), task.cancelled()
    folded = row(*asked, cancelled)
    assert (folded.commit_sha, folded.pr_url, folded.summary) == (
        TESTED,
        PULL,
        "You cancelled it.",
    )
    assert row(asked[0], cancelled).outcome == folded.outcome


@pytest.mark.parametrize(
    ("asks", "why"),
    [(["it changes 900 lines", "more"], "it changes 900 lines"), ([], None), (None, None)],
)
def test_a_question_says_why_and_what_was_done(asks: list[str] | None, why: str | None) -> None:
    task = Story()
    asked = task.status("pr_opened", summary="feat: x", tests_added=3, asks=asks)
    folded = row(task.uploaded(), asked)
    assert (folded.why, folded.subject, folded.tests_added) == (why, "feat: x", 3)


def test_why_it_asked_is_cut_to_its_length_and_gone_when_it_is_merged() -> None:
    task = Story()
    asked = task.status("pr_opened", asks=["x" * 900])
    assert row(task.uploaded(), asked).why == "x" * 499 + "…"
    assert row(task.uploaded(), asked, task.status("ok", "merge")).why is None

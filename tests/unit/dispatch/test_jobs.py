"""Jobs: what they carry, and that the same request always makes the same one."""

from uuid import uuid4

import pytest

from contracts.job_token import job_token
from services.dispatch.jobs import STYLE_GUIDE, inspection_of, job_for
from tests.unit.dispatch.asked import (
    COMMIT,
    KEY,
    LIMITS,
    PULL,
    REPO,
    approved,
    grant,
    rejected,
    transcribed,
    undo,
)

USER = uuid4()


def test_words_become_a_change_on_the_registered_branch():
    asked = transcribed(USER, confidence=0.4)
    job = job_for(asked, grant(branch="trunk"), LIMITS, KEY)
    assert (job.kind, job.repo, job.branch) == ("change", REPO, "trunk")
    assert (job.job_id, job.user_id) == (asked.job_id, USER)
    assert (job.task_text, job.confidence) == ("Add a --stdin flag.", 0.4)
    assert (job.commit_sha, job.pr_url, job.override) == (None, None, False)
    assert job.heuristics.auto_merge_loc_limit == 500
    assert job.heuristics.blocked_paths == ["security/"]
    assert (job.max_usd, job.max_seconds) == (0.5, 300)


@pytest.mark.parametrize(
    ("request_", "kind", "pr_url", "override"),
    [
        (approved(USER), "merge", PULL, True),
        (rejected(USER), "close", PULL, False),
        (undo(USER), "revert", None, False),
    ],
)
def test_a_request_about_a_commit_keeps_to_it_and_its_branch(request_, kind, pr_url, override):
    job = job_for(request_, grant(branch="main"), LIMITS, KEY)
    assert (job.kind, job.commit_sha, job.branch) == (kind, COMMIT, "release/2")
    assert (job.pr_url, job.override, job.confidence) == (pr_url, override, 1.0)


@pytest.mark.parametrize(("own", "style"), [("tabs", "tabs"), (None, STYLE_GUIDE)])
def test_the_style_guide_is_the_repositorys_own_or_the_usual_one(own, style):
    assert job_for(transcribed(USER), grant(style_guide=own), LIMITS, KEY).style_guide == style


def test_asked_again_it_is_the_same_run_and_for_anything_else_another():
    asked = transcribed(USER)
    job = job_for(asked, grant(), LIMITS, KEY)
    assert job_for(asked, grant(), LIMITS, KEY) == job
    assert job_for(transcribed(USER), grant(), LIMITS, KEY).run != job.run


def test_the_token_is_of_this_run_under_this_key():
    job = job_for(transcribed(USER), grant(), LIMITS, KEY)
    assert job.job_token == job_token(KEY, job.job_id, job.run)
    assert job.job_token != job_token("another key", job.job_id, job.run)
    assert job.job_token != job_token(KEY, job.job_id, uuid4())


def test_a_dead_job_is_inspected_under_a_run_and_token_of_its_own():
    dead = job_for(approved(USER), grant(), LIMITS, KEY)
    job = inspection_of(dead, KEY)
    assert (job.kind, job.job_id, job.repo, job.branch) == (
        "inspect",
        dead.job_id,
        dead.repo,
        dead.branch,
    )
    assert job.run != dead.run
    assert job.job_token == job_token(KEY, job.job_id, job.run)
    assert inspection_of(dead, KEY) == job

"""Which repository, which limits, and when there is no job."""

import pytest

from services.dispatch.rules import Limits, Refused, admit, choose
from tests.unit.dispatch.asked import LIMITS, REPO, grant

OTHER = "git@github.com:sayso/other.git"


@pytest.mark.parametrize(
    ("grants", "wanted", "chosen"),
    [
        ([grant()], REPO, REPO),
        ([grant(), grant(OTHER, is_default=True)], REPO, REPO),
        ([grant(), grant(OTHER, is_default=True)], None, OTHER),
        ([grant()], None, REPO),
        ([grant()], "git@github.com:Sayso/WordCount.git", REPO),
    ],
)
def test_a_request_means_the_repository_it_names_or_else_the_default(grants, wanted, chosen):
    assert choose(grants, wanted).repo == chosen


@pytest.mark.parametrize(
    ("grants", "wanted", "reason", "sentence"),
    [
        ([], None, "no_repo", "ask your administrator"),
        ([grant(), grant(OTHER)], None, "no_repo", "name the one you mean"),
        ([], REPO, "repo_not_allowed", "sayso/wordcount is not one of your repositories"),
        ([grant(OTHER, is_default=True)], REPO, "repo_not_allowed", "choose another"),
    ],
)
def test_no_job_without_a_repository_of_ones_own(grants, wanted, reason, sentence):
    with pytest.raises(Refused) as refused:
        choose(grants, wanted)
    assert refused.value.reason == reason
    assert sentence in refused.value.message


def test_the_sentence_fits_its_message_whatever_the_repository_is_called():
    longest = f"git@github.com:{'o' * 39}/{'p' * 100}.git"
    with pytest.raises(Refused) as refused:
        choose([], longest)
    assert len(refused.value.message) <= 500


@pytest.mark.parametrize(
    ("setting", "user", "repo", "limit"),
    [
        (500, None, None, 500),
        (500, 100, None, 100),
        (500, None, 50, 50),
        (500, 100, 50, 50),
        (500, 50, 100, 50),
        (10, 100, 50, 10),
        (500, 9999, 9999, 500),
        (500, 0, None, 0),
    ],
)
def test_the_smallest_limit_holds(setting, user, repo, limit):
    limits = Limits(setting, (), 1, 1)
    tight = limits.tightened_by(grant(notify_threshold_loc=user, auto_merge_loc_limit=repo))
    assert tight.auto_merge_loc_limit == limit


def test_blocked_paths_add_up():
    tight = LIMITS.tightened_by(grant(blocked_paths=("deploy/", "security/")))
    assert tight.blocked_paths == ("security/", "deploy/")


@pytest.mark.parametrize(("repo", "usd"), [(None, 0.5), (0.1, 0.1), (3.0, 0.5)])
def test_a_repository_may_spend_less_but_not_more(repo, usd):
    assert LIMITS.tightened_by(grant(max_usd=repo)).max_usd == usd


def test_the_last_free_place_is_taken_and_the_next_task_refused():
    admit(4, max_in_flight=5)
    with pytest.raises(Refused, match="5 of your tasks") as refused:
        admit(5, max_in_flight=5)
    assert refused.value.reason == "too_many_jobs"

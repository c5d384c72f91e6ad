"""A request becomes a commit on the branch, a pull request, or an honest no."""

from tests.integration.runner.world import World, job


def test_a_small_safe_change_is_merged(world: World) -> None:
    change = job()
    status = world.do(change)
    assert (status.status, status.reason) == ("auto_merged", None), status.notes
    assert world.log() == ["feat(cli): add --stdin flag (tests included)", "feat: count words"]

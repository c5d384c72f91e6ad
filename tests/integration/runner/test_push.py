"""Several refs move together, from where they must be, or not at all."""

import pytest

from runner.deadline import Deadline
from runner.delivery import Overtaken, Refused, push
from tests.integration.runner.world import REPO, TOKEN, World

MAIN, MEMORY = "refs/heads/main", "refs/sayso/a-job"


@pytest.mark.parametrize("elsewhere", [MAIN, MEMORY])
def test_if_one_ref_is_elsewhere_none_moves(world: World, elsewhere: str) -> None:
    base = str(world.head())
    workspace = world.runner().tools.workspace
    with workspace.checkout(REPO, "main", "a-job", Deadline.after(30)) as checkout:
        commit = checkout.git.line(
            *("commit-tree", checkout.base_tree, "-p", base, "-m", "next"), author=("Ada", "a@b.c")
        )
        other = checkout.git.line(
            *("commit-tree", checkout.base_tree, "-p", base, "-m", "other"), author=("Ada", "a@b.c")
        )
        push(checkout.git, {elsewhere: (base if elsewhere == MAIN else None, other)})
        with pytest.raises(Overtaken):
            push(checkout.git, {MAIN: (base, commit), MEMORY: (None, commit)})
    assert world.head() == (other if elsewhere == MAIN else base)
    assert world.repository.resolve(MEMORY) == (other if elsewhere == MEMORY else None)


def test_a_refusal_is_told_from_being_overtaken_and_tells_no_token(world: World) -> None:
    world.repository.protect("main", on=True)
    base = str(world.head())
    workspace = world.runner().tools.workspace
    with workspace.checkout(REPO, "main", "a-job", Deadline.after(30)) as checkout:
        commit = checkout.git.line(
            *("commit-tree", checkout.base_tree, "-p", base, "-m", "next"), author=("Ada", "a@b.c")
        )
        with pytest.raises(Refused) as refused:
            push(checkout.git, {MAIN: (base, commit), MEMORY: (None, commit)})
        assert TOKEN not in f"{refused.value!r} {refused.value.__cause__!r} {checkout!r}"
    assert world.repository.resolve(MEMORY) is None

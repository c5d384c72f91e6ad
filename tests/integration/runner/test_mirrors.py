"""A mirror that a killed git left broken costs one fetch, not every job that follows."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.deadline import Deadline
from runner.failure import Failure
from runner.git import GitFailed
from tests.integration.runner.world import REPO, World


def lock_a_ref(mirror: Path) -> None:
    (mirror / "refs" / "heads" / "main.lock").touch()


def empty_its_objects(mirror: Path) -> None:
    for each in (mirror / "objects").rglob("*"):
        if each.is_file():
            each.chmod(0o600)
            each.write_bytes(b"")


def lose_its_objects(mirror: Path) -> None:
    shutil.rmtree(mirror / "objects")
    (mirror / "objects").mkdir()


def lose_its_head(mirror: Path) -> None:
    (mirror / "HEAD").unlink()


def empty_its_ref(mirror: Path) -> None:
    (mirror / "refs" / "heads" / "main").write_bytes(b"")


@pytest.mark.parametrize(
    "breaking", [lock_a_ref, empty_its_objects, lose_its_objects, lose_its_head, empty_its_ref]
)
def test_the_next_job_finds_the_newest_base_all_the_same(
    world: World, breaking: Callable[[Path], None]
) -> None:
    workspace = world.runner().tools.workspace
    workspace.warm(REPO, Deadline.after(30))
    newest = world.commit({"notes.txt": "something else\n"})
    breaking(world.work_dir / "mirrors" / "acme" / "wordcount.git")
    with workspace.checkout(REPO, "main", "a-job", Deadline.after(30)) as checkout:
        assert checkout.base == newest
        assert checkout.git.run("cat-file", "blob", f"{newest}:notes.txt") == b"something else\n"


@pytest.mark.parametrize(
    "said",
    [
        "error: RPC failed; curl 56 Recv failure\nfatal: early EOF\nfatal: unpack-objects failed",
        "fatal: unable to access 'https://github.com/a/b.git/': Could not resolve host: github.com",
        "remote: Repository not found.\nfatal: repository 'https://github.com/a/b.git/' not found",
    ],
)
def test_a_bad_moment_of_the_network_is_no_broken_mirror(said: str) -> None:
    assert not GitFailed("fetch", 128, said).is_broken_here


def test_a_whole_mirror_is_kept_whatever_the_remote_refuses(world: World) -> None:
    workspace = world.runner().tools.workspace
    workspace.warm(REPO, Deadline.after(30))
    mirror = world.work_dir / "mirrors" / "acme" / "wordcount.git"
    before = mirror.stat().st_ino
    with (
        pytest.raises(Failure, match="no branch"),
        workspace.checkout(REPO, "elsewhere", "a-job", Deadline.after(30)),
    ):
        pass
    assert mirror.stat().st_ino == before

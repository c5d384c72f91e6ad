"""Small projects in git, as the gates see them: a base, and trees of what a change makes of it."""

from contextlib import ExitStack
from pathlib import Path

from runner.checkout import Checkout
from runner.deadline import Deadline
from runner.git import Git, Remote
from runner.trees import Trees
from tests.integration.runner.world import git, write

PASSES = "def test_one():\n    pass\n\n\ndef test_two():\n    pass\n"
FAILS = "def test_red():\n    assert False\n"


def checkout(folder: Path, files: dict[str, str]) -> Checkout:
    """A checkout of a project with these files."""
    project = folder / "project"
    project.mkdir()
    write(project, files)
    git(project, "init", "--quiet", "--initial-branch=main")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "feat: begin")
    (folder / "job").mkdir()
    mirror = Git(project / ".git", Remote(""), Deadline.after(120))
    base = mirror.line("rev-parse", "HEAD")
    trees = Trees(folder / "trees")
    return Checkout(mirror, folder / "job", folder / "measurements", trees, base, ExitStack())


def changed(base: Checkout, files: dict[str, str | None]) -> str:
    """The tree that the base becomes with these files; None deletes one."""
    work = base.work_tree()
    for path, text in files.items():
        if text is None:
            (work / path).unlink()
        else:
            write(work, {path: text})
    return base.tree_of_work()

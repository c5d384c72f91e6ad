"""Folders with the files of a tree, kept from job to job: git writes only what differs.

Writing 5,000 files takes seconds, finding out that they are there takes 30 ms. Git itself
compares each file with what it wrote, and nobody is given a folder that somebody else may change:

- `to_read`: boxes get these, read-only, as many at a time as want the same tree;
- `to_change`: an agent's, one job's at a time. A box is never given one.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO

from runner.git import Git, GitFailed

_EVERYBODYS, _OWNERS = 0o000, 0o022
"""Masks of permissions. Other users own what runs in a box and must be able to change their view
of these files; that nobody does so outside is seen to by the folder around them."""


@dataclass(frozen=True)
class Folder:
    """A place for the files of one tree, with the index that git compares them by."""

    place: Path

    @property
    def files(self) -> Path:
        """Where the files are; there is no git directory among them."""
        return self.place / "files"

    @property
    def index(self) -> Path:
        """What git knows of the files."""
        return self.place / "index"

    @property
    def tree(self) -> str | None:
        """The tree whose files these are, exactly; None if that is not known."""
        try:
            return (self.place / "tree").read_text()
        except FileNotFoundError:
            return None

    def forget(self) -> None:
        """From now on the files may be others than the tree's."""
        (self.place / "tree").unlink(missing_ok=True)

    def become(self, git: Git, tree: str, umask: int) -> None:
        """Make the files those of a tree, whatever was there before."""
        self.forget()
        self.index.with_suffix(".lock").unlink(missing_ok=True)  # of a git that was killed
        try:
            self._write(git, tree, umask)
        except GitFailed:  # it can't be made sense of: begin anew
            shutil.rmtree(self.files, ignore_errors=True)
            self.index.unlink(missing_ok=True)
            self._write(git, tree, umask)
        (self.place / "tree").write_text(tree)

    def _write(self, git: Git, tree: str, umask: int) -> None:
        self.files.mkdir(exist_ok=True)
        self.files.chmod(0o777 & ~umask)
        for command in (["read-tree", "-u", "--reset", tree], ["clean", "-ffdxq"]):
            git.run(*command, index=self.index, work_tree=self.files, umask=umask)


@dataclass(frozen=True)
class Trees:
    """All folders of one mirror, in `root/read/` and `root/change/`."""

    root: Path

    @contextmanager
    def to_read(self, git: Git, tree: str) -> Iterator[Path]:
        """A folder with exactly the files of a tree, that nobody writes to meanwhile."""
        with ExitStack() as held:
            with self._choosing("read") as place:
                folder = self._shared(place, tree, held)
                if folder is None:
                    folder, lock = self._free(place, held)
                    folder.become(git, tree, _EVERYBODYS)
                    fcntl.flock(lock, fcntl.LOCK_SH)
            yield folder.files

    @contextmanager
    def to_change(self, git: Git, tree: str) -> Iterator[Folder]:
        """A folder with the files of a tree, for one job alone."""
        with ExitStack() as held:
            with self._choosing("change") as place:
                folder, _ = self._free(place, held)
            folder.become(git, tree, _OWNERS)
            folder.forget()
            yield folder

    @contextmanager
    def _choosing(self, kind: str) -> Iterator[Path]:
        """One at a time, also across processes: locks on folders are taken only meanwhile."""
        place = self.root / kind
        place.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        with (self.root / f"{kind}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield place

    def _shared(self, place: Path, tree: str, held: ExitStack) -> Folder | None:
        """A folder that has the tree's files already, now held by one more."""
        for folder in map(Folder, sorted(place.iterdir())):
            if folder.tree == tree and _lock(folder, fcntl.LOCK_SH, held):
                return folder
        return None

    def _free(self, place: Path, held: ExitStack) -> tuple[Folder, IO[str]]:
        """A folder that nobody else holds, or a new one; and its lock."""
        for number in count():
            folder = Folder(place / f"{number:03}")
            folder.place.mkdir(exist_ok=True)
            lock = _lock(folder, fcntl.LOCK_EX, held)
            if lock:
                return folder, lock
        raise AssertionError("numbers end")


def _lock(folder: Folder, kind: int, held: ExitStack) -> IO[str] | None:
    """The folder's lock, until `held` is left; None if others have it."""
    lock = (folder.place / "lock").open("a")
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return held.enter_context(lock)

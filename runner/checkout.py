"""One job's view of a repository: a base commit, work trees beside it, and git between them.

No `.git` is ever in a work tree: git is told where the mirror is, and reads the files
afterwards through an index that only this job has.
"""

import io
import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path

from runner.change import NOTHING, Change, is_test, read
from runner.git import Git, GitFailed
from runner.report import PytestRun
from runner.trees import Folder, Trees

NO_FILE = "0" * 40


@dataclass(frozen=True)
class Checkout:
    """A base commit and what is made of it."""

    git: Git
    folder: Path
    """The job's own, outside the mirror."""
    measurements: Path
    """What pytest showed for a tree, kept across jobs."""
    trees: Trees
    base: str
    """Commit."""
    until_over: ExitStack
    """Left when the job is over."""
    _changes: dict[tuple[str, str], Change] = field(default_factory=dict)
    """What was read already, by the two trees."""

    def at(self, base: str) -> "Checkout":
        """The same job on another base."""
        return replace(self, base=base)

    @cached_property
    def base_tree(self) -> str:
        """The tree of the base commit."""
        return self.tree_of(self.base)

    def tree_of(self, commit: str) -> str:
        """The tree of a commit."""
        return self.git.line("rev-parse", "--verify", f"{commit}^{{tree}}")

    def parent_of(self, commit: str) -> str:
        """The first parent of a commit."""
        return self.git.line("rev-parse", "--verify", f"{commit}^")

    def files_of(self, tree: str) -> AbstractContextManager[Path]:
        """A folder with the files of a tree, which others may read meanwhile, and none change."""
        return self.trees.to_read(self.git, tree)

    def work_tree(self) -> Path:
        """A folder with the files of the base, for an agent to change until the job is over."""
        return self._work.files

    def tree_of_work(self) -> str:
        """The tree that the work tree's files make now."""
        index = self._work.index
        self.git.run("add", "--all", index=index, work_tree=self._work.files)
        return self.git.run("write-tree", index=index).decode().strip()

    def change_to(self, tree: str) -> Change:
        """What differs between the base and a tree."""
        between = (self.base_tree, tree)
        if between not in self._changes:
            account = self.git.run("diff-tree", *_ACCOUNT, *between)
            self._changes[between] = read(account, self._blobs)
        return self._changes[between]

    def diff_to(self, tree: str) -> bytes:
        """The same as a patch, for people."""
        return self.git.run("diff-tree", *_PATCH, self.base_tree, tree)

    def patch_id_of(self, tree: str) -> str | None:
        """A name for the change that stays the same when it is put on another base."""
        named = self.git.run("patch-id", "--stable", stdin=self.diff_to(tree)).split()
        return named[0].decode() if named else None

    def overlay(self, tree: str, from_base: Callable[[str], bool]) -> str:
        """A tree like `tree`, but with the base's version of some files.

        Args:
            tree: the tree to start from.
            from_base: whether a path, relative to the root, is taken from the base: put back if
                it was deleted, removed if it was not there.
        """
        restored = {
            path: entry
            for path, entry in self._entries_before(tree).items()
            if from_base(path.decode("utf-8", "replace"))
        }
        if not restored:
            return tree
        gone = [b"0 %s\t%s\0" % (NO_FILE.encode(), path) for path in restored]
        back = [b"%s\t%s\0" % (entry, path) for path, entry in restored.items() if entry]
        index = self.folder / "overlay.index"
        self.git.run("read-tree", tree, index=index)
        self.git.run("update-index", "-z", "--index-info", stdin=b"".join(gone + back), index=index)
        return self.git.run("write-tree", index=index).decode().strip()

    def put_on(self, base: str, commit: str) -> str | None:
        """The tree of a commit's change on another base, or None if the two conflict."""
        try:
            return self.git.line("merge-tree", "--write-tree", "--no-messages", base, commit)
        except GitFailed as failed:
            if failed.status == 1:
                return None
            raise

    def text_of(self, path: str) -> str | None:
        """A file of the base, or None if there is none."""
        try:
            return self.git.run("cat-file", "blob", f"{self.base}:{path}").decode(
                "utf-8", "replace"
            )
        except GitFailed:
            return None

    def root_files(self) -> list[str]:
        """The names of what stands at the root of the base."""
        listed = self.git.run("ls-tree", "-z", "--name-only", "--full-tree", self.base_tree)
        return [name.decode("utf-8", "replace") for name in listed.split(b"\0") if name]

    def sources(self) -> dict[str, bytes]:
        """Every Python file of the base outside its tests, by path."""
        names = {
            path.decode("utf-8", "replace"): entry.split()[1].decode()
            for path, entry in self._entries(self.base_tree).items()
            if path.endswith(b".py") and entry.startswith(b"100")
        }
        wanted = {path: name for path, name in names.items() if not is_test(path)}
        contents = self._blobs(wanted.values())
        return {path: contents[name] for path, name in wanted.items()}

    def measured(self, name: str) -> PytestRun | None:
        """What pytest showed before, under this name of a tree and of how it was run."""
        try:
            known = json.loads((self.measurements / f"{name}.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return PytestRun(**known | {"failing_files": frozenset()})

    def remember(self, name: str, run: PytestRun) -> None:
        """Keep what pytest showed, under this name; only a run without failures."""
        kept = {k: v for k, v in asdict(run).items() if k not in ("failing_files", "tail")}
        self.measurements.mkdir(parents=True, exist_ok=True)
        written = self.folder / f"{name}.json"
        written.write_text(json.dumps(kept))
        written.replace(self.measurements / written.name)

    def _blobs(self, names: Iterable[str]) -> dict[str, bytes]:
        """The contents of objects, by their names."""
        wanted = list(dict.fromkeys(names))
        asked = "".join(f"{name}\n" for name in wanted).encode()
        answered = io.BytesIO(self.git.run("cat-file", "--batch", stdin=asked))
        return {name: _next_blob(answered) for name in wanted}

    def _entries(self, tree: str) -> dict[bytes, bytes]:
        """`<mode> <object>` of every file of a tree, by path."""
        listed = self.git.run("ls-tree", "-r", "-z", "--full-tree", tree)
        entries = {}
        for line in filter(None, listed.split(b"\0")):
            meta, path = line.split(b"\t", 1)
            mode, _, name = meta.split(b" ")
            entries[path] = mode + b" " + name
        return entries

    def _entries_before(self, tree: str) -> dict[bytes, bytes | None]:
        """By path of each file in which a tree differs: `<mode> <object>` of the base, or None."""
        told = self.git.run("diff-tree", "-r", "-z", "--raw", "--no-renames", self.base_tree, tree)
        fields = told.split(b"\0")
        entries: dict[bytes, bytes | None] = {}
        for meta, path in zip(fields[:-1:2], fields[1::2], strict=True):
            mode, _, name, *_ = meta.removeprefix(b":").split(b" ")
            entries[path] = None if mode == NOTHING.encode() else mode + b" " + name
        return entries

    @cached_property
    def _work(self) -> Folder:
        return self.until_over.enter_context(self.trees.to_change(self.git, self.base_tree))


def _next_blob(batch: io.BytesIO) -> bytes:
    """The next object that `cat-file --batch` printed: `<name> blob <size>`, content, newline."""
    size = int(batch.readline().split()[2])
    content = batch.read(size)
    batch.read(1)
    return content


_ACCOUNT = ("-r", "-z", "--raw", "--numstat", "-M", "--no-abbrev", "--no-ext-diff", "--no-textconv")
_PATCH = ("-r", "-p", "-M", "--binary", "--full-index", "--no-ext-diff", "--no-textconv")

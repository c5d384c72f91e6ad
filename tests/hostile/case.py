"""One case of the table: what it does to the sample project, and what must be said of it."""

import os
import subprocess
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SAMPLE = Path(__file__).parents[1] / "fixtures/sample-repo"


@dataclass(frozen=True)
class Entry:
    """What stands at a path: a file of some mode, a link or a submodule."""

    content: bytes
    """A link's target; a submodule's commit."""
    mode: str = "100644"


Edits = Mapping[str, str | Entry | None]
"""Files by path; None deletes one."""


@dataclass(frozen=True)
class Case:
    """A patch, and the verdict that it must get."""

    name: str
    decision: str
    reasons: tuple[str, ...] = ()
    """Codes, of which at least one must be said."""
    edits: Edits = field(default_factory=dict)
    patch: bytes | None = None
    """Instead of edits: what no git would write."""
    lints: bool | None = None
    """What must be said of lint, where it matters."""
    tests: bool | None = None
    """What must be said of the tests, where it matters."""
    test_seconds: float = 60


def merges(name: str, edits: Edits) -> Case:
    """An honest change, which nobody should be asked about."""
    return Case(name, "auto_merged", edits=edits, lints=True, tests=True)


def asks(name: str, reasons: str, edits: Edits, **seen: bool) -> Case:
    """What a person must see; `reasons` are codes with `|` between them."""
    return Case(name, "pr_opened", tuple(reasons.split("|")), edits, **seen)


def fails(name: str, reason: str, patch: bytes) -> Case:
    """What can't be judged."""
    return Case(name, "fail", (reason,), patch=patch)


def text(path: str) -> str:
    """A file of the sample project."""
    return (SAMPLE / path).read_text()


def changed(path: str, old: str, new: str) -> dict[str, str]:
    """A file of the sample project in which one thing is said otherwise."""
    before = text(path)
    assert before.count(old) == 1, (path, old)
    return {path: before.replace(old, new)}


def added(path: str, more: str) -> dict[str, str]:
    """A file of the sample project with more at its end."""
    return {path: text(path) + textwrap.dedent(more)}


BROKEN = changed("wordcount/counting.py", "lines += 1", "lines += 2")
"""A bug that the base's tests find."""

FAILING_TEST = "def test_of_the_change():\n    assert 1 + 1 == 3\n"
"""A test that the change brings along, and that shows it to be wrong."""


def in_product(code: str) -> dict[str, str]:
    """A bug, and code that runs as soon as the tests import the product."""
    call = changed("wordcount/counting.py", "lines += 1", "lines = twice(lines)")
    [(path, source)] = call.items()
    use = "from dataclasses import dataclass\n"
    source = source.replace(use, f"{use}\nfrom wordcount.speed import twice\n")
    helper = "\n\ndef twice(number: int) -> int:\n    return number + 2\n"
    docstring = '"""Counting, only faster."""\n\n'
    return {path: source, "wordcount/speed.py": docstring + textwrap.dedent(code).strip() + helper}


def in_tests(code: str) -> dict[str, str]:
    """A test that fails, and code beside it that would hide this."""
    return {"tests/test_speed.py": f"{textwrap.dedent(code).strip()}\n\n\n{FAILING_TEST}"}


def probing(code: str) -> dict[str, str]:
    """A new test that passes in a box that holds."""
    return {"tests/test_probe.py": textwrap.dedent(code).strip() + "\n"}


_CACHES = {"__pycache__", ".pytest_cache", ".ruff_cache"}


@dataclass(frozen=True)
class Sample:
    """The sample project as a bare repository, and patches for it."""

    repo: Path

    @classmethod
    def create(cls, repo: Path) -> "Sample":
        """Commit the sample project to a new repository."""
        sample = cls(repo)
        sample.git("init", "--quiet", "--bare", "--initial-branch=main", str(repo))
        files = [path.relative_to(SAMPLE) for path in SAMPLE.rglob("*") if path.is_file()]
        edits = {str(path): text(str(path)) for path in files if not _CACHES & {*path.parts}}
        commit = sample.git("commit-tree", "-m", "feat: count words", sample._tree(edits))
        sample.git("update-ref", "refs/heads/main", commit.decode().strip())
        return sample

    def patch(self, edits: Edits) -> bytes:
        """The patch that makes these edits."""
        tree = self._tree(edits, base="main")
        return self.git("diff-tree", "-r", "-p", "-M", "--binary", "--full-index", "main", tree)

    def _tree(self, edits: Edits, base: str = "") -> str:
        index = f"{self.repo}/edits.index.{os.getpid()}"
        self.git("read-tree", *([base] if base else ["--empty"]), GIT_INDEX_FILE=index)
        lines = []
        for path, edit in edits.items():
            entry = Entry(edit.encode()) if isinstance(edit, str) else edit
            if entry is None:
                lines.append(b"0 " + b"0" * 40 + b"\t" + path.encode())
            elif entry.mode == "160000":
                lines.append(b"160000 " + entry.content + b"\t" + path.encode())
            else:
                name = self.git("hash-object", "-w", "--stdin", stdin=entry.content).strip()
                lines.append(entry.mode.encode() + b" " + name + b"\t" + path.encode())
        stdin = b"".join(line + b"\0" for line in lines)
        self.git("update-index", "-z", "--add", "--index-info", stdin=stdin, GIT_INDEX_FILE=index)
        return self.git("write-tree", GIT_INDEX_FILE=index).decode().strip()

    def git(self, *args: str, stdin: bytes = b"", **more: str) -> bytes:
        """Git in the repository, without the machine's configuration."""
        environment = {
            "PATH": "/usr/bin:/bin",
            "GIT_DIR": str(self.repo),
            "GIT_CONFIG_GLOBAL": "/dev/null",
            **{f"GIT_{role}_NAME": "Ada" for role in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{role}_EMAIL": "ada@example.com" for role in ("AUTHOR", "COMMITTER")},
            **more,
        }
        return subprocess.run(
            ["git", *args],
            input=stdin,
            capture_output=True,
            env=environment,
            check=True,
        ).stdout

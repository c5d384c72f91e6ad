"""`python -m runner try`, as people and scripts call it: a verdict, an untouched repository."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.integration.runner.world import PATCHES, ROOT, SAMPLE, git

GOOD = PATCHES / "add-stdin.diff"
FIELDS = {
    "decision": str,
    "reasons": list,
    "loc_delta": int,
    "files_touched": list,
    "lint_passed": bool | None,
    "tests_passed": bool | None,
    "duration_ms": int,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A work tree of the sample project, with one commit."""
    folder = tmp_path / "wordcount"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "feat: count words")
    return folder


def command(repo: Path, patch: Path | str, *options: str) -> list[str]:
    chosen = (f"--repo={repo}", f"--patch={patch}", f"--sandbox={os.environ['SANDBOX']}")
    return [sys.executable, "-m", "runner", "try", *chosen, *options]


def tried(
    repo: Path, patch: Path | str, *options: str, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command(repo, patch, *options),
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )


def verdict(repo: Path, patch: Path | str, *options: str, stdin: bytes = b"") -> dict[str, object]:
    """What `--json` printed: one object and nothing else."""
    done = tried(repo, patch, "--json", *options, stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b"")
    facts = json.loads(done.stdout)
    assert facts.keys() == FIELDS.keys()
    assert all(isinstance(facts[name], kind) for name, kind in FIELDS.items())
    return facts


def test_a_good_patch_would_be_merged(project: Path) -> None:
    facts = verdict(project, GOOD)
    assert facts.pop("duration_ms") > 0
    assert facts == {
        "decision": "auto_merged",
        "reasons": [],
        "loc_delta": 49,
        "files_touched": ["README.md", "tests/test_cli.py", "wordcount/cli.py"],
        "lint_passed": True,
        "tests_passed": True,
    }


@pytest.mark.parametrize(
    ("patch", "reason", "lint", "tests"),
    [
        ("failing-tests", "tests_failed: its tests fail", True, False),
        ("failing-lint", "lint_failed: ruff finds fault with it", False, True),
        (
            "risky-security",
            "blocked_path: it touches security/paths.py, which is under security/",
            True,
            True,
        ),
    ],
)
def test_the_rest_would_ask(
    project: Path, patch: str, reason: str, lint: bool, tests: bool
) -> None:
    facts = verdict(project, PATCHES / f"{patch}.diff")
    assert (facts["decision"], facts["reasons"]) == ("pr_opened", [reason])
    assert (facts["lint_passed"], facts["tests_passed"]) == (lint, tests)


def test_what_is_not_reached_is_null(project: Path) -> None:
    git(project, "rm", "--quiet", "wordcount/cli.py")
    git(project, "commit", "--quiet", "--message", "chore: no command line")
    facts = verdict(project, GOOD)
    assert (facts["decision"], facts["lint_passed"], facts["tests_passed"]) == ("fail", None, None)
    [reason] = facts["reasons"]
    assert reason.startswith("patch_does_not_apply: ")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--loc-limit=49",), "too_large"),
        (("--loc-limit=50",), None),
        (("--blocked-path=docs/", "--blocked-path=wordcount/"), "blocked_path"),
        (("--blocked-path=docs/",), None),
    ],
)
def test_the_rule_can_be_given(project: Path, options: tuple[str, ...], code: str | None) -> None:
    reasons = verdict(project, GOOD, *options)["reasons"]
    assert [reason.partition(":")[0] for reason in reasons] == ([code] if code else [])


def test_a_person_gets_words_and_the_failing_output(project: Path) -> None:
    done = tried(project, PATCHES / "failing-tests.diff")
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert said.startswith("pr_opened: a person would be asked\n  - tests_failed: its tests fail\n")
    assert "no newline at the end" in said
    assert "\x1b" not in said


def test_a_name_in_a_patch_commands_no_terminal(project: Path) -> None:
    evil = b'diff --git "a/\\033]0;x.md" "b/\\033]0;x.md"\nnew file mode 100644\n--- /dev/null\n'
    evil += b'+++ "b/\\033]0;x.md"\n@@ -0,0 +1 @@\n+x\n'
    done = tried(project, "-", stdin=evil)
    assert b"1 lines in \\x1b]0;x.md\n" in done.stdout
    assert b"\x1b" not in done.stdout


def test_the_base_can_be_any_revision(project: Path) -> None:
    git(project, "tag", "old")
    git(project, "rm", "--quiet", "-r", "wordcount", "tests")
    git(project, "commit", "--quiet", "--message", "chore: nothing left")
    assert verdict(project, GOOD)["decision"] == "fail"
    assert verdict(project, GOOD, "--base=old")["decision"] == "auto_merged"
    assert verdict(project, GOOD, "--base=HEAD~1")["decision"] == "auto_merged"


def as_it_is(project: Path) -> Path:
    return project


def bare(project: Path) -> Path:
    git(project.parent, "clone", "--quiet", "--bare", str(project), "bare.git")
    return project.parent / "bare.git"


def shallow(project: Path) -> Path:
    git(project, "commit", "--quiet", "--allow-empty", "--message", "chore: nothing")
    git(project.parent, "clone", "--quiet", "--depth=1", project.as_uri(), "shallow")
    return project.parent / "shallow"


def linked(project: Path) -> Path:
    git(project, "worktree", "add", "--quiet", "--detach", str(project.parent / "linked"))
    return project.parent / "linked"


def borrowing(project: Path) -> Path:
    git(project.parent, "clone", "--quiet", "--shared", str(project), "borrowing")
    return project.parent / "borrowing"


def dirty(project: Path) -> Path:
    (project / "wordcount/cli.py").write_text("work in progress(")
    git(project, "add", "--all")
    (project / "tests/test_cli.py").unlink()
    return project


def of_somebody_else(project: Path) -> Path:
    """Only root can give a folder away; what git thinks of it is then the same as for anybody."""
    for path in (project, *project.rglob("*")) if os.geteuid() == 0 else ():
        os.lchown(path, 12345, 12345)
    return project


def booby_trapped(project: Path) -> Path:
    """A repository whose own settings would run something, or turn a patch into another."""
    trap = f"touch {project.parent}/sprung; false"
    for name in ("core.fsmonitor", "core.sshCommand", "filter.evil.smudge", "filter.evil.clean"):
        git(project, "config", name, trap)
    git(project, "config", "core.hooksPath", "hooks")
    git(project, "config", "apply.whitespace", "error")
    git(project, "config", "core.autocrlf", "true")
    hooks = project / "hooks"
    hooks.mkdir()
    for hook in ("post-checkout", "post-index-change", "reference-transaction"):
        (hooks / hook).write_text(f"#!/bin/sh\n{trap}\n")
        (hooks / hook).chmod(0o755)
    (project / ".git/info").mkdir(exist_ok=True)
    (project / ".git/info/attributes").write_text("* filter=evil -diff\n")
    return project


KINDS = [as_it_is, bare, shallow, linked, borrowing, dirty, of_somebody_else, booby_trapped]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_any_kind_of_repository_is_read_and_left_as_it_is(
    project: Path, kind: Callable[[Path], Path]
) -> None:
    repo = kind(project)
    before = contents(project.parent)
    assert verdict(repo, GOOD)["decision"] == "auto_merged"
    assert contents(project.parent) == before


def contents(folder: Path) -> dict[str, tuple[int, str]]:
    """Each file's time of change and content, and each folder's time."""
    return {
        str(path): (
            path.lstat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in folder.rglob("*")
    }


WRONG = {
    "no such folder": ("missing", GOOD, (), "is not the root of a git repository"),
    "no repository": (".", GOOD, (), "is not the root of a git repository"),
    "a folder inside": ("wordcount/wordcount", GOOD, (), "is not the root of a git repository"),
    "no such revision": ("wordcount", GOOD, ("--base=nope",), "name another one with --base"),
    "an option as revision": ("wordcount", GOOD, ("--base=--all",), "name another one with --base"),
    "a tree as revision": ("wordcount", GOOD, ("--base=HEAD^{tree}",), "has no commit"),
    "no such patch": ("wordcount", "nope.diff", (), "No such file or directory: 'nope.diff'"),
    "a folder as patch": ("wordcount", "/", (), "Is a directory"),
    "no number": ("wordcount", GOOD, ("--loc-limit=many",), "--loc-limit"),
    "no time": ("wordcount", GOOD, ("--seconds=0",), "--seconds"),
    "unknown option": ("wordcount", GOOD, ("--yes",), "unrecognized arguments"),
}


@pytest.mark.parametrize(("repo", "patch", "options", "said"), WRONG.values(), ids=WRONG.keys())
def test_wrong_usage_is_status_2_and_says_what_is_wrong(
    project: Path, repo: str, patch: Path, options: tuple[str, ...], said: str
) -> None:
    done = tried(project.parent / repo, patch, "--json", *options)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


HANGS = {
    "tests/test_hang.py": """import subprocess


def test_hang():
    subprocess.run(["sleep", "600"])
"""
}


def adding(files: Mapping[str, str]) -> bytes:
    """A patch that adds files."""
    patch = ""
    for path, text in files.items():
        lines = text.splitlines(keepends=True)
        patch += (
            f"diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n"
        )
        patch += f"@@ -0,0 +1,{len(lines)} @@\n" + "".join(f"+{line}" for line in lines)
    return patch.encode()


def test_time_is_up_when_it_is_said_to_be(project: Path) -> None:
    facts = verdict(project, "-", "--seconds=3", stdin=adding(HANGS))
    assert facts["decision"] == "fail"
    assert facts["reasons"] == [
        "timed_out: The job took longer than it may; ask for a smaller step."
    ]
    assert (facts["lint_passed"], facts["tests_passed"]) == (None, None)


@contextmanager
def hanging(project: Path, tmp_path: Path) -> Iterator[psutil.Popen]:
    """A `try` whose tests hang, once they do."""
    (tmp_path / "hang.diff").write_bytes(adding(HANGS))
    running = psutil.Popen(
        command(project, tmp_path / "hang.diff", "--json"),
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        while not any(_name(child) == "sleep" for child in running.children(True)):
            assert running.poll() is None, running.stderr.read()
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.communicate()


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_it_and_leaves_nothing(
    project: Path, tmp_path: Path, signum: signal.Signals
) -> None:
    with hanging(project, tmp_path) as running:
        boxes = running.children(recursive=True)
        running.send_signal(signum)
        out, err = running.communicate(timeout=30)
        assert (running.returncode, out, err) == (130, b"", b"runner try: interrupted\n")
        assert psutil.wait_procs(boxes, timeout=30)[1] == []
    assert list(tmp_path.glob("sayso-try-*")) == []

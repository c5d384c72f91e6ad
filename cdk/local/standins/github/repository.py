"""A bare git repository on disk, and what GitHub does to one on its own side."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NO_COMMIT = "0" * 40
MERGER = {
    "GIT_COMMITTER_NAME": "GitHub",
    "GIT_COMMITTER_EMAIL": "noreply@github.com",
    "GIT_AUTHOR_NAME": "Sayso",
    "GIT_AUTHOR_EMAIL": "sayso@users.noreply.github.com",
}
# GitHub refuses a push to a protected branch with this message and accepts its own merges.
PRE_RECEIVE = """#!/bin/sh
while read -r old new ref; do
  for branch in $(git config --get-all sayso.protected); do
    if [ "$ref" = "refs/heads/$branch" ]; then
      echo "error: GH006: Protected branch update failed for $ref." >&2
      exit 1
    fi
  done
done
"""


class GitRefused(Exception):
    """git ended with an error; the text is its own."""


@dataclass(frozen=True)
class Repository:
    """`<root>/<owner>/<name>.git`."""

    root: Path
    owner: str
    name: str

    @property
    def path(self) -> Path:
        """Where the bare repository lies."""
        return self.root / self.owner / f"{self.name}.git"

    @property
    def full_name(self) -> str:
        """`owner/name`, as GitHub spells it."""
        return f"{self.owner}/{self.name}"

    def create(self) -> None:
        """Make an empty repository that answers git as GitHub's do; an existing one stays."""
        if self.path.exists():
            return
        self.path.mkdir(parents=True)
        self.git("init", "--quiet", "--bare", "--initial-branch=main")
        for key in ("allowFilter", "allowTipSHA1InWant", "allowReachableSHA1InWant"):
            self.git("config", f"uploadpack.{key}", "true")
        hook = self.path / "hooks" / "pre-receive"
        hook.write_text(PRE_RECEIVE)
        hook.chmod(0o755)

    def git(self, *arguments: str, identity: Mapping[str, str] = MERGER) -> str:
        """Run git in the repository, without the machine's configuration.

        Raises:
            GitRefused: it failed.
        """
        environment = {
            "PATH": os.defpath,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **identity,
        }
        done = subprocess.run(
            ("git", *arguments),
            cwd=self.path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise GitRefused(done.stderr.strip() or done.stdout.strip())
        return done.stdout.strip()

    def resolve(self, ref: str) -> str | None:
        """The commit that a full ref name or a SHA stands for; None if there is none."""
        try:
            return self.git("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        except GitRefused:
            return None

    def branch(self, name: str) -> str | None:
        """A branch's commit; None if there is no such branch."""
        return self.resolve(f"refs/heads/{name}")

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether every commit of `old` is in `new`."""
        try:
            self.git("merge-base", "--is-ancestor", old, new)
        except GitRefused:
            return False
        return True

    def set_ref(self, ref: str, new: str, old: str = "") -> None:
        """Move a ref; with `old` only from there (NO_COMMIT: only if it does not exist)."""
        self.git("update-ref", ref, new, *([old] if old else []))

    def delete_ref(self, ref: str) -> None:
        """Remove a ref."""
        self.git("update-ref", "-d", ref)

    def protect(self, branch: str, *, on: bool) -> None:
        """Refuse pushes to a branch from now on, or no more."""
        if on == self.is_protected(branch):
            return
        how = ("--add", "sayso.protected", branch)
        self.git("config", *(how if on else ("--unset", "sayso.protected", f"^{branch}$")))

    def is_protected(self, branch: str) -> bool:
        """Whether pushes to the branch are refused."""
        try:
            return branch in self.git("config", "--get-all", "sayso.protected").splitlines()
        except GitRefused:
            return False

    def numstat(self, base: str, head: str) -> tuple[int, int, int]:
        """Lines added and removed and files changed since the common ancestor."""
        rows = [
            row.split("\t")
            for row in self.git("diff", "--numstat", f"{base}...{head}").splitlines()
        ]
        added, removed = (sum(int(row[i]) for row in rows if row[i] != "-") for i in (0, 1))
        return added, removed, len(rows)

    def merged_tree(self, base: str, head: str) -> str | None:
        """The tree of a merge of two commits; None where they conflict."""
        try:
            return self.git("merge-tree", "--write-tree", base, head)
        except GitRefused:
            return None

    def commit(self, tree: str, parents: list[str], message: str) -> str:
        """Write a commit and return its SHA; no ref moves."""
        flags = [part for parent in parents for part in ("-p", parent)]
        return self.git("commit-tree", tree, *flags, "-m", message)

    def replay(self, base: str, head: str) -> str:
        """Rebase the commits of `head` that `base` lacks onto it, in a work tree of their own.

        Raises:
            GitRefused: they conflict.
        """
        with tempfile.TemporaryDirectory() as scratch:
            tree = f"{scratch}/tree"
            self.git("worktree", "add", "--quiet", "--detach", tree, base)
            try:
                self.git("-C", tree, "cherry-pick", f"{base}..{head}", identity=COMMITTER)
                return self.git("-C", tree, "rev-parse", "HEAD")
            finally:
                self.git("worktree", "remove", "--force", tree)


COMMITTER = {key: value for key, value in MERGER.items() if "COMMITTER" in key}

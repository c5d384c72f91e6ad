"""Mirrors that stay warm between jobs, and a folder for each job that does not."""

import fcntl
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from aws_lambda_powertools import Logger

from runner.checkout import Checkout
from runner.deadline import Deadline
from runner.failure import Failure
from runner.git import ATTRIBUTES, Git, GitFailed, Remote
from runner.memory import job_ref
from runner.patience import patiently
from runner.trees import Trees

NEW_SECONDS = 60
LOOK_SECONDS = 0.02

_NO_ACCESS = (
    "not found", "does not exist", "does not appear to be a git repository", "error: 403",
    "authentication failed", "could not read username", "terminal prompts disabled",
)  # fmt: skip

logger = Logger(service="runner")


def request_branch(job_id: object) -> str:
    """The branch of a job's pull request."""
    return f"refs/heads/sayso/{job_id}"


@dataclass(frozen=True)
class Workspace:
    """The runner's folder: `mirrors/<org>/<project>.git`, `jobs/`, `measurements/`."""

    root: Path
    remote: Callable[[str], Remote]
    """Where a repository (`git@github.com:org/project.git`) is."""

    @contextmanager
    def checkout(
        self, repo: str, branch: str, job_id: object, deadline: Deadline
    ) -> Iterator[Checkout]:
        """A job's checkout of the newest base; its folder is gone afterwards.

        Raises:
            Failure: `clone_failed`, `branch_not_found`.
        """
        git = self._git(repo, deadline)
        base = self.fetch(git, branch, job_id)
        trees = Trees(git.git_dir.with_suffix(".trees"))
        with self._job_folder() as folder, ExitStack() as until_over:
            yield Checkout(git, folder, self.root / "measurements", trees, base, until_over)

    def fetch(self, git: Git, branch: str, job_id: object) -> str:
        """Bring the branch, and what this job may have delivered already; the branch's commit.

        Raises:
            Failure: the repository can't be read, or has no such branch.
        """
        return patiently(git.deadline, lambda: self._fetch(git, branch, job_id))

    def _fetch(self, git: Git, branch: str, job_id: object) -> str:
        job, request = job_ref(job_id), request_branch(job_id)
        heads = f"refs/heads/{branch}"
        with self._locked(git.git_dir):
            # A star at the end: a ref that does not exist (yet) is no error, and one that
            # has gone is pruned.
            refs = [f"+{heads}:{heads}", f"+{job}*:{job}*", f"+{request}*:{request}*"]
            try:
                bring(git, *refs)
            except GitFailed as failed:
                raise _explained(failed, branch) from failed
            base = git.resolve(heads)
        if base is None:
            raise _no_branch(branch)
        return base

    def warm(self, repo: str, deadline: Deadline) -> str | None:
        """Bring all branches of a repository; the name of its default branch."""
        git = self._git(repo, deadline)
        return patiently(deadline, lambda: self._warm(git))

    def _warm(self, git: Git) -> str | None:
        with self._locked(git.git_dir):
            bring(git, "+refs/heads/*:refs/heads/*")
        head = git.run("ls-remote", "--symref", git.remote.url, "HEAD", online=True).decode()
        name = head.partition("ref: refs/heads/")[2].partition("\t")[0]
        return name or None

    @contextmanager
    def turn(self, git: Git) -> Iterator[None]:
        """The turn to deliver to a repository, among all runners of this machine.

        Who has it may put a change on the newest base, prove it and push it, and is overtaken only
        by others elsewhere.

        Raises:
            Failure: `timed_out`, `cancelled`: while waiting.
        """
        with git.git_dir.with_suffix(".turn").open("a") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    git.deadline.pause(LOOK_SECONDS)
            yield

    def mirrored(self) -> list[str]:
        """The repositories that have a mirror here."""
        mirrors = sorted(self.root.glob("mirrors/*/*.git/HEAD"))
        return [f"git@github.com:{head.parent.parent.name}/{head.parent.name}" for head in mirrors]

    def sweep(self) -> None:
        """Remove the folders of jobs whose runner was killed."""
        for folder in self.root.glob("jobs/*"):
            if time.time() - folder.stat().st_mtime < NEW_SECONDS:
                continue  # its lock may not be there yet
            with (folder / "lock").open("a") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue  # its runner lives
                shutil.rmtree(folder, ignore_errors=True)

    def _git(self, repo: str, deadline: Deadline) -> Git:
        name = repo.partition(":")[2]
        return Git(self.root / "mirrors" / name, self.remote(repo), deadline)

    @contextmanager
    def _locked(self, git_dir: Path) -> Iterator[None]:
        """One fetch at a time for each mirror, also across processes."""
        git_dir.parent.mkdir(parents=True, exist_ok=True)
        with git_dir.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _job_folder(self) -> Iterator[Path]:
        jobs = self.root / "jobs"
        jobs.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=jobs))
        try:
            with (folder / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH)
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def bring(git: Git, *refs: str) -> None:
    """Fetch into the mirror; one that a killed git left broken is made anew, once.

    Raises:
        GitFailed: the repository can't be read.
    """
    create_mirror(git)
    fetch = ("fetch", *_QUIETLY, git.remote.url, *refs)
    try:
        git.run(*fetch, online=True)
    except GitFailed as failed:
        if not failed.is_broken_here:
            raise
        # Jobs that are using it fail, and are tried again; they would have failed anyway.
        logger.warning("a broken mirror is made anew", mirror=str(git.git_dir), said=failed.said)
        shutil.rmtree(git.git_dir)
        create_mirror(git)
        git.run(*fetch, online=True)


def create_mirror(git: Git) -> None:
    """Make the bare repository, unless it is there; it obeys nothing of what it will hold."""
    attributes = git.git_dir / "info" / "attributes"
    if not attributes.exists():
        attributes.parent.mkdir(parents=True, exist_ok=True)
        git.run("init", "--bare", "--quiet", "--template=", "--initial-branch=main")
        attributes.write_text(ATTRIBUTES)


_QUIETLY = ("--quiet", "--no-tags", "--prune", "--no-write-fetch-head", "--no-auto-maintenance")


def _explained(failed: GitFailed, branch: str) -> Exception:
    """What a person can do about a fetch that failed; the failure itself if trying again may."""
    said = failed.said.casefold()
    if "couldn't find remote ref" in said:
        return _no_branch(branch)
    if any(sign in said for sign in _NO_ACCESS):
        return Failure(
            "clone_failed",
            "The repository can't be read; check its name and that Sayso was given access.",
        )
    return failed


def _no_branch(branch: str) -> Failure:
    return Failure("branch_not_found", f"The repository has no branch {branch}; name another one.")

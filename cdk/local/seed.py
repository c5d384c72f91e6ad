"""What a new system needs before anyone can speak: secrets, a repository, a user with a phone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from uuid import uuid4

import requests

from cdk.local import emulator
from cdk.local.identity import (
    DEVELOPER_EMAIL,
    DEVELOPER_ID,
    DEVELOPER_PHONE,
    Keys,
    access_token,
    service_account,
)
from cdk.local.processes import LocalError
from cdk.local.settings import ROOT, LocalSettings
from cdk.local.standins.github.repository import Repository

SAMPLE = "sayso/wordcount"
DEMO = "sayso/wordcount-demo"
"""The demo's own copy of the sample project: what it puts back is nobody's work."""
SAMPLE_FILES = ROOT / "tests" / "fixtures" / "sample-repo"
REHEARSAL = ROOT / "tests" / "fixtures" / "speech" / "add-version.wav"
REHEARSAL_SECONDS = 60
# Fixed, so that the first commit has the same SHA on every machine.
FIRST_COMMIT = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_AUTHOR_DATE": "2026-01-01T12:00:00+00:00",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_COMMITTER_DATE": "2026-01-01T12:00:00+00:00",
}


def put_secrets(settings: LocalSettings) -> bool:
    """Give the deployed app the secrets that a person would.

    Returns:
        True if one of them changed.
    """
    keys = Keys.of(settings.home)
    values = {
        "database-url": settings.database_url,
        "openai-api-key": keys.openai_api_key,
        "push-api-key": keys.push_api_key,
        "supabase-jwt-secret": keys.supabase_jwt_secret,
        "github-token": keys.github_token,
        "vertex-credentials": service_account(settings),
    }
    changed = [emulator.put_secret(settings, name, value) for name, value in values.items()]
    return any(changed)


def create_repository(settings: LocalSettings, full_name: str) -> Repository:
    """Put the sample project on the GitHub stand-in under a name; an existing one stays.

    Returns:
        The repository, with one commit on `main` if it is new.
    """
    owner, _, name = full_name.partition("/")
    repository = Repository(settings.home / "github", owner, name)
    repository.create()
    if repository.branch("main") is None:
        repository.set_ref("refs/heads/main", first_commit(repository))
    return repository


def first_commit(repository: Repository) -> str:
    """Write the sample project as a commit without parents; the same SHA every time."""
    with tempfile.TemporaryDirectory() as scratch:
        identity = {**FIRST_COMMIT, "GIT_INDEX_FILE": f"{scratch}/index"}
        work_tree = ("--git-dir", str(repository.path), "--work-tree", str(SAMPLE_FILES))
        repository.git(*work_tree, "add", "--all", str(SAMPLE_FILES), identity=identity)
        tree = repository.git("write-tree", identity=identity)
        message = "feat: count lines, words and characters"
        return repository.git("commit-tree", tree, "-m", message, identity=identity)


def grant(settings: LocalSettings, full_name: str, *, is_default: bool) -> None:
    """Give the developer a repository, by the command that an administrator would use.

    Args:
        settings: of the local system.
        full_name: owner/name.
        is_default: whether a request that names no repository means this one.

    Raises:
        LocalError: the command refused; the text is its own.
    """
    done = subprocess.run(
        [
            *(sys.executable, "-m", "services.status.grant", DEVELOPER_EMAIL, full_name),
            *("--user-id", DEVELOPER_ID, "--default" if is_default else "--no-default"),
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": settings.database_url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise LocalError(f"The sample repository could not be granted:\n{done.stderr}")


def register_phone(settings: LocalSettings, api: str) -> None:
    """Register the developer's phone as the app would: over HTTP.

    Raises:
        LocalError: the API refused; the text is its answer.
    """
    response = requests.put(
        f"{api}/device",
        json={"token": DEVELOPER_PHONE, "platform": "ios"},
        headers={"Authorization": f"Bearer {access_token(settings)}"},
        timeout=30,
    )
    if not response.ok:
        raise LocalError(f"PUT /device answered {response.status_code}: {response.text[:500]}")


def rehearse(settings: LocalSettings, api: str) -> None:
    """Let a stranger say something, and see it refused: every function works, and is warm.

    The stranger has no repository, so the task ends before it reaches a runner.

    Raises:
        LocalError: it was not accepted, or did not end in that way within a minute.
    """
    stranger = str(uuid4())
    token = access_token(settings, stranger, f"{stranger}@example.com")
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    audio = {"audio": ("task.wav", REHEARSAL.read_bytes(), "audio/wav")}
    accepted = session.post(f"{api}/task", files=audio, timeout=30)
    if not accepted.ok:
        raise LocalError(f"POST /task answered {accepted.status_code}: {accepted.text[:500]}")
    deadline = time.monotonic() + REHEARSAL_SECONDS
    task: dict[str, object] = {}
    while time.monotonic() < deadline:
        answer = session.get(f"{api}/tasks/{accepted.json()['job_id']}", timeout=30)
        task = answer.json() if answer.ok else task
        if task.get("reason") == "no_repo":
            return
        if task.get("status", "pending") != "pending":
            break
        time.sleep(0.1)
    raise LocalError(f"A rehearsal did not come through; its task is {task}: see `make logs`.")

"""A local system as a person meets it: HTTP in front, git and pushes behind."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import psycopg
import requests
import yaml
from jsonschema_path import SchemaPath
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse

from cdk.local.identity import access_token
from cdk.local.seed import create_repository
from cdk.local.settings import LocalSettings

ROOT = Path(__file__).parents[2]
SPEECH = ROOT / "tests/fixtures/speech"
PATIENCE_SECONDS = 60
FIRST_LOOK_SECONDS = 0.05

T = TypeVar("T")


def eventually(look: Callable[[], T | None], what: str, patience: float = PATIENCE_SECONDS) -> T:
    """The first answer that is something; fails, naming `what`, when patience ends."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(FIRST_LOOK_SECONDS)
    raise AssertionError(f"never happened within {patience:.0f} s: {what}")


@dataclass(frozen=True)
class LocalSystem:
    """One running system, brought up by `python -m cdk.local`."""

    settings: LocalSettings

    def cli(self, *arguments: str, module: str = "cdk.local", **more_environment: str) -> str:
        """What a command of ours prints; it has to succeed."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=os.environ | self._environment | more_environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{module} {arguments}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def grant(self, person: "Person", repository: str) -> None:
        """Let somebody use a repository (`owner/name`), as an administrator does."""
        self.cli(
            *(person.email, repository, "--user-id", str(person.id), "--default"),
            module="services.status.grant",
            DATABASE_URL=self.endpoints["postgres"],
        )

    @property
    def _environment(self) -> dict[str, str]:
        """The settings as the command line takes them."""
        settings = {"home": self.settings.home, "agents": self.settings.agents}
        settings |= self.settings.ports
        return {f"SAYSO_LOCAL_{name.upper()}": str(value) for name, value in settings.items()}

    def new_repository(self, name: str) -> None:
        """Put a fresh copy of the sample project on the GitHub stand-in."""
        create_repository(self.settings, name)

    @cached_property
    def endpoints(self) -> dict[str, Any]:
        """Where everything is; see `cdk/local/README.md`."""
        found: dict[str, Any] = json.loads((self.settings.home / "endpoints.json").read_text())
        return found

    @cached_property
    def description(self) -> OpenAPI:
        """The API as it is promised, at the address where it is served."""
        promised = ROOT / "contracts/openapi.yaml"
        spec = yaml.safe_load(promised.read_text()) | {"servers": [{"url": self.endpoints["api"]}]}
        return OpenAPI(
            SchemaPath.from_dict(spec, base_uri=promised.as_uri()),
            Config(extra_media_type_deserializers={"application/problem+json": json.loads}),
        )

    def request(self, method: str, path: str, **more: Any) -> requests.Response:
        """Ask the API; every answer has to be one that `openapi.yaml` promises."""
        response = requests.request(method, self.endpoints["api"] + path, timeout=30, **more)
        assert response.status_code < 500, response.text
        self.description.validate_response(
            RequestsOpenAPIRequest(response.request), RequestsOpenAPIResponse(response)
        )
        return response

    def sql(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Ask Postgres itself."""
        with psycopg.connect(
            self.endpoints["postgres"], row_factory=psycopg.rows.dict_row
        ) as connection:
            return connection.execute(query, values).fetchall()

    def new_person(self) -> "Person":
        """Somebody who signs in for the first time, with a phone and no repository."""
        return Person(self, uuid4())


@dataclass(frozen=True)
class Person:
    """A developer with a phone."""

    system: LocalSystem
    id: UUID

    @property
    def email(self) -> str:
        """An address that nobody else has."""
        return f"{self.id}@example.com"

    @cached_property
    def token(self) -> str:
        """The access token of a sign-in."""
        return access_token(self.system.settings, str(self.id), self.email)

    @property
    def push_token(self) -> str:
        """Where the phone is reached."""
        return f"ExponentPushToken[{self.id}]"

    def request(self, method: str, path: str, **more: Any) -> requests.Response:
        """Ask the API as this person."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.system.request(method, path, headers=headers, **more)

    def registers_phone(self) -> None:
        """Let pushes arrive."""
        device = {"token": self.push_token, "platform": "ios"}
        assert self.request("PUT", "/device", json=device).status_code == 204

    def says(self, recording: str, key: str | None = None, **fields: str) -> str:
        """Upload one of the spoken requests; the job_id."""
        audio = (SPEECH / f"{recording}.wav").read_bytes()
        return self.uploads(audio, key, **fields)

    def uploads(self, audio: bytes, key: str | None = None, **fields: str) -> str:
        """Upload a recording; the job_id."""
        accepted = self.request(
            "POST",
            "/task",
            files={"audio": ("task.wav", audio, "audio/wav")},
            data=fields,
            headers={"Idempotency-Key": key} if key else {},
        )
        assert accepted.status_code == 202, accepted.text
        return str(accepted.json()["job_id"])

    def types(self, text: str, **fields: str) -> str:
        """Ask in writing; the job_id."""
        multipart = {name: (None, value) for name, value in ({"text": text} | fields).items()}
        accepted = self.request("POST", "/task", files=multipart)
        assert accepted.status_code == 202, accepted.text
        return str(accepted.json()["job_id"])

    def task(self, job_id: str) -> dict[str, Any]:
        """The task as the app sees it; empty until it is known."""
        answer = self.request("GET", f"/tasks/{job_id}")
        found: dict[str, Any] = answer.json() if answer.ok else {}
        return found

    def sees(self, job_id: str, *statuses: str) -> dict[str, Any]:
        """Wait until the task has one of these statuses."""

        def look() -> dict[str, Any] | None:
            task = self.task(job_id)
            return task if task.get("status") in statuses else None

        try:
            return eventually(look, f"task {job_id} becomes {' or '.join(statuses)}")
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {self.task(job_id)}") from None

    def decides(self, what: str, task: dict[str, Any], **more: Any) -> requests.Response:
        """Approve or reject the commit that the task shows."""
        body = {"job_id": task["job_id"], "commit_sha": task["commit_sha"]} | more
        return self.request("POST", f"/webhook/{what}", json=body)

    def pushes(self, job_id: str | None = None) -> list[dict[str, Any]]:
        """What the phone has shown, oldest first."""
        lines = Path(self.system.endpoints["push_log"]).read_text().splitlines()
        shown = [json.loads(line) for line in lines]
        return [
            push
            for push in shown
            if push["to"] == self.push_token and job_id in (None, push["data"].get("job_id"))
        ]

    def is_pushed(self, job_id: str, times: int = 1) -> dict[str, Any]:
        """Wait for the task's push; the newest one."""
        what = f"{times} push(es) for task {job_id}"
        return eventually(
            lambda: pushed if len(pushed := self.pushes(job_id)) >= times else None, what
        )[-1]


@dataclass(frozen=True)
class Repository:
    """A repository on the GitHub stand-in, seen through git."""

    system: LocalSystem
    name: str
    clone: Path

    @property
    def ssh_url(self) -> str:
        """As jobs name it."""
        return f"git@github.com:{self.name}.git"

    def git(self, *arguments: str) -> str:
        """Run git in a fresh view of the remote."""
        done = subprocess.run(
            ["git", "-C", str(self.clone), *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def log(self, branch: str = "main") -> list[str]:
        """The commits of a branch on the remote, newest first."""
        self.git("fetch", "--quiet", "--prune", "origin", "+refs/*:refs/remote/*")
        return self.git("log", "--format=%H", f"refs/remote/heads/{branch}").splitlines()

    def pull_requests(self, state: str = "open") -> list[dict[str, Any]]:
        """The pull requests, as GitHub's API tells them."""
        answer = requests.get(
            f"{self.system.endpoints['github']}/repos/{self.name}/pulls",
            params={"state": state},
            headers={"Authorization": f"Bearer {self.system.endpoints['github_token']}"},
            timeout=10,
        )
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        return found


@contextmanager
def running(settings: LocalSettings) -> Iterator[LocalSystem]:
    """A system of its own, up for as long as the block lasts."""
    system = LocalSystem(settings)
    try:
        system.cli("up", "--json")
        yield system
    finally:
        system.cli("down", "--json")

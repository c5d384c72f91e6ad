"""The local system as a whole: up, down, how it is, and where everything is."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psutil

from cdk.local import deploy, emulator, postgres, seed
from cdk.local.children import foundations, runner, web
from cdk.local.deploy import Tell
from cdk.local.identity import Keys, access_token
from cdk.local.processes import Daemon, LocalError, Processes
from cdk.local.settings import REGION, STAGE, LocalSettings
from cdk.local.web import BUILD

Json = dict[str, Any]


class LocalSystem:
    """All of Sayso on one machine, kept in one home folder."""

    def __init__(self, settings: LocalSettings) -> None:
        self.settings = settings
        self.processes = Processes(settings.home)

    def up(self, tell: Tell) -> Json:
        """Start what does not run, deploy what changed, seed what is missing.

        Returns:
            The endpoints, as written to endpoints.json.

        Raises:
            LocalError: something did not work; whatever this call started is stopped again.
        """
        settings = self.settings
        settings.remember()
        started: list[str] = []
        with self._alone(), self._undone(started):
            tell("starting the emulator, Postgres and the stand-ins")
            with ThreadPoolExecutor() as pool:
                # All of them, so that a failure of one leaves no other half started.
                starts = [pool.submit(self._start, each, started) for each in foundations(settings)]
            for start in starts:
                start.result()
            postgres.migrate(settings)
            has_changed = deploy.deploy(settings, tell)
            seed.put_secrets(settings)
            outputs = emulator.outputs(settings)
            emulator.mend_cors(settings, outputs["ApiId"])
            self._start(runner(settings, outputs), started)
            if BUILD.exists():
                self._start(web(settings, emulator.api_url(settings, outputs["ApiId"])), started)
            tell("seeding a user, a phone and the sample repositories")
            for name in (seed.SAMPLE, seed.DEMO):
                seed.create_repository(settings, name)
                seed.grant(settings, name, is_default=name == seed.SAMPLE)
            endpoints = self._write_endpoints(outputs)
            seed.register_phone(settings, endpoints["api"])
            if has_changed or "emulator" in started:
                tell("rehearsing: a stranger speaks and is refused, so that every function is warm")
                seed.rehearse(settings, endpoints["api"])
        return endpoints

    def down(self) -> list[str]:
        """Stop everything; state stays in the home folder.

        Returns:
            The names of what was stopped.
        """
        with self._alone():
            # The emulator waits for whoever still listens on a queue before it saves its state.
            stopped = self.processes.stop_all(first="runner")
            emulator.tidy(self.settings)
        return stopped

    def stop(self, name: str) -> bool:
        """Stop one child; True if it ran."""
        with self._alone():
            return self.processes.stop(name)

    def endpoints(self) -> Json:
        """Where everything is.

        Raises:
            LocalError: the system is not up.
        """
        path = self.settings.home / "endpoints.json"
        if not path.exists() or self.processes.find("emulator") is None:
            raise LocalError("The local system is not up. Run `make up` first.")
        found: Json = json.loads(path.read_text())
        return found

    def status(self) -> Json:
        """Each child with pid, port, health and memory (MB), and what is deployed."""
        children = [self._describe(name) for name in self.processes.names()]
        is_up = emulator.answers(self.settings)
        return {
            "home": str(self.settings.home),
            "processes": children,
            "memory_mb": round(sum(child["memory_mb"] for child in children), 1),
            "deployed": emulator.deployed_version(self.settings) if is_up else None,
            "sources": deploy.version(self.settings),
        }

    def _start(self, daemon: Daemon, started: list[str]) -> None:
        if self.processes.start(daemon):
            started.append(daemon.name)

    def _describe(self, name: str) -> Json:
        process = self.processes.find(name)
        port = self.settings.ports.get(f"port_{name}")
        if process is None:
            return {"name": name, "pid": None, "port": port, "healthy": False, "memory_mb": 0.0}
        return {
            "name": name,
            "pid": process.pid,
            "port": port,
            "healthy": self._is_healthy(name, port),
            "memory_mb": round(_memory_mb(process), 1),
        }

    def _is_healthy(self, name: str, port: int | None) -> bool:
        checks: dict[str, Callable[[], bool]] = {
            "emulator": lambda: emulator.answers(self.settings),
            "postgres": lambda: postgres.answers(self.settings),
            "mail": lambda: emulator.listens(self.settings.port_mail),
        }
        if port is None:  # the runner: it answers to queues only
            return True
        check = checks.get(name, lambda: emulator.responds(f"http://127.0.0.1:{port}/health"))
        return check()

    def _write_endpoints(self, outputs: dict[str, str]) -> Json:
        settings = self.settings
        secrets = emulator.client(settings, "secretsmanager")
        callback_key = secrets.get_secret_value(SecretId=f"sayso/{STAGE}/callback-key")
        endpoints = {
            "api": emulator.api_url(settings, outputs["ApiId"]),
            "web": settings.web_url if BUILD.exists() else None,
            "token": access_token(settings),
            "github": settings.github_url,
            "github_token": Keys.of(settings.home).github_token,
            "git": settings.github_url,
            "repository": f"{settings.github_url}/{seed.SAMPLE}.git",
            "push": settings.push_url,
            "push_log": str(settings.home / "push.jsonl"),
            "speech": settings.speech_url,
            "veo": settings.veo_url,
            "messages": settings.messages_url,
            "messages_log": str(settings.home / "messages.jsonl"),
            "mail": f"{settings.aws_url}/_ministack/ses/messages",
            "mailbox": str(settings.mailbox),
            "postgres": settings.database_url,
            "aws": settings.aws_url,
            "region": REGION,
            "callback_key": callback_key["SecretString"],
            "bucket": outputs["MediaBucket"],
            "job_control": outputs["JobControlTable"],
            "idempotency": outputs["IdempotencyTable"],
            "queues": _named(outputs, "QueueUrl"),
            "topics": _named(outputs, "TopicArn"),
            "functions": _named(outputs, "FunctionName"),
        }
        path = settings.home / "endpoints.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(endpoints, indent=2) + "\n")
        return endpoints

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let only one command change the system at a time."""
        self.settings.home.mkdir(parents=True, exist_ok=True)
        with (self.settings.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _undone(self, started: list[str]) -> Iterator[None]:
        try:
            yield
        except BaseException:
            for name in reversed(started):
                self.processes.stop(name)
            raise


def _named(outputs: dict[str, str], suffix: str) -> dict[str, str]:
    """`RunnerJobsQueueUrl: …` as `runner-jobs: …`."""
    names = {
        key.removesuffix(suffix): value for key, value in outputs.items() if key.endswith(suffix)
    }
    return {_kebab(name): value for name, value in names.items()}


def _kebab(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)[1:]


def _memory_mb(process: psutil.Process) -> float:
    """Resident memory of a process and its descendants, shared pages counted once (PSS)."""
    total = 0.0
    for each in [process, *process.children(recursive=True)]:
        try:
            total += each.memory_full_info().pss
        except psutil.Error:
            continue
    return total / 2**20

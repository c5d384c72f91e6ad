"""The road as a newcomer sees it first: one spoken request, live, from the upload to the commit."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import requests

from cdk.local.demo_view import View
from cdk.local.deploy import Tell
from cdk.local.processes import LocalError
from cdk.local.seed import DEMO, first_commit
from cdk.local.settings import ROOT, LocalSettings
from cdk.local.standins.github.repository import Repository
from cdk.local.system import LocalSystem

SPEECH = ROOT / "tests" / "fixtures" / "speech"
TASKS = {"stdin": SPEECH / "add-stdin.wav", "risky": SPEECH / "risky.wav"}
EXPECTED = {"stdin": "auto_merged", "risky": "pr_opened"}
PATIENCE_SECONDS = 60
LOOK_SECONDS = 0.05
STEPS: tuple[str, ...] = (
    *("task.uploaded", "task.transcribed", "task.dispatched"),
    *("checkout", "propose", "lint", "test", "deliver", "runner.status"),
)
LATE_SECONDS = 3
"""How long a step may come after the outcome that it led to."""

Json = dict[str, Any]
T = TypeVar("T")


@dataclass
class Road:
    """One developer's view of a running system: its HTTP API, the repository, the push log."""

    endpoints: Json
    home: Path
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.headers["Authorization"] = f"Bearer {self.endpoints['token']}"

    @property
    def repository(self) -> Repository:
        """The demo's copy of the sample project, as the GitHub stand-in keeps it."""
        owner, _, name = DEMO.partition("/")
        return Repository(self.home / "github", owner, name)

    def main(self) -> list[str]:
        """The commits of `main`, newest first."""
        return self.repository.git("rev-list", "--first-parent", "refs/heads/main").splitlines()

    def begin_anew(self) -> bool:
        """Put `main` back to its first commit by GitHub's API; True if it had moved."""
        first = first_commit(self.repository)
        if self.main() == [first]:
            return False
        requests.patch(
            f"{self.endpoints['github']}/repos/{DEMO}/git/refs/heads/main",
            json={"sha": first, "force": True},
            headers={"Authorization": f"Bearer {self.endpoints['github_token']}"},
            timeout=10,
        ).raise_for_status()
        return True

    def say(self, recording: Path) -> str:
        """Upload a recording; returns the job_id."""
        return self._accepted({"audio": (recording.name, recording.read_bytes(), "audio/wav")})

    def write(self, text: str) -> str:
        """Ask in writing; returns the job_id."""
        return self._accepted({"text": (None, text)})

    def task(self, job_id: str) -> Json:
        """The task with its timeline; empty until it is known."""
        response = self.session.get(f"{self.endpoints['api']}/tasks/{job_id}", timeout=30)
        if response.status_code == requests.codes.not_found:
            return {}
        return _json(response)

    def approve(self, task: Json) -> int:
        """Approve the commit that the task shows; returns the HTTP status."""
        body = {"job_id": task["job_id"], "commit_sha": task["commit_sha"]}
        url = f"{self.endpoints['api']}/webhook/approve"
        return self.session.post(url, json=body, timeout=30).status_code

    def pushes(self, job_id: str) -> list[Json]:
        """What the phone was sent about a task, oldest first."""
        pushes = _lines(self.endpoints["push_log"])
        return [push for push in pushes if push["data"].get("job_id") == job_id]

    def model_calls(self) -> list[Json]:
        """What the scripted model was asked, oldest first."""
        return _lines(self.endpoints["messages_log"])

    def _accepted(self, files: Json) -> str:
        url = f"{self.endpoints['api']}/task"
        parts = {**files, "repo": (None, DEMO)}
        return str(_json(self.session.post(url, files=parts, timeout=30))["job_id"])


def run(system: LocalSystem, name: str, wav: str | None, *, as_json: bool, tell: Tell) -> Json:
    """Bring the system up if need be, say something, and show all that happens.

    The system stays up afterwards.

    Args:
        system: the local system.
        name: which of TASKS.
        wav: a recording of one's own instead.
        as_json: show nothing on standard output.
        tell: hears what is being prepared.

    Returns:
        What was heard, done, committed and pushed, and how long it took (milliseconds).

    Raises:
        LocalError: something failed or took longer than a minute.
    """
    if wav and not Path(wav).is_file():
        raise LocalError(f"There is no recording {wav}.")
    road = Road(system.up(tell), system.settings.home)
    view = View(quiet=as_json)
    if road.begin_anew():
        view.note("main is back at its first commit, so that the same can be asked again")
    asked_before = len(road.model_calls())
    started = time.monotonic()
    if wav is None and name == "risky" and system.settings.mock:
        words = TASKS[name].with_suffix(".txt").read_text().strip()
        view.asks(f"types: {words}", "mock mode always hears the same sentence")
        job_id, steps = road.write(words), STEPS[1:]
    else:
        recording = Path(wav) if wav else TASKS[name]
        view.asks(f"says: {recording.name}", "POST /task")
        job_id, steps = road.say(recording), STEPS
    task = _watch(road, job_id, steps, view)
    result: Json = {"request_ms": _since(started)}
    writers = _writers(system.settings, road.model_calls()[asked_before:])
    result |= _shown(road, task, writers, view)
    if wav is None and task["status"] != EXPECTED[name]:
        raise LocalError(f"It ended as {task['status']}: {task['summary']}")
    if task["status"] == "pr_opened":
        result["approved"] = _approve(road, task, view)
    result["total_ms"] = _since(started)
    view.ends(result["request_ms"], result["total_ms"])
    return result


def _watch(road: Road, job_id: str, steps: Sequence[str], view: View) -> Json:
    """Show the timeline as it grows, until the task is settled and its push is sent.

    Events may overtake each other: a step is shown when those before it were, at the end even so.

    Args:
        road: the running system.
        job_id: the task.
        steps: what its timeline will tell, in order.
        view: where it is shown.
    """
    waiting = list(steps)
    deadline = time.monotonic() + LATE_SECONDS

    def look() -> Json | None:
        nonlocal deadline
        is_told = bool(road.pushes(job_id))
        task = road.task(job_id)
        known = {entry["phase"] or entry["type"]: entry for entry in task.get("timeline", [])}
        while waiting and waiting[0] in known:
            view.step(known[waiting.pop(0)])
        if not is_told or task.get("status", "pending") == "pending":
            deadline = time.monotonic() + LATE_SECONDS
            return None
        if waiting and time.monotonic() < deadline:
            return None
        for step in waiting:
            if step in known:
                view.step(known[step])
        return task

    return _eventually(look, "the task is settled and a push is sent")


def _writers(settings: LocalSettings, calls: list[Json]) -> str:
    """Who wrote the change: of the scripted model it is known how often each lane asked it."""
    if settings.mock:
        return "a canned patch, no model"
    if settings.model:
        return settings.agents
    times = Counter(call["agent"] for call in calls)
    return ", then ".join(f"{agent}, asked {n}×" for agent, n in times.items())


def _shown(road: Road, task: Json, writers: str, view: View) -> Json:
    """Show what came of it: the words, who wrote what for how much, the commit, the push."""
    job_id, commit = task["job_id"], task["commit_sha"]
    view.heard(task["transcript"], task["confidence"])
    view.written(writers, task["tok_in"], task["tok_out"], task["cost_usd"])
    if task["diff_url"]:
        view.diff(requests.get(task["diff_url"], timeout=10).text)
    if commit and task["status"] == "auto_merged":
        view.commit(road.repository.git("show", "--no-patch", "--date=iso", commit), "on main")
    if task["pr_url"]:
        view.pull_request(task["pr_url"], task["summary"])
    push = road.pushes(job_id)[-1]
    view.push(push)
    kept = (
        *("job_id", "status", "transcript", "commit_sha", "pr_url", "timeline", "summary"),
        *("tok_in", "tok_out", "cost_usd"),
    )
    return {**{key: task[key] for key in kept}, "writers": writers, "push": push}


def _approve(road: Road, task: Json, view: View) -> Json:
    """Approve twice; exactly the tested commit must be on main, once."""
    before = road.main()
    statuses = [road.approve(task), road.approve(task)]
    view.note(f"POST /webhook/approve, twice: {statuses[0]} and {statuses[1]}")
    if statuses[0] != requests.codes.accepted:
        raise LocalError(f"The approval was refused with status {statuses[0]}.")
    job_id = task["job_id"]

    def settled() -> Json | None:
        now = road.task(job_id)
        return now if now["status"] != "pr_opened" else None

    done = _eventually(settled, "the approved commit is merged")
    if road.main() != [task["commit_sha"], *before]:
        raise LocalError(f"main is {road.main()[:2]}, not the tested commit {task['commit_sha']}.")
    view.commit(
        road.repository.git("show", "--no-patch", "--date=iso", task["commit_sha"]),
        "exactly the tested one, once on main",
    )
    pushes = _eventually(
        lambda: found if len(found := road.pushes(job_id)) > 1 else None, "a second push is sent"
    )
    view.push(pushes[-1])
    return {"status": done["status"], "answers": statuses, "push": pushes[-1]}


def _eventually(look: Callable[[], T | None], what: str) -> T:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(LOOK_SECONDS)
    raise LocalError(
        f"After {PATIENCE_SECONDS} s it had not happened that {what}: see `make logs`."
    )


def _lines(log: str) -> list[Json]:
    path = Path(log)
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _json(response: requests.Response) -> Json:
    if not response.ok:
        what = f"{response.request.method} {response.request.path_url}"
        raise LocalError(f"{what} answered {response.status_code}: {response.text[:300]}")
    found: Json = response.json()
    return found


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)

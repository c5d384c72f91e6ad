"""What there is to tell: an outcome or a clip, as every device of its user hears it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.models import DemoReady, TaskSettled, TaskSettledData
from services.notify import wording
from services.notify.loudness import Loudness
from services.notify.push import Push, Text


@dataclass(frozen=True)
class News:
    """One thing to tell a user.

    Attributes:
        subject_id: the task or the clip.
        version: of the subject; a smaller one is old news.
        time: when it happened: nobody is told who came much later.
        is_needed: whether something is asked of the person.
        is_question: whether it waits for an answer; only that makes itself heard.
    """

    subject_id: UUID
    user_id: UUID
    version: int
    time: datetime
    text: Text
    category: str
    is_needed: bool
    is_question: bool
    data: dict[str, str | None]

    def push_to(self, address: str, loudness: Loudness) -> Push:
        """The push that tells one device."""
        return Push(
            to=address,
            text=self.text,
            category=self.category,
            collapse_id=str(self.subject_id),
            is_loud=loudness == "loud",
            has_sound=loudness == "loud" and self.is_question,
            # Where Android shows no actions for a push in the background, the app does.
            data=self.data | {"categoryId": self.category},
        )


def of_task(settled: TaskSettled) -> News:
    """What a task came to."""
    task = settled.data
    return News(
        subject_id=settled.job_id,
        user_id=settled.user_id,
        version=task.version,
        time=settled.time,
        text=wording.of_task(task),
        category=_category(task),
        is_needed=task.needs_approval or _is_a_failure(task),
        is_question=task.needs_approval,
        data={
            "job_id": str(settled.job_id),
            "commit_sha": task.commit_sha,
            "repo": task.repo,
            "url": f"/tasks/{settled.job_id}",
        },
    )


def of_clip(ready: DemoReady, link: str) -> News:
    """A clip that whoever holds the link can watch."""
    return News(
        subject_id=ready.demo_id,
        user_id=ready.user_id,
        version=1,
        time=ready.time,
        text=wording.of_clip(ready.data),
        category="demo_ready",
        is_needed=False,
        is_question=False,
        data={"url": link},
    )


def _is_a_failure(task: TaskSettledData) -> bool:
    """Whether it failed, and not because its user wanted so."""
    return task.status == "fail" and task.reason not in wording.OWN_DECISIONS


def _category(task: TaskSettledData) -> str:
    """Which actions the app attaches."""
    if task.needs_approval:
        return "task_approval"
    return "task_failed" if task.status == "fail" else "task_done"

"""A runner that is told to end takes nothing along."""

import threading
from pathlib import Path
from typing import Any

from runner.health import Health, health_file
from runner.tracing import Tracing
from runner.worker import Inbox, Worker


class LatePoll:
    """A queue whose one poll waits, and is handed a message when the runner leaves."""

    def __init__(self) -> None:
        self.waits, self.leaves = threading.Event(), threading.Event()
        self.running: threading.Thread
        self.given_back: list[tuple[str, int, bool]] = []

    def receive_message(self, **_asked: Any) -> dict[str, Any]:
        self.waits.set()
        self.leaves.wait(timeout=30)
        # A runner that does not stay for this poll has every chance to be gone before it answers.
        self.running.join(timeout=0.5)
        return {"Messages": [{"ReceiptHandle": "late", "Body": "", "MessageId": "1"}]}

    def change_message_visibility(self, **asked: Any) -> None:
        back = asked["ReceiptHandle"], asked["VisibilityTimeout"], self.running.is_alive()
        self.given_back.append(back)


class LastToLeave(Inbox):
    """Lets the poll be answered once everything else was given back."""

    def give_all_back(self) -> None:
        super().give_all_back()
        self.sqs.leaves.set()


def test_what_a_last_poll_is_handed_is_given_back_before_the_runner_ends(tmp_path: Path) -> None:
    queues = LatePoll(), LatePoll()
    changes, control = (LastToLeave("queue", each, visibility_seconds=60) for each in queues)
    health = Health(health_file(tmp_path))
    worker = Worker(None, None, changes, control, health=health, tracing=Tracing(""))
    running = threading.Thread(target=worker.run, daemon=True)
    for each in queues:
        each.running = running
    running.start()
    assert all(each.waits.wait(timeout=30) for each in queues)
    worker.stop()
    running.join(timeout=30)
    assert [each.given_back for each in queues] == [[("late", 0, True)]] * 2

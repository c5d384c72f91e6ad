"""Whether a runner lives: it writes down when each of its loops came round last."""

import json
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OLDEST_SECONDS = 90
"""A loop that has not come round for so long hangs: polls and heartbeats are far shorter."""


def health_file(work_dir: Path) -> Path:
    """Where the runner of a folder writes how it is."""
    return work_dir / "health.json"


@dataclass(frozen=True)
class Health:
    """Writes the health file: `{pid, state, loops: {name: seconds since 1970}, in_hand}`."""

    path: Path
    _loops: dict[str, float] = field(default_factory=dict)
    _in_hand: dict[str, str] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def beat(self, loop: str, in_hand: str | None = None) -> None:
        """A loop came round; `in_hand` names the message that it works on."""
        with self._turn:
            self._loops[loop] = time.time()
            self._in_hand.pop(loop, None)
            if in_hand:
                self._in_hand[loop] = in_hand
            self._write("working" if self._in_hand else "waiting")

    def drain(self) -> None:
        """Nothing more is taken."""
        with self._turn:
            self._write("draining")

    def _write(self, state: str) -> None:
        facts = {
            "pid": os.getpid(),
            "state": state,
            "loops": self._loops,
            "in_hand": sorted(self._in_hand.values()),
        }
        written = self.path.with_suffix(".new")
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(json.dumps(facts) + "\n")
        written.replace(self.path)


def examine(path: Path, now: float) -> tuple[bool, dict[str, Any]]:
    """Whether a runner is well, and what is known of it.

    Args:
        path: its health file.
        now: seconds since 1970.
    """
    try:
        facts = json.loads(path.read_text())
        late = {
            loop: round(now - came)
            for loop, came in facts["loops"].items()
            if now - came > OLDEST_SECONDS
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False, {"state": "unknown", "why": f"there is no readable {path.name}: no runner"}
    if late:
        return False, facts | {"why": f"seconds since these loops came round: {late}"}
    return True, facts

"""Claude Code in its box, started before there is anything to do for it."""

import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from runner.sandbox.boxed import Boxed
from runner.sandbox.sandbox import PROJECT, Box, Limits, Mount, Sandbox

RELAY = Path(__file__).parents[1] / "inside" / "relay.py"
PORT = 8080
"""Of the box; nothing else listens there."""
_LOOK_SECONDS = 0.1
_INSIDE = "/session"


class NotStarted(Exception):
    """The box ended before its relay was there."""


@dataclass(frozen=True)
class Recipe:
    """What every session is started with."""

    sandbox: Sandbox
    arguments: Sequence[str]
    """Of Claude Code."""
    environment: Mapping[str, str]
    limits: Limits
    """Their time begins when a session starts, with its waiting."""
    waiting_seconds: float
    """How long a session may have waited when it is used."""


@dataclass(frozen=True)
class Session:
    """One box with Claude Code; used once."""

    folder: Path
    """With the sockets, and visible to the box."""
    api: socket.socket
    """Where the box's model proxy is to listen."""
    files: socket.socket
    boxed: Boxed
    ends_to_be_fresh: float

    @classmethod
    def start(cls, recipe: Recipe) -> "Session":
        """Start one; returns at once."""
        folder = Path(tempfile.mkdtemp(prefix="sayso-session-"))
        api, files = (_listening(folder / name) for name in ("api.sock", "files.sock"))
        shutil.copy(RELAY, folder)
        for path in (folder, *folder.iterdir()):  # whoever the box's user is
            path.chmod(0o755 if path == folder else 0o666)
        sandbox = recipe.sandbox
        python = PurePosixPath(sandbox.python)
        command = [sandbox.python, "-I", f"{_INSIDE}/{RELAY.name}", _INSIDE, PROJECT, str(PORT)]
        environment = {
            "PATH": f"{python.parent}:/usr/local/bin:/usr/bin:/bin",
            "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{PORT}",
            "ANTHROPIC_API_KEY": "the-proxy-has-it",
            **recipe.environment,
        }
        box = Box(recipe.limits, mounts=(Mount(folder, _INSIDE),), environment=environment)
        boxed = sandbox.start([*command, sandbox.claude, *recipe.arguments], box)
        fresh = time.monotonic() + recipe.waiting_seconds
        return cls(folder, api, files, boxed, fresh)

    @property
    def is_fresh(self) -> bool:
        """Whether it can still be used."""
        return time.monotonic() < self.ends_to_be_fresh and self.boxed.process.poll() is None

    def connections(self) -> tuple[socket.socket, socket.socket]:
        """The box's two connections for files: in, out. Nobody else is let in any more.

        Raises:
            NotStarted: there is no box any more.
        """
        self.files.settimeout(_LOOK_SECONDS)
        with closing(self.files):
            return self._accept(), self._accept()

    def _accept(self) -> socket.socket:
        while True:
            try:
                connection, _ = self.files.accept()
            except TimeoutError:
                if self.boxed.process.poll() is not None:
                    raise NotStarted("the agent's box did not start") from None
            else:
                connection.setblocking(True)
                return connection

    def end(self) -> None:
        """End the box and everything in it; may be called again."""
        self.boxed.end()

    def close(self) -> None:
        """End the box, and leave nothing of it."""
        self.end()
        for pipe in (self.boxed.process.stdin, self.boxed.process.stdout):
            with suppress(OSError):  # what was not sent is not needed
                if pipe:
                    pipe.close()
        self.api.close()
        self.files.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class Sessions:
    """Keeps one session waiting, and gives each to one job."""

    recipe: Recipe
    _waiting: Session | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _starter: ThreadPoolExecutor = field(
        # Boxes end with the thread that started them: this one lives as long as the runner.
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="sessions")
    )

    def prepare(self) -> None:
        """Have a session waiting that can be used for a while; returns at once."""
        with self._turn:
            if not (self._waiting and self._waiting.is_fresh):
                stale, self._waiting = self._waiting, self._start()
                if stale:
                    stale.close()

    @contextmanager
    def taken(self) -> Iterator[Session]:
        """A session for one job; afterwards it is gone, and another one waits."""
        with self._turn:
            session, self._waiting = self._waiting, None
        if session and not session.is_fresh:
            session.close()
            session = None
        session = session or self._start()
        try:
            yield session
        finally:
            session.close()
            self.prepare()

    def close(self) -> None:
        """End the session that waits."""
        with self._turn:
            session, self._waiting = self._waiting, None
        if session:
            session.close()
        self._starter.shutdown()

    def _start(self) -> Session:
        return self._starter.submit(Session.start, self.recipe).result()


def _listening(path: Path) -> socket.socket:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen(128)
    return listening

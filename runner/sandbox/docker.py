"""A box made by docker or podman, which take the same arguments: a container, used once."""

import itertools
import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from runner.deadline import Deadline
from runner.sandbox.boxed import Boxed, inlet
from runner.sandbox.sandbox import (
    BOX_ENVIRONMENT,
    PROJECT,
    TREE,
    Box,
    Finished,
    Limits,
    NoSandbox,
    begun,
)

USER = "1000:1000"
LABEL = "sayso.runner"
"""Bears the process that started a container, so that those of a killed one are found."""
ENGINE_SECONDS = 30
END_SECONDS = 5
"""How much later a box is ended from inside, should nobody be outside any more."""

_ENGINES_ERRORS = (125, 126, 127)
_ENGINE_SAYS = ("Error: ", "docker: ")
"""How podman and docker begin when they, and not the command, ended so."""
_KILLED = 128 + 9


class EngineFailed(Exception):
    """The container engine could not do its part: nothing is known about the command."""


class Docker:
    """Runs commands in containers of one image."""

    python = "/opt/box/bin/python"
    claude = "/opt/box/bin/claude"

    def __init__(self, engine: str, image: str) -> None:
        """Boxes of an image that `runner/image` made; it is never pulled.

        Args:
            engine: `docker` or `podman`.
            image: its name.

        Raises:
            NoSandbox: the engine does not answer, or has no such image.
        """
        self.name = engine
        self._image = image
        self._numbers = itertools.count()
        if self._asked("image", "inspect", "--format", "{{.Id}}", image) is None:
            raise NoSandbox(f"{engine} does not work here, or has no image {image}: make image")
        self._remove_orphans()
        try:
            self.run(["true"], Box(Limits(seconds=ENGINE_SECONDS)), Deadline.after(ENGINE_SECONDS))
        except EngineFailed as failed:
            raise NoSandbox(f"{engine} starts no container here: {failed}") from failed

    def run(self, command: Sequence[str], box: Box, deadline: Deadline) -> Finished:
        """Run a command in a box of its own; see `Sandbox.run`.

        Raises:
            EngineFailed: it could not even begin.
        """
        with tempfile.TemporaryFile() as output, inlet(box.stdin) as stdin:
            boxed = self._open(command, box, stdin=stdin, stdout=output)
            finished = boxed.finish(output, deadline)
        if finished.exit_status in _ENGINES_ERRORS and finished.tail.startswith(_ENGINE_SAYS):
            raise EngineFailed(finished.tail.strip())
        return finished

    def start(self, command: Sequence[str], box: Box) -> Boxed:
        """Start a command and talk to it; see `Sandbox.start`."""
        return self._open(command, box, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def _open(self, command: Sequence[str], box: Box, stdin: int, stdout: int | IO[bytes]) -> Boxed:
        name = f"sayso-box-{os.getpid()}-{next(self._numbers)}"
        process = subprocess.Popen(
            [
                self.name,
                "run",
                "--name",
                name,
                *self._options(box),
                self._image,
                *_inside(command, box),
            ],
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd="/",
        )
        was_killed: list[bool] = []

        def is_out_of_memory() -> bool:
            return process.returncode == _KILLED and not was_killed

        return Boxed(
            process, box.limits, self._killing(process, name, was_killed), is_out_of_memory
        )

    def _killing(
        self, process: "subprocess.Popen[bytes]", name: str, was_killed: list[bool]
    ) -> Callable[[], object]:
        """End a container; its client may be killed, a container may not be left behind."""

        def kill() -> None:
            if process.poll() is None:
                was_killed.append(True)
                self._asked("kill", name)
                self._asked("rm", "--force", name)
                try:
                    process.wait(timeout=ENGINE_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
            process.wait()

        return kill

    def _options(self, box: Box) -> list[str]:
        limits, size = box.limits, box.limits.disk_bytes
        options = ["--rm", "--interactive", "--pull=never", f"--label={LABEL}={os.getpid()}"]
        options += [f"--network={'bridge' if box.has_network else 'none'}", "--hostname=box"]
        options += ["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"]
        options += [f"--user={USER}", f"--workdir={PROJECT}", "--log-driver=none"]
        options += [f"--memory={limits.memory_bytes}", f"--memory-swap={limits.memory_bytes}"]
        options += [f"--pids-limit={limits.processes}", "--ulimit=core=0:0"]
        options += ["--ulimit=nofile=1024:1024", "--ulimit=nproc=4096:4096"]
        options += [f"--ulimit=fsize={limits.file_bytes}:{limits.file_bytes}"]
        folders = {"/tmp", PROJECT} - {mount.target for mount in box.mounts}  # noqa: S108 - the box's
        options += [f"--tmpfs={each}:rw,exec,size={size},mode=1777" for each in sorted(folders)]
        options += [f"--shm-size={size}"]
        mounts = [(str(mount.source), mount.target, mount.is_writable) for mount in box.mounts]
        if box.tree:
            mounts.append((str(box.tree), TREE, False))
        for source, target, is_writable in mounts:
            options.append(f"--volume={source}:{target}:{'rw' if is_writable else 'ro'}")
        return options

    def _remove_orphans(self) -> None:
        """Remove the containers of runners that were killed."""
        template = f'{{{{.ID}}}} {{{{.Label "{LABEL}"}}}}'
        listed = self._asked("ps", "--all", "--filter", f"label={LABEL}", "--format", template)
        for line in (listed or "").splitlines():
            container, _, runner = line.partition(" ")
            if runner.isdecimal() and not Path("/proc", runner).exists():
                self._asked("rm", "--force", container)

    def _asked(self, *arguments: str) -> str | None:
        """What the engine answers; None if it does not, or refuses."""
        try:
            done = subprocess.run(
                [self.name, *arguments],
                capture_output=True,
                text=True,
                timeout=ENGINE_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout if done.returncode == 0 else None


def _inside(command: Sequence[str], box: Box) -> list[str]:
    """The command line in the container: with the box's variables only, and its own end."""
    environment = {**BOX_ENVIRONMENT, **box.environment}
    variables = [f"{name}={value}" for name, value in environment.items()]
    clock = ["timeout", "--signal=KILL", str(_seconds(box.limits))]
    return ["env", "-i", *variables, *clock, *begun(command, box)]


def _seconds(limits: Limits) -> int:
    return round(limits.seconds) + END_SECONDS

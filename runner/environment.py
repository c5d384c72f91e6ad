"""What a project's tests depend on: installed once for each set of dependencies, from the base.

Packages are installed as wheels, by uv alone: nothing of theirs is run. A `setup` command of the
repository's may run what it likes, in the same box: no secrets, nothing of the host to write to.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from runner.checkout import Checkout
from runner.deadline import Deadline
from runner.dependencies import Dependencies, dependencies
from runner.sandbox.sandbox import Box, Limits, Mount, Sandbox

PATH = "/usr/local/bin:/usr/bin:/bin"
PLACE = "/environment"
"""Where a box sees it: what is installed there knows its place."""
LONGEST_SETUP_SECONDS = 240
TOOLS = ("pytest", "ruff")
"""Ours, where a project does not bring its own."""

_CERTIFICATES = "/certificates.pem"
_WANTED = "/requirements.txt"

# $1: an interpreter, $2: a lock file or nothing, $3: the repository's own command or nothing.
_INSTALL = f"""
set -e
exec 2>&1
uv() {{ "$python" -P -m uv --quiet --no-progress --no-python-downloads "$@"; }}
install() {{ uv pip install --no-build --python {PLACE}/bin/python "$@"; }}
python=$1
uv venv --allow-existing ${{3:+--seed}} --python "$python" {PLACE}
case "$2" in
  uv.lock) uv export --frozen --no-emit-project --all-groups --all-extras \\
             --output-file /tmp/lock.txt >/dev/null
           install -r /tmp/lock.txt -r {_WANTED} ;;
  *) install ${{2:+-r "$2"}} -r {_WANTED} ;;
esac
[ -z "$3" ] || sh -c "$3"
"""


class SetupFailed(Exception):
    """What a project depends on can't be installed."""

    def __init__(self, tail: str) -> None:
        """Say so, with the end of what was printed."""
        super().__init__(f"what the project depends on can't be installed: {tail.strip()}")
        self.tail = tail


@dataclass(frozen=True)
class Environment:
    """An interpreter and what is installed for it, as a box sees them."""

    python: str
    name: str = ""
    """Differs where something else is installed; empty for what the sandbox has."""
    mounts: tuple[Mount, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_the_box(cls, sandbox: Sandbox) -> "Environment":
        """The sandbox's own: pytest and ruff, for a project that depends on nothing else."""
        return cls(
            sandbox.python,
            # The plugins that are installed there are the runner's own, not the project's.
            variables={**_path(sandbox.python), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        )

    @classmethod
    def at(cls, folder: Path) -> "Environment":
        """A project's own, with the plugins that it chose."""
        python = f"{PLACE}/bin/python"
        return cls(
            python,
            folder.name,
            (Mount(folder, PLACE),),
            {**_path(python), "VIRTUAL_ENV": PLACE},
        )


@dataclass(frozen=True)
class PackageIndex:
    """Where packages come from; nothing of it is secret."""

    url: str = ""
    """uv's own default, if it is empty."""
    certificates: Path | None = None
    """A file of certificate authorities, for a machine that has its own."""


@dataclass(frozen=True)
class Environments:
    """The environments of all projects: `<root>/<hash of what they depend on>/`."""

    root: Path
    sandbox: Sandbox
    index: PackageIndex = PackageIndex()

    def of(self, checkout: Checkout, setup: str, deadline: Deadline) -> Environment:
        """The environment of a checkout's base; made if nobody needed it before.

        Args:
            checkout: whose base says what is needed.
            setup: the repository's own command, or nothing.
            deadline: when the job must have ended.

        Raises:
            SetupFailed: something can't be installed.
            Failure: the job's time is up, or it was cancelled.
        """
        wanted = dependencies(checkout.root_files(), checkout.text_of, setup)
        if wanted.are_met_by({tool: version(tool) for tool in TOOLS}):
            return Environment.of_the_box(self.sandbox)
        how = (self.sandbox.name, self.sandbox.python, *(version(tool) for tool in TOOLS))
        folder = self.root / wanted.named(*how)
        if not folder.exists():
            self._make(folder, wanted, checkout, deadline)
        os.utime(folder)  # the least used ones go first when the disk is full
        return Environment.at(folder)

    def _make(
        self, folder: Path, wanted: Dependencies, checkout: Checkout, deadline: Deadline
    ) -> None:
        """Install into a folder of another name, so that a half-made one is never used."""
        self.root.mkdir(parents=True, exist_ok=True)
        with folder.with_suffix(".lock").open("w") as lock:
            _wait_for(lock.fileno(), deadline)
            if folder.exists():  # another job made it meanwhile
                return
            made = Path(tempfile.mkdtemp(prefix="new-", dir=self.root))
            try:
                made.chmod(0o777)  # the box's user writes there
                self._install(made, wanted, checkout, deadline)
                made.chmod(0o755)
                made.rename(folder)
            finally:
                shutil.rmtree(made, ignore_errors=True)

    def _install(
        self, made: Path, wanted: Dependencies, checkout: Checkout, deadline: Deadline
    ) -> None:
        lock = wanted.lock or ""
        command = ["sh", "-c", _INSTALL, "sh", self.sandbox.python, lock, wanted.setup]
        with (
            tempfile.NamedTemporaryFile("w", suffix=".txt") as requirements,
            checkout.files_of(checkout.base_tree) as files,
        ):
            requirements.write(_requirements(wanted))
            requirements.flush()
            Path(requirements.name).chmod(0o644)
            mounts = [Mount(made, PLACE, is_writable=True), Mount(Path(requirements.name), _WANTED)]
            variables = {"VIRTUAL_ENV": PLACE, "UV_CACHE_DIR": "/tmp/uv", "UV_LINK_MODE": "copy"}  # noqa: S108 - the box's own
            variables["PATH"] = f"{PLACE}/bin:{PurePosixPath(self.sandbox.python).parent}:{PATH}"
            if self.index.url:
                variables |= {"UV_DEFAULT_INDEX": self.index.url, "PIP_INDEX_URL": self.index.url}
            if self.index.certificates:
                mounts.append(Mount(self.index.certificates.resolve(), _CERTIFICATES))
                variables |= dict.fromkeys(("SSL_CERT_FILE", "PIP_CERT"), _CERTIFICATES)
            box = Box(
                Limits(
                    seconds=LONGEST_SETUP_SECONDS,
                    memory_bytes=2 << 30,
                    file_bytes=1 << 30,
                    disk_bytes=4 << 30,
                ),
                tree=files,
                mounts=tuple(mounts),
                environment=variables,
                has_network=True,
            )
            ended = self.sandbox.run(command, box, deadline)
        if ended.exit_status != 0:
            raise SetupFailed(ended.tail)


def _requirements(wanted: Dependencies) -> str:
    """A requirements file: the project's own, and our tools where it does not name them."""
    named = "\n".join([*wanted.requirements, *wanted.files.values()]).casefold()
    tools = [f"{tool}=={version(tool)}" for tool in TOOLS if tool not in named]
    own = () if wanted.lock else (*wanted.requirements, *_included(wanted))
    return "\n".join([*own, *tools]) + "\n"


def _included(wanted: Dependencies) -> list[str]:
    return [f"-r /project/{name}" for name in wanted.requirement_files]


def _path(python: str) -> dict[str, str]:
    return {"PATH": f"{PurePosixPath(python).parent}:{PATH}"}


def _wait_for(lock: int, deadline: Deadline) -> None:
    """Wait until another job has made it, or this one's time is up."""
    while True:
        deadline.check()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.1)
        else:
            return

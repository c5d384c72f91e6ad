"""A work tree's way into a box and out again: one tar each way, over a socket.

What comes out was written by code that is not trusted. So nothing is written through a link:
links are made last. Names stay inside, nothing is written twice, and there is an end to it.
"""

import os
import shutil
import socket
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from runner.failure import Failure

MOST_FILES = 100_000
GIT = ".git"
ALL = b"That is all.\n"
"""What the relay says after the last file."""


class BrokenOff(Exception):
    """The box went away in the middle."""


def send(tree: Path, connection: socket.socket) -> None:
    """Send the files of a work tree; returns when the box has them all.

    Raises:
        BrokenOff: it took less than all.
    """
    try:
        with connection.makefile("wb") as sink, tarfile.open(fileobj=sink, mode="w|") as tar:
            tar.add(tree, ".", filter=_anonymous)
        connection.shutdown(socket.SHUT_WR)
        if not connection.recv(1):
            raise BrokenOff("the files did not get into the box")
    except OSError as error:
        raise BrokenOff("the files did not get into the box") from error


def fetch(connection: socket.socket, tree: Path, most_bytes: int) -> None:
    """Ask for the files as they are in the box now, and make the work tree the same.

    Files in a git directory of the box's own stay there. A link may lead out of the tree only
    if it did so before.

    Raises:
        Failure: `agent_failed`, the files are none that anybody could judge; the work tree is
            as it was.
        BrokenOff: not all came.
    """
    with tempfile.TemporaryDirectory(dir=tree.parent) as folder:
        came = Path(folder, "tree")
        came.mkdir(mode=0o755)
        try:
            connection.sendall(b"!")
            with connection.makefile("rb") as source:
                _unpack(_Limited(source, most_bytes), came, tree)
        except OSError as error:
            raise BrokenOff("the files did not get out of the box") from error
        came.chmod(0o755)
        shutil.rmtree(tree)
        came.rename(tree)


@dataclass
class _Limited:
    """A stream that ends in a failure where it is too long."""

    source: IO[bytes]
    left: int
    last: bytes = b""

    def read(self, size: int) -> bytes:
        piece = self.source.read(size)
        self.left -= len(piece)
        self.last = (self.last + piece)[-len(ALL) :]
        if self.left < 0:
            raise _unusable("more than a change can be")
        return piece


def _unpack(source: _Limited, came: Path, tree: Path) -> None:
    links: dict[Path, str] = {}
    try:
        # Its type asks for more of a stream than "r|" needs: that only reads.
        with tarfile.open(fileobj=source, mode="r|") as tar:  # type: ignore[call-overload]
            for count, member in enumerate(tar):
                if count >= MOST_FILES:
                    raise _unusable("more files than a change can be of")
                place = _place(member.name, came)
                if place is None:
                    continue
                if member.issym():
                    links[place] = member.linkname
                elif member.isdir():
                    place.mkdir(mode=0o755)
                elif member.isreg():
                    _write(place, tar.extractfile(member), is_executable=bool(member.mode & 0o100))
                elif member.islnk() and (first := _place(member.linkname, came)):
                    # A second name of a file that came before.
                    shutil.copy(first, place, follow_symlinks=False)
                else:
                    raise _unusable(f"{member.name!r}, which is no file")
            _end(source)
        for place, target in links.items():
            place.symlink_to(target)
        for place in links:
            _check_link(place, came, tree)
    except (tarfile.TarError, EOFError) as error:
        raise BrokenOff("the files did not get out of the box") from error
    except (FileExistsError, FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise _unusable("files that can't be told apart") from error


def _place(name: str, came: Path) -> Path | None:
    """Where a file goes; None if it stays in the box."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise _unusable(f"{name!r}, which is outside")
    if GIT in (part.casefold() for part in path.parts):
        return None
    return came / path


def _check_link(link: Path, came: Path, tree: Path) -> None:
    """A link leads to the inside, or where it led before."""
    before = tree / link.relative_to(came)
    is_inside = Path(os.path.realpath(link)).is_relative_to(os.path.realpath(came))
    if not is_inside and not (before.is_symlink() and before.readlink() == link.readlink()):
        name = str(link.relative_to(came))
        raise _unusable(f"{name!r}, a link that leads out of the project")


def _write(place: Path, content: IO[bytes] | None, is_executable: bool) -> None:
    with place.open("xb") as file:
        if content:
            shutil.copyfileobj(content, file)
    place.chmod(0o755 if is_executable else 0o644)


def _end(source: _Limited) -> None:
    """Read up to the mark that says that nothing is missing: a tar that was cut has an end too."""
    while source.read(tarfile.RECORDSIZE):
        pass
    if source.last != ALL:
        raise EOFError


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _unusable(what: str) -> Failure:
    return Failure("agent_failed", f"The agent left {what}; ask again, in smaller steps.")

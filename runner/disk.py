"""Keeps the runner's folder below its quota: what was not used for longest goes first.

All of it can be had again: mirrors from GitHub, environments from the package index,
measurements by running the tests.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aws_lambda_powertools import Logger

logger = Logger(service="runner")

IN_USE_SECONDS = 3600
"""What was used so recently may be in use: no job takes as long."""


@dataclass(frozen=True)
class Kept:
    """Something that is kept between jobs."""

    paths: tuple[Path, ...]
    lock: Path | None
    """Held by whoever makes or renews it."""
    last_used: float
    """Seconds since 1970."""
    size: int
    """Bytes on the disk."""


def evict(work_dir: Path, quota_bytes: int, now: float) -> list[str]:
    """Remove what was not used for longest until the rest fits; nothing that may be in use.

    Args:
        work_dir: the runner's folder.
        quota_bytes: what may be kept.
        now: seconds since 1970.

    Returns:
        names of what was removed.
    """
    everything = sorted(_everything(work_dir), key=lambda kept: kept.last_used)
    excess = sum(kept.size for kept in everything) - quota_bytes
    gone: list[str] = []
    for kept in everything:
        if excess <= 0 or now - kept.last_used < IN_USE_SECONDS:
            break
        if _remove(kept):
            excess -= kept.size
            gone.append(kept.paths[0].name)
            logger.info("removed to make room", kept=gone[-1], bytes=kept.size)
    return gone


def _everything(work_dir: Path) -> Iterator[Kept]:
    for mirror in work_dir.glob("mirrors/*/*.git"):
        lock = mirror.with_suffix(".lock")  # opened for each fetch, and so for each job
        yield _kept((mirror, mirror.with_suffix(".trees")), lock, used=lock)
    for environment in work_dir.glob("environments/*"):
        if environment.is_dir() and not environment.name.startswith("new-"):
            yield _kept((environment,), environment.with_suffix(".lock"), used=environment)
    for measurement in work_dir.glob("measurements/*.json"):
        yield _kept((measurement,), None, used=measurement)


def _kept(paths: tuple[Path, ...], lock: Path | None, used: Path) -> Kept:
    last_used = used.stat().st_mtime if used.exists() else 0.0
    return Kept(paths, lock, last_used, sum(map(_size, paths)))


def _size(path: Path) -> int:
    """What a file, or all files of a folder, take up."""
    if path.is_file():
        return path.stat().st_size
    return sum(
        entry.lstat().st_blocks * 512
        for folder, _, names in os.walk(path)
        for entry in (Path(folder, name) for name in names)
        if os.path.lexists(entry)
    )


def _remove(kept: Kept) -> bool:
    """Remove it, unless somebody is about to use it."""
    if kept.lock is None:
        kept.paths[0].unlink(missing_ok=True)
        return True
    with kept.lock.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        for path in kept.paths:
            shutil.rmtree(path, ignore_errors=True)
    return True

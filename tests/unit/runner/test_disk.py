"""What was not used for longest makes room; what may be in use stays."""

import fcntl
import os
from pathlib import Path

from runner.disk import IN_USE_SECONDS, evict

NOW = 1_000_000.0
OLD = NOW - IN_USE_SECONDS
SIZE = 64 << 10


def folder(path: Path, used: float, size: int = SIZE) -> Path:
    """Something on the disk, last used then."""
    path.mkdir(parents=True)
    (path / "data").write_bytes(os.urandom(size))
    os.utime(path, (used, used))
    return path


def mirror(work_dir: Path, name: str, used: float) -> Path:
    """A mirror of a project, with files that are kept beside it."""
    made = folder(work_dir / f"mirrors/org/{name}.git", used)
    folder(made.with_suffix(".trees"), used)
    made.with_suffix(".lock").touch()
    os.utime(made.with_suffix(".lock"), (used, used))
    return made


def test_what_fits_stays(tmp_path: Path) -> None:
    made = mirror(tmp_path, "a", OLD - 10)
    assert evict(tmp_path, 3 * SIZE, NOW) == []
    assert made.exists()


def test_the_least_used_goes_first_and_only_until_the_rest_fits(tmp_path: Path) -> None:
    newer, older = mirror(tmp_path, "newer", OLD - 10), mirror(tmp_path, "older", OLD - 20)
    environment = folder(tmp_path / "environments/abc", OLD - 15)
    assert evict(tmp_path, 3 * SIZE, NOW) == ["older.git"]
    assert not older.exists()
    assert not older.with_suffix(".trees").exists()
    assert newer.exists()
    assert environment.exists()
    assert evict(tmp_path, 2 * SIZE, NOW) == ["abc"]


def test_what_was_used_lately_stays_however_full_it_is(tmp_path: Path) -> None:
    made = mirror(tmp_path, "a", OLD + 10)
    assert evict(tmp_path, 0, NOW) == []
    assert made.exists()


def test_what_is_being_fetched_stays(tmp_path: Path) -> None:
    made = mirror(tmp_path, "a", OLD - 10)
    with made.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.utime(made.with_suffix(".lock"), (OLD - 10, OLD - 10))
        assert evict(tmp_path, 0, NOW) == []
    assert made.exists()


def test_an_environment_that_is_being_made_stays(tmp_path: Path) -> None:
    being_made = folder(tmp_path / "environments/new-abc", OLD - 10)
    made = folder(tmp_path / "environments/abc", OLD - 10)
    assert evict(tmp_path, 0, NOW) == ["abc"]
    assert being_made.exists()
    assert not made.exists()


def test_measurements_go_too(tmp_path: Path) -> None:
    (tmp_path / "measurements").mkdir()
    measured = tmp_path / "measurements/tree.json"
    measured.write_text("{}")
    os.utime(measured, (OLD - 1, OLD - 1))
    assert evict(tmp_path, 0, NOW) == ["tree.json"]
    assert not measured.exists()

"""One local system for all end-to-end tests; people and repositories are new for each."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.e2e.system import ROOT, LocalSystem, Person, Repository, running

PORTS = {"emulator": 4666, "postgres": 4667, "github": 4668, "push": 4669, "speech": 4670}
HOME = ROOT / ".local" / "e2e"
_numbers = count(1)


@pytest.fixture(scope="session")
def system() -> Iterator[LocalSystem]:
    """A system beside the developer's own; its deployment is kept for the next run."""
    with running(HOME, PORTS) as system:
        yield system


@pytest.fixture
def repository(system: LocalSystem, tmp_path: Path) -> Repository:
    """A fresh copy of the sample project, with one commit on `main`."""
    name = f"sayso/wordcount-{tmp_path.name}-{next(_numbers)}".replace("_", "-").lower()[:60]
    system.cli("repository", name)
    clone = tmp_path / "clone"
    repository = Repository(system, name, clone)
    clone.mkdir()
    repository.git("init", "--quiet")
    repository.git("remote", "add", "origin", f"{system.endpoints['git']}/{name}.git")
    repository.git(
        "config",
        "http.extraHeader",
        f"Authorization: Bearer {system.endpoints['github_token']}",
    )
    return repository


@pytest.fixture
def ada(system: LocalSystem, repository: Repository) -> Person:
    """Somebody with a phone who may use `repository`."""
    ada = system.new_person()
    system.cli(
        ada.email,
        repository.ssh_url,
        "--user-id",
        str(ada.id),
        "--default",
        module="services.status.grant",
    )
    ada.registers_phone()
    return ada

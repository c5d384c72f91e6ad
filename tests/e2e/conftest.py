"""One local system for all end-to-end tests; people and repositories are new for each."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from cdk.local.settings import LocalSettings
from tests.e2e.system import ROOT, LocalSystem, Person, Repository, running

OWN = LocalSettings(
    home=ROOT / ".local" / "e2e",
    port_emulator=4666,
    port_postgres=4667,
    port_github=4668,
    port_push=4669,
    port_speech=4670,
    port_mail=4671,
    port_messages=4672,
    port_web=4673,
    port_veo=4674,
    agents="quick_edit,claude_code",
)


@pytest.fixture(scope="session")
def system() -> Iterator[LocalSystem]:
    """A system beside the developer's own; its deployment is kept for the next run."""
    with running(OWN) as system:
        yield system


@pytest.fixture
def repository(system: LocalSystem, tmp_path: Path) -> Repository:
    """A fresh copy of the sample project, with one commit on `main`."""
    name = f"sayso/wordcount-{uuid4().hex[:12]}"
    system.new_repository(name)
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
    system.grant(ada, repository.name)
    ada.registers_phone()
    return ada

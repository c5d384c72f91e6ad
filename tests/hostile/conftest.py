"""A sample project and a runner's gates, once for a session."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.sandbox.sandbox import Sandbox
from tests.hostile.case import Sample
from tests.hostile.court import Court


@pytest.fixture(scope="session")
def court(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Court]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    yield Court(Sample.create(folder / "wordcount.git"), sandbox, folder / "measurements")

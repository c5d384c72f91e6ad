"""GitHub's stand-in and an AWS emulator for a session; a project of its own for each test."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from werkzeug.serving import make_server

from cdk.local.standins.github.repository import Repository
from cdk.local.standins.github.rest import github
from tests.integration.runner.world import SAMPLE, TOKEN, Cloud, World, git


@pytest.fixture(scope="session")
def github_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("github")


@pytest.fixture(scope="session")
def github_url(github_root: Path) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, github(github_root, TOKEN), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@pytest.fixture(scope="session")
def clients() -> Iterator[dict[str, object]]:
    with mock_aws():
        session = boto3.Session("test", "test", region_name="eu-west-1")
        yield {name: session.client(name) for name in ("sqs", "sns", "s3", "dynamodb")}


@pytest.fixture(scope="session")
def measurements(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What pytest showed for a tree is true in every test: this saves most of the time."""
    return tmp_path_factory.mktemp("measurements")


@pytest.fixture
def world(
    github_root: Path,
    github_url: str,
    clients: dict[str, object],
    tmp_path: Path,
    measurements: Path,
) -> Iterator[World]:
    (tmp_path / "measurements").symlink_to(measurements)
    repository = Repository(github_root, "acme", "wordcount")
    repository.create()
    seed = tmp_path / "seed"
    shutil.copytree(SAMPLE, seed, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    git(seed, "init", "--quiet", "--initial-branch=main")
    git(seed, "add", "--all")
    git(seed, "commit", "--quiet", "--message", "feat: count words")
    git(seed, "push", "--quiet", str(repository.path), "main")
    yield World(github_url, repository, Cloud(clients).create(), tmp_path)
    shutil.rmtree(repository.path)

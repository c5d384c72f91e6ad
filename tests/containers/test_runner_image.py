"""The image of the fleet: an instance takes the runner out of it and starts it beside Docker."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IMAGE = "sayso-runner"
"""Built by `make test-containers`."""
BASE_PYTHON = Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
"""An interpreter that has none of our packages, as an instance's."""


def podman(*arguments: str | Path) -> str:
    done = subprocess.run(["podman", *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def taken_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `cdk/instance/fetch.sh` puts to /opt/sayso."""
    place = tmp_path_factory.mktemp("opt") / "sayso"
    container = podman("create", IMAGE, "true")
    try:
        podman("cp", f"{container}:/opt/sayso", place)
    finally:
        podman("rm", container)
    return place


def as_the_unit_does(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Start Python as `sayso-runner.service` does."""
    return subprocess.run(
        [BASE_PYTHON, "-B", "-S", *arguments],
        env={"PATH": os.defpath, "PYTHONPATH": f"{place}:{place}/site", "WORK_DIR": str(place)},
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_that_a_runner_is_made_of_comes_from_the_image(taken_out: Path) -> None:
    program = (
        "import sys, runner.assemble, runner.agents.claude_code\n"
        "for module in sys.modules.values():\n"
        "    print(getattr(module, '__file__', '') or '')"
    )
    done = as_the_unit_does(taken_out, "-c", program)
    assert done.returncode == 0, done.stderr
    foreign = [
        path
        for path in filter(None, done.stdout.splitlines())
        if not path.startswith((str(taken_out), f"{sys.base_prefix}/"))
    ]
    assert foreign == []


def test_an_instance_can_ask_how_its_runner_is(taken_out: Path) -> None:
    done = as_the_unit_does(taken_out, "-m", "runner", "health", "--json")
    assert (done.returncode, json.loads(done.stdout)["is_well"]) == (1, False)


def test_it_holds_the_runner_the_contracts_and_packages_and_nothing_else(taken_out: Path) -> None:
    assert {each.name for each in taken_out.iterdir()} == {"contracts", "runner", "site"}
    assert not list(taken_out.rglob("_bundled")), "Claude Code's program is in the box"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what goes into the image."""
    for folder in ("runner", "contracts"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def tag_of(tree: Path) -> str:
    return subprocess.run(
        [tree / "runner" / "image" / "tag.sh"], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_the_same_sources_have_the_same_tag_wherever_and_whenever(copy: Path) -> None:
    (copy / "runner" / "worker.py").touch()
    assert tag_of(copy) == tag_of(ROOT)


@pytest.mark.parametrize(
    "changed", ["runner/worker.py", "contracts/models.py", "runner/requirements.txt"]
)
def test_other_sources_have_another_tag(copy: Path, changed: str) -> None:
    with (copy / changed).open("a") as file:
        file.write("\n")
    assert tag_of(copy) != tag_of(ROOT)

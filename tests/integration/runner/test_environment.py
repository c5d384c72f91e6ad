"""What a project depends on is installed once, from its base, and read-only to its tests."""

import ssl
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from runner.checkout import Checkout
from runner.checks import Checks
from runner.deadline import Deadline
from runner.environment import PLACE, Environments, PackageIndex, SetupFailed
from runner.failure import Failure
from runner.sandbox.bubblewrap import Bubblewrap
from tests.integration.runner.projects import checkout
from tests.integration.runner.world import write

SANDBOX = Bubblewrap()
NEEDS = '[project]\nname = "x"\nversion = "1"\ndependencies = ["iniconfig"]\n'
USES = (
    "import iniconfig\n\n\ndef test_it_is_there():\n"
    f"    assert iniconfig.__file__.startswith('{PLACE}/')\n"
)


def of_pip(name: str) -> str:
    """What this machine's pip is told; tests use the index that it uses."""
    command = [sys.executable, "-m", "pip", "config", "get", f"global.{name}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Environments:
    certificates = of_pip("cert") or ssl.get_default_verify_paths().cafile
    index = PackageIndex(of_pip("index-url"), Path(certificates) if certificates else None)
    return Environments(tmp_path_factory.mktemp("environments"), SANDBOX, index)


def made(environments: Environments) -> list[str]:
    return sorted(path.name for path in environments.root.iterdir() if path.is_dir())


def files_of(project: Checkout) -> Path:
    """The files of a project's base."""
    return project.until_over.enter_context(project.files_of(project.base_tree))


def test_what_is_needed_is_there_for_the_tests_and_read_only(
    environments: Environments, tmp_path: Path
) -> None:
    project = checkout(
        tmp_path,
        {
            "pyproject.toml": NEEDS,
            "test_it.py": USES,
            "test_write.py": "from pathlib import Path\n\nimport iniconfig\nimport pytest\n\n\n"
            "def test_it():\n"
            "    with pytest.raises(OSError):\n        Path(iniconfig.__file__).write_text('')\n",
        },
    )
    environment = environments.of(project, "", Deadline.after(120))
    files = files_of(project)
    checks = Checks(SANDBOX, test_seconds=30)
    run = checks.test(files, environment, Deadline.after(60))
    assert run.is_green, run.tail
    lint = checks.lint(files, environment, Deadline.after(60))
    assert lint.passed, lint.tail


def test_a_lock_file_says_which_version(environments: Environments, tmp_path: Path) -> None:
    files = {"pyproject.toml": NEEDS + 'requires-python = ">=3.11"\n', "test_it.py": USES}
    write(tmp_path, files)
    subprocess.run(
        [sys.executable, "-m", "uv", "lock", "--quiet", "--upgrade-package=iniconfig==2.0.0"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", **_of_the_machine(environments.index)},
        check=True,
    )
    files["uv.lock"] = (tmp_path / "uv.lock").read_text()
    files["test_it.py"] += (
        "\n\ndef test_version():\n    from importlib.metadata import version\n\n"
        "    assert version('iniconfig') == '2.0.0'\n"
    )
    project = checkout(tmp_path, files)
    environment = environments.of(project, "", Deadline.after(120))
    run = Checks(SANDBOX, test_seconds=30).test(files_of(project), environment, Deadline.after(60))
    assert run.is_green, run.tail


def _of_the_machine(index: PackageIndex) -> dict[str, str]:
    told = {"UV_DEFAULT_INDEX": index.url, "SSL_CERT_FILE": str(index.certificates or "")}
    return {name: value for name, value in told.items() if value}


def test_it_is_made_once_however_many_ask(environments: Environments, tmp_path: Path) -> None:
    project = checkout(tmp_path, {"requirements.txt": "iniconfig>=2\n"})
    before = made(environments)
    names = []

    def ask() -> None:
        names.append(environments.of(project, "", Deadline.after(120)).name)

    jobs = [threading.Thread(target=ask) for _ in range(3)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert names == [names[0]] * 3
    assert sorted(made(environments)) == sorted([*before, names[0]])


def test_a_project_that_needs_nothing_costs_nothing(
    environments: Environments, tmp_path: Path
) -> None:
    project = checkout(tmp_path, {"pyproject.toml": '[dependency-groups]\ndev = ["pytest>=7"]\n'})
    before = made(environments)
    assert environments.of(project, "", Deadline.after(1)).name == ""
    assert made(environments) == before


def test_plugins_of_the_projects_own_choice_are_loaded(
    environments: Environments, tmp_path: Path
) -> None:
    files = {
        "requirements-dev.txt": "pytest-asyncio\n",
        "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
        "test_a.py": "async def test_a():\n    pass\n",
    }
    project = checkout(tmp_path, files)
    environment = environments.of(project, "", Deadline.after(120))
    run = Checks(SANDBOX, test_seconds=30).test(files_of(project), environment, Deadline.after(60))
    assert (run.is_green, run.passed) == (True, 1), run.tail


def test_a_command_installs_what_no_file_says(environments: Environments, tmp_path: Path) -> None:
    project = checkout(tmp_path, {"test_it.py": USES})
    setup = "pip --version && uv pip install iniconfig"
    environment = environments.of(project, setup, Deadline.after(120))
    run = Checks(SANDBOX, test_seconds=30).test(files_of(project), environment, Deadline.after(60))
    assert run.is_green, run.tail


@pytest.mark.parametrize(
    ("files", "setup"),
    [
        ({"requirements.txt": "no-such-package-of-anybody==1\n"}, ""),
        ({"requirements.txt": "this is no requirement\n"}, ""),
        ({}, "echo sorry; false"),
    ],
)
def test_what_cannot_be_installed_says_so_and_leaves_nothing(
    environments: Environments, tmp_path: Path, files: dict[str, str], setup: str
) -> None:
    project = checkout(tmp_path, {"README.md": "", **files})
    before = made(environments)
    with pytest.raises(SetupFailed) as failed:
        environments.of(project, setup, Deadline.after(120))
    assert failed.value.tail.strip()
    assert made(environments) == before


def test_it_ends_with_its_job(environments: Environments, tmp_path: Path) -> None:
    project = checkout(tmp_path, {"README.md": ""})
    before = made(environments)
    with pytest.raises(Failure, match="longer than it may"):
        environments.of(project, "sleep 100", Deadline.after(3))
    assert made(environments) == before

"""What a project depends on, read from whichever file says so; one case a line."""

import pytest

from runner.dependencies import Dependencies, dependencies

OURS = {"pytest": "9.2.0", "ruff": "0.17.6"}


def of(setup: str = "", **files: str) -> Dependencies:
    """Of files whose names have `_` for `.`, and `__` for `-`."""
    named = {name.replace("__", "-").replace("_", "."): text for name, text in files.items()}
    return dependencies(named, named.get, setup)


@pytest.mark.parametrize(
    ("pyproject", "requirements"),
    [
        ("", ()),
        ("not toml", ()),
        ('project = "x"', ()),
        ('[project]\ndependencies = ["attrs>=23", "httpx"]', ("attrs>=23", "httpx")),
        ('[project.optional-dependencies]\ntest = ["a"]\ndocs = ["b"]', ("a",)),
        ('[dependency-groups]\ndev = ["a"]\nlint = ["b"]', ("a",)),
        (
            '[dependency-groups]\ndev = [{include-group = "lint"}, "a"]\nlint = ["b"]',
            ("a", "b"),
        ),
        ('[dependency-groups]\ndev = [{include-group = "dev"}]', ()),
        ('[project]\ndependencies = ["a"]\n[dependency-groups]\ntest = ["a"]', ("a",)),
        ("[project]\ndependencies = [1]", ()),
        ('[tool.poetry.dependencies]\na = "^1"', ()),
    ],
)
def test_a_pyproject_is_read(pyproject: str, requirements: tuple[str, ...]) -> None:
    assert of(pyproject_toml=pyproject).requirements == requirements


@pytest.mark.parametrize(
    ("name", "is_installed"),
    [
        ("requirements.txt", True),
        ("requirements-dev.txt", True),
        ("requirements_test.txt", True),
        ("dev-requirements.txt", True),
        ("requirements-docs.txt", False),
        ("constraints.txt", False),
        ("notes.txt", False),
    ],
)
def test_which_lists_are_installed(name: str, is_installed: bool) -> None:
    found = dependencies([name], {name: "a\n"}.get)
    assert found.requirement_files == ((name,) if is_installed else ())


@pytest.mark.parametrize(
    ("files", "are_met"),
    [
        ({}, True),
        ({"pyproject_toml": '[dependency-groups]\ndev = ["pytest", "Ruff>=0.1"]'}, True),
        ({"pyproject_toml": '[dependency-groups]\ndev = ["pytest<9"]'}, False),
        ({"pyproject_toml": '[dependency-groups]\ndev = ["pytest[dev]"]'}, False),
        ({"pyproject_toml": '[project]\ndependencies = ["attrs"]'}, False),
        ({"pyproject_toml": "[project]\ndependencies = [\"x; python_version < '3'\"]"}, True),
        ({"pyproject_toml": '[project]\ndependencies = ["not a requirement!"]'}, False),
        ({"requirements_txt": "# nothing\n\npytest  # ours\n"}, True),
        ({"requirements_txt": "-r other.txt\n"}, False),
        ({"uv_lock": "version = 1"}, True),
        ({"setup": "make install"}, False),
    ],
)
def test_what_is_there_anyway_need_not_be_installed(files: dict[str, str], are_met: bool) -> None:
    assert of(**files).are_met_by(OURS) is are_met


ATTRS = '[project]\ndependencies = ["attrs"]\n'


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (of(pyproject_toml=ATTRS), True),
        (of(pyproject_toml=ATTRS + "# a note"), True),
        (of(pyproject_toml='[project]\ndependencies = ["attrs", "httpx"]'), False),
        (of(pyproject_toml=ATTRS, uv_lock="version = 1"), False),
        (of(pyproject_toml=ATTRS, constraints_txt="attrs<24"), False),
        (of(pyproject_toml=ATTRS, setup="make"), False),
    ],
)
def test_a_name_stands_for_what_is_installed(other: Dependencies, is_same: bool) -> None:
    assert (of(pyproject_toml=ATTRS).named("bubblewrap") == other.named("bubblewrap")) is is_same


def test_a_name_stands_for_where_and_how_too() -> None:
    attrs = of(pyproject_toml=ATTRS)
    assert attrs.named("docker") != attrs.named("bubblewrap")
    run = of(pyproject_toml=ATTRS, setup="make")
    assert run.named() != of(pyproject_toml=ATTRS + "# a note", setup="make").named()

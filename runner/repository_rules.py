"""`.sayso.toml`: what a repository says about its own gates. Pure: no I/O.

It is read from the base, never from the patch; docs/sayso-toml.md tells people what may be in it.
"""

import shlex
import tomllib
from functools import cached_property
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

RULE_FILE = ".sayso.toml"

_SHELL = frozenset({"&&", "||", "|", ";", ">", ">>", "<", "&"})
_RUN_BY = {
    "make": ("makefile", "gnumakefile"), "just": ("justfile", ".justfile"), "task": (
        "taskfile.yml", "taskfile.yaml"),
}  # fmt: skip


class RulesUnreadable(Exception):
    """The file can't be understood; the message names what in it."""


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class RepositoryRules(BaseModel):
    """What the file may hold; every key is optional."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", ignored_types=(cached_property,)
    )

    lint: Annotated[list[str], BeforeValidator(_listed)] = []
    """Commands; each must end with status 0. Without any: `ruff check`."""
    test: str = "pytest"
    """A command line of pytest's."""
    setup: str = ""
    """A command that installs what the tests need."""
    blocked_paths: list[str] = []
    """Path prefixes that ask a person, besides those of the job."""
    auto_merge_loc_limit: int | None = Field(default=None, ge=0)
    """Lines; counts if it is smaller than the job's."""

    @field_validator("test")
    @classmethod
    def _is_pytest(cls, test: str) -> str:
        arguments_of(test)
        return test

    @property
    def test_arguments(self) -> list[str]:
        """What pytest is called with."""
        return arguments_of(self.test)

    def decides(self, path: str) -> bool:
        """Whether a file is a part of the commands, so that a change of it would change them."""
        folded = path.casefold()
        return folded in self._deciding or PurePosixPath(folded).name in self._deciding_names

    @cached_property
    def _commands(self) -> list[list[str]]:
        return [_split(command.casefold()) for command in (*self.lint, self.setup)]

    @cached_property
    def _deciding(self) -> set[str]:
        named = {word.removeprefix("./") for words in self._commands for word in words}
        modules = {
            module.replace(".", "/")
            for words in self._commands
            for option, module in pairwise(words)
            if option == "-m"
        }
        return named | {f"{module}{end}" for module in modules for end in (".py", "/__main__.py")}

    @cached_property
    def _deciding_names(self) -> set[str]:
        programs = {PurePosixPath(word).name for words in self._commands for word in words}
        return {name for program in programs for name in _RUN_BY.get(program, ())}


def arguments_of(test: str) -> list[str]:
    """What a command line of pytest's hands to pytest.

    Raises:
        ValueError: it is not one; nothing else tells what became of each test.
    """
    match shlex.split(test):
        case ["pytest" | "py.test", *arguments]:
            pass
        case ["python" | "python3", "-m", "pytest", *arguments]:
            pass
        case _:
            raise ValueError("it must be a command line of pytest's, like `pytest -q tests/unit`")
    if _SHELL.intersection(arguments):
        raise ValueError("it must be one command, without a shell's signs")
    return arguments


def read_rules(text: str | None) -> RepositoryRules:
    """The rules in a `.sayso.toml`; none if there is no such file.

    Raises:
        RulesUnreadable: it is no TOML, has an unknown key, or a wrong value.
    """
    try:
        return RepositoryRules.model_validate(tomllib.loads(text or ""))
    except tomllib.TOMLDecodeError as broken:
        raise RulesUnreadable(f"{RULE_FILE} of the base is no TOML: {broken}") from broken
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"]))
        said = "there is no such key" if first["type"] == "extra_forbidden" else first["msg"]
        raise RulesUnreadable(f"{key} in {RULE_FILE} of the base: {said}") from wrong


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command, comments=True)
    except ValueError:  # the shell will say so
        return command.split()

"""`make mutate-infra`: spoil the templates in one place at a time, and see the tests fail."""

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import sys
from pathlib import Path

import pytest

from tests.infrastructure.conftest import GIVEN, synthesise
from tests.infrastructure.mutation.mutants import Mutant, find
from tests.infrastructure.template import Template

TESTS = Path(__file__).parents[1]
QUICKLY = ("-x", "-q", "--no-header", "--tb=no", "-pno:cacheprovider", "-pno:unraisableexception")
"""How pytest is told to waste no time; the last spares two garbage collections a run."""


class OnOneTemplate:
    """A pytest plugin: the tests of the template that it is given, and no others."""

    def __init__(self, template: Template) -> None:
        self._template = template

    def pytest_configure(self, config: pytest.Config) -> None:
        """Have the fixture `template` hand it out."""
        config.stash[GIVEN] = self._template

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what needs more than the template."""
        items[:] = [
            item
            for item in items
            if "template" in getattr(item, "fixturenames", ())
            and "local_template" not in getattr(item, "fixturenames", ())
        ]


def passes(template: Template) -> bool:
    """Whether every test is content with a template."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        status = pytest.main(
            [*QUICKLY, str(TESTS)],
            plugins=[OnOneTemplate(template)],
        )
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"pytest itself ended with {status!r}")
    return status is pytest.ExitCode.OK


def main() -> int:
    """Try every mutant; 0 if each was caught, 1 if one survived, 2 if the tests fail anyway."""
    parser = argparse.ArgumentParser(prog="make mutate-infra", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="at the same time")
    said = parser.parse_args()
    whole = synthesise(stage="prod")
    if not passes(whole):
        print("The tests fail on the template as it is: make infrastructure", file=sys.stderr)
        return 2
    mutants = list(find(whole.resources))

    survivors: list[Mutant] = []
    context = multiprocessing.get_context("fork")
    # A fork is handed the mutants as they are: functions can't be pickled.
    with context.Pool(said.jobs, _in_hand.append, [(whole, mutants)]) as pool:
        for number, survived in enumerate(pool.imap(_survives, range(len(mutants)))):
            if survived:
                survivors.append(mutants[number])
            if sys.stderr.isatty():
                print(f"\r{number + 1} of {len(mutants)}", end="", file=sys.stderr)
    caught = len(mutants) - len(survivors)
    if said.json:
        lines = [{"resource": each.logical_id, "harm": each.harm} for each in survivors]
        print(json.dumps({"mutants": len(mutants), "caught": caught, "survivors": lines}, indent=2))
    else:
        for each in survivors:
            print(f"survived: {each.logical_id}: {each.harm}")
        print(f"{caught} of {len(mutants)} caught")
    return 1 if survivors else 0


_in_hand: list[tuple[Template, list[Mutant]]] = []
"""In a worker: the template as it is, and its mutants."""


def _survives(number: int) -> bool:
    [(whole, mutants)] = _in_hand
    return passes(Template.of(mutants[number].applied_to(whole.resources), whole.exports))


if __name__ == "__main__":
    sys.exit(main())

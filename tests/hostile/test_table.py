"""The table of hostile cases: never a wrong merge, never a hung runner, never a leaked variable."""

import os
import socket
from dataclasses import replace

import pytest

from tests.hostile import configuration, forgers, greedy, honest, patches, probes, weaker
from tests.hostile.case import Case
from tests.hostile.court import Court

TABLES = (honest, patches, forgers, configuration, weaker, greedy)
CASES = {
    f"{table.__name__.rpartition('.')[2]}: {case.name}": case
    for table in TABLES
    for case in table.CASES
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_each_case_gets_its_verdict(court: Court, case: Case) -> None:
    verdict = court.judge(case)
    facts = verdict.facts()
    said = {reason.code for reason in verdict.reasons}
    assert facts["decision"] == case.decision, facts
    assert not case.reasons or said & set(case.reasons), facts
    assert case.lints in (None, facts["lint_passed"]), facts
    assert case.tests in (None, facts["tests_passed"]), facts


@pytest.mark.parametrize("case", probes.CASES, ids=lambda case: case.name)
def test_a_box_holds(court: Court, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", probes.SECRET)
    with socket.create_server(("127.0.0.1", 0)) as host:
        port = str(host.getsockname()[1])
        edits = {path: str(text).replace("LISTENING", port) for path, text in case.edits.items()}
        verdict = court.judge(replace(case, edits=edits))
    assert verdict.proof is not None
    assert verdict.proof.tests_passed, verdict.proof.output
    assert probes.SECRET in os.environ["ANTHROPIC_API_KEY"]

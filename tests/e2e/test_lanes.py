"""What the quick lane can't do, the real Claude Code does, on the same road."""

import json
from pathlib import Path

import requests

from tests.e2e.system import LocalSystem, Person, Repository


def test_what_the_quick_lane_declines_goes_to_claude_code(
    system: LocalSystem, ada: Person, repository: Repository
) -> None:
    log = Path(system.endpoints["messages_log"])
    before = len(log.read_text().splitlines()) if log.exists() else 0
    said = {"act": "declines", "times": 1}
    url = f"{system.endpoints['messages']}/control/next"
    requests.post(url, json=said, timeout=10).raise_for_status()

    task = ada.sees(ada.types("Show the version number of the tool."), "auto_merged", "fail")

    assert task["status"] == "auto_merged", task
    assert repository.log()[0] == task["commit_sha"]
    calls = [json.loads(line) for line in log.read_text().splitlines()[before:]]
    agents = [call["agent"] for call in calls]
    assert agents[0] == "quick_edit"
    assert set(agents[1:]) == {"claude_code"}
    reported = [call["usage"] for call in calls]
    assert task["tok_out"] == sum(usage["output_tokens"] for usage in reported)
    assert task["tok_in"] == sum(
        usage[kind]
        for usage in reported
        for kind in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    )
    assert task["cost_usd"] > 0

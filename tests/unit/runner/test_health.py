"""A runner is well as long as each of its loops comes round."""

import json
from pathlib import Path

import pytest

from runner.__main__ import main
from runner.health import OLDEST_SECONDS, Health, examine, health_file
from runner.health_command import HealthSettings


def test_it_is_well_until_one_loop_is_late(tmp_path: Path) -> None:
    path = health_file(tmp_path)
    health = Health(path)
    health.beat("control")
    health.beat("changes-1", in_hand="message 1")
    began = min(json.loads(path.read_text())["loops"].values())
    is_well, facts = examine(path, began + OLDEST_SECONDS - 1)
    assert (is_well, facts["state"], facts["in_hand"]) == (True, "working", ["message 1"])
    is_well, facts = examine(path, began + OLDEST_SECONDS + 2)
    assert not is_well
    assert "control" in facts["why"]


def test_who_waits_has_nothing_in_hand(tmp_path: Path) -> None:
    health = Health(health_file(tmp_path))
    health.beat("changes-1", in_hand="message 1")
    health.beat("changes-1")
    facts = json.loads(health_file(tmp_path).read_text())
    assert (facts["state"], facts["in_hand"]) == ("waiting", [])
    health.drain()
    assert json.loads(health_file(tmp_path).read_text())["state"] == "draining"


@pytest.mark.parametrize(
    "written", [None, "", "{", "[]", "{}", '{"loops": 1}', '{"loops": {"a": "b"}}']
)
def test_without_a_readable_file_there_is_no_runner(tmp_path: Path, written: str | None) -> None:
    if written is not None:
        health_file(tmp_path).write_text(written)
    is_well, facts = examine(health_file(tmp_path), 0)
    assert not is_well
    assert "no runner" in facts["why"]


def test_the_command_line_says_it_by_its_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORK_DIR", str(tmp_path))
    assert HealthSettings().work_dir == tmp_path
    assert main(["health", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["is_well"] is False
    Health(health_file(tmp_path)).beat("control")
    assert main(["health"]) == 0
    assert capsys.readouterr().out == "well: waiting\n"

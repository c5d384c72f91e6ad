"""Where the control groups of boxes belong, as cgroups(7) says."""

from pathlib import Path

import pytest

from runner.sandbox.memory import parent_group


@pytest.mark.parametrize(
    ("own", "parent"),
    [
        ("4:memory:/\n0::/\n", "memory"),
        ("9:pids:/a\n4:memory:/jobs/7\n0::/b\n", "memory/jobs/7"),
        ("0::/system.slice/runner.service\n", "system.slice"),
        ("0::/docker.slice/runner.service\n", None),  # the parent shares out no memory
        ("0::/\n", None),
        ("0::/gone/with/the/wind\n", None),
        ("9:pids:/\n", None),
    ],
)
def test_a_box_belongs_where_its_runner_is(tmp_path: Path, own: str, parent: str | None) -> None:
    (tmp_path / "own").write_text(own)
    for group, shares in (("system.slice", "cpu memory pids\n"), ("docker.slice", "cpu\n")):
        (tmp_path / group).mkdir()
        (tmp_path / group / "cgroup.subtree_control").write_text(shares)
    found = parent_group(root=tmp_path, own=tmp_path / "own")
    assert found == (parent and tmp_path / parent)

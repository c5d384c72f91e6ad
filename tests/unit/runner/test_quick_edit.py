"""Edits are written inside the work tree or not at all; answers are read; money is counted."""

from pathlib import Path

import pytest

from runner.agents.agent import Brief
from runner.agents.context import Context
from runner.agents.edits import Edit, EditFailed
from runner.agents.prompt import Declined, question, read, repository
from runner.agents.quick_edit import write
from runner.spending import Prices, Spent


def test_edits_of_a_file_follow_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("a\n")
    write(tmp_path, [Edit("a.py", ("a",), ("b",)), Edit("a.py", ("b",), ("c", "d"))])
    assert (tmp_path / "a.py").read_text() == "c\nd\n"


def test_a_new_file_gets_its_folders(tmp_path: Path) -> None:
    write(tmp_path, [Edit("new/deep/ünï.py", (), ("x",)), Edit("new/__init__.py", (), ())])
    assert (tmp_path / "new/deep/ünï.py").read_text() == "x\n"
    assert (tmp_path / "new/__init__.py").read_text() == ""


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../outside.py",
        "a/../../outside.py",
        ".git/hooks/post-checkout",
        "a/.GIT/config",
        "..\\outside.py",
        "a\0b.py",
        "",
        ".",
        "x" * 300,
        "there.py/inside.py",
        "folder",
    ],
)
def test_a_path_that_is_no_file_of_the_project_is_refused(tmp_path: Path, path: str) -> None:
    tree = tmp_path / "tree"
    (tree / "folder").mkdir(parents=True)
    (tree / "there.py").write_text("there\n")
    with pytest.raises(EditFailed):
        write(tree, [Edit("there.py", ("there",), ("changed",)), Edit(path, (), ("x",))])
    assert (tree / "there.py").read_text() == "there\n"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["folder", "there.py", "tree"]


@pytest.mark.parametrize("path", ["link.py", "folder/new.py", "loop", "dangling.py"])
def test_a_link_is_not_followed_wherever_it_leads(tmp_path: Path, path: str) -> None:
    tree, outside = tmp_path / "tree", tmp_path / "outside"
    tree.mkdir()
    outside.mkdir()
    (tree / "own.py").write_text("own\n")
    (tree / "link.py").symlink_to("own.py")
    (tree / "folder").symlink_to(outside)
    (tree / "loop").symlink_to("loop")
    (tree / "dangling.py").symlink_to(outside / "new.py")
    with pytest.raises(EditFailed, match="not a file of the project"):
        write(tree, [Edit(path, (), ("x",))])
    assert list(outside.iterdir()) == []
    assert (tree / "own.py").read_text() == "own\n"


def test_what_is_no_text_is_not_edited_nor_written(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\xff\xfe")
    for edit in (Edit("a.bin", ("x",), ("y",)), Edit("b.py", (), ("\ud800",))):
        with pytest.raises(EditFailed, match="as text"):
            write(tmp_path, [edit])
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


def test_an_answer_is_read() -> None:
    answer = read(
        "Subject: feat(cli): add --stdin flag\nRationale: A pipe is handy. DECLINE: no.\n\n"
        "a.py\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n"
    )
    assert answer.subject == "feat(cli): add --stdin flag"
    assert answer.rationale == "A pipe is handy. DECLINE: no."
    assert answer.edits == [Edit("a.py", ("a",), ("b",))]


@pytest.mark.parametrize("blank_lines", ["\n", "\n\n"])
def test_no_edit_is_taken_for_a_rationale(blank_lines: str) -> None:
    block = "a.py\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE"
    assert read(f"Subject: fix: a{blank_lines}Rationale: b{blank_lines}{block}").edits


@pytest.mark.parametrize(
    "reply",
    ["", "Sure!", "Subject: feat: x\n", "Rationale: x\n", "Subject: no type\nRationale: x\n"],
)
def test_an_answer_in_another_form_is_not_taken(reply: str) -> None:
    with pytest.raises(EditFailed):
        read(reply)


def test_a_model_may_decline() -> None:
    with pytest.raises(Declined, match="It needs a database"):
        read("DECLINE: It needs a database.\nSorry.")


def test_the_brief_has_the_form_that_is_agreed() -> None:
    brief = Brief("wordcount", "Add a flag.", "PEP8, argparse, no globals", 0.03)
    context = Context(["README.md", "src/"], ["README.md", "src/a.py"], {"src/a.py": "x = 1\n"})
    assert question(brief, context).endswith(
        "Project: wordcount\n"
        "Task: Add a flag.\n"
        "Repository map (top-level): README.md src/\n"
        "Style: PEP8, argparse, no globals; ruff + pytest must pass\n"
        "Deliverables: minimal diff, tests updated, README/help updated when applicable\n"
    )
    assert '<file path="src/a.py">\nx = 1\n' in question(brief, context)
    assert repository(context, 100).endswith("\nREADME.md\nsrc/a.py")
    assert repository(context, 5).endswith("\nREADME.md\n…")


def test_each_kind_of_token_has_its_price() -> None:
    prices = Prices(input=1, cache_write=2, cache_read=0.1, output=5)
    spent = prices.spent(read=1000, cache_written=2000, cache_read=10_000, output=400)
    assert spent == Spent(13_000, 400, pytest.approx(0.008))
    assert spent + spent == Spent(26_000, 800, pytest.approx(0.016))


@pytest.mark.parametrize(("usd", "most"), [(0.03, 4000), (0.01, 0), (0.005, 0)])
def test_an_answer_is_as_long_as_the_money_allows(usd: float, most: int) -> None:
    prices = Prices(input=1, cache_write=2, cache_read=0.1, output=5)
    assert prices.output_tokens_for(usd, tok_in=5000) == pytest.approx(most, abs=1)

"""A model sees the files that a request is about, and no more than it may."""

from pathlib import Path

import pytest

from runner.agents.context import choose, tokens

SAMPLE = Path(__file__).parents[2] / "fixtures/sample-repo"
PLENTY = 100_000


@pytest.mark.parametrize(
    ("task", "first", "also"),
    [
        ("Add a --stdin flag so the tool can read it.", "wordcount/cli.py", "tests/test_cli.py"),
        ("Make --no-header the default.", "wordcount/cli.py", "README.md"),
        ("Fix the docstring in counting.py", "wordcount/counting.py", "tests/test_counting.py"),
        ("Let check_readable allow .env", "security/paths.py", "tests/test_paths.py"),
        ("Give Counts another field", "wordcount/counting.py", "tests/test_counting.py"),
        ("Say more in the README.", "README.md", "README.md"),
    ],
)
def test_what_is_named_defined_or_read_comes_first_with_its_tests(
    task: str, first: str, also: str
) -> None:
    files = list(choose(SAMPLE, task, PLENTY).files)
    assert files[0] == first
    assert also in files[:3]
    assert "README.md" in files


def test_a_file_that_does_not_fit_is_left_out_whole(tmp_path: Path) -> None:
    (tmp_path / "big.py").write_text("def count(): ...\n" * 100)
    (tmp_path / "small.py").write_text("count()\n")
    context = choose(tmp_path, "Let big.py count better", most_tokens=100)
    assert context.files == {"small.py": "count()\n"}
    assert context.paths == ["big.py", "small.py"]
    assert sum(map(tokens, choose(SAMPLE, "count lines", 1500).files.values())) <= 1500


def test_the_map_names_folders_and_files_of_the_top() -> None:
    context = choose(SAMPLE, "anything", PLENTY)
    assert {"README.md", "security/", "tests/", "wordcount/"} <= set(context.top_level)
    assert not [name for name in context.top_level if "/" in name.removesuffix("/")]


def test_links_and_what_is_no_text_are_not_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text("secret = 1\n")
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "link.py").symlink_to(outside / "secret.py")
    (tree / "folder").symlink_to(outside)
    (tree / "broken.py").symlink_to("nowhere")
    (tree / "binary.py").write_bytes(b"secret\xff\xfe")
    (tree / "own.py").write_text("secret = 2\n")
    assert choose(tree, "secret", PLENTY).files == {"own.py": "secret = 2\n"}


def test_nothing_is_chosen_from_an_empty_project(tmp_path: Path) -> None:
    context = choose(tmp_path, "Add a flag.", PLENTY)
    assert (context.top_level, context.paths, context.files) == ([], [], {})

"""git's own account of two trees is read right, whatever the paths are called."""

import pytest

from runner.change import Change, FileChange, is_test, read

NOTHING = "0" * 40
BLOBS = {
    "a" * 40: b"import os\n\ndef test_it():\n    assert one() == 1\n    assert two() == 2\n",
    "b" * 40: b"import sys\n\ndef test_it():\n    assert one() == 1\n    assert two() == 2\n"
    b"    assert three() == 3\n",
    "c" * 40: b"def test_it():\n    assert one() == 1\n",
    "d" * 40: b"import pytest\n\n@pytest.mark.skip\ndef test_it():\n    assert one() == 1\n"
    b"    assert two() == 2\n",
    "e" * 40: b"../security/keys.py",
    "f" * 40: b"/etc/passwd",
    "1" * 40: b"x = 1\n",
    "2" * 40: b"import ctypes  # noqa\n",
}


def account(*records: tuple[str, ...]) -> bytes:
    """What `git diff-tree -r -z --raw --numstat -M` prints: metadata, counts, then paths."""
    raw = b"".join(
        f":{meta}".encode() + b"\0" + b"".join(p.encode() + b"\0" for p in paths)
        for meta, _, *paths in records
    )
    counted = b""
    for _, counts, *paths in records:
        tail = paths if len(paths) == 1 else ["", *paths]
        counted += f"{counts}\t".encode() + b"".join(p.encode() + b"\0" for p in tail)
    return raw + counted


def of(meta: str, counts: str, *paths: str) -> Change:
    return read(
        account((meta, counts, *paths)), lambda names: {name: BLOBS[name] for name in names}
    )


EDIT = f"100644 100644 {'1' * 40} {'2' * 40} M"


@pytest.mark.parametrize(
    "path",
    [
        *("cli.py", "two words.py", "tab\there.py", "line\nbreak.py", '"quoted".py'),
        *("naïve/ü.py", "-rf", ":100644", "a => b", "security/../x", "日本.py"),
    ],
)
def test_every_path_is_read_as_it_is(path: str) -> None:
    [file] = of(EDIT, "3\t2", path).files
    assert (file.path, file.added, file.removed) == (path, 3, 2)


def test_bytes_that_are_no_text_stay_visible() -> None:
    raw = account((EDIT, "1\t0", "x.py")).replace(b"x.py", b"\xff.py")
    assert read(raw, lambda names: {name: BLOBS[name] for name in names}).paths == ["\\xff.py"]


def test_several_files_add_up_and_keep_their_order() -> None:
    change = read(
        account(
            (EDIT, "3\t2", "b.py"),
            (f"100644 100644 {'1' * 40} {'1' * 40} R100", "0\t0", "old name.py", "new name.py"),
            (f"000000 100644 {NOTHING} {'2' * 40} A", "5\t0", "a.py"),
        ),
        lambda names: {name: BLOBS[name] for name in names},
    )
    assert change.loc_delta == 10
    assert change.paths == ["a.py", "b.py", "new name.py", "old name.py"]


def test_a_binary_file_is_told_from_an_empty_change() -> None:
    [binary] = of(EDIT, "-\t-", "logo.png").files
    [empty] = of(EDIT, "0\t0", "empty.py").files
    assert (binary.is_binary, binary.added) == (True, 0)
    assert not empty.is_binary


@pytest.mark.parametrize(
    ("content", "is_binary"),
    [
        (b"a line\n" * 2000, False),
        (b"x" * 5_001 + b"\n", True),
        (b"x" * 9_000 + b"\0", True),
    ],
)
def test_what_nobody_can_read_in_a_diff_is_binary(content: bytes, is_binary: bool) -> None:
    meta = f"000000 100644 {NOTHING} {'9' * 40} A"
    [file] = read(
        account((meta, "1\t0", "docs/a.md")), lambda names: dict.fromkeys(names, content)
    ).files
    assert file.is_binary == is_binary


@pytest.mark.parametrize(
    ("meta", "target"),
    [
        (f"000000 120000 {NOTHING} {'e' * 40} A", "security/keys.py"),
        (f"120000 000000 {'e' * 40} {NOTHING} D", "security/keys.py"),
        (f"000000 120000 {NOTHING} {'f' * 40} A", "/etc/passwd"),
    ],
)
def test_a_link_touches_what_it_points_at(meta: str, target: str) -> None:
    [file] = of(meta, "1\t0", "docs/link").files
    assert file.link_targets == (target,)
    assert target in file.paths


@pytest.mark.parametrize(
    ("before", "after", "says_less", "skips_more"),
    [
        ("a", "a", False, False),
        ("a", "b", False, False),
        ("a", "c", True, False),
        ("c", "a", False, False),
        ("a", "d", False, True),
        ("d", "a", True, False),
    ],
)
def test_what_tests_say_is_compared(
    before: str, after: str, says_less: bool, skips_more: bool
) -> None:
    meta = f"100644 100644 {before * 40} {after * 40} M"
    [file] = of(meta, "1\t1", "tests/test_cli.py").files
    assert (file.says_less, file.skips_more) == (says_less, skips_more)


@pytest.mark.parametrize(
    ("meta", "paths", "says_less"),
    [
        (f"100644 000000 {'a' * 40} {NOTHING} D", ("tests/test_cli.py",), True),
        (
            f"100644 100644 {'a' * 40} {'a' * 40} R100",
            ("tests/test_cli.py", "tests/test_main.py"),
            False,
        ),
        (f"100644 100644 {'a' * 40} {'a' * 40} R100", ("tests/test_cli.py", "old.txt"), True),
        (f"000000 100644 {NOTHING} {'a' * 40} A", ("tests/test_cli.py",), False),
    ],
)
def test_tests_that_go_away_say_less(meta: str, paths: tuple[str, ...], says_less: bool) -> None:
    [file] = of(meta, "0\t0", *paths).files
    assert file.says_less is says_less


def test_a_new_test_that_is_skipped_is_noticed() -> None:
    [file] = of(f"000000 100644 {NOTHING} {'d' * 40} A", "6\t0", "tests/test_new.py").files
    assert file.skips_more


@pytest.mark.parametrize(
    ("path", "is_looked_at"),
    [("wordcount/cli.py", True), ("tests/test_cli.py", True), ("notes.md", False)],
)
def test_new_lines_of_python_are_looked_at(path: str, is_looked_at: bool) -> None:
    [file] = of(EDIT, "1\t1", path).files
    assert file.tampers == (("1: import ctypes  # noqa",) if is_looked_at else ())
    assert file.silences == (("# noqa",) if is_looked_at else ())


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/test_cli.py", True),
        ("tests/data/poem.txt", True),
        ("cli_test.py", True),
        ("Tests/helper.py", True),
        ("conftest.py", True),
        ("src/test/app.py", True),
        ("wordcount/cli.py", False),
        ("latest.py", False),
        ("contest.py", False),
    ],
)
def test_which_files_are_tests(path: str, expected: bool) -> None:
    assert is_test(path) is expected


def test_a_file_counts_each_path_once() -> None:
    file = FileChange("a.py", "a.py", "100644", "100644", 1, 1, link_targets=("a.py", "b"))
    assert file.paths == ("a.py", "b")

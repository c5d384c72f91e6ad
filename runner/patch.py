"""A patch from anywhere becomes a tree, or an honest no; no file outside the index is touched."""

import re

from runner.change import SUBMODULE
from runner.checkout import Checkout
from runner.failure import Failure
from runner.git import GitFailed

LONGEST_PATCH_BYTES = 4 << 20
LARGEST_RESULT_BYTES = 64 << 20
"""What the touched files may hold together: a short patch can copy a large file many times."""
MOST_FILES = 10_000

# The lines of a patch that name files, and the sizes that binary hunks unfold to.
_GIT_HEADER = re.compile(rb'^diff --git "?([^\n]*)', re.MULTILINE)
_OLD_HEADER = re.compile(rb'^(?:---|\+\+\+) "?(?!/dev/null)([^\n]*)', re.MULTILINE)
_PREFIX = re.compile(rb"[a-z]/")
_BINARY = re.compile(rb"^(?:literal|delta) (\d+)\r?$", re.MULTILINE)

# What `git apply` says, and what a person is told.
_REFUSALS = (
    ("invalid path", "unsafe_path", "It leaves the repository, or reaches into .git"),
    ("beyond a symbolic link", "unsafe_path", "It writes through a symbolic link"),
    ("No valid patches", "no_patch", "There is no patch in it"),
    ("over limit", "patch_too_large", "What it makes is too large; make smaller steps"),
    ("corrupt", "malformed_patch", "It is no patch that git understands"),
    ("unrecognized", "malformed_patch", "It is no patch that git understands"),
    ("", "patch_does_not_apply", "It does not fit the base; make it anew from there"),
)


def apply(checkout: Checkout, patch: bytes) -> str:
    """The tree that a patch makes of the base; headers of mails around it are passed over.

    Paths may bear the prefixes `a/` and `b/` (or another letter, as git can be told) or none.

    Raises:
        Failure: `patch_too_large`, `unsafe_path`, `no_patch`, `malformed_patch`,
            `patch_does_not_apply`, `empty_patch`: it changes nothing.
    """
    if len(patch) > LONGEST_PATCH_BYTES or _unfolded(patch) > LARGEST_RESULT_BYTES:
        raise _too_large(f"The patch is larger than {LONGEST_PATCH_BYTES >> 20} MiB.")
    index = checkout.folder / "patch.index"
    checkout.git.run("read-tree", checkout.base_tree, index=index)
    try:
        checkout.git.run(
            *("apply", "--cached", "--whitespace=nowarn", f"-p{_strip(patch)}", "-"),
            stdin=patch,
            index=index,
            # A binary hunk of a few bytes can unfold to more than there is memory.
            largest_piece=LARGEST_RESULT_BYTES,
        )
        tree = checkout.git.run("write-tree", index=index).decode().strip()
    except GitFailed as refused:
        raise _explained(refused) from refused
    if tree == checkout.base_tree:
        raise Failure("empty_patch", "The patch changes nothing.")
    _measure(checkout, tree)
    return tree


def _strip(patch: bytes) -> int:
    """How many parts of a path are prefix: 1 if every path bears one, as git writes it, else 0."""
    named = _GIT_HEADER.findall(patch) or _OLD_HEADER.findall(patch)
    return int(all(_PREFIX.match(name) for name in named))


def _unfolded(patch: bytes) -> int:
    return sum(int(size[:12]) for size in _BINARY.findall(patch))


def _measure(checkout: Checkout, tree: str) -> None:
    """Refuse a tree whose changed files would fill the disk that they are written to.

    Raises:
        Failure: `patch_too_large`.
    """
    raw = checkout.git.run("diff-tree", "-r", "-z", "--no-abbrev", checkout.base_tree, tree)
    records = [meta.split(b" ") for meta in raw.split(b"\0") if meta.startswith(b":")]
    blobs = [name for _, mode, _, name, _ in records if mode.decode() != SUBMODULE]
    sizes = checkout.git.run(
        "cat-file", "--batch-check=%(objectsize)", stdin=b"\n".join(blobs) + b"\n"
    ).split(b"\n")
    if len(records) > MOST_FILES:
        raise _too_large(f"The patch touches more than {MOST_FILES} files.")
    if sum(int(size) for size in sizes if size.isdigit()) > LARGEST_RESULT_BYTES:
        raise _too_large(f"The files it makes are larger than {LARGEST_RESULT_BYTES >> 20} MiB.")


def _too_large(what: str) -> Failure:
    return Failure("patch_too_large", f"{what} Make smaller steps.")


def _explained(refused: GitFailed) -> Failure:
    code, what = next((code, what) for sign, code, what in _REFUSALS if sign in refused.said)
    first = refused.said.strip().partition("\n")[0].removeprefix("error: ")
    return Failure(code, f"{what} ({first})." if first else f"{what}.")

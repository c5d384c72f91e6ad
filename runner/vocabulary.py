"""The names that a repository's code uses: hints for whoever listens to its users."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

MOST_WORDS = 200
SHORTEST_WORD = 3

_FLAG = re.compile(r"--[a-z][a-z0-9-]+")
_COMMON = frozenset(
    ("self", "cls", "args", "kwargs", "str", "int", "float", "bool", "list", "dict", "set", "tuple")
)


def words(sources: Mapping[str, bytes]) -> list[str]:
    """The module names, identifiers and flags of Python files by path, most frequent first.

    Nothing is executed: the files are parsed, and those that can't be are passed over.
    """
    counts: Counter[str] = Counter()
    for path, source in sources.items():
        counts.update(filter(_is_word, PurePosixPath(path).with_suffix("").parts))
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        counts.update(filter(_is_word, _names(tree)))
    said = (word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return list(said)[:MOST_WORDS]


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name) | ast.Name(id=name) | ast.arg(arg=name):
                yield name
            case ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.Constant(value=str(text)):
                yield from _FLAG.findall(text)


def _is_word(name: str) -> bool:
    return (
        len(name) >= SHORTEST_WORD and not name.startswith("__") and name.casefold() not in _COMMON
    )

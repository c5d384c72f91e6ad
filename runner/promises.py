"""Whether a test file promises less than it did. No I/O.

What a test asserts can't be computed, so this errs on the side of asking: what a test file said
must still be there, and an existing test may only be added to at its end. A new test, a new
helper, a new case of a parametrized test promise more.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator

_SKIPS = re.compile(
    r"mark\.(?:skip|skipif|xfail)\b|\b(?:skip|xfail)\(|\bskip(?:If|Unless|Test)\b|\bSkipTest\b"
    r"|\bimportorskip\b|\bcollect_ignore|\b__test__\b"
)

Test = ast.FunctionDef | ast.AsyncFunctionDef


def says_less(before: str, after: str) -> bool:
    """Whether a test file lost a line, or a test of it does not do all that it did first."""
    return bool(_lines(before) - _lines(after)) or _is_cut(before, after)


def skips_more(before: str, after: str) -> bool:
    """Whether there are more marks than before that keep tests from being run."""
    return len(_SKIPS.findall(after)) > len(_SKIPS.findall(before))


def _lines(text: str) -> Counter[str]:
    """The lines that say something, wherever in the file they stand.

    Imports do not: a new test often needs another name from a module that is imported already,
    and a base's test that lost an import it needs fails.
    """
    said = (line.strip() for line in text.splitlines())
    return Counter(line for line in said if line and not line.startswith(("#", "import ", "from ")))


def _is_cut(before: str, after: str) -> bool:
    """Whether a test begins otherwise than it did: with a return, under a condition, in a try."""
    try:
        old, new = _tests(before), _tests(after)
    except (SyntaxError, ValueError, RecursionError):
        return before != after  # what can't be read can't be compared
    return any(name not in new or not _goes_on(test, new[name]) for name, test in old.items())


def _tests(text: str) -> dict[str, Test]:
    """Test functions by their qualified names; of two that have the same, the one that is run."""
    return dict(_functions(ast.parse(text).body, ""))


def _functions(body: list[ast.stmt], within: str) -> Iterator[tuple[str, Test]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{within}{node.name}.")
        elif isinstance(node, Test) and node.name.startswith("test"):
            yield within + node.name, node


def _goes_on(old: Test, new: Test) -> bool:
    """Whether a test does what it did, and then perhaps more."""
    was, now = (_written(*test.body) for test in (old, new))
    has_marks = not Counter(_marks(old)) - Counter(_marks(new))
    return has_marks and now[: len(was)] == was and _written(old.args) == _written(new.args)


def _marks(test: Test) -> Iterator[str]:
    """Decorators, and each case of a parametrized test by itself."""
    for mark in test.decorator_list:
        match mark:
            case ast.Call(
                func=ast.Attribute(attr="parametrize"), args=[names, ast.List(elts=rows)]
            ):
                yield ast.dump(names)
                yield from (ast.dump(row) for row in rows)
            case _:
                yield ast.dump(mark)


def _written(*nodes: ast.AST) -> list[str]:
    return [ast.dump(node) for node in nodes]

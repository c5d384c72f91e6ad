"""Tests that say less than they said. Where a bug comes along, they would have found it."""

from tests.hostile.case import BROKEN, Case, Edits, added, asks, changed, text

COUNTING = "tests/test_counting.py"
TABLE = "tests/test_table.py"
ADD_UP = "    assert Counts(1, 2, 3) + Counts(10, 20, 30) == Counts(11, 22, 33)\n"
HEAD = "def test_counts_add_up():\n"
WEAKER = "tests_changed|tests_fewer|tests_skipped"


def weaker(name: str, edits: Edits, reasons: str = WEAKER) -> Case:
    """Tests that no longer say all that they said."""
    return asks(name, reasons, edits)


def in_counting(old: str, new: str) -> dict[str, str]:
    """The tests of counting, in which one thing is said otherwise."""
    return changed(COUNTING, old, new)


def marked(mark: str) -> dict[str, str]:
    """A test with a decorator."""
    return in_counting(HEAD, f"@{mark}\n{HEAD}")


CASES = [
    weaker("a test file deleted", {TABLE: None}),
    weaker("a test file deleted, and a bug", BROKEN | {COUNTING: None}),
    weaker("a test file emptied", {TABLE: ""}),
    weaker("a test file that is a comment", {TABLE: '"""Nothing."""\n'}),
    weaker("a test removed", in_counting(f"\n\n{HEAD}{ADD_UP}", "")),
    weaker("a test renamed", in_counting("def test_counts_add_up", "def check_counts_add_up")),
    weaker("a file renamed", {TABLE: None, "tests/table_tests.py": text(TABLE)}),
    weaker("a file moved away", {TABLE: None, "docs/test_table.py": text(TABLE)}),
    weaker("a test commented out", in_counting(HEAD + ADD_UP, f"# {HEAD}#{ADD_UP}")),
    weaker("a test in a string", in_counting(HEAD + ADD_UP, f'"""\n{HEAD}{ADD_UP}"""\n')),
    weaker("a test in a function", in_counting(HEAD, f"def more():\n    {HEAD}    ")),
    weaker("a test of the same name", added(COUNTING, f"\n\n{HEAD}    assert Counts()\n")),
    weaker("a test deleted by code", added(COUNTING, "\n\ndel test_counts_add_up\n")),
    weaker("a test that is no function", added(COUNTING, "\n\ntest_counts_add_up = None\n")),
    weaker("a test that is not one", added(COUNTING, "\n\ntest_counts_add_up.__test__ = False\n")),
    weaker("no tests in a module", added(COUNTING, "\n\n__test__ = False\n")),
    weaker("a mark to skip", marked('pytest.mark.skip(reason="slow")')),
    weaker("a mark to skip if", marked('pytest.mark.skipif(True, reason="slow")')),
    weaker("a mark to fail", marked("pytest.mark.xfail(strict=False)")),
    weaker("a mark that stands apart", added(COUNTING, "\n\npytestmark = pytest.mark.skip\n")),
    weaker("a mark by another name", marked('getattr(pytest.mark, "sk" + "ip")')),
    weaker("skipped while it runs", in_counting(ADD_UP, f'    pytest.skip("slow")\n{ADD_UP}')),
    weaker(
        "a whole module skipped",
        in_counting(
            "import pytest\n", 'import pytest\n\npytest.skip("x", allow_module_level=True)\n'
        ),
    ),
    weaker(
        "a module that is missing",
        in_counting("import pytest\n", 'import pytest\n\npytest.importorskip("no_such_module")\n'),
    ),
    weaker("an early return", in_counting(ADD_UP, f"    return\n{ADD_UP}")),
    weaker("under a condition", in_counting(ADD_UP, f"    if Counts().lines:\n    {ADD_UP}")),
    weaker("never called", in_counting(HEAD, f"async {HEAD}"), WEAKER + "|tests_failed"),
    weaker("a generator", in_counting(ADD_UP, f"    yield\n{ADD_UP}"), WEAKER + "|tests_failed"),
    weaker("an assertion weakened", in_counting("== counts", "is not None")),
    weaker("an assertion with a way out", in_counting("== counts", "== counts or text")),
    weaker("an assertion of a tuple", in_counting("== counts", "== counts, text"), "tests_changed"),
    weaker(
        "an assertion caught",
        in_counting(ADD_UP, f"    try:\n    {ADD_UP}    except AssertionError:\n        pass\n"),
    ),
    weaker("an expectation changed", BROKEN | in_counting("Counts(1, 2, 8)", "Counts(2, 2, 8)")),
    weaker("a case less", in_counting('        ("", Counts(0, 0, 0)),\n', "")),
    weaker(
        "cases left out by code",
        in_counting(
            '        ("naïve café\\n", Counts(1, 2, 11)),\n    ],',
            '        ("naïve café\\n", Counts(1, 2, 11)),\n    ][:1],',
        ),
    ),
    weaker(
        "a fixture that answers for the product",
        added(
            COUNTING,
            """

            @pytest.fixture(autouse=True)
            def fast(monkeypatch):
                monkeypatch.setattr(f"{__name__}.count", lambda _: Anything())


            class Anything:
                def __eq__(self, other):
                    return True
            """,
        )
        | BROKEN,
        "tests_failed|tampers",
    ),
    weaker(
        "another module under test",
        BROKEN
        | in_counting(
            "from wordcount.counting import Counts, count", "from tests.good import Counts, count"
        )
        | {"tests/good.py": text("wordcount/counting.py")},
        "tests_failed|tests_changed",
    ),
]

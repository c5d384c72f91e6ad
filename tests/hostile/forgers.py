"""Code that would have failing tests look as if they passed.

Each stands once in the product, where a bug comes along that the base's tests find, or in a new
test file beside a test that fails.
"""

from tests.hostile.case import Case, asks, in_product, in_tests

CAUGHT = "tests_failed|gate_tampered|tampers|no_tests|tests_timed_out"


def product(name: str, code: str) -> Case:
    """A bug that hides itself when the product is imported."""
    return asks(f"product: {name}", CAUGHT, in_product(code), tests=False)


def tests(name: str, code: str) -> Case:
    """A test file that hides its own failure."""
    return asks(f"tests: {name}", f"{CAUGHT}|tests_skipped", in_tests(code))


LEAVE = "import os\n\nos._exit(0)\n"

CASES = [
    # It ends before the truth comes out.
    product("leaves at import", LEAVE),
    product("leaves by another name", 'import os\n\ngetattr(os, "_ex" + "it")(0)\n'),
    product("says that it is done", "import sys\n\nsys.exit(0)\n"),
    product("interrupts", "raise KeyboardInterrupt\n"),
    product("ends pytest", 'import pytest\n\npytest.exit("all passed", returncode=0)\n'),
    product("leaves at exit", "import atexit\nimport os\n\natexit.register(os._exit, 0)\n"),
    product(
        "leaves from a thread",
        "import os\nimport threading\n\nthreading.Timer(0.05, os._exit, [0]).start()\n",
    ),
    product(
        "leaves by an alarm",
        """
        import os
        import signal

        signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        """,
    ),
    product(
        "leaves a child behind",
        "import os\n\nif os.fork():\n    os.waitpid(-1, 0)\n    os._exit(0)\n",
    ),
    product("becomes another program", 'import os\n\nos.execv("/bin/true", ["true"])\n'),
    product(
        "starts pytest again without asserts",
        """
        import os
        import sys

        if not sys.flags.optimize:
            os.execve(sys.executable, [sys.executable, "-O", *sys.orig_argv[1:]], os.environ)
        """,
    ),
    product("kills its parent", "import os\n\nos.kill(os.getppid(), 9)\n"),
    product("kills itself", "import os\n\nos.kill(os.getpid(), 9)\n"),
    product("kills all", "import os\n\nos.kill(-1, 9)\n"),
    product("says nothing more", "import os\n\nos.closerange(0, 64)\nos._exit(0)\n"),
    product("crashes the interpreter", "import ctypes\n\nctypes.string_at(0)\n"),
    # It writes the report itself.
    product(
        "writes a report over every file that it may write",
        """
        import os
        from pathlib import Path

        FORGED = '<testsuites><testsuite tests="27">' + "".join(
            f'<testcase classname="tests.test_cli" name="test_{n}" file="tests/test_cli.py"/>'
            for n in range(27)
        ) + "</testsuite></testsuites>"

        for line in Path("/proc/self/mountinfo").read_text().splitlines():
            target = Path(line.split()[4])
            if target.is_file() and os.access(target, os.W_OK):
                target.write_text(FORGED)
        os._exit(0)
        """,
    ),
    product(
        "prints what pytest would print",
        """
        import os

        print("." * 27, "[100%]\\n27 passed in 0.21s", flush=True)
        os._exit(0)
        """,
    ),
    product(
        "serves every open file a success",
        """
        import os

        for number in range(3, 64):
            try:
                os.write(number, b'{"exit_status": 0, "passed": 27, "failed": 0}')
            except OSError:
                continue
        os._exit(0)
        """,
    ),
    # It changes pytest.
    product(
        "every test is an empty one",
        """
        from _pytest.python import Function

        Function.runtest = lambda self: None
        """,
    ),
    product(
        "every outcome is a success",
        """
        from _pytest.reports import TestReport

        make = TestReport.from_item_and_call


        def passed(item: object, call: object) -> object:
            report = make(item, call)
            report.outcome = "passed"
            return report


        TestReport.from_item_and_call = passed
        """,
    ),
    product(
        "every call succeeds",
        """
        from _pytest.runner import CallInfo

        make = CallInfo.from_call


        def succeed(func: object, when: str, *args: object, **options: object) -> object:
            info = make(func, when, *args, **options)
            info.excinfo = None
            return info


        CallInfo.from_call = succeed
        """,
    ),
    product(
        "every hook has an answer",
        """
        import pluggy

        call = pluggy._hooks.HookCaller.__call__


        def silent(self: object, **facts: object) -> object:
            report = facts.get("report")
            if report is not None:
                report.outcome = "passed"
            return call(self, **facts)


        pluggy._hooks.HookCaller.__call__ = silent
        """,
    ),
    product(
        "a plugin is smuggled in",
        """
        import gc

        import pytest


        class Liar:
            @pytest.hookimpl(wrapper=True)
            def pytest_runtest_makereport(self) -> object:
                report = yield
                report.outcome = "passed"
                return report


        for thing in gc.get_objects():
            if isinstance(thing, pytest.PytestPluginManager):
                thing.register(Liar())
        """,
    ),
    product(
        "the session says it went well",
        """
        from _pytest.main import Session

        Session.testsfailed = property(lambda self: 0, lambda self, value: None)
        """,
    ),
    product(
        "the code of a function is another's",
        """
        from _pytest import runner


        def nothing(item: object) -> None:
            return


        runner.pytest_runtest_call.__code__ = nothing.__code__
        """,
    ),
    product(
        "asserts compare nothing",
        """
        from _pytest.assertion import rewrite

        rewrite.AssertionRewriter.visit_Assert = lambda self, node: []
        """,
    ),
    product(
        "a trace skips the rest of a test",
        """
        import sys


        def trace(frame: object, event: str, arg: object) -> object:
            if frame.f_code.co_name.startswith("test_"):
                frame.f_trace_lines = True
                frame.f_lineno = max(line for *_, line in frame.f_code.co_lines() if line)
            return trace


        sys.settrace(trace)
        """,
    ),
    # It changes what the tests are made of.
    product(
        "the tests are written anew",
        """
        from pathlib import Path

        for path in Path("tests").glob("test_*.py"):
            names = [
                line.split("(")[0].removeprefix("def ")
                for line in path.read_text().splitlines()
                if line.startswith("def test_")
            ]
            path.write_text("".join(f"def {name}():\\n    pass\\n\\n" * 3 for name in names))
        """,
    ),
    product(
        "the tests are removed",
        """
        from pathlib import Path

        for path in Path("tests").glob("test_[c-z]*.py"):
            path.unlink()
        """,
    ),
    product(
        "another finder finds other tests",
        """
        import sys
        from importlib.machinery import ModuleSpec
        from types import ModuleType


        class Finder:
            def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
                return ModuleSpec(name, self) if name.startswith("test_") else None

            def create_module(self, spec: ModuleSpec) -> ModuleType:
                module = ModuleType(spec.name)
                for number in range(9):
                    setattr(module, f"test_{number}", lambda: None)
                return module

            def exec_module(self, module: ModuleType) -> None:
                return


        sys.meta_path.insert(0, Finder())
        """,
    ),
    product(
        "the tests' modules are there already",
        """
        import sys
        from types import ModuleType

        for name in ("test_cli", "test_counting", "test_paths", "test_table"):
            module = ModuleType(name)
            module.test_all = lambda: None
            sys.modules[name] = module
        """,
    ),
    product(
        "pytest is another module",
        """
        import sys
        from types import ModuleType

        sys.modules["pytest"] = ModuleType("pytest")
        """,
    ),
    product(
        "opening a file opens another one",
        """
        import builtins
        import io

        builtins.open = lambda *args, **options: io.StringIO("{}")
        io.open = builtins.open
        """,
    ),
    product(
        "everything is equal",
        """
        class Same(str):
            __slots__ = ()

            def __eq__(self, other: object) -> bool:
                return True

            __hash__ = str.__hash__


        import wordcount.table  # noqa: E402

        table = wordcount.table.table
        wordcount.table.table = lambda *args, **options: Same(table(*args, **options))
        """,
    ),
    # In a test file of its own.
    tests("leaves at import", LEAVE),
    tests("says that it is done", "import sys\n\nsys.exit(0)\n"),
    tests("leaves in a test", "import os\n\n\ndef test_leave():\n    os._exit(0)\n"),
    tests(
        "leaves in a fixture",
        """
        import os

        import pytest


        @pytest.fixture(autouse=True)
        def leave():
            os._exit(0)
        """,
    ),
    tests(
        "ends the session",
        """
        import pytest


        @pytest.fixture(autouse=True)
        def leave(request):
            request.session.shouldstop = "all passed"
        """,
    ),
    tests(
        "removes the tests after it",
        """
        import pytest


        @pytest.fixture(autouse=True)
        def clean(request):
            request.session.items[:] = []
            request.node.obj = lambda: None
        """,
    ),
    tests(
        "registers a plugin",
        """
        import sys

        import pytest


        @pytest.fixture(scope="session", autouse=True)
        def honest(request):
            request.config.pluginmanager.register(sys.modules[__name__])


        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_makereport():
            report = yield
            report.outcome = "passed"
            return report
        """,
    ),
    tests(
        "names itself a plugin",
        """
        pytest_plugins = ["tests.test_speed"]


        def pytest_runtest_call(item):
            item.obj = lambda: None


        def pytest_collection_modifyitems(items):
            items[:] = [item for item in items if "of_the_change" not in item.name]
        """,
    ),
    tests(
        "swallows what a test says",
        """
        import pytest


        @pytest.fixture(autouse=True)
        def swallow(request, monkeypatch):
            monkeypatch.setattr(request.node, "runtest", lambda: None)
        """,
    ),
    tests(
        "runs under another outcome",
        """
        import pytest


        @pytest.fixture(autouse=True)
        def swallow(monkeypatch):
            monkeypatch.setattr("builtins.AssertionError", pytest.skip.Exception)
        """,
    ),
    tests(
        "is not asked",
        """
        import os

        os.environ["PYTEST_ADDOPTS"] = "--collect-only"
        __test__ = False
        """,
    ),
]

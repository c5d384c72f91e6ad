"""What reaches for the judge is seen, however it is spelled; what is honest is left alone."""

import pytest

from runner.tampering import MOST_BYTES, is_python, shadowed, silencing, tampering

HONEST = [
    "import sys\nsys.exit(main())",
    "import signal\nsignal.signal(signal.SIGINT, stop)",
    "import subprocess\nsubprocess.run(['ls'], check=True)",
    "import os\nos.environ['HOME'] = '/tmp'\nos.environ.get('HOME')",
    "import os\nprint(os.path.join(a, b), os.getpid())",
    "import sys\nsys.stdin = stream\nsys.argv = ['x']\nsys.path.insert(0, 'src')",
    "import pytest\n@pytest.fixture(autouse=True)\ndef made():\n    yield 1",
    "import pytest\n@pytest.mark.parametrize('x', [1])\ndef test_x(x): ...",
    "import pytest\ndef test_x(request: pytest.FixtureRequest): request.node.name",
    "def test_x(monkeypatch):\n    monkeypatch.setattr('builtins.input', lambda: 'y')",
    "import builtins\ndef test_x(monkeypatch):\n    monkeypatch.setattr(builtins, 'open', None)",
    "from unittest.mock import patch\n@patch('builtins.open')\ndef test_x(o): ...",
    "import unittest\nclass T(unittest.TestCase):\n    def setUp(self): self.x = 1",
    "import logging\nlogging.raiseExceptions = False",
    "import re\nre.compile('x')",
    "class A:\n    def set(self, token):\n        token.value.x = 1\n        setattr(self, 'a', 2)",
    "getattr(options, name)\ngetattr(os_name, 'lower')",
    "import importlib\nimportlib.import_module('wordcount.cli')",
    "cursor.exec('select 1')\nmodel.eval()",
    "if __name__ == '__main__':\n    raise SystemExit(main())",
    "from .__main__ import main",
    '"""Reads /proc/meminfo by way of _pytest."""',
    "# os._exit(0)",
    "exit_code = 1\nself.exit(0)\n_exit_code = 2",
    "import threading\nthreading.Thread(target=run).start()",
    "import gc\ngc.collect()",
    "async def handler(request):\n    request.session['user'] = 1",
    "def spytest_x(): ...",
    "",
]

HOSTILE = [
    "import os\nos._exit(0)",
    "import os as o\no._exit(0)",
    "from os import _exit",
    "from os import _exit as leave",
    "from os import *",
    "import os\ngetattr(os, '_exit')(0)",
    "import os\ngetattr(os, '_ex' + 'it')(0)",
    "import os\nvars(os)[name](0)",
    "import os\nos.__dict__[name](0)",
    "import os\no = os\no.__dict__[name](0)",
    "__import__('os')._exit(0)",
    "__import__(name)",
    "import importlib\nimportlib.import_module(name)",
    "import importlib\nimportlib.import_module('_pytest.runner')",
    "import os\nos.kill(os.getppid(), 9)",
    "import os\nos.abort()",
    "import _pytest",
    "from _pytest.reports import TestReport",
    "import _pytest.runner as r",
    "from pytest import TestReport",
    "import pytest\npytest.TestReport.passed = True",
    "import pytest as p\np.exit('enough', 0)",
    "import pytest\npytest.raises = lambda *_: None",
    "import pytest\nsetattr(pytest, 'raises', None)",
    "import pytest\ndef test_x(monkeypatch):\n    monkeypatch.setattr(pytest, 'raises', None)",
    "import unittest\nunittest.TestCase.assertEqual = lambda *_: None",
    "from unittest import TestCase\nTestCase.assertEqual = lambda *_: None",
    "import unittest\nsetattr(unittest.TestCase, 'run', None)",
    "def pytest_runtest_makereport(item): ...",
    "class P:\n    async def pytest_sessionfinish(self): ...",
    "pytest_plugins = ['evil']",
    "import sys\nsys.modules['x'] = None",
    "import sys\nif 'pytest' in sys.modules: ...",
    "from sys import modules",
    "import sys\nsys._getframe(1)",
    "frame.f_back.f_locals['self']",
    "import gc\ngc.get_objects()",
    "import ctypes",
    "from ctypes import pythonapi",
    "import sys\nsys.settrace(f)",
    "import sys\nsys.addaudithook(f)",
    "import sys\nsys.meta_path.insert(0, f)",
    "import builtins\nbuiltins.isinstance = f",
    "import builtins\nsetattr(builtins, 'len', f)",
    "__builtins__['len'] = f",
    "f.__code__ = g.__code__",
    "import atexit",
    "import faulthandler",
    "import os\nif os.environ.get('PYTEST_CURRENT_TEST'): ...",
    "import os\n'PYTEST_VERSION' in os.environ",
    "open('/proc/self/mem', 'wb')",
    "open(f'/proc/{pid}/mem', 'wb')",
    "open('/report.json', 'w')",
    "exec(code)",
    "eval(text)",
    "import time\ntime.sleep = f",
    "import json\njson.dumps = f",
    "def test_x(request):\n    request.config.pluginmanager.register(P())",
    "import __main__",
    "def test_x(request):\n    request.node.runtest = f",
    "def test_x(request, monkeypatch):\n    monkeypatch.setattr(request.node, 'runtest', f)",
    "def test_x(request):\n    setattr(request.node, name, f)",
    "def test_x(monkeypatch):\n    monkeypatch.setattr('builtins.AssertionError', E)",
    "import builtins\ndef test_x(monkeypatch):\n    monkeypatch.setattr(builtins, 'OSError', E)",
    "().__class__.__base__.__subclasses__()",
    "def broken(:\n",
    "x = 1\0",
    "# coding: utf-7\nx = 1",
    "#!/usr/bin/python\n# -*- coding: latin-1 -*-\nx = 1",
    "-" * 100_000 + "1",
    "(" * 5_000 + ")" * 5_000,
    "x = 1\n" * (MOST_BYTES // 6 + 1),
]


@pytest.mark.parametrize("source", HONEST)
def test_an_honest_line_is_left_alone(source: str) -> None:
    assert tampering(b"", source.encode()) == ()


@pytest.mark.parametrize("source", HOSTILE, ids=lambda source: source[:60])
def test_what_reaches_for_the_judge_is_seen(source: str) -> None:
    assert tampering(b"", source.encode())


def test_bytes_that_are_no_text_are_seen() -> None:
    assert tampering(b"", b"x = '\xff'\n")


def test_a_line_is_named_with_its_number() -> None:
    source = b"import os\n\n\ndef leave():\n    os._exit(0)  # quickly\n"
    assert tampering(b"", source) == ("5: os._exit(0)  # quickly",)


def test_what_was_there_before_does_not_count_wherever_it_moved() -> None:
    before = b"import os\nos._exit(0)\n"
    assert tampering(before, b"import os\n\n# moved\nos._exit(0)\n") == ()
    assert tampering(before, before + b"os._exit(0)\n") == ("3: os._exit(0)",)
    assert tampering(before, b"") == ()


@pytest.mark.parametrize(
    ("comment", "is_silencing"),
    [
        ("# noqa", True),
        ("#NOQA: F401", True),
        ("# a reason  # noqa: E501", True),
        ("# ruff: noqa", True),
        ("# flake8: noqa", True),
        ("# type: ignore[arg-type]", True),
        ("# pylint: disable=all", True),
        ("# isort: skip_file", True),
        ("# fmt: off", True),
        ("# pragma: no cover", True),
        ("# a type: it is ignored", False),
        ("# what ruff says", False),
    ],
)
def test_silencing_comments_are_told_from_others(comment: str, is_silencing: bool) -> None:
    assert bool(silencing(b"", f"import os  {comment}\n".encode())) is is_silencing


def test_only_new_comments_silence() -> None:
    assert silencing(b"x = 1  # noqa\n", b"y = 2\nx = 1  # noqa\n") == ()
    assert silencing(b"x = 1  # noqa\n", b"x = 1  # noqa\ny = 2  # noqa\n") == ("# noqa",)
    assert silencing(b"", b"x = '# noqa'\n") == ()


@pytest.mark.parametrize(
    ("path", "library"),
    [
        ("json.py", "json"),
        ("src/random.py", "random"),
        ("tests/random.py", "random"),
        ("pytest.py", "pytest"),
        ("_pytest/__init__.py", "_pytest"),
        ("json/__init__.py", "json"),
        ("json.cpython-311-x86_64-linux-gnu.so", "json"),
        ("wordcount/json.py", None),
        ("json.md", None),
        ("json/notes.py", None),
        ("test/__init__.py", None),
        ("wordcount.py", None),
        ("__init__.py", None),
    ],
)
def test_a_librarys_name_is_known(path: str, library: str | None) -> None:
    assert shadowed(path) == library


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("a.py", b"", True),
        ("A.PY", b"", True),
        ("a.pyi", b"", True),
        ("run", b"#!/usr/bin/env python3\n", True),
        ("run", b"#!/bin/sh\necho python\n", False),
        ("a.txt", b"import os\n", False),
    ],
)
def test_which_files_are_python(path: str, content: bytes, expected: bool) -> None:
    assert is_python(path, content) is expected

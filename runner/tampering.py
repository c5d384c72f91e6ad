"""Python that reaches for what judges it: the interpreter, pytest, their start-up. No I/O.

A test shares its process with pytest, so whoever is determined can forge what it says. What an
honest small change has no use for is shown to a person instead, and so is what hides from the
eye: a name put together from strings, a file that is no Python.
"""

import ast
import io
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

MOST_BYTES = 1 << 20
"""Of a file that is looked at; a larger one is shown to a person."""
LONGEST_QUOTE = 80
PYTHON_SUFFIXES = (".py", ".pyi", ".pyw")

# Modules that are of use only to who wants to look behind the interpreter or pytest.
_MODULES = frozenset({
    "_pytest", "pluggy", "ctypes", "_ctypes", "cffi", "atexit", "faulthandler", "__main__",
    "zipimport",
})  # fmt: skip

_NAMES = frozenset({
    "os._exit", "os.abort", "os.kill", "os.killpg", "signal.raise_signal", "signal.pthread_kill",
    "sys.modules", "sys._getframe", "sys._current_frames", "sys.settrace", "sys.setprofile",
    "sys.addaudithook", "sys.monitoring", "sys.meta_path", "sys.path_hooks",
    "sys.path_importer_cache", "threading.settrace", "threading.setprofile",
    "threading.settrace_all_threads", "threading.setprofile_all_threads",
    "gc.get_objects", "gc.get_referrers", "gc.get_referents", "inspect.currentframe",
    "inspect.stack", "pytest.hookimpl", "pytest.hookspec", "pytest.exit", "pytest.TestReport",
    "pytest.CollectReport", "pytest.CallInfo", "pytest.Session", "pytest.PytestPluginManager",
    "__builtins__", "builtins.__dict__", "builtins.exec", "builtins.eval", "exec", "eval",
    "marshal.loads", "types.CodeType", "types.FunctionType", "runpy.run_path",
    "importlib.machinery.SourceFileLoader", "importlib.machinery.SourcelessFileLoader",
    "importlib.machinery.ExtensionFileLoader", "importlib.util.spec_from_file_location",
})  # fmt: skip

# Suspicious on whatever object: how it was come by can be hidden.
_ATTRIBUTES = frozenset({
    "_exit", "__code__", "__closure__", "__globals__", "__builtins__", "__subclasses__",
    "cell_contents", "f_back", "f_locals", "f_globals", "tb_frame", "gi_frame", "cr_frame",
    "pluginmanager", "_pytest", "testsfailed", "shouldfail", "shouldstop", "testscollected",
    "meta_path", "path_hooks", "_getframe", "addaudithook", "get_referrers",
})  # fmt: skip

_STRINGS = re.compile(
    r"\b_pytest\b|PYTEST_|pytest_runtest|/proc/|\bpluggy\b|\b_exit\b|\bruntest\b|/report\.json|/verdict\.py"
    r"|\bbuiltins\.[A-Z]"
)

# Of these, a name that is only known when it runs could be any.
_WATCHED = frozenset({"os", "sys", "gc", "signal", "builtins", "pytest", "inspect", "unittest"})

# What may be assigned to, in a module of the standard library.
_ASSIGNABLE = frozenset({
    "sys.argv", "sys.path", "sys.stdin", "sys.stdout", "sys.stderr", "sys.excepthook",
    "sys.dont_write_bytecode", "sys.tracebacklimit",
})  # fmt: skip

_GATE_OBJECTS = re.compile(r"\.(?:node|session|config|parent|_pyfuncitem)(?:\.|$)")

_SILENCES = re.compile(
    r"\bnoqa\b|\bnosec\b|\btype:\s*ignore|\b(?:ruff|flake8|pylint|pyright|mypy)\s*:"
    r"|\bisort:\s*skip|\bfmt:\s*(?:off|skip)|\bpragma:\s*no",
    re.IGNORECASE,
)  # fmt: skip
_LINE_END = re.compile(r"\r\n|\r|\n")
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_GATE = frozenset({"pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "ruff"})


def is_python(path: str, content: bytes) -> bool:
    """Whether a file is one that Python runs: by its name, or by its first line."""
    if PurePosixPath(path.casefold()).suffix in PYTHON_SUFFIXES:
        return True
    return content.startswith(b"#!") and b"python" in content.partition(b"\n")[0]


def tampering(before: bytes, after: bytes) -> tuple[str, ...]:
    """Lines, each as `<number>: <line>`, that reach for the interpreter or for pytest.

    Only those that a change brings: what stood there before does not count. A file that can't
    be read as Python has one such line, its first.

    Args:
        before: a file's content, empty if there was none.
        after: its content now.
    """
    found = _signs(after)
    known = Counter(text for _, text in _signs(before))
    new = []
    for number, text in found:
        if known[text]:
            known[text] -= 1
        else:
            new.append(f"{number}: {text[:LONGEST_QUOTE]}")
    return tuple(new)


def silencing(before: bytes, after: bytes) -> tuple[str, ...]:
    """Comments that a change adds to keep a linter from saying what it sees."""
    found = Counter(_silencing_comments(after))
    found.subtract(_silencing_comments(before))
    return tuple(comment[:LONGEST_QUOTE] for comment in found if found[comment] > 0)


def shadowed(path: str) -> str | None:
    """The library whose name a new file takes, where Python would find it first; None if none."""
    parts = PurePosixPath(path).parts
    module = parts[:-1] if parts[-1] == "__init__.py" else parts
    folder, name = module[:-1], PurePosixPath(module[-1]).name.partition(".")[0] if module else ""
    is_root = not folder or folder[-1].casefold() in ("src", "test", "tests", "testing")
    is_library = name in sys.stdlib_module_names - {"test"} or name in _GATE
    is_module = path.endswith((".py", ".pyc", ".so"))
    return name if is_module and is_root and is_library else None


def _signs(content: bytes) -> list[tuple[int, str]]:
    """Number and text of each suspicious line."""
    if not content.strip():
        return []
    try:
        text = _decoded(content)
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as unreadable:
        return [(1, f"can't be read as Python ({type(unreadable).__name__})")]
    lines = _LINE_END.split(text)
    numbers = sorted(set(_Look(tree).suspicious()))
    return [(number, lines[number - 1].strip()) for number in numbers if number <= len(lines)]


def _decoded(content: bytes) -> str:
    """The text of a source file; only UTF-8 is read the same by everybody.

    Raises:
        ValueError: it is in another encoding, or too large.
    """
    if len(content) > MOST_BYTES:
        raise ValueError("too large")
    cookies = [_COOKIE.match(line) for line in content.splitlines()[:2]]
    names = {cookie[1].decode().casefold().replace("_", "-") for cookie in cookies if cookie}
    if names - {"utf-8", "utf8", "utf-8-sig", "ascii", "us-ascii"}:
        raise ValueError("not UTF-8")
    return content.decode("utf-8-sig")


class _Look:
    """A look at one file, with its imports in mind."""

    def __init__(self, tree: ast.Module) -> None:
        self._nodes = list(ast.walk(tree))
        self._known_as: dict[str, str] = {}
        """What a name stands for: `{"leave": "os._exit"}`."""
        self._said = {id(node.value) for node in self._nodes if isinstance(node, ast.Expr)}
        """Expressions that are statements: docstrings."""
        for node in self._nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    root = alias.name.partition(".")[0]
                    self._known_as[alias.asname or root] = alias.name if alias.asname else root
            elif isinstance(node, ast.ImportFrom) and not node.level:
                for alias in node.names:
                    self._known_as[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        for node in self._nodes:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name() as value):
                    known = self._import_of(value)
                    if known:
                        self._known_as[name] = known

    def suspicious(self) -> Iterator[int]:
        """Numbers of lines, some more than once."""
        for node in self._nodes:
            if any(self._findings(node)):
                yield getattr(node, "lineno", 1)

    def _findings(self, node: ast.AST) -> Iterator[bool]:
        match node:
            case ast.Import(names=names):
                yield any(_root(alias.name) in _MODULES for alias in names)
            case ast.ImportFrom(module=str(module), level=0, names=names):
                yield _root(module) in _MODULES
                yield any(f"{module}.{alias.name}" in _NAMES for alias in names)
                yield _root(module) in _WATCHED and names[0].name == "*"
            case ast.Attribute(attr=attr, value=value):
                yield attr in _ATTRIBUTES
                yield attr == "__dict__" and _root(self._import_of(value)) in _WATCHED
                yield self._name_of(node) in _NAMES
            case ast.Name(id=name):
                yield self._known_as.get(name, name) in _NAMES
                yield name == "pytest_plugins"
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name.startswith("pytest_")
            case ast.Constant(value=str(text)) if id(node) not in self._said:
                yield bool(_STRINGS.search(text))
            case ast.Call(func=function, args=args):
                yield self._is_hidden(function, args)
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            yield self._is_foreign(node.value, node.attr)

    def _is_hidden(self, function: ast.expr, args: list[ast.expr]) -> bool:
        """Whether a call reaches for an attribute or module that can't be read off."""
        name = self._name_of(function).removeprefix("builtins.")
        if name in ("__import__", "importlib.import_module", "importlib.__import__"):
            return (
                not (args and isinstance(args[0], ast.Constant))
                or _root(str(args[0].value)) in _MODULES
            )
        if not args:
            return False
        target = self._import_of(args[0])
        wanted = args[1].value if len(args) > 1 and isinstance(args[1], ast.Constant) else None
        if name in ("setattr", "delattr"):
            return self._is_foreign(args[0], str(wanted))
        if name in ("getattr", "vars") and wanted is None:
            return _root(target) in _WATCHED
        if name == "getattr":
            return wanted in _ATTRIBUTES or f"{target}.{wanted!s}" in _NAMES
        is_patch = name.endswith((".setattr", ".delattr", "patch.object"))
        is_exception = target == "builtins" and str(wanted)[:1].isupper()
        is_ours = _root(target) in ("pytest", "unittest") or self._is_gate(args[0])
        return is_patch and (is_ours or is_exception)

    def _is_foreign(self, node: ast.expr, attribute: str) -> bool:
        """Whether this is an attribute of the standard library's or pytest's."""
        if self._is_gate(node):
            return True
        name = self._import_of(node)
        if f"{name}.{attribute}" in _ASSIGNABLE or _root(name) == "logging":
            return False
        return _root(name) in sys.stdlib_module_names | _GATE

    def _is_gate(self, node: ast.expr) -> bool:
        """Whether this is what pytest gives to a fixture that asks for itself."""
        return bool(_GATE_OBJECTS.search(self._name_of(node)))

    def _import_of(self, node: ast.expr) -> str:
        """The dotted name of what was imported; empty for anything else."""
        first = node
        while isinstance(first, ast.Attribute):
            first = first.value
        is_imported = isinstance(first, ast.Name) and first.id in self._known_as
        return self._name_of(node) if is_imported else ""

    def _name_of(self, node: ast.expr) -> str:
        """The dotted name of an expression, imports resolved; empty if it has none."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        parts.append(self._known_as.get(node.id, node.id))
        return ".".join(reversed(parts))


def _root(name: str) -> str:
    return name.partition(".")[0]


def _silencing_comments(content: bytes) -> list[str]:
    comments = []
    try:
        for token in tokenize.tokenize(io.BytesIO(content).readline):
            if token.type == tokenize.COMMENT and _SILENCES.search(token.string):
                comments.append(token.string.strip())
    except (tokenize.TokenError, SyntaxError, ValueError):
        pass  # it is no Python: `tampering` says so
    return comments

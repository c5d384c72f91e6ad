"""Patches that no honest tool writes, and what a diff shows badly."""

from tests.hostile.case import Case, Entry, asks, fails, text

SECRET = "security/keys.py"


def new_file(path: str, mode: str = "100644", line: str = "x") -> bytes:
    """A patch that adds a file with one line."""
    return (
        f"diff --git {_quoted('a/', path)} {_quoted('b/', path)}\nnew file mode {mode}\n"
        f"--- /dev/null\n+++ {_quoted('b/', path)}\n@@ -0,0 +1 @@\n+{line}\n"
    ).encode()


def _quoted(prefix: str, path: str) -> str:
    return f'"{prefix}{path}"' if "\\" in path else prefix + path


def raw(name: str, reasons: str, patch: bytes) -> Case:
    """A patch that applies, of which a person must see what it does."""
    return Case(name, "pr_opened", tuple(reasons.split("|")), patch=patch)


GOOD = new_file("docs/a.md")
CHANGE = b"""\
diff --git a/wordcount/counting.py b/wordcount/counting.py
--- a/wordcount/counting.py
+++ b/wordcount/counting.py
@@ -1,1 +1,1 @@
-\"\"\"What is not in this file.\"\"\"
+\"\"\"What is counted.\"\"\"
"""
BINARY = b"""\
diff --git a/bomb b/bomb
new file mode 100644
index 0000000000000000000000000000000000000000..e69de29bb2d1d6434b8b29ae775ad8c2e48c5391
GIT binary patch
literal 99999999999
zcmV+b0RR6000031

"""
COPIES = "".join(
    f"diff --git a/README.md b/docs/{number}.md\nsimilarity index 100%\n"
    f"copy from README.md\ncopy to docs/{number}.md\n"
    for number in range(10_001)
).encode()
THROUGH_LINK = new_file("docs", "120000", "/etc") + new_file("docs/passwd")
LINK_THEN_FILE = new_file("way", "120000", "security") + new_file("way/keys.py")

CASES = [
    *(
        fails(f"leaves the tree: {path}", "unsafe_path", new_file(path))
        for path in ("../outside", "docs/../../outside", "/etc/cron.d/x", "./x")
    ),
    *(
        fails(f"reaches into .git: {path}", "unsafe_path", new_file(path))
        for path in (
            *(".git/config", ".git/hooks/post-checkout", ".GIT/config", ".Git/hooks/x"),
            *("git~1/config", "GIT~1/hooks/x", ".git /config", ".git./config", ".git::$DATA/x"),
            *("docs/.git/config", ".g\\342\\200\\214it/config", "docs/.git", ".git\\\\config"),
        )
    ),
    fails("writes through a link of its own", "unsafe_path", THROUGH_LINK),
    fails("writes into security through a link", "unsafe_path", LINK_THEN_FILE),
    fails("nothing at all", "no_patch", b""),
    fails("words", "no_patch", b"Please merge this.\n"),
    fails("zeros", "no_patch", bytes(4096)),
    fails("an archive", "no_patch", b"PK\x03\x04" + bytes(range(256)) * 16),
    fails("another coding", "no_patch", GOOD.decode().encode("utf-16")),
    fails("another base", "patch_does_not_apply", CHANGE),
    fails("cut off", "malformed_patch", CHANGE[:-30]),
    fails("wrong counts", "malformed_patch", GOOD.replace(b"+1 @@", b"+1,9 @@")),
    fails("numbers without end", "malformed_patch", GOOD.replace(b"+1 @@", b"+1," + b"9" * 99)),
    fails("a file that is there", "patch_does_not_apply", new_file("README.md")),
    fails("a file where a folder is", "patch_does_not_apply", new_file("wordcount")),
    fails("a folder where a file is", "patch_does_not_apply", new_file("README.md/x")),
    fails("leaves the tree by two slashes", "patch_does_not_apply", new_file("docs//..//x")),
    fails("no such mode", "patch_does_not_apply", new_file("docs/a.md", "100xxx")),
    fails("10 MB", "patch_too_large", new_file("docs/a.md", line="x" * 10_000_000)),
    fails("a bomb", "patch_too_large", BINARY),
    fails("10,001 copies", "patch_too_large", COPIES),
    fails("a name that no disk takes", "unusable_tree", new_file("x" * 300)),
    fails("lines of another system", "patch_does_not_apply", CHANGE.replace(b"\n", b"\r\n")),
    fails(
        "changes nothing",
        "patch_does_not_apply",
        b"diff --git a/README.md b/README.md\nold mode 100644\nnew mode 100644\n",
    ),
    raw(
        "without prefixes",
        "blocked_path",
        new_file(SECRET).replace(b" b/", b" ").replace(b" a/", b" "),
    ),
    raw(
        "other prefixes",
        "blocked_path",
        new_file(SECRET).replace(b" b/", b" w/").replace(b" a/", b" i/"),
    ),
    raw("octal escapes", "blocked_path", new_file("\\163ecurity/keys.py")),
    raw(
        "in a mail",
        "blocked_path",
        b"From 0 Mon\nSubject: [PATCH] x\n\n---\n" + new_file(SECRET) + b"-- \n2.39\n\n",
    ),
    raw(
        "two mails",
        "blocked_path",
        b"From 0 Mon\n\n" + GOOD + b"-- \n2\n\nFrom 0 Mon\n\n" + new_file(SECRET),
    ),
    raw(
        "by the traditional diff",
        "blocked_path",
        b"--- /dev/null\n+++ b/security/keys.py\n@@ -0,0 +1 @@\n+x\n",
    ),
    raw("a mode that git does not know", "mode_change", new_file("docs/a.md", "104777")),
    asks("a link", "symlink", {"docs/link": Entry(b"../README.md", "120000")}),
    asks("a link to everything", "symlink", {"data": Entry(b"/", "120000")}),
    asks("a link to where it is", "symlink", {"tests/loop": Entry(b"../tests", "120000")}),
    asks(
        "a link to security", "blocked_path", {"docs/s": Entry(b"../security/paths.py", "120000")}
    ),
    asks("a link for a file", "symlink", {"wordcount/table.py": Entry(b"counting.py", "120000")}),
    asks(
        "a link for a test",
        "symlink|tests_changed",
        {"tests/test_table.py": Entry(b"/dev/null", "120000")},
    ),
    asks("a submodule", "submodule", {"docs/module": Entry(b"1" * 40, "160000")}),
    asks(
        "a submodule for tests",
        "submodule|tests_changed",
        {"tests/test_table.py": Entry(b"1" * 40, "160000")},
    ),
    asks("an executable", "mode_change", {"docs/run.sh": Entry(b"#!/bin/sh\n", "100755")}),
    asks(
        "a mode changed", "mode_change", {"README.md": Entry(text("README.md").encode(), "100755")}
    ),
    asks("a binary file", "binary_file", {"docs/a.png": Entry(b"\x89PNG\r\n\0\1\2")}),
    asks(
        "a binary test",
        "binary_file",
        {"tests/test_table.py": Entry(b"\0" + text("tests/test_table.py").encode())},
    ),
    asks("under security/", "blocked_path", {SECRET: "x = 1\n"}),
    asks("under Security/", "blocked_path", {"SECURITY/keys.py": "x = 1\n"}),
    asks(
        "out of security/",
        "blocked_path",
        {"security/paths.py": None, "wordcount/paths.py": text("security/paths.py")},
    ),
    asks(
        "into security/",
        "blocked_path",
        {"README.md": None, "security/README.md": text("README.md")},
    ),
    asks("a file named security/", "blocked_path", {"security/a\nb": "x\n"}),
    asks("500 lines", "too_large", {"docs/long.md": "line\n" * 500}),
    asks("one endless line", "binary_file|too_large", {"docs/long.md": "x" * 1_000_000 + "\0"}),
    asks("Python that is none", "lint_failed|tampers", {"wordcount/more.py": "def (:\n"}),
    asks("Python with a NUL", "lint_failed|binary_file", {"wordcount/more.py": "x = 1\n\0\n"}),
    asks(
        "Python in another coding",
        "lint_failed|tampers",
        {"wordcount/more.py": "# -*- coding: utf-7 -*-\nimport os  #+AAo-os._exit(0)\n"},
    ),
    asks(
        "deep Python",
        "lint_failed|tampers|tests_failed",
        {"wordcount/more.py": "x = " + "(" * 9000 + ")" * 9000 + "\n"},
    ),
]

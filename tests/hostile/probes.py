"""Tests that look around: each passes only in a box that holds."""

from tests.hostile.case import Case, probing

SECRET = "hostile-secret-of-the-runner"


def probe(name: str, code: str) -> Case:
    """A test about what a box lets it reach; whether its patch may be merged is another matter."""
    return Case(name, "", edits=probing(code), tests=True)


def nobody(address: str) -> str:
    """A test that finds nobody at an address."""
    return f"""
    import socket

    import pytest


    def test_nobody_answers():
        with pytest.raises(OSError):
            socket.create_connection({address}, timeout=5)
    """


CASES = [
    probe("TCP", nobody('("1.1.1.1", 443)')),
    probe("the metadata address", nobody('("169.254.169.254", 80)')),
    probe("a name", nobody('("example.com", 443)')),
    probe("the host by its loopback", nobody('("127.0.0.1", LISTENING)')),
    probe(
        "UDP",
        """
        import socket

        import pytest


        def test_no_packet_leaves():
            with socket.socket(type=socket.SOCK_DGRAM) as sender, pytest.raises(OSError):
                sender.sendto(b"x", ("1.1.1.1", 53))
        """,
    ),
    probe(
        "sockets of the host",
        """
        from pathlib import Path


        def test_no_socket_stands_open():
            folders = [Path("/run"), Path("/var/run"), Path("/tmp")]
            found = [path for folder in folders for path in folder.rglob("*") if path.is_socket()]
            assert found == []
            assert len(Path("/proc/net/unix").read_text().splitlines()) == 1
        """,
    ),
    probe(
        "the environment",
        f"""
        import os


        def test_no_variable_is_the_runners():
            assert not [name for name, value in os.environ.items() if {SECRET!r} in value]
        """,
    ),
    probe(
        "other processes' environments and arguments",
        f"""
        from pathlib import Path


        def test_no_process_is_the_runners():
            for name in ("environ", "cmdline"):
                for path in Path("/proc").glob(f"[0-9]*/{{name}}"):
                    try:
                        said = path.read_bytes()
                    except OSError:
                        continue
                    assert {SECRET!r}.encode() not in said, path
        """,
    ),
    probe(
        "open files",
        """
        import os
        import stat


        def test_no_file_was_left_open():
            for number in range(3, 1024):
                try:
                    kind = os.fstat(number).st_mode
                except OSError:
                    continue
                assert not stat.S_ISSOCK(kind) and not stat.S_ISDIR(kind), number
        """,
    ),
    probe(
        "files of the host",
        """
        import os
        from pathlib import Path


        def test_there_is_nothing_to_read():
            homes = [Path(name) for name in ("/root", "/home", "/srv", "/mnt", "/var/lib/sayso")]
            assert not [path for home in homes if home.is_dir() for path in home.glob("*/*")
                        if path.is_file() and os.access(path, os.R_OK)
                        and not path.is_relative_to(Path(os.__file__).parents[2])]
            assert not Path("/etc/shadow").exists() or not os.access("/etc/shadow", os.R_OK)
            assert not Path("/var/run/docker.sock").exists()
        """,
    ),
    probe(
        "the git directory",
        """
        from pathlib import Path


        def test_there_is_no_git_directory():
            assert not list(Path().absolute().glob("**/.git"))
            assert not list(Path("/").glob("*.git"))
        """,
    ),
    probe(
        "writing outside",
        """
        import os
        import sys
        from pathlib import Path

        import pytest


        @pytest.mark.parametrize(
            "folder", ["/", "/usr", "/usr/bin", "/bin", "/lib", "/etc", "/root", "/home", "/var"]
        )
        def test_the_system_cannot_be_written(folder):
            with pytest.raises(OSError):
                Path(folder, "hostile").write_text("x")


        @pytest.mark.parametrize("path", [sys.executable, os.__file__, pytest.__file__])
        def test_the_tools_cannot_be_changed(path):
            with pytest.raises(OSError):
                Path(path).open("ab")
            with pytest.raises(OSError):
                Path(path).parent.joinpath("hostile.pth").touch()
        """,
    ),
    probe(
        "more rights",
        """
        import ctypes
        import os

        import pytest


        def test_nobody_becomes_root():
            assert 0 not in os.getresuid() + os.getresgid()
            with pytest.raises(OSError):
                os.setuid(0)
            status = dict(
                line.split(":", 1) for line in open("/proc/self/status") if ":" in line
            )
            assert int(status["CapEff"], 16) == 0
            assert int(status["CapPrm"], 16) == 0
            assert status["NoNewPrivs"].strip() == "1"


        def test_nothing_can_be_mounted():
            libc = ctypes.CDLL(None, use_errno=True)
            assert libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == -1
        """,
    ),
    probe(
        "devices",
        """
        from pathlib import Path


        def test_there_are_only_harmless_devices():
            harmless = {"null", "zero", "full", "random", "urandom", "tty", "ptmx", "console",
                        "core", "stdin", "stdout", "stderr"}
            devices = {path.name for path in Path("/dev").iterdir()
                       if path.is_block_device() or path.is_char_device()}
            assert devices <= harmless
        """,
    ),
    probe(
        "processes of the host",
        """
        import os
        from pathlib import Path


        def test_only_this_box_is_seen():
            seen = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
            assert os.getpid() in seen
            assert len(seen) < 12, seen
        """,
    ),
    probe(
        "the kernel's settings",
        """
        from pathlib import Path

        import pytest


        @pytest.mark.parametrize("path", ["/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger"])
        def test_the_kernel_is_left_alone(path):
            with pytest.raises(OSError):
                Path(path).write_text("x")
        """,
    ),
]

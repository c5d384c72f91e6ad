"""Runs inside an agent's box, beside the agent: its way to the model, and its files' way.

    python relay.py SOCKETS PROJECT PORT COMMAND...

SOCKETS holds two Unix sockets on which the runner listens. `api.sock`: whatever connects to PORT
of this box is connected to it. `files.sock`: two connections, made before the command starts. On
the first comes a tar of the work tree, unpacked in PROJECT when it is whole, and answered with
one byte. One byte on the second asks for PROJECT as it is then: everything else in the box is
killed first, so that it holds still, and a tar goes back.

When the runner closes these connections, or is killed, or the command ends and nobody asks for
the files, the box ends.
"""

import os
import select
import signal
import socket
import subprocess
import sys
import tarfile
import threading
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

PIECE_BYTES = 1 << 16
LOOK_SECONDS = 0.2
GRACE_SECONDS = 2.0
ALL = b"That is all.\n"


def main(sockets: str, project: str, port: str, *command: str) -> None:
    """Start the command; serve until the runner has the files, or has gone."""
    tree_in, tree_out = (_connected(f"{sockets}/files.sock") for _ in range(2))
    _relay(int(port), f"{sockets}/api.sock")
    started = subprocess.Popen(command, cwd=project)
    # The command's pipes end with the command, not with this.
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        os.dup2(nothing, stream.fileno())
    with tree_in.makefile("rb") as came, tarfile.open(fileobj=came, mode="r|") as tar:
        # What the runner sends is taken as it is; older Pythons know no other way.
        tar.extraction_filter = lambda member, _: member
        tar.extractall(project)  # noqa: S202 - inside the box
    tree_in.sendall(b"!")
    if _is_asked(tree_out, started):
        os.kill(-1, signal.SIGKILL)
        with tree_out.makefile("wb") as goes, tarfile.open(fileobj=goes, mode="w|") as tar:
            for path in sorted(Path(project).iterdir()):
                tar.add(path, path.name)
        tree_out.sendall(ALL)


def _is_asked(tree_out: socket.socket, command: "subprocess.Popen[bytes]") -> bool:
    """Whether the runner wants the files: while the command lives, or a moment after its end."""
    while True:
        is_over = command.poll() is not None
        came, _, _ = select.select([tree_out], [], [], GRACE_SECONDS if is_over else LOOK_SECONDS)
        if came:
            return bool(tree_out.recv(1))
        if is_over:
            return False


def _connected(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    return connection


def _relay(port: int, path: str) -> None:
    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            with _connected(path) as api:
                back = threading.Thread(target=_pump, args=(api, self.request), daemon=True)
                back.start()
                _pump(self.request, api)
                back.join()

    server = ThreadingTCPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Pass on what comes, and that it ended."""
    try:
        while piece := source.recv(PIECE_BYTES):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError:  # one side has gone: the other shall know
        for side in (source, sink):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


if __name__ == "__main__":
    main(*sys.argv[1:])

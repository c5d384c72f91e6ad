"""git over smart HTTP: the CGI program that ships with git does the talking."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from werkzeug.wrappers import Request, Response


def git_http(root: Path, request: Request, path: str) -> Response:
    """Answer one request of a git client by `git http-backend`.

    Args:
        root: the folder of all repositories.
        request: of an authenticated user, who may push.
        path: `/<owner>/<name>.git/<service>`.
    """
    body = request.get_data()
    done = subprocess.run(
        ("git", "http-backend"),
        input=body,
        capture_output=True,
        check=True,
        env={
            "PATH": os.defpath,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_PROJECT_ROOT": str(root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": request.query_string.decode(),
            "REQUEST_METHOD": request.method,
            "CONTENT_TYPE": request.content_type or "",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
            "REMOTE_USER": "sayso",  # without a user http-backend takes no push
            "REMOTE_ADDR": "127.0.0.1",
        },
    )
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
    return Response(content, headers.pop("Status", "200 OK"), headers)

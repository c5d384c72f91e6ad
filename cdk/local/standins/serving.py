"""What the stand-ins share: routes to functions, each API's own errors, a loopback server."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from types import FrameType
from typing import TYPE_CHECKING, Any

from typing_extensions import override
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

View = Callable[..., Response]
Refuse = Callable[[HTTPException], Response]


def application(views: Mapping[str, View], refuse: Refuse) -> WSGIApplication:
    """Make a WSGI application.

    Args:
        views: functions by `METHOD /path/<variable>`; each takes the request and the variables.
        refuse: turns an HTTP error into the answer that the imitated API would give.
    """
    rules = Map([_rule(route, view) for route, view in {**views, "GET /health": _health}.items()])

    @Request.application
    def respond(request: Request) -> Response:
        try:
            view, variables = rules.bind_to_environ(request.environ).match()
            answer: Response = view(request, **variables)
        except HTTPException as error:
            return refuse(error)
        return answer

    return respond


def serve(app: WSGIApplication, port: int) -> None:
    """Serve on 127.0.0.1 until SIGTERM; one thread a request."""
    logging.basicConfig(
        stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Handler)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # shutdown() waits for the loop that this very thread runs.
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    server.serve_forever()


def json_response(
    body: Any, status: int = 200, headers: Iterable[tuple[str, str]] = ()
) -> Response:
    """A JSON answer."""
    return Response(json.dumps(body), status, headers=[*headers], content_type="application/json")


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    @override
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        if self.path != "/health":
            self.log("info", "%s %s %s", self.command, self.path, code)


def _rule(route: str, view: View) -> Rule:
    method, path = route.split()
    return Rule(path, methods=[method], endpoint=view)


def _health(_request: Request) -> Response:
    return json_response({"status": "ok"})

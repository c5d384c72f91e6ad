"""AWS says that it takes the machine: the runner hears it, and nothing else makes it stop."""

import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from runner.spot import Notice

ACTION = '{"action": "terminate", "time": "2026-11-24T08:22:00Z"}'


class Metadata:
    """The instance metadata service, version 2 only."""

    notice: str | None = None
    lifecycle = "InService"
    url = ""

    def __call__(self, environ: dict[str, object], start: object) -> object:
        request = Request(environ)  # type: ignore[arg-type]
        return self.answer(request)(environ, start)  # type: ignore[arg-type]

    def answer(self, request: Request) -> Response:
        if request.path == "/latest/api/token" and request.method == "PUT":
            is_asked = "X-aws-ec2-metadata-token-ttl-seconds" in request.headers
            return Response("a-token", 200 if is_asked else 400)
        if request.headers.get("X-aws-ec2-metadata-token") != "a-token":
            return Response(status=401)
        if request.path == "/latest/meta-data/autoscaling/target-lifecycle-state":
            return Response(self.lifecycle)
        if request.path != "/latest/meta-data/spot/instance-action" or self.notice is None:
            return Response(status=404)
        return Response(self.notice)


@pytest.fixture
def metadata() -> Iterator[Metadata]:
    service = Metadata()
    server = make_server("127.0.0.1", 0, service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    service.url = f"http://127.0.0.1:{server.port}"
    yield service
    server.shutdown()


def test_there_is_a_notice_or_there_is_none(metadata: Metadata) -> None:
    assert not Notice(metadata.url).is_given()
    metadata.notice = ACTION
    assert Notice(metadata.url).is_given()


def test_a_group_that_wants_fewer_instances_gives_notice_too(metadata: Metadata) -> None:
    metadata.lifecycle = "Terminated"
    assert Notice(metadata.url).is_given()


def test_a_notice_stops_the_runner(metadata: Metadata) -> None:
    metadata.notice = ACTION
    stopped = threading.Event()
    Notice(metadata.url).watch(stopped.set, threading.Event())
    assert stopped.is_set()


def test_no_metadata_service_stops_nobody() -> None:
    stopping, stopped = threading.Event(), threading.Event()
    watch = Notice("http://127.0.0.1:9").watch
    watching = threading.Thread(target=watch, args=(stopped.set, stopping))
    watching.start()
    stopping.set()
    watching.join(timeout=10)
    assert not watching.is_alive()
    assert not stopped.is_set()

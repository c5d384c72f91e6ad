"""The emulators that the messaging is tested on, and what each of them does not do."""

import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

from cdk.local import emulator
from cdk.local.processes import Daemon
from cdk.local.settings import REGION, ROOT, LocalSettings

EMULATORS = ("ministack", "localstack")

LACKS: Mapping[str, frozenset[str]] = {
    "ministack": frozenset({"dead letters of subscriptions", "message move tasks"}),
    "localstack": frozenset(),
}
"""Emulator -> what it takes from a template and then does not do. A test that needs such a thing
is left out there; `tests/infrastructure/test_messaging.py` asserts it on the template."""


def daemon(name: str, settings: LocalSettings) -> Daemon:
    """How an emulator is started, loopback only, with nothing in it."""
    make: Mapping[str, Callable[[LocalSettings], Daemon]] = {
        "ministack": emulator.daemon,
        "localstack": _localstack,
    }
    return make[name](settings)


def _localstack(settings: LocalSettings) -> Daemon:
    files, scratch = settings.home / "localstack", settings.home / "tmp"
    for folder in (files, scratch):
        folder.mkdir(parents=True, exist_ok=True)
    return Daemon(
        name="localstack",
        command=(
            str(Path(ROOT, ".venv-localstack", "bin", "python")),
            "-m",
            "localstack.runtime.main",
        ),
        environment={
            "PATH": os.environ["PATH"],
            "HOME": str(settings.home),
            "GATEWAY_LISTEN": f"127.0.0.1:{settings.port_emulator}",
            "FILESYSTEM_ROOT": str(files),
            "TMPDIR": str(scratch),
            "OVERRIDE_IN_DOCKER": "0",
            "AWS_DEFAULT_REGION": REGION,
            # Nothing is asked of anybody outside.
            "DISABLE_EVENTS": "1",
            "SKIP_SSL_CERT_DOWNLOAD": "1",
            "DNS_ADDRESS": "0",
            "EAGER_SERVICE_LOADING": "0",
        },
        ready=lambda: emulator.responds(f"{settings.aws_url}/_localstack/health"),
        port=settings.port_emulator,
        stop_signal=signal.SIGKILL,  # it does not end at any other
        patience=90,
    )

"""Every child of the local system, and how it is started."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from cdk.local import emulator, postgres
from cdk.local.emulator import listens, responds
from cdk.local.identity import Keys, public_key
from cdk.local.processes import Daemon, python
from cdk.local.settings import ROOT, LocalSettings
from cdk.local.web import BUILD

STANDINS = "cdk.local.standins"
UTTERANCE = ROOT / "tests" / "fixtures" / "utterance.txt"
PATCHES = ROOT / "tests" / "mocks" / "patches"


def foundations(settings: LocalSettings) -> Iterator[Daemon]:
    """Describe what the app is deployed onto."""
    keys = Keys.of(settings.home)
    yield emulator.daemon(settings)
    yield postgres.daemon(settings)
    yield _standin(
        "github",
        settings.port_github,
        {
            "GITHUB_STANDIN_ROOT": str(settings.home / "github"),
            "GITHUB_STANDIN_TOKEN": keys.github_token,
        },
    )
    yield _standin(
        "push",
        settings.port_push,
        {
            "PUSH_STANDIN_LOG": str(settings.home / "push.jsonl"),
            "PUSH_STANDIN_API_KEY": keys.push_api_key,
        },
    )
    yield _standin(
        "messages",
        settings.port_messages,
        {
            "MESSAGES_STANDIN_PATCHES": str(PATCHES),
            "MESSAGES_STANDIN_LOG": str(settings.home / "messages.jsonl"),
            "MESSAGES_STANDIN_API_KEY": keys.anthropic_api_key,
        },
    )
    yield _standin("veo", settings.port_veo, {"VEO_STANDIN_PUBLIC_KEY": public_key(settings)})
    yield mailbox(settings)
    # To the services, mock mode is nothing but another voice behind the same API.
    script = {"SPEECH_STANDIN_SCRIPT": str(UTTERANCE)} if settings.mock else {}
    yield _standin("speech", settings.port_speech, {"HF_HUB_OFFLINE": "1", **script})


def mailbox(settings: LocalSettings) -> Daemon:
    """Describe the mail server: it keeps each mail whole, of which the emulator keeps the text."""
    address = f"127.0.0.1:{settings.port_mail}"
    keeper = ("-c", "aiosmtpd.handlers.Mailbox", str(settings.mailbox))
    return Daemon(
        name="mail",
        command=python("-m", "aiosmtpd", "-n", "-l", address, *keeper),
        environment={"PATH": os.environ["PATH"]},
        ready=lambda: listens(settings.port_mail),
        port=settings.port_mail,
    )


def web(settings: LocalSettings, api_url: str) -> Daemon:
    """Describe the server of the app's web build."""
    return Daemon(
        name="web",
        command=python("-m", "cdk.local.web"),
        environment={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "WEB_PORT": str(settings.port_web),
            "WEB_BUILD": str(BUILD),
            "WEB_API_URL": api_url,
            "WEB_SUPABASE_URL": settings.supabase_url,
            "WEB_MEDIA_URL": settings.aws_url,
        },
        ready=lambda: responds(f"http://127.0.0.1:{settings.port_web}/health"),
        port=settings.port_web,
    )


def runner(settings: LocalSettings, outputs: Mapping[str, str]) -> Daemon:
    """Describe one runner on the deployed queues.

    Args:
        settings: of the local system.
        outputs: of the deployed stack.
    """
    keys = Keys.of(settings.home)
    log = settings.home / "logs" / "runner.log"
    return Daemon(
        name="runner",
        command=python("-m", "runner"),
        environment={
            "PATH": os.environ["PATH"],
            "HOME": str(settings.home),
            "PYTHONPATH": str(ROOT),
            **settings.aws_environment,
            "POWERTOOLS_SERVICE_NAME": "runner",
            "LOG_LEVEL": "INFO",
            "SQS_URL": outputs["RunnerJobsQueueUrl"],
            "RUNNER_CONTROL_QUEUE_URL": outputs["RunnerControlQueueUrl"],
            "RUNNER_EVENTS_TOPIC_ARN": outputs["RunnerEventsTopicArn"],
            "MEDIA_BUCKET": outputs["MediaBucket"],
            "JOB_CONTROL_TABLE": outputs["JobControlTable"],
            "GITHUB_API_URL": settings.github_url,
            "GIT_BASE_URL": settings.github_url,
            "GITHUB_TOKEN": keys.github_token,
            "WORK_DIR": str(settings.home / "runner"),
            "CANNED_PATCHES": str(PATCHES),
            "SANDBOX": settings.sandbox,
            **{name: os.environ[name] for name in ("CONTAINERS_CONF",) if name in os.environ},
            # The emulator hands messages to a poll whose runner was stopped: short ones.
            "POLL_SECONDS": "1",
            **settings.model_environment(keys.anthropic_api_key),
        },
        ready=lambda: log.exists() and "runner: sandbox" in log.read_text(errors="replace"),
    )


def _standin(name: str, port: int, environment: Mapping[str, str]) -> Daemon:
    return Daemon(
        name=name,
        command=python("-m", f"{STANDINS}.{name}"),
        environment={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            f"{name.upper()}_STANDIN_PORT": str(port),
            **environment,
        },
        ready=lambda: responds(f"http://127.0.0.1:{port}/health"),
        port=port,
    )

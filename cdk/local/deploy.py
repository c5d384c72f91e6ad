"""The stock `cdk deploy`, onto the emulator; an unchanged app is not deployed again."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from cdk.local import emulator
from cdk.local.processes import LocalError, tail
from cdk.local.settings import ACCOUNT, REGION, ROOT, STAGE, LocalSettings

Tell = Callable[[str], None]

CDK = ROOT / "node_modules" / ".bin" / "cdk"
SOURCES = ("cdk", "contracts", "services")
TOOLKIT = "CDKToolkit"


def context(settings: LocalSettings) -> dict[str, str]:
    """What this machine overrides of the stage `local`."""
    return {
        "stage": STAGE,
        "supabase_url": settings.supabase_url,
        "web_origin": settings.web_url,
        "speech_base_url": settings.speech_url,
        "push_url": settings.push_url,
        "veo_base_url": settings.veo_url,
    }


def version(settings: LocalSettings) -> str:
    """Name what would be deployed: a hash of every file and setting that goes into it."""
    digest = hashlib.sha256(repr(sorted(context(settings).items())).encode())
    for path in [ROOT / "cdk.json", *sorted(_sources())]:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def deploy(settings: LocalSettings, tell: Tell) -> bool:
    """Bring the emulator to the newest version of the app.

    Returns:
        True if something was deployed, False if it was up to date.

    Raises:
        LocalError: the CDK failed; the text ends with its last words.
    """
    wanted = version(settings)
    if emulator.deployed_version(settings) == wanted and emulator.outputs(settings):
        return False
    if not CDK.exists():
        raise LocalError("The CDK is not installed. Run `make setup` first.")
    if not _is_bootstrapped(settings):
        tell("preparing the emulator for the CDK (once)")
        # Away from cdk.json: there the CLI would synthesise the whole app first, for nothing.
        _cdk(settings, "bootstrap", f"aws://{ACCOUNT}/{REGION}", cwd=settings.home)
    tell("deploying the app")
    shutil.rmtree(settings.home / "cdk.out", ignore_errors=True)  # earlier assets pile up there
    _cdk(
        settings,
        *("deploy", emulator.STACK, "--exclusively"),
        *("--require-approval", "never", "--progress", "events", "--method", "direct"),
        *(part for key, value in context(settings).items() for part in ("-c", f"{key}={value}")),
    )
    emulator.remember_version(settings, wanted)
    emulator.forget_assets(settings)
    return True


def _is_bootstrapped(settings: LocalSettings) -> bool:
    cloudformation = emulator.client(settings, "cloudformation")
    stacks = cloudformation.describe_stacks()["Stacks"]
    return any(stack["StackName"] == TOOLKIT for stack in stacks)


def _cdk(settings: LocalSettings, *arguments: str, cwd: Path = ROOT) -> None:
    log = settings.home / "logs" / f"cdk-{arguments[0]}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [str(CDK), *arguments, "--output", str(settings.home / "cdk.out"), "--ci"]
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("AWS_")},
        **settings.aws_environment,
        "CDK_VALIDATION": "false",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
    }
    with log.open("wb") as output:
        done = subprocess.run(
            command, cwd=cwd, env=environment, stdout=output, stderr=output, check=False
        )
    if done.returncode != 0:
        raise LocalError(f"`cdk {arguments[0]}` failed. Its last words ({log}):\n{tail(log, 25)}")


def _sources() -> Iterator[Path]:
    local = ROOT / "cdk" / "local"
    for folder in SOURCES:
        for path in (ROOT / folder).rglob("*"):
            is_source = path.suffix in {".py", ".json", ".toml", ".txt", ".html", ".yaml"}
            if is_source and path.is_file() and local not in path.parents:
                yield path

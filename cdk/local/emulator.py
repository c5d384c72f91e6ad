"""The AWS emulator (MiniStack): how it is started, and what is asked of it."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from typing import Any

import requests
from botocore.exceptions import ClientError
from localstack_client.session import Session

from cdk.local.processes import Daemon, python
from cdk.local.settings import ACCOUNT, REGION, ROOT, STAGE, LocalSettings

STACK = f"Sayso-{STAGE}-Platform"
ASSETS = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"  # as the CDK names its bucket
VERSION_PARAMETER = f"/sayso/{STAGE}/version"


def daemon(settings: LocalSettings) -> Daemon:
    """Describe the emulator: loopback only, its state kept in the home folder."""
    state = settings.home / "emulator"
    _scratch(settings).mkdir(parents=True, exist_ok=True)
    return Daemon(
        name="emulator",
        command=python("-m", "ministack"),
        environment={
            "PATH": os.environ["PATH"],
            "HOME": str(state),
            "PYTHONPATH": str(ROOT),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(settings.port_emulator),
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(state / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(state / "s3"),
            "IOT_MTLS_ENABLED": "0",  # would open port 8883
            "SFTP_ENABLED": "0",
            "SMTP_HOST": f"127.0.0.1:{settings.port_mail}",
            "LAMBDA_WARM_TTL_SECONDS": "15",
            "TMPDIR": str(_scratch(settings)),
            "LOG_LEVEL": "WARNING",
        },
        ready=lambda: answers(settings),
        port=settings.port_emulator,
        grace=30,
    )


def answers(settings: LocalSettings) -> bool:
    """Tell whether the emulator serves."""
    return responds(f"{settings.aws_url}/_ministack/health")


def responds(url: str) -> bool:
    """Tell whether a GET of the URL is answered with a success."""
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def listens(port: int) -> bool:
    """Tell whether anybody takes connections on a port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


def tidy(settings: LocalSettings) -> None:
    """Remove the unpacked functions that a stopped emulator leaves, 20 to 60 MB each."""
    shutil.rmtree(_scratch(settings), ignore_errors=True)


def forget_assets(settings: LocalSettings) -> None:
    """Drop the archives that a deployment uploaded: functions have copies, memory is short."""
    s3 = client(settings, "s3")
    objects = s3.list_objects_v2(Bucket=ASSETS).get("Contents", [])
    for each in objects:
        s3.delete_object(Bucket=ASSETS, Key=each["Key"])


def client(settings: LocalSettings, service: str) -> Any:
    """A boto3 client that speaks to the emulator."""
    host = f"127.0.0.1:{settings.port_emulator}"
    return Session(region_name=REGION, localstack_host=host).client(service)


def outputs(settings: LocalSettings) -> dict[str, str]:
    """The deployed stack's outputs by key; empty while nothing is deployed."""
    try:
        stacks = client(settings, "cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    except ClientError:
        return {}
    if not stacks[0]["StackStatus"].endswith(("CREATE_COMPLETE", "UPDATE_COMPLETE")):
        return {}
    return {each["OutputKey"]: each["OutputValue"] for each in stacks[0].get("Outputs", [])}


def api_url(settings: LocalSettings, api_id: str) -> str:
    """One address of the HTTP API that every client resolves.

    `<id>.execute-api.localhost` works in curl and browsers, but not in Python.
    """
    return f"{settings.aws_url}/_aws/execute-api/{api_id}"


def mend_cors(settings: LocalSettings, api_id: str) -> None:
    """Say once more who may call the API from a browser.

    The emulator's CloudFormation keeps that under the names of the template (`AllowOrigins`), where
    its API looks for its own (`allowOrigins`), and refuses every page.
    """
    apis = requests.get(f"{settings.aws_url}/v2/apis", timeout=10).json()["items"]
    kept = next(api for api in apis if api["apiId"] == api_id)["corsConfiguration"]
    client(settings, "apigatewayv2").update_api(
        ApiId=api_id, CorsConfiguration={name[0].upper() + name[1:]: kept[name] for name in kept}
    )


def deployed_version(settings: LocalSettings) -> str | None:
    """What was last deployed; kept in the emulator, so that both are lost together."""
    try:
        parameter = client(settings, "ssm").get_parameter(Name=VERSION_PARAMETER)
    except ClientError:
        return None
    return str(parameter["Parameter"]["Value"])


def remember_version(settings: LocalSettings, version: str) -> None:
    """Note what has been deployed."""
    client(settings, "ssm").put_parameter(
        Name=VERSION_PARAMETER, Value=version, Type="String", Overwrite=True
    )


def put_secret(settings: LocalSettings, name: str, value: str) -> bool:
    """Give a secret its value.

    Returns:
        True if that changed it: functions read secrets at their start only.
    """
    secrets = client(settings, "secretsmanager")
    secret_id = f"sayso/{STAGE}/{name}"
    try:
        if secrets.get_secret_value(SecretId=secret_id)["SecretString"] == value:
            return False
    except secrets.exceptions.ResourceNotFoundException:
        pass  # the secret exists, without a value yet
    secrets.put_secret_value(SecretId=secret_id, SecretString=value)
    return True


def _scratch(settings: LocalSettings) -> Path:
    return settings.home / "emulator" / "tmp"

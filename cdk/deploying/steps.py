"""What a deployment does, in its order; each step may be repeated."""

import base64
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cdk import runner_image
from cdk.bundles import ROOT, SERVICES
from cdk.deploying.preflight import image_is_there
from cdk.deploying.values import Aws, Values
from cdk.migrations import migrate
from cdk.stage import Stage

BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
BOOTSTRAP_VERSION = 21
"""The CDK's command line asks for no less."""

CDK = str(ROOT / "node_modules" / ".bin" / "cdk")
PLAIN = {"CDK_DISABLE_CLI_TELEMETRY": "true", "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20"}


def run(command: Sequence[str], *, stdin: str = "", environment: Mapping[str, str] = PLAIN) -> None:
    """Run a command of somebody else's and show what it prints.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    subprocess.run(
        command, input=stdin, text=True, check=True, cwd=ROOT, env=os.environ | environment
    )


@dataclass(frozen=True)
class Deployment:
    """One stage, brought to what this tree says."""

    stage: Stage
    aws: Aws
    values: Values
    engine: str | None
    """docker or podman, if there is one."""
    run: Callable[..., None] = run
    migrate: Callable[[str], str] = migrate

    def steps(self) -> Iterator[str]:
        """Do it all; each step's name is yielded before it is done."""
        if self._bootstrap_version() < BOOTSTRAP_VERSION:
            yield "preparing the account for the CDK"
            place = f"aws://{self._account()}/{self._region()}"
            self.run([CDK, "bootstrap", place, *self._context()])
        yield "tables"
        self.migrate(self.values.of("database-url") or "")
        yield "platform"
        self._deploy("Platform")
        if changed := self.values.keep():
            yield f"secrets: {', '.join(changed)}"
            self._forget_old_values()
        if not image_is_there(self.aws, self.stage):
            yield f"the runners' image {runner_image.tag()}"
            self._push_image()
        yield "runners"
        self._deploy("Runners")
        yield "dashboard and alarms"
        self._deploy("Watch")

    def outputs(self) -> dict[str, str]:
        """What the platform says of itself: the API's address and the rest."""
        name = f"Sayso-{self.stage.name}-Platform"
        [stack] = self.aws("cloudformation").describe_stacks(StackName=name)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}

    def destroy(self) -> Iterator[str]:
        """Take it all away but what prod keeps: media, tables, logs, images."""
        for stack in ("Watch", "Runners", "Platform"):
            yield stack.lower()
            self.run(
                [CDK, "destroy", self._name(stack), "--exclusively", "--force", *self._context()]
            )

    def _deploy(self, stack: str) -> None:
        self.run(
            [
                *(CDK, "deploy", self._name(stack), "--exclusively"),
                *("--require-approval", "never", "--progress", "events"),
                *self._context(),
            ]
        )

    def _name(self, stack: str) -> str:
        return f"Sayso-{self.stage.name}-{stack}"

    def _context(self) -> list[str]:
        return ["-c", f"stage={self.stage.name}"]

    def _push_image(self) -> None:
        repository = f"{self._account()}.dkr.ecr.{self._region()}.amazonaws.com"
        image = f"{repository}/{self.stage.named('runner')}:{runner_image.tag()}"
        [login] = self.aws("ecr").get_authorization_token()["authorizationData"]
        user, _, password = base64.b64decode(login["authorizationToken"]).decode().partition(":")
        engine = self.engine or "docker"
        build = {"TARGET": "runner", "ARCH": "arm64", "NAME": image}
        self.run(["runner/image/build.sh", engine], environment=PLAIN | build)
        # On standard input: everybody on this machine may read the arguments of a process.
        log_in = [engine, "login", "--username", user, "--password-stdin", repository]
        self.run(log_in, stdin=password)
        self.run([engine, "push", "--quiet", image])
        self.run([engine, "logout", repository])

    def _forget_old_values(self) -> None:
        """Have functions that run already read their secrets again: they do it once, at a start."""
        functions = self.aws("lambda")
        for service in SERVICES:
            name = self.stage.named(service)
            found = functions.get_function_configuration(FunctionName=name)
            stamp = {"SECRETS_CHANGED": datetime.now(UTC).isoformat(timespec="seconds")}
            functions.update_function_configuration(
                FunctionName=name,
                Environment={"Variables": found["Environment"]["Variables"] | stamp},
            )

    def _bootstrap_version(self) -> int:
        ssm = self.aws("ssm")
        try:
            return int(ssm.get_parameter(Name=BOOTSTRAP)["Parameter"]["Value"])
        except ssm.exceptions.ParameterNotFound:
            return 0

    def _account(self) -> str:
        return str(self.aws("sts").get_caller_identity()["Account"])

    def _region(self) -> str:
        return str(self.aws("sts").meta.region_name)

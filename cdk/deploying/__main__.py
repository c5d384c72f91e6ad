"""`make check`, `make deploy`, `make destroy`: a stage on AWS, from this tree."""

import argparse
import getpass
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from cdk.deploying.preflight import Finding, Preflight
from cdk.deploying.steps import Deployment
from cdk.deploying.values import Values, needed, variable
from cdk.migrations import MigrationError
from cdk.stage import Stage, StageError

progress = Console(stderr=True, highlight=False)


def main() -> int:
    """Run one command; 0 when it worked, 1 with a sentence for each thing that is wrong."""
    options = _parser().parse_args()
    try:
        stage = Stage.of(options.stage)
        if stage.is_local:
            raise StageError("The stage local is brought up by make up, on this machine.")
        answer = options.run(stage, options)
    except (StageError, MigrationError) as error:
        return _complain(str(error).splitlines(), options)
    except subprocess.CalledProcessError as error:
        what = " ".join(str(part) for part in error.cmd[:3])
        again = "what it printed is above, and the same command goes on where it stopped"
        return _complain([f"`{what} …` ended with {error.returncode}: {again}."], options)
    except (BotoCoreError, ClientError) as error:
        return _complain([f"AWS refused: {error}"], options)
    except KeyboardInterrupt:
        return 130
    if isinstance(answer, list):
        return _complain(answer, options) if answer else 0
    if options.json:
        print(json.dumps(answer, indent=2))
    return 0


def _check(stage: Stage, options: argparse.Namespace) -> Any:
    values = _values(stage)
    findings = list(Preflight(stage, _aws, values).look())
    problems = [each.problem for each in findings if each.problem]
    if not options.json:
        _show(findings)
    return problems or {"stage": stage.name, "problems": []}


def _deploy(stage: Stage, options: argparse.Namespace) -> Any:
    _ask_for_secrets(stage)
    checked = _check(stage, argparse.Namespace(json=options.json))
    if isinstance(checked, list):
        progress.print("Nothing was changed.")
        return checked
    engine = next(filter(shutil.which, ("docker", "podman")), None)
    deployment = Deployment(stage, _aws, _values(stage), engine)
    _tell(deployment.steps())
    outputs = deployment.outputs()
    if not options.json:
        _next(stage, outputs)
    return outputs


def _destroy(stage: Stage, options: argparse.Namespace) -> Any:
    if not options.yes:
        progress.print(f"This takes Sayso {stage.name} away. Its name, to be sure: ", end="")
        if input().strip() != stage.name:
            return ["That was another name: nothing was changed."]
    _tell(Deployment(stage, _aws, _values(stage), None).destroy())
    return {"destroyed": stage.name}


def _aws(service: str) -> Any:
    # The CDK reads AWS_REGION, boto3 by itself only AWS_DEFAULT_REGION.
    make: Callable[..., Any] = boto3.client
    return make(service, region_name=os.environ.get("AWS_REGION"))


def _values(stage: Stage) -> Values:
    return Values(stage, _aws, os.environ)


def _ask_for_secrets(stage: Stage) -> None:
    """Ask a person for what nobody has said yet; without one, the preflight says what lacks."""
    if not sys.stdin.isatty():
        return
    try:
        missing = _values(stage).missing()
    except (BotoCoreError, ClientError):
        return  # the preflight says why
    for name in missing:
        said = getpass.getpass(f"{variable(name)} ({stage.secret(name)}): ")
        os.environ[variable(name)] = said.strip()


def _show(findings: Iterable[Finding]) -> None:
    """Each thing that was looked at, once; what is wrong is said below."""
    is_well: dict[str, bool] = {}
    for each in findings:
        is_well[each.check] = is_well.get(each.check, True) and not each.problem
    for check, well in is_well.items():
        progress.print(f"{'[green]✓[/]' if well else '[red]✗[/]'} {check}")


def _tell(steps: Iterable[str]) -> None:
    for step in steps:
        progress.print(f"[bold]→ {step}[/]")


def _next(stage: Stage, outputs: dict[str, str]) -> None:
    grant = "python -m services.status.grant you@… org/project --default"
    progress.print(f"[green]Sayso {stage.name} is up.[/] {outputs.get('ApiUrl', '')}")
    progress.print(f"  dashboard   CloudWatch, Sayso-{stage.name}")
    progress.print(f"  mail        confirm the links that AWS sent to {stage.mail_from}")
    progress.print(f"  next        DATABASE_URL=… {grant}")


def _complain(problems: list[str], options: argparse.Namespace) -> int:
    if options.json:
        print(json.dumps({"problems": problems}, indent=2))
    for problem in problems:
        progress.print(problem, style="red", markup=False, soft_wrap=True)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cdk.deploying", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    secrets = ", ".join(variable(name) for name in needed(Stage.of("prod")))
    for name, run, text in (
        ("check", _check, "look whether all is ready; changes nothing"),
        ("deploy", _deploy, f"look, then deploy; new secrets are taken from {secrets}"),
        ("destroy", _destroy, "take a stage away; prod keeps its media, tables, logs and images"),
    ):
        each = commands.add_parser(name, help=text, description=text)
        each.add_argument("--stage", default="staging", help="a file of cdk/stages (staging)")
        each.add_argument("--json", action="store_true", help="one JSON object on standard output")
        each.set_defaults(run=run)
        if name == "destroy":
            each.add_argument("--yes", action="store_true", help="do not ask")
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""`python -m cdk.local`: the whole system on this machine, its state in one folder."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable
from typing import Any

import requests
from rich.console import Console
from rich.table import Table

from cdk.local import demo, logs, seed
from cdk.local.identity import DEVELOPER_EMAIL, DEVELOPER_ID, TOKEN_SECONDS, access_token
from cdk.local.processes import LocalError
from cdk.local.settings import LocalSettings, given
from cdk.local.system import LocalSystem

progress = Console(stderr=True, highlight=False)


def main() -> int:
    """Run one command; 0 when it worked, 1 with one sentence on standard error when not."""
    options = _parser().parse_args()
    ports = {key: value for key, value in vars(options).items() if key.startswith("port_")}
    chosen = {key: getattr(options, key, None) for key in ("mock", "agents")}
    settings = given(**ports, **chosen)
    try:
        answer = options.run(LocalSystem(settings), options)
    except LocalError as error:
        return _complain(str(error), options)
    except requests.ConnectionError as error:
        return _complain(f"Something does not answer; see `make status`. {error}", options)
    except KeyboardInterrupt:
        return 130
    if options.json and answer is not None:
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    return 0


def _complain(text: str, options: argparse.Namespace) -> int:
    if options.json:
        print(json.dumps({"error": text}))
    progress.print(text, style="red", markup=False, soft_wrap=True)
    return 1


def _up(system: LocalSystem, options: argparse.Namespace) -> Any:
    endpoints = system.up(_tell)
    if not options.json:
        progress.print("[green]up[/]  `make demo` shows it, `make down` stops it")
        for name in ("api", "github", "push_log", "mail"):
            progress.print(f"  {name:<9} {endpoints[name]}")
        if endpoints["web"]:
            progress.print(f"  app       {endpoints['web']} (signed in: what `make web` prints)")
    return endpoints


def _down(system: LocalSystem, options: argparse.Namespace) -> Any:
    stopped = system.down()
    if not options.json:
        progress.print(f"stopped: {', '.join(stopped) or 'nothing was running'}")
    return {"stopped": stopped}


def _stop(system: LocalSystem, options: argparse.Namespace) -> Any:
    stopped = [options.name] if system.stop(options.name) else []
    if not options.json:
        progress.print(f"stopped: {', '.join(stopped) or f'{options.name} was not running'}")
    return {"stopped": stopped}


def _status(system: LocalSystem, options: argparse.Namespace) -> Any:
    status = system.status()
    if not options.json:
        table = Table("process", "pid", "port", "health", "MB", box=None)
        for child in status["processes"]:
            health = "[green]well[/]" if child["healthy"] else "[red]down[/]"
            cells = (child["name"], child["pid"] or "", child["port"] or "")
            table.add_row(*map(str, cells), health, f"{child['memory_mb']:.0f}")
        console = Console(highlight=False)
        console.print(table if status["processes"] else "nothing runs")
        is_new = status["deployed"] == status["sources"]
        state = "up to date" if is_new else f"the sources are {status['sources']}"
        console.print(f"deployed {status['deployed'] or 'nothing'} ({state})")
        console.print(f"memory   {status['memory_mb']:.0f} MB")
    return status


def _logs(system: LocalSystem, options: argparse.Namespace) -> Any:
    lines = logs.lines(system, options.name, follow=options.follow)
    if options.json and not options.follow:
        return {"lines": list(lines)}
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `logs | head` ends quietly
    for line in lines:
        print(line, flush=True)
    return None


def _token(system: LocalSystem, options: argparse.Namespace) -> Any:
    token = access_token(
        system.settings, options.user, options.email, options.expires, options.audience
    )
    return _said(options, "token", token)


def _api(system: LocalSystem, options: argparse.Namespace) -> Any:
    return _said(options, "api", system.endpoints()["api"])


def _web(system: LocalSystem, options: argparse.Namespace) -> Any:
    address = system.endpoints()["web"]
    if address is None:
        raise LocalError("The app is not built: run `make up`.")
    return _said(options, "web", f"{address}/#token={access_token(system.settings)}")


def _repository(system: LocalSystem, options: argparse.Namespace) -> Any:
    repository = seed.create_repository(system.settings, options.name)
    url = f"{system.settings.github_url}/{repository.full_name}.git"
    return _said(options, "repository", url)


def _demo(system: LocalSystem, options: argparse.Namespace) -> Any:
    return demo.run(system, options.task, options.wav, as_json=options.json, tell=_tell)


def _said(options: argparse.Namespace, key: str, value: str) -> dict[str, str]:
    if not options.json:
        print(value)
    return {key: value}


def _tell(text: str) -> None:
    progress.print(f"[dim]{text} …[/]")


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser = argparse.ArgumentParser(
        prog="python -m cdk.local",
        description=__doc__,
        epilog="State lives in .local/, or in SAYSO_LOCAL_HOME. MVP_MOCK=1 needs no model.",
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(
        name: str, run: Callable[[LocalSystem, argparse.Namespace], Any], text: str
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(name, parents=[common], help=text, description=text)
        added.set_defaults(run=run)
        return added

    up = command("up", _up, "start what does not run, deploy what changed, seed what is missing")
    demo_ = command("demo", _demo, "say something and watch it become a commit on main")
    for each in (up, demo_):
        for name in LocalSettings.model_fields:
            if name.startswith("port_"):
                flag = "--" + name.replace("_", "-")
                each.add_argument(flag, type=int, metavar="N", help="remembered from then on")
        each.add_argument("--mock", action="store_true", default=None, help="as MVP_MOCK=1")
        each.add_argument("--agents", metavar="NAMES", help="quick_edit, claude_code, or both: a,b")
    demo_.add_argument(
        "task",
        nargs="?",
        default="stdin",
        choices=list(demo.TASKS),
        help="stdin merges by itself, risky asks first",
    )
    demo_.add_argument("--wav", help="a recording of your own: 16 kHz, mono, 16 bit")
    command("down", _down, "stop everything; the state stays")
    stop = command("stop", _stop, "stop one process; `up` starts it again")
    stop.add_argument("name", help="as `status` names it")
    command("status", _status, "what runs, where, how it feels, and what is deployed")
    log = command("logs", _logs, "logs of processes and functions, oldest first")
    log.add_argument("name", nargs="?", help="one process or function; all by default")
    log.add_argument("-f", "--follow", action="store_true", help="go on until interrupted")
    token = command("token", _token, "an access token, as Supabase would give one")
    token.add_argument("--user", default=DEVELOPER_ID, metavar="UUID", help="whose")
    token.add_argument("--email", default=DEVELOPER_EMAIL, help="of that user")
    token.add_argument(
        "--expires", type=int, default=TOKEN_SECONDS, metavar="S", help="seconds from now"
    )
    token.add_argument("--audience", default="authenticated", help="authenticated, unless to fail")
    command("api", _api, "the address of the HTTP API")
    command("web", _web, "the address of the app, with the developer signed in")
    repository = command("repository", _repository, "a fresh copy of the sample project on GitHub")
    repository.add_argument("name", help="owner/name")
    return parser


if __name__ == "__main__":
    sys.exit(main())

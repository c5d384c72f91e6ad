"""`python -m runner health`: is the runner of this machine well? For systemd and containers."""

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.settings import Settings
from runner.health import examine, health_file

if TYPE_CHECKING:
    from argparse import _SubParsersAction


class HealthSettings(Settings):
    """Where the runner works, as in `RunnerSettings`."""

    work_dir: Path = Path("/var/lib/sayso")


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("health", help="is the runner of this machine well?")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=health)


def health(args: argparse.Namespace) -> int:
    """Print how the runner is; 0 if it is well, else 1."""
    is_well, facts = examine(health_file(HealthSettings().work_dir), time.time())
    if args.json:
        print(json.dumps({"is_well": is_well} | facts))
    else:
        print(f"{'well' if is_well else 'not well'}: {facts.get('why') or facts['state']}")
    return 0 if is_well else 1

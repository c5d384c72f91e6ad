"""`python -m runner`: one runner, working until it gets SIGTERM; `try` judges a patch instead."""

import argparse
import os
import signal
import sys

from runner import health_command, try_command


def main(argv: list[str] | None = None) -> int:
    """Do what the command line says; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m runner", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end when both queues are empty")
    parser.set_defaults(run=work)
    commands = parser.add_subparsers(title="commands", metavar="[COMMAND]")
    try_command.add_parser(commands)
    health_command.add_parser(commands)
    args = parser.parse_args(argv)
    return int(args.run(args))


def work(args: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT; 0 then, 1 if this machine can't run jobs."""
    # What talks to AWS and GitHub takes a second to load, and `try` needs none of it.
    from runner.assemble import assemble
    from runner.lanes import NoModel
    from runner.sandbox.sandbox import NoSandbox
    from runner.settings import RunnerSettings

    try:
        worker = assemble(RunnerSettings())
    except (NoSandbox, NoModel, FileNotFoundError, ValueError) as missing:
        print(f"runner: {missing}", file=sys.stderr)
        return 1
    if args.once:
        worker.run_once()
        return 0
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: worker.stop())
    worker.run()
    sys.stdout.flush()
    # Not sys.exit: it would wait for the tests of a job that was given back a moment ago. The
    # boxes end with this process.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())

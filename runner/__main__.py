"""`python -m runner`: one runner, working until it gets SIGTERM."""

import argparse
import os
import signal
import sys

from runner.assemble import NoModel, assemble
from runner.sandbox.bubblewrap import NoSandbox
from runner.settings import RunnerSettings


def main(argv: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; 0 then, 1 if this machine can't run jobs."""
    parser = argparse.ArgumentParser(prog="python -m runner", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end when both queues are empty")
    args = parser.parse_args(argv)
    try:
        worker = assemble(RunnerSettings())
    except (NoSandbox, NoModel, FileNotFoundError) as missing:
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

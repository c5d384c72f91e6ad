"""`python -m runner try`: judge one patch without delivering it; the repository stays as it is."""

import argparse
import json
import signal
import sys
from pathlib import Path
from typing import BinaryIO, TextIO, TypeVar, get_args

from runner.deadline import Deadline
from runner.environment import Environments, PackageIndex
from runner.failure import Failure
from runner.gates import Gates
from runner.patch import LONGEST_PATCH_BYTES
from runner.policy import MergeRule
from runner.sandbox.detect import Name, choose
from runner.sandbox.sandbox import NoSandbox, Sandbox
from runner.settings import PackageSettings
from runner.trial import NoBase, Verdict, copied, judge, unjudged

EPILOG = """\
The exit status is 0 whatever the verdict, 2 if there is none because of how this was called or
what is missing here, 130 if it was interrupted. --json prints one object: decision (auto_merged,
pr_opened: a person would be asked, or fail), reasons, loc_delta, files_touched, lint_passed and
tests_passed (null where not reached), duration_ms.
"""

LONGEST_SECONDS = 24 * 60 * 60
WRONG_USAGE = 2
INTERRUPTED = 130

Number = TypeVar("Number", int, float)

_GREEN, _YELLOW, _RED, _PLAIN = "\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[0m"
_MEANING = {
    "auto_merged": (_GREEN, "it would be merged without asking"),
    "pr_opened": (_YELLOW, "a person would be asked"),
    "fail": (_RED, "it could not be judged"),
}


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Tell a command line's parser about `try`."""
    parser = commands.add_parser(
        "try",
        help="judge a patch without delivering it",
        description=__doc__.partition(": ")[2],
        epilog=EPILOG,
    )
    parser.add_argument(
        "--repo", required=True, type=Path, metavar="DIR", help="a git repository; it is only read"
    )
    parser.add_argument(
        "--base", default="HEAD", metavar="REV", help="the commit to put it on (default: HEAD)"
    )
    parser.add_argument("--patch", required=True, metavar="FILE", help="the diff; - reads stdin")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--loc-limit",
        type=_lines,
        default=500,
        metavar="N",
        help="a change of so many lines, added and removed, asks (default: 500)",
    )
    parser.add_argument(
        "--blocked-path",
        action="append",
        metavar="PREFIX",
        help="a change below it asks; may be repeated (default: security/)",
    )
    parser.add_argument(
        "--seconds", type=_seconds, default=300, metavar="N", help="time for all (default: 300)"
    )
    parser.add_argument(
        "--sandbox",
        choices=get_args(Name),
        default="auto",
        help="what makes the boxes (default: docker, podman or bubblewrap, whichever works)",
    )
    parser.add_argument(
        "--image", default="sayso-box", help="of docker's and podman's boxes (default: sayso-box)"
    )
    parser.set_defaults(run=run)


def _lines(text: str) -> int:
    return _within(int(text), 0, sys.maxsize)


def _seconds(text: str) -> float:
    return _within(float(text), 1, LONGEST_SECONDS)


def _within(number: Number, least: float, most: float) -> Number:
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"{number} is not within {least} and {most}")
    return number


def run(args: argparse.Namespace) -> int:
    """Judge the patch that the command line names; the exit status."""
    try:
        patch = read_patch(args.patch, sys.stdin.buffer)
        sandbox = choose(args.sandbox, args.image)
        verdict = _judge(args, patch, sandbox)
    except (NoSandbox, NoBase, OSError) as wrong:
        print(f"runner try: {wrong}", file=sys.stderr)
        return WRONG_USAGE
    except KeyboardInterrupt:
        print("runner try: interrupted", file=sys.stderr)
        return INTERRUPTED
    if args.json:
        print(json.dumps(verdict.facts()))
    else:
        show(verdict, sandbox.name, sys.stdout)
    return 0


def _judge(args: argparse.Namespace, patch: bytes, sandbox: Sandbox) -> Verdict:
    """Judge it; an interrupt ends what runs, and is raised once that has ended."""
    deadline = Deadline.after(args.seconds)
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: deadline.cancel())
    rule = MergeRule(args.loc_limit, tuple(args.blocked_path or ["security/"]))
    try:
        with copied(args.repo, args.base, deadline) as checkout:
            gates = Gates(sandbox, environments=_environments(sandbox))
            verdict = judge(checkout, patch, gates, rule, deadline)
    except Failure as failure:
        verdict = unjudged(failure, deadline)
    if deadline.is_cancelled:
        raise KeyboardInterrupt
    return verdict


def _environments(sandbox: Sandbox) -> Environments:
    """What projects depend on, kept where this person's caches are."""
    settings = PackageSettings()
    index = PackageIndex(settings.package_index_url, settings.package_certificates)
    return Environments(Path("~/.cache/sayso/environments").expanduser(), sandbox, index)


def read_patch(name: str, stdin: BinaryIO) -> bytes:
    """The patch of this name, or a little more of it than would be accepted.

    Raises:
        OSError: it can't be read.
    """
    if name == "-":
        return stdin.read(LONGEST_PATCH_BYTES + 1)
    with Path(name).open("rb") as patch:
        return patch.read(LONGEST_PATCH_BYTES + 1)


def show(verdict: Verdict, sandbox: str, out: TextIO) -> None:
    """Print a verdict for a person; in colour on a terminal."""
    colour, meaning = _MEANING[verdict.decision]
    plain = _PLAIN if out.isatty() else ""
    print(f"{colour if plain else ''}{verdict.decision}{plain}: {meaning}", file=out)
    for reason in verdict.reasons:
        print(f"  - {reason.code}: {_visible(reason.sentence)}", file=out)
    if verdict.change:
        lines, paths = verdict.change.loc_delta, verdict.change.paths
        print(f"  {lines} lines in {', '.join(map(_visible, paths))}", file=out)
    if verdict.proof:
        print(f"  {verdict.proof.summary}", file=out)
    print(f"  {verdict.duration_ms / 1000:.1f} s, sandbox {sandbox}", file=out)
    if verdict.proof and verdict.proof.output:
        print(file=out)
        for line in verdict.proof.output.splitlines():
            print(f"  | {_visible(line)}".rstrip(), file=out)


def _visible(text: str) -> str:
    """The same with nothing in it that a terminal would obey: it comes from the patch."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)

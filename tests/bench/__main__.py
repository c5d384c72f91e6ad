"""How long a spoken request takes, step by step, and what the system weighs: printed, not judged.

make bench            ten requests on a local system of its own
python -m tests.bench --requests 30 --json
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.jobs import jobs
from tests.e2e.conftest import OWN
from tests.e2e.system import ROOT, LocalSystem, Person, running

SERVICES = ("ingest", "transcribe", "dispatch", "status", "notify", "report")
ENOUGH_FOR_P95 = 20


def requests_in(system: LocalSystem, how_many: int) -> list[dict[str, float]]:
    """Milliseconds from the first byte of the upload, for each request and step."""
    measured = []
    for number in range(how_many):
        ada = system.new_person()
        name = f"sayso/bench-{time.time_ns()}-{number}"
        system.new_repository(name)
        system.grant(ada, name)
        ada.registers_phone()
        measured.append(one_request(ada))
    return measured


def one_request(ada: Person) -> dict[str, float]:
    """Say it, and note when each step was done."""
    began = time.time()
    job_id = ada.says("add-stdin")
    accepted = time.time()
    task = ada.sees(job_id, "auto_merged")
    ada.is_pushed(job_id)
    pushed = time.time()
    offset = (accepted - began) * 1000
    steps = {"accepted": offset, "push shown": (pushed - began) * 1000}
    for entry in task["timeline"]:
        steps[entry["phase"] or entry["type"]] = entry["elapsed_ms"]
    steps["on main"] = task["duration_ms"]
    return steps


def cold_imports() -> dict[str, float]:
    """Milliseconds that a fresh interpreter needs for each handler."""
    taken = {}
    for service in SERVICES:
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", f"import services.{service}.handler"],
            cwd=ROOT,
            check=True,
            env={"AWS_DEFAULT_REGION": "eu-west-1", "PATH": ""},
        )
        taken[service] = (time.perf_counter() - began) * 1000
    return taken


def summary(values: list[float]) -> dict[str, float]:
    """The median and, of enough values, the 95th percentile."""
    found = {"p50": statistics.median(values), "max": max(values)}
    if len(values) >= ENOUGH_FOR_P95:
        found["p95"] = statistics.quantiles(values, n=20)[-1]
    return found


def measure(how_many: int) -> dict[str, Any]:
    """Everything, on a system that is brought up for it."""
    began = time.perf_counter()
    with running(OWN) as system:
        up = time.perf_counter() - began
        requests = requests_in(system, how_many)
        status = json.loads(system.cli("status", "--json"))
    steps = {
        step: summary([request[step] for request in requests])
        for step in sorted(requests[0], key=lambda step: requests[0][step])
        if all(step in request for request in requests)
    }
    memory = {child["name"]: child["memory_mb"] for child in status["processes"]}
    return {
        "up_seconds": up,
        "steps_ms": steps,
        "memory_mb": memory,
        "import_ms": cold_imports(),
        "large_project_ms": large_project(),
    }


def large_project() -> dict[str, dict[str, float]]:
    """Milliseconds of each part of a job on a project of 5,000 files."""
    measured = jobs(5)
    parts = dict.fromkeys(part for each in measured for part in each)
    return {part: summary([each.get(part, 0) for each in measured]) for part in parts}


def show(found: dict[str, Any]) -> None:
    """A few small tables."""
    console = Console()
    steps = Table("step", *next(iter(found["steps_ms"].values())), title="ms since the upload")
    for step, values in found["steps_ms"].items():
        steps.add_row(step, *(f"{value:.0f}" for value in values.values()))
    memory = Table("process", "MB", title="memory")
    for name, megabytes in found["memory_mb"].items():
        memory.add_row(name, f"{megabytes:.0f}")
    memory.add_row("sum", f"{sum(found['memory_mb'].values()):.0f}")
    imports = Table("handler", "ms", title="cold import")
    for name, milliseconds in found["import_ms"].items():
        imports.add_row(name, f"{milliseconds:.0f}")
    large = Table("part", "p50", "max", title="ms of a job on 5,000 files; the parts overlap")
    for part, values in found["large_project_ms"].items():
        large.add_row(part, f"{values['p50']:.0f}", f"{values['max']:.0f}")
    for table in (steps, memory, imports, large):
        console.print(table)
    console.print(f"up in {found['up_seconds']:.1f} s")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--requests", type=int, default=10, help="how many (default 10)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    arguments = parser.parse_args()
    found = measure(arguments.requests)
    if arguments.json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
    else:
        show(found)


if __name__ == "__main__":
    main()

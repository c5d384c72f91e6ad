"""Builds what each Lambda ships: `python -m cdk.bundles [service…] [--platform host|aarch64]`.

A bundle is a folder, build/<platform>/<service>, of the service's own pinned packages, the
contracts and the service, with its archive beside it. The same input gives the same bytes.
boto3 is among the packages although Lambda brings one: the pinned version is the tested one. Of
its 400 service models only those that are called are kept, which leaves 2 MB of 26.
"""

import argparse
import compileall
import fcntl
import hashlib
import json
import platform as machine
import py_compile
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

Platform = Literal["host", "aarch64"]

ROOT = Path(__file__).resolve().parents[1]
SERVICES = ("ingest", "transcribe", "dispatch", "status", "notify", "report")
UV = Path(sys.executable).with_name("uv")

# manylinux2014 would make pip fall back to an old psycopg.
TARGETS: dict[Platform, list[str]] = {
    "host": ["--python", sys.executable, "--python-version", machine.python_version()],
    "aarch64": ["--python-platform", "aarch64-manylinux_2_28", "--python-version", "3.14"],
}
CEILINGS: dict[str, int] = {
    "ingest": 12,
    "transcribe": 20,
    "dispatch": 17,
    "status": 17,
    "notify": 17,
    "report": 61,
}
"""MiB that an archive for AWS may weigh, a tenth above what it does: weight is cold start.

For report it is less so: nobody waits for it, and 31 of its MiB, FFmpeg's libraries for the weekly
clip, are loaded by no other path.
"""

IMPORT = """
import importlib, sys, time
bundle, handler = sys.argv[1:]
sys.path.insert(0, bundle)
began = time.perf_counter()
importlib.import_module(handler)
print((time.perf_counter() - began) * 1000)
"""

MODELS = {"dynamodb", "s3", "secretsmanager", "ses", "sesv2", "sns", "sqs", "sts"}


@dataclass(frozen=True)
class Bundle:
    """A built bundle: its folder, its archive, their sizes in bytes, and the hash of its inputs."""

    service: str
    platform: Platform
    folder: Path
    archive: Path
    unpacked: int
    packed: int
    made_from: str
    was_fresh: bool

    @property
    def excess(self) -> str:
        """One sentence if the archive weighs more than it may, else empty."""
        weight, ceiling = self.packed / 2**20, CEILINGS[self.service]
        if self.platform == "host" or weight <= ceiling:
            return ""
        return (
            f"The bundle of {self.service} weighs {weight:.1f} MiB, and {ceiling} is its ceiling: "
            f"take packages out of services/{self.service}/requirements.in, or raise it in "
            "cdk/bundles.py."
        )

    def import_milliseconds(self, times: int = 3) -> float:
        """How long a new interpreter takes to import the handler: the best of some tries.

        Only of a bundle for this machine.
        """
        command = [sys.executable, "-B", "-I", "-S", "-c", IMPORT, str(self.folder)]
        return min(
            float(
                subprocess.run(
                    [*command, f"services.{self.service}.handler"],
                    env={"POWERTOOLS_SERVICE_NAME": self.service, "AWS_REGION": "eu-west-1"},
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout
            )
            for _ in range(times)
        )


def build(service: str, platform: Platform, into: Path = ROOT / "build") -> Bundle:
    """Build a service's bundle, or find that it is fresh.

    Packages are installed anew only when their pins change; for changed sources it is copied and
    packed again, in a second.

    Raises:
        subprocess.CalledProcessError: a pin has no wheel for the platform, or can't be fetched.
    """
    folder = into / platform / service
    archive, stamp = folder.with_suffix(".zip"), folder.with_suffix(".json")
    with _alone(folder.with_suffix(".lock")):
        is_whole = stamp.exists() and archive.exists() and folder.exists()
        was = json.loads(stamp.read_text()) if is_whole else {}
        pins = ROOT / "services" / service / "requirements.txt"
        packages = _hash([pins, Path(__file__)], salt=" ".join(TARGETS[platform]))
        made_from = _hash(_sources(service), salt=packages)
        was_fresh = was.get("made_from") == made_from
        if not was_fresh:
            stamp.unlink(missing_ok=True)
            if was.get("packages") != packages:
                _install(pins, folder, platform)
            _copy_sources(service, folder)
            _pack(folder, archive, level=1 if platform == "host" else 6)
            was = {"packages": packages, "made_from": made_from, "unpacked": _size(folder)}
            stamp.write_text(json.dumps(was))
    packed = archive.stat().st_size
    return Bundle(service, platform, folder, archive, was["unpacked"], packed, made_from, was_fresh)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one process at a time build a bundle; who comes second finds it fresh."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _install(pins: Path, folder: Path, platform: Platform) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(
        [
            *(UV, "pip", "install", "--quiet", "--target", folder, "-r", pins),
            *("--require-hashes", "--only-binary", ":all:", *TARGETS[platform]),
        ],
        check=True,
    )
    # Console scripts name this machine's interpreter in their first line.
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for package in ("botocore", "boto3"):
        for model in (folder / package / "data").iterdir():
            if model.is_dir() and model.name not in MODELS:
                shutil.rmtree(model)
    if platform == "host":
        # Hashes, not times: an archive does not keep the times that bytecode is checked against.
        compileall.compile_dir(
            folder,
            quiet=2,
            workers=0,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            stripdir=str(folder),
        )


def _copy_sources(service: str, folder: Path) -> None:
    for ours in ("contracts", "services"):
        shutil.rmtree(folder / ours, ignore_errors=True)
    for file in _sources(service):
        target = folder / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)


def _pack(folder: Path, archive: Path, *, level: int) -> None:
    """Zip a folder so that only names and contents matter, not when or by whom it was built."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as pack:
        for file in _files(folder):
            entry = zipfile.ZipInfo(str(file.relative_to(folder)))
            entry.external_attr = 0o644 << 16
            pack.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED, level)


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in _files(folder))


def _sources(service: str) -> Iterator[Path]:
    """What of ours the service ships: modules, templates. Schemas and migrations are for others."""
    yield ROOT / "services" / "__init__.py"
    for folder in (ROOT / "contracts", ROOT / "services" / service):
        yield from sorted(file for file in folder.rglob("*.py") if file.name != "generate.py")
        yield from sorted(folder.glob("templates/*"))


def _hash(files: Iterable[Path], salt: str = "") -> str:
    digest = hashlib.sha256(salt.encode())
    for file in files:
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def main() -> None:
    """Build the bundles that are named, all by default; print what they weigh and how they load."""
    parser = argparse.ArgumentParser(prog="python -m cdk.bundles", description=__doc__)
    parser.add_argument("service", nargs="*", metavar="service", help=", ".join(SERVICES))
    parser.add_argument("--platform", choices=list(TARGETS), default="aarch64")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")
    said = parser.parse_args()
    if unknown := set(said.service) - set(SERVICES):
        parser.error(f"no such service: {', '.join(sorted(unknown))}")
    bundles = [build(service, said.platform) for service in said.service or SERVICES]
    imports = {each.service: build(each.service, "host").import_milliseconds() for each in bundles}
    if said.json:
        lines = [asdict(each) | {"import_ms": round(imports[each.service])} for each in bundles]
        print(json.dumps(lines, default=str, indent=2))
    else:
        _print(bundles, imports)
    if too_large := [each.excess for each in bundles if each.excess]:
        sys.exit("\n".join(too_large))


def _print(bundles: list[Bundle], imports: dict[str, float]) -> None:
    head = f"{'service':<12}{'zip MiB':>8}{'of':>4}{'unpacked':>10}{'cold import ms':>16}"
    print(f"{head}  {'made from':<13}archive")
    for each in bundles:
        print(
            f"{each.service:<12}{each.packed / 2**20:>8.1f}{CEILINGS[each.service]:>4}"
            f"{each.unpacked / 2**20:>10.1f}{imports[each.service]:>16.0f}"
            f"  {each.made_from[:12]} {each.archive.relative_to(ROOT)}"
            f"{'  (was fresh)' if each.was_fresh else ''}"
        )


if __name__ == "__main__":
    main()

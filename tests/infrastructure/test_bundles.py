"""What a Lambda ships is complete, for the right machine, and the same each time."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cdk import bundles

IMPORT_AND_TELL_WHERE_FROM = """
import importlib, sys
bundle, handler = sys.argv[1:]
sys.path.insert(0, bundle)
assert callable(importlib.import_module(handler).handler)
for module in list(sys.modules.values()):
    print(getattr(module, "__file__", None) or "")
"""
AARCH64 = 183
"""e_machine of an ELF file for 64-bit Arm."""


@pytest.mark.parametrize("service", bundles.SERVICES)
def test_a_handler_imports_from_its_bundle_alone(service: str):
    folder = bundles.build(service, "host").folder
    imported = subprocess.run(
        [
            *[sys.executable, "-B", "-I", "-S", "-c", IMPORT_AND_TELL_WHERE_FROM],
            *[folder, f"services.{service}.handler"],
        ],
        env={"POWERTOOLS_SERVICE_NAME": service, "AWS_REGION": "eu-west-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert imported.returncode == 0, imported.stderr
    assert "site-packages" not in imported.stdout
    assert str(bundles.ROOT / "contracts") not in imported.stdout


@pytest.mark.parametrize("service", bundles.SERVICES)
def test_what_runs_on_aws_is_built_for_its_processor(service: str):
    folder = bundles.build(service, "aarch64").folder
    libraries = [path for path in folder.rglob("*.so*") if path.is_file()]
    assert libraries
    for library in libraries:
        header = library.read_bytes()[:20]
        assert header[:4] == b"\x7fELF"
        assert int.from_bytes(header[18:20], "little") == AARCH64, library


@pytest.mark.parametrize("service", bundles.SERVICES)
def test_a_bundle_holds_its_service_the_contracts_and_no_other_service(service: str):
    folder = bundles.build(service, "host").folder
    assert {path.name for path in (folder / "services").iterdir()} == {"__init__.py", service}
    assert not list(folder.rglob("*.sql"))
    assert (folder / "contracts" / "models.py").exists()
    assert not (folder / "contracts" / "events").exists()


def test_templates_are_shipped_where_the_service_looks_for_them():
    folder = bundles.build("report", "host").folder / "services" / "report" / "templates"
    assert {file.name for file in folder.iterdir()} == {"mail.html", "mail.txt"}


@pytest.mark.parametrize("service", ["notify", "report"])
def test_a_bundle_holds_the_templates_that_its_service_fills_in(service: str):
    ours = bundles.ROOT / "services" / service / "templates"
    shipped = bundles.build(service, "host").folder / "services" / service / "templates"
    wanted = {file.name: file.read_bytes() for file in ours.iterdir()}
    assert wanted
    assert {file.name: file.read_bytes() for file in shipped.iterdir()} == wanted


@pytest.mark.parametrize("service", bundles.SERVICES)
def test_a_bundle_stays_below_its_ceiling(service: str):
    bundle = bundles.build(service, "aarch64")
    assert bundle.excess == ""
    fits_lambda = 250 * 2**20
    assert bundle.unpacked < fits_lambda


def test_a_bundle_above_its_ceiling_says_what_to_do():
    bundle = bundles.build("ingest", "aarch64")
    heavy = replace(bundle, packed=15 * 2**20)
    assert heavy.excess == (
        "The bundle of ingest weighs 15.0 MiB, and 12 is its ceiling: take packages out of "
        "services/ingest/requirements.in, or raise it in cdk/bundles.py."
    )


def test_the_same_input_gives_the_same_bytes(tmp_path: Path):
    first = bundles.build("ingest", "aarch64", into=tmp_path / "first")
    second = bundles.build("ingest", "aarch64", into=tmp_path / "second" / "elsewhere")
    assert not first.was_fresh
    assert first.archive.read_bytes() == second.archive.read_bytes()
    assert bundles.build("ingest", "aarch64", into=tmp_path / "first").was_fresh


@pytest.mark.parametrize("service", bundles.SERVICES)
def test_what_a_service_calls_of_aws_has_its_model_in_the_bundle(service: str):
    """boto3's other models are left out: a new kind of client must be added to MODELS."""
    folder = bundles.build(service, "aarch64").folder
    ours = [*folder.glob("services/**/*.py"), *folder.glob("contracts/*.py")]
    called = {
        part.partition('"')[0]
        for source in ours
        for part in source.read_text().split('client("')[1:]
    }
    assert "secretsmanager" in called
    for name in called:
        assert (folder / "botocore" / "data" / name).is_dir(), name

"""All stacks, synthesised once a session: it takes seconds."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk.assertions import Template as Synthesised

from cdk.app import build
from cdk.stage import Stage
from tests.infrastructure.template import Template

CDK_JSON = Path(__file__).resolve().parents[2] / "cdk.json"

GIVEN = pytest.StashKey[Template]()


def synthesise(**context: Any) -> Template:
    """Synthesise all stacks as the CLI would, without packages."""
    flags = json.loads(CDK_JSON.read_text())["context"]
    app = build(**flags, **context, code="sources")
    stacks = [each for each in app.node.children if isinstance(each, Stack)]
    return Template(*(dict(Synthesised.from_stack(stack).to_json()) for stack in stacks))


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest) -> Template:
    """Stage prod, or what the mutation run made of it."""
    return request.config.stash.get(GIVEN, None) or synthesise(stage="prod")


@pytest.fixture(scope="session")
def local_template() -> Template:
    """Stage local, told the same settings as prod."""
    prod = Stage.of("prod").model_dump(mode="json", exclude={"name", "code"}, exclude_none=True)
    return synthesise(stage="local", **prod)

"""Each message has examples; JSON Schema's validator and pydantic's judge them alike."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import ValidationError
from referencing import Registry, Resource

from contracts import models
from contracts.bus import MODELS
from contracts.message import Message

CONTRACTS = Path(models.__file__).parent
SCHEMAS = {path.name: json.loads(path.read_text()) for path in CONTRACTS.glob("events/*.json")}
REGISTRY: Registry[Any] = Registry().with_resources(
    (name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)
PARTS = {"common.schema.json", "envelope.schema.json", "demo-envelope.schema.json"}
MESSAGES = sorted(name.removesuffix(".schema.json") for name in SCHEMAS.keys() - PARTS)


def validator(message: str) -> Draft202012Validator:
    schema = SCHEMAS[f"{message}.schema.json"]
    return Draft202012Validator(schema, registry=REGISTRY, format_checker=FormatChecker())


def model(message: str) -> type[Message]:
    found = getattr(models, SCHEMAS[f"{message}.schema.json"]["title"])
    assert issubclass(found, Message)
    return found


def valid(message: str) -> dict[str, Any]:
    example: dict[str, Any] = json.loads((CONTRACTS / f"examples/valid/{message}.json").read_text())
    return example


def invalid() -> list[Any]:
    return [
        pytest.param(message, example["message"], id=f"{message}: {example['why']}")
        for message in MESSAGES
        for example in json.loads((CONTRACTS / f"examples/invalid/{message}.json").read_text())
    ]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_schemas_are_themselves_valid(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$id"] == name


@pytest.mark.parametrize("message", MESSAGES)
def test_valid_examples_pass_both_validators(message: str) -> None:
    example = valid(message)
    assert [error.message for error in validator(message).iter_errors(example)] == []
    parsed = model(message).model_validate_json(json.dumps(example))
    assert [e.message for e in validator(message).iter_errors(parsed.model_dump(mode="json"))] == []


@pytest.mark.parametrize(("message", "example"), invalid())
def test_invalid_examples_fail_both_validators(message: str, example: dict[str, Any]) -> None:
    assert list(validator(message).iter_errors(example)) != []
    with pytest.raises(ValidationError):
        model(message).model_validate_json(json.dumps(example))


@pytest.mark.parametrize("message", MESSAGES)
def test_fields_of_a_later_version_are_let_through(message: str) -> None:
    example = valid(message) | {"a_field_of_next_year": 1}
    assert list(validator(message).iter_errors(example)) == []
    model(message).model_validate_json(json.dumps(example))


def test_the_bus_knows_every_message_that_can_travel() -> None:
    parts_of_others = {"runner-status"}
    travelling = {valid(message)["type"] for message in set(MESSAGES) - parts_of_others}
    assert set(MODELS) == travelling


@pytest.mark.parametrize(
    ("schema", "fields"),
    [
        (
            "runner-job",
            "job_id user_id repo branch task_text style_guide heuristics",
        ),
        (
            "runner-status",
            "job_id commit_sha pr_url loc_delta files_touched tests_passed lint_passed status "
            "tok_in tok_out duration_ms notes",
        ),
    ],
)
def test_job_and_status_keep_the_fields_of_the_specification(schema: str, fields: str) -> None:
    document = SCHEMAS[f"{schema}.schema.json"]
    assert set(fields.split()) <= set(document["required"]) <= set(document["properties"])

"""A schema may only grow compatibly: what was released is still said, and still understood."""

import json
from pathlib import Path
from typing import Any

import pytest

CONTRACTS = Path(__file__).parents[2] / "contracts"
RELEASED = sorted(CONTRACTS.glob("released/*.schema.json"))


def meaning(schema: Any) -> Any:
    """A schema without what only people read."""
    if isinstance(schema, dict):
        return {
            key: meaning(value)
            for key, value in schema.items()
            if key not in ("description", "title") or not isinstance(value, str)
        }
    return [meaning(item) for item in schema] if isinstance(schema, list) else schema


def changes(released: Any, today: Any, where: str = "") -> list[str]:
    """What a party that knows only the released schema would stumble over."""
    if not (isinstance(released, dict) and isinstance(today, dict)):
        return [] if released == today else [f"{where}: {released!r} became {today!r}"]
    found: list[str] = []
    may_grow = where.endswith(("/properties", "/$defs"))
    for key in released.keys() | today.keys():
        if key not in today:
            found.append(f"{where}/{key} is gone")
        elif key not in released:
            found += [] if may_grow else [f"{where}/{key} is new"]
        elif key == "required":
            found += [] if set(released[key]) == set(today[key]) else [f"{where}/required changed"]
        else:
            found += changes(released[key], today[key], f"{where}/{key}")
    return found


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.name)
def test_a_schema_only_grows(path: Path) -> None:
    today = json.loads((CONTRACTS / "events" / path.name).read_text())
    assert changes(meaning(json.loads(path.read_text())), meaning(today)) == []


def test_every_schema_was_released() -> None:
    released = {path.name for path in RELEASED}
    assert released == {path.name for path in CONTRACTS.glob("events/*.schema.json")}


@pytest.mark.parametrize(
    ("today", "stumbles"),
    [
        ({"properties": {"a": {"type": "string"}, "b": {}}, "required": ["a"]}, False),
        ({"properties": {"a": {"type": "string"}, "b": {}}, "required": ["a", "b"]}, True),
        ({"properties": {"a": {"type": "integer"}}, "required": ["a"]}, True),
        ({"properties": {"a": {"type": "string", "maxLength": 3}}, "required": ["a"]}, True),
        ({"properties": {}, "required": ["a"]}, True),
        ({"properties": {"a": {"type": "string"}}, "required": []}, True),
    ],
)
def test_what_counts_as_compatible(today: dict[str, Any], stumbles: bool) -> None:
    released = {"properties": {"a": {"type": "string"}}, "required": ["a"]}
    assert bool(changes(released, today)) is stumbles

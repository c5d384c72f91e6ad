"""Generate models.py from the JSON Schemas: `make contracts` writes it, a test compares it."""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from datamodel_code_generator import InputFileType, LiteralType, generate
from datamodel_code_generator.enums import DataModelType
from datamodel_code_generator.format import Formatter, PythonVersion

HERE = Path(__file__).parent
MODELS = HERE / "models.py"
HEADER = '"""Generated from events/*.schema.json by `make contracts`: change those."""'


def models_source() -> str:
    """The Python source of all models, made from every schema in events/."""
    with TemporaryDirectory() as folder:
        bundle = Path(folder) / "contracts.schema.json"
        bundle.write_text(json.dumps(bundled_schema()))
        output = Path(folder) / "models.py"
        generate(
            bundle,
            input_file_type=InputFileType.JsonSchema,
            output=output,
            output_model_type=DataModelType.PydanticV2BaseModel,
            target_python_version=PythonVersion.PY_311,
            base_class="contracts.message.Message",
            use_schema_description=True,
            use_field_description=True,
            use_annotated=True,
            use_standard_collections=True,
            use_union_operator=True,
            enum_field_as_literal=LiteralType.All,
            use_type_alias=True,
            use_title_as_name=True,
            field_constraints=True,
            use_double_quotes=True,
            disable_timestamp=True,
            custom_file_header=HEADER,
            formatters=[Formatter.RUFF_FORMAT, Formatter.RUFF_CHECK],
        )
        return output.read_text()


def bundled_schema() -> dict[str, Any]:
    """All schema files as one document: each file becomes an entry of `$defs`."""
    definitions: dict[str, Any] = {}
    titles: dict[str, str] = {}
    documents = {
        path.name: json.loads(path.read_text())
        for path in sorted(HERE.glob("events/*.schema.json"))
    }
    for name, document in documents.items():
        titles[name] = document["title"]
        if name == "common.schema.json":
            definitions |= document["$defs"]
        else:
            definitions[document["title"]] = {
                key: value for key, value in document.items() if not key.startswith("$")
            }
    messages = [title for title, schema in definitions.items() if _has_type(schema)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "AnyMessage",
        "description": "Whatever may cross a queue or a topic.",
        "anyOf": [{"$ref": f"#/$defs/{title}"} for title in messages],
        "$defs": _local(definitions, titles),
    }


def _has_type(schema: dict[str, Any]) -> bool:
    """Whether this is a whole message, which says its own name, and not a part of one."""
    return "const" in schema.get("properties", {}).get("type", {})


def _local(node: Any, titles: dict[str, str]) -> Any:
    """Point references between files at the entries of the one document."""
    if isinstance(node, list):
        return [_local(item, titles) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _local(value, titles) for key, value in node.items()}
    match node.get("$ref", "").split("#"):
        case ["common.schema.json", fragment]:
            node["$ref"] = f"#{fragment}"
        case [name] if name in titles:
            node["$ref"] = f"#/$defs/{titles[name]}"
    return node


if __name__ == "__main__":
    MODELS.write_text(models_source())
    sys.stdout.write(f"wrote {MODELS.name}\n")

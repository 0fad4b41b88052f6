"""Describe scenario files to editors: a JSON Schema made from the declared shape, the sentences under every number included."""

from collections.abc import Mapping
from typing import Any

from sim.scenario import Plan, Rules

SOURCE = {"type": "string", "description": "what the numbers of this block rest on"}
EXTENDS = {"type": "string", "description": "name or path of the scenario this one extends"}


def json_schema(rules: Mapping[str, type[Rules]]) -> dict[str, Any]:
    """Make the JSON Schema (draft 2020-12) of scenario files.

    rules   : the mechanisms there are
    returns : the schema; a file that extends another may leave out anything, so nothing is required but the name
    """
    whole: dict[str, Any] = Plan.model_json_schema()
    definitions: dict[str, Any] = whole.setdefault("$defs", {})
    blocks: dict[str, Any] = {}
    for name, model in rules.items():
        one = model.model_json_schema(ref_template=f"#/$defs/{name}.{{model}}")
        definitions.update({f"{name}.{inner}": shape for inner, shape in one.pop("$defs", {}).items()})
        blocks[name] = one
    mechanisms = whole["properties"]["mechanisms"]
    whole["properties"]["mechanisms"] = {**mechanisms, "properties": {**blocks, "source": SOURCE}, "additionalProperties": False}
    whole["properties"]["extends"] = EXTENDS
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_loosened(whole), "required": ["name"]}


def _loosened(schema: Any) -> Any:
    """Require nothing of a block and let open tables have a `source`; leave numbers that carry their own source as they are."""
    if isinstance(schema, list):
        return [_loosened(item) for item in schema]
    if not isinstance(schema, dict) or set(schema.get("properties", ())) == {"value", "source"}:
        return schema
    told = {name: _loosened(item) for name, item in schema.items() if name not in ("required", "default")}
    if isinstance(told.get("title"), str):
        del told["title"]
    if told.get("type") == "object" and "source" not in told.get("properties", {}) and told.get("additionalProperties") is not False:
        told["properties"] = {**told.get("properties", {}), "source": SOURCE}
    return told

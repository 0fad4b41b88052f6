"""Editors are told everything the reader knows."""

import inspect
import json
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from sim.json_schema import json_schema
from sim.mechanisms import RULES
from sim.scenario import Plan
from sim.shapes import bare, fields, is_model, is_open


def models(kind: object, seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Go through all blocks of a scenario."""
    kind = bare(kind)
    if is_model(kind) and kind not in seen:
        seen.add(kind)  # type: ignore[arg-type]
        yield kind  # type: ignore[misc]
        for inner in fields(kind).values():  # type: ignore[arg-type]
            yield from models(inner, seen)
    elif is_open(kind) or getattr(kind, "__origin__", None) is tuple:
        for inner in getattr(kind, "__args__", ()):
            yield from models(inner, seen)


BLOCKS = [block for root in (Plan, *RULES.values()) for block in models(root, set())]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.__name__[:40])
def test_a_sentence_stands_under_every_field(block: type[BaseModel]) -> None:
    assert inspect.getdoc(block)
    assert [name for name, field in block.model_fields.items() if not field.description] == []


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.__name__[:40])
def test_every_block_is_frozen_and_closed(block: type[BaseModel]) -> None:
    assert block.model_config.get("frozen")
    assert block.model_config.get("extra") == "forbid"


def test_the_schema_holds_every_mechanism_and_asks_only_for_a_name() -> None:
    schema = json.loads(json.dumps(json_schema(RULES)))
    assert schema["required"] == ["name"]
    assert set(schema["properties"]["mechanisms"]["properties"]) == {*RULES, "source"}
    assert schema["properties"]["mechanisms"]["additionalProperties"] is False
    assert "extends" in schema["properties"]


def test_a_number_may_carry_its_own_source() -> None:
    cut = json_schema(RULES)["$defs"]["Insurance"]["properties"]["unreferred_cut"]
    assert [option["type"] for option in cut["anyOf"]] == ["string", "object"]
    assert set(cut["anyOf"][1]["properties"]) == {"value", "source"}

"""Describe scenario files to editors: a JSON Schema made from the declared shape, with every sentence in English and Chinese."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import ModelSchema

from sim.language import chinese
from sim.language.label import LANGUAGES, label_of, sentence
from sim.language.messages import say
from sim.reading.blocks import Rules, Title
from sim.reading.provenance import known_sources
from sim.scenario.layout import LAYOUT
from sim.scenario.merging import scenario_names
from sim.scenario.plan import Plan

BASIS = {"$ref": "#/$defs/Basis"}
OWN_SOURCE = {"value", "source"}
PLAIN = ("boolean", "integer", "number")
LIMITS = {"gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum"}
Schema = dict[str, Any]


def json_schema(rules: Mapping[str, type[Rules]], measures: Mapping[str, Title] | None = None) -> Schema:
    """Make the JSON Schema (draft 2020-12) of scenario files.

    rules    : the mechanisms there are
    measures : the measures goals may name, with their titles; None: any
    returns  : the schema; a file that extends another may leave out anything, so nothing is required but the name
    """
    whole = _shape(Plan)
    blocks = _mechanisms(rules, whole.setdefault("$defs", {}))
    properties = whole["properties"]
    properties["mechanisms"] = {**properties["mechanisms"], "properties": blocks, "additionalProperties": False}
    if measures is not None:
        properties["targets"] = {**properties["targets"], "properties": _goals(measures), "additionalProperties": False}
    properties["extends"] = {"type": "string", "description": _both("schema.extends"), "examples": list(scenario_names())}
    properties[LAYOUT] = {"type": "string", "description": _both("schema.layout")}
    return _finished(whole, "schema.title", ["name"])


def schema_of(model: type[BaseModel], title: str, required: Sequence[str]) -> Schema:
    """Make the JSON Schema of files of another shape, in which numbers carry sources as in scenarios.

    title    : the message that calls it
    required : names that must stand in such a file
    """
    return _finished(_shape(model), title, required)


def _shape(model: type[BaseModel]) -> Schema:
    """Describe a model as it is declared."""
    whole: Schema = model.model_json_schema(schema_generator=_Bilingual)
    return whole


def _finished(whole: Schema, title: str, required: Sequence[str]) -> Schema:
    """Let numbers and blocks carry sources, and put the head on."""
    whole = {**_loosened(whole), "required": list(required)}
    whole["$defs"]["Basis"] = _basis()
    whole.pop("description", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": _both(title), **whole}


def _mechanisms(rules: Mapping[str, type[Rules]], definitions: Schema) -> Schema:
    """Describe the block of every mechanism; what it is made of goes to the definitions under its name."""
    blocks: Schema = {"source": BASIS}
    nothing = {"type": "null", "description": _both("schema.removed")}
    for name, model in rules.items():
        one = model.model_json_schema(ref_template=f"#/$defs/{name}.{{model}}", schema_generator=_Bilingual)
        definitions.update({f"{name}.{inner}": shape for inner, shape in one.pop("$defs", {}).items()})
        told = (one.get("description"), chinese.moment(name, chinese.DOES))
        blocks[name] = {"anyOf": [one, nothing], "description": "\n".join(filter(None, told))}
    return blocks


def _goals(measures: Mapping[str, Title]) -> Schema:
    """Name every measure a goal may be set for."""
    goals = {name: {"$ref": "#/$defs/Target", "description": f"{title.en}\n{title.zh}"} for name, title in measures.items()}
    return {"source": BASIS, **goals}


def _basis() -> Schema:
    """Describe what may stand at `source`: a key that is known, one of the scenario's own, or a key with the words it is cited for."""
    keys = [{"const": key, "description": f"{source.title.en}\n{source.title.zh}"} for key, source in known_sources().items()]
    words: dict[str, Schema] = {
        "document": {"type": "string", "examples": [key for key, source in known_sources().items() if source.kind == "document"]},
        "phrase": {"type": "string"},
        "how": {"type": "string"},
        "confidence": {"enum": ["high", "medium", "low"]},
    }
    told = {name: {**shape, "description": _both(f"schema.source.{name}")} for name, shape in words.items()}
    cited = {"type": "object", "properties": told, "required": ["document"], "additionalProperties": False}
    own = {"type": "string", "description": _both("schema.source.own")}
    return {"anyOf": [{"oneOf": keys}, own, cited], "description": _both("schema.source")}


def _both(key: str) -> str:
    """Say a message in both languages, English first."""
    return f"{say(key, 'en')}\n{say(key, 'zh')}"


class _Bilingual(GenerateJsonSchema):
    """Writes the label and the sentence of every field in English and Chinese, and the limits a number must keep."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Leave titles to the labels."""
        return False

    def model_schema(self, schema: ModelSchema) -> Schema:
        """Describe one block."""
        told = super().model_schema(schema)
        told.pop("title", None)
        model: type[BaseModel] = schema["cls"]
        for name, field in model.model_fields.items():
            written = field.alias or name
            described = told["properties"].get(written)
            if described is not None:
                limits = {LIMITS[word]: getattr(part, word) for part in field.metadata for word in LIMITS if hasattr(part, word)}
                told["properties"][written] = {**_with_own_source(_limited(described, limits)), **_words(field)}
        return told


def _words(field: FieldInfo) -> Schema:
    """Say what a field is called, and below each other what it means in English and in Chinese."""
    label, told = label_of(field), dict.fromkeys(sentence(field, lang) for lang in LANGUAGES)
    title = {"title": " ".join(dict.fromkeys(label.say(lang) for lang in LANGUAGES))} if label else {}
    return {**title, "description": "\n".join(told)}


def _limited(shape: Schema, limits: Mapping[str, float]) -> Schema:
    """Hand the limits of a number to the places where it may stand."""
    if "anyOf" in shape:
        return {**shape, "anyOf": [_limited(option, limits) for option in shape["anyOf"]]}
    if set(shape.get("properties", ())) == OWN_SOURCE:
        return {**shape, "properties": {**shape["properties"], "value": _limited(shape["properties"]["value"], limits)}}
    return {**shape, **limits} if shape.get("type") in ("number", "integer") else shape


def _with_own_source(shape: Schema) -> Schema:
    """Let a plain number, or yes or no, carry a source of its own."""
    if shape.get("type") not in PLAIN:
        return shape
    own = {
        "type": "object",
        "properties": {"value": shape, "source": {}},
        "required": ["value", "source"],
        "additionalProperties": False,
    }
    return {"anyOf": [shape, own]}


def _range(shape: Schema) -> Schema:
    """Describe how far a number may be from what is said."""
    ends = {"low": shape, "high": shape, "reason": {"type": "string"}}
    return {
        "type": "object",
        "properties": {name: {**end, "description": _both(f"schema.range.{name}")} for name, end in ends.items()},
        "required": ["low", "high"],
        "additionalProperties": False,
        "description": _both("schema.range"),
    }


def _loosened(schema: Any) -> Any:
    """Require nothing of a block, and let every block, open table and number have a source."""
    if isinstance(schema, list):
        return [_loosened(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if set(schema.get("properties", ())) == OWN_SOURCE:
        beside = {"source": BASIS, "range": _range(schema["properties"]["value"])}
        return {**schema, "properties": {**schema["properties"], **beside}, "required": ["value"], "minProperties": 2}
    told = {name: _loosened(item) for name, item in schema.items() if name not in ("required", "default")}
    if told.get("type") == "object" and (told.get("additionalProperties") is not False or "source" in told.get("properties", {})):
        told["properties"] = {**told.get("properties", {}), "source": BASIS}
    return told

"""Describe experiment files to editors: a JSON Schema made from their declared shape, with measures and tables by name."""

from typing import Any

from experiments.design.experiment import MOST_SEEDS, Experiment
from results.measuring.definitions import definitions
from results.measuring.dictionary import tables
from sim.language.label import LANGUAGES
from sim.scenario.json_schema import Schema, schema_of
from sim.scenario.merging import scenario_names

WANTED = {"Range": ["low", "high"], "Bundle": ["settings"]}
"""Form of a lever -> what it cannot be without: an experiment extends no other."""


def experiment_schema() -> Schema:
    """Make the JSON Schema (draft 2020-12) of experiment files."""
    whole = schema_of(Experiment, "experiment.schema", ("name", "scenarios"))
    properties: dict[str, Any] = whole["properties"]
    listed = {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "integer", "minimum": 0}}
    properties["seeds"] = {**_told(properties["seeds"]), "anyOf": [{"type": "integer", "minimum": 1, "maximum": MOST_SEEDS}, listed]}
    for name, wanted in WANTED.items():
        whole["$defs"][name]["required"] = wanted
    properties["scenarios"]["items"]["examples"] = list(scenario_names())
    titles = {name: "\n".join(meant.title[lang] for lang in LANGUAGES) for name, meant in definitions().items()}
    rows = {name: "\n".join(declared["rows"][lang] for lang in LANGUAGES) for name, declared in tables().items()}
    for block, known in (("outcomes", titles), ("keep", rows)):
        named = {"oneOf": [{"const": name, "description": said} for name, said in known.items()]}
        properties[block] = {**_told(properties[block]), "type": "array", "uniqueItems": True, "items": named}
    return whole


def _told(shape: Schema) -> Schema:
    """Keep what is said of a field, and nothing of its type."""
    return {name: shape[name] for name in ("title", "description") if name in shape}

"""Turn what pydantic finds wrong into faults of ours, each with the value, what was wanted and the nearest valid word."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.language.messages import Fault, nearest
from sim.reading.provenance import spot
from sim.reading.shapes import names_at
from sim.reading.strict_yaml import Value, short
from sim.reading.units import QUANTITY, SIZES, figure

LIMITS = {
    "greater_than": ("value.above", "gt"),
    "greater_than_equal": ("value.least", "ge"),
    "less_than": ("value.below", "lt"),
    "less_than_equal": ("value.most", "le"),
    "too_short": ("value.too_few", "min_length"),
    "too_long": ("value.too_many", "max_length"),
}
KINDS = {
    "model_type": "value.not_a_mapping",
    "model_attributes_type": "value.not_a_mapping",
    "dict_type": "value.not_a_mapping",
    "mapping_type": "value.not_a_mapping",
    "tuple_type": "value.not_a_list",
    "list_type": "value.not_a_list",
    "string_pattern_mismatch": "value.not_a_name",
}


def fault_of(problem: Mapping[str, Any], place: str, names: tuple[str, ...]) -> Fault:
    """Translate one problem.

    problem : an entry of pydantic's `errors()`
    place   : where it is
    names   : the names that may stand where an unknown one was found
    """
    kind, context, value = problem["type"], problem.get("ctx", {}), short(problem["input"])
    if "key" in context:
        values = {name: short(word) if name == "value" else word for name, word in context.items() if name != "key"}
        return Fault(context["key"], place, values)
    if kind == "extra_forbidden":
        word = str(problem["loc"][-1])
        return Fault("value.unknown_key", place, {"value": word, "near": nearest(word, names)})
    if kind == "missing":
        return Fault("value.missing", place, {"value": str(problem["loc"][-1])})
    if kind == "literal_error":
        words = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        return Fault("value.not_one_of", place, {"value": value, "wanted": ", ".join(words), "near": nearest(value, words)})
    if kind in LIMITS:
        key, limit = LIMITS[kind]
        found = context.get("actual_length", value)
        return Fault(key, place, {"value": found, "limit": _limit(context[limit], value)})
    if kind in KINDS:
        return Fault(KINDS[kind], place, {"value": value})
    return Fault("value.refused", place, {"value": value, "problem": problem["msg"]})


def _limit(limit: float, value: str) -> str:
    """Write a limit in the unit of the value that breaks it: 1 % beside 0.5 %."""
    match = QUANTITY.fullmatch(value.strip())
    word = match[2].strip() if match and match[2].strip() in SIZES else ""
    return f"{figure(limit / SIZES[word])} {word}" if word else figure(limit)


def faults_of(error: ValidationError, tree: Value, model: type[BaseModel], prefix: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Translate all problems of a validation, placing each at its value.

    tree    : the whole scenario
    model   : the model that was validated
    prefix  : path of the model within the tree
    """
    for problem in error.errors(include_url=False):
        inner = tuple(str(step) for step in problem["loc"] if step != "[key]")
        path = (*prefix, *inner)
        names = names_at(model, inner[:-1])
        held = tree.at(path[:-1] if problem["type"] == "missing" else path)
        yield fault_of({**problem, "input": _input(problem, held)}, spot(held, path), names)


def _input(problem: Mapping[str, Any], held: Value) -> object:
    """Give the value as the writer wrote it; pydantic may have turned it into another already."""
    return problem["input"] if isinstance(held.content, dict | list) else held.content

"""Turn what pydantic finds wrong into faults of ours, each with the value, what was wanted and the nearest valid word."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.language.messages import Fault, nearest
from sim.reading import shapes
from sim.reading.provenance import spot
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


def fault_of(problem: Mapping[str, Any], place: str, names: tuple[str, ...] = ()) -> Fault:
    """Translate one problem.

    problem : an entry of pydantic's `errors()`
    place   : where it is
    names   : the names that may stand where an unknown one was found, or where there are no names at all
    """
    kind, context, value = problem["type"], problem.get("ctx", {}), short(problem["input"])
    if "key" in context:
        values = {name: short(word) if name == "value" else word for name, word in context.items() if name != "key"}
        return Fault(context["key"], place, values)
    if kind == "extra_forbidden":
        word = str(problem["loc"][-1])
        near = nearest(word, names)
        if near is None and names:
            return Fault("value.not_known", place, {"value": word, "wanted": ", ".join(names)})
        return Fault("value.unknown_key", place, {"value": word, "near": near})
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
        key = KINDS[kind]
        if key == "value.not_a_mapping" and names:
            return Fault("value.not_these_names", place, {"value": value, "wanted": ", ".join(names)})
        return Fault(key, place, {"value": value})
    return Fault("value.refused", place, {"value": value, "problem": problem["msg"]})


def _limit(limit: float, value: str) -> str:
    """Write a limit in the unit of the value that breaks it: 1 % beside 0.5 %."""
    match = QUANTITY.fullmatch(value.strip())
    word = match[2].strip() if match and match[2].strip() in SIZES else ""
    return f"{figure(limit / SIZES[word])} {word}" if word else figure(limit)


def faults_of(error: ValidationError, value: Value, model: type[BaseModel], prefix: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Translate all problems of a validation, placing each at its value.

    value   : what was validated
    model   : the model it was validated against
    prefix  : path of the value within its file
    """
    for problem in error.errors(include_url=False):
        found = shapes.found_in(model, [str(step) for step in problem["loc"] if step != "[key]"])
        if problem["type"].startswith("union_tag_"):
            yield _untold(problem["ctx"]["discriminator"].strip("'"), found, value, prefix)
            continue
        held = value.at(found.path[:-1] if problem["type"] == "missing" else found.path)
        names = shapes.names_of(found.around if problem["type"] == "extra_forbidden" else found.here)
        yield fault_of({**problem, "input": _input(problem, held)}, spot(held, (*prefix, *found.path)), names)


def _untold(name: str, found: shapes.Found, value: Value, prefix: tuple[str, ...]) -> Fault:
    """Refuse a mapping whose `name` should say which of several kinds it is."""
    outer = value.at(found.path)
    words = shapes.words_of(found.here, name)
    path = (*prefix, *found.path, name)
    if not isinstance(outer.content, dict) or name not in outer.content:
        return Fault("value.missing_word", spot(outer, path), {"value": name, "wanted": ", ".join(words)})
    held = outer.content[name]
    word = short(held.plain())
    return Fault("value.not_one_of", spot(held, path), {"value": word, "wanted": ", ".join(words), "near": nearest(word, words)})


def _input(problem: Mapping[str, Any], held: Value) -> object:
    """Give the value as the writer wrote it; pydantic may have turned it into another already."""
    return problem["input"] if isinstance(held.content, dict | list) else held.content

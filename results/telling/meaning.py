"""Say what a number of a scenario means, from the sentence under its field, in either language."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.language import chinese
from sim.reading.blocks import Rules
from sim.reading.shapes import bare, is_model, is_open
from sim.scenario.plan import Plan

SOURCED = ("source", "from", "until")
"""Fields every mechanism has beside its own."""

CHANGED = re.compile(r"^changes\.\d+\.set\.")
"""What a dated change begins with; behind it stands the path it changes."""


def meaning(path: str, rules: Mapping[str, type[Rules]], lang: str) -> str:
    """Say what stands at a dotted path; the English sentence where nobody has said it in the language.

    rules : the mechanisms there are: name -> class of its rules
    """
    model, name, field = _declared(CHANGED.sub("", path), rules)
    if field is None:
        return ""
    said = chinese.field(model, name) if lang == "zh" else None
    return said or " ".join((field.description or "").split())


def _declared(path: str, rules: Mapping[str, type[Rules]]) -> tuple[type[BaseModel], str, FieldInfo | None]:
    """Find where a path is declared: the class, the field's name as people write it, and the field."""
    steps = path.split(".")
    kind: Any = Plan
    if steps[0] == "mechanisms" and len(steps) > 1 and steps[1] in rules:
        kind, steps = rules[steps[1]], steps[2:]
    found: tuple[type[BaseModel], str, FieldInfo | None] = (Plan, "", None)
    for step in steps:
        if is_model(kind):
            field = fields(kind).get(step)
            if field is None:
                break
            found, kind = (kind, step, field), bare(field.annotation)
        elif is_open(kind):
            kind = bare(get_args(kind)[1])
        elif get_origin(kind) is tuple:
            kind = bare(get_args(kind)[0])
    return found


@cache
def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Give the fields of a class under the names people write."""
    return {field.alias or name: field for name, field in model.model_fields.items()}

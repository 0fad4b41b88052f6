"""Say what a number of a scenario is called and means, from what stands beside and below its field, in either language."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from results.measuring.definitions import definitions
from sim.language.label import LANGUAGES, label_of, sentence
from sim.language.messages import say
from sim.mechanisms import MECHANISMS
from sim.reading.blocks import Rules
from sim.reading.shapes import bare, is_model, is_open
from sim.scenario.plan import Plan

SOURCED = ("source", "from", "until")
"""Fields every mechanism has beside its own."""

CHANGED = re.compile(r"^(changes\.\d+\.set)\.(.+)$")
"""The path of a number in a dated change: where the change stands, then the path it changes."""

EACH = "*"
"""Stands in a path for each name of a block."""

Words = Mapping[str, str]
"""Language -> what is said."""


def meaning(path: str, rules: Mapping[str, type[Rules]], lang: str) -> str:
    """Say what stands at a dotted path; the English sentence where nobody has said it in the language.

    rules : the mechanisms there are: name -> class of its rules
    """
    changed = CHANGED.match(path)
    declared = [field for field in _declared((changed[2] if changed else path).split("."), rules) if field is not None]
    return sentence(declared[-1], lang) if declared else ""


def called(path: str, rules: Mapping[str, type[Rules]]) -> tuple[Words, ...]:
    """Call every step of a dotted path by its label; a place in a list is counted from 1, a step without a label is written as it is.

    rules : the mechanisms there are: name -> class of its rules
    """
    if changed := CHANGED.match(path):
        return called(changed[1], rules) + called(changed[2], rules)
    steps = path.split(".")
    fields = _declared(steps, rules)
    return tuple(_words(before, step, field) for before, step, field in zip(["", *steps], steps, fields, strict=False))


def label(path: str, rules: Mapping[str, type[Rules]], lang: str) -> str:
    """Say in a few words what the number at a dotted path is called, by its last step."""
    return called(path, rules)[-1][lang]


def named(path: str, rules: Mapping[str, type[Rules]], lang: str, block: str = "") -> tuple[str, ...]:
    """Name the steps of a dotted path below a block: in English by their keys, which are English words, in Chinese by their labels."""
    below = path.removeprefix(block).lstrip(".")
    keys = tuple(below.split(".")) if below else ()
    return keys if lang == "en" else tuple(words[lang] for words in called(path, rules)[len(path.split(".")) - len(keys) :])


def called_below(path: str, rules: Mapping[str, type[Rules]], lang: str, block: str = "") -> str:
    """Call what stands at a dotted path below a block, step by step."""
    return say("explain.step", lang).join(named(path, rules, lang, block))


def _words(before: str, step: str, field: FieldInfo | None) -> Words:
    """Call one step of a path, which stands behind the step `before`."""
    said = label_of(field) if field is not None else None
    if said is None and before == "mechanisms" and step in MECHANISMS:
        said = MECHANISMS[step].label
    if said is not None:
        return {lang: said.say(lang) for lang in LANGUAGES}
    if before == "targets" and step in definitions():
        return definitions()[step].title
    if step == EACH:
        return {lang: say("explain.each", lang) for lang in LANGUAGES}
    return dict.fromkeys(LANGUAGES, str(int(step) + 1) if step.isdigit() else step)


def _declared(steps: list[str], rules: Mapping[str, type[Rules]]) -> Iterator[FieldInfo | None]:
    """Find the field at each step of a path; None for a name of an open table, a place in a list, and what nobody has declared."""
    kind: Any = Plan
    for before, step in zip(["", *steps], steps, strict=False):
        field = fields(kind).get(step) if is_model(kind) else None
        yield field
        if field is not None:
            kind = bare(field.annotation)
        elif before == "mechanisms" and step in rules:
            kind = rules[step]
        elif is_model(kind) and step == EACH:
            kind = bare(next(field.annotation for name, field in fields(kind).items() if name not in SOURCED))
        elif is_open(kind):
            kind = bare(get_args(kind)[1])
        elif get_origin(kind) is tuple:
            kind = bare(get_args(kind)[0])
        else:
            kind = None


@cache
def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Give the fields of a class under the names people write."""
    return {field.alias or name: field for name, field in model.model_fields.items()}

"""Write measures for planners, each as a `<data>` element that carries the exact number beside the words.

A share is written in percent, a gap in percentage points, and what is large in 万 and 亿 or in thousands and millions.
"""

from collections.abc import Mapping

from results.measuring.definitions import ABSENT, Value, definition, with_unit, words, written, written_gap
from results.report.markup import LANGUAGES, both, tag
from results.report.units import LARGE, shortened

COUNTED = ("people", "visits", "count")
"""Units of which there can be many."""
IN_OWN_UNIT = ("yuan", "minutes", "days")
"""Units in which a mean's numerator is counted as well."""


def amount(name: str, value: Value) -> str:
    """Write the value of a measure as HTML."""
    return _data(name, value, in_words(name, value))


def in_words(name: str, value: Value) -> dict[str, str]:
    """Write the value of a measure in words."""
    meant = definition(name)
    if value is not None and meant.unit in COUNTED and abs(value) >= LARGE:
        return {lang: shortened(value, lang, words("units", meant.unit, lang)) for lang in LANGUAGES}
    return {lang: written(name, value, lang) for lang in LANGUAGES}


def gap(name: str, value: float | None) -> str:
    """Write how far a measure is from its goal as HTML."""
    return _data(f"{name}__gap", value, {lang: written_gap(name, value, lang) for lang in LANGUAGES})


def distance(name: str, size: float | None) -> dict[str, str]:
    """Write a difference between two values of a measure in words, without a sign: of shares in percentage points."""
    meant, size = definition(name), abs(size or 0.0)
    if not meant.in_percent:
        return in_words(name, size)
    return {lang: with_unit(f"{size * 100:,.{meant.decimals}f}", words("units", "points", lang), lang) for lang in LANGUAGES}


def part(name: str, end: str, value: Value) -> str:
    """Write a measure's numerator or denominator as HTML; the definition says in words what is counted.

    end : numerator or denominator
    """
    unit = part_unit(name, end)
    said = {lang: ABSENT if value is None else shortened(value, lang, words("units", unit, lang) if unit else "") for lang in LANGUAGES}
    return _data(f"{name}__{end}", value, said)


def part_unit(name: str, end: str) -> str | None:
    """Say in which unit a numerator or denominator is; None where the words of the definition say it."""
    meant = definition(name)
    if meant.unit in IN_OWN_UNIT and end == "numerator":
        return meant.unit
    return "yuan" if meant.unit == "share" and meant.group == "money" else None


def _data(name: str, value: Value, said: Mapping[str, str]) -> str:
    """Write a number with its name and its exact value."""
    if value is None:
        return both(said)
    return tag("data", both(said), value=repr(value), data_name=name)

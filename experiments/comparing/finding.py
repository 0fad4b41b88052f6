"""Say in one sentence what a comparison found, and how sure of it luck lets us be."""

from collections.abc import Iterator

from experiments.comparing.compare import Comparison, Difference
from results.measuring.definitions import ABSENT, definition, signed, with_unit, written
from results.measuring.definitions import words as table_words
from sim.language.messages import say

MARKS = {"clear": "●", "likely": "○", "open": "·", "same": "=", "single": "?"}
"""How sure a difference is -> its sign in tables."""


def certainty(found: Difference) -> str:
    """Name how sure a difference is: clear (allowance made for all compared), likely, open, same (no difference), single."""
    if found.low is None or found.high is None:
        return "single"
    if found.clear and found.mean:
        return "clear"
    if found.low == found.high == 0:
        return "same"
    return "likely" if found.low > 0 or found.high < 0 else "open"


def sentences(found: Comparison, measures: tuple[str, ...], lang: str) -> Iterator[str]:
    """Say what differs in the measures that matter most, scenario by scenario."""
    first, *others = found.scenarios
    for other in others:
        told = [sentence(found, name, first, other, lang) for name in measures if name in found.measures]
        yield say("compare.finding", lang, first=first, other=other, parts=say("compare.between", lang).join(told))


def sentence(found: Comparison, name: str, first: str, other: str, lang: str) -> str:
    """Say how one measure differs between two scenarios."""
    row = found.measures[name]
    gap = row.differences[other]
    title = definition(name).title[lang]
    if gap.mean is None:
        return say("compare.part.none", lang, title=title)
    values = {"one": written(name, row.estimates[first].mean, lang), "two": written(name, row.estimates[other].mean, lang)}
    sure = certainty(gap)
    words = gap_with_half(name, gap.mean, gap.half, lang)
    return say(f"compare.part.{sure}", lang, title=title, gap=words, **values)


def gap_with_half(name: str, mean: float | None, half: float | None, lang: str) -> str:
    """Write a difference with half its interval: shares in points."""
    if mean is None:
        return ABSENT
    meant = definition(name)
    factor, decimals = (100, meant.decimals + 1) if meant.in_percent else (1, meant.decimals)
    unit = table_words("units", "points" if meant.in_percent else meant.unit, lang)
    told = signed(mean * factor, decimals)
    return with_unit(told if half is None else f"{told} ±{half * factor:,.{decimals}f}", unit, lang)

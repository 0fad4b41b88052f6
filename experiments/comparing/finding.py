"""Say in one sentence what a comparison found, and how sure of it luck lets us be."""

from collections.abc import Iterator

from experiments.comparing.compare import Comparison, Difference
from results.measuring.definitions import definition, written, written_gap
from sim.language.messages import say

LIKELY = 0.95


def certainty(found: Difference) -> str:
    """Name how sure a difference is: clear (allowance made for all compared), likely, open, same (no difference), single."""
    if found.low is None or found.high is None:
        return "single"
    if found.clear and found.mean:
        return "clear"
    if found.low == found.high == 0:
        return "same"
    return "likely" if found.low > 0 or found.high < 0 else "open"


def sentences(found: Comparison, titles: dict[str, str], measures: tuple[str, ...], lang: str) -> Iterator[str]:
    """Say what differs in the measures that matter most, scenario by scenario.

    titles   : scenario -> what it is called
    measures : the first is the headline
    """
    first, *others = found.scenarios
    for other in others:
        told = [sentence(found, name, first, other, lang) for name in measures if name in found.measures]
        yield say("compare.finding", lang, first=titles[first], other=titles[other], parts=say("compare.between", lang).join(told))


def sentence(found: Comparison, name: str, first: str, other: str, lang: str) -> str:
    """Say how one measure differs between two scenarios."""
    row = found.measures[name]
    gap = row.differences[other]
    title = definition(name).title[lang]
    if gap.mean is None:
        return say("compare.part.none", lang, title=title)
    values = {"one": written(name, row.estimates[first].mean, lang), "two": written(name, row.estimates[other].mean, lang)}
    sure = certainty(gap)
    if gap.low is None:
        return say(f"compare.part.{sure}", lang, title=title, gap=written_gap(name, gap.mean, lang), **values)
    between = {"low": written_gap(name, gap.low, lang), "high": written_gap(name, gap.high, lang)}
    return say(f"compare.part.{sure}", lang, title=title, gap=written_gap(name, gap.mean, lang), **values, **between)

"""What a judgement of layouts looked into beyond the ranking, as tables: how steady it is, what may happen to the packages."""

from experiments.layouts.judging.further import Further
from experiments.layouts.judging.steady import Steady
from results.measuring.definitions import definition, written
from results.report.markup import LANGUAGES, both, code, joined, table, tag, told


def steady(further: Further, by: str) -> str:
    """Write how often each layout comes first under other numbers and other maps; empty where that was not asked for.

    by : the measure that ranks
    """
    if not further.steady:
        return ""
    kinds = list(further.steady)
    layouts = list(next(iter(further.steady.values())).best)
    head = [told("layout.column.name")]
    head += [told(f"layout.steady.{what}.{kind}") for kind in kinds for what in ("best", "close")]
    shares = [share for one in further.steady.values() for share in (one.best, one.close)]
    rows = [[layout, *(f"{share[layout] * 100:.0f} %" for share in shares)] for layout in layouts]
    draws = max(one.draws for one in further.steady.values())
    said = [
        joined([told(f"layout.steady.note.{kind}"), ranged(one, by)], "report.between_sentences") for kind, one in further.steady.items()
    ]
    notes = "".join(tag("p", both(words)) for words in said)
    return table(told("layout.steady.caption", draws=draws), head, rows, figures=tuple(range(1, len(head)))) + notes


def ranged(found: Steady, by: str) -> dict[str, str]:
    """Say between which bounds the measure itself lies under the draws."""
    ends = {name: {lang: written(by, value, lang) for lang in LANGUAGES} for name, value in (("low", found.low), ("high", found.high))}
    return told("layout.steady.range", measure=definition(by).title, **ends)


def risk(further: Further) -> str:
    """Write the chance and depth of an overrun, or why none is told; empty where it was not asked for or no fund is packaged."""
    found = further.risk
    if found is None:
        return ""
    words = {"spread": f"{found.spread:,.0f}", "reach": f"{found.reach:,.0f}"}
    if not found.cells:
        return tag("p", both(told("layout.risk.drowned", **words)))
    keys = ("layout", "group", "package", "shared", "chance", "depth", "borne")
    rows = [[one.layout, code(one.group), *map(percent, (one.package, one.shared)), f"{one.chance * 100:.0f} %",
             f"{one.depth:,.1f}", f"{one.borne:,.1f}"] for one in found.cells]  # fmt: skip
    laid = table(told("layout.risk.caption"), [told(f"layout.risk.{key}") for key in keys], rows, figures=tuple(range(2, len(keys))))
    return laid + tag("p", both(told("layout.risk.note", **words)))


def percent(share: float) -> str:
    """Write a share."""
    return f"{share * 100:g} %"

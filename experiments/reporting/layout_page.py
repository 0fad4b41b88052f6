"""The report of judged layouts: maps side by side, the ranking in words, criteria by town, what the first does beside the present."""

from collections.abc import Iterator, Mapping, Sequence

from experiments.comparing.finding import gap_with_half
from experiments.comparing.groups import Group, by_group
from experiments.comparing.moved import changes
from experiments.layouts.files import Named
from experiments.layouts.ground import Ground
from experiments.layouts.judging.details import Details, layouts_of, sided
from experiments.layouts.judging.further import Further
from experiments.layouts.judging.judge import Judged
from experiments.layouts.judging.ranking import Standing, word_for
from experiments.layouts.proposing.traits import Traits, traits
from experiments.reporting.compare_page import beside, gained
from experiments.reporting.layout_further import risk, steady
from experiments.reporting.layout_groups import accounts, criteria, moving
from experiments.reporting.layout_map import colours_of, maps, villages_map
from experiments.reporting.moved import moved_picture
from experiments.reporting.parts import parts_section
from experiments.reporting.words import axis_of, each, factor_of
from results.measuring.definitions import definition, with_unit
from results.report.drawn import placed
from results.report.figures.picture import BLUE, GREY, Figure, Picture, layout, value_axis
from results.report.markup import LANGUAGES, both, section, table, tag, told
from results.report.page import assembled
from results.telling.names import called
from sim.language.messages import say
from sim.scenario.scenario import Scenario

NOTHING = Further()
MOST_VILLAGES = 60
"""Rows of the table of villages, at most."""


def page(found: Judged, ground: Ground, details: Details, further: Further = NOTHING, lang: str = "en") -> str:
    """Write the report.

    ground  : the towns of the present layout's scenario
    details : what the layouts mean for those concerned
    further : what was looked into beyond, as far as it was asked for
    """
    scenarios, layouts = found.replicated.batch.design.bases, layouts_of(found)
    present = next(iter(scenarios))
    seen = {one.name: traits(ground, assigned(one, ground)) for one in layouts}
    first = next(iter(found.ranking.standings))
    drawn = [front(found, seen)]
    gains = list(who(found, present, first)) if first != present else []
    channels, pictures = parts_section(present, first, further.parts) if further.parts else ("", [])
    drawn += pictures
    channels += tag("p", both(told("layout.parts_note"))) if channels else ""
    inner = {
        "maps": maps(layouts, {one.name: caption(one, seen[one.name]) for one in layouts}, scenarios[present]),
        "ranking": placed(drawn[0]) + ranking(found),
        "steady": steady(further, found.by),
        "accounts": accounts(details, scenarios),
        "risk": risk(further),
        "villages": villages(details, layouts, first, scenarios[present]),
        "moving": moving(details, ground),
        "towns": criteria(ground, layouts, scenarios[present], details),
        "parts": channels,
        "first": (beside(found.replicated.comparison, first) + "".join(map(placed, gains))) if first != present else "",
    }
    contents = {key: told(f"layout.page.{key}", first=first, present=present) for key, text in inner.items() if text}
    title = told("layout.page.title", title={lang: scenarios[present].title.say(lang) for lang in LANGUAGES})
    body = "".join(section(key, heading, inner[key]) for key, heading in contents.items())
    return assembled(lang, title, contents, head(found, title), body, [*drawn, *gains])


def assigned(one: Named, ground: Ground) -> list[int]:
    """Give the row of the lead of each town."""
    names = [lead.name for lead in ground.leads]
    lead_of = {town: lead for lead, towns in one.groups.values() for town in towns}
    return [names.index(lead_of[town]) if lead_of.get(town) in names else -1 for town in ground.towns]


def caption(one: Named, seen: Traits) -> dict[str, str]:
    """Write what stands under a map."""
    apart = sum(len(pieces) for pieces in seen.apart.values())
    if not one.groups or seen.minutes is None:
        return told("layout.page.no_groups", name=one.name)
    return told("layout.page.caption", name=one.name, minutes=f"{seen.minutes:.1f}", beyond=f"{seen.beyond * 100:.1f}", apart=apart)


def head(found: Judged, title: Mapping[str, str]) -> str:
    """Write what was found in a sentence, and what to bear in mind."""
    return (
        tag("h1", both(title))
        + tag("p", both(facts(found)), class_="facts-line")
        + tag("p", both(finding(found)), class_="summary")
        + notes(found)
    )


def facts(found: Judged) -> dict[str, str]:
    """Write how many layouts were judged, by what, with how many runs."""
    compared = found.replicated.comparison
    words = {"runs": len(compared.seeds), "scale": f"{compared.scale * 100:g} %", "measure": definition(found.by).title}
    return told("layout.judged", layouts=len(found.ranking.standings), **words)


def finding(found: Judged) -> dict[str, str]:
    """Say which layout comes first, or that they are look-alikes."""
    standings = found.ranking.standings
    first = next(iter(standings))
    margin = each(lambda lang: gap_with_half(found.by, found.ranking.margin, None, lang).lstrip("+"))
    if len(found.ranking.alike) == len(standings) - 1:
        return told("layout.page.all_alike", margin=margin)
    names = {lang: say("compare.between_names", lang).join([first, *found.ranking.alike]) for lang in LANGUAGES}
    worse = sum(one.verdict == "worse" for one in standings.values())
    key = "layout.page.some_alike" if found.ranking.alike else "layout.page.one_first"
    return told(key, first=first, names=names, worse=worse, others=len(standings) - 1, margin=margin)


def notes(found: Judged) -> str:
    """Write what to bear in mind."""
    compared = found.replicated.comparison
    said = [told("layout.settled" if found.ranking.settled else "layout.not_settled", looks=found.ranking.looks), told("layout.luck_only")]
    said += [told("experiment.page.scaled", scale=f"{compared.scale * 100:g}")] if compared.scale < 1 else []
    return "".join(tag("p", both(words), class_="warning") for words in said)


def ranking(found: Judged) -> str:
    """Write the layouts in their order, with certainty in words."""
    keys = ("layout.column.name", "layout.column.mean", "layout.column.behind", "layout.column.best", "layout.column.word")
    rows = [
        [
            name,
            both(each(lambda lang, one=one: finer(found.by, one.mean, lang))),  # type: ignore[misc]
            "" if one.verdict == "first" else both(each(lambda lang, one=one: behind(found, one, lang))),  # type: ignore[misc]
            f"{one.best * 100:.0f} %",
            both(certainty(one)),
        ]
        for name, one in found.ranking.standings.items()
    ]
    return table(
        told("layout.page.ranking_caption", measure=definition(found.by).title), [told(key) for key in keys], rows, figures=(1, 2, 3)
    )


def finer(name: str, value: float, lang: str) -> str:
    """Write a value with a decimal more than usual: layouts lie close together."""
    meant = definition(name)
    return with_unit(f"{value * factor_of(name):,.{meant.decimals + 1}f}", axis_of(name, lang), lang)


def behind(found: Judged, one: Standing, lang: str) -> str:
    """Write how far a layout is behind the first."""
    return gap_with_half(found.by, one.behind, (one.high - one.low) / 2, lang)


def certainty(one: Standing) -> dict[str, str]:
    """Say in words how a layout stands beside the first."""
    if one.verdict != "open":
        key = {"first": "layout.verdict.first", "worse": "layout.verdict.worse", "alike": "layout.verdict.alike"}[one.verdict]
        return told(key)
    words = {"sure": "layout.word.sure", "likely": "layout.word.likely", "rather": "layout.word.rather", "none": "layout.word.none"}
    return told(words[word_for(one.chance)])


def front(found: Judged, seen: Mapping[str, Traits]) -> Picture:
    """Draw what ranks the layouts over their minutes on the map: those up and to the left are not beaten in both."""
    figure = {lang: _front(found, seen, lang) for lang in LANGUAGES}
    return Picture("front", told("layout.page.front"), told("layout.page.front_note"), figure)


def _front(found: Judged, seen: Mapping[str, Traits], lang: str) -> Figure:
    """Put a dot with its interval for each layout."""
    factor = 100 if definition(found.by).in_percent else 1
    rows = found.replicated.comparison.measures[found.by].estimates
    names = [name for name in rows if rows[name].mean is not None and seen[name].minutes is not None]
    colours = [BLUE if found.ranking.standings[name].verdict in ("first", "alike") else GREY for name in names]
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [round(seen[name].minutes or 0.0, 2) for name in names],
        "y": [round((rows[name].mean or 0.0) * factor, 4) for name in names],
        "text": names,
        "textposition": "top center",
        "error_y": {
            "type": "data",
            "array": [round((rows[name].half or 0.0) * factor, 4) for name in names],
            "color": GREY,
            "thickness": 1.2,
        },
        "marker": {"size": 10, "color": colours},
        "cliponaxis": False,
    }
    across = value_axis(say("layout.column.minutes", lang), rangemode="normal", zeroline=False)
    up = value_axis(definition(found.by).title[lang], rangemode="normal", zeroline=False)
    return {"data": [trace], "layout": layout(380, xaxis=across, yaxis=up)}


def who(found: Judged, present: str, first: str) -> Iterator[Picture]:
    """Draw who goes elsewhere, gains and loses under the first layout beside the present one."""
    replicated = found.replicated
    compared, bases = replicated.comparison, replicated.batch.design.bases
    moves = moved_picture(bases[present], present, first, changes(replicated.batch, compared.seeds, present, first, compared.paired[first]))
    if moves is not None:
        yield moves
    rows = by_group(replicated.batch, compared.seeds, present, first, compared.paired[first])
    if rows:
        yield gained(replicated, first, rows)


def villages(details: Details, layouts: Sequence[Named], first: str, scenario: Scenario) -> str:
    """Draw which villages gain and lose under the first layout, and list them; empty where villages were not counted."""
    sides = sided(details.villages)
    if not sides:
        return ""
    moved = [one for one in details.villages if one.difference.clear]
    known = {row.village: row.village_zh for row in scenario.tables.villages}
    names = {village: each(lambda lang, village=village: called(village, known, lang)) for village in known}  # type: ignore[misc]
    rows = [
        [both(names[one.group]), f"{one.people:,}", both(told(f"compare.matter.{one.matter}")), *_before_and_after(one)]
        for one in sorted(moved, key=lambda one: (one.matter, one.difference.mean or 0.0))[:MOST_VILLAGES]
    ]
    counted = {side: sum(mine == side for mine in sides.values()) for side in ("gains", "loses", "both")}
    words = tag("p", both(told("layout.villages.counted", all=len(sides), first=first, **counted)))
    drawn = villages_map(next(one for one in layouts if one.name == first), colours_of(layouts), sides, scenario)
    head = [told(f"layout.villages.{key}") for key in ("village", "people", "matter", "before", "after")]
    return words + drawn + (table(told("layout.villages.caption"), head, rows, figures=(1, 3, 4)) if rows else "")


def _before_and_after(one: Group) -> tuple[str, str]:
    """Write what a village has under either layout: shares in per cent."""
    factor, unit = (100.0, " %") if one.matter.endswith("forgone") else (1.0, "")
    return tuple("" if value is None else f"{value * factor:,.2f}{unit}" for value in (one.one, one.two))  # type: ignore[return-value]

"""Draw who goes elsewhere: from the places that lose people, by the towns these live in, to the places that gain them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from experiments.comparing.moved import ELSEWHERE, Change
from experiments.reporting.words import LANGUAGES
from results.measuring.definitions import signed
from results.report.figures.names import tier_name
from results.report.figures.picture import GREY, INK, PALE, TIER_COLOURS, Figure, Picture, heading, layout
from results.report.markup import told
from results.telling.names import called
from sim.language.messages import say
from sim.scenario.scenario import Scenario
from sim.words import TIERS

FEWER, MORE = "fewer", "more"
"""Ends of the flows by which a town has more people treated than before, or fewer."""
PLACES = (*TIERS, ELSEWHERE)
"""Where people go, in the order drawn."""
HIGH, GAP = 335, 0.12
"""Height of a panel in pixels; the gap between panels, as a part of the whole height."""
LOSES, GAINS, UNSURE = "rgba(213,94,0,0.5)", "rgba(0,114,178,0.45)", "rgba(138,148,160,0.3)"


class Ribbon(NamedTuple):
    """People who no longer go somewhere, or now do."""

    start: str
    end: str
    people: float
    colour: str


def moved_picture(base: Scenario, first: str, other: str, changes: Mapping[str, Sequence[Change]]) -> Picture | None:
    """Draw visits and admissions; None where nothing changes."""
    shown = {kind: found for kind, some in changes.items() if (found := ribbons(some))}
    if not shown:
        return None
    figure = {lang: _figure(base, shown, changes, lang) for lang in LANGUAGES}
    return Picture(f"moved_{other}", told("compare.moved", first=first, other=other), told("compare.moved.note", other=other), figure)


def ribbons(changes: Sequence[Change]) -> list[Ribbon]:
    """Turn changes into ribbons: what a town loses somewhere flows to the town, what it gains flows from it, the rest balances."""
    found: list[Ribbon] = []
    balance: dict[str, float] = {}
    for one in changes:
        mean, low, high = one.difference.mean or 0.0, one.difference.low, one.difference.high
        sure = low is not None and high is not None and not low <= 0 <= high
        balance[one.town] = balance.get(one.town, 0.0) + mean
        if mean < 0:
            found.append(Ribbon(f"from {one.to}", one.town, -mean, LOSES if sure else UNSURE))
        elif mean > 0:
            found.append(Ribbon(one.town, f"to {one.to}", mean, GAINS if sure else UNSURE))
    for town, more in balance.items():
        if more > 0:
            found.append(Ribbon(MORE, town, more, PALE))
        elif more < 0:
            found.append(Ribbon(town, FEWER, -more, PALE))
    return found


def _figure(base: Scenario, shown: Mapping[str, Sequence[Ribbon]], changes: Mapping[str, Sequence[Change]], lang: str) -> Figure:
    """Draw a panel for each kind of flow, one below the other."""
    height = (1 - GAP * (len(shown) - 1)) / len(shown)
    plain = layout(HIGH * len(shown) + 70, margin={"l": 12, "r": 12, "t": 60, "b": 16}, annotations=[], showlegend=False)
    data = []
    for at, (kind, found) in enumerate(shown.items()):
        top = 1 - at * (height + GAP)
        data.append(_panel(base, found, changes[kind], [max(round(top - height, 4), 0), round(top, 4)], lang))
        plain["annotations"].append(heading(say(f"compare.moved.{kind}", lang), 0, round(top, 4), yshift=8))
    return {"data": data, "layout": plain}


def _panel(base: Scenario, found: Sequence[Ribbon], changes: Sequence[Change], room: list[float], lang: str) -> dict[str, Any]:
    """Make one diagram: places that lose on the left, towns in the middle, places that gain on the right."""
    towns = [row.town for row in base.tables.towns if any(row.town in (one.start, one.end) for one in found)]
    left = [name for name in (*(f"from {place}" for place in PLACES), MORE) if any(one.start == name for one in found)]
    right = [name for name in (*(f"to {place}" for place in PLACES), FEWER) if any(one.end == name for one in found)]
    nodes = [*left, *towns, *right]
    names = {row.town: row.town_zh for row in base.tables.towns}
    net = {place: sum(one.difference.mean or 0.0 for one in changes if one.to == place) for place in PLACES}
    labels = [_label(node, names, net, lang) for node in nodes]
    return {
        "type": "sankey",
        "domain": {"x": [0, 1], "y": room},
        "textfont": {"size": 12, "color": INK},
        "node": {
            "label": labels,
            "color": [_colour(node) for node in nodes],
            "pad": 7,
            "thickness": 13,
            "line": {"width": 0},
            "customdata": labels,
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        "link": {
            "source": [nodes.index(one.start) for one in found],
            "target": [nodes.index(one.end) for one in found],
            "value": [round(one.people, 1) for one in found],
            "color": [one.colour for one in found],
            "hovertemplate": "%{source.label} → %{target.label}<br>%{value:,.0f}<extra></extra>",
        },
    }


def _label(node: str, towns: Mapping[str, str], net: Mapping[str, float], lang: str) -> str:
    """Call a node: a town by its name, a place with what changes there in all, on the side where that belongs."""
    if node in (MORE, FEWER):
        return say(f"compare.moved.{node}", lang)
    if node in towns:
        return called(node, towns, lang)
    side, place = node.split(" ")
    told = f" {signed(net[place], 0)}" if (net[place] > 0) == (side == "to") else ""
    return f"{say('compare.moved.elsewhere', lang) if place == ELSEWHERE else tier_name(place, lang)}{told}"


def _colour(node: str) -> str:
    """Choose the colour of a node."""
    if node in (MORE, FEWER):
        return PALE
    return TIER_COLOURS.get(node.split(" ")[-1], GREY) if " " in node else GREY

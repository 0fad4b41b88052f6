"""Referrals: who is sent up and down between the tiers, and who leaves the county without being referred."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from results.report.figures.columns import summed
from results.report.figures.names import tier_name
from results.report.figures.picture import GREEN, GREY, INK, ORANGE, TIER_COLOURS, Figure, Picture, heading, layout, picture, sampled
from results.store.run import Run
from sim.language.messages import say

LEVELS = ("provincial", "municipal", "county", "township", "primary")
"""Tiers as they are drawn, the highest on top; village and private clinics together are `primary`."""
ALONE, AWAY = "alone", "away"
"""Who asks nobody for a referral, and where he then goes."""
LINKS = {"up": "rgba(0,114,178,0.42)", "down": "rgba(184,134,11,0.55)", "unreferred": "rgba(213,94,0,0.55)"}
SETTINGS = ("visit", "stay")
HIGH, GAP = 310, 0.13
"""Height of a panel in pixels; the gap between panels, as a part of the whole height."""


class Link(NamedTuple):
    """People who move from one level to another."""

    start: str
    end: str
    direction: str
    count: int


def referrals(run: Run) -> list[Picture]:
    """Draw referrals of visits and of stays, where the run noted who was sent where."""
    if "referrals" not in run.tables:
        return []
    panels = {setting: links(run, setting) for setting in SETTINGS}
    if not any(panels.values()):
        return []
    return [picture("referrals", lambda lang: draw(panels, lang), sampled(run))]


def links(run: Run, setting: str) -> list[Link]:
    """Add up the referrals of a setting by level; stays outside the county without referral stand beside them."""
    level, inside = levels(run), in_county(run)
    counts: Counter[tuple[str, str, str]] = Counter()
    for (start, end, direction, of), count in summed(run.tables["referrals"], ("from", "to", "direction", "setting"), "count").items():
        if of == setting and (start in inside or end in inside):
            counts[level[start], level[end], direction] += count
    found = [Link(*key, count) for key, count in counts.items()]
    alone = run.measures.get("unreferred_outflow_share__numerator")
    if setting == "stay" and alone:
        found.append(Link(ALONE, AWAY, "unreferred", int(alone)))
    order = (*LEVELS, ALONE, AWAY)
    return sorted(found, key=lambda link: (order.index(link.start), order.index(link.end), link.direction))


def in_county(run: Run) -> set[str]:
    """Name the facilities of the county: referrals between others are not the county's."""
    table = run.tables["facilities"].select(["facility", "place"]).to_pylist()
    return {row["facility"] for row in table if row["place"] == "in_county"}


def levels(run: Run) -> dict[str, str]:
    """Say at which level each facility is drawn."""
    table = run.tables["facilities"].select(["facility", "tier"]).to_pylist()
    return {row["facility"]: "primary" if row["tier"] in ("village", "clinic") else row["tier"] for row in table}


def draw(panels: Mapping[str, Sequence[Link]], lang: str) -> Figure:
    """Draw one panel for each setting that has referrals, below one another, and a legend of the three kinds of flow."""
    shown = [(setting, found) for setting, found in panels.items() if found]
    height = (1 - GAP * (len(shown) - 1)) / len(shown)
    plain = layout(
        HIGH * len(shown) + 100, margin={"l": 12, "r": 12, "t": 84, "b": 16}, annotations=[], showlegend=True, hovermode="closest"
    )
    plain["legend"] |= {"y": 1 + 34 / (HIGH * len(shown))}
    plain |= {axis: {"visible": False, "fixedrange": True} for axis in ("xaxis", "yaxis")}
    data: list[dict[str, Any]] = []
    for i, (setting, found) in enumerate(shown):
        top = 1 - i * (height + GAP)
        data.append(panel(found, [round(max(top - height, 0), 4), round(top, 4)], lang))
        count = f"{sum(link.count for link in found if link.direction != 'unreferred'):,}"
        plain["annotations"].append(heading(say(f"figures.referrals.{setting}", lang, count=count), 0, round(top, 4), yshift=10))
    directions = dict.fromkeys(link.direction for found in panels.values() for link in found)
    return {"data": [*data, *(key(direction, lang) for direction in directions)], "layout": plain}


def key(direction: str, lang: str) -> dict[str, Any]:
    """Make an entry of the legend: a trace that draws nothing."""
    marker = {"symbol": {"up": "triangle-up", "down": "triangle-down"}.get(direction, "diamond"), "size": 13, "color": LINKS[direction]}
    name = say(f"figures.referrals.{direction}", lang)
    return {"type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": name, "marker": marker, "hoverinfo": "skip"}


def panel(found: Sequence[Link], domain: list[float], lang: str) -> dict[str, Any]:
    """Make one Sankey: who sends on the left, who receives on the right."""
    senders = [("from", name) for name in (*LEVELS, ALONE) if any(link.start == name for link in found)]
    receivers = [("to", name) for name in (*LEVELS, AWAY) if any(link.end == name for link in found)]
    nodes = [*senders, *receivers]
    places = positions(found, senders, "start") + positions(found, receivers, "end")
    said = [said_of(node, found, lang) for node in nodes]
    return {
        "type": "sankey",
        "domain": {"x": [0, 1], "y": domain},
        "arrangement": "fixed",
        "textfont": {"size": 12.5, "color": INK},
        "node": {
            "label": said,
            "color": [colour(name) for _, name in nodes],
            "x": [0.001] * len(senders) + [0.999] * len(receivers),
            "y": places,
            "pad": 16,
            "thickness": 14,
            "line": {"width": 0},
            "customdata": said,
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        "link": {
            "source": [nodes.index(("from", link.start)) for link in found],
            "target": [nodes.index(("to", link.end)) for link in found],
            "value": [link.count for link in found],
            "color": [LINKS[link.direction] for link in found],
            "customdata": [hover(link, lang) for link in found],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
    }


def positions(found: Sequence[Link], side: Sequence[tuple[str, str]], end: str) -> list[float]:
    """Place the nodes of a side below one another, each in the middle of its part of the height."""
    sizes = [sum(link.count for link in found if getattr(link, end) == name) for _, name in side]
    whole, gap, least = max(sum(sizes), 1), 0.07, 0.02
    room = 1 - gap * (len(sizes) - 1)
    heights = [max(size / whole, least) for size in sizes]
    scale, top, places = room / sum(heights), 0.0, []
    for height in heights:
        places.append(round(min(max(top + height * scale / 2, 0.001), 0.999), 4))
        top += height * scale + gap
    return places


def colour(name: str) -> str:
    """Give a node the colour of its tier."""
    return {"primary": TIER_COLOURS["village"], ALONE: ORANGE, AWAY: ORANGE, "township": GREEN}.get(name, TIER_COLOURS.get(name, GREY))


def level_name(name: str, lang: str) -> str:
    """Name a level."""
    return say(f"figures.referrals.{name}", lang) if name in ("primary", ALONE, AWAY) else tier_name(name, lang)


def said_of(node: tuple[str, str], found: Sequence[Link], lang: str) -> str:
    """Name a node, with the people that pass it."""
    side, name = node
    count = sum(link.count for link in found if (link.start if side == "from" else link.end) == name)
    return say("figures.referrals.node", lang, name=level_name(name, lang), count=f"{count:,}")


def hover(link: Link, lang: str) -> str:
    """Say what a link is."""
    words = {"start": level_name(link.start, lang), "end": level_name(link.end, lang), "count": f"{link.count:,}"}
    return say("figures.referrals.link", lang, kind=say(f"figures.referrals.{link.direction}", lang), **words)

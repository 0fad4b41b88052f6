"""Layouts on the map, side by side: each town in the colour of its lead, drawn as SVG that prints as it stands."""

from collections.abc import Mapping, Sequence
from html import escape

from experiments.layouts.files import Named
from experiments.layouts.ground import town_title
from results.report import geometry
from results.report.figures.picture import AMBER, BLUE, GREEN, INK, ORANGE, PINK, SKY
from results.report.flowmap import place_of
from results.report.markup import LANGUAGES, both, tag, told
from sim.reading.blocks import FrozenMapping
from sim.scenario.scenario import Scenario

COLOURS = (BLUE, AMBER, GREEN, PINK, SKY)
"""One for each of up to five groups."""
NONE = "#FFFFFF"
WIDTH = 300
"""Of one map, in points."""


def maps(layouts: Sequence[Named], captions: Mapping[str, Mapping[str, str]], scenario: Scenario) -> str:
    """Draw layouts side by side.

    captions : name of a layout -> language -> what stands under it
    """
    colours = colours_of(layouts)
    drawn = "".join(
        tag("figure", _map(layout, colours, scenario) + tag("figcaption", both(captions[layout.name])), class_="layout-map")
        for layout in layouts
    )
    return tag("div", drawn, class_="layout-maps") + _legend(colours, scenario)


def colours_of(layouts: Sequence[Named]) -> dict[str, str]:
    """Give each lead of some layouts a colour: lead -> colour."""
    leads = sorted({lead for layout in layouts for lead, _ in layout.groups.values()})
    return dict(zip(leads, (*COLOURS, *[NONE] * len(leads)), strict=False))


def villages_map(layout: Named, colours: Mapping[str, str], sides: Mapping[str, str], scenario: Scenario) -> str:
    """Draw who gains and who loses, a mark a village, on a layout's towns.

    colours : of the leads, as on the other maps
    sides   : village -> gains, loses, both or none
    """
    drawn = _map(layout, colours, scenario, sides)
    small = {side: f'<svg viewBox="-6 -6 12 12" width="14" height="14" aria-hidden="true">{_mark(side, "0,0")}</svg>' for side in MARKS}
    entries = (tag("li", small[side] + both(told(f"layout.side.{side}"))) for side in MARKS)
    return tag("figure", drawn, class_="layout-map wide") + tag("ul", "".join(entries), class_="layout-legend")


MARKS = {"gains": (BLUE, "-4,3 4,3 0,-5"), "loses": (ORANGE, "-4,-3 4,-3 0,5"), "both": (INK, "-4,0 0,-4 4,0 0,4"), "none": ("#9AA3A8", "")}
"""How a village is marked: colour and corners; a small dot where no difference is seen."""


def _mark(side: str, at: str) -> str:
    """Draw the mark of one village."""
    colour, corners = MARKS[side]
    x, y = at.split(",")
    if not corners:
        return f'<circle cx="{x}" cy="{y}" r="1.3" fill="{colour}"/>'
    return f'<polygon transform="translate({x} {y})" points="{corners}" fill="{colour}" stroke="white" stroke-width=".6"/>'


def _map(layout: Named, colours: Mapping[str, str], scenario: Scenario, sides: Mapping[str, str] = FrozenMapping()) -> str:
    """Draw one layout, and the marks of villages where there are some."""
    place = place_of(scenario.tables)
    towns = sorted(place.tables.towns, key=lambda row: row.town)
    seats = [place.plane.at(town) for town in towns]
    lead_of = {town: lead for lead, members in layout.groups.values() for town in members}
    left, top = (min(point[axis] for point in place.outline) for axis in (0, 1))
    wide, high = (max(point[axis] for point in place.outline) - start for axis, start in ((0, left), (1, top)))
    zoom = WIDTH / wide

    def at(point: tuple[float, float]) -> str:
        return f"{(point[0] - left) * zoom:.1f},{(point[1] - top) * zoom:.1f}"

    parts = []
    for town, seat, cell in zip(towns, seats, geometry.cells(seats, place.outline), strict=True):
        fill = colours.get(lead_of.get(town.town, ""), NONE)
        ring = " ".join(at(point) for point in cell)
        parts.append(f'<polygon points="{ring}" fill="{fill}" fill-opacity=".55" stroke="white" stroke-width="1.5"/>')
        names = town_title(town)
        names["zh"] = names["zh"].removesuffix("镇").removesuffix("街道")
        x, y = at(seat).split(",")
        parts += [
            f'<text lang="{LANGUAGES[lang]}" x="{x}" y="{y}" text-anchor="middle" font-size="10" fill="{INK}">{escape(names[lang])}</text>'
            for lang in LANGUAGES
        ]
    spots = sorted((row.village, at(place.plane.at(row))) for row in place.tables.villages if row.village in sides)
    parts += [_mark(sides[village], spot) for village, spot in spots if sides[village] == "none"]
    parts += [_mark(sides[village], spot) for village, spot in spots if sides[village] != "none"]
    title = escape(layout.title["en"])
    return f'<svg viewBox="0 0 {WIDTH} {high * zoom:.0f}" role="img" aria-label="{title}" width="100%">{"".join(parts)}</svg>'


def _legend(colours: Mapping[str, str], scenario: Scenario) -> str:
    """Say which colour is whose."""
    names = {row.facility: {"en": row.name_en, "zh": row.name_zh} for row in scenario.tables.facilities}
    entries = (
        tag("li", f'<span class="swatch" style="background:{colour}"></span>{number} ' + both(names.get(lead, {"en": lead, "zh": lead})))
        for number, (lead, colour) in enumerate(colours.items(), 1)
    )
    return tag("ul", "".join(entries), class_="layout-legend")

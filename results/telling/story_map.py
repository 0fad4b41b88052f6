"""Map of a story: towns, villages, roads and facilities of a county as SVG, one resident's home, and the ways he went, numbered."""

import math
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from results.plane import Plane, Point, inside, spots
from results.telling.names import Names
from results.telling.story import HOME
from sim.place.place import ELSEWHERE
from sim.scenario.tables import Tables
from sim.words import TIERS

if TYPE_CHECKING:
    from sim.county import County

WIDTH, HEIGHT, MARGIN = 620.0, 760.0, 58.0
RING = 15.0
"""How far facilities that stand on one spot are drawn apart."""
LEAST = 1e-4
"""Kilometres a county measures at the least."""
BADGE = 20.0
"""How far apart the numbers of two ways need to stand."""
Spot = tuple[float, float]
Way = tuple[int, int]


class Sketch(NamedTuple):
    """Where everything is drawn: by node of the grid, by row of the facilities, and home; `outside` are facilities beyond the frame."""

    nodes: dict[str, Spot]
    facilities: dict[int, Spot]
    home: Spot
    outside: set[int]


class Frame(NamedTuple):
    """How the plane of the county is fitted into the picture: its middle in the middle, `scale` pixels a kilometre."""

    plane: Plane
    scale: float

    @classmethod
    def around(cls, tables: Tables) -> "Frame":
        """Fit the towns and villages into the picture."""
        places = np.array([(one.latitude, one.longitude) for one in inside(tables)])
        plane = Plane(*((places.min(axis=0) + places.max(axis=0)) / 2).tolist())
        size = np.maximum(np.ptp([plane.at(one) for one in inside(tables)], axis=0), LEAST)
        return cls(plane, float(min((WIDTH - 2 * MARGIN) / size[0], (HEIGHT - 2 * MARGIN) / size[1])))

    def onto(self, point: Point) -> Spot:
        """Set a point of the plane on the picture."""
        return WIDTH / 2 + point[0] * self.scale, HEIGHT / 2 + point[1] * self.scale


def number_ways(ways: Sequence[Way | None]) -> dict[Way, int]:
    """Number the different ways in the order in which they were first gone."""
    numbers: dict[Way, int] = {}
    for way in ways:
        if way is not None:
            numbers.setdefault(way, len(numbers) + 1)
    return numbers


def sketch(county: "County", row: int, used: set[int]) -> Sketch:
    """Lay out the county in a frame; what lies outside is set on the frame in its direction.

    used : rows of the facilities he went to
    """
    tables, house = county.tables, county.place.facilities
    frame = Frame.around(tables)
    nodes = {name: frame.onto(place) for name, place in spots(tables, frame.plane).items()}
    rows = {r.facility: r for r in tables.facilities}
    drawn = [f for f, name in enumerate(house.names) if f in used or (house.in_county[f] and house.tier[f] >= TIERS.index("township"))]
    shown = {f: frame.onto(frame.plane.at(rows[house.names[f]])) for f in drawn}
    outside = {f for f in drawn if not house.in_county[f]}
    village = county.place.villages[county.people.village[row]]
    if village == ELSEWHERE:
        x, y = _clamped(_elsewhere(tables, frame))
        home = (x + math.copysign(4 * RING, WIDTH / 2 - x), y)
    else:
        home = nodes[village]
    return Sketch(nodes, _apart(shown, outside), home, outside)


def _elsewhere(tables: Tables, frame: Frame) -> Spot:
    """Say where migrants live on the map: as the table does, or beyond the right edge."""
    named = [village for village in tables.villages if village.village == ELSEWHERE]
    return frame.onto(frame.plane.at(named[0])) if named else (2 * WIDTH, HEIGHT / 2)


def _clamped(spot: Spot) -> Spot:
    """Draw what lies outside back to the frame, along the line to the middle."""
    x, y = spot[0] - WIDTH / 2, spot[1] - HEIGHT / 2
    edge = 26.0
    much = max(abs(x) / (WIDTH / 2 - edge), abs(y) / (HEIGHT / 2 - edge), 1.0)
    return WIDTH / 2 + x / much, HEIGHT / 2 + y / much


def _apart(spots: dict[int, Spot], outside: set[int]) -> dict[int, Spot]:
    """Draw facilities that stand on one spot apart, on a ring around it, and those outside on the frame."""
    placed = {f: _clamped(spot) if f in outside else spot for f, spot in spots.items()}
    together: dict[tuple[int, int], list[int]] = {}
    for f, (x, y) in placed.items():
        together.setdefault((round(x / 12), round(y / 12)), []).append(f)
    found = dict(placed)
    for group in (held for held in together.values() if len(held) > 1):
        for k, f in enumerate(group):
            turn, (x, y) = 2 * math.pi * k / len(group), placed[f]
            aside = (k - (len(group) - 1) / 2) * 2 * RING
            along = (0.0, 2 * aside) if _beside(x) else (aside, 0.0)
            move = along if f in outside else (RING * math.cos(turn), RING * math.sin(turn))
            found[f] = (x + move[0], y + move[1])
    return found


def _beside(x: float) -> bool:
    """Say whether something on the frame stands at its left or right edge."""
    return abs(x - WIDTH / 2) > 0.4 * WIDTH


def svg(county: "County", row: int, ways: dict[Way, int]) -> str:
    """Draw the map with the numbered ways of one resident."""
    drawn = sketch(county, row, {f for way in ways for f in way if f != HOME})
    english, chinese = Names(county, "en"), Names(county, "zh")
    parts = [
        f'<svg class="map" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-labelledby="map-title">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto">'
        '<path d="M0 0L8 4L0 8z"/></marker></defs>',
        *_roads(county, drawn),
        *(f'<circle class="village" cx="{x:.1f}" cy="{y:.1f}" r="1.7"/>' for x, y in _villages(county, drawn)),
        *_facilities(county, drawn, english, chinese),
        *_towns(county, drawn, english, chinese),
        *_arrows(ways, drawn),
        _house(drawn.home),
    ]
    return "".join([*parts, "</svg>"])


def _villages(county: "County", drawn: Sketch) -> list[Spot]:
    return [drawn.nodes[name] for name in county.place.villages if name in drawn.nodes]


def _roads(county: "County", drawn: Sketch) -> list[str]:
    """Draw the roads inside the county."""
    found = []
    for a, b in sorted(tuple(sorted(edge)) for edge in county.place.grid.graph.edges):
        if a in drawn.nodes and b in drawn.nodes:
            (x, y), (u, v) = drawn.nodes[a], drawn.nodes[b]
            main = "road" if {a, b} <= set(county.place.towns) else "lane"
            found.append(f'<path class="{main}" d="M{x:.1f} {y:.1f}L{u:.1f} {v:.1f}"/>')
    return found


def _both(english: str, chinese: str) -> str:
    """Write two names, of which the page shows one."""
    return f'<tspan class="en">{escape(english)}</tspan><tspan class="zh">{escape(chinese)}</tspan>'


def _towns(county: "County", drawn: Sketch, english: Names, chinese: Names) -> list[str]:
    """Write the names of the towns."""
    found = []
    for t, name in enumerate(county.place.towns):
        x, y = drawn.nodes[name]
        y -= RING if any(0 < math.dist((x, y), spot) < 1.1 * RING for spot in drawn.facilities.values()) else 0.0
        found.append(f'<text class="town" x="{x:.1f}" y="{y - 12:.1f}">{_both(english.towns[t], chinese.towns[t])}</text>')
    return found


def _facilities(county: "County", drawn: Sketch, english: Names, chinese: Names) -> list[str]:
    """Draw the facilities: shape and colour by tier; those outside with their names."""
    house, found = county.place.facilities, []
    for f, (x, y) in sorted(drawn.facilities.items()):
        title = f"<title>{escape(english.facility(f))} / {escape(chinese.facility(f))}</title>"
        tier = TIERS[house.tier[f]]
        if f in drawn.outside:
            shape = f'<path class="outside" d="M{x:.1f} {y - 7:.1f}l7 12h-14z">{title}</path>'
            u, v, anchor = _label(f, drawn)
            label = _both(english.facility(f), chinese.facility(f))
            found.append(f'{shape}<text class="far" x="{u:.1f}" y="{v:.1f}" text-anchor="{anchor}">{label}</text>')
        elif tier == "county":
            found.append(f'<path class="hospital" d="M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z">{title}</path>')
        elif tier == "township":
            found.append(f'<rect class="township" x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9">{title}</rect>')
        else:
            found.append(f'<circle class="clinic" cx="{x:.1f}" cy="{y:.1f}" r="4">{title}</circle>')
    return found


def _label(facility: int, drawn: Sketch) -> tuple[float, float, str]:
    """Say where the name of a facility outside stands: x, y and the end of the text that is there; away from a neighbour's."""
    x, y = drawn.facilities[facility]
    others = [drawn.facilities[f] for f in drawn.outside if f != facility]
    if _beside(x):
        above = any(y < v < y + 5 * RING for _, v in others)
        return (x + 10, y + (-13 if above else 20), "end") if x > WIDTH / 2 else (x - 10, y + (-13 if above else 20), "start")
    left = x > 0.6 * WIDTH or any(x < u < x + 3 * RING for u, _ in others)
    return (x - 11, y + 5, "end") if left else (x + 11, y + 5, "start")


def _arrows(ways: dict[Way, int], drawn: Sketch) -> list[str]:
    """Draw the ways as arrows, each with its number; ways that begin alike bend apart, and numbers keep clear of each other."""
    arrows, badges, taken = [], [], list[Spot]()
    for (start, end), number in ways.items():
        a, b = drawn.home if start == HOME else drawn.facilities[start], drawn.facilities[end]
        path, spots = _curve(a, b, number)
        x, y = max(spots, key=lambda spot: min([BADGE, *(math.dist(spot, other) for other in taken)]))
        taken.append((x, y))
        arrows.append(f'<path class="way" data-way="{number}" d="{path}" marker-end="url(#tip)"/>')
        badges.append(
            f'<g class="badge" data-way="{number}"><circle cx="{x:.1f}" cy="{y:.1f}" r="8.5"/>'
            f'<text x="{x:.1f}" y="{y + 3.6:.1f}">{number}</text></g>'
        )
    return arrows + badges


def _curve(a: Spot, b: Spot, number: int) -> tuple[str, list[Spot]]:
    """Bend an arrow from a to b, the more the higher its number, to either side in turn; returns also where its number may stand."""
    (x, y), (u, v) = a, b
    length = math.hypot(u - x, v - y)
    if length < 22.0:
        turn = 2.4 * number
        cx, cy = x + 34 * math.cos(turn), y + 34 * math.sin(turn)
        dx, dy = 16 * math.cos(turn + math.pi / 2), 16 * math.sin(turn + math.pi / 2)
        path = f"M{x:.1f} {y:.1f}C{cx + dx:.1f} {cy + dy:.1f} {cx - dx:.1f} {cy - dy:.1f} {u:.1f} {v:.1f}"
        return path, [(x + 30 * math.cos(turn), y + 30 * math.sin(turn))]
    side = (1 if number % 2 else -1) * (12.0 + 9.0 * ((number - 1) // 2 % 5))
    mx, my = (x + u) / 2 - (v - y) / length * side, (y + v) / 2 + (u - x) / length * side
    at = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74]
    spots = [((1 - t) ** 2 * x + 2 * t * (1 - t) * mx + t * t * u, (1 - t) ** 2 * y + 2 * t * (1 - t) * my + t * t * v) for t in at]
    back = 8.0 / length
    return f"M{x:.1f} {y:.1f}Q{mx:.1f} {my:.1f} {u - (u - x) * back:.1f} {v - (v - y) * back:.1f}", spots


def _house(spot: Spot) -> str:
    """Draw the home."""
    x, y = spot
    return f'<path class="home" d="M{x - 7:.1f} {y + 7:.1f}v-8l7 -7l7 7v8z"/>'

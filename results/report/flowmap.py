"""Make the data of the flow map: towns, villages, facilities, roads, and the largest flows from towns to facilities.

The map is a sketch: no boundary is at hand, facilities of one node are drawn around it, and hospitals outside the county stand at its edge
in their direction. Distances are kilometres from the middle; `flowmap.js` draws it and knows nothing of us.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from results.plane import Plane, Point, inside, spots
from results.report import geometry
from results.report.city import is_city
from results.report.figures.columns import grouped, rows, summed
from results.report.figures.names import group_name, group_of, plain, town_names
from results.report.geometry import Ring
from results.report.markup import LANGUAGES
from results.store.run import Run
from sim.kinds import kinds_offered
from sim.language.messages import say, table_of
from sim.place.roads import read_roads
from sim.scenario.tables import Facility, Tables

KINDS = ("visit", "admission")
LARGEST = 60
"""Flows that are drawn of each kind."""
MARGIN, BEYOND = 3.2, 5.5
"""Kilometres from the outermost village to the outline, and from there to hospitals outside."""
APART = 13.0
"""Kilometres between hospitals outside the county, as they are drawn."""
CIRCLE = 3.5
"""Kilometres between a node and the facilities drawn around it."""
WORDS = (
    *("name", "schematic", "help", "visit", "admission", "pause", "play", "rest", "width", "away", "own_circle"),
    *("town", "own_visit", "own_admission", "edge_visit", "edge_admission", "node", "no_clinic"),
    *("village", "without", "clinic", "township", "county", "outside", "to_primary", "to_county", "to_outside"),
)
"""The words of the map, under flowmap.WORD among the messages; the script fills in their braces."""


class Place(NamedTuple):
    """The plane of the map."""

    plane: Plane
    outline: Ring
    tables: Tables


def flow_map(run: Run) -> dict[str, Any]:
    """Make the data of the map: {nodes, rings, edges, roads, totals, groups, labels}, all of it plain JSON."""
    place = place_of(run.scenario.tables)
    rings = list(rings_of(run, place))
    nodes = [*village_nodes(run, place), *facility_nodes(run, place), *outside_nodes(run, place)]
    edges, totals = flows(run, {merged: node["id"] for node in nodes for merged in node["facilities"]})
    for ring in rings:
        ring |= {f"own_{kind}": totals[kind]["own"].get(ring["id"], 0) for kind in KINDS}
    for kind in KINDS:
        totals[kind]["own"] = sum(totals[kind]["own"].values())
    return {
        "outline": rounded(place.outline),
        "nodes": [{key: value for key, value in node.items() if key != "facilities"} for node in nodes],
        "rings": rings,
        "edges": edges,
        "roads": list(roads(run, place)),
        "totals": totals,
        "groups": [{"id": key, "name": {lang: group_name(run, key, lang) for lang in LANGUAGES}} for key in run.scenario.groups],
        "labels": {lang: labels(lang, is_city(place.tables), any(total["elsewhere"] for total in totals.values())) for lang in LANGUAGES},
    }


def labels(lang: str, city: bool = False, migrants: bool = True) -> dict[str, str]:
    """Give the words of the map in a language: those of a city where it is one.

    migrants : whether anybody was seen where migrants live
    """
    said = table_of("flowmap")
    variants = [*["city"] * city, *["nobody_away"] * (not migrants)]

    def key(word: str) -> str:
        return next((own for own in (f"flowmap.{variant}.{word}" for variant in variants) if own in said), f"flowmap.{word}")

    return {word: said[key(word)][lang] for word in WORDS}


def place_of(tables: Tables) -> Place:
    """Lay the plane around the towns and their villages; where migrants live is not on it."""
    here = list(inside(tables))
    middle = Plane(sum(one.latitude for one in here) / len(here), sum(one.longitude for one in here) / len(here))
    return Place(middle, geometry.outline([middle.at(one) for one in here], MARGIN), tables)


def rounded(ring: Sequence[Point]) -> list[list[float]]:
    """Write points to ten metres."""
    return [[round(x, 2), round(y, 2)] for x, y in ring]


def rings_of(run: Run, place: Place) -> Iterator[dict[str, Any]]:
    """Make the towns: where they are, their cell, people and group."""
    towns = place.tables.towns
    names, seats = town_names(run), [place.plane.at(town) for town in towns]
    of_town = {town: key for key, group in run.scenario.groups.items() for town in group.towns}
    for town, seat, cell in zip(towns, seats, geometry.cells(seats, place.outline), strict=True):
        yield {
            "id": town.town,
            "name": names[town.town],
            "x": round(seat[0], 2),
            "y": round(seat[1], 2),
            "cell": rounded(cell),
            "group": of_town.get(town.town),
            "residents": town.residents,
            "registered": town.registered,
        }


def village_nodes(run: Run, place: Place) -> Iterator[dict[str, Any]]:
    """Make the villages, each with its clinic where it has one."""
    known = {town.town for town in place.tables.towns}
    table = rows(run.tables["facilities"])
    done = {row["facility"]: row for row in table if row["tier"] == "village"}
    clinics = grouped([{"node": one.node, "facility": one.facility} for one in place.tables.facilities if one.facility in done], "node")
    for village in place.tables.villages:
        if village.town not in known:
            continue
        own = [str(one["facility"]) for one in clinics.get(village.village, [])]
        spot = place.plane.at(village)
        name = {"en": plain(village.village), "zh": village.village_zh}
        yield node(village.village, "village", name, spot, village.town, [done[one] for one in own])


def node(key: str, tier: str, name: Mapping[str, str], spot: Point, town: str | None, done: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Make one point of the map of the facilities that stand behind it."""
    counts = {"visits": sum(row["visits"] for row in done), "admissions": sum(row["admissions"] for row in done)}
    where = {"x": round(spot[0], 2), "y": round(spot[1], 2)}
    clinics = {"clinics": len(done), "facilities": [str(row["facility"]) for row in done]}
    return {"id": key, "tier": tier, "name": dict(name), "town": town} | where | counts | clinics


def facility_nodes(run: Run, place: Place) -> Iterator[dict[str, Any]]:
    """Make the other facilities of the county: private clinics of a node as one, and what shares a node around it."""
    done = {row["facility"]: row for row in rows(run.tables["facilities"]) if row["place"] == "in_county" and row["tier"] != "village"}
    listed = [{"row": one, "node": one.node} for one in place.tables.facilities if one.facility in done]
    groups, leads = group_of(run), {group.lead for group in run.scenario.groups.values()}
    for name, here in grouped(listed, "node").items():
        facilities = [one["row"] for one in here]
        sites = list(sites_of(facilities, leads))
        around_it = around(place.plane.at(facilities[0]), sites)
        for site, spot in zip(sites, around_it, strict=True):
            first = site[0]
            title = clinic_title(run, first.town, len(site)) if first.tier == "clinic" else {"en": first.name_en, "zh": first.name_zh}
            key = f"{name}:clinics" if first.tier == "clinic" else first.facility
            made = node(key, first.tier, title, spot, first.town, [done[one.facility] for one in site])
            yield made | {"group": groups.get(first.facility), "lead": first.facility in leads, "beds": done[first.facility]["beds"] or 0}


def sites_of(facilities: Sequence[Facility], leads: Collection[str]) -> list[list[Facility]]:
    """Say what is drawn as one mark at a node: private clinics together, all others alone, in the order they go around it.

    Township centres come first, for the middle. Half of the rest, the first lead on top, then the other half: so two leads face each other.
    """
    middle = [[one] for one in facilities if one.tier == "township"]
    rest = [[one] for one in facilities if one.tier not in ("township", "clinic") and one.facility not in leads]
    private = [one for one in facilities if one.tier == "clinic"]
    rest = [*rest, private] if private else rest
    first, *others = [[[one]] for one in facilities if one.facility in leads] or [[]]
    half = (len(rest) + len(others)) // 2
    return [*middle, *first, *rest[:half], *(site for other in others for site in other), *rest[half:]]


def around(middle: Point, sites: Sequence[Sequence[Any]]) -> list[Point]:
    """Place the facilities of a node: a township centre in the middle, the others around it."""
    if sites and sites[0][0].tier == "township":
        others = len(sites) - 1
        radius = CIRCLE if others > 2 else CIRCLE * 0.55
        return [middle, *geometry.spread(middle, others, radius)]
    return [middle] if len(sites) == 1 else geometry.spread(middle, len(sites), CIRCLE)


def clinic_title(run: Run, town: str, count: int) -> dict[str, str]:
    """Name the private clinics of a town taken together."""
    names = town_names(run).get(town, {"en": plain(town), "zh": plain(town)})
    return {lang: say("figures.map.clinics", lang, town=names[lang], count=count) for lang in LANGUAGES}


def outside_nodes(run: Run, place: Place) -> list[dict[str, Any]]:
    """Make the hospitals outside the county at its edge, in their direction; where migrants live is left out."""
    done = {
        row["facility"]: row
        for row in rows(run.tables["facilities"])
        if row["place"] != "in_county" and row["kind"] not in kinds_offered("elsewhere")
    }
    far = [one for one in place.tables.facilities if one.facility in done]
    turns = apart([math.atan2(*place.plane.at(one)[::-1]) for one in far], radius(place) + BEYOND)
    made = []
    for one, turn in zip(far, turns, strict=True):
        direction = (math.cos(turn), math.sin(turn))
        edge = geometry.border(place.outline, (0.0, 0.0), (direction[0] * 1000, direction[1] * 1000))
        spot = (edge[0] + direction[0] * BEYOND, edge[1] + direction[1] * BEYOND)
        away = {"outside": True, "kilometres": round(math.hypot(*place.plane.at(one)))}
        made.append(node(one.facility, one.tier, {"en": one.name_en, "zh": one.name_zh}, spot, None, [done[one.facility]]) | away)
    return made


def radius(place: Place) -> float:
    """Say how far the outline is from the middle, on average."""
    return sum(math.hypot(*point) for point in place.outline) / len(place.outline)


def apart(turns: Sequence[float], distance: float) -> list[float]:
    """Push directions that are too near to one another apart, to both sides."""
    least = APART / distance
    order = sorted(range(len(turns)), key=lambda i: turns[i])
    found = list(turns)
    for _ in range(20):
        for a, b in pairwise(order):
            lack = least - (found[b] - found[a])
            if lack > 1e-9:
                found[a] -= lack / 2
                found[b] += lack / 2
    return found


def roads(run: Run, place: Place) -> Iterator[list[list[float]]]:
    """List the roads inside the county as straight lines; a town's node is its town, a village's its village."""
    at = spots(place.tables, place.plane)
    for start, end in sorted(read_roads(run.scenario.places.roads).edges):
        if start in at and end in at:
            yield rounded([at[start], at[end]])


def flows(run: Run, node_of: Mapping[str, str]) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """Take the largest flows of each kind, and say what became of all others, so that everything adds up.

    returns : edges {from: town, to: node, kind, count, leaving}, and for each kind its totals: `all`, `drawn`, `own` (town -> seen in the
              own town), `smaller` (too small to be drawn), `elsewhere` (of people who live elsewhere, seen there)
    """
    table = {row["facility"]: row for row in rows(run.tables["facilities"].select(["facility", "place", "town"]))}
    edges: list[dict[str, Any]] = []
    totals: dict[str, dict[str, Any]] = {kind: {"own": {}, "elsewhere": 0} for kind in KINDS}
    between: dict[str, dict[tuple[str, str], int]] = {kind: {} for kind in KINDS}
    for (town, facility, kind), count in summed(run.tables["flows"], ("town", "facility", "kind"), "count").items():
        if kind not in totals:
            continue
        if table[facility]["town"] == town:
            totals[kind]["own"][town] = totals[kind]["own"].get(town, 0) + count
        elif facility not in node_of:
            totals[kind]["elsewhere"] += count
        else:
            way = town, node_of[facility]
            between[kind][way] = between[kind].get(way, 0) + count
    away = {node_of[facility] for facility, row in table.items() if row["place"] != "in_county" and facility in node_of}
    for kind, ways in between.items():
        largest = sorted(ways.items(), key=lambda way: (-way[1], way[0]))[:LARGEST]
        edges += [{"from": a, "to": b, "kind": kind, "count": count, "leaving": b in away} for (a, b), count in largest]
        drawn = sum(count for _, count in largest)
        totals[kind] |= {"drawn": drawn, "smaller": sum(ways.values()) - drawn}
        totals[kind]["all"] = drawn + totals[kind]["smaller"] + totals[kind]["elsewhere"] + sum(totals[kind]["own"].values())
    return edges, totals

"""Place the villages (行政村) and communities (社区) of Lujiang whose names and points no open table gives, with their clinics and lanes.

Run `python scenarios/making/make_villages.py` after a change of the towns. Rows written by hand stay; a row whose `source` begins with
"generated" is made anew. Points lie in a spiral around the town centre, out to the radius of the town's area, never nearer to another
town; weights are lognormal. All luck is keyed by the village's own name (purpose ROAD).
Source of the counts: 180 villages and 50 communities in 2020 (ahchanye.com); 149 clinics in the ten towns of the people's group
(ahljyy.com).
"""

import csv
import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from sim.arithmetic.luck import ROAD, key, place_key, uniforms

Row = dict[str, str]

FOLDER = Path(__file__).parents[1] / "data" / "lujiang"
GENERATED = "generated inside the town"
SEED = 2018
SEAT = "lucheng"
PLACES = {"people": 149, "tcm": 81}
"""Villages and communities of each group's towns; 149 is the number of clinics of the people's group."""
SEAT_PLACES, SEAT_COMMUNITIES, TOWN_COMMUNITIES = 38, 18, 2
COUNTY_AREA = 2343.7
KNOWN_AREAS = {"baihu": 314.56, "guohe": 114.83}
BUILT_UP = 0.35
"""Communities lie within this share of the town's radius."""
COMMUNITY_WEIGHT = {True: 3.8, False: 2.2}
"""How many times a village's people a community has: in the county seat, and in another town."""
WEIGHT_SPREAD = 0.35
VILLAGE_DOCTORS, PRIVATE_CLINICS, SEAT_CLINICS = 500, 40, 12
KILOMETRES_A_DEGREE = 111.19


def rows_by_hand(name: str) -> list[Row]:
    """Read the rows of a table that nobody generated."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if not row["source"].startswith("generated")]


def write(name: str, rows: Iterable[Row], keys: tuple[str, ...]) -> None:
    """Write a table sorted by its key; the homes of those who live elsewhere stand last."""
    ordered = sorted(rows, key=lambda row: (row.get("kind") == "elsewhere", *(row[key] for key in keys)))
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(ordered[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)


def dealt(total: int, sizes: dict[str, float]) -> dict[str, int]:
    """Deal whole things by size: the largest remainders get the rest (Hamilton's method)."""
    exact = {name: total * size / sum(sizes.values()) for name, size in sizes.items()}
    given = {name: int(share) for name, share in exact.items()}
    for name in sorted(exact, key=lambda name: (given[name] - exact[name], name))[: total - sum(given.values())]:
        given[name] += 1
    return given


def kilometres(one: Row, other: Row) -> float:
    """Measure the straight line between two rows with `latitude` and `longitude`, flat-earth."""
    north = float(one["latitude"]) - float(other["latitude"])
    east = (float(one["longitude"]) - float(other["longitude"])) * math.cos(math.radians(float(one["latitude"])))
    return KILOMETRES_A_DEGREE * math.hypot(north, east)


def town_places(towns: list[Row]) -> dict[str, int]:
    """Say how many villages and communities each town has, by residents within its group, the county seat apart."""
    count = {SEAT: SEAT_PLACES}
    for group, total in PLACES.items():
        sizes = {row["town"]: float(row["residents"]) for row in towns if row["group"] == group and row["town"] != SEAT}
        count |= dealt(total - (SEAT_PLACES if group == "people" else 0), sizes)
    return count


def radii(towns: list[Row]) -> dict[str, float]:
    """Give each town a radius in km from its area: two are known, the rest share the county by the root of their people of 2000."""
    roots = {row["town"]: math.sqrt(float(row["census_2000"])) for row in towns if row["town"] not in KNOWN_AREAS}
    left = COUNTY_AREA - sum(KNOWN_AREAS.values())
    areas = KNOWN_AREAS | {town: left * root / sum(roots.values()) for town, root in roots.items()}
    return {town: math.sqrt(area / math.pi) for town, area in areas.items()}


def own_luck(village: str) -> list[float]:
    """Draw the four uniforms of a village, keyed by its name."""
    return [float(u) for u in uniforms(key(SEED), ROAD, np.array([place_key(village)]))[0]]


def point(town: Row, towns: list[Row], radius: float, angle: float) -> Row:
    """Find the point at a distance and angle from the town centre, drawn in until no other town is nearer."""
    while True:
        north = radius * math.cos(angle) / KILOMETRES_A_DEGREE
        east = radius * math.sin(angle) / KILOMETRES_A_DEGREE / math.cos(math.radians(float(town["latitude"])))
        there = {"latitude": f"{float(town['latitude']) + north:.4f}", "longitude": f"{float(town['longitude']) + east:.4f}"}
        if min(towns, key=lambda row: kilometres(there, row)) is town:
            return there
        radius *= 0.9


def village(town: Row, towns: list[Row], number: int, community: bool, ring: tuple[float, float]) -> Row:
    """Make one village or community: its distance lies within `ring` (km), its angle on the golden spiral, both a little shaken."""
    kind, ending = ("community", "社区") if community else ("village", "村")
    name = f"{town['town']}_{'community_' if community else ''}{number:02d}"
    turn, reach, u, v = own_luck(name)
    size = math.exp(WEIGHT_SPREAD * math.sqrt(-2 * math.log(u)) * math.cos(2 * math.pi * v) - WEIGHT_SPREAD**2 / 2)
    size *= COMMUNITY_WEIGHT[town["town"] == SEAT] if community else 1.0
    return {
        "village": name,
        "village_zh": f"{town['town_zh'].removesuffix('镇')}{number:02d}{ending}",
        "town": town["town"],
        "kind": kind,
        "weight": f"{size:.3f}",
        **point(town, towns, ring[0] + (ring[1] - ring[0]) * (0.9 * reach + 0.05), math.pi * (3 - math.sqrt(5)) * number + 0.6 * turn),
        "source": GENERATED,
        "confidence": "low",
    }


def villages_of(town: Row, towns: list[Row], total: int, radius: float, known: int) -> list[Row]:
    """Make a town's communities near its centre and its villages around them, fewer by those written by hand."""
    communities = SEAT_COMMUNITIES if town["town"] == SEAT else TOWN_COMMUNITIES
    made = [
        village(town, towns, number + 1, True, rings(number, communities, 0.05 * radius, BUILT_UP * radius))
        for number in range(communities)
    ]
    count = total - communities - known
    return made + [village(town, towns, number + 1, False, rings(number, count, BUILT_UP * radius, radius)) for number in range(count)]


def rings(number: int, count: int, inner: float, outer: float) -> tuple[float, float]:
    """Cut a ring between two radii into `count` rings of one area, and return the bounds of one of them."""
    areas = [inner**2 + (outer**2 - inner**2) * part / count for part in (number, number + 1)]
    return math.sqrt(areas[0]), math.sqrt(areas[1])


def all_villages(towns: list[Row]) -> list[Row]:
    """Add the generated villages to those written by hand."""
    hand = rows_by_hand("lujiang_villages.csv")
    count, radius = town_places(towns), radii(towns)
    made: list[Row] = []
    for town in towns:
        known = sum(row["town"] == town["town"] for row in hand)
        made += villages_of(town, towns, count[town["town"]], radius[town["town"]], known)
    return hand + made


def people(villages: list[Row], towns: list[Row]) -> dict[str, float]:
    """Share each town's residents among its villages by weight."""
    total = {town["town"]: sum(float(row["weight"]) for row in villages if row["town"] == town["town"]) for town in towns}
    residents = {town["town"]: float(town["residents"]) for town in towns}
    return {row["village"]: residents[row["town"]] * float(row["weight"]) / total[row["town"]] for row in villages}


def village_doctors(size: dict[str, float]) -> dict[str, int]:
    """Give every clinic one to three doctors, 500 in all: one each, then the next to the place with most people a doctor."""
    doctors = dict.fromkeys(size, 1)
    for _ in range(VILLAGE_DOCTORS - len(size)):
        neediest = max((name for name in size if doctors[name] < 3), key=lambda name: (size[name] / doctors[name], name))
        doctors[neediest] += 1
    return doctors


def facility(name: str, at: Row, node: str, words: tuple[str, str, str, str], numbers: tuple[int, int]) -> Row:
    """Write a clinic's row; `words` are its English and Chinese name, kind and ownership, `numbers` its doctors and treatable diseases."""
    return {
        "facility": name,
        "name_en": words[0],
        "name_zh": words[1],
        "kind": words[2],
        "tier": "village" if words[2] == "village_clinic" else "clinic",
        "grade": "none",
        "place": "in_county",
        "ownership": words[3],
        "town": at["town"],
        "node": node,
        "doctors": str(numbers[0]),
        "beds": "0",
        "treatable": str(numbers[1]),
        "level": "1",
        "latitude": at["latitude"],
        "longitude": at["longitude"],
        "source": f"{GENERATED}; about 500 village doctors in all" if words[2] == "village_clinic" else f"{GENERATED}; number assumed",
        "confidence": "low",
    }


def village_clinics(villages: list[Row], towns: list[Row]) -> list[Row]:
    """Give every village a clinic (村卫生室) and every community a health station (社区卫生服务站)."""
    doctors = village_doctors(people(villages, towns))
    made = []
    for row in villages:
        community = row["kind"] == "community"
        name_zh = row["village_zh"] + ("卫生服务站" if community else "卫生室")
        name_en = row["village"].replace("_", " ").capitalize() + (" health station" if community else " village clinic")
        words = (name_en, name_zh, "village_clinic", "public")
        made.append(facility(f"{row['village']}_clinic", row, row["village"], words, (doctors[row["village"]], 20)))
    return made


def private_clinics(towns: list[Row]) -> list[Row]:
    """Spread private clinics (诊所) over the town centres by residents, twelve of them in the county seat."""
    sizes = {town["town"]: float(town["residents"]) for town in towns if town["town"] != SEAT}
    count = dealt(PRIVATE_CLINICS - SEAT_CLINICS, sizes) | {SEAT: SEAT_CLINICS}
    made = []
    for town in towns:
        for number in range(1, count[town["town"]] + 1):
            name_zh = f"{town['town_zh'].removesuffix('镇')}{number:02d}诊所(示意)"
            words = (f"{town['town'].capitalize()} private clinic {number} (illustrative)", name_zh, "private_clinic", "private")
            doctors = 2 if town["town"] == SEAT else 1
            made.append(facility(f"{town['town']}_private_{number:02d}", town, town["town"], words, (doctors, 25)))
    return made


def lane(one: str, other: str, straight: float) -> Row:
    """Write a lane: the straight line x 1.35 at 30 km/h, and two minutes to set out."""
    start, end = sorted((one, other))
    length = straight * 1.35
    source = f"{GENERATED}: straight line x 1.35 at 30 km/h and 2 minutes"
    road = {"from": start, "to": end, "minutes": f"{length * 2 + 2:.0f}", "kilometres": f"{length:.1f}"}
    return road | {"source": source, "confidence": "low"}


def lanes(villages: list[Row], towns: list[Row]) -> list[Row]:
    """Link every village to its town centre and to the two villages nearest to it."""
    centre = {town["town"]: town for town in towns}
    made: dict[tuple[str, str], Row] = {}
    for row in villages:
        straight = sorted((kilometres(row, other), other["village"]) for other in villages if other is not row)
        roads = [lane(row["village"], row["town"], kilometres(row, centre[row["town"]]))]
        roads += [lane(row["village"], name, length) for length, name in straight[:2]]
        made |= {(road["from"], road["to"]): road for road in roads}
    return list(made.values())


def main() -> None:
    """Write villages, facilities and roads anew."""
    towns = rows_by_hand("lujiang_towns.csv")
    villages = all_villages(towns)
    here = [row for row in villages if row["town"]]
    clinics = village_clinics(here, towns) + private_clinics(towns)
    write("lujiang_villages.csv", villages, ("village",))
    write("lujiang_facilities.csv", rows_by_hand("lujiang_facilities.csv") + clinics, ("facility",))
    write("lujiang_roads.csv", rows_by_hand("lujiang_roads.csv") + lanes(here, towns), ("from", "to"))


if __name__ == "__main__":
    main()

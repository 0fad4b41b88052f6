"""Place: the tables of towns, villages, facilities, departments and conditions as arrays, and where everything stands on the grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.answers import MULTIPLIED, Array
from sim.arithmetic.luck import place_key
from sim.arithmetic.rounding import largest_remainder
from sim.language.messages import refuse
from sim.people import need
from sim.people.makeup import Makeup
from sim.place import grid as roads
from sim.scenario.scenario import Scenario
from sim.scenario.tables import Tables
from sim.words import APPEALS, CONTRACTS, GRADES, LIVES, NEED_AGES, NESTS, PLACES, TIERS, URGENCIES, WOMEN_ONLY

ELSEWHERE = "elsewhere"
MOST_CENTRAL = 12
KIND_APPEAL = {
    "village_clinic": "village",
    "private_clinic": "clinic",
    "elsewhere_clinic": "clinic",
    "township": "township",
    "county_general": "county",
    "county_tcm": "county",
    "maternal_child": "county",
    "private_hospital": "private",
    "rehabilitation": "rehabilitation",
    "municipal_hospital": "municipal",
    "elsewhere_hospital": "municipal",
    "provincial_hospital": "provincial",
}
APPEAL_NEST = {
    "village": "village",
    "clinic": "clinic",
    "township": "township",
    "county": "county",
    "private": "county",
    "rehabilitation": "county",
    "municipal": "tertiary",
    "provincial": "tertiary",
}
TIER_COLUMN = np.array([0, 0, 0, 1, 2, 2])


def cases_covered(conditions: ArrayLike) -> NDArray[np.float64]:
    """Say which share of the cases a list of so many conditions covers, the commonest first: 1 - exp(-N / 90).

    Assumed, fitted to lists of 50 to 265 conditions.
    """
    return 1.0 - np.exp(-np.asarray(conditions, float) / 90.0)


@dataclass(frozen=True)
class Conditions:
    """The condition groups: (groups,) arrays unless said otherwise."""

    names: tuple[str, ...]
    level: NDArray[np.int64]
    """(settings, groups) lowest level of care that can treat a visit, a stay."""
    urgency: NDArray[np.int64]
    rate: NDArray[np.float64]
    """(groups, need bands) episodes (chronic: patients) per person and year."""
    visits: NDArray[np.float64]
    admissions: NDArray[np.float64]
    stay: NDArray[np.float64]
    """(groups, 3) days at township, county, tertiary."""
    bill: NDArray[np.float64]
    """(groups, 3) yuan a stay at township, county, tertiary."""
    rehabilitation: NDArray[np.float64]
    township_share: NDArray[np.float64]
    """Share of cases that need a hospital which a township centre can treat (class I and II surgery)."""
    listed: NDArray[np.float64]
    """Conditions a referral catalogue lists in the group's specialty, relative to an even split; 0 where it is in none."""

    def of_urgency(self, word: str) -> NDArray[np.bool_]:
        """Say which groups are of an urgency."""
        return self.urgency == URGENCIES.index(word)


@dataclass(frozen=True)
class Facilities:
    """The facilities, by tier, the highest first, and name: (facilities,) arrays."""

    names: tuple[str, ...]
    kind: tuple[str, ...]
    tier: NDArray[np.uint8]
    grade: NDArray[np.uint8]
    place: NDArray[np.uint8]
    appeal: NDArray[np.uint8]
    nest: NDArray[np.uint8]
    town: NDArray[np.int16]
    node: NDArray[np.int16]
    doctors: NDArray[np.int64]
    beds: NDArray[np.int64]
    treatable: NDArray[np.float64]
    level: NDArray[np.int64]
    public: NDArray[np.bool_]
    keys: NDArray[np.uint64]

    def row(self, name: str) -> int:
        """Find a facility by name."""
        return self.names.index(name)

    def of_kind(self, *kinds: str) -> NDArray[np.bool_]:
        """Say which facilities are of one of the kinds."""
        return np.isin(np.array(self.kind), kinds)

    @cached_property
    def in_county(self) -> NDArray[np.bool_]:
        """Say which stand in the county."""
        return self.place == PLACES.index("in_county")

    @cached_property
    def county_hospital(self) -> NDArray[np.bool_]:
        """Say which are hospitals of the county, public or private."""
        return self.in_county & (self.tier == TIERS.index("county"))


@dataclass(frozen=True)
class Place:
    """Everything that stands still: villages, facilities, ways, and which options each village has."""

    towns: tuple[str, ...]
    villages: tuple[str, ...]
    village_town: NDArray[np.int64]
    village_node: NDArray[np.int16]
    facilities: Facilities
    conditions: Conditions
    grid: roads.Grid
    option: NDArray[np.int16]
    """(villages, slots) facility, -1 none: own clinic, own township, two neighbouring townships, private clinic, then the hospitals."""
    nest_first: NDArray[np.int64]
    """(nests + 1,) where the slots of each nest begin."""
    minutes: NDArray[np.float32]
    """(villages, facilities)."""
    between: NDArray[np.float32]
    """(facilities, facilities) minutes."""


def listed(groups: Sequence[str], catalogue: Sequence[Any]) -> NDArray[np.float64]:
    """Say how long a referral catalogue's list is for each condition group, relative to an even split among its specialties: (groups,)."""
    mean = sum(row.conditions for row in catalogue) / len(catalogue)
    share = {group: row.conditions / mean for row in catalogue for group in row.groups}
    return np.array([share.get(group, 0.0) for group in groups])


def conditions(rows: Sequence[Any], catalogue: Sequence[Any]) -> Conditions:
    """Read the case mix into arrays, and how the referral catalogue is divided."""
    ages = ("per_1000_age_0_4", "per_1000_age_5_14", "per_1000_age_15_44", "per_1000_age_45_64", "per_1000_age_65_up")

    def column(*names: str) -> NDArray[np.float64]:
        return np.array([[getattr(row, name) for name in names] for row in rows], float)

    return Conditions(
        tuple(row.group for row in rows),
        column("outpatient_level", "inpatient_level").T.astype(np.int64),
        np.array([URGENCIES.index(row.urgency) for row in rows]),
        column(*ages) / 1000.0,
        column("visits_per_episode")[:, 0],
        column("admissions_per_episode")[:, 0],
        column("stay_days_township", "stay_days_county", "stay_days_tertiary"),
        column("cost_admission_township_yuan", "cost_admission_county_yuan", "cost_admission_tertiary_yuan"),
        column("rehab_probability")[:, 0],
        column("township_share")[:, 0],
        listed([row.group for row in rows], catalogue),
    )


def facilities(rows: Sequence[Any], towns: Sequence[str], nodes: Sequence[str]) -> Facilities:
    """Read the facilities into arrays, sorted by tier and name: the order of the table never matters, and hospitals lie together."""
    rows = sorted(rows, key=lambda row: (-TIERS.index(row.tier), row.facility))
    appeal = [KIND_APPEAL[row.kind] for row in rows]
    node = {name: i for i, name in enumerate(nodes)}

    def codes(words: tuple[str, ...], field: str) -> NDArray[np.uint8]:
        return np.array([words.index(getattr(row, field)) for row in rows], np.uint8)

    return Facilities(
        tuple(row.facility for row in rows),
        tuple(row.kind for row in rows),
        codes(TIERS, "tier"),
        codes(GRADES, "grade"),
        codes(PLACES, "place"),
        np.array([APPEALS.index(word) for word in appeal], np.uint8),
        np.array([NESTS.index(APPEAL_NEST[word]) for word in appeal], np.uint8),
        np.array([towns.index(row.town) if row.town else -1 for row in rows], np.int16),
        np.array([node[row.node] for row in rows], np.int16),
        np.array([row.doctors for row in rows], np.int64),
        np.array([row.beds for row in rows], np.int64),
        np.array([row.treatable for row in rows], float),
        np.array([row.level for row in rows], np.int64),
        np.array([row.ownership == "public" for row in rows]),
        np.array([place_key(row.facility) for row in rows], np.uint64),
    )


_assembled: dict[str, Place] = {}
"""Places put together in this process, by the hash of the data they came from: runs one after another share them."""


def assemble(scenario: Scenario, tables: Tables) -> Place:
    """Put the tables of a scenario on the grid, or give what was put together before from the same data; nobody changes it."""
    if scenario.data not in _assembled:
        _assembled[scenario.data] = _put_together(scenario, tables)
    return _assembled[scenario.data]


def _put_together(scenario: Scenario, tables: Tables) -> Place:
    """Put the tables of a scenario on the grid, and say which options each village has."""
    towns = tuple(sorted(row.town for row in tables.towns))
    villages = sorted((row for row in tables.villages if row.kind != ELSEWHERE), key=lambda row: row.village)
    homes = {row.village: row.village for row in villages} | {ELSEWHERE: ELSEWHERE}
    grid = roads.read_grid(scenario.places.roads, homes, {row.facility: row.node for row in tables.facilities})
    house = facilities(tables.facilities, towns, grid.nodes)
    names = (*(row.village for row in villages), ELSEWHERE)
    node_names = [grid.nodes[i] for i in house.node]
    ways = _ways(grid, house)
    node = np.array([grid.nodes.index(name) for name in names], np.int16)
    minutes = ways[node]
    town_of = [towns.index(row.town) for row in villages]
    near = roads.near(
        minutes, names, [*(row.town for row in villages), ""], node_names, [towns[t] if t >= 0 else "" for t in house.town], house.kind
    )
    return Place(
        towns,
        names,
        np.array([*town_of, -1]),
        node,
        house,
        conditions(sorted(tables.case_mix, key=lambda row: row.group), tables.catalogue),
        grid,
        *_options(house, near, minutes),
        minutes,
        ways[house.node],
    )


def _ways(grid: roads.Grid, house: Facilities) -> NDArray[np.float32]:
    """Measure the minutes from every node to every facility; a village clinic counts for its own village only.

    returns : (nodes, facilities)
    """
    local = house.of_kind("village_clinic")
    far = np.flatnonzero(~local)
    ways = np.full((len(grid.nodes), len(house.names)), np.inf, np.float32)
    ways[:, far] = grid.minutes(grid.nodes, [grid.nodes[n] for n in house.node[far]])
    ways[house.node[local], np.flatnonzero(local)] = grid.inside_minutes
    return ways


def _options(house: Facilities, near: roads.Near, minutes: NDArray[np.float32]) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    """List for each village its own primary facilities, its neighbours', and the hospitals everybody considers, nest by nest.

    returns : (villages, slots) facility or -1, and (nests + 1,) where the slots of each nest begin
    """
    hospital = ~house.of_kind("village_clinic", "private_clinic", "elsewhere_clinic", "elsewhere_hospital", "township")
    central = np.flatnonzero(hospital)
    central = np.sort(central[np.argsort(np.median(minutes[:-1, central], axis=0), kind="stable")][:MOST_CENTRAL])
    county, tertiary = (central[house.nest[central] == NESTS.index(nest)] for nest in ("county", "tertiary"))
    first = np.cumsum([0, 1, 3, 1, len(county), len(tertiary) + 1])
    option = np.full((len(minutes), first[-1]), -1, np.int16)
    option[:, 0], option[:, 1], option[:, 2:4] = near.clinic, near.township, near.others
    option[:, 4] = roads.nearest_others(minutes, house.of_kind("private_clinic"), near.clinic, 1)[:, 0]
    option[:, first[3] : first[4]], option[:, first[4] : first[5] - 1] = county, tertiary
    option[-1, : first[3]] = -1
    for slot, kind in ((4, "elsewhere_clinic"), (first[5] - 1, "elsewhere_hospital")):
        option[-1, slot] = next(iter(np.flatnonzero(house.of_kind(kind))), -1)
    return option, first


def makeup(scenario: Scenario, tables: Tables, place: Place) -> Makeup:
    """Say how many people live where, and what they are like, so that towns and totals come out exactly."""
    people = scenario.population
    rows = {row.town: row for row in tables.towns}
    here = largest_remainder(np.array([rows[town].residents for town in place.towns], float), people.residents)
    excess = np.array([max(rows[town].registered - rows[town].residents, 0) for town in place.towns], float)
    away = largest_remainder(excess, people.registered - people.residents)
    weight = {row.village: row.weight for row in tables.villages}
    heads = np.zeros(len(place.villages), np.int64)
    for town, total in enumerate(here):
        inside = np.flatnonzero(place.village_town == town)
        heads[inside] = largest_remainder(np.array([weight[place.villages[v]] for v in inside]), int(total))
    heads[-1] = away.sum()
    band = np.zeros(120, np.int64)
    for i, (low, high) in enumerate(NEED_AGES):
        band[low : high + 1] = i
    ages = sorted(tables.ages, key=lambda row: row.age_from)
    chronic = place.conditions.of_urgency("chronic")
    return Makeup(
        heads,
        away,
        place.village_town,
        np.array([row.age_from for row in ages]),
        np.array([row.age_to for row in ages]),
        np.array([row.share for row in ages]),
        np.array([row.migrant_share for row in ages]),
        people.female_share,
        people.household_size,
        people.poverty_share,
        people.employees_share,
        people.migrants_enrolled,
        place.conditions.rate[chronic],
        band,
        place.village_node,
        round((scenario.learning.trust_start - 0.5) * 200),
    )


def thinned(amount: NDArray[np.float64], scale: float, load: float) -> NDArray[np.float64]:
    """Thin capacity with the people, keeping the chance of waiting and not the load: small pools need relatively more.

    Square-root staffing (Halfin and Whitt 1981, doi 10.1287/opre.29.3.567): load F c plus the slack times the square root of F.
    load : share of capacity in use at full scale
    """
    return np.asarray(amount * (load * scale + (1.0 - load) * np.sqrt(scale)))


def share_out(total: int, shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Share out doctors or beds among departments, one each at least."""
    if total <= len(shares):
        return np.ones(len(shares), np.int64)
    return 1 + largest_remainder(shares, total - len(shares)) if total - len(shares) else np.ones(len(shares), np.int64)


@dataclass(frozen=True)
class Layout:
    """Which station serves whom: departments of clinics, wards of beds.

    station : (facilities, groups) station, -1 where a facility does not serve the group
    servers : (stations,) doctors in rooms, or beds;  0 outside the county: no queue of ours
    owner   : (stations,) facility
    names   : (stations,) facility and department
    """

    station: NDArray[np.int16]
    servers: NDArray[np.int64]
    owner: NDArray[np.int64]
    names: tuple[str, ...]


def lay_out(place: Place, departments: Sequence[Any], amount: NDArray[np.floating[Any]], share_of: str, wards: bool) -> Layout:
    """Divide the doctors in rooms, or the beds, of every facility among its departments.

    amount : (facilities,) doctors in rooms, or beds, at the scale of the run
    """
    house, groups = place.facilities, place.conditions.names
    station = np.full((len(house.names), len(groups)), -1, np.int16)
    servers: list[int] = []
    owner: list[int] = []
    names: list[str] = []
    by_kind: Mapping[str, list[Any]] = {
        kind: [row for row in departments if row.kind == kind and (row.ward or not wards)] for kind in set(house.kind)
    }
    served = {kind: [[groups.index(group) for group in row.groups] for row in rows] for kind, rows in by_kind.items()}
    shares_of = {kind: np.array([getattr(row, share_of) for row in rows], float) for kind, rows in by_kind.items()}
    for f, name in enumerate(house.names):
        rows = by_kind[house.kind[f]]
        if wards and house.beds[f] <= 0:
            continue
        split = share_out(round(amount[f]), shares_of[house.kind[f]]) if house.in_county[f] else np.zeros(len(rows), np.int64)
        for row, mine, count in zip(rows, served[house.kind[f]], split, strict=True):
            station[f, mine] = len(servers)
            servers.append(int(count))
            owner.append(f)
            names.append(f"{name}.{row.department}")
    return Layout(station, np.array(servers), np.array(owner), tuple(names))


def illness(scenario: Scenario, place: Place) -> need.Illness:
    """Say how often people fall ill, candidates included."""
    groups, rules = place.conditions, scenario.illness
    acute = ~groups.of_urgency("chronic")
    chronic = np.flatnonzero(~acute)
    women = np.isin(groups.names, WOMEN_ONLY)
    female = scenario.population.female_share
    sexes = np.array([np.where(women, 0.0, 1.0), np.where(women, 1.0 / female, 1.0)])
    rate = groups.rate.T[:, None, :] * sexes[None] * acute * rules.headroom * rules.visits_scale
    episodes = rate.sum(axis=2)
    mix = np.cumsum(rate, axis=2) / episodes[:, :, None]
    relative = rules.admissions_scale / rules.visits_scale
    band = np.zeros(120, np.int64)
    for i, (low, high) in enumerate(NEED_AGES):
        band[low : high + 1] = i
    sure = groups.admissions > 0.75
    stays = np.where(sure & (groups.admissions <= 1.0), np.minimum(groups.admissions * relative, 1.0), groups.admissions * relative)
    more = np.maximum(groups.visits - 1.0, 0.0)
    guide = np.array([[np.searchsorted(shares, np.arange(256) / 256.0, side="left") for shares in by_sex] for by_sex in mix])
    return need.Illness(
        episodes, np.exp(-episodes), mix, np.minimum(guide, len(groups.names) - 1).astype(np.uint8),
        np.stack([more, np.exp(-more)], axis=1), stays, groups.of_urgency("emergent").astype(np.uint8), chronic,
        365.0 / (groups.visits[chronic] * rules.headroom * rules.visits_scale),
        groups.admissions[chronic] * rules.headroom * rules.admissions_scale, band, rules.follow_up_days,
    )  # fmt: skip


def waits_outside(scenario: Scenario, house: Facilities) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean waits where no queue of ours is simulated: (facilities,) minutes for a doctor, days for a bed; 0 in the county."""
    places = scenario.places
    tables = [dict(waits) for waits in (places.outside_wait, places.outside_bed_wait)]
    minutes, days = (np.array([waits.get(tier, 0.0) for tier in TIERS])[house.tier] * ~house.in_county for waits in tables)
    return minutes, days


def present_rate(plan: Scenario, place: Place, factors: Sequence[Array | float], month: int) -> Array:
    """Say which share of candidates the present rates keep: (settings, lives, contracts, groups); UserError where there is no headroom.

    factors : of the policies, each broadcasting to that;  month : of the year, 1 for January
    """
    rate = np.ones((2, len(LIVES), len(CONTRACTS), len(place.conditions.names)))
    rate[:, 1] *= plan.population.migrants_use
    rate = MULTIPLIED.of(factors, rate)
    for shock in plan.shocks:
        rate = rate * shock.need
    if plan.illness.season is not None:
        rate = rate * plan.illness.season[month - 1]
    if rate.max() > plan.illness.headroom:
        raise refuse("place.no_headroom", f"{plan.name}: illness.headroom", value=plan.illness.headroom, need=round(float(rate.max()), 3))
    return np.asarray(rate / plan.illness.headroom)

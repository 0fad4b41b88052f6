"""Where more is needed: how much people wait or go unhelped at each facility, and what of it some more capacity there could take away."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, get_args

import pyarrow as pa

from sim.kinds import KINDS
from sim.scenario.scenario import Scenario
from sim.scenario.tables import Facility

What = Literal["beds", "doctors", "experts"]
WHAT: tuple[str, ...] = get_args(What)
FULLEST = 0.995
"""Load at which a queue is reckoned with where it is higher: what waits then is bounded by patience."""


class Need(NamedTuple):
    """What is short at one facility, all people, a year."""

    facility: str
    short: float
    """Days waited for a bed, hours waited for a doctor, or visits that could not be helped there."""
    relief: float
    """What of that the amount asked for would take away if as many came as now: a rule of thumb that says whom to simulate."""


def needs(scenario: Scenario, tables: Sequence[pa.Table], what: What, amount: int, scale: float) -> list[Need]:
    """Say what is short where, what most relieves first; ties go by name.

    tables : `facilities` of runs of the scenario, one a seed
    scale  : share of the people in these runs
    """
    seen = [{row["facility"]: row for row in table.to_pylist()} for table in tables]
    year = 365 / scenario.period.days / scale / max(len(seen), 1)
    found = [_need(row, [one[row.facility] for one in seen], scenario, what, amount, year) for row in candidates(scenario, what)]
    return sorted(found, key=lambda need: (-need.relief, -need.short, need.facility))


def candidates(scenario: Scenario, what: What) -> Iterator[Facility]:
    """List where more can be put: public facilities of the county that have some; experts go to the township centres of groups."""
    member = {town for group in scenario.groups.values() for town in group.towns}
    for row in scenario.tables.facilities:
        if what == "experts":
            fits = KINDS[row.kind].offered == "own town" and row.town in member
        else:
            fits = row.place == "in_county" and row.ownership == "public" and getattr(row, what) > 0
        if fits:
            yield row


def _need(row: Facility, seen: Sequence[Mapping[str, Any]], scenario: Scenario, what: What, amount: int, year: float) -> Need:
    """Add up what is short at one facility."""
    if what == "experts":
        unhelped = sum(one["visits_unhelped"] for one in seen) * year
        return Need(row.facility, unhelped, unhelped * getattr(scenario.mechanisms.get("expert_posting"), "skill_gain", 0.0))
    if what == "beds":
        days = sum(one["admissions"] * (one["mean_bed_wait_days"] or 0.0) for one in seen) * year
        load = sum(one["bed_occupancy"] or 0.0 for one in seen) / max(len(seen), 1)
        return Need(row.facility, days, days * relieved(load, row.beds, amount))
    hours = sum(one["visits"] * (one["mean_wait_minutes"] or 0.0) for one in seen) * year / 60
    tier, care = KINDS[row.kind].tier, scenario.care
    rooms = row.doctors * care.clinic_share[tier]
    visits = sum(one["visits"] for one in seen) * year / 365
    open_minutes = care.opening[tier].to - care.opening[tier].from_
    load = visits * care.service[tier] / max(open_minutes * rooms, 1e-9)
    return Need(row.facility, hours, hours * relieved(load, rooms, amount * care.clinic_share[tier]))


def relieved(load: float, servers: float, more: float) -> float:
    """Say which share of the waiting so many more servers take away, by the approximation of Sakasegawa (1977, doi 10.1007/BF02532775).

    load : share of the time in which servers are busy now
    """
    return 1.0 - _line(load * servers / (servers + more), servers + more) / _line(load, servers)


def _line(load: float, servers: float) -> float:
    """Give the length of the line before so many servers, up to a factor."""
    busy = min(max(load, 1e-6), FULLEST)
    return float(busy ** ((2.0 * (servers + 1.0)) ** 0.5) / (1.0 - busy))

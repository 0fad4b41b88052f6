"""Check the facilities of a scenario against their kinds, departments, towns and the schedule of benefits."""

import math
from collections.abc import Iterator

from sim.kinds import KINDS
from sim.language.messages import Fault, nearest
from sim.reading.document import at
from sim.reading.strict_yaml import Value
from sim.scenario.plan import Plan
from sim.scenario.tables import Facility, Tables

SCHEMES = ("residents", "employees", "elsewhere")
MOST_EVERYBODY = 250
"""Hospitals that everybody considers, at most: each makes every choice longer."""


def faults(scenario: Plan, tables: Tables, tree: Value) -> Iterator[Fault]:
    """Find what is wrong with the facilities."""
    yield from kinds(scenario, tables.facilities)
    yield from schedule(scenario, tables.facilities, tree)
    yield from departments(scenario, tables)
    yield from wards(scenario, tables)
    yield from added(scenario, tables, tree)
    yield from catalogue(scenario, tables)


def kinds(scenario: Plan, facilities: tuple[Facility, ...]) -> Iterator[Fault]:
    """Check that facilities have the tier of their kind, and a place and a grade that facilities of it may have."""
    file = scenario.places.facilities.name
    for row in facilities:
        kind = KINDS[row.kind]
        for key, value, allowed in (
            ("check.other_tier", row.tier, (kind.tier,)),
            ("check.other_place", row.place, kind.places),
            ("check.other_grade", row.grade, kind.grades),
        ):
            if value not in allowed:
                yield Fault(key, f"{file}: {row.facility}", {"value": value, "kind": row.kind, "wanted": ", ".join(allowed)})
    many = sum(KINDS[row.kind].offered == "everybody" for row in facilities)
    if many > MOST_EVERYBODY:
        yield Fault("check.many_hospitals", file, {"value": many, "most": MOST_EVERYBODY})


def departments(scenario: Plan, tables: Tables) -> Iterator[Fault]:
    """Check that departments serve condition groups of the case mix, each once, and share out all doctors of a kind of facility."""
    known = [row.group for row in tables.case_mix]
    file = scenario.places.departments.name
    served: dict[tuple[str, str], str] = {}
    for row in tables.departments:
        for group in row.groups:
            place = f"{file}: {row.kind} {row.department}"
            if group not in known:
                yield Fault("check.no_group", place, {"value": group, "near": nearest(group, known)})
            elif (row.kind, group) in served:
                yield Fault("check.served_twice", place, {"value": group, "department": served[row.kind, group]})
            served.setdefault((row.kind, group), row.department)
    for kind in sorted({row.kind for row in tables.departments}):
        total = math.fsum(row.doctor_share for row in tables.departments if row.kind == kind)
        if abs(total - 1) > 0.01:
            yield Fault("check.doctors_sum", f"{file}: {kind}", {"value": f"{total:.4g}"})
    for kind in sorted({row.kind for row in tables.facilities} - {row.kind for row in tables.departments}):
        yield Fault("check.no_department", file, {"value": kind})


def wards(scenario: Plan, tables: Tables) -> Iterator[Fault]:
    """Check that the beds of every kind of facility are shared out among its wards, all of them."""
    file, kinds_with_beds = scenario.places.departments.name, {row.kind for row in tables.facilities if row.beds}
    for kind in sorted({row.kind for row in tables.departments}):
        rows = [row for row in tables.departments if row.kind == kind]
        for row in rows:
            if row.bed_share and not row.ward:
                values = {"value": f"{row.bed_share:g}"}
                yield Fault("check.beds_without_ward", f"{file}: {kind} {row.department}", values)
        total = math.fsum(row.bed_share for row in rows if row.ward)
        if kind in kinds_with_beds and not any(row.ward for row in rows):
            yield Fault("check.no_ward", f"{file}: {kind}", {"value": kind})
        elif any(row.ward for row in rows) and abs(total - 1) > 0.01:
            yield Fault("check.beds_sum", f"{file}: {kind}", {"value": f"{total:.4g}"})


def added(scenario: Plan, tables: Tables, tree: Value) -> Iterator[Fault]:
    """Check that capacity is added to facilities that exist, inside the county: beyond it no queue is simulated that it could shorten."""
    inside = {row.facility: row.place == "in_county" for row in tables.facilities}
    for name in scenario.places.added:
        if name not in inside:
            yield Fault("check.no_facility", at(tree, "places", "added", name), {"value": name, "near": nearest(name, inside)})
        elif not inside[name]:
            yield Fault("check.added_outside", at(tree, "places", "added", name), {"value": name})


def catalogue(scenario: Plan, tables: Tables) -> Iterator[Fault]:
    """Check that the referral catalogue lists condition groups of the case mix, each in one specialty."""
    known, member, file = [row.group for row in tables.case_mix], dict[str, str](), scenario.referral.catalogue.name
    for row in tables.catalogue:
        for group in row.groups:
            place = f"{file}: {row.specialty}"
            if group not in known:
                yield Fault("check.no_group", place, {"value": group, "near": nearest(group, known)})
            elif group in member:
                yield Fault("check.listed_twice", place, {"value": group, "specialty": member[group]})
            member.setdefault(group, row.specialty)


def schedule(scenario: Plan, facilities: tuple[Facility, ...], tree: Value) -> Iterator[Fault]:
    """Check that every scheme has a cell for every grade and place at which there are facilities."""
    places = {row.facility: row.place for row in facilities}
    later = {(change.grade, places[change.facility]) for change in scenario.places.grades if change.facility in places}
    visits = sorted(later | {(row.grade, row.place) for row in facilities})
    stays = sorted(later | {(row.grade, row.place) for row in facilities if row.beds > 0})
    for scheme in SCHEMES:
        for setting, cells in (("outpatient", visits), ("inpatient", stays)):
            for grade, place in cells:
                path = ("insurance", scheme, setting, grade, place)
                if getattr(getattr(scenario.insurance, scheme), setting)[grade][place] is None:
                    yield Fault("check.no_cell", at(tree, *path), {"grade": grade, "place": place})

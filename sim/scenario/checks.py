"""Check what a scenario says against itself: sums, names that must exist, cells that will be needed."""

import itertools
import math
from collections.abc import Collection, Iterator

from sim.kinds import KINDS
from sim.language.messages import Fault, nearest
from sim.reading.blocks import Whole
from sim.reading.document import at
from sim.reading.strict_yaml import Value
from sim.scenario.plan import Plan
from sim.scenario.tables import Condition, Facility, Tables
from sim.words import WOMEN_ONLY

MOST_ACUTE, MOST_CARE = 200.0, 600.0
"""Visits a person and year, of acute care and of chronic care, that the model can draw."""
MOST_CHRONIC = 8
SCHEMES = ("residents", "employees", "elsewhere")


def faults(scenario: Plan, tables: Tables, tree: Value, measures: Collection[str] | None) -> Iterator[Fault]:
    """Find everything that is wrong with a scenario whose shape is right.

    tree     : the merged scenario, for the places of the faults
    measures : the measures goals may name; None: any
    """
    yield from people(scenario, tables, tree)
    yield from periods(scenario, tree)
    yield from wholes(scenario, tree)
    yield from groups(scenario, tables, tree)
    yield from schedule(scenario, tables.facilities, tree)
    yield from bands(scenario, tree)
    yield from special_groups(scenario, tables, tree)
    yield from needs(scenario, tables, tree)
    yield from towns_of_rows(scenario, tables)
    yield from tiers_of_kinds(scenario, tables.facilities)
    yield from departments(scenario, tables)
    yield from catalogue(scenario, tables)
    if measures is not None:
        yield from goals(scenario, measures, tree)


def people(scenario: Plan, tables: Tables, tree: Value) -> Iterator[Fault]:
    """Check the totals of the population and the shares of the ages."""
    population = scenario.population
    if population.residents == 0 or population.registered == 0:
        name = "residents" if population.residents == 0 else "registered"
        yield Fault("check.empty_county", at(tree, "population", name), {"value": 0})
    if population.residents > population.registered:
        values = {"value": population.residents, "registered": population.registered}
        yield Fault("check.more_residents", at(tree, "population", "residents"), values)
    for column in ("share", "migrant_share"):
        total = math.fsum(getattr(row, column) for row in tables.ages)
        if abs(total - 1) > 1e-6:
            yield Fault("check.ages_sum", population.ages.name, {"value": f"{total:.4g}", "column": column})
    ages = sorted(tables.ages, key=lambda row: row.age_from)
    for younger, older in itertools.pairwise(ages):
        if older.age_from != younger.age_to + 1:
            yield Fault("check.ages_gap", population.ages.name, {"value": older.age_from, "wanted": younger.age_to + 1})
    for row in tables.ages:
        if row.age_to < row.age_from:
            yield Fault("check.ages_order", population.ages.name, {"value": row.age_to, "begins": row.age_from})
    if not any(row.weight > 0 for row in tables.villages if row.kind != "elsewhere"):
        yield Fault("check.no_village", population.villages.name, {})


def needs(scenario: Plan, tables: Tables, tree: Value) -> Iterator[Fault]:
    """Check that nobody needs more care in a year than the model can draw, and that the chronically ill need some."""
    illness, file = scenario.illness, scenario.illness.case_mix.name
    factor = illness.visits_scale * illness.headroom
    chronic = [row for row in tables.case_mix if row.urgency == "chronic"]
    if len(chronic) > MOST_CHRONIC:
        yield Fault("check.many_chronic", f"{file}: {chronic[MOST_CHRONIC].group}", {"value": len(chronic), "most": MOST_CHRONIC})
    for row in chronic:
        if row.visits_per_episode * factor < 0.01:
            yield Fault("check.no_visits", f"{file}: {row.group}", {"value": f"{row.visits_per_episode * factor:g}"})
    female = scenario.population.female_share
    acute = [(row, max(row.visits_per_episode, 1.0) / (female if row.group in WOMEN_ONLY else 1.0)) for row in tables.case_mix]
    loads = [("chronic", factor * math.fsum(row.visits_per_episode for row in chronic), MOST_CARE)]
    for column in (name for name in Condition.model_fields if name.startswith("per_1000")):
        loads.append(
            (
                column,
                factor * math.fsum(getattr(row, column) / 1000.0 * times for row, times in acute if row.urgency != "chronic"),
                MOST_ACUTE,
            )
        )
    for column, load, most in loads:
        if load > most:
            values = {"value": f"{load:,.0f}", "column": column, "most": f"{most:g}"}
            yield Fault("check.needs", at(tree, "illness", "visits_scale"), values)


def periods(scenario: Plan, tree: Value) -> Iterator[Fault]:
    """Check that what ends begins before."""
    spans = [(("mechanisms", name), rules.from_, rules.until) for name, rules in scenario.mechanisms.items()]
    spans += [(("shocks", str(i)), shock.from_, shock.until) for i, shock in enumerate(scenario.shocks)]
    for path, begins, ends in spans:
        if begins is not None and ends is not None and ends <= begins:
            yield Fault("check.ends_first", at(tree, *path, "until"), {"value": ends, "begins": begins})
    for tier, hours in scenario.care.opening.items():
        if hours.to <= hours.from_:
            written = tree.at(("care", "opening", tier, "to")).content
            yield Fault("check.closed", at(tree, "care", "opening", tier, "to"), {"value": written})


def wholes(scenario: Plan, tree: Value) -> Iterator[Fault]:
    """Check that the rules' shares of a whole make up one."""
    blocks = [(name, field, block) for name, rules in scenario.mechanisms.items() for field, block in rules if isinstance(block, Whole)]
    for name, field, block in blocks:
        parts = block.model_dump(exclude={"source"})
        total = math.fsum(parts.values())
        if abs(total - 1) > 1e-6:
            values = {"value": f"{total * 100:.6g} %", "parts": ", ".join(parts)}
            yield Fault("check.whole_sum", at(tree, "mechanisms", name, field), values)


def groups(scenario: Plan, tables: Tables, tree: Value) -> Iterator[Fault]:
    """Check that groups name towns and hospitals that exist, and that no town is in two."""
    towns = [row.town for row in tables.towns]
    leads = [row.facility for row in tables.facilities if KINDS[row.kind].may_lead]
    member: dict[str, str] = {}
    for name, group in scenario.groups.items():
        if group.lead not in leads:
            values = {"value": group.lead, "near": nearest(group.lead, leads)}
            yield Fault("check.no_lead", at(tree, "groups", name, "lead"), values)
        for i, town in enumerate(group.towns):
            place = at(tree, "groups", name, "towns", str(i))
            if town not in towns:
                yield Fault("check.no_town", place, {"value": town, "near": nearest(town, towns)})
            elif town in member:
                yield Fault("check.town_twice", place, {"value": town, "group": member[town]})
            member.setdefault(town, name)
    facilities = [row.facility for row in tables.facilities]
    for i, change in enumerate(scenario.places.grades):
        if change.facility not in facilities:
            values = {"value": change.facility, "near": nearest(change.facility, facilities)}
            yield Fault("check.no_facility", at(tree, "places", "grades", str(i), "facility"), values)


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


def bands(scenario: Plan, tree: Value) -> Iterator[Fault]:
    """Check that the bands of critical-illness insurance rise, and that only the last is open."""
    for scheme in SCHEMES:
        ends = [band.up_to for band in getattr(scenario.insurance, scheme).critical_illness.bands]
        path = ("insurance", scheme, "critical_illness", "bands")
        closed = [end for end in ends[:-1] if end is not None]
        if len(closed) < len(ends) - 1 or ends[-1] is not None:
            yield Fault("check.bands_open", at(tree, *path), {"value": len(ends)})
        elif any(above <= below for below, above in zip([0.0, *closed], closed, strict=False)):
            yield Fault("check.bands_order", at(tree, *path), {"value": ", ".join(f"{end:g}" for end in closed)})


def special_groups(scenario: Plan, tables: Tables, tree: Value) -> Iterator[Fault]:
    """Check that visits paid like stays are of condition groups of the case mix."""
    known = [row.group for row in tables.case_mix]
    for scheme in SCHEMES:
        for i, group in enumerate(getattr(scenario.insurance, scheme).special_chronic):
            if group not in known:
                values = {"value": group, "near": nearest(group, known)}
                yield Fault("check.no_group", at(tree, "insurance", scheme, "special_chronic", str(i)), values)


def towns_of_rows(scenario: Plan, tables: Tables) -> Iterator[Fault]:
    """Check that villages and facilities stand in towns that exist."""
    towns = [row.town for row in tables.towns]
    rows = [(scenario.population.villages.name, row.village, row.town) for row in tables.villages if row.kind != "elsewhere"]
    rows += [(scenario.places.facilities.name, row.facility, row.town) for row in tables.facilities if row.place == "in_county" or row.town]
    for file, name, town in rows:
        if town not in towns:
            yield Fault("check.no_town", f"{file}: {name}", {"value": town, "near": nearest(town, towns)})


def tiers_of_kinds(scenario: Plan, facilities: tuple[Facility, ...]) -> Iterator[Fault]:
    """Check that facilities are of the tier of their kind."""
    for row in facilities:
        if row.tier != KINDS[row.kind].tier:
            values = {"value": row.tier, "kind": row.kind, "wanted": KINDS[row.kind].tier}
            yield Fault("check.other_tier", f"{scenario.places.facilities.name}: {row.facility}", values)


def departments(scenario: Plan, tables: Tables) -> Iterator[Fault]:
    """Check that departments serve condition groups of the case mix, and share out all doctors of a kind of facility."""
    known = [row.group for row in tables.case_mix]
    file = scenario.places.departments.name
    for row in tables.departments:
        for group in row.groups:
            if group not in known:
                values = {"value": group, "near": nearest(group, known)}
                yield Fault("check.no_group", f"{file}: {row.kind} {row.department}", values)
    for kind in sorted({row.kind for row in tables.departments}):
        total = math.fsum(row.doctor_share for row in tables.departments if row.kind == kind)
        if abs(total - 1) > 0.01:
            yield Fault("check.doctors_sum", f"{file}: {kind}", {"value": f"{total:.4g}"})
    for kind in sorted({row.kind for row in tables.facilities} - {row.kind for row in tables.departments}):
        yield Fault("check.no_department", file, {"value": kind})


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


def goals(scenario: Plan, measures: Collection[str], tree: Value) -> Iterator[Fault]:
    """Check that goals name measures that exist."""
    for name in scenario.targets:
        if name not in measures:
            yield Fault("check.no_measure", at(tree, "targets", name), {"value": name, "near": nearest(name, measures)})

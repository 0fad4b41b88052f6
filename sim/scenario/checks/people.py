"""Check the people of a scenario against their tables: totals, ages, towns and villages, and what they need."""

import itertools
import math
from collections.abc import Iterator

from sim.language.messages import Fault, nearest
from sim.reading.document import at
from sim.reading.strict_yaml import Value
from sim.scenario.ages import adult_share
from sim.scenario.plan import Plan
from sim.scenario.tables import Condition, Tables
from sim.words import ADULT, WOMEN_ONLY

MOST_ACUTE, MOST_CARE = 200.0, 600.0
"""Visits a person and year, of acute care and of chronic care, that the model can draw."""
MOST_EPISODES, MOST_VISITS, MOST_STAYS, MOST_CHRONIC_STAYS = 40.0, 40.0, 5.0, 6.0
"""Acute episodes a person and year, visits and stays of one, and stays a year of a chronic condition, that are drawn without loss."""
MOST_CHRONIC = 8


def faults(scenario: Plan, tables: Tables, tree: Value) -> Iterator[Fault]:
    """Find what is wrong with the people."""
    yield from people(scenario, tables, tree)
    yield from homes(scenario, tables)
    yield from needs(scenario, tables, tree)
    yield from drawn_whole(scenario, tables, tree)
    yield from towns_of_rows(scenario, tables)


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
    if population.employees_share > (grown := adult_share(tables)):
        asked = f"{100 * population.employees_share:g} %"
        where = at(tree, "population", "employees_share")
        yield Fault("check.employees", where, {"value": asked, "grown": f"{100 * grown:.4g} %", "age": ADULT})


def homes(scenario: Plan, tables: Tables) -> Iterator[Fault]:
    """Check that everybody who is to live somewhere finds a town, and a village in it."""
    population = scenario.population
    if population.residents and not any(row.residents for row in tables.towns):
        yield Fault("check.no_residents", population.towns.name, {"value": population.residents})
    if population.registered > population.residents and not any(row.registered > row.residents for row in tables.towns):
        yield Fault("check.nobody_away", population.towns.name, {"value": population.registered - population.residents})
    lived_in = {row.town for row in tables.villages if row.kind != "elsewhere" and row.weight > 0}
    for row in tables.towns:
        if row.residents and row.town not in lived_in:
            yield Fault("check.no_village", f"{population.villages.name}: {row.town}", {"value": row.residents, "town": row.town})


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


def drawn_whole(scenario: Plan, tables: Tables, tree: Value) -> Iterator[Fault]:
    """Check that nobody has more episodes, or an episode more visits and stays, than are drawn."""
    illness, file = scenario.illness, scenario.illness.case_mix.name
    more, female = illness.headroom, scenario.population.female_share
    acute = [row for row in tables.case_mix if row.urgency != "chronic"]
    ages = [name for name in Condition.model_fields if name.startswith("per_1000")]
    for column in ages:
        often = (getattr(row, column) / 1000.0 / (female if row.group in WOMEN_ONLY else 1.0) for row in acute)
        episodes = math.fsum(often) * more * illness.visits_scale
        if episodes > MOST_EPISODES:
            yield _too_often(at(tree, "illness", "visits_scale"), episodes, column, MOST_EPISODES)
    for row in tables.case_mix:
        place = f"{file}: {row.group}"
        if row.urgency == "chronic":
            stays, most = row.admissions_per_episode * more * illness.admissions_scale, MOST_CHRONIC_STAYS
            for column in (name for name in ages if getattr(row, name) > 1000):
                yield Fault("check.more_than_all", place, {"value": f"{getattr(row, column):g}", "column": column})
        else:
            stays, most = row.admissions_per_episode * illness.admissions_scale / illness.visits_scale, MOST_STAYS
            if row.visits_per_episode > MOST_VISITS:
                yield _too_often(place, row.visits_per_episode, "visits_per_episode", MOST_VISITS)
            if 0 < row.visits_per_episode < 1:
                yield Fault("check.part_of_a_visit", place, {"value": f"{row.visits_per_episode:g}"})
        if stays > most:
            yield _too_often(place, stays, "admissions_per_episode", most)
        for column in ("stay_days_township", "stay_days_county", "stay_days_tertiary"):
            if row.admissions_per_episode > 0 and getattr(row, column) == 0:
                yield Fault("check.no_days", place, {"column": column})


def _too_often(place: str, value: float, column: str, most: float) -> Fault:
    return Fault("check.too_often", place, {"value": f"{value:,.3g}", "column": column, "most": f"{most:g}"})


def towns_of_rows(scenario: Plan, tables: Tables) -> Iterator[Fault]:
    """Check that villages and facilities stand in towns that exist."""
    towns = [row.town for row in tables.towns]
    rows = [(scenario.population.villages.name, row.village, row.town) for row in tables.villages if row.kind != "elsewhere"]
    rows += [(scenario.places.facilities.name, row.facility, row.town) for row in tables.facilities if row.place == "in_county" or row.town]
    for file, name, town in rows:
        if town not in towns:
            yield Fault("check.no_town", f"{file}: {name}", {"value": town, "near": nearest(town, towns)})

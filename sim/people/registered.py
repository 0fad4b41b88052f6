"""The registered (户籍人口): how many people live where and what they are like, so that towns and totals come out exactly."""

import numpy as np

from sim.arithmetic.rounding import largest_remainder
from sim.people.illness import need_bands
from sim.people.makeup import Makeup
from sim.place.place import Place
from sim.scenario.ages import adult_share, by_year
from sim.scenario.scenario import Scenario
from sim.scenario.tables import Tables


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
    chronic = place.conditions.of_urgency("chronic")
    return Makeup(
        heads,
        away,
        place.village_town,
        by_year(tables, "share"),
        by_year(tables, "migrant_share"),
        people.female_share,
        people.household_size,
        people.poverty_share,
        people.employees_share / max(adult_share(tables), 1e-9),
        people.migrants_enrolled,
        place.conditions.rate[chronic],
        need_bands(),
        place.village_node,
        round((scenario.learning.trust_start - 0.5) * 200),
    )

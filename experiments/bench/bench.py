"""Measure speed: the engine beside SimPy, the county beside plain Mesa objects, and what more people and more rules cost.

Everything runs in one process after a warm start, and of several tries the best counts, so that two figures of one run can be compared.
"""

from collections.abc import Sequence
from time import perf_counter
from typing import NamedTuple

import numpy as np

from experiments.bench.network import engine_waits, simpy_waits, visits_per_second
from experiments.bench.objects import objects_day
from experiments.bench.places import places
from experiments.running.one import live
from results.outcomes import measures
from sim.county import County
from sim.loading import load
from sim.scenario.scenario import Scenario
from sim.warming import warm

BEFORE, SHIPPED, AFTER = "lujiang-2018", "lujiang-2020", "lujiang-all"
"""The scenarios measured: before the reform, as reformed, and with every mechanism there is."""


class Sizes(NamedTuple):
    """How much is measured."""

    tries: int = 4
    """Times everything is done; the best counts."""
    years: int = 2
    """Times the whole county lives its year; the best counts."""
    engine_hours: float = 40_000.0
    simpy_hours: float = 1_000.0
    people: int = 100_000
    """Registered people of the county that stands beside plain objects."""
    object_days: int = 5
    part_days: int = 31
    """Measured days of every county but the whole one."""
    parts: tuple[float, float] = (0.05, 0.25)
    """Shares of the people, beside all of them, at which a day is timed."""
    whole: float = 1.0
    """Share of the people that stands for all of them."""
    year: int = 365
    """Measured days of the whole county."""


USUAL = Sizes()
THOROUGH = Sizes(tries=10, years=5, object_days=10)


class Lived(NamedTuple):
    """What a county took: seconds to make it, to live all days and to measure them, how many days, and the visits of the measured ones."""

    making: float
    living: float
    measuring: float
    days: int
    measured_days: int
    visits: int

    @property
    def day(self) -> float:
        """Seconds of a day."""
        return self.living / self.days


def lived(scenario: Scenario, scale: float, seed: int) -> Lived:
    """Make a county and live its run-in and its days."""
    began = perf_counter()
    county = County(scenario, seed, scale)
    made = perf_counter()
    live(county)
    ended = perf_counter()
    measures(county)
    measured, period = perf_counter(), scenario.period
    visits = int(county.outpatients.counts.visits.sum())
    return Lived(made - began, ended - made, measured - ended, period.run_in_days + period.days, period.days, visits)


def best_of(tries: int, *worlds: tuple[Scenario, float]) -> list[Lived]:
    """Live several worlds by turns, so that a slow moment of the machine hits all of them; the fastest of each counts."""
    found = [[lived(scenario, scale, seed + 1) for scenario, scale in worlds] for seed in range(tries)]
    return [min(of_one, key=lambda one: one.making + one.living) for of_one in zip(*found, strict=True)]


def bench(sizes: Sizes = USUAL) -> dict[str, float | int]:
    """Measure everything; returns name -> figure, seconds and visits as the names say."""
    warm(load(AFTER))
    asked = places(load(AFTER), sizes.whole, sizes.tries)
    found = {**beside_simpy(sizes), **county(sizes), **small_year(sizes), **asked, **beside_objects(sizes)}
    return {**found, "tries": sizes.tries, "years": sizes.years}


def beside_simpy(sizes: Sizes) -> dict[str, float]:
    """Time the engine and SimPy on one network."""
    engine = visits_per_second(engine_waits, sizes.engine_hours, sizes.tries)
    plain = visits_per_second(simpy_waits, sizes.simpy_hours, sizes.tries)
    return {"ratio_to_simpy": engine / plain, "engine_visits_per_second": engine, "simpy_visits_per_second": plain}


def county(sizes: Sizes) -> dict[str, float]:
    """Time a year of the whole county, days of parts of it, and days without mechanisms."""
    rules, short = load(AFTER), load(AFTER, [f"period.days={sizes.part_days}"])
    none = load(AFTER, [f"period.days={sizes.part_days}", *(f"mechanisms.{name}=null" for name in rules.mechanisms)])
    small, large = sizes.parts
    few, part, plain = best_of(sizes.tries, (short, small), (short, large), (none, large))
    (year,) = best_of(sizes.years, (load(AFTER, [f"period.days={sizes.year}"]), sizes.whole))
    days = {small: few.day, large: part.day, sizes.whole: year.day}
    return {
        "county_seconds_per_year": year.making + year.living,
        "county_visits_per_second": year.visits * year.days / year.measured_days / year.living,
        **{f"day_seconds_{100 * scale:g}_percent": seconds for scale, seconds in days.items()},
        "cost_growth_exponent": exponent(list(days), list(days.values())),
        "mechanisms_cost_ratio": part.day / plain.day,
    }


def small_year(sizes: Sizes) -> dict[str, float]:
    """Time a year of a small part of the people, as batches run it by the thousand: in a process that has lived one before."""
    scenario, share = load(SHIPPED, [f"period.days={sizes.year}"]), sizes.parts[0]
    (_, year) = best_of(sizes.tries, (scenario, share), (scenario, share))
    parts = {"making": year.making, "living": year.living, "measuring": year.measuring}
    return {"small_year_seconds": sum(parts.values()), **{f"small_year_seconds_{part}": seconds for part, seconds in parts.items()}}


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Fit cost = c * size ** x by least squares on logarithms; returns x: 1 is linear, less than 1 better."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


def beside_objects(sizes: Sizes) -> dict[str, float]:
    """Time a day of our county and of one in plain Mesa objects, with as many people; ours lives the whole day, theirs a reduced one."""
    scenario = load(BEFORE, [f"period.days={sizes.part_days}"])
    (ours,) = best_of(sizes.tries, (scenario, sizes.people / scenario.population.registered))
    theirs = objects_day(sizes.people, sizes.object_days)
    return {
        "ratio_to_mesa_objects": theirs.seconds_per_day / ours.day,
        "county_day_seconds": ours.day,
        "county_visits_per_day": ours.visits / ours.measured_days,
        "objects_day_seconds": theirs.seconds_per_day,
        "objects_visits_per_day": theirs.visits_per_day,
    }

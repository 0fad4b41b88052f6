"""Warm up: have every kernel compiled, or loaded from the cache, before the clock of a run starts.

Nothing is simulated: a county without people goes once through the parts of a day. The first time, when there is nothing in the cache,
a second process compiles the later parts, and the first finds them ready.
"""

import subprocess
import sys
from collections.abc import Callable

import numpy as np

from sim import living
from sim.arithmetic.compiled import cache_folder
from sim.county import County
from sim.people import illness, need
from sim.people.makeup import build
from sim.people.people import People
from sim.people.registered import makeup
from sim.people.residents import Resident, empty_columns
from sim.scenario.scenario import Scenario

STANDARD = "lujiang-2018"
"""The scenario on which the second process warms up; kernels do not depend on what a scenario says."""
READY = "ready"
"""File in the cache folder that says: all kernels are there."""


class Blank(County):
    """A county where nobody lives."""

    def _settle_people(self) -> None:
        """Give room for people and fill it with nobody; two rows, because numpy takes one row for contiguous, and kernels see that."""
        self.residents = self.add_population(Resident, empty_columns(2))
        population = self.residents.population
        self.people = People(*(population.array(name) for name in People._fields))

    def _draw_illness(self) -> None:
        """Write an empty calendar."""
        self.illness = illness.base_rates(self.plan, self.place)
        days = self.plan.period.days + need.BEFORE - self.today
        nobody = np.zeros(2, need.NEED)
        columns = (nobody[name] for name in need.Calendar._fields[2:])
        self.calendar = need.Calendar(self.today - need.BEFORE, np.zeros(days + 1, np.int64), *columns)


def steps(county: County) -> tuple[list[Callable[[], object]], list[Callable[[], object]]]:
    """List what has kernels, in two halves that take about as long to compile."""
    everybody = makeup(county.plan, county.tables, county.place)
    few = everybody._replace(heads=np.minimum(everybody.heads, 1), migrant_heads=np.minimum(everybody.migrant_heads, 1))
    sex = county.residents.population.array("sex")
    here, clinics, wards, past = county.kept
    now, more = 0.0, np.diff(county.outpatients.stations.first) + county.place.facilities.in_county[county.outpatients.departments.owner]
    first = [lambda: living.morning(0, here, clinics, wards)]
    second = [
        lambda: living.evening(0, here, clinics, wards, past),
        lambda: living.consult(0, here, clinics, wards),
        lambda: build(county.luck, few, 0.5, empty_columns),
        lambda: need.calendar(county.luck, county.illness, county.people, sex, 0, 2),
        lambda: county.contracts.decide(1),
        lambda: county.outpatients.take(more, now),
    ]
    return first, second


def warm(scenario: Scenario) -> None:
    """Compile or load every kernel."""
    folder = cache_folder()
    first, second = steps(Blank(scenario))
    if folder is None or (folder / READY).exists():
        _go_through(first + second)
        return
    with subprocess.Popen([sys.executable, "-m", "sim.warming"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as other:
        _go_through(first)
        other.wait()
        _go_through(second)
    (folder / READY).touch()


def ready(scenario: Scenario) -> None:
    """See that every kernel is in the cache, so that processes begun now find it there; does nothing where it is."""
    folder = cache_folder()
    if folder is None or not (folder / READY).exists():
        warm(scenario)


def _go_through(parts: list[Callable[[], object]]) -> None:
    for part in parts:
        part()


def main() -> None:
    """Warm up the second half."""
    from sim.loading import load

    _go_through(steps(Blank(load(STANDARD)))[1])


if __name__ == "__main__":
    main()

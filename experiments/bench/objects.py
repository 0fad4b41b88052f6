"""A small county in plain Mesa objects, as Mesa's own tutorials write one: what the columnar county is measured against.

Every resident is a `mesa.Agent` with his own state and a Python `step`; facilities are agents with a heap of servers. The day is reduced:
residents fall ill, choose among eight options by logit weights of price, distance and wait, queue first come first served, and pay.
Nothing is made slow on purpose; a faster model needs another shape, not other settings.
"""

import heapq
import math
from time import perf_counter
from typing import NamedTuple

import mesa

VISITS_A_YEAR = 5.2
"""Mean visits of a resident in a year."""
OPENS, CLOSES = 480.0, 1050.0
"""Minutes after midnight."""


class Option(NamedTuple):
    """What the residents know of a facility."""

    constant: float
    price: float
    """Yuan out of pocket."""
    kilometres: float
    doctors_per_1000_a_day: float
    """Doctors for a thousand visits a day."""
    service: float
    """Mean minutes with the doctor."""


OPTIONS = (
    Option(0.9, 12.0, 1.0, 24.0, 8.0),
    Option(0.7, 15.0, 4.0, 10.0, 9.0),
    Option(0.4, 18.0, 7.0, 9.0, 9.0),
    Option(0.5, 60.0, 18.0, 8.0, 12.0),
    Option(0.4, 72.0, 20.0, 8.0, 12.0),
    Option(0.2, 66.0, 22.0, 6.0, 12.0),
    Option(0.6, 160.0, 75.0, 6.0, 12.0),
    Option(0.9, 231.0, 80.0, 6.0, 12.0),
)


class Facility(mesa.Agent):
    """Doctors who see patients in the order they come."""

    def __init__(self, model: "ObjectCounty", option: Option, doctors: int) -> None:
        super().__init__(model)
        self.option = option
        self.free_at = [OPENS] * doctors
        self.expected_wait = 0.0
        self.visits = 0
        self.waited = 0.0
        self.takings = 0.0

    def open_doors(self) -> None:
        """Learn from yesterday's waits and put every doctor at the desk."""
        if self.visits:
            self.expected_wait += 0.2 * (self.waited / self.visits - self.expected_wait)
        self.visits, self.waited = 0, 0.0
        self.free_at = [OPENS] * len(self.free_at)

    def see(self, arrival: float, service: float) -> float:
        """Give the next free doctor to a patient; returns the minutes waited."""
        start = max(arrival, self.free_at[0])
        heapq.heapreplace(self.free_at, start + service)
        self.visits += 1
        self.waited += start - arrival
        self.takings += self.option.price
        return start - arrival


class Patient(mesa.Agent):
    """A resident with a home, an age, and what was spent and waited."""

    def __init__(self, model: "ObjectCounty") -> None:
        super().__init__(model)
        self.age = model.random.randrange(0, 95)
        self.distance_factor = model.random.uniform(0.5, 1.5)
        self.spent = 0.0
        self.waited = 0.0

    def live(self) -> None:
        """Fall ill or not; who does chooses where to go and when."""
        if self.random.random() < self.model.chance_today:
            arrival = self.random.uniform(OPENS, CLOSES)
            self.model.visits_today.append((arrival, self.unique_id, self, self.choose()))

    def choose(self) -> Facility:
        """Draw a facility with logit probabilities."""
        weights = [math.exp(self.utility(facility)) for facility in self.model.facilities]
        return self.random.choices(self.model.facilities, weights)[0]

    def utility(self, facility: Facility) -> float:
        """Value a facility by its constant, price, distance and the wait to expect."""
        option = facility.option
        return option.constant - 0.01 * option.price - 0.03 * option.kilometres * self.distance_factor - 0.02 * facility.expected_wait

    def visit(self, facility: Facility, arrival: float) -> None:
        """Wait, be seen, and pay."""
        self.waited += facility.see(arrival, self.random.expovariate(1.0 / facility.option.service))
        self.spent += facility.option.price


class ObjectCounty(mesa.Model):
    """A county whose every resident is a Python object."""

    def __init__(self, residents: int, seed: int = 1) -> None:
        super().__init__(rng=seed)
        self.chance_today = VISITS_A_YEAR / 365.0
        daily = residents * self.chance_today / 1000.0
        self.facilities = [Facility(self, option, max(1, round(option.doctors_per_1000_a_day * daily))) for option in OPTIONS]
        for _ in range(residents):
            Patient(self)
        self.visits_today: list[tuple[float, int, Patient, Facility]] = []
        self.visits = 0

    def step(self) -> None:
        """Live one day."""
        for facility in self.facilities:
            facility.open_doors()
        self.visits_today.clear()
        self.everyone_lives()
        for arrival, _, patient, facility in sorted(self.visits_today, key=lambda visit: visit[:2]):
            patient.visit(facility, arrival)
        self.visits += len(self.visits_today)

    def everyone_lives(self) -> None:
        """Let every resident live his day, in the order they were made: who comes first at a facility is decided by the clock."""
        self.agents_by_type[Patient].do("live")


class ShuffledCounty(ObjectCounty):
    """The same county, its residents shuffled every day as Mesa's tutorials do."""

    def everyone_lives(self) -> None:
        """Let every resident live his day, in random order."""
        self.agents_by_type[Patient].shuffle_do("live")


class Measured(NamedTuple):
    """What the object county did and took."""

    seconds_per_day: float
    visits_per_day: float


def objects_day(residents: int = 100_000, days: int = 3, kind: type[ObjectCounty] = ObjectCounty) -> Measured:
    """Time some days of an object county, its making left out; the fastest day counts."""
    county = kind(residents)
    seconds = []
    for _ in range(days):
        began = perf_counter()
        county.step()
        seconds.append(perf_counter() - began)
    return Measured(min(seconds), county.visits / days)


def objects_day_seconds(residents: int = 100_000, days: int = 3) -> float:
    """Give the seconds one day of the object county takes."""
    return objects_day(residents, days).seconds_per_day


def visits_per_day(residents: int = 100_000) -> float:
    """Give the visits a day of the object county is made for."""
    return residents * VISITS_A_YEAR / 365.0

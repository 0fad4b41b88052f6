"""Small counties to test with, and a watch that notes from inside what each day brought."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.running.one import live
from sim import County, load
from sim.care.clinic import DOWN, EMERGENCY, ONWARD, SENDS_ON
from sim.care.engine.lines import BLOCKED, DAY, DORMANT, LEFT, SERVED, SHUT, WAITING
from sim.record import watch

__all__ = ["BLOCKED", "DAY", "DORMANT", "DOWN", "EMERGENCY", "LEFT", "ONWARD", "SENDS_ON", "SERVED", "SHUT", "WAITING"]

SCALE = 0.02
TIERS_OF_CARE = ("village", "clinic", "township", "county")
CROWDED = (
    *(f"care.service.{tier}=70 min" for tier in TIERS_OF_CARE),
    "care.patience=60 min",
    "care.stay_scale.county=3",
    "care.stay_scale.township=3",
    "care.bed_patience=3 d",
)
"""A county of few doctors and beds: slow services and long stays, since every department keeps one doctor at the smallest scale."""
HURRIED = ("care.stay_scale.county=0.1", "mechanisms.referral_rules.down_offer=100 %", "mechanisms.referral_rules.down_accept=100 %")
"""Stays of less than a day, each of which goes on further down."""


class Hall(NamedTuple):
    """A day at the clinics, or in the wards: (rows,) as they stood in the evening before anything was carried over midnight.

    carried, count, left : rows carried into the day; rows in all; rows carried out of it
    cases                : columns of those who looked for care, as they stood after their choice
    again                : cases put down for tomorrow
    """

    carried: int
    count: int
    left: int
    rows: dict[str, NDArray[Any]]
    tickets: dict[str, NDArray[Any]]
    cases: dict[str, NDArray[Any]]
    again: int


class Evening(NamedTuple):
    """What was so in the evening of one day; counts are totals since the first counted day."""

    number: int
    midnight: float
    visits: Hall
    stays: Hall
    in_beds: dict[str, NDArray[Any]]
    bedded: dict[str, NDArray[Any]]
    state: NDArray[np.uint8]
    place_node: NDArray[np.int16]
    paid: NDArray[np.int64]
    tally: NDArray[np.int64]
    candidates: NDArray[np.int64]
    visit_fate: NDArray[np.int64]
    stay_fate: NDArray[np.int64]
    admissions: int
    seen: int
    down: int
    beds: NDArray[np.int64]


class Watch(watch.Watch):
    """Looks on while a county lives, and notes every day; changes nothing."""

    def __init__(self, county: County) -> None:
        self.county, self.evenings = county, list[Evening]()
        county.watch = self

    def chosen(self, county: County) -> None:
        self._cases = columns(county.outpatients.cases), columns(county.inpatients.cases)

    def closed(self, county: County, seen: int, admitted: int) -> None:
        out, inn = county.outpatients, county.inpatients
        self._halls = [
            Hall(side.carried, count, 0, columns(side.rows, count), columns(side.tickets, count), cases, 0)
            for side, count, cases in zip((out, inn), (seen, admitted), self._cases, strict=True)
        ]
        self._bedded = columns(inn.in_beds)

    def settled(self, county: County) -> None:
        out, inn, (visits, stays) = county.outpatients, county.inpatients, self._halls
        self._visits = visits._replace(left=out.carried, again=int(out.again.count[0] + out.sent.count[0]))
        stays = stays._replace(left=inn.carried, again=int(inn.again.count[0]))
        midnight = county.clock.measured_minutes[0] + county.today * DAY
        self.evenings.append(self._evening(midnight, stays, self._bedded))

    def _evening(self, midnight: float, stays: Hall, bedded: dict[str, NDArray[Any]]) -> Evening:
        county = self.county
        out, inn, day = county.outpatients, county.inpatients, county.today - county.calendar.start
        setting = county.calendar.setting[county.calendar.first[day] : county.calendar.first[day + 1]]
        return Evening(
            county.today, midnight, self._visits, stays, columns(inn.in_beds), bedded, county.people.state.copy(),
            county.people.place_node.copy(), county.books.paid.copy(), county.need_tally.copy(), np.bincount(setting, minlength=2),
            out.counts.fate.copy(), inn.counts.fate.copy(), int(inn.counts.admissions.sum()), int(out.counts.visits.sum()),
            int(inn.counts.down.sum()), np.diff(inn.stations.first),
        )  # fmt: skip


def columns(table: Any, count: int | None = None) -> dict[str, NDArray[Any]]:
    """Copy the rows in use of a table of columns: the first `count`, or as many as it says itself."""
    used = int(table.count[0]) if count is None else count
    return {name: values[:used].copy() for name, values in table._asdict().items() if name != "count"}


def county(settings: Sequence[str] = (), name: str = "lujiang-2020", seed: int = 1, scale: float = SCALE, days: int = 30) -> County:
    """Make a small county that has not lived a day."""
    return County(load(name, [f"period.days={days}", *settings]), seed=seed, scale=scale)


def lived(settings: Sequence[str] = (), name: str = "lujiang-2020", seed: int = 1, scale: float = SCALE, days: int = 30) -> County:
    """Make a small county that has lived its days."""
    return live(county(settings, name, seed, scale, days))


@cache
def watched(settings: tuple[str, ...] = (), days: int = 30) -> Watch:
    """Watch a small county through its days; the same watch for everyone who asks."""
    made = Watch(county(settings, days=days))
    for _ in made.county.days():
        pass
    return made

"""Offer sheets without people: the rules of a scenario put together as the market does before anybody has waited."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import load
from sim.answers import Terms
from sim.choice import rows, utility
from sim.choice.choosing import Sheet
from sim.money.paying import Tariff
from sim.place.departments import divide_beds, divide_rooms
from sim.place.place import Place, assemble
from sim.scenario.scenario import Scenario
from sim.words import SCHEMES

Reals = NDArray[np.float64]


class Offers(NamedTuple):
    """A sheet, and what it was made of."""

    plan: Scenario
    place: Place
    able: NDArray[np.float32]
    tariff: Tariff
    sheet: Sheet

    def kind(self, setting: int, condition: str, scheme: str = "here_residents", first: int = 0, second: int = 0, referred: int = 0) -> int:
        """Find a row: contracted and ceiling spent of a visit, poor and repeat of a stay."""
        group = self.place.conditions.names.index(condition)
        return rows.kind(self.sheet, setting, group, SCHEMES.index(scheme), first, second, referred)

    def row(self, setting: int, kind: int, village: int, old: int = 0, signed: int = 0) -> Reals:
        """Give a row: (slots + 1,) shares, the last of no formal care."""
        return np.asarray(rows.shares(rows.stranger(self.sheet, setting, kind, village, old, signed), self.sheet)[0])

    def share(self, setting: int, kind: int, village: int, facilities: NDArray[np.bool_]) -> float:
        """Add up the shares of some facilities in a row."""
        return float(self.row(setting, kind, village)[:-1][np.append(facilities, [False, False])[self.sheet.option[village]]].sum())

    @property
    def kinds(self) -> range:
        """All rows of the sheet."""
        return range(len(self.sheet.pull))


def offered(scenario: str = "lujiang-2020", settings: Sequence[str] = (), terms: Terms | None = None, skill: Reals | None = None) -> Offers:
    """Make the sheet of the first day of a scenario, mechanisms left out but for the terms given."""
    plan = load(scenario, settings)
    place = assemble(plan, plan.tables)
    house, rows = place.facilities, plan.tables.departments
    serves = (
        divide_rooms(place, rows, house.doctors.astype(float)).station.T >= 0,
        divide_beds(place, rows, house.beds.astype(float)).station.T >= 0,
    )
    said = Terms() if terms is None else terms
    able = utility.ability(place, np.zeros((1, 1, 1)) if skill is None else skill)
    for setting, ours in enumerate(serves):
        able[setting, :-2] *= ours.T
    tariff = utility.tariff(plan, place, house.grade, said)
    leaves = utility.leaves(plan, place, able, tariff, said, serves)
    pull = utility.standing_pull(leaves, plan, place, serves)
    return Offers(plan, place, able, tariff, utility.sheet(plan, place, able, leaves, pull, tariff, serves))

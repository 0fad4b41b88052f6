"""Offers shown: what a patient was offered on a morning, and which option the race gave him before rules or doctors spoke."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.choice import choosing, rows, utility
from sim.choice.choosing import Sheet
from sim.people import need
from sim.people.people import People
from sim.record.events import Option
from sim.words import VISIT
from sim.world import World

LEAST_SHOWN = 0.005
"""Options that fewer people than this would take are not shown, unless this one did."""


class Case(NamedTuple):
    """One case of a morning, see `sim.people.need.Cases`; `able_only` where only able facilities were left to choose from."""

    setting: int
    resident: int
    person: int
    occasion: int
    group: int
    attempt: int
    avoid: int
    referred: int
    able_only: bool
    facility: int
    onward: int


def alone(case: Case) -> need.Cases:
    """Put one case into columns of its own, as it stood before the choice."""
    one = need.cases(1)
    one.count[0] = 1
    one.resident[0], one.person[0], one.occasion[0], one.group[0] = case.resident, case.person, case.occasion, case.group
    one.attempt[0], one.avoid[0], one.referred[0] = case.attempt, case.avoid, case.referred
    return one


class Chosen(NamedTuple):
    """What the race gave, -1 for no formal care, and the kind of patient it was run for."""

    facility: int
    kind: int


def chosen(county: World, case: Case) -> Chosen:
    """Run the race of one case again, as it was before rules and doctors spoke."""
    one = alone(case)
    choosing.choose(county.luck, case.setting, one, 0, 1, case.able_only, county.people, county.market.sheet)
    return Chosen(int(one.facility[0]), int(one.kind[0]))


def is_taken(case: Case, sheet: Sheet) -> bool:
    """Say whether he is taken somewhere as an emergency and has nothing to choose."""
    return bool(sheet.emergent[case.group]) and case.avoid < 0


def weights(case: Case, people: People, sheet: Sheet) -> NDArray[np.float64]:
    """Say what his options weigh: (slots + 1,), the last of no formal care."""
    return rows.weights(rows.patients(case.setting, alone(case), people, sheet, case.able_only), sheet)[0]


class Board:
    """Says what options cost, how far they are and how long one waits; what a mean bill costs is worked out once for each tariff."""

    def __init__(self) -> None:
        self._tariff: object = None

    def options(self, county: World, case: Case, taken: Chosen) -> list[Option]:
        """List what he was offered, the most likely first, and what the race gave him among it."""
        place, sheet = county.place, county.market.sheet
        village = int(county.people.village[case.resident])
        pays = self._own(county, case.setting)[taken.kind - case.setting * len(self._pays[VISIT])]
        waits = county.expected_waits()[case.setting][case.group]
        if is_taken(case, sheet):
            offered, share = np.array([taken.facility]), np.ones(1)
        else:
            weight = weights(case, county.people, sheet)
            offered, share = np.append(sheet.option[village], -1), weight / max(weight.sum(), 1e-300)
        return [
            Option(int(f), float(pays[f]), float(place.minutes[village, f]), float(waits[f]), float(part))
            if f >= 0
            else Option(-1, 0.0, 0.0, 0.0, float(part))
            for f, part in sorted(zip(offered.tolist(), share.tolist(), strict=True), key=lambda pair: -pair[1])
            if part > 0 and (part >= LEAST_SHOWN or f == taken.facility)
        ]

    def _own(self, county: World, setting: int) -> NDArray[np.float64]:
        """Give what a mean bill costs the patient himself: (kinds of one setting, facilities), yuan."""
        if self._tariff is not county.market.tariff:
            self._tariff = county.market.tariff
            visit, stay = utility.own_payment(county.market.tariff, county.place)
            self._pays = visit.reshape(-1, visit.shape[-1]), stay.reshape(-1, stay.shape[-1])
        return self._pays[setting]

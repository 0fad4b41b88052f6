"""Multiply out the offer sheet for many needs at once, and make the sheet as it would be under other prices or tastes.

What follows from a row of the sheet is exact: no luck is drawn beyond who falls ill.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.answers import Terms
from sim.choice import rows, utility
from sim.choice.choosing import Sheet
from sim.mechanisms import hearing
from sim.money.paying import Tariff
from sim.people import need
from sim.people.people import People
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from sim.county import County

Array = NDArray[np.float64]
HERE = 0
"""Code of those who live in the county."""


class Needs(NamedTuple):
    """Needs of people living here, spread over the days to come, as they stand before the choice.

    cases : as kernels read them;  weight : (cases,) share of such candidates that the present rate of illness keeps
    """

    setting: int
    cases: need.Cases
    weight: Array

    def mean(self, values: Array, among: NDArray[np.bool_] | None = None) -> float:
        """Average a number of each case over all needs, or over some of them; NaN over none."""
        weight = self.weight if among is None else self.weight * among
        total = float(weight.sum())
        return float((values * weight).sum()) / total if total > 0.0 else float("nan")


def needs(county: "County", setting: int, most: int) -> Needs:
    """Take needs of one setting evenly from the rest of the calendar, at most so many."""
    calendar, people = county.calendar, county.people
    start = int(calendar.first[county.today - calendar.start])
    found = start + np.flatnonzero((calendar.setting[start:] == setting) & (people.lives[calendar.resident[start:]] == HERE))
    taken = found[np.unique(np.linspace(0, len(found) - 1, min(most, len(found))).astype(np.int64))]
    cases = need.cases(len(taken))
    cases.count[0] = len(taken)
    cases.resident[:], cases.occasion[:], cases.group[:] = calendar.resident[taken], calendar.occasion[taken], calendar.group[taken]
    cases.person[:] = people.person[cases.resident]
    kept = county.rate[setting, HERE, people.contract[cases.resident], cases.group]
    return Needs(setting, cases, np.asarray(kept, float))


def emergencies(asked: Needs, sheet: Sheet) -> NDArray[np.bool_]:
    """Say who is taken to a hospital and has nothing to choose: (cases,)."""
    return np.asarray(sheet.emergent[asked.cases.group] > 0)


def patients(asked: Needs, people: People, sheet: Sheet) -> rows.Patients:
    """Describe those who need care as the sheet tells them apart."""
    return rows.patients(asked.setting, asked.cases, people, sheet)


def shares(asked: Needs, people: People, sheet: Sheet) -> Array:
    """Share of such patients who choose each option: (cases, slots + 1), the last of no formal care."""
    return rows.shares(patients(asked, people, sheet), sheet)


def own_payments(asked: Needs, people: People, county: "County") -> Array:
    """Say what a mean bill at each option costs the patient himself: (cases, slots) yuan; of no meaning where there is no option."""
    sheet, own = county.market.sheet, utility.own_payment(county.market.tariff, county.place)[asked.setting]
    flat = own.reshape(-1, own.shape[-1])
    kind = patients(asked, people, sheet).kind - asked.setting * len(flat)
    return np.asarray(flat[kind[:, None], options(asked, people, sheet, own.shape[-1])])


def options(asked: Needs, people: People, sheet: Sheet, facilities: int) -> NDArray[np.int64]:
    """Name the facility of each option: (cases, slots); the last facility stands in where there is none."""
    return np.minimum(sheet.option[people.village[asked.cases.resident]].astype(np.int64), facilities - 1)


def offered(asked: Needs, people: People, sheet: Sheet, facilities: int) -> NDArray[np.bool_]:
    """Say which options there are: (cases, slots)."""
    return np.asarray(sheet.option[people.village[asked.cases.resident]] < facilities)


def sheet_under(county: "County", plan: Scenario, tariff: Tariff, terms: Terms) -> Sheet:
    """Make the sheet anew as it would be today under another plan, tariff or other terms."""
    place, able = county.place, county.market.able
    leaves = utility.leaves(plan, place, able, tariff, terms, county.offered)
    standing = utility.standing_pull(leaves, plan, place, county.market.offered)
    pull = np.empty_like(standing)
    utility.with_waits(standing, utility.patience_at(county.station_waits(), county.market.departments, plan, place), pull)
    return utility.sheet(plan, place, able, leaves, pull, tariff, county.market.offered)


def dearer(county: "County", factor: float) -> Sheet:
    """Make the sheet as it would be if the patient's own payment of every option were multiplied.

    Bill, deductible, its upper end and waiver are multiplied alike, so that the own payment, which is linear in them, is too.
    """
    tariff = county.market.tariff
    scaled = tariff._replace(
        visit_bill=tariff.visit_bill * factor,
        stay_bill=tariff.stay_bill * factor,
        deductible=tariff.deductible * np.float32(factor),
        deductible_most=np.rint(tariff.deductible_most * factor).astype(np.int64),
        waived=tariff.waived * np.float32(factor),
    )
    return sheet_under(county, county.plan, scaled, hearing.terms(county.mechanisms, county))

"""The schedule of reimbursement (报销政策): what each scheme promises for visits and stays, by grade and place, with and without referral.

Axes as in the offer sheet. visits : condition group, scheme, contracted, ceiling spent, referred, facility;
stays : condition group, scheme, registered poor, repeat stay, referred, facility.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.money.paying import CHRONIC, ORDINARY, SPECIAL
from sim.place.place import Place
from sim.scenario.insurance import Insurance, Scheme
from sim.scenario.plan import Priced
from sim.words import GRADES, PLACES

Array = NDArray[np.float64]
FIRST_OUTSIDE, BEYOND_CITY, OUTSIDE = 1, 2, PLACES.index("outside")
UNREFERRED = np.array([1.0, 0.0])[None, None, None, None, :, None]
OWN_COUNTY = np.array([1.0, 1.0, 0.0])[None, :, None, None, None, None]
"""Schemes of the county, which ask for a referral; that of another place does not."""


class Promise(NamedTuple):
    """What is promised for one setting, each broadcasting to its axes.

    share, floor     : of the in-scope bill above the deductible: what the fund pays, and what it pays at least, whatever is taken off
    deductible       : yuan;  deductible_share : of the bill, where this is more
    """

    share: Array
    floor: Array
    deductible: Array
    deductible_share: Array


def schemes(insurance: Insurance) -> tuple[Scheme, Scheme, Scheme]:
    """List the schemes in the order of their axis."""
    return insurance.residents, insurance.employees, insurance.elsewhere


def _cells(scheme: Scheme, setting: str, place: Place, grade: NDArray[np.uint8], field: str) -> Array:
    """Look up one number of a scheme's schedule for each facility; 0 where the scheme does not cover it."""
    table = getattr(scheme, setting)
    cells = [[getattr(table[word], where) for where in PLACES] for word in GRADES]
    values = np.array([[0.0 if cell is None else getattr(cell, field) for cell in row] for row in cells])
    return np.asarray(values[grade, place.facilities.place])


def _table(insurance: Insurance, setting: str, place: Place, grade: NDArray[np.uint8], field: str) -> Array:
    """Look up one number of all schemes over the axes of the offer sheet."""
    return np.array([_cells(scheme, setting, place, grade, field) for scheme in schemes(insurance)])[None, :, None, None, None, :]


def stays(scenario: Priced, place: Place, grade: NDArray[np.uint8]) -> Promise:
    """Tabulate what is promised for stays; who goes outside the county without referral is promised less.

    Without referral the fixed deductible is raised beyond the city; the share of the bill, with its own upper end, is not.
    """
    insurance, where = scenario.insurance, place.facilities.place
    share, floor, fixed, part = (
        _table(insurance, "inpatient", place, grade, field) for field in ("fund_share", "floor", "deductible", "deductible_share")
    )
    unreferred = UNREFERRED * OWN_COUNTY
    cut = (insurance.unreferred_cut * (where >= FIRST_OUTSIDE) + insurance.unreferred_cut_outside * (where == OUTSIDE)) * unreferred
    more = 1.0 + (insurance.unreferred_deductible - 1.0) * (where >= BEYOND_CITY) * unreferred
    repeat = np.array([[1.0, scheme.repeat_deductible] for scheme in schemes(insurance)])[None, :, None, :, None, None]
    least = np.minimum(floor, share)  # a floor stops what is taken off a share; it raises none
    return Promise(np.maximum(share - cut, least), least, fixed * repeat * more, part * repeat)


def visits(scenario: Priced, place: Place, grade: NDArray[np.uint8]) -> Promise:
    """Tabulate what is promised for visits: chronic ones at their own share, special ones at that of a stay, without a deductible."""
    insurance = scenario.insurance
    share, fixed = (_table(insurance, "outpatient", place, grade, field) for field in ("fund_share", "deductible"))
    away = (place.facilities.place == OUTSIDE) & (OWN_COUNTY > 0)
    longterm = np.array([scheme.chronic_share for scheme in schemes(insurance)])[None, :, None, None, None, None] * ~away
    chronic = place.conditions.of_urgency("chronic")[:, None, None, None, None, None]
    special = (purses(scenario, place).T == SPECIAL)[:, :, None, None, None, None]
    stay = stays(scenario, place, grade)
    covered = np.where(special, stay.share, np.where(chronic, np.maximum(longterm, share), share))
    return Promise(covered, np.where(special, stay.floor, 0.0), np.where(special, 0.0, fixed), np.zeros((1,) * 6))


def purses(scenario: Priced, place: Place) -> NDArray[np.uint8]:
    """Say towards which yearly limit visits count: (schemes, groups), ORDINARY, CHRONIC or SPECIAL."""
    chronic = np.where(place.conditions.of_urgency("chronic"), CHRONIC, ORDINARY)
    special = [np.isin(place.conditions.names, scheme.special_chronic) for scheme in schemes(scenario.insurance)]
    return np.where(np.array(special), SPECIAL, chronic).astype(np.uint8)


def most(scenario: Priced, place: Place, grade: NDArray[np.uint8]) -> Array:
    """Say what a share of the bill makes the deductible of a stay at most: (schemes, facilities) yuan."""
    return _table(scenario.insurance, "inpatient", place, grade, "deductible_most")[0, :, 0, 0, 0, :]

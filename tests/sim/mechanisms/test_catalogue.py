"""The referral catalogue: as long as the guide, commonest conditions first, and never covering less for being longer."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sim import load
from sim.mechanisms.referral_rules import listed_cases
from sim.place.conditions import cases_covered
from sim.place.place import Place, assemble
from sim.words import NEED_AGES, VISIT

LENGTHS = (0, 1, 50, 95, 170, 265, 400)


@pytest.fixture(scope="module")
def place() -> Place:
    plan = load("lujiang-2020")
    return assemble(plan, plan.tables)


def visits_by_group(place: Place) -> NDArray[np.float64]:
    """Say how many visits a person of the county needs a year, by condition group: (groups,)."""
    ages = load("lujiang-2020").tables.ages
    share = np.array([sum(row.share for row in ages if low <= row.age_from <= high) for low, high in NEED_AGES])
    return np.asarray(place.conditions.rate @ share * place.conditions.visits)


def test_the_guide_has_13_specialties_and_265_conditions_and_every_group_is_in_one(place: Place) -> None:
    rows = load("lujiang-2020").tables.catalogue
    assert (len(rows), sum(row.conditions for row in rows)) == (13, 265)
    assert sorted(group for row in rows for group in row.groups) == sorted(place.conditions.names)


def test_of_the_cases_a_township_may_treat_it_covers_what_the_curve_says(place: Place) -> None:
    eligible = visits_by_group(place) * (place.conditions.level[VISIT] == 2)
    covered = np.average(listed_cases(place.conditions, 265), weights=eligible)
    assert abs(covered - cases_covered(265)) < 0.01


def test_more_conditions_never_cover_less_of_any_group(place: Place) -> None:
    covered = np.array([listed_cases(place.conditions, length) for length in LENGTHS])
    assert np.all(covered[0] == 0.0)
    assert np.all(np.diff(covered, axis=0) > 0.0)
    assert np.all(covered < 1.0)


def test_a_longer_part_of_the_list_covers_more(place: Place) -> None:
    covered = dict(zip(place.conditions.names, listed_cases(place.conditions, 265), strict=True))
    length = {group: row.conditions for row in load("lujiang-2020").tables.catalogue for group in row.groups}
    assert sorted(covered, key=lambda group: (length[group], group)) == sorted(covered, key=lambda group: (covered[group], group))

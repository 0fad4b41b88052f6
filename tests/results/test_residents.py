"""The table of residents by town, age and poverty: it tells of the same people, needs and yuan as the measures do."""

import numpy as np
import pytest

from experiments.running.one import lived
from results.outcomes import measures
from results.tables import claims, referrals, residents
from sim import County, load
from sim.money.paying import PATIENT, RESIDENTS_FUND
from sim.people.equity import BILLS, PAID, areas_of, row_of, rows_of
from sim.words import TIERS


@pytest.fixture(scope="module")
def county() -> County:
    """Live a short while in a small county."""
    return lived(load("lujiang-2020", ["period.days=40", "period.run_in_days=5"]), scale=0.01)


def test_the_groups_add_up_to_the_measures(county: County) -> None:
    table, found = residents(county).to_pydict(), measures(county)
    assert sum(table["people"]) == found["residents"]
    assert sum(table["visits_forgone"]) == found["forgone_care_share__numerator"]
    assert sum(table["visit_needs"]) == found["forgone_care_share__denominator"]
    assert sum(table["stay_needs"]) == found["forgone_admission_share__denominator"]
    assert sum(table["stays_forgone"]) == found["forgone_admission_share__numerator"]
    assert sum(table["visits"]) == found["in_county_visit_share__denominator"]
    assert sum(table["visits_in_county"]) == found["in_county_visit_share__numerator"]
    assert sum(table["admissions"]) == found["in_county_admission_share_resident__denominator"]


def test_everybody_pays_what_the_books_say(county: County) -> None:
    whole = county.outpatients.counts.equity + county.inpatients.counts.equity
    assert whole[:, BILLS].sum() == county.books.paid.sum()
    assert whole[:, PAID].sum() == county.books.paid[PATIENT].sum()


def test_rows_are_found_alike_by_kernel_and_by_numpy(county: County) -> None:
    people, areas = county.people, areas_of(county.place.village_town, county.place.to_county_hospital)
    some = range(0, len(people.age), 97)
    columns = (people.lives, people.village, people.age, people.poor, people.chronic)
    assert [row_of.py_func(*(int(column[r]) for column in columns), areas.area) for r in some] == rows_of(people, areas)[::97].tolist()


def test_people_are_told_apart_by_their_way_and_their_illness(county: County) -> None:
    table, people = residents(county).to_pandas(), county.people
    here = people.lives == 0
    assert table[table.long_term_ill].people.sum() == ((people.chronic != 0) & here).sum()
    assert table[table.poor].people.sum() == ((people.poor != 0) & here).sum()
    house = county.place.facilities
    goal = house.in_county & house.public & (house.tier == TIERS.index("county"))
    minutes = county.place.minutes[people.village[here]][:, goal].min(axis=1)
    far = table[table.minutes_to_county_hospital == "60+"].people.sum()
    near = table[table.minutes_to_county_hospital == "0-30"].people.sum()
    assert (near, far) == ((minutes <= 30).sum(), (minutes > 60).sum())
    assert 0 < near < here.sum()
    lucheng = table[table.town == "lucheng"]
    assert lucheng.people.sum() == ((people.town == county.place.towns.index("lucheng")) & here).sum()


def test_referrals_and_claims_hold_what_was_counted(county: County) -> None:
    table = referrals(county).to_pydict()
    inside = county.place.facilities.in_county
    ours = inside[:, None] | inside
    up = (county.outpatients.counts.up + county.inpatients.counts.up)[ours].sum()
    assert sum(n for n, way in zip(table["count"], table["direction"], strict=True) if way == "up") == up
    assert sum(table["count"]) == up + county.inpatients.counts.down[ours].sum()
    assert np.isclose(sum(claims(county)["yuan"].to_pylist()), county.books.paid[RESIDENTS_FUND].sum() / 100)

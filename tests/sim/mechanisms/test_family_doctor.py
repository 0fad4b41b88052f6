"""Family-doctor contracts: neutral without members, nearer to their own doctors with them, and as many as were asked for."""

import math

import numpy as np
import pytest

from sim import County, load
from sim.choice import OWN_TOWNSHIP
from sim.mechanisms.family_doctor import key_group
from sim.money import WAIVER
from sim.words import TIERS
from tests.sim.mechanisms.small_counties import SCALE, SEED, lived, shared, without

SET = "mechanisms.family_doctor."


def newborn(*settings: str) -> County:
    """Make a county that has not lived a day."""
    return County(load("lujiang-2018", settings), seed=SEED, scale=SCALE)


@pytest.fixture(scope="module")
def county() -> County:
    return lived("lujiang-2018")


def test_without_members_nothing_changes() -> None:
    nobody, nothing = shared(
        lived("lujiang-2018", [f"{SET}coverage=0 %", f"{SET}waived_fee=10 yuan"]), lived("lujiang-2018", without("family_doctor"))
    )
    assert len(nobody) > 50
    assert nobody == nothing


def test_as_many_sign_as_were_asked_for_and_only_people_living_here() -> None:
    people = newborn(f"{SET}coverage=38.34 %").people
    here = people.lives == 0
    assert (people.contract > 0).sum() == round(0.3834 * here.sum())
    assert not people.contract[~here].any()


def test_a_higher_coverage_adds_members_and_takes_none_away() -> None:
    few, many = (newborn(f"{SET}coverage={share} %").people.contract > 0 for share in (20, 60))
    assert np.all(many[few])
    assert many.sum() > few.sum()


def test_key_groups_sign_first() -> None:
    some, first = newborn(f"{SET}coverage=20 %", f"{SET}key_groups_first=false").people, newborn(f"{SET}coverage=20 %").people
    here = np.flatnonzero(first.lives == 0)
    key = key_group(first, here)
    assert key.mean() > 0.2
    assert np.all(key[first.contract[here] > 0])
    signed = key[some.contract[here] > 0]
    assert abs(signed.mean() - key.mean()) < 5 * math.sqrt(key.mean() * (1 - key.mean()) / len(signed))


def test_everybody_may_sign() -> None:
    people = newborn(f"{SET}coverage=100 %").people
    assert np.array_equal(people.contract > 0, people.lives == 0)


def test_the_paid_share_is_near_what_was_asked_for(county: County) -> None:
    contract = county.people.contract
    signed, share = int((contract > 0).sum()), county.plan.mechanisms["family_doctor"].paid_share
    assert abs((contract == 2).sum() / signed - share) < 5 * math.sqrt(share * (1 - share) / signed)


def test_months_go_by_without_changing_how_many_are_members(county: County) -> None:
    before = int((newborn().people.contract > 0).sum())
    assert int((county.people.contract > 0).sum()) == before


def test_when_all_renew_nobody_leaves_and_when_none_renews_a_twelfth_does() -> None:
    members, faithful, faithless = (
        newborn().people.contract > 0,
        lived("lujiang-2018", [f"{SET}renewal=100 %"]),
        lived("lujiang-2018", [f"{SET}renewal=0 %"]),
    )
    assert np.array_equal(faithful.people.contract > 0, members)
    assert faithful.signing.renewed == faithful.signing.ended > 0
    assert faithless.signing.renewed == 0
    left = members & (faithless.people.contract == 0)
    turn = members.sum() / 12
    assert abs(left.sum() - turn) < 5 * math.sqrt(turn)


def test_renewal_is_near_what_was_asked_for(county: County) -> None:
    ended, share = county.signing.ended, 0.932
    assert abs(county.signing.renewed / ended - share) < 5 * math.sqrt(share * (1 - share) / ended)


def test_no_two_months_of_two_years_share_their_luck() -> None:
    """A month of the second year must not ask the same dice as the month a year before."""
    days = 760
    county = County(load("lujiang-2018", [f"period.days={days}", f"{SET}renewal=50 %"]), seed=SEED, scale=0.005)
    lapsed = []
    mechanism = county.mechanisms[0]
    for year in (0, 1):
        county.today = 365 * year
        county.people.contract[:] = county.people.lives == 0
        before = county.people.contract > 0
        places = mechanism._sign
        mechanism._sign = lambda *_: None
        mechanism.month(county, 1)
        mechanism._sign = places
        lapsed.append(before & (county.people.contract == 0))
    both, either = (lapsed[0] & lapsed[1]).sum(), (lapsed[0] | lapsed[1]).sum()
    assert either > 50
    assert both / either == pytest.approx(1 / 3, abs=5 * math.sqrt(2 / 9 / either))


def test_contracts_longer_than_a_year_all_come_up_in_the_end() -> None:
    county = County(load("lujiang-2018", ["period.days=760", f"{SET}signing_months=24", f"{SET}renewal=0 %"]), seed=SEED, scale=0.005)
    asked = np.zeros(len(county.people.person), bool)
    mechanism = county.mechanisms[0]
    mechanism._sign = lambda *_: None
    for day in range(760):
        county.today = day
        if county.date.day == 1:
            county.people.contract[:] = county.people.lives == 0
            mechanism.month(county, county.date.month)
            asked |= (county.people.contract == 0) & (county.people.lives == 0)
    assert np.array_equal(asked, county.people.lives == 0)


def test_appeal_draws_members_to_their_own_township_and_nobody_else() -> None:
    shares = []
    for appeal in (0, 1.5):
        county = lived("lujiang-2018", [f"{SET}appeal={appeal}", f"{SET}coverage=40 %", f"{SET}renewal=100 %"])
        people, house = county.people, county.place.facilities
        own = people.usual == county.place.option[people.village, OWN_TOWNSHIP]
        clinic = (people.usual >= 0) & (house.tier[people.usual] == TIERS.index("village"))
        treated, signed = (people.usual >= 0) & (people.lives == 0), people.contract > 0
        shares.append([(own | clinic)[treated & signed].mean(), (own | clinic)[treated & ~signed].mean(), (treated & ~signed).sum()])
    (members, others, count), (drawn, unmoved, _) = shares
    assert drawn > members + 0.1
    assert abs(unmoved - others) < 5 * math.sqrt(0.25 / count)


def test_a_waived_fee_is_booked_as_waived_at_primary_facilities_only(county: County) -> None:
    waived = lived("lujiang-2018", [f"{SET}waived_fee=10 yuan"]).books.paid[WAIVER].sum(axis=0)
    primary = county.place.facilities.tier < TIERS.index("county")
    assert waived[primary].sum() > 0
    assert waived[~primary].sum() == 0
    assert county.books.paid[WAIVER].sum() == 0

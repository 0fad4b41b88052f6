"""Family-doctor contracts: neutral without members, nearer to their own doctors with them, and as many as were asked for."""

import math
from itertools import pairwise

import numpy as np
import pytest

from experiments.running import one
from sim import County, load
from sim.arithmetic import luck
from sim.choice.choosing import OWN_TOWNSHIP
from sim.institutions import signing
from sim.institutions.signing import NEVER
from sim.language.messages import UserError
from sim.money.paying import WAIVER
from sim.words import TIERS
from tests.sim.mechanisms.small_counties import SCALE, SEED, lived, shared, without

SET = "mechanisms.family_doctor."
LARGEST = 16
"""No household of these counties is larger."""
GIVEN = (f"{SET}long_prescriptions=40 %", f"{SET}managed_averts=10 %", f"{SET}follow_up=50 %")
"""What members are given; nobody else may notice."""
STILL = (f"{SET}signings=0", f"{SET}renewal=100 %")
"""Nobody signs and nobody leaves."""


def newborn(*settings: str) -> County:
    """Make a county that has not lived a day."""
    return County(load("lujiang-2018", settings), seed=SEED, scale=SCALE)


@pytest.fixture(scope="module")
def county() -> County:
    return lived("lujiang-2018")


def test_without_members_nothing_changes() -> None:
    nobody, nothing = shared(
        lived("lujiang-2018", [f"{SET}coverage=0 %", f"{SET}signings=0", f"{SET}waived_fee=10 yuan", *GIVEN]),
        lived("lujiang-2018", without("family_doctor")),
    )
    assert len(nobody) > 50
    assert nobody == nothing


def test_as_many_sign_as_were_asked_for_and_only_people_living_here() -> None:
    people = newborn(f"{SET}coverage=38.34 %").people
    here = people.lives == 0
    assert 0 <= round(0.3834 * here.sum()) - (people.contract > 0).sum() < LARGEST
    assert not people.contract[~here].any()


def test_a_higher_coverage_adds_members_and_takes_none_away() -> None:
    few, many = (newborn(f"{SET}coverage={share} %").people.contract > 0 for share in (20, 60))
    assert np.all(many[few])
    assert many.sum() > few.sum()


def test_households_with_more_of_the_key_groups_sign_before_those_with_fewer() -> None:
    world, any_order = newborn(f"{SET}coverage=20 %"), newborn(f"{SET}coverage=20 %", f"{SET}key_groups_first=false")
    key, size = world.contracts.homes.key, world.contracts.homes.size
    signed, by_luck = (county.contracts.ends >= 0 for county in (world, any_order))
    assert key[signed].min() >= key[~signed].max()
    share, of_luck = (key.sum() / size.sum(), key[by_luck].sum() / size[by_luck].sum())
    assert abs(of_luck - share) < 5 * math.sqrt(4 * share * (1 - share) / size[by_luck].sum())


def test_everybody_may_sign_where_panels_are_large() -> None:
    people = newborn(f"{SET}coverage=100 %", f"{SET}panel=100000").people
    assert np.array_equal(people.contract > 0, people.lives == 0)


def test_no_team_signs_more_people_than_its_panel() -> None:
    county = lived("lujiang-2018", [f"{SET}panel=300", f"{SET}coverage=100 %", f"{SET}acceptance=100 %", f"{SET}signings=1000"])
    members = np.array([team.members for team in county.teams])
    assert members.max() <= 300 * SCALE
    assert any(team.full for team in county.teams)
    assert [team.full for team in county.teams] == (county.contracts.without > 0).tolist()


def test_households_sign_whole_and_take_one_package(county: County) -> None:
    contract, household = county.people.contract, county.residents.population.array("household")
    here = county.people.lives == 0
    for kind in (0, 1, 2):
        assert not np.intersect1d(household[here & (contract == kind)], household[here & (contract != kind)]).size


def test_the_paid_share_is_near_what_was_asked_for(county: County) -> None:
    kinds = county.contracts.kinds[county.contracts.ends >= 0]
    share = county.plan.mechanisms["family_doctor"].paid_share
    assert abs((kinds == 2).mean() - share) < 5 * math.sqrt(share * (1 - share) / len(kinds))


def test_a_team_signs_as_many_people_in_the_mean_as_it_has_time_for() -> None:
    """The time account of each team ends within a household of the time it had."""
    county = lived("lujiang-2018", [f"{SET}coverage=0 %", f"{SET}signings=100", f"{SET}acceptance=100 %"], days=100)
    months, homes = 4, county.contracts.homes
    largest, people = homes.size.max(), np.bincount(county.contracts.zone, homes.size)
    for team in county.teams:
        assert abs(team.members - min(100 * SCALE * months, people[team.row])) < largest
    time, teams = sum(100 * SCALE * months for _ in county.teams), len(county.teams)
    assert abs(sum(team.members for team in county.teams) - time) < 5 * math.sqrt(teams) * largest / 2


def test_only_households_that_say_yes_sign_and_each_answers_once_a_year() -> None:
    settings = [f"{SET}coverage=0 %", f"{SET}signings=100000", f"{SET}panel=100000", f"{SET}acceptance=30 %", *STILL[1:]]
    county = lived("lujiang-2018", settings, days=60)
    signed = np.concatenate([team.ends >= 0 for team in county.teams])
    assert abs(signed.mean() - 0.3) < 5 * math.sqrt(0.21 / len(signed))


def test_without_signings_the_members_only_dwindle(county: County) -> None:
    members = newborn().people.contract > 0
    left = lived("lujiang-2018", [f"{SET}signings=0"])
    assert np.all(members[left.people.contract > 0])
    assert left.contracts.ended - left.contracts.renewed == members.sum() - (left.people.contract > 0).sum() > 0


def test_when_all_renew_nobody_leaves_and_when_none_renews_a_twelfth_does() -> None:
    members, faithful, faithless = (
        newborn().people.contract > 0,
        lived("lujiang-2018", STILL),
        lived("lujiang-2018", [f"{SET}signings=0", f"{SET}renewal=0 %"]),
    )
    assert np.array_equal(faithful.people.contract > 0, members)
    assert faithful.contracts.renewed == faithful.contracts.ended > 0
    assert faithless.contracts.renewed == 0
    left = members & (faithless.people.contract == 0)
    turn = members.sum() / 12
    assert abs(left.sum() - turn) < 5 * math.sqrt(5 * turn)


def test_renewal_is_near_what_was_asked_for(county: County) -> None:
    ended, share = county.contracts.ended, 0.932
    assert abs(county.contracts.renewed / ended - share) < 5 * math.sqrt(5 * share * (1 - share) / ended)


def test_who_lets_a_contract_lapse_is_not_asked_again_that_year() -> None:
    settings = [f"{SET}renewal=0 %", f"{SET}signings=100000", f"{SET}acceptance=100 %", f"{SET}panel=100000"]
    county = lived("lujiang-2018", settings, days=90)
    before = newborn(*settings).people.contract > 0
    assert (before & (county.people.contract == 0)).sum() == county.contracts.ended > 0


def months(county: County, count: int) -> list[np.ndarray]:
    """Let the teams live some months, nothing else; who had a contract that ended in each."""
    due, contracts = [], county.contracts
    while len(due) < count:
        county.clock.today += 1
        if county.date.day == 1:
            county.contracts.decide(county.date.month)
            due.append(np.isin(np.arange(len(county.people.person)), contracts.homes.members(contracts.due)))
    return due


def test_no_two_months_of_two_years_share_their_luck() -> None:
    """A month of the second year must not ask the same dice as the month a year before."""
    settings = ["period.days=760", f"{SET}renewal=50 %", f"{SET}coverage=100 %", f"{SET}panel=100000", f"{SET}signings=0"]
    county = County(load("lujiang-2018", settings), seed=SEED, scale=0.005)
    renewed = luck.uniforms(county.luck, luck.CONTRACT, np.arange(5_000), signing.RENEWS + 1)[:, 0] < 0.5
    again = luck.uniforms(county.luck, luck.CONTRACT, np.arange(5_000), signing.RENEWS + 13)[:, 0] < 0.5
    assert (renewed & again).mean() == pytest.approx(0.25, abs=5 * math.sqrt(0.25 * 0.75 / 5_000))
    shares = [(county.people.contract > 0).mean()]
    for _ in range(2):
        months(county, 12)
        shares.append((county.people.contract > 0).mean())
    households = len(np.unique(county.residents.population.array("household")))
    assert shares[1] / shares[0] == pytest.approx(0.5, abs=5 * math.sqrt(0.5 / households))
    assert shares[2] / shares[1] == pytest.approx(0.5, abs=5 * math.sqrt(0.5 / (households * shares[1])))


def test_contracts_longer_than_a_year_all_come_up_once_and_none_twice() -> None:
    settings = ["period.days=760", f"{SET}signing_months=24", *STILL]
    county = County(load("lujiang-2018", settings), seed=SEED, scale=0.005)
    due = sum(mask.astype(int) for mask in months(county, 24))
    assert np.array_equal(due, (county.people.contract > 0).astype(int))


def test_a_new_contract_ends_when_its_months_are_over() -> None:
    settings = ["period.days=760", f"{SET}coverage=0 %", f"{SET}acceptance=100 %", f"{SET}renewal=100 %", f"{SET}signing_months=5"]
    county = County(load("lujiang-2018", [*settings, f"{SET}signings=200"]), seed=SEED, scale=SCALE)
    months(county, 1)
    first = county.people.contract > 0
    due = months(county, 5)
    assert not any((mask & first).any() for mask in due[:4])
    assert np.array_equal(due[4], first)


CHANGES = "[{{from: 2018-{date}, source: assumed, set: {{{numbers}}}}}]"
BUSY = (f"{SET}renewal=50 %", f"{SET}signings=100", f"{SET}acceptance=80 %")
"""Many leave and many sign."""


def by_month(*settings: str, days: int = 110) -> list[np.ndarray]:
    """Let a county live, and give everybody's contract when each month has begun."""
    county, found = County(load("lujiang-2018", [f"period.days={days}", *BUSY, *settings]), seed=SEED, scale=SCALE), []
    for _ in county.days():
        if county.clock.yesterday.day == 1 or county.clock.yesterday.day == 20:
            found.append(county.people.contract.copy())
    return found


def changed(date: str, numbers: str) -> str:
    """Write a dated change of rules as a setting."""
    return f"changes={CHANGES.format(date=date, numbers=numbers)}"


@pytest.mark.parametrize("date", ["02-15", "03-01"])
def test_a_dated_change_of_what_a_contract_is_worth_moves_no_contract(date: str) -> None:
    usual, waived = by_month(), by_month(changed(date, f"{SET}waived_fee: 10 yuan"))
    assert any((one != other).any() for one, other in pairwise(usual))
    assert all(np.array_equal(one, other) for one, other in zip(usual, waived, strict=True))


def test_a_dated_change_of_acceptance_counts_from_its_day_and_who_left_is_not_asked_again() -> None:
    settings = (f"{SET}renewal=0 %", f"{SET}signings=100000", f"{SET}panel=100000", f"{SET}coverage=90 %", f"{SET}acceptance=0 %")
    county = lived("lujiang-2018", [*settings, changed("02-15", f"{SET}acceptance: 100 %")], days=62)
    before, now = newborn(*settings).people.contract > 0, county.people.contract > 0
    here = county.people.lives == 0
    assert (here & ~before).any()
    assert np.all(now[here & ~before])
    assert (before & ~now).sum() == county.contracts.ended > 0


def test_coverage_cannot_change_on_a_date() -> None:
    with pytest.raises(UserError, match=r"family_doctor\.coverage"):
        load("lujiang-2018", [changed("02-15", f"{SET}coverage: 60 %")])


def test_when_the_rules_lapse_nobody_has_a_contract_any_more() -> None:
    *_, january, february, after, march = by_month(f"{SET}until=2018-02-10", days=70)
    assert january.any() and february.any()
    assert not after.any() and not march.any()
    county = lived("lujiang-2018", [f"{SET}until=2018-01-20"])
    assert not county.contracts.signs
    assert all((team.ends == NEVER).all() and team.members == 0 for team in county.teams)


def test_rules_that_come_into_force_later_sign_up_to_their_coverage_then() -> None:
    county = lived("lujiang-2018", [f"{SET}from=2018-01-10", f"{SET}coverage=40 %"])
    assert 0 <= round(0.4 * (county.people.lives == 0).sum()) - (county.people.contract > 0).sum() < LARGEST


def fees(county: County) -> dict[str, int]:
    """Add up what was paid for packages by month."""
    found: dict[str, int] = {}
    for (payer, payee, kind, month), fen in county.ledger.transfers.items():
        if kind == "contract_fee":
            assert payer == "members"
            assert payee.removesuffix(".team") in county.place.towns
            found[month] = found.get(month, 0) + fen
    return found


def test_each_paid_package_signed_or_renewed_is_paid_for_in_its_month() -> None:
    everyone = (f"{SET}paid_share=100 %", f"{SET}renewal=50 %", f"{SET}signings=100", f"{SET}package_fee=60 yuan")
    county, wanted, members = County(load("lujiang-2018", ["period.days=70", *everyone]), seed=SEED, scale=SCALE), [], 0
    for day in county.days():
        if day.number == -1:
            members = sum(team.members for team in county.teams)
        if day.number >= 0 and county.clock.yesterday.day == 1:
            signed = sum(team.members for team in county.teams) - members + county.contracts.ended - county.contracts.renewed
            wanted.append(60_00 * (signed + county.contracts.renewed))
    assert list(fees(county)) == ["2018-01", "2018-02", "2018-03"]
    assert np.cumsum(list(fees(county).values())).tolist() == wanted


@pytest.mark.parametrize("free", ["package_fee=0 yuan", "paid_share=0 %"])
def test_nothing_is_paid_for_packages_that_cost_nothing_or_that_nobody_takes(free: str) -> None:
    paid, unpaid = lived("lujiang-2018", BUSY), lived("lujiang-2018", [*BUSY, SET + free])
    assert fees(paid)
    assert fees(unpaid) == {}
    one, other = shared(paid, unpaid, "contract_paid_share")
    assert one == other


def test_a_longer_contract_is_paid_for_longer_and_a_dated_change_of_the_fee_counts_from_its_day() -> None:
    year, two, dated = (
        fees(lived("lujiang-2018", [*BUSY, *more], days=40))
        for more in ((), (f"{SET}signing_months=24", f"{SET}renewal=0 %"), (changed("02-01", f"{SET}package_fee: 120 yuan"),))
    )
    assert dated == {"2018-01": year["2018-01"], "2018-02": 2 * year["2018-02"]}
    assert all(fen % 120_00 == 0 for fen in two.values())
    assert two


def test_long_prescriptions_spare_contracted_chronic_people_visits_and_cost_as_much() -> None:
    settings = [*STILL, f"{SET}coverage=40 %", f"{SET}long_prescription_factor=0.5"]
    usual, longer = lived("lujiang-2018", settings), lived("lujiang-2018", [*settings, f"{SET}long_prescriptions=100 %"])
    rate, spared = usual.rate, longer.rate
    chronic = usual.place.conditions.of_urgency("chronic")
    assert np.allclose(spared[0][:, 1:][:, :, chronic], 0.5 * rate[0][:, 1:][:, :, chronic], rtol=1e-12)
    assert np.array_equal(spared[0][:, 0], rate[0][:, 0])
    assert np.array_equal(spared[0][:, :, ~chronic], rate[0][:, :, ~chronic])
    assert np.array_equal(spared[1], rate[1])
    assert longer.outpatients.counts.visits.sum() < usual.outpatients.counts.visits.sum()
    bill, dearer = usual.market.tariff.visit_bill, longer.market.tariff.visit_bill
    assert np.allclose(dearer[1, 1], 2.0 * bill[1, 1], rtol=1e-6)
    assert np.array_equal(np.delete(dearer.reshape(4, -1), 3, 0), np.delete(bill.reshape(4, -1), 3, 0))


def test_management_averts_stays_of_contracted_people_for_chronic_conditions_only() -> None:
    usual, managed = lived("lujiang-2018", STILL), lived("lujiang-2018", [*STILL, f"{SET}managed_averts=20 %"])
    chronic = usual.place.conditions.of_urgency("chronic")
    assert np.allclose(managed.rate[1][:, 1:][:, :, chronic], 0.8 * usual.rate[1][:, 1:][:, :, chronic], rtol=1e-12)
    assert np.array_equal(managed.rate[0], usual.rate[0])
    assert managed.inpatients.counts.admissions.sum() <= usual.inpatients.counts.admissions.sum()


def test_follow_up_is_given_to_contracted_people() -> None:
    county = lived("lujiang-2018", [*STILL, f"{SET}follow_up=60 %"])
    assert county.market.practice.follow_up.tolist() == [0.0, 0.6]
    followed = county.people.followed > -999
    assert followed.any()
    assert np.all(county.people.contract[followed] > 0)


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


@pytest.mark.slow
def test_with_a_contract_chronic_patients_go_to_primary_facilities_more_often_by_some_points() -> None:
    """The same people, all signed or none: published +2 to +4 points (doi 10.1186/s12913-024-10903-6); appeal 0.35 gives a little more."""
    shares = []
    for coverage in (0, 100):
        settings = [*STILL, f"{SET}coverage={coverage} %", f"{SET}panel=100000", "population.registered=888238", "period.days=365"]
        county = one.lived(load("lujiang-2018", settings), SEED, scale=0.05)
        house, chronic = county.place.facilities, county.place.conditions.of_urgency("chronic")
        visits = county.outpatients.counts.flows[:, :, chronic].sum(axis=(0, 2))
        shares.append(visits[house.in_county & (house.tier < TIERS.index("county"))].sum() / visits.sum())
    assert 0.02 < shares[1] - shares[0] < 0.05

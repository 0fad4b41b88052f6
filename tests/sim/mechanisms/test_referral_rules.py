"""Referral rules: neutral when nothing is demanded, and each rule moves patients the way it says."""

import math
from pathlib import Path

import numpy as np
import pytest

from results.outcomes import measures
from sim import County, load
from sim.care.clinic import FATES
from sim.choice import referral
from sim.mechanisms.referral_rules import lead_of_villages
from sim.money.paying import WAIVER
from sim.people import need
from sim.words import STAY, TIERS
from tests.sim.mechanisms.small_counties import SCALE, SEED, lived, shared, without

SET = "mechanisms.referral_rules."
RULES = """
name: rules
title: {en: Rules, zh: 规则}
extends: lujiang-2018
period: {days: 30}
mechanisms:
  referral_rules:
    source: assumed
    gatekeeping_compliance: 0 %
    catalogue_compliance: 0 %
    catalogue: 0
    green_channel: false
    waived_fee: 0 yuan
    priority: false
    down_offer: 0 %
    down_accept: 0 %
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A scenario without groups, to which rules are added that demand nothing."""
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def county() -> County:
    return lived("lujiang-2020")


def hospital(county: County) -> np.ndarray:  # type: ignore[type-arg]
    return county.place.facilities.in_county & (county.place.facilities.tier == TIERS.index("county"))


def test_rules_that_demand_nothing_change_nothing(rules: Path) -> None:
    idle, usual = shared(lived(rules), lived("lujiang-2018"))
    assert len(idle) > 50
    assert idle == usual


def test_gatekeeping_sends_people_to_their_township_first(rules: Path, county: County) -> None:
    kept = lived("lujiang-2020", [f"{SET}gatekeeping_compliance=100 %"])
    township = county.place.facilities.tier == TIERS.index("township")
    visits = [one.outpatients.counts.visits.sum(axis=(0, 2)) for one in (county, kept)]
    assert visits[1][township].sum() > visits[0][township].sum()
    assert visits[1][hospital(county)].sum() < visits[0][hospital(county)].sum()


def test_a_catalogue_that_is_complied_with_sends_more_up_with_a_record(county: County) -> None:
    loose = lived("lujiang-2020", [f"{SET}catalogue_compliance=0 %"])
    strict = lived("lujiang-2020", [f"{SET}catalogue_compliance=100 %"])
    up = [one.outpatients.counts.up.sum() + one.inpatients.counts.up.sum() for one in (loose, county, strict)]
    assert up[0] < up[1] < up[2]


def test_a_longer_catalogue_covers_more_and_none_leaves_what_is_usual() -> None:
    sent = []
    for conditions in (0, 50, 265):
        market = County(load("lujiang-2020", [f"{SET}catalogue={conditions}", *without("packaged_fund")]), seed=SEED, scale=SCALE).market
        sent.append(market.practice.up[market.practice.in_county == 1])
    assert np.all(sent[0] == load("lujiang-2020").referral.up_share)
    assert np.all(sent[0] < sent[2])
    assert np.all(sent[1] <= sent[2])


def test_villages_are_led_by_their_own_groups_hospital_where_it_serves(county: County) -> None:
    lead = lead_of_villages(county)
    for group in county.groups:
        mine = np.isin(county.place.village_town, group.town_rows)
        assert set(np.unique(lead[mine])) == {-1, group.lead_row} or set(np.unique(lead[mine])) == {group.lead_row}
        assert np.array_equal((lead[mine] == group.lead_row).any(axis=0), county.offered[0][:, group.lead_row])
    assert np.all(lead[-1] == -1)


def test_without_groups_nobody_is_led() -> None:
    assert np.all(lead_of_villages(lived("lujiang-2018", days=1)) == -1)


def test_offering_and_accepting_bring_patients_down_and_neither_alone_does() -> None:
    none, offered, both = (
        lived("lujiang-2020", [*without("packaged_fund"), "referral.down_offer=0 %", "referral.down_accept=0 %", *moved])
        for moved in (
            (f"{SET}down_offer=0 %", f"{SET}down_accept=100 %"),
            (f"{SET}down_offer=100 %", f"{SET}down_accept=0 %"),
            (f"{SET}down_offer=100 %", f"{SET}down_accept=100 %"),
        )
    )
    assert none.inpatients.counts.down.sum() == 0
    assert offered.inpatients.counts.down.sum() == 0
    assert both.inpatients.counts.down[hospital(both)].sum() > 20


def test_a_waived_fee_is_booked_at_hospitals_of_the_county_only(county: County) -> None:
    waived = county.books.paid[WAIVER].sum(axis=0)
    assert waived[hospital(county)].sum() > 0
    assert waived[~hospital(county)].sum() == 0
    free = lived("lujiang-2020", [f"{SET}waived_fee=0 yuan"])
    assert free.books.paid[WAIVER].sum() == 0


def test_the_green_channel_is_open_or_shut_as_the_rules_say() -> None:
    shut, opened = (
        County(load("lujiang-2020", [f"{SET}green_channel={word}"]), seed=SEED, scale=SCALE).market.practice.green
        for word in ("false", "true")
    )
    assert (shut, opened) == (0, 1)


OWN = without("packaged_fund")


def bound(share: int) -> County:
    return lived("lujiang-2020", [f"{SET}gatekeeping_compliance={share} %"])


def test_gatekeeping_binds_planned_stays_without_a_record() -> None:
    """Its number is another than that of the record sought, so it binds also where fewer are bound than seek a record."""
    sought = load("lujiang-2020").referral.sought_share
    unreferred = [measures(bound(share))["unreferred_outflow_share"] for share in (0, round(100 * sought / 2), 100)]
    assert unreferred[0] is not None
    assert unreferred[1] is not None
    assert unreferred[0] > unreferred[1] > 0.0
    assert unreferred[2] == 0.0


def test_the_numbers_of_two_decisions_are_independent() -> None:
    """Records sought by half, gatekeeping binding half: of those without a record half are bound, within 5 standard errors."""
    county = County(load("lujiang-2020", [f"{SET}gatekeeping_compliance=50 %"]), seed=SEED, scale=SCALE)
    count = 4_000
    here = np.flatnonzero(county.people.lives == 0)[:count]
    cases = need.cases(count)
    cases.count[0], cases.resident[:], cases.person[:] = count, here, county.people.person[here]
    cases.occasion[:], cases.group[:] = 1, county.place.conditions.names.index("lrti")
    cases.facility[:] = county.place.facilities.row("hefei_municipal")
    practice = county.market.practice._replace(
        sought=np.full_like(county.market.practice.sought, 0.5), strict=np.ones(len(county.place.villages))
    )
    referral.seek_records(county.luck, cases, 0, county.people, practice, county.market.sheet.emergent)
    without_record = cases.referred == 0
    assert abs(without_record.mean() - 0.5) < 5 * 0.5 / math.sqrt(count)
    referral.route_stays(county.luck, cases, 0, county.people, county.market.sheet, practice, np.zeros(count, np.uint8))
    stayed = county.place.facilities.in_county[cases.facility]
    assert abs(stayed[without_record].mean() - 0.5) < 5 * 0.5 / math.sqrt(without_record.sum())


def test_priority_holds_for_beds_of_the_countys_hospitals_and_for_nobody_elses() -> None:
    off, on = (
        County(load("lujiang-2020", [f"{SET}priority={word}"]), seed=SEED, scale=SCALE).market.practice.contract_first
        for word in ("false", "true")
    )
    county = County(load("lujiang-2020"), seed=SEED, scale=SCALE)
    assert not off.any()
    assert np.array_equal(on > 0, hospital(county))


def test_patients_seen_through_arrive_and_others_ask_again_with_their_record() -> None:
    """Where everybody arrives the rule has nothing to add; where few do it brings them up at once."""
    usual = [f"{SET}completion=0 %", *OWN]
    everybody, few, helped = (
        lived("lujiang-2020", settings)
        for settings in (usual, [*usual, "referral.completion=20 %"], [f"{SET}completion=100 %", *OWN, "referral.completion=20 %"])
    )
    up = [int(one.outpatients.counts.up.sum()) for one in (everybody, few, helped)]
    assert up[1] < up[0] == up[2]
    assert shared(everybody, helped)[0] == shared(everybody, helped)[1]
    again = [int(one.outpatients.counts.fate[FATES.index("again")]) for one in (everybody, few)]
    assert again[1] > again[0]


def test_who_needs_rehabilitation_is_offered_to_go_down_more_often() -> None:
    county = County(load("lujiang-2020", [f"{SET}down_offer=30 %", *OWN]), seed=SEED, scale=SCALE)
    offer = county.market.practice.down_offer[county.place.facilities.row("lujiang_people")]
    named = dict(zip(county.place.conditions.names, offer.tolist(), strict=True))
    assert (named["urti"], named["acute_stroke"], named["post_stroke"]) == pytest.approx((0.3, 0.48, 0.6))


def test_townships_take_in_only_those_they_can_look_after() -> None:
    """With lists of 50 and 95 conditions, Yefushan can look after 43 % of recoveries from a county hospital's cases, Baihu 65 %."""
    free, able, nobody = (lived("lujiang-2020", [f"{SET}recovery_ability={least} %", *OWN]) for least in (0, 50, 100))
    down = [one.inpatients.counts.down.sum() for one in (free, able, nobody)]
    assert down[0] > down[1] > down[2]
    level = free.place.conditions.level[STAY]
    by_group = [one.inpatients.counts.flows[1].sum(axis=(0, 1)) for one in (free, able, nobody)]
    assert by_group[0][level == 3].sum() > by_group[1][level == 3].sum() > 0
    assert by_group[2][level == 3].sum() == 0
    weak, strong = (able.place.facilities.row(name) for name in ("yefushan_township", "baihu_township"))
    assert np.all(able.market.practice.receives[weak, level == 3] == 0.0)
    assert np.all(able.market.practice.receives[strong, level == 3] > 0.0)
    assert np.all(able.market.practice.receives[strong, level > 3] == 0.0)


def test_follow_up_of_those_sent_down_averts_further_stays() -> None:
    """Luck is common, so who is followed up needs no more stays than before, and when it averts nothing it changes nothing."""
    none, idle, sure = (
        lived("lujiang-2020", [f"{SET}follow_up={share} %", f"care.follow_up_averts={averts} %", f"{SET}down_offer=100 %"], days=60)
        for share, averts in ((0, 100), (100, 0), (100, 100))
    )
    assert shared(none, idle)[0] == shared(none, idle)[1]
    assert sure.need_tally[1, 2] > none.need_tally[1, 2]
    assert sure.inpatients.counts.again[1] < none.inpatients.counts.again[1]

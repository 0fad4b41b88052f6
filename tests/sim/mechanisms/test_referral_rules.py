"""Referral rules: neutral when nothing is demanded, and each rule moves patients the way it says."""

from pathlib import Path

import numpy as np
import pytest

from sim import County, load
from sim.mechanisms.referral_rules import lead_of_villages
from sim.money import WAIVER
from sim.words import TIERS
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

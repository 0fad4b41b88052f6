"""Referral: who is sent where, as it shows in a small county under other rules."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.care.clinic import DOWN, EMERGENCY, REFERRED, REFERRED_RANK
from sim.words import OWN_TOWNSHIP, TIERS
from tests.sim.county_worlds import Watch, watched

RULES = "mechanisms.referral_rules"
OPEN = (f"{RULES}.gatekeeping_compliance=0 %",)
"""Everyone may go wherever he likes; gatekeeping sends people to the township, and from there on to where they wanted to go."""
NOBODY = (*OPEN, f"{RULES}.catalogue_compliance=0 %", f"{RULES}.down_offer=0 %", "referral.up_share=0 %", "referral.sought_share=0 %",
          "referral.down_offer=0 %", "mechanisms.packaged_fund.send_down=0 %")  # fmt: skip
COUNTY, TOWNSHIP = TIERS.index("county"), TIERS.index("township")


def chosen(watch: Watch, column: str) -> NDArray[np.float64]:
    """Collect a column of the cases of all days that went somewhere, as they stood after choice and referral."""
    return np.concatenate([evening.visits.cases[column][evening.visits.cases["facility"] >= 0] for evening in watch.evenings])


def test_without_referral_nobody_carries_a_record() -> None:
    watch = watched(NOBODY)
    assert watch.county.outpatients.counts.up.sum() == 0
    assert watch.county.inpatients.counts.up.sum() == 0
    assert watch.county.inpatients.counts.down.sum() == 0
    assert np.all(chosen(watch, "onward") < 0)
    assert watch.county.outpatients.counts.visits[:, :, 1].sum() == 0
    assert watched().county.outpatients.counts.up.sum() > 100


@pytest.mark.slow
def test_the_more_the_catalogue_is_kept_the_more_are_sent_up() -> None:
    up = [
        int(watched((f"{RULES}.catalogue_compliance={share} %",)).county.outpatients.counts.up.sum())
        for share in (30, 60, 100)
    ]  # fmt: skip
    assert up[0] < up[1] < up[2]


def test_only_cases_too_hard_for_a_facility_are_sent_on() -> None:
    """As able as they are at the end: nobody learns anything on the way."""
    watch = watched(("mechanisms.expert_posting.skill_gain=0 %",))
    facility, group, onward = (chosen(watch, name).astype(int) for name in ("facility", "group", "onward"))
    sent = onward >= 0
    able = watch.county.market.able[0]
    assert sent.sum() > 100
    assert np.all(chosen(watch, "hard")[sent] >= able[facility[sent], group[sent]])
    assert np.all(chosen(watch, "hard")[sent] < 1.0)
    assert np.all(onward[sent] != facility[sent])


def test_townships_send_to_the_lead_of_their_group() -> None:
    watch = watched(OPEN)
    tier = watch.county.place.facilities.tier
    facility, onward, resident = (chosen(watch, name).astype(int) for name in ("facility", "onward", "resident"))
    people, house = watch.county.people, watch.county.place
    from_township = (onward >= 0) & (tier[facility] == TOWNSHIP) & (people.lives[resident] == 0)
    leads = {town: group.lead_row for group in watch.county.groups for town in group.town_rows.tolist()}
    expected = np.array([leads[int(town)] for town in house.village_town[people.village[resident[from_township]]]])
    assert from_township.sum() > 50
    assert np.array_equal(onward[from_township], expected)


def test_emergencies_are_neither_kept_back_nor_sent_on() -> None:
    watch = watched((f"{RULES}.gatekeeping_compliance=100 %",))
    emergent = watch.county.market.sheet.emergent[chosen(watch, "group").astype(int)] > 0
    assert emergent.sum() > 30
    assert np.all(chosen(watch, "onward")[emergent] == -1)
    tier = watch.county.place.facilities.tier[chosen(watch, "facility").astype(int)[emergent & (chosen(watch, "attempt") == 0)]]
    assert np.all(tier >= COUNTY)


@pytest.mark.slow
def test_gatekeeping_brings_visits_to_the_township() -> None:
    shares = []
    for percent in (0, 50, 100):
        watch = watched((f"{RULES}.gatekeeping_compliance={percent} %",))
        house, seen = watch.county.place.facilities, watch.county.outpatients.counts.visits.sum(axis=(0, 2))
        shares.append(seen[house.tier == TOWNSHIP].sum() / seen.sum())
    assert shares[0] < shares[1] < shares[2]


@pytest.mark.parametrize(("setting", "expected"), [("true", True), ("false", False)])
def test_a_green_channel_puts_the_referred_before_others(setting: str, expected: bool) -> None:
    watch = watched((f"{RULES}.green_channel={setting}",), days=5)
    halls = [evening.visits for evening in watch.evenings]
    flags = np.concatenate([hall.tickets["flags"] for hall in halls])
    rank = np.concatenate([hall.rows["rank"] for hall in halls])
    referred = (flags & REFERRED > 0) & (flags & EMERGENCY == 0)
    assert referred.sum() > 50
    assert np.all((rank[referred] == REFERRED_RANK) == expected)


def test_who_goes_down_goes_to_his_own_township() -> None:
    watch = watched()
    option, village = watch.county.place.option, watch.county.people.village
    found = 0
    for hall in (evening.stays for evening in watch.evenings):
        down = hall.tickets["flags"] & DOWN > 0
        assert np.array_equal(hall.tickets["facility"][down], option[village[hall.tickets["resident"][down]], OWN_TOWNSHIP])
        assert np.all(watch.county.inpatients.beds.county[hall.tickets["origin"][down]] == 1)
        found += int(down.sum())
    assert found > 20

"""Harm beside the goal: what is kept beyond ability, refused or made to wait shows in the measures that are there to show it."""

import numpy as np
import pytest

from experiments.running.one import live
from results.outcomes import measures
from sim import County, load
from sim.mechanisms import base
from sim.words import STAY
from tests.sim.mechanisms.small_counties import SCALE, SEED, lived

FUND, RULES = "mechanisms.packaged_fund.", "mechanisms.referral_rules."
YEAR = 365


def measured(county: County, name: str) -> float:
    value = measures(county)[name]
    assert value is not None
    return float(value)


@pytest.mark.slow
def test_a_package_that_keeps_cases_beyond_ability_shows_it_and_they_come_back() -> None:
    """Everybody kept beyond ability comes back within a month here, so that a small county shows it."""
    settings = (f"{FUND}package_share=10 %", "care.beyond_return=100 %")
    let_go, kept = (lived("lujiang-2020", [*settings, f"{FUND}keep={share} %"], days=YEAR) for share in (0, 100))
    assert measured(kept, "under_capability_share") > measured(let_go, "under_capability_share")
    assert kept.inpatients.counts.again[2] > let_go.inpatients.counts.again[2]
    assert measured(kept, "readmission_30d_share") > measured(let_go, "readmission_30d_share")


def test_hard_gatekeeping_makes_people_forgo_care_and_wait() -> None:
    free, bound = (lived("lujiang-2020", [f"{RULES}gatekeeping_compliance={share} %"], days=60) for share in (0, 100))
    assert measured(bound, "forgone_care_share") > measured(free, "forgone_care_share")
    assert measured(bound, "mean_wait_minutes") > measured(free, "mean_wait_minutes")


class HeartCentre(base.Mechanism[base.Rules]):
    """Opens an able ward for heart attacks in the people's hospital."""

    name, Rules = "heart_centre", base.Rules

    def skill(self, county: County) -> base.Array | float:
        """Let it treat all of them."""
        house, conditions = county.place.facilities, county.place.conditions
        at = np.arange(len(house.names)) == house.row("lujiang_people")
        what = np.array([name == "ami" for name in conditions.names])
        return np.asarray(np.array([0.0, 1.0])[:, None, None] * at[None, :, None] * what)


def lived_with(*mechanisms: base.Mechanism[base.Rules]) -> County:
    """Let a small county live a year with some mechanisms more."""
    undated = [f"period.days={YEAR}", "mechanisms.expert_posting=null"]  # on a policy date the rules are heard anew
    county = County(load("lujiang-2020", undated), seed=SEED, scale=SCALE)
    county.mechanisms += mechanisms
    county._refresh()
    return live(county)


@pytest.mark.slow
def test_an_able_ward_nearer_by_shortens_the_way_in_an_emergency() -> None:
    """Heart attacks go to a city until the people's hospital can treat them."""
    far, near = lived_with(), lived_with(HeartCentre(base.Rules(source="assumed")))
    assert measured(near, "emergency_minutes") < measured(far, "emergency_minutes")


def test_an_able_ward_that_closes_sends_emergencies_away_again() -> None:
    county = County(load("lujiang-2020"), seed=SEED, scale=SCALE)
    ami, centre = county.place.conditions.names.index("ami"), HeartCentre(base.Rules(source="assumed"))
    taken = [county.market.sheet.emergency[STAY, :-1, ami]]
    for mechanisms in ([*county.mechanisms, centre], county.mechanisms):
        county.mechanisms = mechanisms
        county._refresh()
        taken.append(county.market.sheet.emergency[STAY, :-1, ami])
    assert np.array_equal(taken[0], taken[2])
    assert not np.any(county.place.facilities.in_county[taken[0]])
    assert np.any(taken[1] == county.place.facilities.row("lujiang_people"))
    ways = [county.place.minutes[np.arange(len(at)), at] for at in taken]
    assert np.all(ways[1] < ways[0] + 10.0)  # within ten minutes the larger hospital is preferred
    assert ways[1].mean() < ways[0].mean()

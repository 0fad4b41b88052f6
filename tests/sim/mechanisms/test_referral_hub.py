"""The referral hub: neutral when it does nothing, and each of its services moves patients the way it says."""

import numpy as np
import pytest

from results.outcomes import measures
from sim import County
from sim.words import STAY, TIERS, VISIT
from tests.sim.mechanisms.small_counties import lived, shared, without

SET = "mechanisms.referral_hub."
IDLE = (f"{SET}remote_share=0 %", f"{SET}friction=0 %", f"{SET}outside_days=0 d")
ALL = "lujiang-all"
TERTIARY = TIERS.index("municipal")


@pytest.fixture(scope="module")
def idle() -> County:
    return lived(ALL, IDLE)


def test_a_hub_that_does_nothing_changes_nothing(idle: County) -> None:
    still, none = shared(idle, lived(ALL, without("referral_hub")))
    assert len(still) > 50
    assert still == none


def test_remote_consultations_help_at_the_township_those_it_would_have_sent_on(idle: County) -> None:
    """Of its visits fewer are beyond it (more come, since it can treat them); no more and no fewer people fall ill."""
    remote = lived(ALL, [*IDLE, f"{SET}remote_share=30 %"])
    township = idle.place.facilities.tier == TIERS.index("township")
    counts = [one.outpatients.counts for one in (idle, remote)]
    seen = [int(one.visits.sum(axis=(0, 2))[township].sum()) for one in counts]
    beyond = [int(one.unhelped[township].sum() + one.up[township].sum()) for one in counts]
    assert beyond[1] / seen[1] < beyond[0] / seen[0]
    assert seen[1] > seen[0]
    assert np.array_equal(idle.calendar.first, remote.calendar.first)
    assert np.array_equal(idle.market.able[STAY], remote.market.able[STAY])


def test_what_needs_a_city_hospital_stays_beyond_a_remote_consultation(idle: County) -> None:
    able = lived(ALL, [*IDLE, f"{SET}remote_share=30 %"], days=1).market.able[VISIT]
    township = np.flatnonzero(idle.place.facilities.tier == TIERS.index("township"))
    beyond = idle.place.conditions.level[VISIT] > 3
    assert beyond.any()
    assert np.all(able[np.ix_(township, beyond)] == idle.market.able[VISIT][np.ix_(township, beyond)])
    hard = idle.place.conditions.level[VISIT] == 3
    before = idle.market.able[VISIT][np.ix_(township, hard)].astype(float)
    assert able[np.ix_(township, hard)] == pytest.approx(1.0 - (1.0 - before) * 0.7)


def test_with_a_record_for_everybody_nobody_goes_outside_without_one(idle: County) -> None:
    easy = lived(ALL, [*IDLE, f"{SET}friction=100 %"])
    assert measures(easy)["unreferred_outflow_share"] == 0.0
    unreferred = measures(idle)["unreferred_outflow_share"]
    assert unreferred is not None
    assert unreferred > 0.01


def test_friction_works_on_those_the_rules_leave_without_a_record(idle: County) -> None:
    half = lived(ALL, [*IDLE, f"{SET}friction=50 %"], days=1)
    assert half.market.practice.sought == pytest.approx(1.0 - 0.5 * (1.0 - idle.market.practice.sought))


def test_linked_hospitals_draw_the_referred_and_spare_no_more_than_the_wait(idle: County) -> None:
    """The wait is 3 days at municipal and 5 at provincial hospitals."""
    outside = idle.place.facilities.tier >= TERTIARY
    linked, all_of_it, more = (lived(ALL, [*IDLE, f"{SET}outside_days={days} d"]) for days in (2, 5, 100))
    counts = [one.inpatients.counts.admissions[:, outside].sum(axis=(0, 1)) for one in (idle, linked, all_of_it, more)]
    assert counts[0][1] <= counts[1][1] <= counts[2][1]
    assert counts[2][1] > counts[0][1]
    assert np.array_equal(counts[2], counts[3])

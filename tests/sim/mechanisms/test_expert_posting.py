"""Expert posting: neutral at zero, doctors are moved and none made, visits follow them down, and centres pay for their growth alone."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.outcomes import measures
from sim import County, load
from sim.ledger import part
from sim.mechanisms.expert_posting import ExpertPosting, growth, shared_out, spread
from sim.words import TIERS
from tests.sim.mechanisms.small_counties import SCALE, SEED, lived, shared, without

NAME = "expert_posting"
SET = f"mechanisms.{NAME}."
MANY = (f"{SET}from=2019-08-01", f"{SET}posts=119", f"{SET}days_a_week=7", f"{SET}appeal=2")


def expert(county: County) -> ExpertPosting:
    (found,) = (mechanism for mechanism in county.mechanisms if isinstance(mechanism, ExpertPosting))
    return found


def towns(county: County) -> Any:
    return county.place.facilities.tier == TIERS.index("township")


@pytest.fixture(scope="module")
def many() -> County:
    return lived("lujiang-2020", MANY, days=60)


@pytest.fixture(scope="module")
def none() -> County:
    return lived("lujiang-2020", without(NAME), days=60)


@pytest.mark.parametrize("nothing", [(f"{SET}posts=0",), (f"{SET}days_a_week=0",)])
def test_where_nobody_is_posted_nothing_changes(nothing: tuple[str, ...]) -> None:
    idle, usual = shared(lived("lujiang-2020", nothing), lived("lujiang-2020", without(NAME)), "posted_physicians")
    assert len(idle) > 50
    assert idle == usual


def test_experts_worth_nothing_change_nothing_but_where_doctors_sit() -> None:
    """At this scale no whole doctor moves, so nothing changes at all."""
    worthless = [f"{SET}{name}=0 %" for name in ("skill_gain", "reward_share")] + [f"{SET}appeal=0"]
    idle, usual = shared(lived("lujiang-2020", worthless), lived("lujiang-2020", without(NAME)), "posted_physicians")
    assert idle == usual


def test_posting_moves_doctors_and_makes_none() -> None:
    county = County(load("lujiang-2020", MANY), seed=SEED, scale=SCALE)
    county.rooms, county.scale = county.rooms * 50, 1.0  # as many as there are at full scale
    mechanism = expert(county)
    mechanism.month(county, 1)
    moved = mechanism.room(county)
    assert moved.sum() == 0
    assert moved[towns(county)].sum() == moved[moved > 0].sum() > 0
    for group in county.groups:
        largest = county.rooms[county.facilities[group.lead_row].departments].max()
        assert 0 < -moved[group.lead_row] < largest  # it stays open
    assert np.array_equal(moved, np.round(moved))


def test_experts_bring_visits_down_from_the_hospitals(none: County, many: County) -> None:
    seen = [county.outpatients.counts.visits.sum(axis=(0, 2)) for county in (none, many)]
    assert seen[1][towns(none)].sum() > seen[0][towns(none)].sum()
    assert seen[1][none.place.facilities.county_hospital].sum() < seen[0][none.place.facilities.county_hospital].sum()


def test_experts_treat_what_their_hospital_can_and_no_more() -> None:
    all_of_it = [*MANY, f"{SET}skill_gain=100 %"]
    county = County(load("lujiang-2020", all_of_it), seed=SEED, scale=SCALE)
    able = county.market.able[:, :-2][:, towns(county)]
    within = county.place.conditions.level[0] <= county.place.facilities.level[county.groups[0].lead_row]
    usual = County(load("lujiang-2020", without(NAME)), seed=SEED, scale=SCALE).market.able[:, :-2][:, towns(county)]
    assert np.all(able[0][:, within] == 1.0)
    assert np.array_equal(able[0][:, ~within], usual[0][:, ~within])
    assert np.array_equal(able[1], usual[1])


def test_visits_are_billed_at_primary_prices_unless_there_is_a_surcharge() -> None:
    usual, kept, dear = (
        County(load("lujiang-2020", settings), seed=SEED, scale=SCALE)
        for settings in (without(NAME), MANY, (*MANY, f"{SET}surcharge=10 yuan"))
    )
    assert np.array_equal(kept.market.tariff.visit_bill, usual.market.tariff.visit_bill)
    more = dear.market.tariff.visit_bill - usual.market.tariff.visit_bill
    assert more[..., towns(usual)] == pytest.approx(10.0)
    assert not more[..., ~towns(usual)].any()


def test_each_centre_pays_the_share_of_its_own_growth_and_nothing_without(many: County) -> None:
    grown, names = growth(many, -many.whole.period.run_in_days, np.zeros(1, np.int64)), many.place.facilities.names
    rewards = {payer: fen for (payer, _, kind, _), fen in many.transfers.rows.items() if kind == "posting_reward"}
    wanted = {names[row]: part(int(grown[row]), 0.04) for row in np.flatnonzero(towns(many)) if grown[row] > 0}
    assert rewards == {name: fen for name, fen in wanted.items() if fen > 0}
    assert {payee for _, payee, kind, _ in many.transfers.rows if kind == "posting_reward"} <= {"people.posted_staff", "tcm.posted_staff"}


@pytest.mark.parametrize(
    ("begun", "before", "days", "grown"),
    [
        (-28, 0, 10, 10_000 - 28_000 * 10 // 28),  # in force throughout: against the run-in
        (-28, 0, 5, 10_000 - 28_000 * 5 // 28),
        (0, 0, 10, 0),
        (4, 2_000, 10, 8_000 - 2_000 * 6 // 4),  # from the fifth measured day: against the four before
        (-14, 7_000, 10, 10_000 - 7_000 * 10 // 14),  # from the middle of the run-in: against its first half
    ],
)
def test_growth_is_reckoned_against_the_days_before(begun: int, before: int, days: int, grown: int) -> None:
    now, run_in = (SimpleNamespace(paid=np.full((1, 2, 1), fen)) for fen in (10_000, 28_000))
    period = SimpleNamespace(run_in_days=28)
    county: Any = SimpleNamespace(whole=SimpleNamespace(period=period), today=days, books=now, before=run_in)
    assert growth(county, begun, np.array([before])).tolist() == [grown]


@given(st.integers(0, 1_000), st.lists(st.integers(0, 20), max_size=5))
def test_all_posts_are_shared_out_and_nearly_by_size(posts: int, sizes: list[int]) -> None:
    out = shared_out(posts, sizes)
    assert sum(out) == (posts if sum(sizes) else 0)
    assert all(abs(one - posts * size / max(sum(sizes), 1)) <= 1 for one, size in zip(out, sizes, strict=True))


@given(st.integers(0, 1_000), st.integers(1, 20))
def test_a_number_spread_over_places_is_spread_alike(count: int, places: int) -> None:
    each = spread(count, places)
    assert each.sum() == count
    assert each.max() - each.min() <= 1


def test_posted_physicians_are_measured_for_ten_thousand_people(many: County, none: County) -> None:
    found = measures(many)
    assert found["posted_physicians_per_10000__numerator"] == pytest.approx(119 * SCALE)
    assert found["posted_physicians_per_10000__denominator"] == pytest.approx(int(measures(many)["residents"] or 0) / 10_000)
    assert "posted_physicians_per_10000" not in measures(none)


def test_without_groups_nobody_is_posted() -> None:
    county = lived("lujiang-2018", days=1)
    mechanism = ExpertPosting(load("lujiang-2020").mechanisms[NAME])  # type: ignore[arg-type]
    mechanism.begin(county)
    assert not mechanism.posted.any()
    assert not mechanism.room(county).any()

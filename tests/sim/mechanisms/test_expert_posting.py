"""Expert posting: neutral at zero, doctors are moved and none made, visits follow them down, and centres pay for their growth alone."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.outcomes import measures
from sim import County, load
from sim.arithmetic.rounding import part
from sim.institutions import posting
from sim.mechanisms import hearing
from sim.mechanisms.expert_posting import ExpertPosting, affordable, business, centres, growth, shared_out, spare, spread
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
    moved = expert(county).room(county)
    assert moved.sum() == 0
    assert moved[towns(county)].sum() == moved[moved > 0].sum() > 0
    for group in county.groups:
        largest = county.outpatients.largest[group.lead_row]
        assert 0 < -moved[group.lead_row] < largest  # it stays open
    assert np.array_equal(moved, np.round(moved))


@pytest.mark.parametrize("scale", [0.3, 0.6, 1.0])
def test_at_any_scale_as_many_doctors_arrive_as_leave(scale: float) -> None:
    county = County(load("lujiang-2020", MANY), seed=SEED, scale=scale)
    added = hearing.rooms(county.mechanisms, county) * county.scale
    posted, owner = posting.posted(county.institutions, county.rooms, added), county.outpatients.departments.owner
    moved = np.bincount(owner, posted, minlength=len(county.facilities))
    assert posted.sum() == 0
    for group in county.groups:
        assert moved[group.members].sum() == 0
        asked, spare = -expert(county).room(county)[group.lead_row] * scale, int(county.rooms[owner == group.lead_row].max()) - 1
        assert -moved[group.lead_row] == min(round(asked), spare) > 0
    assert np.all(county.rooms + posted >= np.minimum(county.rooms, 1))


@given(st.lists(st.integers(-40, 40), min_size=1, max_size=8), st.floats(0.01, 1.0))
def test_whole_doctors_are_moved_and_none_lost_by_rounding(there: list[int], scale: float) -> None:
    doctors = np.array([*there, *(-one for one in there)]) * scale
    found = posting.moved(doctors, np.full(len(doctors), 5))
    assert found.sum() == 0
    assert np.all(found >= -5)
    assert np.all(found * doctors >= 0)


def test_no_more_are_posted_than_the_leads_can_spare(many: County) -> None:
    mechanism = expert(many)
    for group in many.groups:
        mine = centres(many, group)
        assert mechanism.posted[mine].sum() == spare(many, group) == -mechanism.room(many)[group.lead_row] > 0
    assert mechanism.posted.sum() < mechanism.rules.posts
    assert np.array_equal(mechanism.appeal(many)[0].ravel(), 2.0 * np.minimum(mechanism.posted, 1))


@given(st.integers(0, 1_000), st.sampled_from([0.0, 0.5, 1.28, 1.4, 3.5, 7.0]), st.integers(0, 50))
def test_posts_are_filled_as_far_as_doctors_go(posts: int, days: float, doctors: int) -> None:
    filled = affordable(posts, days, doctors)
    assert 0 <= filled <= posts
    assert filled * days / 7 <= doctors + 1e-6
    assert filled == posts or not days or (filled + 1) * days / 7 > doctors


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


def test_what_is_free_stays_free_and_no_bill_is_lost() -> None:
    settings = (*MANY, "prices.visit.township=0 yuan", f"{SET}surcharge=10 yuan")
    free = County(load("lujiang-2020", settings), seed=SEED, scale=SCALE)
    assert not free.market.tariff.visit_bill[..., towns(free)].any()
    assert np.isfinite(free.market.tariff.visit_bill).all()
    assert np.isfinite(free.market.sheet.pull).all()


def rewards(county: County) -> dict[str, dict[str, int]]:
    """Say what each centre paid to the posted staff: centre -> month -> fen."""
    found: dict[str, dict[str, int]] = {}
    for (payer, payee, kind, month), fen in county.ledger.transfers.items():
        if kind == "posting_reward":
            assert payee in {"people.posted_staff", "tcm.posted_staff"}
            found.setdefault(payer, {})[month] = fen
    return found


def once(county: County) -> dict[str, int]:
    """Reckon what each centre would pay at a single settlement of all days, with the run-in as the usual."""
    run_in, span = county.ledger.run_in.paid[:, 0].sum(axis=0), county.whole.period.run_in_days
    grown = county.books.paid[:, 0].sum(axis=0) - run_in * county.today // span
    names = county.place.facilities.names
    wanted = {names[row]: part(int(grown[row]), 0.04) for row in np.flatnonzero(towns(county)) if grown[row] > 0}
    return {name: fen for name, fen in wanted.items() if fen > 0}


def test_each_centre_pays_the_share_of_its_own_growth_and_nothing_without(many: County) -> None:
    assert {name: sum(paid.values()) for name, paid in rewards(many).items()} == once(many)


def test_the_second_year_pays_only_what_has_grown_since_the_first() -> None:
    county = lived("lujiang-2020", (*MANY, "period.start=2020-12-02"), days=60)
    paid, whole = rewards(county), once(county)
    twice = {name: months for name, months in paid.items() if len(months) == 2}
    assert len(twice) > 5
    assert {month for months in paid.values() for month in months} == {"2020-12", "2021-01"}
    assert {name: sum(months.values()) for name, months in twice.items()} == {name: whole[name] for name in twice}
    for name, months in paid.items():  # what has been paid is not claimed back
        assert sum(months.values()) == max(whole.get(name, 0), months.get("2020-12", 0))


def test_rules_changed_on_the_way_keep_the_first_usual_and_pay_what_is_new(tmp_path: Path) -> None:
    changed = tmp_path / "changed.yaml"
    changed.write_text(
        "name: changed\nextends: lujiang-2020\nchanges:\n"
        "  - {from: 2020-01-21, source: assumed, set: {mechanisms.expert_posting.surcharge: 1 yuan}}\n",
        "utf-8",
    )
    county = lived(changed, (f"{SET}posts=60", f"{SET}appeal=2"), days=50)
    known, paid, whole = expert(county)._business, rewards(county), once(county)
    assert known is not None
    assert np.array_equal(known.usual, county.ledger.run_in.paid[:, 0].sum(axis=0))
    assert known.days == county.whole.period.run_in_days
    assert {month for months in paid.values() for month in months} == {"2020-01", "2020-02"}
    for name, months in paid.items():
        assert sum(months.values()) == max(whole.get(name, 0), months.get("2020-01", 0))


def test_growth_while_nobody_is_posted_is_not_rewarded(tmp_path: Path) -> None:
    pause = tmp_path / "pause.yaml"
    pause.write_text(
        "name: pause\nextends: lujiang-2020\nchanges:\n"
        "  - {from: 2020-01-11, source: assumed, set: {mechanisms.expert_posting.posts: 0}}\n"
        "  - {from: 2020-01-21, source: assumed, set: {mechanisms.expert_posting.posts: 40}}\n",
        "utf-8",
    )
    paused = lived(pause, (f"{SET}posts=40", f"{SET}appeal=2"), days=30)
    known = expert(paused)._business
    assert known is not None
    assert expert(paused).posted.sum() > 0
    assert np.array_equal(known.grown, paused.books.paid[:, 0].sum(axis=0) - known.usual * 30 // known.days)
    most = {paused.place.facilities.names[row]: part(int(known.settled[row]), 0.04) for row in np.flatnonzero(towns(paused))}
    paid = {name: sum(months.values()) for name, months in rewards(paused).items()}
    assert all(fen <= most[name] for name, fen in paid.items())
    assert sum(paid.values()) < sum(most.values())


@pytest.mark.parametrize(
    ("begun", "before", "days", "grown"),
    [
        (-28, 0, 10, 10_000 - 28_000 * 10 // 28),  # in force throughout: against the run-in
        (-28, 0, 5, 10_000 - 28_000 * 5 // 28),
        (0, 0, 10, 0),
        (4, 2_000, 10, 8_000 - (30_000 * 10 // 32 - 30_000 * 4 // 32)),  # from the fifth measured day: against the run-in and four days
        (-14, 7_000, 10, 10_000 - 7_000 * 10 // 14),  # from the middle of the run-in: against its first half
    ],
)
def test_growth_is_reckoned_against_the_days_before(begun: int, before: int, days: int, grown: int) -> None:
    first, now, run_in = (SimpleNamespace(paid=np.full((1, 2, 1), fen)) for fen in (before, 10_000, 28_000))
    whole = SimpleNamespace(period=SimpleNamespace(run_in_days=28))
    then: Any = SimpleNamespace(whole=whole, today=begun, books=first, ledger=SimpleNamespace(run_in=run_in if begun >= 0 else first))
    county: Any = SimpleNamespace(whole=whole, today=days, books=now, ledger=SimpleNamespace(run_in=run_in))
    billed = np.array([before if begun > 0 else 0])
    assert growth(county, business(then), max(begun, 0), billed).tolist() == [grown]


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
    assert found["posted_physicians_per_10000__numerator"] == pytest.approx(expert(many).posted.sum() * SCALE)
    assert found["posted_physicians_per_10000__denominator"] == pytest.approx(int(measures(many)["residents"] or 0) / 10_000)
    assert "posted_physicians_per_10000" not in measures(none)


def test_without_groups_nobody_is_posted() -> None:
    county = lived("lujiang-2018", days=1)
    mechanism = ExpertPosting(load("lujiang-2020").mechanisms[NAME])  # type: ignore[arg-type]
    mechanism.begin(county)
    assert not mechanism.posted.any()
    assert not mechanism.room(county).any()


def test_posts_at_one_centre_for_good_come_beside_the_others_and_from_its_own_lead() -> None:
    usual, fixed = (lived("lujiang-2020", more, days=35) for more in ((), (f"{SET}fixed_posts={{nihe_township: 5}}",)))
    row, lead = (usual.place.facilities.row(name) for name in ("nihe_township", "lujiang_people"))
    more = expert(fixed).posted - expert(usual).posted
    assert more[row] == 5
    assert not np.delete(more, row).any()
    sitting = expert(fixed).room(fixed) - expert(usual).room(usual)  # type: ignore[arg-type]
    assert sitting.sum() == 0
    assert sitting[row] == -sitting[lead] == 1


@pytest.mark.parametrize(("centre", "told"), [("nihe_townshp", "did you mean 'nihe_township'"), ("lujiang_people", "no township centre")])
def test_posts_are_at_township_centres_of_a_group(centre: str, told: str) -> None:
    with pytest.raises(Exception, match=told):
        load("lujiang-2020", (f"{SET}fixed_posts={{{centre}: 1}}",))


def test_a_centre_of_no_group_gets_no_post(tmp_path: Path) -> None:
    (tmp_path / "none.yaml").write_text("name: none\ngroups: {people: {lead: lujiang_people, towns: [baihu]}}\n", encoding="utf-8")
    with pytest.raises(Exception, match="a town of no group"):
        load("lujiang-2020", (f"layout={tmp_path / 'none.yaml'}", f"{SET}fixed_posts={{nihe_township: 1}}"))

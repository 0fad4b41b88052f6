"""Following everybody adds up to what the county counted: bills to the fen, visits and stays to the head; and it changes nothing."""

from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray

from results.outcomes import measures
from results.store.plain import as_json, plain_measures
from sim.care.clinic import FATES
from sim.record.events import EVENTS
from sim.record.till import leaving
from tests.sim import county_worlds
from tests.sim.record.everyone import DAYS, SCALE, WORLDS, Lived, lived

STAY = 1


@pytest.fixture(scope="module", params=[pytest.param(name, marks=[pytest.mark.slow] * (name != "usual")) for name in WORLDS])
def world(request: pytest.FixtureRequest) -> Lived:
    return lived(WORLDS[request.param])


def tally(world: Lived, kind: str, *facts: str) -> Counter[tuple[int, ...]]:
    """Count events by some of their facts."""
    return Counter(tuple(int(event.facts[name]) for name in facts) for event in world.events(kind))


def counted(counts: NDArray[np.int64]) -> Counter[tuple[int, ...]]:
    """Count what the county counted, in the same form."""
    return Counter({tuple(place): int(counts[tuple(place)]) for place in np.argwhere(counts).tolist()})


def test_all_bills_add_up_to_the_books_by_payer_and_facility(world: Lived) -> None:
    paid, scope = np.zeros_like(world.county.books.paid), np.zeros_like(world.county.books.scope)
    for event in world.events("bill"):
        bill = event.facts["bill"]
        paid[:, bill.setting, bill.facility] += bill.paid
        scope[bill.setting, bill.facility] += bill.in_scope
    assert paid.sum() > 0
    assert np.array_equal(paid, world.county.books.paid)
    assert np.array_equal(scope, world.county.books.scope)


def test_what_each_fund_has_paid_for_a_person_is_what_his_bills_say(world: Lived) -> None:
    """The residents' columns of the year: the measured days begin on New Year's Day, when they are empty."""
    people = world.county.people
    spent = ("outpatient_fund", "chronic_fund", "inpatient_fund")  # by purse
    found = {name: np.zeros(len(people.person), np.int64) for name in spent}
    for event in world.events("bill"):
        bill = event.facts["bill"]
        name = spent[bill.purse]
        assert bill.used == found[name][event.resident]
        found[name][event.resident] += bill.by_fund
    for name, sums in found.items():
        assert np.array_equal(sums, getattr(people, name)), name


def test_everybody_seen_is_a_visit_counted(world: Lived) -> None:
    counts = world.county.outpatients.counts
    assert tally(world, "seen", "facility", "referred") == counted(counts.visits.sum(axis=0))
    town = world.county.people.town
    flows = Counter((int(town[e.resident]), e.facts["facility"], e.facts["group"]) for e in world.events("seen"))
    assert flows == counted(counts.flows)
    assert Counter((e.facts["from"], e.facts["facility"]) for e in world.events("seen") if e.facts["from"] >= 0) == counted(counts.up)
    waited = sum(event.facts["wait"] for event in world.events("seen"))
    assert waited == pytest.approx(counts.wait.sum(), abs=1e-3)


def test_every_failed_visit_ends_as_the_county_counted(world: Lived) -> None:
    fate = dict(zip(FATES, world.county.outpatients.counts.fate.tolist(), strict=True))
    visits = Counter(event.kind for event in world.events("tries_again", "met_elsewhere") if event.facts["setting"] == 0)
    given_up = sum(event.facts["setting"] == 0 and event.facts["why"] == "gave_up" for event in world.events("forgone"))
    kinds = Counter(event.kind for event in world.events("left", "shut", "full"))
    found = {"left": kinds["left"], "shut": kinds["shut"], "blocked": kinds["full"], "elsewhere": visits["met_elsewhere"]}
    assert found == {name: fate[name] for name in found}
    assert (visits["tries_again"], given_up) == (fate["again"], fate["forgone"])


def test_everybody_admitted_sent_down_or_out_of_patience_is_counted(world: Lived) -> None:
    inn = world.county.inpatients
    ways = Counter((e.facts["facility"], 2 if e.facts["emergency"] else int(e.facts["referred"])) for e in world.events("admitted"))
    assert ways == counted(inn.counts.admissions.sum(axis=0))
    assert tally(world, "recovers", "from", "facility") == counted(inn.counts.down)
    assert tally(world, "discharged", "facility") == counted(inn.counts.discharges)
    again = sum(event.facts["setting"] == STAY for event in world.events("tries_again"))
    given_up = sum(event.facts["setting"] == STAY and event.facts["why"] == "gave_up" for event in world.events("forgone"))
    found = [again, given_up, *(sum(1 for _ in world.events(kind)) for kind in ("no_bed_further_down", "already_in"))]
    assert found == inn.counts.fate.tolist()


def test_care_forgone_at_the_choice_is_counted_by_who(world: Lived) -> None:
    people = world.county.people
    for setting, part in enumerate((world.county.outpatients, world.county.inpatients)):
        told = [e.resident for e in world.events("forgone") if e.facts["setting"] == setting and e.facts["why"] != "gave_up"]
        who = people.lives[told].astype(int) * 3 + people.insured_at[told]
        assert np.array_equal(np.bincount(who, minlength=6), part.none)


def test_everybody_comes_to_where_he_chose_to_go_or_was_sent(world: Lived) -> None:
    """First legs of visits, by person, illness and day."""
    chosen = {(e.resident, e.facts["occasion"], e.minute): e.facts["taken"] for e in world.events("offer") if e.facts["setting"] == 0}
    chosen |= {(e.resident, e.facts["occasion"], e.minute): e.facts["facility"] for e in world.events("gatekept")}
    came = {
        (e.resident, e.facts["occasion"], e.minute // 1440 * 1440): e.facts["facility"]
        for e in world.events("seen", "left", "shut", "full")
        if e.facts["from"] < 0
    }
    strangers = {key for key, facility in came.items() if key in chosen and chosen[key] != facility}
    assert len(came.keys() & chosen.keys()) > 0.98 * len(came)
    assert strangers == set()


def test_being_watched_changes_no_measure(world: Lived) -> None:
    settings = next(settings for settings in WORLDS.values() if lived(settings) is world)
    alone = county_worlds.lived(settings, scale=SCALE, days=DAYS)
    assert as_json(plain_measures(measures(alone))) == as_json(plain_measures(measures(world.county)))
    for name in alone.people._fields:
        assert np.array_equal(getattr(alone.people, name), getattr(world.county.people, name)), name


@pytest.mark.slow
def test_these_worlds_show_every_kind_of_event() -> None:
    shown = {event.kind for settings in WORLDS.values() for event in lived(settings).events(*EVENTS)}
    rare = {"full", "met_elsewhere", "already_in", "shut"}
    assert set(EVENTS) - rare <= shown <= set(EVENTS)


def test_contracts_begin_and_end_as_the_columns_say() -> None:
    world = lived(WORLDS["usual"])
    now = world.follower.standing["contract"] > 0
    for event in world.events("signed", "lapsed"):
        now[event.resident] = event.kind == "signed"
    assert np.array_equal(now, world.county.people.contract > 0)
    ended = sum(1 for _ in world.events("renewed", "lapsed"))
    assert (ended, ended - sum(1 for _ in world.events("lapsed"))) == (world.county.contracts.ended, world.county.contracts.renewed)


def test_the_last_in_the_list_takes_each_free_bed() -> None:
    assert leaving(np.array([5.0, 1.0, 9.0, 2.0, 3.0]), 4.0) == [1, 4, 3]
    assert leaving(np.array([5.0]), 4.0) == []

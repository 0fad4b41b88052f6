"""Inpatients: every stay is accounted for, beds hold one patient each, and everyone is in one place."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.care.wards import IN_WARD, WAITING_FOR_BED
from tests.sim.care.test_outpatients import gone, most_at_once, never_come
from tests.sim.county_worlds import CROWDED, DAY, DORMANT, DOWN, EMERGENCY, HURRIED, LEFT, SERVED, WAITING, Evening, Watch, county, watched
from tests.sim.place.test_place import rewritten

WORLDS = {"usual": (), "crowded": CROWDED, "hurried": HURRIED}


@pytest.fixture(scope="module", params=WORLDS.values(), ids=WORLDS.keys())
def watch(request: pytest.FixtureRequest) -> Watch:
    return watched(request.param)


def asked(evening: Evening) -> int:
    """Count the requests for a bed written down today."""
    hall = evening.stays
    return int(np.count_nonzero(hall.tickets["flags"][hall.carried :] & DOWN == 0))


def test_every_row_of_a_ward_is_accounted_for(watch: Watch) -> None:
    before = 0
    for evening in watch.evenings:
        hall = evening.stays
        assert hall.carried == before, evening.number
        assert gone(hall).sum() + hall.left + never_come(hall) == hall.count, evening.number
        before = hall.left


def test_requests_are_admitted_given_up_or_waiting(watch: Watch) -> None:
    """On every day; those asleep in the lines are the legs further down of stays that are not over."""
    requests = admitted = gave_up = 0
    for evening in watch.evenings:
        hall = evening.stays
        first = hall.tickets["flags"] & DOWN == 0
        requests += asked(evening)
        admitted += np.count_nonzero(first & (hall.rows["outcome"] == SERVED))
        gave_up += np.count_nonzero(first & (hall.rows["outcome"] == LEFT))
        waiting = np.count_nonzero(first & np.isin(hall.rows["outcome"], (WAITING, DORMANT)))
        assert requests == admitted + gave_up + waiting, evening.number
    assert min(requests, admitted) > 100


def test_who_chose_a_bed_asks_for_it_unless_he_has_one(watch: Watch) -> None:
    before = 0
    for evening in watch.evenings:
        chosen = np.count_nonzero(evening.stays.cases["facility"] >= 0)
        refused = chosen - asked(evening)
        assert refused >= 0, evening.number
        if evening.number >= 0:
            assert refused == evening.stay_fate[3] - before, evening.number
            before = int(evening.stay_fate[3])


def test_counts_are_what_happened_on_the_counted_days(watch: Watch) -> None:
    halls = [evening.stays for evening in watch.evenings if evening.number >= 0]
    flags, outcome = (np.concatenate([a[b] for a, b in pairs]) for pairs in (
        [(hall.tickets, "flags") for hall in halls], [(hall.rows, "outcome") for hall in halls],
    ))  # fmt: skip
    down, last = flags & DOWN > 0, watch.evenings[-1]
    assert last.admissions == np.count_nonzero(~down & (outcome == SERVED))
    assert last.down == np.count_nonzero(down & (outcome == SERVED)) > 0
    assert last.stay_fate[0] == sum(hall.again for hall in halls)
    assert last.stay_fate[:2].sum() == np.count_nonzero(~down & (outcome == LEFT))
    assert last.stay_fate[2] == np.count_nonzero(down & (outcome == LEFT))


def test_patients_in_beds_are_those_who_began_and_have_not_gone(watch: Watch) -> None:
    held = began = went = 0
    for evening in watch.evenings:
        began += np.count_nonzero(evening.stays.rows["outcome"] == SERVED)
        went += np.count_nonzero(evening.bedded["end"] < evening.midnight + DAY)
        held = len(evening.in_beds["resident"])
        assert began == went + held, evening.number
        assert len(evening.bedded["resident"]) == held_before(watch, evening), evening.number
    assert went > 100


def held_before(watch: Watch, evening: Evening) -> int:
    """Say how many lay in beds in the evening before."""
    place = evening.number - watch.evenings[0].number
    return len(watch.evenings[place - 1].in_beds["resident"]) if place else 0


def test_a_bed_holds_one_patient_at_a_time(watch: Watch) -> None:
    """Where beds have moved away, those who lay in them were left to get well: at most as many as there ever were."""
    layout = watch.county.inpatients.layout
    halls = [evening.stays for evening in watch.evenings]
    station, start, service = (
        np.concatenate([hall.rows[name][hall.rows["outcome"] == SERVED] for hall in halls]) for name in ("station", "start", "service")
    )
    most = np.zeros(len(layout.servers), np.int64)
    found = most_at_once(station.astype(int), start, start + service)
    most[: len(found)] = found
    beds, inside = np.max([evening.beds for evening in watch.evenings], axis=0), layout.servers > 0
    assert np.all(most[inside] <= beds[inside])
    assert np.any(most[inside] == beds[inside])


def test_beds_move_inside_a_hospital_and_none_is_lost(watch: Watch) -> None:
    layout = watch.county.inpatients.layout
    held = np.bincount(layout.owner, layout.servers)
    for evening in watch.evenings:
        assert np.array_equal(np.bincount(layout.owner, evening.beds), held), evening.number


def test_a_ward_takes_nobody_new_while_more_lie_in_it_than_it_has_beds(watch: Watch) -> None:
    layout, before = watch.county.inpatients.layout, np.zeros(len(watch.county.inpatients.layout.servers), np.int64)
    inside = layout.servers > 0
    for evening in watch.evenings:
        beds = evening.in_beds
        still = beds["end"] >= evening.midnight + DAY
        lie = np.bincount(layout.station[beds["facility"][still], beds["group"][still]], minlength=len(before))
        assert np.all(lie[inside] <= np.maximum(before, evening.beds)[inside]), evening.number
        before = lie


def test_everyone_is_at_home_or_in_the_one_ward_where_he_lies(watch: Watch) -> None:
    place = watch.county.place
    home = place.village_node[watch.county.people.village]
    for evening in watch.evenings:
        lies = np.zeros(len(home), np.int64)
        np.add.at(lies, evening.in_beds["resident"], 1)
        assert np.array_equal(evening.state == IN_WARD, lies > 0), evening.number
        assert np.array_equal(evening.place_node[lies == 0], home[lies == 0]), evening.number
        nodes = [set(place.facilities.node[evening.in_beds["facility"][evening.in_beds["resident"] == r]]) for r in np.flatnonzero(lies)]
        assert all(node in of for node, of in zip(evening.place_node[lies > 0], nodes, strict=True)), evening.number


def test_nobody_has_two_beds_at_once(watch: Watch) -> None:
    """A stay that goes on further down begins there after it has ended above, though both may be known in one evening."""
    for evening in watch.evenings:
        beds = evening.in_beds
        order = np.lexsort((beds["start"], beds["resident"]))
        same = np.diff(beds["resident"][order]) == 0
        assert np.all(beds["end"][order][:-1][same] <= beds["start"][order][1:][same]), evening.number


def test_who_waits_for_a_bed_stands_in_a_line(watch: Watch) -> None:
    """Or has just been sent on his way further down."""
    for evening in watch.evenings:
        rows, tickets = evening.stays.rows, evening.stays.tickets
        still = np.isin(rows["outcome"], (WAITING, DORMANT))
        told = set(tickets["resident"][still].tolist())
        waiting = set(np.flatnonzero(evening.state == WAITING_FOR_BED).tolist())
        assert waiting <= told, evening.number
        lying = set(evening.in_beds["resident"].tolist())
        in_line = set(tickets["resident"][still & (rows["outcome"] == WAITING)].tolist())
        assert in_line <= waiting | lying, evening.number
    assert any((evening.state == WAITING_FOR_BED).any() for evening in watch.evenings)


def test_nobody_is_left_waiting_for_a_bed_that_he_has_left() -> None:
    """Where stays are so short that both ends of one that goes on fall on one day, in hospitals and townships of one node."""
    watch = watched(HURRIED)
    last = watch.evenings[-1]
    both = [np.unique(e.in_beds["resident"], return_counts=True)[1].max(initial=0) for e in watch.evenings]
    assert max(both) == 2
    assert np.count_nonzero(last.state) <= len(last.in_beds["resident"]) + last.stays.left


def test_people_go_away_and_come_home() -> None:
    watch = watched()
    home = watch.county.place.village_node[watch.county.people.village]
    away = np.array([evening.place_node != home for evening in watch.evenings])
    assert away[20:].any(axis=1).all()
    came_back = away[20:-1].any(axis=0) & ~away[-1]
    assert came_back.sum() > 20
    assert (away.any(axis=0) & away[-1]).sum() > 10


def test_a_stay_goes_down_after_the_time_the_way_takes(watch: Watch) -> None:
    between = watch.county.place.between
    found = 0
    for evening in watch.evenings:
        hall = evening.stays
        for r in np.flatnonzero((hall.tickets["flags"] & DOWN > 0) & (hall.rows["outcome"] == SERVED)):
            way = between[hall.tickets["origin"][r], hall.tickets["facility"][r]]
            assert hall.rows["travel"][r] == way > 0
            found += 1
    assert found > 10


def test_who_finds_nobody_able_lies_nowhere(tmp_path: Path) -> None:
    """Without hospitals outside, some conditions are beyond everyone: such cases are needs not met, and never stays at a clinic."""
    path = rewritten(tmp_path, lambda rows: [row for row in rows if row["tier"] not in ("municipal", "provincial")])
    watch = Watch(county([path], name="lujiang-2018", days=10))
    for _ in watch.county.days():
        pass
    halls = [evening.stays for evening in watch.evenings]
    facility, flags = (np.concatenate([hall.tickets[name] for hall in halls]) for name in ("facility", "flags"))
    assert watch.county.place.facilities.beds[facility[flags & EMERGENCY == 0]].min() > 0
    counted = [evening.stays.cases["facility"] for evening in watch.evenings if evening.number >= 0]
    assert watch.county.inpatients.none.sum() == sum(np.count_nonzero(facility == -1) for facility in counted) > 0


def test_emergencies_never_give_up() -> None:
    watch = watched(CROWDED)
    halls = [evening.stays for evening in watch.evenings]
    outcome: NDArray[np.int8] = np.concatenate([hall.rows["outcome"] for hall in halls])
    flags = np.concatenate([hall.tickets["flags"] for hall in halls])
    assert np.count_nonzero(outcome == LEFT) > 0
    assert not np.any((outcome == LEFT) & (flags & EMERGENCY > 0))


def test_expected_waits_for_a_bed_move_towards_what_a_week_has_shown() -> None:
    inn = county(days=1).inpatients
    inn.counts.seen[2], inn.counts.waited[2] = 3, 6.0
    inn.learn(0.7)
    assert inn.expected[2] == pytest.approx(0.3 * 2.0)
    assert inn.expected.sum() == inn.expected[2]
    assert (inn.counts.seen.sum(), inn.counts.waited.sum()) == (0, 0.0)

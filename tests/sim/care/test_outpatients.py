"""Outpatients: every leg of every day is accounted for, doctors see one patient at a time, and lines are lines of time."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.people.need import COME_BACK
from sim.words import TIERS
from tests.sim.county_worlds import BLOCKED, CROWDED, DAY, EMERGENCY, LEFT, ONWARD, SERVED, SHUT, Hall, Watch, county, watched

OVER = (SERVED, BLOCKED, LEFT, SHUT)
WORLDS = {"usual": (), "crowded": CROWDED}


@pytest.fixture(scope="module", params=WORLDS.values(), ids=WORLDS.keys())
def watch(request: pytest.FixtureRequest) -> Watch:
    return watched(request.param)


@pytest.fixture(scope="module")
def crowd() -> Watch:
    return watched(CROWDED)


def gone(hall: Hall) -> NDArray[np.bool_]:
    """Say which rows came to an end today."""
    return np.isin(hall.rows["outcome"], OVER)


def never_come(hall: Hall) -> int:
    """Count the legs onward of those who were not served where they should have been sent on."""
    failed = gone(hall) & (hall.rows["outcome"] != SERVED)
    return int((hall.rows["then"][failed] >= 0).sum())


def served(watch: Watch, column: str, table: str = "rows") -> NDArray[np.float64]:
    """Collect a column of all who were served, in the order of days."""
    halls = [evening.visits for evening in watch.evenings]
    return np.concatenate([getattr(hall, table)[column][hall.rows["outcome"] == SERVED] for hall in halls])


def test_served_left_blocked_shut_and_still_there_are_all_who_came(watch: Watch) -> None:
    before = 0
    for evening in watch.evenings:
        hall = evening.visits
        legs = np.count_nonzero(hall.cases["facility"] >= 0) + np.count_nonzero(hall.cases["onward"] >= 0)
        assert hall.carried == before, evening.number
        assert hall.count == hall.carried + legs, evening.number
        assert gone(hall).sum() + hall.left + never_come(hall) == hall.count, evening.number
        before = hall.left
    assert sum(never_come(evening.visits) for evening in watch.evenings) > 0


def test_fates_are_the_outcomes_of_the_counted_days(watch: Watch) -> None:
    counted = [evening for evening in watch.evenings if evening.number >= 0]
    outcomes = sum(np.bincount(e.visits.rows["outcome"][gone(e.visits)], minlength=SHUT + 1) for e in counted)
    assert counted[-1].visit_fate[:4].tolist() == outcomes[[SERVED, BLOCKED, LEFT, SHUT]].tolist()
    assert counted[-1].seen == outcomes[SERVED]
    assert outcomes[LEFT] > 0
    assert outcomes[SHUT] == 0, "people come in opening hours, and emergencies where the door is always open"


def test_every_need_is_absorbed_thinned_or_brought_to_a_choice(watch: Watch) -> None:
    before, again = np.zeros((2, 3), np.int64), [0, 0]
    for evening in watch.evenings:
        new = evening.tally - before
        assert new.sum(axis=1).tolist() == evening.candidates.tolist(), evening.number
        for setting, hall in enumerate((evening.visits, evening.stays)):
            tried, back = hall.cases["attempt"], hall.cases["occasion"] & COME_BACK > 0
            assert np.count_nonzero((tried == 0) & ~back) == new[setting, 0], evening.number
            assert setting == 1 or not back.any(), evening.number
            assert np.count_nonzero(tried > 0) == again[setting], evening.number
            assert hall.cases["facility"].min(initial=0) >= -1, evening.number
        before, again = evening.tally, [evening.visits.again, evening.stays.again]
    assert before.min() > 0


def test_counted_needs_are_choices_of_care_or_of_none(watch: Watch) -> None:
    counted = [evening for evening in watch.evenings if evening.number >= 0]
    out, inn = watch.county.outpatients, watch.county.inpatients
    for part, halls in ((out, [e.visits for e in counted]), (inn, [e.stays for e in counted])):
        assert part.needs.sum() == sum(np.count_nonzero(hall.cases["attempt"] == 0) for hall in halls)
        assert part.none.sum() == sum(np.count_nonzero(hall.cases["facility"] == -1) for hall in halls) > 0


def test_who_failed_tries_again_meets_it_elsewhere_or_forgoes_it(watch: Watch) -> None:
    counted = [evening for evening in watch.evenings if evening.number >= 0]
    fate, unhelped = counted[-1].visit_fate, int(watch.county.outpatients.counts.unhelped.sum())
    failed, again, elsewhere, forgone = fate[1:4].sum(), fate[4], fate[5], fate[6]
    assert again == sum(evening.visits.again for evening in counted)
    assert forgone == watch.county.outpatients.counts.forgone.sum()
    assert failed <= again + elsewhere + forgone <= failed + unhelped
    assert unhelped > 0


def test_a_doctor_sees_one_patient_at_a_time(crowd: Watch) -> None:
    out = crowd.county.outpatients
    assert np.array_equal(crowd.county.rooms, out.departments.servers)
    station, start, service = (served(crowd, name) for name in ("station", "start", "service"))
    busiest = most_at_once(station.astype(int), start, start + service)
    inside = out.departments.servers > 0
    assert np.all(busiest[inside] <= out.departments.servers[inside])
    assert np.any(busiest[inside] == out.departments.servers[inside])


def most_at_once(station: NDArray[np.int64], start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.int64]:
    """Find how many were served at each station at its busiest moment; one who ends makes room for one who begins."""
    time, change = np.concatenate([end, start]), np.repeat([-1, 1], len(start))
    where = np.tile(station, 2)
    order = np.lexsort((change, time, where))
    most = np.zeros(where.max() + 1, np.int64)
    running = np.cumsum(change[order])
    np.maximum.at(most, where[order], running)  # each station ends at nought before the next begins
    return most


def test_the_first_to_come_is_the_first_to_be_seen_in_each_class(crowd: Watch) -> None:
    station, rank, arrive, start = (served(crowd, name) for name in ("station", "rank", "arrive", "start"))
    order = np.lexsort((arrive, rank, station))
    same = (np.diff(station[order]) == 0) & (np.diff(rank[order]) == 0) & (np.diff(arrive[order]) > 0)
    assert same.sum() > 1000
    assert np.all(np.diff(start[order])[same] >= 0)
    assert np.all(start >= arrive)


def test_waits_do_not_depend_on_the_number_of_a_resident(crowd: Watch) -> None:
    """In every station the wait is uncorrelated with the resident's number: the sum of covariances lies within five of its own spreads."""
    station, wait = served(crowd, "station").astype(int), served(crowd, "start") - served(crowd, "arrive")
    resident = served(crowd, "resident", "tickets").astype(float)
    first = served(crowd, "flags", "tickets").astype(int) & (ONWARD | EMERGENCY) == 0
    inside = first & (crowd.county.outpatients.departments.servers[station] > 0)
    total, variance = 0.0, 0.0
    for s in np.unique(station[inside]):
        mine = inside & (station == s)
        x, y = resident[mine] - resident[mine].mean(), wait[mine] - wait[mine].mean()
        x, y = x / max(x.std(), 1e-9), y / max(y.std(), 1e-9)
        total, variance = total + float(x @ y), variance + len(x)
    assert wait[inside].mean() > 5.0
    assert variance > 1000
    assert abs(total) < 5.0 * np.sqrt(variance)


def test_nobody_waits_outside_the_county(crowd: Watch) -> None:
    house = crowd.county.place.facilities
    facility = served(crowd, "facility", "tickets").astype(int)
    wait = served(crowd, "start") - served(crowd, "arrive")
    assert (~house.in_county[facility]).sum() > 0
    assert np.all(wait[~house.in_county[facility]] == 0.0)


def test_everyone_stands_at_a_department_of_his_facility(watch: Watch) -> None:
    for part, halls in (
        (watch.county.outpatients, [e.visits for e in watch.evenings]),
        (watch.county.inpatients, [e.stays for e in watch.evenings]),
    ):
        station = np.concatenate([hall.rows["station"] for hall in halls])
        facility = np.concatenate([hall.tickets["facility"] for hall in halls])
        assert station.min() >= 0
        assert np.array_equal(part.departments.owner[station], facility)


def test_clinics_see_nobody_outside_their_hours_but_those_already_there(watch: Watch) -> None:
    out = watch.county.outpatients
    station, arrive = served(watch, "station").astype(int), served(watch, "arrive")
    flags = served(watch, "flags", "tickets").astype(int)
    minute, ordinary = arrive % DAY, flags & (ONWARD | EMERGENCY) == 0
    assert np.all(minute[ordinary] >= out.stations.opens[station[ordinary]])
    assert np.all(minute[ordinary] <= out.stations.closes[station[ordinary]])


def test_what_people_expect_moves_towards_what_a_week_has_shown() -> None:
    out = county(days=1).outpatients
    out.expected[:], out.counts.seen[:], out.counts.waited[:] = 10.0, 0, 0.0
    out.counts.seen[3], out.counts.waited[3] = 4, 4 * 30.0
    out.learn(0.7)
    assert out.expected[3] == pytest.approx(0.7 * 10.0 + 0.3 * 30.0)
    assert out.expected[4] == 10.0
    assert (out.counts.seen.sum(), out.counts.waited.sum()) == (0, 0.0)


def test_emergencies_are_seen_by_day_and_by_night() -> None:
    """Half of them come in the twelve hours from seven to seven: a binomial count, within four of its spreads."""
    watch = watched()
    owner, tier = watch.county.outpatients.departments.owner, watch.county.place.facilities.tier
    at_county = tier[owner[served(watch, "station").astype(int)]] == TIERS.index("county")
    urgent = at_county & (served(watch, "flags", "tickets").astype(int) & EMERGENCY > 0)
    minute, count = served(watch, "start")[urgent] % DAY, int(urgent.sum())
    night = np.count_nonzero((minute < 7 * 60) | (minute > 19 * 60))
    assert count >= 30
    assert abs(night - count / 2) < 4 * np.sqrt(count) / 2

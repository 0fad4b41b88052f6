"""The engine: equal to its plain twin, the same in pieces as in one, and obedient to the laws of queues."""

import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.care.engine import hours as engine
from sim.care.engine.hours import BLOCKED, DAY, DORMANT, LEFT, SERVED, SHUT, WAITING
from tests.sim.hours_twin import twin_outcomes
from tests.sim.hours_worlds import FOREVER, RANKS, World, by_day, in_order, whole, worlds


def visits(arrive: list[float], service: float = 10.0, **columns: list[float]) -> engine.Rows:
    """Write visits to station 0, each with a service of the same length unless columns say otherwise."""
    rows = engine.rows(len(arrive))
    rows.arrive[:], rows.service[:] = arrive, service
    for name, values in columns.items():
        getattr(rows, name)[:] = values
    return rows


def run(stations: engine.Stations, rows: engine.Rows, ranks: int = RANKS, until: float = FOREVER) -> engine.Lines:
    """Run rows in one piece."""
    lines = engine.lines(stations, ranks, len(rows.arrive))
    engine.hours(in_order(rows, 0, len(rows.arrive), 0.0, DAY), stations, rows, lines, 0.0, until)
    return lines


@given(worlds())
@settings(max_examples=150, deadline=None)
def test_the_engine_equals_its_plain_twin_bit_for_bit(world: World) -> None:
    rows = whole(world)
    arrive, start, outcome = twin_outcomes(world.stations, world.rows, RANKS, FOREVER)
    assert np.array_equal(rows.outcome, outcome)
    assert np.array_equal(rows.start, start)
    assert np.array_equal(rows.arrive, arrive)


@given(worlds())
@settings(max_examples=100, deadline=None)
def test_days_give_the_same_bits_as_one_piece(world: World) -> None:
    one, pieces = whole(world), by_day(world)
    for name in ("outcome", "start", "arrive"):
        assert np.array_equal(getattr(one, name), getattr(pieces, name)), name


@given(worlds(), st.floats(0.0, 6 * DAY))
@settings(max_examples=60, deadline=None)
def test_nobody_is_lost(world: World, until: float) -> None:
    rows = whole(world, until)
    came = world.rows.outcome != DORMANT
    followed = np.zeros(len(rows.arrive), bool)
    served = (rows.outcome == SERVED) & (rows.then >= 0)
    followed[rows.then[served]] = True
    assert np.array_equal(rows.outcome != DORMANT, came | followed)
    ended = np.isin(rows.outcome, (SERVED, BLOCKED, LEFT, SHUT))
    assert np.all(rows.start[ended] < until) or until == 0.0
    assert np.all(rows.start[rows.outcome == SERVED] >= rows.arrive[rows.outcome == SERVED])


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_more_doctors_never_raise_the_mean_wait(seed: int, doctors: int, more: int) -> None:
    rng = np.random.default_rng(seed)
    arrive, service = np.sort(rng.random(80) * 400.0), rng.exponential(15.0, 80)
    waits = []
    for servers in (doctors, doctors + more):
        rows = visits(list(arrive), service=service)
        run(engine.stations([servers]), rows)
        waits.append(rows.start - rows.arrive)
    assert np.all(waits[1] <= waits[0])


def test_first_come_is_first_served_however_the_rows_lie() -> None:
    arrive = np.random.default_rng(5).permutation(np.arange(20_000) * 0.9)
    rows = visits(list(arrive), service=1.0)
    run(engine.stations([1]), rows)
    assert np.array_equal(np.argsort(rows.start), np.argsort(arrive))
    wait = rows.start - rows.arrive
    assert wait[-2000:].mean() == pytest.approx(wait[:2000].mean(), rel=0.1)


def test_the_first_class_is_called_first_and_nobody_is_interrupted() -> None:
    rows = visits([0.0, 1.0, 2.0, 3.0], rank=[1, 1, 0, 0])
    run(engine.stations([1]), rows)
    assert rows.start.tolist() == [0.0, 30.0, 10.0, 20.0]


def test_who_stands_at_the_door_enters_in_the_order_they_came() -> None:
    rows = visits([479.0, 300.0, 450.0, 480.5])
    run(engine.stations([1], 480.0, 1020.0), rows)
    assert np.argsort(rows.start).tolist() == [1, 2, 0, 3]
    assert rows.start[1] == pytest.approx(480.0, abs=0.01)
    assert rows.arrive[1] == rows.start[1]


def test_after_closing_a_walk_in_finds_it_shut_and_the_referred_come_back() -> None:
    rows = visits(
        [1019.0, 1020.0, 900.0, 0.0], station=[0, 0, 1, 0], then=[-1, -1, 3, -1], travel=[0, 0, 0, 600.0], outcome=[0, 0, 0, DORMANT]
    )
    run(engine.stations([1, 1], [480.0, 0.0], [1020.0, DAY]), rows)
    assert rows.outcome.tolist() == [SERVED, SHUT, SERVED, SERVED]
    assert rows.start[1] == 1020.0
    assert rows.start[3] == pytest.approx(DAY + 480.0, abs=0.01)


def test_who_is_inside_at_closing_is_served_out() -> None:
    rows = visits([1000.0, 1001.0, 1002.0], service=60.0)
    run(engine.stations([1], 480.0, 1020.0), rows)
    assert rows.start.tolist() == [1000.0, 1060.0, 1120.0]


def test_a_station_that_never_closes_takes_people_at_any_minute_of_any_day() -> None:
    arrive = [0.0, DAY - 1e-9, DAY, 3.5 * DAY, 10 * DAY + 1439.0]
    rows = visits(arrive)
    run(engine.stations([5], 0.0, 2 * DAY), rows)
    assert rows.start.tolist() == arrive


def test_a_long_way_may_pass_midnight() -> None:
    rows = visits([1400.0, 0.0], then=[1, -1], travel=[0.0, 100.0], outcome=[0, DORMANT])
    lines = run(engine.stations([1]), rows, until=DAY)
    assert rows.outcome.tolist() == [SERVED, WAITING]
    assert engine.carry(2, engine.stations([1]), rows, lines, np.empty(2, np.int32)) == 1
    engine.hours(np.empty(0, np.int32), engine.stations([1]), rows, lines, DAY, 2 * DAY)
    assert rows.start[0] == 1510.0


def test_full_places_turn_people_away_but_not_for_those_who_have_given_up() -> None:
    rows = visits([0.0, 1.0, 2.0, 30.0], service=100.0, patience=[np.inf, 5.0, 50.0, np.inf])
    run(engine.stations([1], places=2), rows)
    assert rows.outcome.tolist() == [SERVED, LEFT, LEFT, SERVED]
    assert rows.start.tolist() == [0.0, 6.0, 52.0, 100.0]
    rows = visits([0.0, 1.0, 2.0], service=100.0)
    run(engine.stations([1], places=1), rows)
    assert rows.outcome.tolist() == [SERVED, SERVED, BLOCKED]


def test_a_station_without_servers_keeps_nobody_waiting() -> None:
    rows = visits([5.0] * 1000)
    run(engine.stations([0]), rows)
    assert np.all(rows.start == 5.0)


def test_a_hundred_thousand_in_one_line_overflow_nothing() -> None:
    rows = visits([0.0] * 100_000, service=1.0)
    lines = run(engine.stations([1, 1]), rows, until=1000.0)
    assert (rows.outcome == SERVED).sum() == 1000
    assert lines.waiting.tolist() == [99_000, 0]


def test_rows_beyond_the_capacity_are_refused() -> None:
    rows = engine.rows(10)
    engine.room_for(rows, 10, engine.lines(engine.stations([1]), 1, 10))
    with pytest.raises(OverflowError, match="11 rows do not fit into the 10"):
        engine.room_for(rows, 11)
    with pytest.raises(OverflowError, match="room for 9 rows cannot serve 10"):
        engine.room_for(rows, 10, engine.lines(engine.stations([1]), 1, 9))


def test_a_station_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(ValueError, match=r"station 1 opens at minute 720\.0 and closes at 480\.0"):
        engine.stations([1, 1], [0.0, 720.0], [DAY, 480.0])
    with pytest.raises(ValueError, match="40000 stations"):
        engine.stations(np.ones(40_000))


def test_by_time_orders_those_who_come_by_themselves_and_keeps_ties_by_row() -> None:
    rows = visits([700.0, 5.0, 5.0, 1439.999, -3.0, 2000.0, 4.0], outcome=[0, 0, 0, 0, 0, 0, DORMANT])
    assert in_order(rows, 0, 7, 0.0, DAY).tolist() == [4, 1, 2, 0, 3, 5]
    assert in_order(rows, 2, 4, 0.0, DAY).tolist() == [2, 3]


def test_carrying_moves_what_is_under_way_to_the_front_in_order() -> None:
    rows = visits(
        [0.0, 1.0, 2.0, 3.0, 0.0], service=100.0, then=[4, -1, -1, -1, -1], travel=[0, 0, 0, 0, 50.0], outcome=[0, 0, 0, 0, DORMANT]
    )
    rows.patience[1] = 1.0
    stations = engine.stations([1])
    lines, moved = run(stations, rows, until=101.0), np.empty(5, np.int32)
    assert engine.carry(5, stations, rows, lines, moved) == 2
    assert moved.tolist() == [-1, -1, -1, 0, 1]
    assert rows.arrive[:2].tolist() == [3.0, 150.0]


def test_added_servers_call_the_waiting_at_once_and_idle_ones_are_taken_away_first() -> None:
    rows = visits([0.0, 1.0, 2.0, 3.0], service=100.0)
    few, many = engine.stations([1, 1]), engine.stations([3, 1])
    lines = run(few, rows, until=50.0)
    lines = engine.refit(lines, few, many, 50.0)
    engine.hours(np.empty(0, np.int32), many, rows, lines, 0.0, 60.0)
    assert rows.start[:3].tolist() == [0.0, 50.0, 50.0]
    lines = engine.refit(lines, many, few, 60.0)
    engine.hours(np.empty(0, np.int32), few, rows, lines, 0.0, FOREVER)
    assert rows.start[3] == 150.0


def seated(old: list[float], count: int, now: float) -> list[float]:
    """Say when the servers of one station come free: the plain twin."""
    going = max(len(old) - count, 0)
    return sorted([now] * max(count - len(old), 0) + sorted(old)[going:])


servers = st.lists(st.tuples(st.lists(st.floats(0.0, 99.0), max_size=5), st.integers(0, 6)), min_size=1, max_size=8)


@given(servers, st.sampled_from([0.0, 40.0, 99.0]))
@settings(deadline=None)
def test_servers_are_seated_as_the_plain_twin_seats_them(stations: list[tuple[list[float], int]], now: float) -> None:
    before, after = engine.stations([len(old) for old, _ in stations]), engine.stations([count for _, count in stations])
    lines = engine.lines(before, RANKS, 1)
    lines.free_at[:-1] = [time for old, _ in stations for time in old]
    wanted = [time for old, count in stations for time in seated(old, count, now)]
    assert engine.refit(lines, before, after, now).free_at.tolist() == [*wanted, 0.0]


def test_the_last_server_cannot_be_taken_from_those_who_wait() -> None:
    rows, one = visits([0.0, 1.0]), engine.stations([1])
    lines = run(one, rows, until=5.0)
    with pytest.raises(ValueError, match="station 0 has 1 waiting"):
        engine.refit(lines, one, engine.stations([0]), 5.0)


def test_the_loop_counts_no_references() -> None:
    fresh = numba.njit(error_model="numpy")(engine.hours.py_func)
    stations, rows = engine.stations([1]), visits([0.0])
    fresh(np.zeros(1, np.int32), stations, rows, engine.lines(stations, 1, 1), 0.0, 1.0)
    assert rows.outcome[0] == SERVED
    code = "".join(fresh.inspect_llvm().values())
    assert "define" in code
    assert "call void @NRT_incref" not in code


@pytest.mark.slow
def test_no_kernel_reaches_beyond_its_arrays(tmp_path: Path) -> None:
    checked = os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-m",
        "not slow",
        "-k",
        "not references",
        __file__,
        "tests/experiments/proof/test_networks.py",
    ]
    done = subprocess.run(command, env=checked, cwd=Path(__file__).parents[4], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]

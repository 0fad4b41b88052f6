"""The engine against theory beyond the shipped problems: patience, priority, clinics that close, all levels of a queue, settled choices."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.proof.answers import Answer, network_answer
from experiments.proof.choices import choice_answer
from experiments.proof.problems import Choice, Network, Option, Service, Station, Tastes

RUNS, SEED = 10, 1
ROUTINE = ("routine",)


def one_station(station: Station, rates: dict[str, float], hours: float) -> Answer:
    """Run one station with so many arrivals an hour by class."""
    arrivals = {("clinic", name): rate / 60.0 for name, rate in rates.items()}
    return network_answer(Network(hours, hours / 10, tuple(rates), {"clinic": station}, arrivals), RUNS, SEED)


def close(answer: Answer, name: str, exact: float, row: str = "all", cap: float = 0.05) -> bool:
    """Say whether a figure is within four standard errors or the cap, and never beyond three caps."""
    measured, error = answer["stations"]["clinic"][row][name], answer["se"]["stations"]["clinic"][row][name]
    return bool(abs(measured - exact) <= min(max(4 * error, cap * exact), 3 * cap * exact))


def levels(birth: NDArray[Any], death: NDArray[Any]) -> NDArray[np.float64]:
    """Solve a birth-death chain: the share of time with 0, 1, 2 ... present."""
    weight = np.cumprod(np.append(1.0, birth / death))
    return np.asarray(weight / weight.sum())


def test_who_loses_patience_leaves_as_in_erlang_a() -> None:
    station = Station(4, {"routine": Service(10.0, 1.0)}, patience={"routine": 30.0})
    answer = one_station(station, {"routine": 26.0}, 20_000)
    n = np.arange(1, 200)
    share = levels(np.full(199, 26.0), np.minimum(n, 4) * 6.0 + np.maximum(n - 4, 0) * 2.0)
    queue = float((np.maximum(np.arange(200) - 4, 0) * share).sum())
    assert close(answer, "left_share", queue * 2.0 / 26.0)
    assert close(answer, "queue", queue)
    assert close(answer, "p_wait", float(share[4:].sum()))
    assert close(answer, "wait_h", queue / 26.0)


def test_every_level_of_a_queue_is_seen_as_often_as_theory_says() -> None:
    answer = one_station(Station(2, {"routine": Service(10.0, 1.0)}, places=3), {"routine": 10.0}, 20_000)
    seen, error = answer["stations"]["clinic"]["all"]["present_share"], answer["se"]["stations"]["clinic"]["all"]["present_share"]
    share = levels(np.full(5, 10.0), np.minimum(np.arange(1, 6), 2) * 6.0)
    assert len(seen) == 6
    assert math.fsum(seen) == pytest.approx(1.0, abs=1e-9)
    assert np.all(np.abs(np.array(seen) - share) < np.maximum(4 * np.array(error), 0.02 * share))


def test_the_urgent_wait_less_as_cobham_says() -> None:
    station = Station(1, {"urgent": Service(60.0, 1.0), "routine": Service(60.0, 0.0)})
    answer = one_station(station, {"urgent": 0.3, "routine": 0.4}, 100_000)
    residual = 0.3 * 2.0 / 2.0 + 0.4 * 1.0 / 2.0
    assert close(answer, "wait_h", residual / 0.7, "urgent")
    assert close(answer, "wait_h", residual / 0.7 / 0.3, "routine")
    assert close(answer, "utilisation", 0.3, "urgent", 0.02)


def test_a_clinic_that_closes_agrees_with_its_transient_chain() -> None:
    doctors, rate, served, open_h, top = 3, 18.0, 60.0 / 9.0, 4.0, 120
    station = Station(doctors, {"routine": Service(9.0, 1.0)}, 480.0, 720.0)
    answer = one_station(station, {"routine": rate}, 60_000)
    n = np.arange(top)
    busy = np.minimum(n, doctors) * served
    drain = np.append(0.0, np.cumsum(1.0 / busy[1:]))
    step = 1e-4
    share, p_wait, wait = np.eye(top)[0], 0.0, 0.0
    for _ in range(round(open_h / step)):
        p_wait += share[doctors:].sum() * step / open_h
        wait += (np.maximum(n - doctors + 1, 0) * share).sum() / (doctors * served) * step / open_h
        flow = -(rate + busy) * share
        flow[1:] += rate * share[:-1]
        flow[:-1] += busy[1:] * share[1:]
        share = share + step * flow
    assert close(answer, "present_at_close", float((n * share).sum()))
    assert close(answer, "overtime_h", float((drain * share).sum()))
    assert close(answer, "p_wait", float(p_wait))
    assert close(answer, "wait_h", float(wait))
    assert close(answer, "throughput_per_h", rate * open_h / 24.0, cap=0.01)
    assert answer["stations"]["clinic"]["all"]["shut_share"] == 0.0


def test_shares_and_waits_settle_where_each_implies_the_other() -> None:
    station = Station(2, {"routine": Service(10.0, 1.0)})
    tastes = Tastes(per_km=-0.03, per_yuan=-0.01, per_wait_minute=-0.05)
    options = {"township": Option(0.0, 2, 60, 0.75, station), "county": Option(0.6, 15, 180, 0.6)}
    answer = choice_answer(Choice(20.0 / 60.0, tastes, options, 20_000, 2_000), RUNS, SEED)
    share, low, high = 0.5, 0.0, 0.6
    for _ in range(60):
        share = (low + high) / 2
        load = share * 20.0 / 6.0
        wait = 10.0 * load**2 / (4.0 - load**2)
        implied = 1.0 / (1.0 + math.exp((0.6 - 0.45 - 0.72) - (-0.06 - 0.15 - 0.05 * wait)))
        low, high = (share, high) if implied > share else (low, share)
    se = answer["se"]
    assert abs(answer["shares"]["township"] - share) < max(4 * se["shares"]["township"], 0.005)
    assert abs(answer["wait_minutes"]["township"] - wait) < max(4 * se["wait_minutes"]["township"], 0.05 * wait)
    assert abs(answer["utilisation"]["township"] - share * 20.0 / 12.0) < 0.01
    assert wait > 10.0

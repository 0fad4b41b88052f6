"""Runs of a network: the same however they are cut, and never short of room."""

import numpy as np
import pytest

from experiments.proof.networks import spans
from experiments.proof.problems import Network, Service, Station
from sim.arithmetic.luck import key
from sim.care.engine.hours import SERVED, UNLIMITED, WAITING

HOURS = 200.0


def network(servers: int = 3, patience: float = 60.0) -> Network:
    """Make two stations with two classes; one closes, and some go on from the other to it and back."""
    service = {"urgent": Service(12.0, 1.0), "routine": Service(10.0, 2.0)}
    return Network(
        HOURS,
        0.0,
        ("urgent", "routine"),
        {"open": Station(servers, service, patience={"routine": patience}), "day": Station(2, service, 480.0, 1020.0, 4)},
        {("open", "urgent"): 0.05, ("open", "routine"): 0.2, ("day", "routine"): 0.1},
        {("open", "urgent"): {"day": 0.3}, ("open", "routine"): {"day": 0.1}, ("day", "routine"): {"open": 0.2}},
    )


def ended(capacity: int, each: Network) -> list[tuple[float, ...]]:
    """Run a network; list every leg that ended: when it began, where, which class, how."""
    seen = []
    for span in spans(each, key(1), capacity):
        rows = span.rows
        for r in range(span.written):
            if rows.outcome[r] not in (WAITING, 5):
                seen.append((float(rows.start[r]), int(rows.station[r]), int(rows.rank[r]), int(rows.outcome[r]), float(rows.service[r])))
    return sorted(seen)


def test_short_spans_give_the_same_bits_as_a_single_one() -> None:
    whole = ended(1 << 15, network())
    assert len(whole) > 2000
    assert {outcome for _, _, _, outcome, _ in whole} == {1, 2, 3, 4}
    for capacity in (50, 333):
        assert ended(capacity, network()) == whole


def test_rows_grow_when_lines_do() -> None:
    slow = network(servers=1, patience=np.inf)
    assert ended(8, slow) == ended(1 << 15, slow)


def test_arrivals_come_only_while_a_station_is_open_and_at_their_rate() -> None:
    day = Network(4_800.0, 0.0, ("routine",), {"day": Station(50, {"routine": Service(1.0, 0.0)}, 480.0, 720.0)}, {("day", "routine"): 0.5})
    minutes = np.concatenate([span.rows.arrive[: span.written] for span in spans(day, key(2))]) % 1440.0
    assert minutes.min() >= 480.0
    assert minutes.max() < 720.0
    expected = 0.5 * 240.0 * 200
    assert abs(len(minutes) - expected) < 5 * np.sqrt(expected)
    assert abs(minutes.mean() - 600.0) < 5 * 240.0 / np.sqrt(12 * expected)


def test_paths_follow_the_shares_and_keep_the_class() -> None:
    service = {"a": Service(1.0, 0.0), "b": Service(1.0, 0.0)}
    stations = {name: Station(100, service, places=UNLIMITED) for name in ("x", "y", "z")}
    arrivals = {("x", "a"): 1.0, ("x", "b"): 1.0}
    onward = {("x", "a"): {"y": 0.25, "z": 0.5}, ("x", "b"): {"z": 0.1}}
    counts = np.zeros((3, 2))
    for span in spans(Network(400.0, 0.0, ("a", "b"), stations, arrivals, onward), key(3)):
        seen = span.rows.outcome[: span.written] == SERVED
        np.add.at(counts, (span.rows.station[: span.written][seen], span.rows.rank[: span.written][seen]), 1)
    assert counts[1, 1] == 0
    for to, rank, share in ((1, 0, 0.25), (2, 0, 0.5), (2, 1, 0.1)):
        assert counts[to, rank] / counts[0, rank] == pytest.approx(share, abs=5 * np.sqrt(share / counts[0, rank]))

"""How many visits a second: the model's engine beside SimPy, on the three-tier network of `experiments/proof/exact/three_tiers.yaml`.

Both draw every path, run every queue and add up every wait. Each is timed after a warm start.
"""

import random
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from experiments.proof.known import EXACT
from experiments.proof.networks import spans
from experiments.proof.problem_files import read_problem
from experiments.proof.problems import Network
from sim.arithmetic.luck import key
from sim.care.engine.hours import SERVED

CLASS = "routine"
Waits = NDArray[np.float64]
Way = Callable[[Network, int], tuple[int, Waits]]
"""A way of running a network with a seed; returns the visits served, and the mean wait in minutes at each station."""


def three_tiers(hours: float) -> Network:
    """Read the network, to be run for so many hours."""
    body = read_problem(EXACT / "three_tiers.yaml").body
    if not isinstance(body, Network):
        raise TypeError(f"three_tiers.yaml holds a {type(body).__name__}, not a network")
    return replace(body, hours=hours, warm_up=0.0)


def engine_waits(network: Network, seed: int) -> tuple[int, Waits]:
    """Run the model's engine."""
    stations = len(network.stations)
    served, waited = np.zeros(stations, np.int64), np.zeros(stations)
    for span in spans(network, key(seed)):
        seen = np.flatnonzero(span.rows.outcome[: span.written] == SERVED)
        where = span.rows.station[seen]
        served += np.bincount(where, minlength=stations)
        waited += np.bincount(where, span.rows.start[seen] - span.rows.arrive[seen], stations)
    return int(served.sum()), waited / served


def simpy_waits(network: Network, seed: int) -> tuple[int, Waits]:
    """Run SimPy."""
    environment, luck = simpy.Environment(), random.Random(seed)
    servers = {name: simpy.Resource(environment, station.servers) for name, station in network.stations.items()}
    mean = {name: station.service[CLASS].mean for name, station in network.stations.items()}
    served, waited = dict.fromkeys(servers, 0), dict.fromkeys(servers, 0.0)
    paths = {name: list(network.onward.get((name, CLASS), {}).items()) for name in servers}

    def patient(station: str | None) -> Generator[simpy.Event, Any, None]:
        while station is not None:
            came = environment.now
            with servers[station].request() as request:
                yield request
                waited[station] += environment.now - came
                served[station] += 1
                yield environment.timeout(luck.expovariate(1.0 / mean[station]))
            station = onward(station)

    def onward(station: str) -> str | None:
        draw = luck.random()
        for to, share in paths[station]:
            draw -= share
            if draw < 0.0:
                return to
        return None

    def arrivals(station: str, rate: float) -> Generator[simpy.Event, Any, None]:
        while True:
            yield environment.timeout(luck.expovariate(rate))
            environment.process(patient(station))

    for (name, _), rate in network.arrivals.items():
        environment.process(arrivals(name, rate))
    environment.run(network.hours * 60.0)
    return sum(served.values()), np.array([waited[name] / served[name] for name in servers])


def visits_per_second(way: Way, hours: float, tries: int) -> float:
    """Time a way of running the network; the best of several runs after a warm start."""
    network = three_tiers(hours)
    way(replace(network, hours=10.0), 0)
    best = 0.0
    for seed in range(tries):
        began = time.perf_counter()
        visits, _ = way(network, seed)
        best = max(best, visits / (time.perf_counter() - began))
    return best

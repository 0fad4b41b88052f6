"""Turn what was seen in runs into figures: per station and class, the mean over the runs and its standard error."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments.proof.observed import Sums, observe
from experiments.proof.problems import Network, Station, reached
from sim.arithmetic.luck import key
from sim.care.engine.hours import BLOCKED, DAY, LEFT, SERVED, SHUT

Answer = dict[str, Any]
"""Nested by name; the leaves are floats, lists of floats, or None where nothing was seen."""


def network_answer(network: Network, runs: int, seed: int) -> Answer:
    """Run a network `runs` times with seeds of their own, and give every figure with its standard error."""
    each = [{"stations": figures(network, observe(network, key(seed + run)))} for run in range(runs)]
    mean, error = summed_up(each)
    return {"runs": runs, **mean, "se": error}


def figures(network: Network, sums: Sums) -> Answer:
    """Give the figures of one run: station -> `all` or class -> name -> figure."""
    answer: Answer = {}
    for s, (name, station) in enumerate(network.stations.items()):
        rows = {"all": slice(None)} | {c: slice(k, k + 1) for k, c in enumerate(network.classes) if name in reached(network, c)}
        answer[name] = {row: _figures(network, station, sums, s, picked, row) for row, picked in rows.items()}
    return answer


def _figures(network: Network, station: Station, sums: Sums, s: int, picked: slice, row: str) -> Answer:
    """Give the figures of one class at one station, or of all classes."""
    window = network.hours - network.warm_up
    ended = sums.ended[s, picked].sum(axis=0)
    came = int(ended[[SERVED, BLOCKED, LEFT, SHUT]].sum())
    in_line = int(ended[SERVED] + ended[LEFT])
    queue, busy = (float(each[s, picked].sum()) / window / 60.0 for each in (sums.queue, sums.busy))
    level = len(network.classes) if row == "all" else network.classes.index(row)
    answer: Answer = {
        "throughput_per_h": float(sums.departed[s, picked].sum()) / window,
        "utilisation": busy / station.servers if station.servers else None,
        "p_wait": _ratio(sums.delayed[s, picked].sum(), in_line),
        "wait_h": _ratio(sums.waited[s, picked].sum() / 60.0, in_line),
        "queue": queue,
        "present": queue + busy,
        "blocked_share": _ratio(ended[BLOCKED], came),
        "left_share": _ratio(ended[LEFT], came),
        "present_share": [float(x) for x in np.trim_zeros(sums.share[s, level], "b") / window / 60.0],
    }
    return answer | (_closing(network, station, sums, s, level) | {"shut_share": _ratio(ended[SHUT], came)} if station.closing else {})


def _closing(network: Network, station: Station, sums: Sums, s: int, level: int) -> Answer:
    """Say how many are present when a clinic closes and how long it takes them, over the days whose next closing the run still sees."""
    closes = np.arange(sums.closing.shape[2]) * DAY + station.closes
    days = (closes >= network.warm_up * 60.0) & (closes + DAY <= network.hours * 60.0)
    present, late = sums.closing[s, level, days], sums.late[s, level, days]
    return {"present_at_close": _ratio(present.sum(), len(present)), "overtime_h": _ratio(late.sum() / 60.0, len(late))}


def _ratio(part: float, whole: int) -> float | None:
    """Divide, where there is something to divide by."""
    return float(part) / whole if whole else None


def summed_up(each: Sequence[Any]) -> tuple[Any, Any]:
    """Give the mean over runs and its standard error, leaf by leaf; lists are filled up with 0, and None in one run is None in both."""
    if isinstance(each[0], dict):
        pairs = {name: summed_up([run[name] for run in each]) for name in each[0]}
        return {name: mean for name, (mean, _) in pairs.items()}, {name: error for name, (_, error) in pairs.items()}
    if isinstance(each[0], list):
        length = max(len(run) for run in each)
        pairs_ = [summed_up([run[i] if i < len(run) else 0.0 for run in each]) for i in range(length)]
        return [mean for mean, _ in pairs_], [error for _, error in pairs_]
    if any(run is None for run in each):
        return None, None
    mean = math.fsum(each) / len(each)
    if len(each) < 2:
        return mean, None
    return mean, math.sqrt(math.fsum((run - mean) ** 2 for run in each) / (len(each) - 1) / len(each))

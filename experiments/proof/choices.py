"""Run a choice problem through the model's own choice, `sim/choice/choosing.py`, and where people wait through its engine.

Where options have stations, everybody expects the long-run mean wait of each, and the waits follow from how many come: the two settle
together. The waits are the engine's; only between its runs is the wait of an option taken to follow the shape of the approximation for
M/G/c by Allen and Cunneen (1978), scaled to what the engine last gave at nearly the same load.
"""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from experiments.proof.answers import Answer, figures, summed_up
from experiments.proof.observed import observe
from experiments.proof.problems import Choice, Network, Station
from sim.arithmetic.compiled import njit
from sim.arithmetic.luck import key
from sim.choice.choosing import logsum, shares

PILOTS = 3
PILOT_PART = 0.1
STEP = 1e-4
Reals = NDArray[np.float64]


def utilities(choice: Choice, waits: Mapping[str, float], price_factor: Mapping[str, float] | None = None) -> Reals:
    """Give the utility of each option at expected waits (minutes), with out-of-pocket prices multiplied by `price_factor`."""
    taste, factor = choice.tastes, price_factor or {}
    return np.array(
        [
            option.constant
            + taste.per_km * option.kilometres
            + taste.per_yuan * option.out_of_pocket * factor.get(name, 1.0)
            + taste.per_wait_minute * waits.get(name, 0.0)
            for name, option in choice.options.items()
        ]
    )


def split(utility: Reals) -> Reals:
    """Give the shares of a plain logit, through the model's choice."""
    return shares(utility, np.zeros(utility.shape[-1], np.int64), np.ones(1))


def choice_answer(choice: Choice, runs: int, seed: int) -> Answer:
    """Give shares, logsum and elasticities; with stations also waits and utilisation, and the standard error of each over the runs."""
    if not choice.queues:
        return chosen(choice, {})
    mean, error = summed_up([settled(choice, seed + run) for run in range(runs)])
    return {**mean, "se": error}


def chosen(choice: Choice, waits: Mapping[str, float]) -> Answer:
    """Say what people choose who expect these waits.

    The elasticity of a row's share to a column's out-of-pocket price is a central difference, at the waits as they are expected.
    """
    names, utility = list(choice.options), utilities(choice, waits)
    elasticity: Answer = {name: {} for name in names}
    for name in names:
        up, down = (np.log(split(utilities(choice, waits, {name: math.exp(step)}))) for step in (STEP, -STEP))
        for row, change in zip(names, (up - down) / (2 * STEP), strict=True):
            elasticity[row][name] = float(change)
    return {
        "shares": dict(zip(names, map(float, split(utility)), strict=True)),
        "logsum": float(logsum(utility, np.zeros(len(names), np.int64), np.ones(1))),
        "price_elasticity": elasticity,
    }


def settled(choice: Choice, seed: int) -> Answer:
    """Settle shares and waits in one run of the engine after a few short ones."""
    scale = dict.fromkeys(choice.queues, 1.0)
    short = replace(choice, hours=choice.hours * PILOT_PART, warm_up=choice.warm_up * PILOT_PART)
    seen: Answer = {}
    for stage in [short] * PILOTS + [choice]:
        coming = settle(choice, scale)
        seen = _served(stage, coming, seed)
        for name, station in choice.queues.items():
            rough = rough_wait(station, coming[name])
            if rough > 0.0 and seen[name]["wait_h"]:
                scale[name] = seen[name]["wait_h"] * 60.0 / rough
    coming = settle(choice, scale)
    waits = {name: scale[name] * rough_wait(station, coming[name]) for name, station in choice.queues.items()}
    busy = {name: coming[name] * station.service["routine"].mean / station.servers for name, station in choice.queues.items()}
    return chosen(choice, waits) | {"wait_minutes": waits, "utilisation": busy}


def _served(choice: Choice, coming: Mapping[str, float], seed: int) -> Answer:
    """Run the stations at the rates at which people come, and give each one's figures."""
    arrivals = {(name, "routine"): coming[name] for name in choice.queues}
    network = Network(choice.hours, choice.warm_up, ("routine",), choice.queues, arrivals)
    return {name: each["all"] for name, each in figures(network, observe(network, key(seed))).items()}


def settle(choice: Choice, scale: Mapping[str, float]) -> dict[str, float]:
    """Find how many a minute come to each option when waits are `scale` times the rough ones.

    For a given logsum each option has exactly one rate at which its wait and its share agree, found by halving; the rates add up to the
    demand at exactly one logsum, found by halving as well.
    """
    utility = dict(zip(choice.options, utilities(choice, {}), strict=True))
    low, high = -800.0, 800.0
    rates: dict[str, float] = {}
    for _ in range(80):
        middle = (low + high) / 2
        rates = {name: _rate(choice, name, value - middle, scale.get(name, 0.0)) for name, value in utility.items()}
        low, high = (middle, high) if math.fsum(rates.values()) > choice.demand else (low, middle)
    return rates


def _rate(choice: Choice, name: str, relative: float, scale: float) -> float:
    """Find the rate at an option whose utility without waiting is `relative` to the logsum."""
    alone = choice.demand * math.exp(min(relative, 700.0))
    station = choice.options[name].station
    if station is None or choice.tastes.per_wait_minute == 0.0:
        return alone
    low, high = 0.0, min(alone, station.servers / station.service["routine"].mean)
    for _ in range(60):
        rate = (low + high) / 2
        wait = scale * rough_wait(station, rate)
        low, high = (rate, high) if alone * math.exp(choice.tastes.per_wait_minute * wait) > rate else (low, rate)
    return (low + high) / 2


def rough_wait(station: Station, rate: float) -> float:
    """Give the mean wait in minutes by Allen and Cunneen: (1 + cv2) / 2 times that of Erlang's queue; infinite where too many come."""
    service = station.service["routine"]
    load = rate * service.mean
    if load >= station.servers:
        return math.inf
    delayed = float(_delayed(station.servers, load))
    return delayed * service.mean / (station.servers - load) * (1.0 + service.cv2) / 2.0


@njit
def _delayed(servers: int, load: float) -> float:
    """Give the share who wait in Erlang's queue, from his loss formula (Erlang 1917)."""
    blocked = 1.0
    for server in range(1, servers + 1):
        blocked = load * blocked / (server + load * blocked)
    return blocked / (1.0 - load / servers * (1.0 - blocked))

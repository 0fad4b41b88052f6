"""Fit the constants of a baseline: utilities of the kinds of option and the scales of need, so that a run shows the shares aimed at.

A first, documented fit of few numbers to as many aims (docs/decisions/0007-baseline-fit.md), not a posterior: each round runs the
scenario and moves every constant by the logarithm of (share aimed at / share found), times the dissimilarity of its nest. It ends when
nothing moves by more than `CLOSE`. `python -m calibration.baseline` is the command.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.aims import Aims
from experiments.running.one import lived
from sim.arithmetic.rounding import YEAR
from sim.county import County
from sim.kinds import KINDS
from sim.loading import load
from sim.scenario.scenario import Scenario
from sim.words import APPEALS, SEGMENTS

CLOSE = 0.04
"""Miss of a share aimed at above 3 %, in logarithms, at which a fit is good enough."""
FIXED_AT_ZERO = "none"


class Size(NamedTuple):
    """How a fit is run."""

    scale: float = 1.0
    days: int = YEAR
    rounds: int = 16
    seed: int = 1


class Fitted(NamedTuple):
    """Numbers that a fit moves: (segments, appeals) constants, and the scales of visits and of admissions."""

    constants: NDArray[np.float64]
    scales: NDArray[np.float64]


class Found(NamedTuple):
    """What a run shows: (segments, appeals) shares of options; (2,) needs not taken to care; (2,) visits and stays a year and person."""

    shares: NDArray[np.float64]
    forgone: NDArray[np.float64]
    rates: NDArray[np.float64]


def found(county: County) -> Found:
    """Read a finished run: care taken by those registered in towns, but for what migrants are treated where they live."""
    house, level = county.place.facilities, county.place.conditions.level
    counts = (county.outpatients.counts.flows, county.inpatients.counts.flows[0])
    near = ~house.of_kind("elsewhere_clinic", "elsewhere_hospital")
    shares = np.zeros((len(SEGMENTS), len(APPEALS)))
    for setting, flows in enumerate(counts):
        for serious in (0, 1):
            groups = (level[setting] >= 3) == bool(serious)
            taken = flows[:, :, groups].sum(axis=(0, 2)) * near
            shares[2 * setting + serious] = np.bincount(house.appeal, taken, len(APPEALS))
    sides = (county.outpatients, county.inpatients)
    forgone = np.array([(side.none[:3].sum() + side.counts.forgone[:3].sum()) / side.needs[:3].sum() for side in sides])
    here, years = int((county.people.lives == 0).sum()), county.plan.period.days / YEAR
    care = np.array([county.outpatients.counts.visits[:3].sum(), county.inpatients.counts.admissions[:3].sum()])
    return Found(shares / shares.sum(axis=1, keepdims=True), forgone, care / here / years)


def settings(numbers: Fitted, aims: Aims) -> list[str]:
    """Write numbers as settings of a scenario."""
    visits, stays = numbers.scales
    return [f"illness.visits_scale={visits:.4f}", f"illness.admissions_scale={stays:.4f}", *(
        f"choice.segments.{segment}.constants.{appeal}={value:.3f}" for segment, appeal, value in moved(numbers, aims)
    )]  # fmt: skip


def moved(numbers: Fitted, aims: Aims) -> Iterator[tuple[str, str, float]]:
    """Go through the constants that have an aim: segment, kind of option, value."""
    for s, segment in enumerate(SEGMENTS):
        yield from ((segment, appeal, float(numbers.constants[s, i])) for i, appeal in enumerate(APPEALS) if aims.shares[s, i] > 0)


def move(county: County, seen: Found, aims: Aims, numbers: Fitted, round_: int) -> float:
    """Move the numbers towards the aims; returns the largest relative miss of a share aimed at above 3 %, or a quarter of that of needs."""
    asked, step = aims.shares > 0, np.zeros_like(numbers.constants)
    there = asked & (seen.shares > 0)  # what nobody can take stays where it is
    step[there] = np.log(aims.shares[there] / seen.shares[there])
    missed = np.repeat(seen.forgone, 2)
    more = np.log((1 - aims.missed) / aims.missed * missed / (1 - missed))
    spread = np.array([getattr(county.plan.choice.nests, nest_of(a)) for a in APPEALS])
    gain = max(0.3, 0.85**round_)  # steady at first, patient when only the noise of a run is left
    numbers.constants[:] += gain * (np.clip(step, -1.5, 1.5) * spread * there + 0.7 * more[:, None] * asked)
    numbers.scales[:] *= np.clip(aims.care / seen.rates, 0.8, 1.25)
    return float(max(np.abs(np.where(aims.shares > 0.03, step, 0.0)).max(), np.abs(more).max() / 4))


def nest_of(appeal: str) -> str:
    """Say in which nest a kind of option stands; no care stands alone, with dissimilarity 1 like a village clinic."""
    return next((kind.nest for kind in KINDS.values() if kind.option == appeal), "village")


def begun(plan: Scenario) -> Fitted:
    """Take the numbers of a scenario as they stand."""
    constants = np.array([[getattr(plan.choice.segments[s].constants, a) for a in APPEALS] for s in SEGMENTS])
    constants[:, APPEALS.index(FIXED_AT_ZERO)] = 0.0
    return Fitted(constants, np.array([plan.illness.visits_scale, plan.illness.admissions_scale]))


def fit(name: str | Path, aims: Aims, size: Size) -> tuple[Fitted, Found]:
    """Run and move until the aims are met, or the rounds are over; returns the best numbers, and what a run with them shows."""
    numbers, best, least = begun(load(name)), None, np.inf
    for round_ in range(size.rounds):
        tried = Fitted(*(part.copy() for part in numbers))
        county = lived(load(name, [f"period.days={size.days}", *settings(numbers, aims)]), size.seed + round_, size.scale)
        seen = found(county)
        miss = move(county, seen, aims, numbers, round_)
        print(f"round {round_ + 1} of {size.rounds}: largest miss {100 * miss:.1f} %", file=sys.stderr, flush=True)
        if miss < least:
            best, least = (tried, seen), miss
        if miss < CLOSE:
            break
    assert best is not None
    return best

"""Sensitivity: what the outcomes of an experiment hang on, number by number, the luck of the draw among it.

`morris` screens many inputs (Morris 1991, doi 10.1080/00401706.1991.10484804, mu* of Campolongo 2007): each trajectory moves one input at a
time, under the luck of its own seed, so that what an input does is not blurred by luck. `sobol` gives shares of variance (Saltelli 2010,
doi 10.1016/j.cpc.2009.09.018, by scipy): the seed is an input like any other; where runs are few, a quadratic emulator stands between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.comparing.emulator import Emulator, fitted
from experiments.design.levers import Listed, Span
from experiments.design.variants import Design

Array = NDArray[np.float64]
LEVELS = 4
"""Levels of a Morris trajectory; a step is two thirds of the range."""
STEP = LEVELS / (2 * (LEVELS - 1))
TRAJECTORIES, SMALLEST = 20, 4
DIRECT = 256
"""Base points of a Sobol design from which on its runs are used as they are."""
EMULATED = 4096
KEY = 3
"""Key of the luck with which designs are laid out."""
Method = str


class Input(NamedTuple):
    """One number whose influence is asked for."""

    name: str
    lever: Listed | Span


class Effect(NamedTuple):
    """What one input does to one outcome."""

    first: float | None = None
    total: float | None = None
    mu_star: float | None = None
    sigma: float | None = None
    mean: float | None = None
    """Mean change of the outcome when the input goes from its least to its most (Morris's mu)."""

    @property
    def size(self) -> float:
        """Say how large it is: mu* of Morris, the total index of Sobol."""
        return self.mu_star if self.mu_star is not None else max(self.total or 0.0, 0.0)

    def as_json(self) -> dict[str, float | None]:
        """Give it for a JSON object."""
        if self.mu_star is not None:
            return {"mu_star": self.mu_star, "sigma": self.sigma}
        return {"first": self.first, "total": self.total}


@dataclass(frozen=True)
class Sensitivity:
    """What outcomes hang on."""

    method: Method
    runs: int
    seed: Mapping[str, float | None]
    """Outcome -> share of its variance that is luck alone."""
    effects: Mapping[str, Mapping[str, Effect]]
    """Outcome -> input -> effect."""
    error: Mapping[str, float]
    """Outcome -> share of the variance the emulator does not explain; empty where none is used."""

    def as_json(self) -> dict[str, Any]:
        """Give it as one JSON object, `rests_on` apart."""
        outcomes = {
            name: {"seed": self.seed[name], "inputs": {path: effect.as_json() for path, effect in found.items()}}
            for name, found in self.effects.items()
        }
        return {"method": self.method, "outcomes": outcomes}


class Asked(NamedTuple):
    """One run that is wanted: places of the inputs between 0 and 1, and its seed."""

    places: tuple[float, ...]
    seed: int


def inputs_of(design: Design) -> list[Input]:
    """List the inputs: levers with a range or several levels, then uncertainties."""
    several = [lever for lever in design.levers if isinstance(lever, Span) or len(lever.levels) > 1]
    return [Input(lever.name, lever) for lever in (*several, *design.uncertain)]


def morris_points(inputs: int, trajectories: int) -> list[Asked]:
    """Lay out trajectories: in each, inputs + 1 points that differ in one input from the one before, all under one seed."""
    rng = np.random.default_rng(KEY)
    found: list[Asked] = []
    for seed in range(1, trajectories + 1):
        place = rng.integers(0, LEVELS // 2, inputs) / (LEVELS - 1)
        up = rng.integers(0, 2, inputs).astype(bool)
        here = np.where(up, place, place + STEP)
        found.append(Asked(tuple(map(float, here)), seed))
        for row in rng.permutation(inputs):
            here = here.copy()
            here[row] += STEP if up[row] else -STEP
            found.append(Asked(tuple(map(float, here)), seed))
    return found


def morris(asked: Sequence[Asked], values: Array, inputs: Sequence[Input], luck: Array) -> tuple[dict[str, Effect], float | None]:
    """Take the elementary effects of one outcome.

    values : (points,) in the order of `morris_points`;  luck : (seeds,) of one point under several seeds
    """
    steps: dict[int, list[float]] = {row: [] for row in range(len(inputs))}
    size = len(inputs) + 1
    for start in range(0, len(asked), size):
        for at in range(start + 1, start + size):
            moved = np.array(asked[at].places) - np.array(asked[at - 1].places)
            row = int(np.argmax(np.abs(moved)))
            steps[row].append(float((values[at] - values[at - 1]) / moved[row]))
    effects = {
        one.name: Effect(
            mu_star=float(np.mean(np.abs(steps[row]))), sigma=float(np.std(steps[row], ddof=1)), mean=float(np.mean(steps[row]))
        )
        for row, one in enumerate(inputs)
    }
    return effects, share_of_luck(luck, values)


def share_of_luck(luck: Array, values: Array) -> float | None:
    """Say which share of an outcome's variance over the design is luck alone; None where nothing varies."""
    whole = float(np.var(values, ddof=1))
    return None if whole == 0 else min(float(np.var(luck, ddof=1)) / whole, 1.0)


def sobol_points(inputs: int, points: int, seeds: Sequence[int]) -> list[Asked]:
    """Lay out Saltelli's design for the inputs and the seed: points A, points B, then for each input B's column in A."""
    from scipy.stats import qmc

    sample = np.asarray(qmc.Sobol(2 * (inputs + 1), rng=KEY).random(points))
    one, two = sample[:, : inputs + 1], sample[:, inputs + 1 :]
    mixed = []
    for row in range(inputs + 1):
        both = one.copy()
        both[:, row] = two[:, row]
        mixed.append(both)
    return [_asked(place, seeds) for block in (one, two, *mixed) for place in block]


def _asked(place: Array, seeds: Sequence[int]) -> Asked:
    """Read a point: its last place is that of the seed."""
    return Asked(tuple(map(float, place[:-1])), seeds[min(int(place[-1] * len(seeds)), len(seeds) - 1)])


def sobol(
    asked: Sequence[Asked], values: Array, inputs: Sequence[Input], points: int
) -> tuple[dict[str, Effect], float | None, float | None]:
    """Take the shares of variance of one outcome; the last is what an emulator does not explain, None where runs are used as they are."""
    names = [one.name for one in inputs]
    if float(np.ptp(values)) == 0:
        return {name: Effect(0.0, 0.0) for name in names}, 0.0, None
    if points >= DIRECT:
        first, total = _indices(values, len(inputs) + 1, points)
        return {name: Effect(first[row], total[row]) for row, name in enumerate(names)}, first[-1], None
    emulator = fitted(np.array([one.places for one in asked]), values)
    first, total = _of_emulator(emulator, len(inputs))
    smooth = 1.0 - emulator.unexplained
    effects = {name: Effect(first[row] * smooth, total[row] * smooth) for row, name in enumerate(names)}
    return effects, _luck_within(asked, values, emulator), emulator.unexplained


def _indices(values: Array, inputs: int, points: int) -> tuple[list[float], list[float]]:
    """Take first and total indices of runs laid out by `sobol_points`."""
    from scipy.stats import sobol_indices

    blocks = values.reshape(inputs + 2, points)
    given = {"f_A": blocks[:1], "f_B": blocks[1:2], "f_AB": blocks[2:, None, :]}
    found = sobol_indices(func=given, n=points)
    return [float(x) for x in found.first_order.ravel()], [float(x) for x in found.total_order.ravel()]


def _of_emulator(emulator: Emulator, inputs: int) -> tuple[list[float], list[float]]:
    """Take the indices of an emulator over independent uniform inputs; of a single one, which scipy does not take, all is its own."""
    if inputs == 1:
        return [1.0], [1.0]
    from scipy.stats import sobol_indices, uniform

    found = sobol_indices(func=lambda x: emulator(x.T)[None, :], n=EMULATED, dists=[uniform()] * inputs, rng=KEY)
    return [float(x) for x in found.first_order.ravel()], [float(x) for x in found.total_order.ravel()]


def _luck_within(asked: Sequence[Asked], values: Array, emulator: Emulator) -> float:
    """Say which share of the variance the seed explains of what the emulator leaves."""
    left = values - emulator(np.array([one.places for one in asked]))
    seeds = np.array([one.seed for one in asked])
    means = {seed: float(np.mean(left[seeds == seed])) for seed in set(seeds.tolist())}
    explained = np.var([means[seed] for seed in seeds.tolist()])
    return float(explained / np.var(values))

"""Compare scenarios: the same people with the same luck under each, and what differs, with intervals and the chance of being better.

Differences are taken seed by seed, so what both runs share cancels; scenarios of other people or places share no luck and are compared
without pairing (Welch 1947, doi 10.1093/biomet/34.1-2.28). Runs on a part of the people react a little differently than the whole county:
their intervals are wider by that. An interval says how far luck and scale reach, not how sure the model's assumptions are.
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from experiments.comparing.intervals import CONFIDENCE, Estimate, chance_above, estimate, quantile
from results.measuring.definitions import definitions
from sim.scenario.scenario import Scenario

Key = TypeVar("Key")
Runs = Sequence[Mapping[str, Any]]
"""What runs measured, one mapping a seed."""
SHARED = ("population", "places", "illness")
"""Blocks in which scenarios must agree for their people to share luck."""
ADDED = "places.added."
"""What may differ all the same: beds and doctors added move nobody."""
DRAWS = 20_000
"""Draws by which the chance of being best of many is found."""


class Difference(NamedTuple):
    """How a measure of one scenario differs from that of the first."""

    mean: float | None
    low: float | None = None
    high: float | None = None
    better: float | None = None
    """Chance that it is better in the measure's good direction; None where it has none."""
    chance: float | None = None
    """How often luck alone would show as large a difference (the two-sided p of Student's t)."""
    clear: bool = False
    """Whether it stands out of luck, allowance made for all measures and scenarios compared (Holm 1979)."""

    @property
    def half(self) -> float | None:
        """Half the width of the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    def as_json(self) -> dict[str, float | None]:
        """Give it for a JSON object."""
        return {"mean": self.mean, "low": self.low, "high": self.high, "better": self.better}


class Compared(NamedTuple):
    """One measure under every scenario."""

    estimates: Mapping[str, Estimate]
    differences: Mapping[str, Difference]
    best: Mapping[str, float]
    """Scenario -> chance that it is the best of all; empty where the measure has no good direction, or there are two scenarios only."""


@dataclass(frozen=True)
class Comparison:
    """Scenarios compared."""

    scenarios: tuple[str, ...]
    seeds: tuple[int, ...]
    scale: float
    paired: Mapping[str, bool]
    """Scenario -> whether its people share their luck with the first one's."""
    measures: Mapping[str, Compared]

    def as_json(self) -> dict[str, Any]:
        """Give it as one JSON object."""
        rows = {
            name: {scenario: found.as_json() for scenario, found in row.estimates.items()}
            | {"differences": {scenario: found.as_json() for scenario, found in row.differences.items()}}
            for name, row in self.measures.items()
        }
        return {"scenarios": list(self.scenarios), "runs": len(self.seeds), "measures": rows}


def share_luck(one: Scenario, other: Scenario) -> bool:
    """Say whether the same people fall ill in both: population, places and illness agree, whatever beds and doctors are added."""
    return one.data == other.data and all(_block(one, name) == _block(other, name) for name in SHARED)


def _block(scenario: Scenario, name: str) -> Any:
    """Give what a scenario says in a block about people and places."""
    leaves = ((path, leaf.content) for path, leaf in scenario.leaves(name))
    return [(path, content) for path, content in leaves if not path.endswith("source") and not path.startswith(ADDED)]


def compared(runs: Mapping[str, Runs], seeds: Sequence[int], scale: float, paired: Mapping[str, bool]) -> Comparison:
    """Compare what scenarios measured; the first is what the others are held against.

    runs   : scenario -> what it measured, a mapping a seed, in the order of the seeds
    paired : scenario -> whether it shares its luck with the first
    """
    first = next(iter(runs))
    known = [name for name in definitions() if any(name in run for some in runs.values() for run in some)]
    rows = {name: _row(name, runs, paired, first, scale) for name in known}
    return Comparison(tuple(runs), tuple(seeds), scale, dict(paired), allowed(rows))


def _row(name: str, runs: Mapping[str, Runs], paired: Mapping[str, bool], first: str, scale: float) -> Compared:
    """Compare one measure."""
    values = {scenario: [run.get(name) for run in some] for scenario, some in runs.items()}
    good = definitions()[name].good
    others = [scenario for scenario in values if scenario != first]
    differences = {other: widened(difference(values[first], values[other], good, paired[other]), name, scale) for other in others}
    whole = all(value is not None for some in values.values() for value in some)
    several = whole and good != "none" and len(values) > 2 and len(values[first]) > 1
    best = chances_of_best(np.array(list(values.values()), float).T, good) if several else ()
    return Compared({scenario: estimate(some) for scenario, some in values.items()}, differences, dict(zip(values, best, strict=False)))


def difference(first: Sequence[float | None], other: Sequence[float | None], good: str = "none", paired: bool = True) -> Difference:
    """Tell how one list of runs differs from another; nothing where either lacks a number.

    good   : the direction hoped for: up, down or none
    paired : whether equal rows share their luck
    """
    if any(value is None for value in (*first, *other)) or not first or not other:
        return Difference(None)
    one, two = np.array(first, float), np.array(other, float)
    mean = statistics.mean(map(float, two - one)) if paired else statistics.mean(map(float, two)) - statistics.mean(map(float, one))
    error, freedom = _error(one, two, paired)
    if error is None:
        return Difference(mean)
    half = quantile(0.5 + CONFIDENCE / 2, freedom) * error
    above = chance_above(mean, error, freedom)
    better = {"up": above, "down": 1.0 - above, "none": None}[good]
    return Difference(mean, mean - half, mean + half, better, 2 * min(above, 1.0 - above))


def widened(found: Difference, name: str, scale: float) -> Difference:
    """Widen the interval of a difference by what differences of the measure are off in runs on a part of the people, luck apart."""
    if found.mean is None or found.low is None or found.high is None:
        return found
    off = definitions()[name].off_at(found.mean, scale)
    return found._replace(low=found.low - off, high=found.high + off)


def _error(one: NDArray[np.float64], two: NDArray[np.float64], paired: bool) -> tuple[float | None, float]:
    """Give the standard error of the mean difference and its degrees of freedom; no error after a single run."""
    if min(len(one), len(two)) < 2:
        return None, 0.0
    if paired:
        return float(np.std(two - one, ddof=1)) / math.sqrt(len(one)), len(one) - 1.0
    parts = [float(np.var(some, ddof=1)) / len(some) for some in (one, two)]
    total = sum(parts)
    under = sum(part**2 / (len(some) - 1) for part, some in zip(parts, (one, two), strict=True))
    return math.sqrt(total), total**2 / under if under else float(len(one) + len(two) - 2)


def chances_of_best(values: NDArray[np.float64], good: str) -> list[float]:
    """Say how likely each of several is to be the best, from the joint spread of their means over runs; ties are shared.

    values : (runs, scenarios);  good : up or down
    """
    runs, many = values.shape
    signed = values if good == "up" else -values
    spread = np.atleast_2d(np.cov(signed, rowvar=False)) / runs
    rng = np.random.default_rng(1)
    scaled = np.sqrt((runs - 1) / rng.chisquare(runs - 1, (DRAWS, 1)))
    sides = np.linalg.eigh(spread)
    root = sides.eigenvectors * np.sqrt(np.maximum(sides.eigenvalues, 0.0))
    drawn = signed.mean(axis=0) + rng.standard_normal((DRAWS, many)) @ root.T * scaled
    top = np.isclose(drawn, drawn.max(axis=1, keepdims=True), rtol=1e-12, atol=1e-15)
    return [float(share) for share in (top / top.sum(axis=1, keepdims=True)).mean(axis=0)]


def standing_out(chances: Mapping[Key, float | None]) -> set[Key]:
    """Say which of many differences stand out of luck when all are looked at together (the steps of Holm 1979).

    chances : how often luck alone would show as large a one; None: not known
    """
    known = sorted((chance, row) for row, chance in enumerate(chances.values()) if chance is not None)
    names, found = list(chances), set[Key]()
    for step, (chance, row) in enumerate(known):
        if chance * (len(known) - step) > 1 - CONFIDENCE:
            break
        found.add(names[row])
    return found


def allowed(rows: Mapping[str, Compared]) -> dict[str, Compared]:
    """Mark the differences that stand out of luck when all measures and scenarios are looked at together."""
    clear = standing_out({(name, scenario): one.chance for name, row in rows.items() for scenario, one in row.differences.items()})
    return {
        name: row._replace(
            differences={scenario: found._replace(clear=(name, scenario) in clear) for scenario, found in row.differences.items()}
        )
        for name, row in rows.items()
    }

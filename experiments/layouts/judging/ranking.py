"""Rank layouts by one measure under common luck, and say how sure the ranking is: which are worse, which cannot be told apart.

Every pair of layouts is compared seed by seed (Student's t). The chance of any wrong word, over all pairs and all looks at the runs as they
come in, is at most 5 % (Bonferroni 1936): a layout is called worse where its whole interval lies below the first one's, and alike where the
whole interval lies inside the margin.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.comparing.compare import chances_of_best
from experiments.comparing.intervals import CONFIDENCE, chance_above, quantile

Verdict = Literal["first", "worse", "alike", "open"]
WORDS = ((0.95, "sure"), (0.80, "likely"), (0.60, "rather"))
"""Chance of being the better one -> how it is called; below the last, no difference is seen."""


class Standing(NamedTuple):
    """One layout beside the first."""

    mean: float
    behind: float
    """How far it is behind the first, in the measure's good direction."""
    low: float
    high: float
    """Between which bounds that lies, allowance made for all pairs and looks."""
    verdict: Verdict
    best: float
    """Chance of being the best; ties are shared."""
    chance: float
    """Chance that the first one is better than it, taken by itself."""


class Ranking(NamedTuple):
    """Layouts, the best first."""

    standings: Mapping[str, Standing]
    margin: float
    looks: int
    """Looks allowance is made for."""

    @property
    def settled(self) -> bool:
        """Say whether every layout is known to be worse than the first or not to be told from it."""
        return all(one.verdict != "open" for one in self.standings.values())

    @property
    def alike(self) -> list[str]:
        """Name those that cannot be told from the first."""
        return [name for name, one in self.standings.items() if one.verdict == "alike"]


def looks_up_to(most: int, fewest: int, step: float) -> int:
    """Count the looks there are until so many seeds are done."""
    return 1 + max(0, math.ceil(math.log(max(most, 1) / fewest) / math.log(step))) if most > fewest else 1


def ranked(
    values: Mapping[str, Sequence[float]], good: str, margin: float, looks: int = 1, off: Mapping[str, float] | None = None
) -> Ranking:
    """Rank layouts.

    values : layout -> its measure, one number a seed, the seeds the same for all
    good   : up or down
    looks  : how often the runs are looked at in all
    off    : layout -> what its difference from the first may be off beside luck (runs on a part of the people)
    raises : ValueError for fewer than two runs
    """
    names = list(values)
    table = np.array([values[name] for name in names], float).T * (1.0 if good == "up" else -1.0)
    runs, many = table.shape
    if runs < 2:
        raise ValueError(f"{runs} runs tell no order; wanted are two or more")
    order = sorted(range(many), key=lambda row: (-table[:, row].mean(), row))
    best = dict(zip(names, chances_of_best(table, "up"), strict=True)) if many > 1 else {names[0]: 1.0}
    pairs = max(many * (many - 1) // 2, 1)
    wide = quantile(1 - (1 - CONFIDENCE) / (2 * pairs * looks), runs - 1)
    standings = {}
    for row in order:
        name = names[row]
        low_high = _behind(table[:, order[0]] - table[:, row], wide, (off or {}).get(name, 0.0))
        verdict = _verdict(row == order[0], *low_high[1:3], margin)
        standings[name] = Standing(float(np.mean(values[name])), *low_high[:3], verdict, best[name], low_high[3])
    return Ranking(standings, margin, looks)


def _behind(gaps: NDArray[np.float64], wide: float, off: float) -> tuple[float, float, float, float]:
    """Give mean, bounds, and the chance that the true mean lies above 0."""
    mean, error = float(gaps.mean()), float(gaps.std(ddof=1)) / math.sqrt(len(gaps))
    return mean, mean - wide * error - off, mean + wide * error + off, chance_above(mean, error, len(gaps) - 1)


def _verdict(first: bool, low: float, high: float, margin: float) -> Verdict:
    """Say what the bounds of how far a layout is behind mean."""
    if first:
        return "first"
    if -margin <= low and high <= margin:
        return "alike"
    return "worse" if low > 0 else "open"


def word_for(chance: float) -> str:
    """Name how sure a difference is: sure (almost certain), likely, rather, or none (no difference is seen)."""
    return next((word for least, word in WORDS if chance >= least), "none")

"""Say what several runs showed: the mean, and between which bounds the mean of ever more runs would lie."""

import math
import statistics
from collections.abc import Sequence
from typing import NamedTuple

from scipy.special import stdtr, stdtrit

CONFIDENCE = 0.95


class Estimate(NamedTuple):
    """A mean over runs and its 95 % interval; no interval after a single run, nothing at all where nothing was measured."""

    mean: float | None
    low: float | None = None
    high: float | None = None

    @property
    def half(self) -> float | None:
        """Half the width of the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    def as_json(self) -> dict[str, float | None]:
        """Give it for a JSON object."""
        return {"mean": self.mean, "low": self.low, "high": self.high}


def quantile(share: float, freedom: float) -> float:
    """Give the quantile of Student's t."""
    return float(stdtrit(freedom, share))


def chance_above(mean: float, error: float, freedom: float) -> float:
    """Say how likely a true mean lies above 0; half where mean and error are both nothing."""
    if error == 0.0:
        return 0.5 if mean == 0.0 else float(mean > 0.0)
    return float(stdtr(freedom, mean / error))


def estimate(values: Sequence[float | None]) -> Estimate:
    """Take the mean of a number over runs, with the interval of Student's t (Student 1908, doi 10.1093/biomet/6.1.1).

    values : one for each run; where any is missing there is nothing to say
    """
    known = [float(value) for value in values if value is not None]
    if not known or len(known) < len(values):
        return Estimate(None)
    count, mean = len(known), statistics.mean(known)  # exactly rounded: runs that agree leave no interval
    if count == 1:
        return Estimate(mean)
    error = statistics.stdev(known) / math.sqrt(count)
    half = quantile(0.5 + CONFIDENCE / 2, count - 1) * error
    return Estimate(mean, mean - half, mean + half)

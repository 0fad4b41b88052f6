"""Rounding: whole numbers from shares, so that the parts of an amount, of a span or of a total always add up to it."""

import numpy as np
from numpy.typing import NDArray

YEAR = 365
"""Days of a year of money: what is paid by the year is paid by the day."""


def largest_remainder(weights: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Split a whole number in proportion to weights, so that the parts are whole and sum exactly (Hamilton's method).

    Raises ValueError where weights that sum to nothing are to share something.
    """
    if total == 0:
        return np.zeros(len(weights), np.int64)
    if total < 0 or not weights.sum() > 0:
        raise ValueError(f"{total} cannot be split in proportion to weights that sum to {weights.sum()}")
    exact = weights / weights.sum() * total
    whole = np.floor(exact).astype(np.int64)
    rest = np.argsort(-(exact - whole), kind="stable")[: total - whole.sum()]
    whole[rest] += 1
    return whole


def accrued(yearly: int, first: int, last: int) -> int:
    """Give what the days from `first` up to and without `last` are due of a yearly sum (fen): parts of a span add up to the whole span."""
    return yearly * last // YEAR - yearly * first // YEAR


def part(amount: int, share: float) -> int:
    """Take a share, counted to a hundredth of a percent, of an amount in fen, down to whole fen: no fen is lost to binary fractions."""
    return amount * round(share * 10_000) // 10_000

"""Alike: whether two things hold the same numbers, so that what was made from one can be given for the other."""

from typing import Any

import numpy as np


def alike(one: Any, other: Any) -> bool:
    """Say whether tuples of arrays, numbers and other tuples, however deep, hold the same."""
    if isinstance(one, tuple):
        return len(one) == len(other) and all(alike(mine, yours) for mine, yours in zip(one, other, strict=True))
    return np.array_equal(one, other)

"""The plain twin of the households: one after the other, each drawn by itself, all of them; then those of the sample."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from sim.arithmetic import luck


def households(key: np.uint64, heads: NDArray[np.int64], size: float, scale: float) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Fill villages with households of one and more until each has its heads, and keep a share of the households.

    returns : (people kept,) number of the person, number of the household
    """
    homes = np.arange(heads.sum())
    asked, sampled = (luck.uniforms(key, purpose, homes)[:, 0] for purpose in (luck.HOUSEHOLD, luck.SAMPLE))
    sizes = 1 + poisson.ppf(asked, size - 1.0).astype(int)
    home, household = 0, list[int]()
    for village in heads.tolist():
        left = village
        while left > 0:
            members = min(int(sizes[home]), left)
            household += [home] * members
            left -= members
            home += 1
    of = np.array(household, np.uint32)
    kept = np.flatnonzero(sampled[of] < scale)
    return kept.astype(np.uint32), of[kept]

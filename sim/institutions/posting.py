"""Posting: where doctors sit who are posted from one facility to another."""

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic.rounding import largest_remainder
from sim.institutions.founding import Institutions


def posted(institutions: Institutions, rooms: NDArray[np.int64], added: NDArray[np.float64]) -> NDArray[np.int64]:
    """Say how many doctors are added to each station: they sit where their facility has most rooms.

    Doctors move within a group, whole ones at the scale of the run; one stays in every department they leave.
    rooms : (stations,) doctors there without;  added : (facilities,) doctors, below 0 where they leave
    """
    facilities, result = institutions.facilities, np.zeros_like(rooms)
    concerned = [facilities[f] for f in np.flatnonzero(added).tolist() if len(facilities[f].departments)]
    for group in (*institutions.groups, None):
        mine = [facility for facility in concerned if facility.group is group]
        rows = np.array([facility.row for facility in mine], int)
        busiest = np.array([facility.departments[np.argmax(rooms[facility.departments])] for facility in mine], int)
        result[busiest] = moved(added[rows], rooms[busiest] - 1)
    return result


def moved(doctors: NDArray[np.float64], most: NDArray[np.int64]) -> NDArray[np.int64]:
    """Move whole doctors: what leaves each facility is rounded, and as many arrive, so none is made or lost by rounding.

    doctors : (facilities,) added at each, below 0 where they leave;  most : (facilities,) that may leave
    """
    leaving = np.clip(np.round(-doctors), 0, np.maximum(most, 0)).astype(np.int64)
    arriving, weights = int(leaving.sum()) + round(float(doctors.sum())), np.maximum(doctors, 0.0)
    return largest_remainder(weights, max(arriving, 0)) - leaving if weights.any() else -leaving

"""Thinning (抽样): how many doctors and beds a share of the people has, so that they wait about as long as all of them would."""

import numpy as np
from numpy.typing import NDArray

from sim.place.departments import Departments

Reals = NDArray[np.float64]
STEPS = 60
"""Halvings by which a slowness is found: to the last bit."""


def thinned(amount: Reals, scale: Reals | float, load: Reals | float) -> Reals:
    """Thin capacity with the people, keeping the chance of waiting and not the load: small pools need relatively more.

    Square-root staffing (Halfin and Whitt 1981, doi 10.1287/opre.29.3.567): load F c plus the slack times the square root of F.
    load : share of capacity in use at full scale
    """
    return np.asarray(amount * (load * scale + (1.0 - load) * np.sqrt(scale)))


def wait(servers: Reals, load: Reals) -> Reals:
    """Give the mean wait at stations, in services: exact for one server, else by the approximation of Sakasegawa.

    Sakasegawa 1977, Annals of the Institute of Statistical Mathematics 29: 67-75. inf from a load of 1 on.
    """
    free = np.maximum(1.0 - load, 1e-12)
    return np.where(load < 1.0, load ** (np.sqrt(2.0 * (servers + 1.0)) - 1.0) / (servers * free), np.inf)


def slowness(here: Departments, full: Departments, scale: float, load: Reals) -> Reals:
    """Say how many times as long a visit takes at each station of a run, so that a part of the people waits as all would: (stations,).

    There is no less than one doctor: what cannot be thinned is slowed. A station that stands for several departments has their mean wait.
    here, full : the stations of the run, and those at full scale
    load       : (stations,) share of a doctor's time that is taken at full scale in the hours in which people wait
    """
    doctors, waits = _full(here, full, load)
    ours = np.maximum(here.servers, 1)
    low, high = np.zeros(len(ours)), ours / np.maximum(load * doctors * scale, 1e-12)
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        longer = middle * wait(ours, middle * load * doctors * scale / ours) > waits
        low, high = np.where(longer, low, middle), np.where(longer, middle, high)
    return np.where((here.servers > 0) & (doctors > 0), high, 1.0) if scale < 1.0 else np.ones(len(ours))


def _full(here: Departments, full: Departments, load: Reals) -> tuple[Reals, Reals]:
    """Give for each station of a run the doctors of the departments it stands for at full scale, and their mean wait there."""
    pairs = np.unique(np.stack([here.station, full.station])[:, here.station >= 0], axis=1)
    stations, servers = len(here.servers), full.servers[pairs[1]].astype(float)
    doctors = np.bincount(pairs[0], servers, stations).astype(float)
    waited = np.bincount(pairs[0], servers * wait(np.maximum(servers, 1.0), load[pairs[0]]), stations)
    return doctors, waited / np.maximum(doctors, 1e-12)

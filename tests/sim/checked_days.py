"""Live a tiny county forty days, in a process of its own, with whatever checks the environment asks of the compiler."""

import numba

from sim.warming import warm
from tests.sim.county_worlds import county

if __name__ == "__main__":
    made = county(days=40, scale=0.005)
    for _ in made.days():
        pass
    print(numba.config.BOUNDSCHECK, int(made.outpatients.counts.visits.sum()))

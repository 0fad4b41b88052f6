"""Live tiny counties in a process of its own, under whatever checks the environment asks of the compiler.

`python -m tests.sim.checked_days [SETTING]...` lives forty days of Lujiang as it is, and again with each setting.
"""

import sys

import numba

from tests.sim.county_worlds import lived

if __name__ == "__main__":
    visits = [
        lived(settings, days=40, scale=0.005).outpatients.counts.visits.sum() for settings in ([], *([word] for word in sys.argv[1:]))
    ]
    print(numba.config.BOUNDSCHECK, *visits)

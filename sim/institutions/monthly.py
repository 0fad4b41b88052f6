"""A month of signing as a kernel: contracts that end are renewed or lapse, and teams sign households in turn."""

import numpy as np

from sim.arithmetic.compiled import njit
from sim.institutions.signing import NEVER, PAID


@njit
def month(  # type: ignore[no-untyped-def]
    until, panel, month_time, homes, zone, due, renews, queue, turn, end, ends, left, kinds, time, without, packages, contract
):
    """Renew the contracts that are due, or let them lapse; then sign households in turn, each whole, while places and time last.

    Who leaves is not asked again this year. Time too short for the next household is kept for it; other time that is left is lost.
    panel, month_time : people whom a team takes, and whom it has time to sign a month
    due, renews       : households whose contracts end, and whether each renews
    queue, turn, end  : households that say yes, in the order in which they are asked, team by team; where each team is, and ends
    returns           : people whose contracts ended, and of these renewed
    """
    rows, _, first, size, _ = homes
    ended, renewed = 0, 0
    packages[:] = 0
    for i, h in enumerate(due):
        ended += size[h]
        if renews[i]:
            ends[h] = until
            renewed += size[h]
            packages[zone[h]] += size[h] * (contract[rows[first[h]]] == PAID)  # a household signs whole
        else:
            ends[h], left[h] = NEVER, True
            for r in range(first[h], first[h] + size[h]):
                contract[rows[r]] = 0
    members = np.zeros(len(time), np.int64)
    for h in range(len(ends)):
        members[zone[h]] += size[h] if ends[h] != NEVER else 0
    for t in range(len(time)):
        places, left_time, signed = panel - members[t], time[t] + month_time, 0
        while turn[t] < end[t] and signed + size[queue[turn[t]]] <= min(places, left_time):
            h = queue[turn[t]]
            signed += size[h]
            turn[t] += 1
            ends[h] = until
            packages[t] += size[h] * (kinds[h] == PAID)
            for r in range(first[h], first[h] + size[h]):
                contract[rows[r]] = kinds[h]
        following = size[queue[turn[t]]] if turn[t] < end[t] else 0
        time[t], without[t] = min(left_time - signed, float(following)), 0
        if following > places - signed:
            for i in range(turn[t], end[t]):
                without[t] += size[queue[i]]
    return ended, renewed

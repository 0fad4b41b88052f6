"""Signing: all teams' month in one kernel is each team's month in plain arrays."""

from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.institutions import monthly
from sim.institutions.signing import FREE, NEVER, PAID, Homes
from tests.sim.institutions.signing_twin import Team

UNTIL, NOW = 17, 5


def world(teams: int, households: int, seed: int) -> Any:
    """Make zones of households, some with a contract, some of which end now, and some without that say yes; a zone may be empty."""
    luck = np.random.default_rng(seed)
    size = luck.integers(1, 6, households)
    ends = np.where(luck.random(households) < 0.5, luck.integers(NOW - 1, NOW + 3, households), NEVER)
    kinds = np.where(luck.random(households) < 0.4, PAID, FREE).astype(np.uint8)
    willing = luck.permutation(np.flatnonzero((ends == NEVER) & (luck.random(households) < 0.7)))
    zone = np.sort(luck.integers(0, teams, households))
    queue = willing[np.argsort(zone[willing], kind="stable")]
    end = np.cumsum(np.bincount(zone[willing], minlength=teams))
    people = int(size.sum())
    homes = Homes(luck.permutation(people), np.arange(households), np.cumsum(size) - size, size, np.zeros(households, np.int64))
    contract = np.zeros(people, np.uint8)
    signed = np.flatnonzero(ends != NEVER)
    contract[homes.members(signed)] = np.repeat(kinds[signed], size[signed])
    return SimpleNamespace(
        homes=homes, zone=zone, queue=queue, turn=end - np.bincount(zone[willing], minlength=teams), end=end, ends=ends,
        left=np.zeros(households, bool), kinds=kinds, time=luck.random(teams) * 4, without=np.zeros(teams, np.int64),
        packages=np.zeros(teams, np.int64), contract=contract, renews=luck.random(households) < 0.6,
    )  # fmt: skip


def team_of(w: Any, t: int, contract: Any) -> tuple[Team, Any]:
    """Give the plain twin of one team of a world, and its households."""
    mine = np.flatnonzero(w.zone == t)
    homes = Homes(w.homes.rows, mine, w.homes.first[mine], w.homes.size[mine], w.homes.key[mine])
    queue = np.searchsorted(mine, w.queue[w.turn[t] : w.end[t]])
    return Team(homes, w.ends[mine], w.left[mine], w.kinds[mine], queue, float(w.time[t]), contract), mine


@given(st.integers(1, 5), st.integers(1, 60), st.integers(0, 10_000), st.floats(0.0, 40.0), st.floats(0.0, 12.0))
@settings(max_examples=150, deadline=None)
def test_a_month_of_all_teams_is_the_month_of_each(teams: int, households: int, seed: int, panel: float, time: float) -> None:
    w = world(teams, households, seed)
    contract = w.contract.copy()
    twins = [team_of(w, t, contract) for t in range(teams)]
    panel += max(int(team.homes.size[team.ends != NEVER].sum()) for team, _ in twins)  # as in the county, nobody begins beyond it
    for twin, mine in twins:
        twin.decide(UNTIL, panel, time, NOW, w.renews[mine])
    due = np.flatnonzero((w.ends != NEVER) & (w.ends <= NOW))
    ended, renewed = monthly.month(
        UNTIL, panel, time, w.homes, w.zone, due, w.renews[due], w.queue, w.turn, w.end, w.ends, w.left, w.kinds, w.time, w.without,
        w.packages, w.contract,
    )  # fmt: skip
    assert (ended, renewed) == (sum(twin.ended for twin, _ in twins), sum(twin.renewed for twin, _ in twins))
    assert np.array_equal(w.contract, contract)
    for t, (twin, mine) in enumerate(twins):
        assert np.array_equal(w.ends[mine], twin.ends)
        assert np.array_equal(w.left[mine], twin.left)
        assert (w.time[t], w.without[t], w.packages[t]) == (twin.time, twin.without, twin.packages)
        assert np.array_equal(w.queue[w.turn[t] : w.end[t]], mine[twin.queue])

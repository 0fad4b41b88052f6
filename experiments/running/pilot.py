"""What a batch will take: from runs of it that are there already, else from a first one done as a pilot and kept."""

from typing import NamedTuple

from experiments.running.batch import Batch, Progress
from experiments.running.worker import run
from results.store.pool import DONE, Journal, Kept

SIDE_BY_SIDE = 1.3
"""How much longer a run takes beside others on the same memory: two loops at once do about 1.5 times the runs of one."""
LOOKED_AT = 20
"""Runs looked at."""


class Estimate(NamedTuple):
    """What one run takes."""

    seconds: float
    size: int
    """Bytes in the pool."""

    def wall(self, runs: int, workers: int) -> float:
        """Estimate the seconds for so many runs on so many workers."""
        return self.seconds * runs / workers * (SIDE_BY_SIDE if workers > 1 else 1.0)


def estimate(batch: Batch) -> Estimate:
    """Look at what some runs of a batch took; where there are none, do the first and keep it."""
    there = [key for key in dict.fromkeys(planned.key for planned in batch.rows()) if batch.pool.status(key) == DONE][:LOOKED_AT]
    runs = [batch.pool.read(key) for key in there]
    if not runs and batch.new:
        runs = [_pilot(batch)]
    if not runs:
        return Estimate(0.0, 0)
    return Estimate(sum(one.seconds for one in runs) / len(runs), sum(map(_size, runs)) // len(runs))


def _pilot(batch: Batch) -> Kept:
    """Do the first run here, and keep it."""
    found = run(batch.job(batch.new[0], None))
    with Journal(batch.pool.folder) as journal:
        journal.add(found)
    batch.pool.refresh()
    del batch.new[0]
    return found


def _size(one: Kept) -> int:
    """Say how many bytes a run has in the pool."""
    return sum(map(len, one.tables.values())) + 45 * len(one.measures) + 1000


def expected(batch: Batch, progress: Progress, workers: int) -> dict[str, str] | None:
    """Say what the rest will take once the first run is done; None where it told nothing."""
    if not progress.seconds:
        return None
    left = Estimate(progress.seconds, 0).wall(progress.wanted - 1, workers)
    return {"each": f"{progress.seconds:.2f}", "left": f"{left:,.0f}", "runs": f"{progress.wanted - 1:,}"}

"""Judge layouts: simulate each with the same people and the same luck, until the ranking is sure or the runs are spent."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from experiments.comparing.compare import Comparison
from experiments.comparing.replicated import FEWEST, STEP, Replicated, measured, replicated
from experiments.design.variants import Design
from experiments.layouts.judging.ranking import Ranking, looks_up_to, ranked
from experiments.running.batch import Batch, Progress
from experiments.running.executors import Where
from results.measuring.definitions import definitions
from sim.language.messages import refuse

BY, MARGIN = "in_county_admission_share_insured", 0.002
"""What layouts are ranked by where nothing is asked for, and below which difference they are alike: .2 points of a share."""


FEWEST_WHOLE = 2
"""Seeds that must be done in all layouts: one tells nothing of luck."""


class Judged(NamedTuple):
    """Layouts that were simulated and ranked."""

    replicated: Replicated
    ranking: Ranking
    by: str

    def as_json(self) -> dict[str, Any]:
        """Give it for a JSON object."""
        found, first = self.replicated.comparison, self.replicated.comparison.scenarios[0]
        rows: dict[str, dict[str, Any]] = {}
        for name, one in self.ranking.standings.items():
            measures = {measure: row.estimates[name].as_json() for measure, row in found.measures.items()}
            beside = {measure: row.differences[name].as_json() for measure, row in found.measures.items()} if name != first else {}
            rows[name] = {**measures, "best": one.best, "verdict": one.verdict, "differences": beside}
        return {"runs": len(found.seeds), "by": self.by, "margin": self.ranking.margin, "settled": self.ranking.settled, "layouts": rows}


def judged(
    name: str,
    scenarios: Sequence[str],
    seeds: int,
    scale: float,
    pool: Path,
    where: Callable[[Design], Where],
    by: str = BY,
    margin: float = MARGIN,
    limit: float | None = None,
    told: Callable[[Progress], object] = lambda progress: None,
    begins: Callable[[Batch], object] = lambda batch: None,
    keep: Sequence[str] = (),
) -> Judged:
    """Simulate layouts and rank them.

    scenarios : names or paths, the present layout first, one for each layout
    seeds     : runs of each, at most
    by        : the measure that ranks, one with a good direction
    margin    : below which difference two are alike, in the measure's unit
    raises    : UserError where a scenario has faults, or all runs of one failed
    """
    looks = looks_up_to(seeds, FEWEST, STEP)

    def more(batch: Batch, found: Comparison) -> int | None:
        many = len(batch.design.said.seeds)
        return None if ranking_of(batch, found, by, margin, looks).settled else int(many * STEP)

    done = replicated(name, scenarios, seeds, scale, pool, where, None, limit, told, begins, keep, more)
    return Judged(done, ranking_of(done.batch, done.comparison, by, margin, looks), by)


def values_of(batch: Batch, by: str) -> dict[str, list[float]]:
    """Read a measure of every scenario, a number a seed done in all; raises UserError where fewer than two are, or it is missing."""
    runs, seeds = measured(batch)
    if len(seeds) < FEWEST_WHOLE:
        raise refuse("layout.few_runs", "--runs", done=len(seeds), folder=str(batch.pool.folder))
    if any(run.get(by) is None for some in runs.values() for run in some):
        raise refuse("layout.not_measured", "--by", value=by)
    return {name: [float(run[by]) for run in some] for name, some in runs.items()}


def ranking_of(batch: Batch, found: Comparison, by: str, margin: float, looks: int) -> Ranking:
    """Rank the scenarios of a batch by a measure."""
    values, meant = values_of(batch, by), definitions()[by]
    best = max if meant.good == "up" else min
    means = {name: sum(some) / len(some) for name, some in values.items()}
    top = best(means.values())
    off: Mapping[str, float] = {name: abs(meant.off_at(top - mean, found.scale)) for name, mean in means.items()}
    return ranked(values, meant.good, margin, looks, off)

"""Past ties: where a town's patients go when no group steers them, from a run of the scenario without groups that is kept and done once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from experiments.comparing.kept import tables_of
from experiments.comparing.replicated import replicated
from experiments.design.variants import Design
from experiments.layouts.files import Named, put
from experiments.layouts.ground import Ground
from experiments.running.batch import Batch, Progress
from experiments.running.executors import Where
from sim.scenario.scenario import Scenario

FLOWS, WITHOUT = "flows", "without-groups"


def with_ties(
    ground: Ground,
    scenario: Scenario,
    base: str,
    scale: float,
    folder: Path,
    pool: Path,
    where: Callable[[Design], Where],
    limit: float | None = None,
    told: Callable[[Progress], object] = lambda progress: None,
    begins: Callable[[Batch], object] = lambda batch: None,
) -> Ground:
    """Count the admissions of each town's people at each lead in a run without groups.

    base   : name or path of the scenario
    folder : where the scenario without groups is written
    """
    word = base
    if scenario.groups:
        titles = {"en": "Without groups", "zh": "不设集团"}
        word = str(put(folder, Named(f"{scenario.name}-{WITHOUT}", titles, {}), scenario, base))
    done = replicated(f"ties-{scenario.name}", [word], 1, scale, pool, where, None, limit, told, begins, (FLOWS,))
    counted = np.zeros((len(ground.towns), len(ground.leads)))
    names = [lead.name for lead in ground.leads]
    for table in tables_of(done.batch, done.comparison.seeds, next(iter(done.batch.design.bases)), FLOWS):
        columns = (table.column(name).to_pylist() for name in ("town", "facility", "kind", "count"))
        for town, facility, kind, count in zip(*columns, strict=True):
            if kind == "admission" and facility in names and town in ground.towns:
                counted[ground.towns.index(town), names.index(facility)] += count
    return replace(ground, ties=counted)

"""Replicate: run scenarios with as many seeds as it takes, until a difference is known well enough or the runs are spent."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import Any, NamedTuple

from experiments.comparing.compare import Comparison, compared, share_luck
from experiments.design.experiment import read_text
from experiments.design.variants import Design
from experiments.running.batch import Batch, Progress, Tally
from experiments.running.executors import Where
from results.measuring.definitions import definitions
from results.store.pool import DONE, Pool
from sim.language.messages import nearest, refuse
from sim.reading.units import COUNT, MONEY, NUMBER, POINTS, STAY, TIME, Unit, quantity
from sim.scenario.scenario import Scenario

FEWEST, STEP = 10, 2.0
"""Seeds at least where a precision is wanted, and by how much their number grows at most at a time."""
UNITS: Mapping[str, Unit] = {"share": POINTS, "rate": POINTS, "yuan": MONEY, "minutes": TIME, "days": STAY}
"""Unit of a measure -> unit in which half an interval is written."""


HEADLINES = ("in_county_admission_share_insured", "primary_visit_share_ex_village", "fund_spent_per_head")
"""Measures a comparison is told by, beside the scenarios' goals."""


def headlines(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Name the measures a comparison is told by: the goals, then the usual ones."""
    goals = [name for scenario in scenarios for name in scenario.targets]
    return tuple(dict.fromkeys([*goals, *HEADLINES]))


class Precision(NamedTuple):
    """How well a difference is to be known."""

    measure: str
    half: float
    """Half the width of the interval, in the measure's own unit."""


class Replicated(NamedTuple):
    """Scenarios that were run and compared."""

    comparison: Comparison
    batch: Batch
    tally: Tally
    reached: bool | None
    """Whether the precision wanted was reached; None where none was wanted."""


def precision_of(text: str) -> Precision:
    """Read 'MEASURE=HALF', the half with the unit of the measure ('0.2 pp', '5 yuan'); raises UserError."""
    name, equals, half = (part.strip() for part in text.partition("="))
    if not equals or not half:
        raise refuse("compare.precision", "--precision", value=text)
    if name not in definitions():
        raise refuse("experiment.no_measure", "--precision", value=name, near=nearest(name, definitions()))
    size = size_of(name, half)
    if size is None:
        raise refuse("compare.precision_unit", "--precision", value=half, unit=unit_of(name).word or "5")
    return Precision(name, size)


def unit_of(name: str) -> Unit:
    """Say in which unit a difference of a measure is written."""
    return UNITS.get(definitions()[name].unit, NUMBER)


def size_of(name: str, text: str) -> float | None:
    """Read a difference of a measure with its unit ('0.2 pp', '5 yuan'), above 0; None where it is none."""
    unit = unit_of(name)
    try:
        size = float(text) if unit in (NUMBER, COUNT) else quantity(unit, text)
    except (ValueError, TypeError):
        return None
    return size if math.isfinite(size) and size > 0 else None


def experiment_of(name: str, scenarios: Sequence[str], seeds: Sequence[int], scale: float, keep: Sequence[str] = ()) -> str:
    """Write the experiment that runs scenarios as they are."""
    said: dict[str, Any] = {"name": name, "scenarios": list(scenarios), "scale": f"{scale * 100:.12g} %", "seeds": list(seeds)}
    return "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in {**said, "keep": list(keep)}.items()) + "\n"


def replicated(
    name: str,
    scenarios: Sequence[str],
    seeds: int,
    scale: float,
    pool: Path,
    where: Callable[[Design], Where],
    precision: Precision | None = None,
    limit: float | None = None,
    told: Callable[[Progress], object] = lambda progress: None,
    begins: Callable[[Batch], object] = lambda batch: None,
    keep: Sequence[str] = (),
    more: Callable[[Batch, Comparison], int | None] | None = None,
) -> Replicated:
    """Run scenarios and compare them.

    seeds     : how many; with a precision, or with `more`, at most
    more      : looks at what was found so far and says how many seeds it wants in all; None: it knows enough
    where     : says where runs are done
    begins    : called with each batch before it is done
    raises    : UserError where a scenario has faults, or all runs of one failed
    """
    many = seeds if precision is None and more is None else min(FEWEST, seeds)
    with ExitStack() as held:  # the same processes, warm, for every round
        place: Where | None = None
        while True:
            batch = Batch(Design(read_text(experiment_of(name, scenarios, range(1, many + 1), scale, keep), Path(name))), Pool(pool))
            begins(batch)
            if place is None:
                asked = where(batch.design)
                place = asked._replace(executor=nullcontext(held.enter_context(asked.executor)))
            tally = batch.run(place.executor, place.workers, limit, told)
            comparison = comparison_of(batch)
            if more is not None and many < seeds and (wanted := more(batch, comparison)) is not None:
                many = min(max(wanted, many + 1), seeds)
                continue
            half = None if precision is None else widest(comparison, precision.measure)
            if precision is None or half is None or many >= seeds or half <= precision.half:
                return Replicated(comparison, batch, tally, None if precision is None else half is not None and half <= precision.half)
            wanted = math.ceil(many * (half / precision.half) ** 2)
            many = min(max(wanted, many + 1), math.ceil(many * STEP), seeds)


def widest(comparison: Comparison, measure: str) -> float | None:
    """Give the widest half interval of a measure's differences; None where there is none."""
    row = comparison.measures.get(measure)
    halves = [found.half for found in row.differences.values()] if row is not None else []
    return None if not halves or None in halves else max(half for half in halves if half is not None)


def comparison_of(batch: Batch) -> Comparison:
    """Compare the scenarios of a batch, seed by seed; a seed that failed in one is left out of all."""
    runs, whole = measured(batch)
    design = batch.design
    first = next(iter(design.bases.values()))
    return compared(runs, whole, design.said.scale, {name: share_luck(first, base) for name, base in design.bases.items()})


def measured(batch: Batch) -> tuple[dict[str, list[Mapping[str, Any]]], list[int]]:
    """Give what the scenarios of a batch measured, a mapping a seed, and the seeds that are done in all; raises UserError for none."""
    names, seeds = list(batch.design.bases), batch.design.said.seeds
    keys = {(planned.variant, planned.seed): planned.key for planned in batch.rows()}
    whole = [seed for seed in seeds if all(batch.pool.status(keys[row, seed]) == DONE for row in range(len(names)))]
    if not whole:
        raise refuse("compare.all_failed", "", folder=str(batch.pool.folder))
    return {name: [batch.pool.read(keys[row, seed]).measures for seed in whole] for row, name in enumerate(names)}, whole

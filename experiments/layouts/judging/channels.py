"""Through which channels a layout acts: both layouts without each mechanism in turn, and what of their difference is then gone.

Whatever mechanism acts by group is a channel; a new one joins without a change here. With all of them off nothing is left but luck.
"""

from collections.abc import Callable, Sequence

from experiments.comparing.intervals import estimate
from experiments.comparing.origins import Origin, Outcome, by_seed, run_variants
from experiments.comparing.parts import difference, remainder
from experiments.design.variants import Design, Variant
from experiments.running.batch import Batch, Progress
from experiments.running.executors import Where
from results.store.pool import Pool
from sim.reading.strict_yaml import Value
from sim.scenario.dating import mechanisms_in
from sim.scenario.varying import Setting


def channels(
    design: Design,
    other: str,
    seeds: Sequence[int],
    measures: Sequence[str],
    pool: Pool,
    where: Callable[[Design], Where],
    limit: float | None = None,
    told: Callable[[Progress], object] = lambda progress: None,
    begins: Callable[[Batch], object] = lambda batch: None,
) -> dict[str, Origin]:
    """Take the difference between the first layout of a design and another apart by mechanism.

    seeds    : those of the judgement; one that fails anywhere is left out
    measures : those told of
    """
    first = next(iter(design.bases))
    names = list(mechanisms_in(design.bases[first].tree))
    left: list[tuple[str, ...]] = [(), *((name,) for name in names), tuple(names)]
    off = [tuple(Setting(f"mechanisms.{name}", Value(None, "layout judge")) for name in some) for some in left]
    variants = [Variant(name, settings, ()) for settings in off for name in (first, other)]
    runs = by_seed(run_variants(design, variants, seeds, pool, where, limit, told, begins), seeds, len(variants))
    return {name: _origin(name, names, runs) for name in measures if all(run[0].get(name) is not None for run in runs)}


def _origin(measure: str, names: Sequence[str], runs: Sequence[Sequence[Outcome]]) -> Origin:
    """Take one measure apart; a run is: both layouts as they are, both without each mechanism, both without all."""
    gaps = [[difference(run[at + 1][measure], run[at][measure]) for at in range(0, len(run), 2)] for run in runs]
    whole, none = [gap[0] for gap in gaps], [gap[-1] for gap in gaps]
    parts = {name: [difference(gap[0], gap[1 + row]) for gap in gaps] for row, name in enumerate(names)}
    rest = [remainder(total, [none[at], *(part[at] for part in parts.values())]) for at, total in enumerate(whole)]
    return Origin(estimate(none), {name: estimate(part) for name, part in parts.items()}, estimate(rest), estimate(whole))

"""Where the difference between two scenarios comes from: the other without each mechanism that the first has not so, all else equal."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from experiments.comparing.intervals import Estimate, estimate
from experiments.comparing.parts import difference, remainder
from experiments.design.variants import Design, Variant
from experiments.running.batch import Batch, Plan, Progress
from experiments.running.executors import Where
from results.store.pool import DONE, Pool
from sim.reading.strict_yaml import Value
from sim.scenario.dating import mechanisms_in
from sim.scenario.scenario import Scenario
from sim.scenario.varying import Setting

Outcome = Mapping[str, Any]


class Origin(NamedTuple):
    """What of one measure's difference comes from where; parts and rest add up to the whole."""

    elsewhere: Estimate
    """From what is no mechanism: groups, prices, reimbursement, the year."""
    parts: Mapping[str, Estimate]
    """Mechanism -> what the other scenario loses without it."""
    together: Estimate
    """What mechanisms do only together, or instead of each other: the rest."""
    whole: Estimate

    def as_json(self) -> dict[str, Any]:
        """Give it for a JSON object."""
        parts = {name: part.as_json() for name, part in self.parts.items()}
        return {"elsewhere": self.elsewhere.as_json(), "parts": parts, "together": self.together.as_json(), "whole": self.whole.as_json()}


def differing(one: Scenario, other: Scenario) -> list[str]:
    """Name the mechanisms of another scenario that the first has not, or has with other rules."""
    mine, theirs = mechanisms_in(one.tree), mechanisms_in(other.tree)
    return [name for name, block in theirs.items() if name not in mine or _said(mine[name]) != _said(block)]


def _said(block: Value) -> str:
    """Write what a block says, whatever it rests on."""
    return "\n".join(f"{path} {leaf.content!r}" for path, leaf in block.leaves() if path[-1] != "source")


def without(one: Scenario, names: Sequence[str]) -> tuple[Setting, ...]:
    """Take mechanisms back to what the first scenario says of them: away where it says nothing."""
    mine = mechanisms_in(one.tree)
    off = [Setting(f"mechanisms.{name}", Value(None, "compare")) for name in names]
    back = [Setting(f"mechanisms.{name}", mine[name]) for name in names if name in mine]
    return (*off, *back)


def origins(
    design: Design,
    other: str,
    seeds: Sequence[int],
    measures: Sequence[str],
    pool: Pool,
    where: Callable[[Design], Where],
    limit: float | None,
    told: Callable[[Progress], object],
    begins: Callable[[Batch], object],
) -> dict[str, Origin]:
    """Run another scenario without each mechanism in turn and without all, and take its difference from the first apart.

    seeds    : those of the comparison; one that fails anywhere is left out
    measures : those told of
    """
    first = next(iter(design.bases))
    one, two = design.bases[first], design.bases[other]
    names = differing(one, two)
    left = [(), *((name,) for name in names), tuple(names)]
    variants = [Variant(first, (), ()), *(Variant(other, without(one, some), ()) for some in left)]
    runs = by_seed(run_variants(design, variants, seeds, pool, where, limit, told, begins), seeds, len(variants))
    return {name: _origin(name, names, runs) for name in measures if all(run[0].get(name) is not None for run in runs)}


def run_variants(
    design: Design,
    variants: Sequence[Variant],
    seeds: Sequence[int],
    pool: Pool,
    where: Callable[[Design], Where],
    limit: float | None,
    told: Callable[[Progress], object],
    begins: Callable[[Batch], object],
) -> Batch:
    """Run variants of a design's scenarios, each with every seed; what is in the pool is not done again."""
    batch = Batch(design, pool, plan=Plan(variants, [(row, seed) for row in range(len(variants)) for seed in seeds]))
    begins(batch)
    place = where(design)
    batch.run(place.executor, place.workers, limit, told)
    return batch


def by_seed(batch: Batch, seeds: Sequence[int], variants: int) -> list[list[Outcome]]:
    """Read what every variant measured, seed by seed; seeds that failed in any are left out."""
    keys = {(planned.variant, planned.seed): planned.key for planned in batch.rows()}
    whole = [seed for seed in seeds if all(batch.pool.status(keys[row, seed]) == DONE for row in range(variants))]
    return [[batch.pool.read(keys[row, seed]).measures for row in range(variants)] for seed in whole]


def _origin(name: str, names: Sequence[str], runs: Sequence[Sequence[Outcome]]) -> Origin:
    """Take one measure apart; a run is: the first scenario, the other, the other without each mechanism, the other without all."""
    whole = [difference(run[1][name], run[0][name]) for run in runs]
    elsewhere = [difference(run[-1][name], run[0][name]) for run in runs]
    parts = {mechanism: [difference(run[1][name], run[2 + row][name]) for run in runs] for row, mechanism in enumerate(names)}
    rest = [remainder(total, [elsewhere[i], *(part[i] for part in parts.values())]) for i, total in enumerate(whole)]
    return Origin(estimate(elsewhere), {mechanism: estimate(part) for mechanism, part in parts.items()}, estimate(rest), estimate(whole))

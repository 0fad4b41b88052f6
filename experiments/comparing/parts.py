"""Tell each mechanism's part in an outcome: the same people with the same luck, with it and without it."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from experiments.comparing.intervals import Estimate, estimate
from experiments.running import processes
from experiments.running.one import measured
from results.measuring.definitions import Value, definitions
from sim.language.messages import nearest, refuse
from sim.scenario.scenario import Scenario

LeftOut = tuple[str, ...]
"""The mechanisms that are left out of a run."""
Run = Mapping[str, Value]
"""What one run measured."""
USUAL = (
    "fund_spent_per_head",
    "township_admission_share",
    "unreferred_outflow_share",
    "referrals_down",
    "under_capability_share",
    "forgone_care_share",
    "readmission_30d_share",
    "out_of_pocket_share",
)
"""Measures told beside the scenario's goals where none are asked for."""


@dataclass(frozen=True)
class Row:
    """One measure: with none of the mechanisms, each one's part, what they do only together, and with all of them."""

    none: Estimate
    parts: Mapping[str, Estimate]
    together: Estimate
    all: Estimate

    def as_json(self) -> dict[str, Any]:
        """Give it for a JSON object."""
        parts = {name: part.as_json() for name, part in self.parts.items()}
        return {"none": self.none.as_json(), "parts": parts, "together": self.together.as_json(), "all": self.all.as_json()}


@dataclass(frozen=True)
class Parts:
    """Every mechanism's part in some measures."""

    scenario: str
    days: int
    scale: float
    seeds: tuple[int, ...]
    mechanisms: tuple[str, ...]
    rows: Mapping[str, Row]

    def as_json(self) -> dict[str, Any]:
        """Give it as one JSON object."""
        told = {"scenario": self.scenario, "days": self.days, "scale": self.scale, "seeds": list(self.seeds)}
        return {**told, "mechanisms": list(self.mechanisms), "measures": {name: row.as_json() for name, row in self.rows.items()}}


def variants(scenario: Scenario) -> dict[LeftOut, Scenario]:
    """Give the scenario as it is, without each mechanism in turn, and with none of them."""
    names = tuple(scenario.mechanisms)
    return {left_out: scenario.without(*left_out) for left_out in ((), *((name,) for name in names), names)}


def usual_measures(scenario: Scenario) -> tuple[str, ...]:
    """Name the measures told where none are asked for: the scenario's goals, then the usual ones."""
    return tuple(dict.fromkeys((*scenario.targets, *USUAL)))


def measures_called(words: Iterable[str]) -> tuple[str, ...]:
    """Check the names of measures; raises UserError for one that is none, with the nearest."""
    known = definitions()
    asked = tuple(dict.fromkeys(word.strip() for word in words))
    for word in asked:
        if word not in known:
            raise refuse("parts.no_measure", "--measures", value=word, near=nearest(word, known))
    return asked


def parts(
    scenario: Scenario, seeds: Sequence[int], scale: float, wanted: Sequence[str], workers: int, told: Callable[[int], object]
) -> Parts:
    """Run every variant with every seed, and compare them seed by seed.

    wanted  : names of measures
    workers : processes at a time;  told : called with the number of runs done
    """
    plans = variants(scenario)
    tasks = [partial(measured, plan, seed, scale, wanted) for seed in seeds for plan in plans.values()]
    found = processes.done(tasks, workers, told)
    by_seed = [dict(zip(plans, found[i : i + len(plans)], strict=True)) for i in range(0, len(found), len(plans))]
    names = tuple(scenario.mechanisms)
    rows = {measure: row(measure, names, by_seed) for measure in wanted}
    return Parts(scenario.name, scenario.period.days, scale, tuple(seeds), names, rows)


def row(measure: str, names: LeftOut, by_seed: Sequence[Mapping[LeftOut, Run]]) -> Row:
    """Compare the runs of one measure: a part is with less without, `together` is what the parts leave of all less none.

    by_seed : for each seed what each variant measured
    """
    values = [{left_out: run[measure] for left_out, run in runs.items()} for runs in by_seed]
    shares = {name: [difference(runs[()], runs[(name,)]) for runs in values] for name in names}
    whole = [difference(runs[()], runs[names]) for runs in values]
    rest = [remainder(total, [share[i] for share in shares.values()]) for i, total in enumerate(whole)]
    return Row(
        estimate([runs[names] for runs in values]),
        {name: estimate(share) for name, share in shares.items()},
        estimate(rest),
        estimate([runs[()] for runs in values]),
    )


def difference(one: Value, other: Value) -> float | None:
    """Subtract; nothing where either is missing."""
    return None if one is None or other is None else one - other


def remainder(total: float | None, taken: Sequence[float | None]) -> float | None:
    """Take several numbers from a total; nothing where any is missing."""
    known = [one for one in taken if one is not None]
    return None if total is None or len(known) < len(taken) else math.fsum([total, *(-one for one in known)])

"""Virtual experiments: ask the model what studies asked people, and set its answer beside theirs.

A value is matched when it lies within two standard deviations of the reference; one that is not awaits calibration.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from experiments.comparing.intervals import Estimate, estimate
from experiments.running import processes
from experiments.virtual import behaviour, pilots
from results.measuring.definitions import ROUNDING
from sim.county import County
from sim.scenario.scenario import Scenario
from sim.words import STAY, VISIT

TABLE = Path(__file__).with_name("virtual.yaml")
NEAR = 2.0
"""Standard deviations within which a value counts as matched."""
Words = Mapping[str, str]
Told = Callable[[int], object]


class Study(NamedTuple):
    """What one virtual experiment measures, and what a study found."""

    title: Words
    unit: str
    """number, utils, share, points, change or yuan_a_minute."""
    reference: float | None
    sd: float | None
    source: str | None
    """Key of scenarios/sources.yaml."""
    rests_on: tuple[str, ...]
    """Paths of the parameters from which the model's value follows."""


@cache
def studies() -> Mapping[str, Study]:
    """Read the table of experiments: key -> study."""
    table: dict[str, dict[str, Any]] = yaml.load(TABLE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {key: _study(row) for key, row in table.items()}


def _study(row: Mapping[str, Any]) -> Study:
    """Make one study of one entry of the table."""
    title = {lang: row[lang] for lang in ("en", "zh")}
    return Study(title, row["unit"], row.get("reference"), row.get("sd"), row.get("source"), tuple(row["rests_on"]))


@dataclass(frozen=True)
class Found:
    """One experiment: what the model says, beside the study."""

    study: Study
    value: Estimate

    @property
    def matched(self) -> bool | None:
        """Say whether the model's value lies near the reference; None where there is nothing to judge."""
        if self.value.mean is None or self.study.reference is None or self.study.sd is None:
            return None
        return abs(self.value.mean - self.study.reference) <= NEAR * self.study.sd + ROUNDING

    def as_json(self) -> dict[str, Any]:
        """Give it for a JSON object."""
        study = self.study
        value = {"value": self.value.mean, "low": self.value.low, "high": self.value.high, "unit": study.unit}
        beside = {"reference": study.reference, "sd": study.sd, "source": study.source, "matched": self.matched}
        return {"title": dict(study.title), **value, **beside, "rests_on": list(study.rests_on)}


@dataclass(frozen=True)
class Virtual:
    """All virtual experiments on one scenario."""

    scenario: str
    days: int
    scale: float
    seeds: tuple[int, ...]
    found: Mapping[str, Found]

    def as_json(self) -> dict[str, Any]:
        """Give them as one JSON object."""
        told = {"scenario": self.scenario, "days": self.days, "scale": self.scale, "seeds": list(self.seeds)}
        return {**told, "experiments": {key: found.as_json() for key, found in self.found.items()}}


ON_THE_SHEET: Mapping[str, Callable[[County], float]] = {
    "first_visit_elasticity": lambda county: behaviour.elasticity(county, VISIT),
    "first_admission_elasticity": lambda county: behaviour.elasticity(county, STAY),
    "worst_to_best": behaviour.worst_to_best,
    "worst_to_best_share": behaviour.shift,
    "minute_price": behaviour.minute_price,
    "gap_matters": lambda county: behaviour.moved(county, county.plan),
    "gap_matters_as_good": lambda county: behaviour.moved(county, behaviour.as_good(county.plan)),
    "gate": lambda county: behaviour.open_gate(county, county.plan),
    "gate_as_good": lambda county: behaviour.open_gate(county, behaviour.as_good(county.plan)),
    "usual_provider": behaviour.usual_provider,
}
"""Experiments worked out on the offer sheet of the first measured day."""


def on_the_sheet(scenario: Scenario, seed: int, scale: float) -> dict[str, float]:
    """Let a county live its run-in, so that people have learned what to expect, and read its offer sheet."""
    county = County(scenario, seed=seed, scale=scale)
    days = county.days()
    while county.today < 0:
        next(days)
    return {key: ask(county) for key, ask in ON_THE_SHEET.items()}


def in_runs(runs: Sequence[pilots.Counts]) -> dict[str, float]:
    """Compare the pilots of one seed: gatekeeping without and with, contracts without and with."""
    open_door, kept, unsigned, signed = runs
    return {
        "gatekeeping_primary": pilots.change("primary", open_door, kept),
        "gatekeeping_hospital": pilots.change("hospital", open_door, kept),
        "contract_chronic": pilots.gain("chronic_primary", "chronic", unsigned, signed),
    }


def runs_needed(seeds: int) -> int:
    """Say how many counties are lived through: for each seed one for its offer sheet, and two for each pilot."""
    return seeds * (1 + 2 * len(pilots.SWITCHES))


def virtual(
    scenario: Scenario,
    versions: Mapping[str, tuple[Scenario, Scenario]],
    seeds: Sequence[int],
    scale: float,
    workers: int,
    told: Told,
) -> Virtual:
    """Do every experiment with every seed.

    versions : the scenario of each pilot without it and with it, see `experiments.virtual.pilots.versions`
    workers  : processes at a time;  told : called with the number of counties done
    """
    plans = [plan for pair in versions.values() for plan in pair]
    tasks: list[processes.Task[Mapping[str, float]]] = []
    for seed in seeds:
        tasks += [partial(on_the_sheet, scenario, seed, scale), *(partial(pilots.counted, plan, seed, scale) for plan in plans)]
    answers = processes.done(tasks, workers, told)
    width = 1 + len(plans)
    values = [{**sheet, **in_runs(runs)} for sheet, *runs in (answers[i : i + width] for i in range(0, len(answers), width))]
    found = {key: Found(study, estimate([known(one[key]) for one in values])) for key, study in studies().items()}
    return Virtual(scenario.name, scenario.period.days, scale, tuple(seeds), found)


def known(value: float) -> float | None:
    """Give a number, or nothing where it is none."""
    return value if math.isfinite(value) else None

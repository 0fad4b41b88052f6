"""Find out what outcomes hang on: lay out the runs, do them, and take the effects; then ask which single numbers turn a verdict."""

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.comparing.sensitivity import (
    SMALLEST,
    TRAJECTORIES,
    Asked,
    Effect,
    Input,
    Sensitivity,
    inputs_of,
    morris,
    morris_points,
    sobol,
    sobol_points,
)
from experiments.design.assumed import assumed_numbers
from experiments.design.levers import Span
from experiments.design.variants import Design, Variant
from experiments.running.batch import Batch, Plan, Progress
from results.measuring.definitions import definitions
from results.report.assumptions import office_of
from results.store.pool import DONE, Pool
from sim.language.messages import refuse
from sim.scenario.scenario import Scenario
from sim.scenario.varying import value_at

Array = NDArray[np.float64]
LUCK = 20
"""Seeds under which one point is run to see what luck alone does."""
STEPS = 7
"""Times a range is halved to find where a verdict turns."""
UNDER = 4
"""Seeds under which one number is moved."""
FEWEST, MOST = 12, 40
"""Inputs looked at for each outcome, the most influential first: so many at least, and up to so many that could turn its verdict."""
MONEY = "fund_spent_per_head"


class Rests(NamedTuple):
    """One number an outcome rests on."""

    path: str
    value: float | None
    """As the scenario says it, in the model's own unit."""
    low: float
    high: float
    said: bool
    """Whether a file says the range, or it is half of the number either way."""
    flips_at: float | None
    """Where the verdict turns; None where it does not within the range."""
    effect: float
    """Change of the outcome from the least to the most."""
    effect_yuan: float | None
    """The same of what the fund spends a head."""
    office: str | None
    now: float
    """The outcome as the scenario says everything, and with the number at either end of its range."""
    at_low: float
    at_high: float

    def as_json(self) -> dict[str, Any]:
        """Give it for a JSON object."""
        return self._asdict()


class Doing(NamedTuple):
    """How runs are done."""

    pool: Pool
    executor: Executor
    workers: int
    limit: float | None
    told: Callable[[Progress], object]
    begins: Callable[[Batch], object]


class Sensed(NamedTuple):
    """What outcomes hang on, and what turns their verdicts."""

    sensitivity: Sensitivity
    rests_on: Mapping[str, Sequence[Rests]]
    scenario: str
    """Name of the scenario around which numbers were moved: the first of the experiment."""
    inputs: Sequence[Input]
    left_out: Sequence[str]
    """Assumed numbers that cannot be moved, where all are asked for."""
    turns: Mapping[str, Sequence[float]]
    """Outcome -> values at which its verdict turns; none where it has no goal."""

    @property
    def outcomes(self) -> Sequence[str]:
        """The outcomes asked for, and what the fund spends."""
        return tuple(self.sensitivity.effects)


def sensed(design: Design, method: str, doing: Doing) -> Sensed:
    """Do the runs and take the effects; of an experiment that varies nothing, those of all assumed numbers of its scenario.

    method : morris or sobol
    raises : UserError where there is no input, or a run has failed
    """
    base = next(iter(design.bases.values()))
    inputs, left_out = inputs_of(design), list[str]()
    if not inputs:
        spans, left_out = assumed_numbers(base)
        inputs = [Input(span.name, span) for span in spans]
    if not inputs:
        raise refuse("sensitivity.no_inputs", str(design.source.path))
    outcomes = tuple(dict.fromkeys([*design.outcomes, MONEY]))
    points = design.said.points or 64
    trajectories = max(SMALLEST, min(TRAJECTORIES, points // (len(inputs) + 1))) if method == "morris" else 0
    asked = morris_points(len(inputs), trajectories) if method == "morris" else sobol_points(len(inputs), points, design.said.seeds)
    values = outcomes_of(design, inputs, asked, outcomes, doing)
    luck = outcomes_of(design, inputs, _luck(base, inputs), outcomes, doing) if method == "morris" else {}
    effects: dict[str, dict[str, Effect]] = {}
    seed: dict[str, float | None] = {}
    error: dict[str, float] = {}
    for name in outcomes:
        if method == "morris":
            effects[name], seed[name] = morris(asked, values[name], inputs, luck[name])
        else:
            effects[name], seed[name], missed = sobol(asked, values[name], inputs, points)
            error |= {} if missed is None else {name: missed}
    found = Sensitivity(method, len(asked), seed, effects, error)
    rests = {name: rests_on(design, inputs, name, found.effects[name], doing) for name in design.outcomes}
    return Sensed(found, rests, base.name, inputs, left_out, {name: _turns(base, name) for name in outcomes})


def _luck(base: Scenario, inputs: Sequence[Input]) -> list[Asked]:
    """Ask for the scenario as it is under many seeds."""
    here = tuple(place_of(base, one) for one in inputs)
    return [Asked(here, seed) for seed in range(1, LUCK + 1)]


def place_of(base: Scenario, one: Input) -> float:
    """Say where in its range an input stands in the scenario: between 0 and 1; of levels the first."""
    if not isinstance(one.lever, Span):
        return 0.0
    value = value_at(base, one.name)
    inside = (float(value) - one.lever.low) / (one.lever.high - one.lever.low) if isinstance(value, int | float) else 0.5
    return min(max(inside, 0.0), 1.0)


def outcomes_of(design: Design, inputs: Sequence[Input], asked: Sequence[Asked], outcomes: Sequence[str], doing: Doing) -> dict[str, Array]:
    """Do runs; returns outcome -> (runs,) values. Raises UserError where one has failed or an outcome is not measured."""
    name = next(iter(design.bases))
    places = list(dict.fromkeys(one.places for one in asked))
    row = {place: at for at, place in enumerate(places)}
    plan = Plan([_variant(name, inputs, place) for place in places], [(row[one.places], one.seed) for one in asked])
    measures = _done(design, plan, doing)
    missing = [outcome for outcome in outcomes if any(one.get(outcome) is None for one in measures)]
    if missing:
        raise refuse("sensitivity.not_measured", "", value=missing[0])
    return {outcome: np.array([one[outcome] for one in measures], float) for outcome in outcomes}


def _done(design: Design, plan: Plan, doing: Doing) -> list[Mapping[str, Any]]:
    """Do the runs of a plan; returns what each measured."""
    batch = Batch(design, doing.pool, plan=plan)
    doing.begins(batch)
    batch.run(nullcontext(doing.executor), doing.workers, doing.limit, doing.told)
    return [_measures(batch, planned.key) for planned in batch.rows()]


def _measures(batch: Batch, key: str) -> Mapping[str, Any]:
    """Read what one run measured; raises UserError where it failed."""
    kept = batch.pool.read(key)
    if kept.status != DONE:
        raise refuse("sensitivity.failed", "", reason=kept.error)
    return kept.measures


def _variant(scenario: str, inputs: Sequence[Input], place: Sequence[float]) -> Variant:
    """Set every input at its place."""
    levels = [one.lever.at(u) for one, u in zip(inputs, place, strict=True)]
    return Variant(scenario, tuple(setting for level in levels for setting in level.settings), ())


def rests_on(design: Design, inputs: Sequence[Input], outcome: str, effects: Mapping[str, Effect], doing: Doing) -> list[Rests]:
    """Move the most influential numbers from end to end, one at a time, and find where the verdict on an outcome turns."""
    base = next(iter(design.bases.values()))
    turns = _turns(base, outcome)
    ((now, _),) = moved(design, [None], (outcome, MONEY), doing)
    spans = candidates(inputs, effects, min((abs(now - turn) for turn in turns), default=math.inf))
    ends = moved(design, [(span, place) for span in spans for place in (0.0, 1.0)], (outcome, MONEY), doing)
    low, high = dict(zip(spans, ends[::2], strict=True)), dict(zip(spans, ends[1::2], strict=True))
    brackets = [
        bracket
        for span in spans
        for bracket in (_bracket(base, span, now, 0.0, low[span][0], turns), _bracket(base, span, now, 1.0, high[span][0], turns))
        if bracket is not None
    ]
    flips = halved(design, brackets, now, outcome, doing)
    return [_rests(span, base, now, low[span], high[span], flips) for span in spans]


def candidates(inputs: Sequence[Input], effects: Mapping[str, Effect], gap: float) -> list[Span]:
    """Choose the numbers worth moving one by one: the most influential, and all that go half the way to where the verdict turns.

    gap : how far the outcome is from there
    """
    size = {one.name: effects[one.name].size for one in inputs}
    spans = [one.lever for one in sorted(inputs, key=lambda one: -size[one.name]) if isinstance(one.lever, Span)]
    far = [span for span in spans if effects[span.name].mu_star is not None and size[span.name] >= gap / 2]
    return spans[: min(max(FEWEST, len(far)), MOST)]


def _rests(span: Span, base: Scenario, now: float, low: Sequence[float], high: Sequence[float], flips: Sequence["Bracket"]) -> Rests:
    """Tell of one number."""
    value, here = value_at(base, span.name), place_of(base, Input(span.name, span))
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    turning = sorted((abs(one.middle - here), one.middle) for one in flips if one.span is span)
    at = span.low + turning[0][1] * (span.high - span.low) if turning else None
    return Rests(
        span.name,
        number,
        span.low,
        span.high,
        span.said,
        at,
        high[0] - low[0],
        high[1] - low[1],
        office_of(span.name)["en"],
        now,
        low[0],
        high[0],
    )


def _turns(base: Scenario, outcome: str) -> tuple[float, ...]:
    """Give the values at which the verdict on an outcome turns; none where the scenario has no goal for it."""
    target = base.targets.get(outcome)
    return () if target is None else limits(outcome, target.goal, target.tolerance)


def limits(outcome: str, goal: float, tolerance: float) -> tuple[float, ...]:
    """Give the values at which the verdict on an outcome turns: the goal, and the goal with its tolerance."""
    good = definitions()[outcome].good
    return {"up": (goal, goal - tolerance), "down": (goal, goal + tolerance), "none": (goal - tolerance, goal + tolerance)}[good]


class Bracket(NamedTuple):
    """Two places of a number between which the verdict turns: at `near` it is that of the value used, at `far` it is another."""

    span: Span
    near: float
    far: float
    turn: float
    """The value of the outcome at which it turns."""

    @property
    def middle(self) -> float:
        """The place between."""
        return (self.near + self.far) / 2


def _bracket(base: Scenario, span: Span, now: float, end: float, there: float, turns: Sequence[float]) -> Bracket | None:
    """Say between which places a verdict turns on the way to an end; None where it does not."""
    crossed = [turn for turn in turns if (now - turn) * (there - turn) < 0]
    if not crossed:
        return None
    return Bracket(span, place_of(base, Input(span.name, span)), end, min(crossed, key=lambda one: abs(one - now)))


def halved(design: Design, brackets: Sequence[Bracket], now: float, outcome: str, doing: Doing) -> list[Bracket]:
    """Halve all brackets again and again, the runs of one halving together."""
    found = list(brackets)
    for _ in range(STEPS if found else 0):
        values = moved(design, [(one.span, one.middle) for one in found], (outcome,), doing)
        found = [
            one._replace(near=one.middle) if (now - one.turn) * (value - one.turn) > 0 else one._replace(far=one.middle)
            for one, (value,) in zip(found, values, strict=True)
        ]
    return found


def moved(design: Design, points: Sequence[tuple[Span, float] | None], outcomes: Sequence[str], doing: Doing) -> list[tuple[float, ...]]:
    """Give the mean outcomes with one number at a place of its range and all others as the scenario says; None: nothing moved."""
    name = next(iter(design.bases))
    variants = [Variant(name, () if point is None else point[0].at(point[1]).settings, ()) for point in points]
    measures = _done(design, Plan(variants, [(row, seed) for row in range(len(points)) for seed in range(1, UNDER + 1)]), doing)
    groups = [measures[row * UNDER : (row + 1) * UNDER] for row in range(len(points))]
    return [tuple(float(np.mean([one[outcome] for one in some])) for outcome in outcomes) for some in groups]

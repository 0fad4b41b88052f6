"""Where to put more (选址): candidates by need, each simulated with the same people and luck; what one more gains, and where it stops."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from experiments.comparing.compare import Comparison, Difference
from experiments.comparing.intervals import CONFIDENCE, Estimate, quantile
from experiments.comparing.kept import tables_of
from experiments.comparing.replicated import FEWEST, STEP, replicated
from experiments.design.variants import Design
from experiments.layouts.files import under
from experiments.layouts.judging.judge import Judged, judged, values_of
from experiments.layouts.judging.ranking import looks_up_to
from experiments.layouts.siting.needs import Need, What, needs
from experiments.running.batch import Batch, Progress
from experiments.running.executors import Where
from results.measuring.definitions import Definition, definitions
from sim.arithmetic.rounding import largest_remainder
from sim.language.messages import refuse, say
from sim.scenario.scenario import Scenario

KEPT = ("facilities",)
FIRST_RUNS = 4
"""Runs of the scenario as it is from which needs are read."""
SPREAD = "spread"
"""The candidate that shares the amount out among all others by need."""
RUNGS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Parts of the amount with which the best place is tried."""
Verdict = Literal["gains", "stops", "open"]


class Candidate(NamedTuple):
    """More at one place or several."""

    name: str
    added: Mapping[str, int]
    """Facility -> how many more."""
    needs: Sequence[Need]


class Step(NamedTuple):
    """From one amount to the next at the best place."""

    amount: int
    before: int
    gain: Estimate
    """By how much the measure is better than at the amount before, allowance made for all steps and looks."""
    verdict: Verdict

    @property
    def each(self) -> float:
        """Gain of one more."""
        return (self.gain.mean or 0.0) / (self.amount - self.before)


class Sited(NamedTuple):
    """Where more was put, and what it did."""

    what: What
    amount: int
    candidates: Mapping[str, Candidate]
    """Name of the scenario -> what is added in it, in the order of need."""
    judged: Judged
    best: str | None
    """The candidate that comes first; None where the scenario as it is does."""
    steps: Sequence[Step]

    @property
    def stops(self) -> int | None:
        """Give the amount beyond which no further gain is seen; None where it is not known, or gains go on to the last."""
        return next((one.before for at, one in enumerate(self.steps) if all(later.verdict == "stops" for later in self.steps[at:])), None)

    def gain(self, name: str) -> Difference:
        """Say by how much the measure differs from the scenario as it is."""
        return self.judged.replicated.comparison.measures[self.judged.by].differences[name]

    def as_json(self) -> dict[str, Any]:
        """Give it for a JSON object."""
        rows = [
            {
                "name": name,
                "added": dict(one.added),
                "short": sum(need.short for need in one.needs),
                "gain": self.gain(name).as_json(),
                "gain_per_unit": each(self.gain(name), self.amount),
                "best": self.judged.ranking.standings[name].best,
            }
            for name, one in self.candidates.items()
        ]
        steps = [
            {"from": one.before, "to": one.amount, **one.gain.as_json(), "gain_per_unit": one.each, "verdict": one.verdict}
            for one in self.steps
        ]
        told = {"what": self.what, "amount": self.amount, "by": self.judged.by, "margin": self.judged.ranking.margin}
        told["runs"] = len(self.judged.replicated.comparison.seeds)
        return {**told, "candidates": rows, "best": self.best, "steps": steps, "stops": self.stops}


def each(gain: Difference, amount: int) -> dict[str, float | None]:
    """Divide a gain by how many more there are."""
    return {name: None if value is None else value / amount for name, value in zip(("mean", "low", "high"), gain[:3], strict=True)}


class Site:
    """The search for where to put more of something in a scenario.

    base   : name or path of the scenario
    scale  : share of the people in every run
    folder : where the scenarios with more are written
    """

    def __init__(
        self,
        scenario: Scenario,
        base: str,
        what: What,
        amount: int,
        scale: float,
        folder: Path,
        pool: Path,
        where: Callable[[Design], Where],
        limit: float | None = None,
        told: Callable[[Progress], object] = lambda progress: None,
        begins: Callable[[Batch], object] = lambda batch: None,
    ) -> None:
        """Refuse what cannot be added; raises UserError."""
        if what == "experts" and "expert_posting" not in scenario.mechanisms:
            raise refuse("layout.site.no_posting", "--what", name=scenario.name)
        self.scenario, self.base, self.what, self.amount, self.scale, self.folder = scenario, base, what, amount, scale, folder
        self.least = 1 if what == "experts" else math.ceil(1.0 / scale)
        if amount < self.least:
            raise refuse("layout.site.too_few", "--amount", value=amount, scale=f"{scale * 100:g} %", least=self.least)
        self._judged = partial(judged, scale=scale, pool=pool, where=where, limit=limit, told=told, begins=begins, keep=KEPT)
        self._replicated = partial(replicated, scale=scale, pool=pool, where=where, limit=limit, told=told, begins=begins, keep=KEPT)

    def candidates(self, number: int) -> dict[str, Candidate]:
        """Find the places most in need, and one candidate that shares the amount out among them: scenario -> candidate.

        raises : UserError where there is no place at all
        """
        done = self._replicated(f"site-{self.scenario.name}", [self.base], FIRST_RUNS)
        tables = tables_of(done.batch, done.comparison.seeds, self.scenario.name, KEPT[0])
        found = needs(self.scenario, tables, self.what, self.amount, self.scale)[:number]
        if not found:
            raise refuse("layout.site.no_place", "--what", what=self.what, name=self.scenario.name)
        some = [Candidate(need.facility, {need.facility: self.amount}, [need]) for need in found]
        weights = np.array([need.relief for need in found])
        if weights.sum() > 0:
            parts = largest_remainder(weights, self.amount).tolist()
            added = {need.facility: part for need, part in zip(found, parts, strict=True) if part}
            some += [Candidate(SPREAD, added, found)] if len(added) > 1 else []
        return {self.named(one.name, self.amount): one for one in some}

    def sited(self, candidates: Mapping[str, Candidate], runs: int, by: str, margin: float) -> Sited:
        """Simulate the candidates beside the scenario as it is, then less and more at the best of them."""
        words = [self.base, *(str(self.put(one.name, one.added, self.amount)) for one in candidates.values())]
        found = self._judged(f"site-{self.what}-{self.scenario.name}", words, runs, by=by, margin=margin)
        first = next(iter(found.ranking.standings))
        best = first if first in candidates else None
        steps = [] if best is None else self._climbed(candidates[best], runs, by, margin)
        return Sited(self.what, self.amount, candidates, found, best, steps)

    def _climbed(self, best: Candidate, runs: int, by: str, margin: float) -> list[Step]:
        """Try less and more at the best place, until each step is known to gain or not to, or the runs are spent."""
        amounts = sorted({max(round(self.amount * part), self.least) for part in RUNGS})
        shares, words = np.array(list(best.added.values()), float), [self.base]
        for amount in amounts:
            parts = dict(zip(best.added, largest_remainder(shares, amount).tolist(), strict=True))
            words.append(str(self.put(best.name, {name: part for name, part in parts.items() if part}, amount)))
        looks = looks_up_to(runs, FEWEST, STEP)

        def steps(batch: Batch) -> list[Step]:
            return climbed(list(values_of(batch, by).values()), [0, *amounts], definitions()[by], margin / self.amount, looks, self.scale)

        def more(batch: Batch, _: Comparison) -> int | None:
            settled = all(one.verdict != "open" for one in steps(batch))
            return None if settled else int(len(batch.design.said.seeds) * STEP)

        return steps(self._replicated(f"site-{self.what}-more-{self.scenario.name}", words, runs, more=more).batch)

    def named(self, place: str, amount: int) -> str:
        """Name the scenario with more at a place."""
        return f"{self.what}-{place}-{amount}"

    def put(self, place: str, added: Mapping[str, int], amount: int) -> Path:
        """Write the scenario with more at a place; returns its file. Raises UserError."""
        titles = {lang: self._title(place, amount, lang) for lang in ("en", "zh")}
        file = self.folder / f"{self.named(place, amount)}.yaml"
        head = {"name": self.named(place, amount), "title": titles, "extends": under(self.base)}
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in {**head, **self.block(added)}.items()]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")
        except OSError as error:
            raise refuse("store.not_writable", "--out", folder=str(self.folder), reason=error.strerror or str(error)) from None
        return file

    def _title(self, place: str, amount: int, lang: str) -> str:
        """Say what the scenario with more at a place is."""
        what = say({"beds": "layout.site.beds", "doctors": "layout.site.doctors", "experts": "layout.site.experts"}[self.what], lang)
        title = self.scenario.title.say(lang)
        return say("layout.site.title", lang, title=title, amount=amount, what=what, place=self.called(place, lang))

    def block(self, added: Mapping[str, int]) -> dict[str, Any]:
        """Write what is added as the scenario says it, on top of what it adds already."""
        if self.what == "experts":
            held: Mapping[str, int] = self.scenario.mechanisms["expert_posting"].fixed_posts  # type: ignore[attr-defined]
            more = {name: held.get(name, 0) + count for name, count in added.items()}
            return {"mechanisms": {"expert_posting": {"fixed_posts": {"source": "assumed", **more}}}}
        had = {name: getattr(one, self.what) for name, one in self.scenario.places.added.items()}
        grown = {name: {self.what: had.get(name, 0) + count} for name, count in added.items()}
        return {"places": {"added": {"source": "assumed", **grown}}}

    def called(self, place: str, lang: str) -> str:
        """Give the name of a place as people say it."""
        if place == SPREAD:
            return say("layout.site.spread", lang)
        row = next(row for row in self.scenario.tables.facilities if row.facility == place)
        return row.name_zh if lang == "zh" else row.name_en


def climbed(
    values: Sequence[Sequence[float]], amounts: Sequence[int], meant: Definition, worth: float, looks: int, scale: float = 1.0
) -> list[Step]:
    """Say what each step from one amount to the next gains; the chance of any wrong word, over all steps and looks, is at most 5 %.

    values : amount by amount, the measure seed by seed
    worth  : what one more must gain; a step whose whole interval lies below that for each of its units gains no more
    """
    table = np.array(values) * (1.0 if meant.good == "up" else -1.0)
    wide = quantile(1 - (1 - CONFIDENCE) / (2 * (len(amounts) - 1) * looks), table.shape[1] - 1)
    steps = []
    for at in range(1, len(amounts)):
        gaps = table[at] - table[at - 1]
        mean = float(gaps.mean())
        half = wide * float(gaps.std(ddof=1)) / math.sqrt(len(gaps)) + abs(meant.off_at(mean, scale))
        wanted = worth * (amounts[at] - amounts[at - 1])
        verdict: Verdict = "stops" if mean + half < wanted else "gains" if mean - half > 0 and mean >= wanted else "open"
        steps.append(Step(amounts[at], amounts[at - 1], Estimate(mean, mean - half, mean + half), verdict))
    return steps

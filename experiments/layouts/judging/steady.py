"""How steady a ranking is: how often each layout comes first when the model's numbers, or the map, are others."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.comparing.origins import run_variants
from experiments.comparing.replicated import experiment_of
from experiments.design.experiment import read_text
from experiments.design.variants import Design, Variant
from experiments.layouts.files import LAYOUTS
from experiments.layouts.judging.drawn import maps_drawn, numbers_drawn
from experiments.layouts.judging.judge import Judged
from experiments.running.batch import Batch, Progress
from experiments.running.executors import Where
from results.measuring.definitions import definitions
from results.store.pool import DONE
from sim.reading.strict_yaml import Value
from sim.scenario.layout import LAYOUT
from sim.scenario.varying import Setting

SEEDS = (1, 2)
"""Seeds of every draw: what the numbers do is larger than what luck does, and draws differ in both."""
FEWEST = 2


class Steady(NamedTuple):
    """How layouts stand over draws of one kind."""

    draws: int
    best: Mapping[str, float]
    """Layout -> share of the draws in which it comes first; ties are shared."""
    close: Mapping[str, float]
    """Layout -> share of the draws in which it is no further than the margin behind the first."""
    low: float
    high: float
    """Between which bounds the present layout's measure lies in nine of ten draws."""

    def as_json(self) -> dict[str, Any]:
        """Give it for a JSON object."""
        return {**self._asdict(), "best": dict(self.best), "close": dict(self.close)}


class Steadiness:
    """Draws the unknown and simulates all layouts under each draw."""

    def __init__(
        self,
        found: Judged,
        word: str,
        folder: Path,
        where: Callable[[Design], Where],
        limit: float | None = None,
        told: Callable[[Progress], object] = lambda progress: None,
        begins: Callable[[Batch], object] = lambda batch: None,
    ) -> None:
        """found : what was judged;  word : name or path of the present layout's scenario;  folder : where layouts and drawn maps lie"""
        self.found, self.word, self.folder = found, word, folder
        self.design, self.pool = found.replicated.batch.design, found.replicated.batch.pool
        self.layouts = list(self.design.bases)
        self._run = (where, limit, told, begins)

    def of_numbers(self, posterior: str | None, draws: int) -> Steady | None:
        """Stand the layouts under other numbers: of a posterior, or all that are assumed."""
        drawn = numbers_drawn(self.design.bases[self.layouts[0]], posterior, draws)
        variants = [Variant(layout, settings, ()) for settings in drawn for layout in self.layouts]
        return self._stood(self.design, variants)

    def of_maps(self, draws: int) -> Steady | None:
        """Stand the layouts under other heads of towns and other minutes of roads."""
        present, *others = self.layouts
        files = maps_drawn(self.design.bases[present], self.word, draws, self.folder / "maps")
        said = self.design.said
        text = experiment_of(said.name, [str(file) for file in files], said.seeds, said.scale, said.keep)
        design = Design(read_text(text, self.folder))
        taken: list[tuple[Setting, ...]] = [()]
        taken += [(Setting(LAYOUT, Value(str((self.folder / LAYOUTS / f"{name}.yaml").resolve()), "layout judge")),) for name in others]
        variants = [Variant(name, settings, ()) for name in design.bases for settings in taken]
        return self._stood(design, variants)

    def _stood(self, design: Design, variants: Sequence[Variant]) -> Steady | None:
        """Run all layouts under every draw, and count; None where fewer than two draws are whole."""
        where, limit, told, begins = self._run
        batch = run_variants(design, variants, SEEDS, self.pool, where, limit, told, begins)
        values = measured_of(batch, len(variants), self.found.by).reshape(-1, len(self.layouts))
        whole = values[~np.isnan(values).any(axis=1)]
        return stood(whole, self.layouts, definitions()[self.found.by].good, self.found.ranking.margin) if len(whole) >= FEWEST else None


def measured_of(batch: Batch, variants: int, by: str) -> NDArray[np.float64]:
    """Read a measure of every variant, its mean over the seeds: (variants,); NaN where a run failed or measured nothing."""
    found = np.full((variants, len(SEEDS)), np.nan)
    for planned in batch.rows():
        if batch.pool.status(planned.key) == DONE:
            value = batch.pool.read(planned.key).measures.get(by)
            found[planned.variant, SEEDS.index(planned.seed)] = np.nan if value is None else value
    return found.mean(axis=1)


def stood(values: NDArray[np.float64], layouts: Sequence[str], good: str, margin: float) -> Steady:
    """Count how often each layout is first, and how often close to it.

    values : (draws, layouts)
    """
    signed = values if good == "up" else -values
    behind = signed.max(axis=1, keepdims=True) - signed
    top = behind <= 1e-12
    best = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
    close = (behind <= margin).mean(axis=0)
    low, high = np.quantile(values[:, 0], (0.05, 0.95))
    told = (dict(zip(layouts, shares.tolist(), strict=True)) for shares in (best, close))
    return Steady(len(values), *told, float(low), float(high))

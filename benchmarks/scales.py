"""Measure what a run on a part of the people shifts, write docs/scale.md and results/measuring/scale.yaml: `make scales`.

Two scenarios are run at every scale with the same seeds: the level of each measure, and the difference between the scenarios, are held
against those at full scale. What is `level`, `difference` or `full_only` follows from the limits below, at `JUDGED`.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.running.one import measured
from results.measuring.definitions import Definition, definitions
from sim.loading import load
from sim.warming import warm

BEFORE, AFTER = "lujiang-2018", "lujiang-2020"
SCALES, FULL, JUDGED = (0.02, 0.05, 0.1, 0.25), 1.0, 0.05
SEEDS = 20
SURE = 2.093
"""Student's t for 95 % with 19 degrees of freedom."""
LIMITS = {"share": 0.003, "occupancy": 0.01}
"""Shift up to which a measure holds: .3 points of a share, 1 point of occupancy."""
RELATIVE = 0.01
"""The same for all else, relative to the value at full scale."""
CERTAIN = 5.0
"""Standard errors by which a difference stands out of luck, so that its error can be told as a part of it."""
FOLDER = Path(__file__).parents[1]
TABLE, PAGE = FOLDER / "results" / "measuring" / "scale.yaml", FOLDER / "docs" / "scale.md"

Runs = dict[float, dict[str, NDArray[np.float64]]]
"""Scale -> measure -> (seeds,) values, NaN where there is nothing to measure."""


class Held(NamedTuple):
    """How a measure holds.

    full       : mean at full scale;  shifts : at each scale, each with half its 95 % interval
    difference : shift of the difference between the scenarios at `JUDGED`;  worst : the larger shift of the two there
    word       : level, difference or full_only
    between    : the difference itself at full scale;  sure : whether it stands out of luck there
    """

    full: float
    shifts: tuple[tuple[float, float], ...]
    difference: float
    worst: float
    word: str
    between: float
    sure: bool

    @property
    def off(self) -> str:
        """Say how far differences are off at `JUDGED`: a part of the difference, or an amount where the two hardly differ."""
        if np.isnan(self.difference):
            return ""
        return f", off_part: {abs(self.difference / self.between):.4g}" if self.sure else f", off_by: {abs(self.difference):.4g}"


def runs(scenario: str) -> Runs:
    """Run a scenario at every scale with the same seeds."""
    plan, found = load(scenario), {}
    warm(plan)
    for scale in (*SCALES, FULL):
        print(f"{scenario} at {100 * scale:g} %: {SEEDS} runs", file=sys.stderr, flush=True)
        each = [measured(plan, seed + 1, scale) for seed in range(SEEDS)]
        found[scale] = {
            name: np.array([one.get(name) for one in each], float) / size(meant, scale) for name, meant in definitions().items()
        }
    return found


def size(meant: Definition, scale: float) -> float:
    """Say by what a value is divided to stand for all people."""
    return scale if meant.grows else 1.0


def limit(meant: Definition, full: float) -> float:
    """Say how far a measure may shift and still hold."""
    if meant.unit != "share":
        return RELATIVE * abs(full)
    return LIMITS["occupancy" if "occupancy" in meant.name else "share"]


def held(meant: Definition, before: Runs, after: Runs) -> Held | None:
    """Hold a measure against full scale; None where it is not measured there."""
    whole = after[FULL][meant.name]
    if np.isnan(whole).any():
        return None
    shifts = tuple(shift(after[scale][meant.name], whole) for scale in SCALES)
    gaps = whole - before[FULL][meant.name]
    between, error = np.mean(gaps), np.std(gaps, ddof=1) / np.sqrt(len(gaps))
    far = np.nanmean(after[JUDGED][meant.name] - before[JUDGED][meant.name]) - between
    most, worst = limit(meant, float(whole.mean())), shifts[SCALES.index(JUDGED)][0]
    if not np.isnan(before[FULL][meant.name]).any():
        earlier = shift(before[JUDGED][meant.name], before[FULL][meant.name])[0]
        worst = max(worst, earlier, key=abs)
    word = "level" if abs(worst) <= most else "difference" if abs(far) <= most else "full_only"
    return Held(float(whole.mean()), shifts, float(far), float(worst), word, float(between), bool(abs(between) > CERTAIN * error))


def shift(part: NDArray[np.float64], whole: NDArray[np.float64]) -> tuple[float, float]:
    """Give the mean shift and half its 95 % interval."""
    error = np.sqrt(np.nanvar(part, ddof=1) / len(part) + whole.var(ddof=1) / len(whole))
    return float(np.nanmean(part) - whole.mean()), float(SURE * error)


def figure(value: float) -> str:
    """Write a number with three digits that mean something."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def figure_of(value: float) -> str:
    """Write a difference; a dash where one of the scenarios has nothing to measure."""
    return "–" if np.isnan(value) else f"{value:+.2g}"


def rows(found: dict[str, Held]) -> Iterator[str]:
    """Write a row a measure."""
    for name, one in found.items():
        unit = 100.0 if definitions()[name].in_percent else 1.0
        cells = [f"{unit * by:+.2g} ± {unit * half:.1g}" for by, half in one.shifts]
        judged = [figure_of(unit * one.worst), figure_of(unit * one.difference), one.word]
        yield f"| {' | '.join([f'`{name}`', figure(unit * one.full), *cells, *judged])} |"


def page(found: dict[str, Held]) -> str:
    """Write docs/scale.md."""
    text = (FOLDER / "benchmarks" / "scale_page.md").read_text(encoding="utf-8")
    return text.format(seeds=SEEDS, before=BEFORE, after=AFTER, rows="\n".join(rows(found)))


def main() -> None:
    """Measure, and write the table and the page."""
    before, after = runs(BEFORE), runs(AFTER)
    every = {name: held(meant, before, after) for name, meant in definitions().items()}
    found = {name: one for name, one in every.items() if one is not None}
    lines = [f"{name}: {{holds: {one.word}, shift: {one.shifts[SCALES.index(JUDGED)][0]:.4g}{one.off}}}" for name, one in found.items()]
    head = (
        "# How each measure holds in runs on 5 % of the people, and its shift there in lujiang-2020 (`make scales`, docs/scale.md).\n"
        "# off_part: by which part differences are off there, as that between two scenarios was; off_by: by how much.\n"
    )
    TABLE.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    PAGE.write_text(page(found), encoding="utf-8")


if __name__ == "__main__":
    main()

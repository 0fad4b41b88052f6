"""What the model does not know for sure, drawn: its numbers, and how many live where and how long the roads are."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from experiments.design import designs
from experiments.design.assumed import assumed_numbers
from experiments.design.posterior import draws_of
from experiments.layouts.files import under
from sim.language.messages import UserError, refuse
from sim.place.grid import grid_of
from sim.scenario.scenario import Scenario
from sim.scenario.varying import Setting, varied

NUMBERS_KEY, MAP_KEY = 11, 12
"""Keys of the luck with which numbers and maps are drawn."""
HEADS, MINUTES = 0.10, 0.20
"""Standard deviations (of the logarithm) by which a town's people and the minutes of a road may be wrong: assumed."""


def numbers_drawn(base: Scenario, posterior: str | None, many: int) -> list[tuple[Setting, ...]]:
    """Draw the model's numbers: from a posterior, else every assumed one through its range (half of it either way where none is said),
    each by itself (a Latin hypercube).

    raises : UserError where the posterior does not fit, or no draw makes a sound scenario
    """
    if posterior is not None:
        return draws_of(posterior, many, base, "--posterior")
    spans = assumed_numbers(base).spans
    places = designs.latin_hypercube(many, len(spans), NUMBERS_KEY)
    drawn = [tuple(level.settings[0] for level in point) for point in designs.sampled(spans, places)]
    sound = [settings for settings in drawn if _is_sound(base, settings)]
    if not sound:
        raise refuse("layout.no_draw", "--draws", value=many, name=base.name)
    return sound


def _is_sound(base: Scenario, settings: Sequence[Setting]) -> bool:
    """Say whether a scenario may say all of that together."""
    try:
        varied(base, settings)
    except UserError:
        return False
    return True


def maps_drawn(base: Scenario, word: str, many: int, folder: Path) -> list[Path]:
    """Write scenarios whose towns have other people and whose roads take other minutes, one a draw; returns their files.

    word   : name or path of the scenario
    raises : UserError where the folder cannot be written
    """
    try:
        return [_map_drawn(base, word, number, folder / f"map-{number}") for number in range(1, many + 1)]
    except OSError as error:
        raise refuse("store.not_writable", "--out", folder=str(folder), reason=error.strerror or str(error)) from None


def _map_drawn(base: Scenario, word: str, number: int, folder: Path) -> Path:
    """Write one such scenario with its tables."""
    luck = np.random.default_rng((MAP_KEY, number))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "towns.csv").write_text(_towns(base, luck), encoding="utf-8", newline="\n")
    (folder / "roads.csv").write_text(_roads(base, luck), encoding="utf-8", newline="\n")
    said = {
        "name": f"map-{number}",
        "extends": under(word),
        "population": {"source": "assumed", "towns": "towns.csv"},
        "places": {"source": "assumed", "roads": "roads.csv"},
    }
    text = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in said.items())
    (folder / "scenario.yaml").write_text(text, encoding="utf-8", newline="\n")
    return folder / "scenario.yaml"


def _towns(base: Scenario, luck: np.random.Generator) -> str:
    """Write the table of towns with other people in each; the county has as many as before, since it is scaled to its total."""
    rows = [row.model_dump() for row in base.tables.towns]
    for row, factor in zip(rows, np.exp(luck.normal(0.0, HEADS, len(rows))), strict=True):
        row.update(residents=round(row["residents"] * factor), registered=round(row["registered"] * factor), source="assumed")
    return _csv(list(rows[0]), [list(row.values()) for row in rows])


def _roads(base: Scenario, luck: np.random.Generator) -> str:
    """Write the roads with other minutes on each."""
    edges = list(grid_of(base.places.roads, base.tables).graph.edges(data="minutes"))
    factors = np.exp(luck.normal(0.0, MINUTES, len(edges)))
    rows = [[start, end, f"{minutes * factor:.2f}"] for (start, end, minutes), factor in zip(edges, factors, strict=True)]
    return _csv(["from", "to", "minutes"], rows)


def _csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Write a table."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(head)
    lines.writerows(rows)
    return text.getvalue()

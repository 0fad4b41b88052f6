"""What verdicts rest on: numbers that turn one when they are moved alone, as `tiercare sensitivity` found them, told by whoever fits.

A sensitivity analysis leaves its rows beside its runs, under a key of the scenario and the model; a report of a run of the same scenario
by the same model tells them in its list to verify.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from results.measuring.definitions import ABSENT, definition, signed, with_unit
from results.measuring.definitions import words as table_words
from results.report.assumptions import office_of, term
from results.report.markup import LANGUAGES, Words, both, code, table, tag, told
from results.store.fingerprint import fingerprint
from results.store.folder import beside_runs
from results.store.run import Run
from sim.reading.units import COUNT, NUMBER, unit_in
from sim.scenario.scenario import Scenario
from sim.scenario.varying import unit_of

FOUND = "sensitivity.json"
"""File of an experiment's folder in which a sensitivity analysis lies."""
FEW = 8
"""Numbers shown for each goal in the report of a run."""
Row = Mapping[str, Any]
"""One number an outcome rests on: path, value, low, high, said, flips_at, effect, effect_yuan, in the model's own units."""


def resting_key(scenario: Scenario) -> str:
    """Give the key under which a sensitivity analysis fits: a hash of all of a scenario and of the model that decides results."""
    return sha256(f"{scenario.decisive()} {fingerprint()}".encode()).hexdigest()[:40]


def found_for(scenario: Scenario) -> Mapping[str, Any] | None:
    """Find the sensitivity analysis that fits a scenario, of several the one that moved the most numbers; None where there is none."""
    key = resting_key(scenario)
    fitting = [one for file in sorted(beside_runs("experiments").glob(f"*/{FOUND}")) if (one := _read(file)).get("key") == key]
    return max(fitting, key=lambda one: int(one.get("inputs", 0)), default=None)


def _read(file: Path) -> Mapping[str, Any]:
    """Read one; what cannot be read is as good as none."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def resting_part(run: Run) -> str:
    """Write which numbers turn the verdict on the goals of a run, where somebody has looked; nothing where nobody has."""
    found = found_for(run.scenario)
    rests = {name: rows for name, rows in (found or {}).get("rests_on", {}).items() if name in run.scenario.targets}
    if found is None or not rests:
        return ""
    facts = {"name": found["experiment"], "inputs": found["inputs"], "scale": f"{found['scale'] * 100:g}"}
    lead = tag("p", both(told("report.resting.lead", **facts)), class_="note")
    parts = "".join(resting_table(run.scenario, name, rows, found["scale"], FEW) for name, rows in rests.items())
    return tag("h3", both(told("report.resting.title"))) + lead + parts


def resting_table(scenario: Scenario, outcome: str, rows: Sequence[Row], scale: float, most: int | None = None) -> str:
    """Write what one outcome rests on: the numbers that turn its verdict, the weightiest first; of the others, that they do not.

    most : numbers shown; None: all
    """
    turning = [row for row in rows if row["flips_at"] is not None]
    counts = {"outcome": definition(outcome).title, "moved": len(rows), "turning": len(turning)}
    said = tag("p", both(told("report.resting.some" if turning else "report.resting.none", **counts)))
    shifted = scale < 1 and definition(outcome).holds != "level"
    said += tag("p", both(told("report.resting.shifted", scale=f"{scale * 100:g}")), class_="warning") if shifted else ""
    if not turning:
        return said
    head = [told(f"report.resting.{column}") for column in ("number", "value", "range", "flips", "effect", "yuan", "office")]
    cells = [_cells(scenario, outcome, row) for row in sorted(turning, key=lambda row: -abs(row["effect"]))[:most]]
    more = tag("p", both(told("report.resting.more", count=len(turning) - len(cells))), class_="note") if len(cells) < len(turning) else ""
    return said + table(told("report.resting.caption", **counts), head, cells, kind="numbers", figures=(1, 2, 3, 4, 5)) + more


def _cells(scenario: Scenario, outcome: str, row: Row) -> list[str]:
    """Write one number."""
    path = row["path"]
    low, high = sized(scenario, path, row["low"]), sized(scenario, path, row["high"])
    span = told("report.resting.said" if row["said"] else "report.resting.half", low=low, high=high)
    yuan = ABSENT if row["effect_yuan"] is None else signed(row["effect_yuan"], 1)
    sizes = (sized(scenario, path, row["value"]), span, sized(scenario, path, row["flips_at"]), effect_words(outcome, row["effect"]))
    return [both(term(path)) + code(path), *map(both, sizes), yuan, both(office_of(path))]


def sized(scenario: Scenario, path: str, size: float | None) -> Words:
    """Write a number of a scenario, given in the model's own unit, with its unit in every language."""
    unit = unit_of(path, scenario.rules)
    if size is None:
        return dict.fromkeys(LANGUAGES, ABSENT)
    if unit is None or unit in (NUMBER, COUNT):
        return dict.fromkeys(LANGUAGES, f"{size:.4g}")
    number = f"{size / unit.words[unit.word]:.4g}"
    return {lang: with_unit(number, unit_in(unit.word, lang), lang) for lang in LANGUAGES}


def effect_words(outcome: str, effect: float) -> Words:
    """Write a change of an outcome with its sign; of a share in points."""
    meant = definition(outcome)
    factor, decimals = (100, meant.decimals + 1) if meant.in_percent else (1, meant.decimals)
    unit = "points" if meant.in_percent else meant.unit
    return {lang: with_unit(signed(effect * factor, decimals), table_words("units", unit, lang), lang) for lang in LANGUAGES}

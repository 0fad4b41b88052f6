"""Assumed numbers as inputs: each through the range a scenario says beside it, else half of it either way as far as the scenario allows."""

from collections.abc import Iterator
from typing import NamedTuple

from experiments.design.levers import Span, quantity_of
from sim.language.messages import UserError
from sim.reading.strict_yaml import Value
from sim.reading.units import Unit, any_quantity
from sim.scenario.scenario import Scenario
from sim.scenario.varying import Setting, unit_of, value_at, varied

HALF = 0.5
"""How far a number is moved either way where nothing is said, as a share of it: assumed, and told wherever it is used."""
NEARER = 4
"""Times the way to an end is halved where a scenario does not allow it, before the number itself is the end."""
ASSUMED = "A"


class Assumed(NamedTuple):
    """The assumed numbers of a scenario."""

    spans: list[Span]
    left_out: list[str]
    """Paths of those that cannot be moved: nothing (half of nothing is nothing), or no other value is allowed."""


def assumed_numbers(base: Scenario) -> Assumed:
    """Find how far every assumed number may be moved, and every other that carries a range; goals left out."""
    spans: list[Span] = []
    left_out: list[str] = []
    for path, leaf in _numbers(base):
        unit, value = unit_of(path, base.rules), value_at(base, path)
        if path not in base.settable or unit is None or not isinstance(value, int | float):
            left_out.append(path)
            continue
        low, high = _ends(base, path, leaf, unit, float(value))
        if low < high:
            spans.append(Span(path, low, high, unit, leaf, leaf.range is not None))
        else:
            left_out.append(path)
    return Assumed(spans, left_out)


def _numbers(base: Scenario) -> Iterator[tuple[str, Value]]:
    """Go through the numbers that are assumed or carry a range."""
    for ground in base.grounds:
        leaf = base.tree.at(tuple(ground.path.split(".")))
        if (ground.status == ASSUMED or leaf.range is not None) and not ground.path.startswith("targets."):
            yield ground.path, leaf


def _ends(base: Scenario, path: str, leaf: Value, unit: Unit, value: float) -> tuple[float, float]:
    """Say from where to where a number may be moved, in the model's own unit."""
    if leaf.range is not None:
        return any_quantity(leaf.range.low.content), any_quantity(leaf.range.high.content)
    low, high = value * (1 - HALF), value * (1 + HALF)
    ends = sorted((max(low, unit.least), min(high, unit.most))) if value >= 0 else sorted((high, low))
    return _allowed(base, path, leaf, unit, value, ends[0]), _allowed(base, path, leaf, unit, value, ends[1])


def _allowed(base: Scenario, path: str, leaf: Value, unit: Unit, value: float, end: float) -> float:
    """Give an end, or one nearer to the number where the scenario does not allow it."""
    for step in range(NEARER):
        there = value + (end - value) / 2**step
        setting = Setting(path, leaf.with_content(quantity_of(unit, there, leaf.content)))
        try:
            return float(value_at(varied(base, [setting]), path))
        except UserError:
            continue
    return value

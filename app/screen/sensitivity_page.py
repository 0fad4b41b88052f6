"""Lay out what outcomes hang on: a bar a number, and the numbers that turn a verdict."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from experiments.reporting.words import lever_name
from results.measuring.definitions import ABSENT, definition, signed
from results.report.assumptions import office_of
from sim.language.messages import say
from sim.scenario.varying import unit_of

if TYPE_CHECKING:
    from experiments.comparing.sensed import Rests
    from experiments.comparing.sensitivity import Sensitivity
    from experiments.design.variants import Design

WIDE = 24
"""Signs of the longest bar."""
NAME, FEW = 28, 5
"""Signs a name has at least; numbers shown where none turns the verdict."""


def effects_table(planned: "Design", found: "Sensitivity", outcome: str, most: int, lang: str) -> Table:
    """Lay out the inputs of one outcome, the most influential first."""
    effects = found.effects[outcome]
    morris = found.method == "morris"
    size = {name: one.size for name, one in effects.items()}
    largest = max(size.values(), default=0.0) or 1.0
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(say("sensitivity.column.input", lang), overflow="fold")
    for key in ("mean", "mu_star", "sigma") if morris else ("first", "total"):
        table.add_column(say(f"sensitivity.column.{key}", lang), justify="right")
    table.add_column("")
    for name in sorted(size, key=lambda one: -size[one])[:most]:
        one = effects[name]
        cells = [amount(outcome, one.mean, True), amount(outcome, one.mu_star), amount(outcome, one.sigma)] if morris else []
        cells = cells or [share(one.first), share(one.total)]
        table.add_row(lever_name(planned, name, lang), *cells, Text("█" * round(WIDE * size[name] / largest), style="cyan"))
    return table


def share(value: float | None) -> str:
    """Write a share of variance."""
    return ABSENT if value is None else f"{100 * value:.1f} %"


def amount(outcome: str, value: float | None, sign: bool = False) -> str:
    """Write an amount of an outcome: shares in points."""
    if value is None:
        return ABSENT
    meant = definition(outcome)
    factor, decimals = (100, meant.decimals + 1) if meant.in_percent else (1, meant.decimals)
    return signed(value * factor, decimals) if sign else f"{value * factor:,.{decimals}f}"


def rests_table(planned: "Design", outcome: str, rests: "Sequence[Rests]", lang: str) -> Table:
    """Lay out the numbers an outcome rests on: those that turn its verdict, else those that move it most."""
    turning = [one for one in rests if one.flips_at is not None]
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(say("sensitivity.column.input", lang), overflow="fold", min_width=NAME)
    for key in ("value", "range", "flips", "effect", "yuan"):
        table.add_column(say(f"sensitivity.column.{key}", lang), justify="right")
    table.add_column(say("sensitivity.column.office", lang), overflow="fold")
    base = next(iter(planned.bases.values()))
    for one in sorted(turning or rests, key=lambda one: -abs(one.effect))[: len(turning) or FEW]:
        unit = unit_of(one.path, base.rules)
        low, high, value, flips = (plain(unit, size) for size in (one.low, one.high, one.value, one.flips_at))
        yuan = ABSENT if one.effect_yuan is None else signed(one.effect_yuan, 1)
        office = office_of(one.path)[lang]
        table.add_row(
            lever_name(planned, one.path, lang),
            value,
            f"{low} – {high}",
            flips,
            amount(outcome, one.effect, True),
            yuan,
            office,
        )
    return table


def plain(unit: object, size: float | None) -> str:
    """Write a number of a scenario."""
    from sim.reading.units import COUNT, NUMBER, Unit

    if size is None or not isinstance(unit, Unit):
        return ABSENT if size is None else f"{size:.4g}"
    return f"{size:.4g}" if unit in (NUMBER, COUNT) else f"{size / unit.words[unit.word]:.4g} {unit.word}"

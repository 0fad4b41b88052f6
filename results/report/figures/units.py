"""Write amounts as planners of each language count them: thousands and millions, or 万人次 and 万元."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sim.language.messages import say

SIZES: Mapping[str, Mapping[str, float]] = {
    "en": {"one": 1.0, "many": 1e3, "most": 1e6},
    "zh": {"one": 1.0, "many": 1e4},
}
"""Language -> how large its counting words are."""


class Unit(NamedTuple):
    """A unit that fits some amounts."""

    size: float
    word: str
    decimals: int

    def of(self, amount: float) -> float:
        """Count an amount in the unit, rounded to what is shown."""
        return round(amount / self.size, self.decimals)

    def written(self, amount: float) -> str:
        """Write an amount with the unit."""
        return f"{self.bare(amount)} {self.word}"

    def bare(self, amount: float) -> str:
        """Write an amount without the unit."""
        return f"{amount / self.size:,.{self.decimals}f}"


def unit(kind: str, amounts: Iterable[float], lang: str) -> Unit:
    """Choose the largest unit that the largest amount fills, with three figures of it.

    kind : yuan, visits, admissions or cases: whose words messages hold as figures.unit.KIND.SIZE
    """
    largest = max((abs(amount) for amount in amounts), default=0.0)
    name, size = max(((name, size) for name, size in SIZES[lang].items() if largest >= size or size == 1), key=lambda one: one[1])
    figures = largest / size
    decimals = 0 if size == 1 or figures >= 1000 else 1 if figures >= 10 else 2
    return Unit(size, say(f"figures.unit.{kind}.{name}", lang), decimals)

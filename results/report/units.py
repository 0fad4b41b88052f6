"""Write amounts as planners of each language count them, in thousands and millions, or in 万 and 亿.

An amount in the text is shortened by itself; those of one picture share the unit that fits the largest.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sim.language.messages import say

LARGE = 10_000
"""Amounts in the text from here on are shortened."""
SIZES: Mapping[str, Mapping[str, float]] = {
    "en": {"one": 1.0, "many": 1e3, "most": 1e6},
    "zh": {"one": 1.0, "many": 1e4},
}
"""Language -> how large the counting words of its pictures are."""


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


def shortened(value: float, lang: str, unit: str) -> str:
    """Write a large amount in the sizes of a language, to four figures or so; a small one whole."""
    for size, word in _sizes(lang):
        if abs(value) >= max(size, LARGE):
            scaled = value / size
            return say("report.amount", lang, size=f"{scaled:,.{decimals(scaled)}f}", word=word, unit=unit).rstrip()
    whole = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return say("report.amount.small", lang, size=whole, unit=unit).rstrip()


def decimals(scaled: float) -> int:
    """Say how many decimals leave four figures, at most two."""
    return 2 if abs(scaled) < 100 else 1 if abs(scaled) < 1000 else 0


def _sizes(lang: str) -> list[tuple[float, str]]:
    """Read the sizes in which a language counts, the largest first: '1000000 million; 1000 thousand'."""
    pairs = (entry.split() for entry in say("report.sizes", lang).split(";"))
    return [(float(size), word) for size, word in pairs]

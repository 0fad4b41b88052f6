"""Random rules: a shipped scenario with some of its numbers moved, policies switched off, shocks and changes added."""

import random
import re
from collections.abc import Sequence
from functools import cache

from sim import load
from sim.scenario.scenario import Scenario

NAMES = ("lujiang-2018", "lujiang-2020", "lujiang-all", "tongling-2018")
NUMBER = re.compile(r"^([+-]?[\d.]+(?:e[+-]?\d+)?)(.*)$")
KEPT = (
    "choice.quality_wanted.",
    "period.",
    "population.registered",
    "population.residents",
    "groups.",
    "targets.",
    "places.grades",
    "shocks.",
    "changes.",
    "references.",
)


class Rules:
    """A scenario by name, and settings laid over it."""

    def __init__(self, seed: int) -> None:
        """Draw them."""
        luck = random.Random(f"rules {seed}")
        self.name = luck.choice(NAMES)
        base = shipped(self.name)
        self.settings = [
            "period.run_in_days=0",
            f"period.days={luck.choice((1, 5, 12, 30, 70))}",
            *self._moved(base, luck),
            *self._off(base, luck),
        ]
        self.scale, self.seed = luck.choice((0.004, 0.01, 0.02)), seed

    @staticmethod
    def _moved(base: Scenario, luck: random.Random) -> list[str]:
        """Move some numbers: most by a little, a few to nothing or far away."""
        numbers = written_numbers(base.name)
        chosen = luck.sample(sorted(numbers), luck.choice((1, 2, 4, 8, 16)))
        return [f"{path}={moved(numbers[path], luck)}" for path in chosen]

    @staticmethod
    def _off(base: Scenario, luck: random.Random) -> list[str]:
        """Switch some policies off."""
        return [f"mechanisms.{name}=null" for name in sorted(base.mechanisms) if luck.random() < 0.15]

    def load(self) -> Scenario:
        """Load the scenario; raises UserError where it has faults."""
        off = [word.removesuffix("=null") for word in self.settings if word.endswith("=null")]
        kept = [word for word in self.settings if word.endswith("=null") or not any(word.startswith(f"{path}.") for path in off)]
        return load(self.name, kept)


@cache
def shipped(name: str) -> Scenario:
    """Load a shipped scenario once."""
    return load(name)


@cache
def written_numbers(name: str) -> dict[str, str]:
    """List the numbers of a scenario as written: path -> number with its unit."""
    found = {ground.path: str(ground.value) for ground in shipped(name).grounds}
    return {path: value for path, value in found.items() if NUMBER.match(value) and not path.startswith(KEPT) and ".bands." not in path}


def moved(written: str, luck: random.Random) -> str:
    """Move a number and keep its unit."""
    found = NUMBER.match(written)
    assert found is not None
    value, unit = float(found[1]), found[2]
    draw = luck.random()
    if draw < 0.06:
        value = 0.0
    elif draw < 0.12:
        value *= luck.choice((0.01, 10.0, 100.0))
    else:
        value *= luck.lognormvariate(0.0, 0.4)
    if unit.strip() == "%":
        value = min(value, 100.0)
    whole = re.fullmatch(r"[+-]?\d+", found[1]) and not unit.strip()
    return f"{round(value)}" if whole else f"{value:.6g}{unit}"


def described(rules: Rules) -> Sequence[str]:
    """Say what was drawn, so that it can be tried by hand."""
    return (rules.name, *rules.settings, f"scale={rules.scale}")

"""Chinese for the sentences that stand in the code: under every field of a scenario, and at every moment of a mechanism.

The sentences are declared in English where they belong; their Chinese stands in one table, `sim/language/chinese.yaml`.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).with_name("chinese.yaml")
MECHANISMS = "sim.mechanisms."
DOES = "does"
"""The entry of a mechanism that says what it does as a whole."""


@cache
def table() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Read the table once: fields -> class -> field -> Chinese; mechanisms -> name -> moment -> Chinese."""
    content: Mapping[str, Mapping[str, Mapping[str, str]]] = yaml.load(TABLE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return content


def called(kind: type[Any]) -> str:
    """Name a class as the table does: without what it holds, and with its file where it is of a mechanism."""
    name = kind.__name__.split("[")[0]
    of_mechanism = kind.__module__.startswith(MECHANISMS) and not kind.__module__.endswith(".base")
    return f"{kind.__module__.removeprefix(MECHANISMS)}.{name}" if of_mechanism else name


def field(kind: type[Any], name: str) -> str | None:
    """Say what a field means, from the class or the nearest one it derives from; None where nobody has said it.

    name : as people write it, `from` and not `from_`
    """
    said = (table()["fields"].get(called(one), {}).get(name) for one in kind.__mro__)
    return next((words for words in said if words), None)


def moment(mechanism: str, name: str) -> str | None:
    """Say what a mechanism does at a moment, or as a whole (DOES); None where nobody has said it."""
    return table()["mechanisms"].get(mechanism, {}).get(name)

"""Chinese for what every mechanism does, as a whole and at each moment; the English is the first line of the docstring in its file.

What a number is called and means stands beside it in both languages (`sim/language/label.py`).
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

TABLE = Path(__file__).with_name("chinese.yaml")
DOES = "does"
"""The entry of a mechanism that says what it does as a whole."""


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """Read the table once: mechanism -> moment -> Chinese."""
    content: Mapping[str, Mapping[str, str]] = yaml.load(TABLE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return content


def moment(mechanism: str, name: str) -> str | None:
    """Say what a mechanism does at a moment, or as a whole (DOES); None where nobody has said it."""
    return table().get(mechanism, {}).get(name)

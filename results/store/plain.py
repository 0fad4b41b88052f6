"""Plain numbers, and the JSON they are written in."""

import json
import math
from collections.abc import Mapping
from typing import Any


def plain_measures(measures: Mapping[str, object]) -> dict[str, Any]:
    """Sort measures by name as plain numbers; nothing to measure stays None.

    raises : ValueError quoting a measure that is not a finite number
    """
    return {name: _plain(name, measures[name]) for name in sorted(measures)}


def _plain(name: str, value: object) -> float | int | None:
    """Turn one value, of numpy or of Python, into a plain number or None."""
    number = value.item() if hasattr(value, "item") else value
    if number is None or (isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number)):
        return number
    raise ValueError(f"the measure {name} is {value!r}, which is not a finite number")


def as_json(content: Mapping[str, object]) -> str:
    """Write content as the JSON of a run folder: indented, in UTF-8, never NaN, closed by a line end."""
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

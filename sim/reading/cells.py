"""Read the cells of a CSV table: as people type them and as spreadsheets write them, and never as something they do not say.

Spaces around a cell mean nothing, full-width signs (１２．５) are read as plain ones, TRUE is true. What could be read in two ways
(40,000) is refused with what to write.
"""

import math
import re
import unicodedata
from typing import Annotated

from pydantic import BeforeValidator

from sim.reading.units import fault

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
WITH_COMMAS = re.compile(r"[+-]?\d[\d.,' ]*")
TRUTHS = {"true": True, "yes": True, "1": True, "是": True, "false": False, "no": False, "0": False, "否": False}
ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
"""What a spreadsheet writes where a formula failed."""


def narrow(value: object) -> str:
    """Write full-width letters, digits and signs as plain ones, without spaces around."""
    return unicodedata.normalize("NFKC", str(value)).strip()


def cell_number(value: object) -> float:
    """Read the number of a cell."""
    word = narrow(value)
    if NUMBER.fullmatch(word):
        size = float(word)
        if math.isfinite(size):
            return size
        raise fault("unit.not_finite", value=value)
    if WITH_COMMAS.fullmatch(word):
        raise fault("table.separators", value=value)
    raise fault("table.not_a_number", value=value)


def cell_count(value: object) -> int:
    """Read the whole number of a cell, 0 or more."""
    size = cell_number(value)
    if size < 0 or size != int(size):
        raise fault("unit.not_a_count", value=value)
    return int(size)


def cell_truth(value: object) -> bool:
    """Read true or false in any case, 1 or 0, yes or no, 是 or 否."""
    word = narrow(value).lower()
    if word not in TRUTHS:
        raise fault("table.not_true_or_false", value=value)
    return TRUTHS[word]


def cell_list(value: object) -> tuple[str, ...]:
    """Read words separated by semicolons."""
    return tuple(word.strip() for word in str(value).replace("；", ";").split(";") if word.strip())


Truth = Annotated[bool, BeforeValidator(cell_truth)]
Words = Annotated[tuple[str, ...], BeforeValidator(cell_list)]

"""Read quantities as people write them ('400 yuan', '30 min', '95 %') into plain floats, once, at the border.

Inside the model money is in yuan, travel and waits in minutes, stays in days, shares in 0..1, distances in kilometres.
Every type here is an annotated float, int, bool, str or date for pydantic; a value it refuses carries the key of a message
of `sim/language/messages.yaml` and the words that message needs. No unit is ever guessed: a bare number where a unit is wanted is a fault.
"""

import datetime
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)", re.DOTALL)
CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, eq=False)
class Unit:
    """What a number is counted in: the words people write and what one of each is in the model's own unit."""

    name: str
    """The kind of quantity, a key of the messages: money, time, stay, share, points, distance, count, number."""
    words: Mapping[str, float]
    """Word -> its size in the model's unit; the first word is the one messages suggest."""
    least: float
    most: float

    @property
    def word(self) -> str:
        """The word messages suggest."""
        return next(iter(self.words))

    def limit(self, size: float) -> str:
        """Write a limit, given in the model's own unit, in the word messages suggest."""
        return f"{figure(size / self.words[self.word])} {self.word}".strip()


YEARS = (1950, 2150)
"""First and last year a date may lie in."""

MONEY = Unit("money", {"yuan": 1.0, "元": 1.0}, 0.0, 2e7)
TIME = Unit("time", {"min": 1.0, "h": 60.0, "分钟": 1.0, "小时": 60.0}, 0.0, 525_600.0)
STAY = Unit("stay", {"d": 1.0, "天": 1.0, "日": 1.0}, 0.0, 3_650.0)
DISTANCE = Unit("distance", {"km": 1.0, "公里": 1.0}, 0.0, 40_000.0)
SHARE = Unit("share", {"%": 0.01, "％": 0.01}, 0.0, 1.0)
POINTS = Unit("points", {"pp": 0.01, "个百分点": 0.01}, -1.0, 1.0)
NUMBER = Unit("number", {"": 1.0}, -1e15, 1e15)
COUNT = Unit("count", {"": 1.0}, 0.0, 1e9)
WRITTEN = (MONEY, TIME, STAY, DISTANCE, SHARE, POINTS)
SIZES = {word: size for unit in WRITTEN for word, size in unit.words.items()}


def unit_in(word: str, lang: str) -> str:
    """Write the word of a unit in a language: `min` is 分钟 in Chinese, and 分钟 is `min` in English; a sign such as % stays."""
    alike = (other for unit in WRITTEN if word in unit.words for other, size in unit.words.items() if size == unit.words[word])
    return next((other for other in alike if word.isalpha() and other.isalpha() and other.isascii() == (lang == "en")), word)


def written_in(value: str, lang: str) -> str:
    """Write a quantity with its unit in a language: '222 yuan' is 222元 in Chinese; what is no quantity with a unit stays as it is."""
    match = QUANTITY.fullmatch(value.strip())
    if match is None or match[2].strip() not in SIZES:
        return value
    word = unit_in(match[2].strip(), lang)
    return f"{match[1]}{'' if word.isalpha() and not word.isascii() else ' '}{word}"


def fault(key: str, **values: object) -> PydanticCustomError:
    """Make the error pydantic carries to the reader, which turns it into the message `key`."""
    return PydanticCustomError(key, "{key}", {"key": key, **values})


def figure(size: float) -> str:
    """Write a number as people do, without a power of ten: 0.05, 3650, 20,000,000."""
    return f"{size:g}" if abs(size) < 1e5 else f"{size:,.0f}"


def suggestion(unit: Unit, value: object) -> str:
    """Show how the number in `value` is written with its unit: '400 yuan'; a share 0.95 as '95 %', a share 49 as '49 %'."""
    fraction = unit in (SHARE, POINTS) and isinstance(value, int | float) and abs(value) <= 1
    number = f"{100 * float(value):g}" if fraction and isinstance(value, int | float) else f"{value}"
    return f"{number} {unit.word}"


def quantity(unit: Unit, value: object) -> float:
    """Read one written quantity.

    value   : text such as '400 yuan'
    returns : the size in the model's own unit
    raises  : PydanticCustomError where the unit is missing, is another one, or the size lies outside what the unit allows
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise fault("unit.missing", value=value, example=suggestion(unit, value))
    match = QUANTITY.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise fault("unit.not_a_quantity", value=value, example=suggestion(unit, 5))
    number, word = float(match[1]), match[2].strip()
    if word not in unit.words:
        key = "unit.missing" if not word else "unit.wrong" if word in SIZES else "unit.unknown"
        raise fault(
            key, value=value, unit=word, wanted=" / ".join(word for word in unit.words if word != "％"), example=suggestion(unit, match[1])
        )
    return bounded(unit, round(number * unit.words[word], 12), value)


def bounded(unit: Unit, size: float, value: object) -> float:
    """Refuse a size that is not finite or outside what the unit allows."""
    if not math.isfinite(size):
        raise fault("unit.not_finite", value=value)
    if not unit.least <= size <= unit.most:
        raise fault("unit.outside", value=value, least=unit.limit(unit.least), most=unit.limit(unit.most))
    return size


def number(value: object) -> float:
    """Read a plain number without a unit."""
    if isinstance(value, str) and (match := QUANTITY.fullmatch(value.strip())) and match[2].strip() in SIZES:
        raise fault(
            "unit.unwanted", value=value, example=f"{float(match[1]) * SIZES[match[2].strip()]:g}" if match[2].strip() == "%" else match[1]
        )
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise fault("unit.not_a_number", value=value)
    return bounded(NUMBER, float(value), value)


def count(value: object) -> int:
    """Read a whole number of things, 0 or more."""
    size = number(value)
    if size < 0 or size != int(size):
        raise fault("unit.not_a_count", value=value)
    return int(bounded(COUNT, size, value))


def any_quantity(value: object) -> float:
    """Read a quantity in whatever unit it is written in, or a plain number; for goals, whose unit is their measure's."""
    if not isinstance(value, str):
        return number(value)
    match = QUANTITY.fullmatch(value.strip())
    if match is None or match[2].strip() not in SIZES:
        raise fault("unit.not_any_quantity", value=value, wanted=", ".join(unit.word for unit in WRITTEN))
    return bounded(NUMBER, round(float(match[1]) * SIZES[match[2].strip()], 12), value)


def clock(value: object) -> float:
    """Read a time of day 'HH:MM' into minutes after midnight."""
    match = CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None or int(match[1]) * 60 + int(match[2]) > 1440:
        raise fault("unit.not_a_clock", value=value)
    return float(int(match[1]) * 60 + int(match[2]))


def day(value: object) -> datetime.date:
    """Read an ISO date, 'YYYY-MM-DD'."""
    try:
        read = datetime.date.fromisoformat(value) if isinstance(value, str) and ISO_DATE.fullmatch(value) else None
    except ValueError:
        read = None
    if read is None:
        raise fault("unit.not_a_date", value=value)
    if not YEARS[0] <= read.year <= YEARS[1]:
        raise fault("unit.date_outside", value=value, first=YEARS[0], last=YEARS[1])
    return read


def yes_or_no(value: object) -> bool:
    """Read true or false and nothing that merely looks like it."""
    if not isinstance(value, bool):
        raise fault("unit.not_true_or_false", value=value)
    return value


CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that move the cursor, ring bells or turn the writing round; no name needs one."""


def text(value: object) -> str:
    """Read words; a number or a truth value is not text unless quoted."""
    if not isinstance(value, str) or not value.strip():
        raise fault("unit.not_text", value=value)
    if CONTROL.search(value):
        raise fault("unit.control", value=value.encode("unicode_escape").decode("ascii"))
    return value


def _written(unit: Unit) -> tuple[Any, ...]:
    """Say what pydantic needs to read and to describe a quantity in this unit."""
    schema = {"type": "string", "pattern": pattern(unit), "examples": [suggestion(unit, "5")], "description": " / ".join(unit.words)}
    return unit, BeforeValidator(_reader(unit)), _described(schema)


def pattern(*units: Unit) -> str:
    """Write how quantities in any of the units look, as a regular expression for editors."""
    sign = "[+-]?" if any(unit.least < 0 for unit in units) else r"\+?"
    words = "|".join(re.escape(word) for unit in units for word in unit.words)
    return rf"^\s*{sign}(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*({words})\s*$"


def _described(schema: dict[str, Any]) -> WithJsonSchema:
    """Describe a number for editors: written plainly, or with a source of its own."""
    source = {"type": "string", "description": "what this number rests on"}
    own = {"type": "object", "properties": {"value": schema, "source": source}, "required": ["value", "source"]}
    return WithJsonSchema({"anyOf": [schema, {**own, "additionalProperties": False}]})


def _reader(unit: Unit) -> Callable[[object], float]:
    """Bind the reader of written quantities to one unit."""

    def read(value: object) -> float:
        return quantity(unit, value)

    return read


Yuan = Annotated[float, *_written(MONEY)]
Minutes = Annotated[float, *_written(TIME)]
Days = Annotated[float, *_written(STAY)]
Kilometres = Annotated[float, *_written(DISTANCE)]
Share = Annotated[float, *_written(SHARE)]
Points = Annotated[float, *_written(POINTS)]
Number = Annotated[float, NUMBER, BeforeValidator(number), _described({"type": "number"})]
Count = Annotated[int, COUNT, BeforeValidator(count), _described({"type": "integer", "minimum": 0})]
Quantity = Annotated[float, BeforeValidator(any_quantity), _described({"type": ["number", "string"], "pattern": pattern(*WRITTEN)})]
Clock = Annotated[float, BeforeValidator(clock), WithJsonSchema({"type": "string", "pattern": f"^{CLOCK.pattern}$", "examples": ["08:00"]})]
Date = Annotated[
    datetime.date, BeforeValidator(day), WithJsonSchema({"type": "string", "pattern": f"^{ISO_DATE.pattern}$", "examples": ["2020-01-01"]})
]
YesNo = Annotated[bool, BeforeValidator(yes_or_no), WithJsonSchema({"type": "boolean"})]
Text = Annotated[str, BeforeValidator(text), WithJsonSchema({"type": "string"})]

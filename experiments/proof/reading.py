"""Read the values of a strict YAML tree one by one, collecting every fault with its file, line and dotted path."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic_core import PydanticCustomError

from sim.care.engine.hours import DAY
from sim.language.messages import Fault, nearest
from sim.reading import units
from sim.reading.strict_yaml import Value
from sim.reading.units import Unit

DURATION = Unit("time", {"min": 1.0, "h": 60.0, "d": DAY, "分钟": 1.0, "小时": 60.0, "天": DAY}, 0.0, 1e9)
RATE = Unit("rate", {"/ h": 1 / 60.0, "/ d": 1 / DAY, "/ min": 1.0, "/ 小时": 1 / 60.0, "/ 天": 1 / DAY}, 0.0, 1e6)

T = TypeVar("T")


def rate(content: object) -> float:
    """Read how many come, '15 / h', into people a minute."""
    try:
        return units.quantity(RATE, re.sub(r"\s*/\s*", " / ", content) if isinstance(content, str) else content)
    except PydanticCustomError:
        raise units.fault("verify.not_a_rate", value=content) from None


def duration(content: object) -> float:
    """Read a time, '10 min', into minutes; nothing takes no time at all."""
    size = units.quantity(DURATION, content)
    if size <= 0.0:
        raise units.fault("verify.not_positive", value=content)
    return size


def yuan(content: object) -> float:
    """Read an amount of money, '60 yuan'."""
    return units.quantity(units.MONEY, content)


def share(content: object) -> float:
    """Read a share, '75 %', into 0..1."""
    return units.quantity(units.SHARE, content)


@dataclass
class Reading:
    """Reads the values of one file; what is at fault reads as something harmless, so that reading can go on to the next fault."""

    faults: list[Fault] = field(default_factory=list)

    def complain(self, key: str, at: Value, path: str, /, **values: object) -> None:
        """Keep a fault."""
        self.faults.append(Fault(key, f"{at.place}: {path}" if path else at.place, values))

    def mapping(self, value: Value, path: str, known: Collection[str] | None = None, needed: Collection[str] = ()) -> dict[str, Value]:
        """Read a mapping whose names must be known (None: any name) and some of which must be there."""
        if not isinstance(value.content, dict) or not value.content:
            self.complain("verify.not_a_mapping", value, path, value=value.plain(), wanted=", ".join(known or ("name: ...",)))
            return {}
        for name, inner in value.content.items():
            if known is not None and name not in known:
                self.unknown(inner, below(path, name), name, known)
        for name in needed:
            if name not in value.content:
                self.complain("verify.missing", value, path, name=name)
        return {name: inner for name, inner in value.content.items() if known is None or name in known}

    def unknown(self, value: Value, path: str, word: object, known: Collection[str]) -> None:
        """Keep the fault of a word that is not among the known ones."""
        self.complain("verify.unknown", value, path, value=word, wanted=", ".join(known), near=nearest(word, known))

    def read(self, reader: Callable[[object], T], value: Value | None, path: str, default: T) -> T:
        """Read a value with one of the readers of `sim.reading.units` or of this file; where it is left out, take the default."""
        if value is None:
            return default
        try:
            return reader(value.content)
        except PydanticCustomError as error:
            self.complain(error.type, value, path, **{name: each for name, each in (error.context or {}).items() if name != "key"})
            return default


def below(path: str, name: str) -> str:
    """Join a dotted path and a name."""
    return f"{path}.{name}" if path else name

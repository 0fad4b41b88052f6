"""Levers: what each one can be set to, from as many levels as are listed or from a range, and what a relative value comes to."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from experiments.design.experiment import Bundle, Range, Read
from sim.language.messages import Fault, UserError
from sim.reading.provenance import ASSUMED
from sim.reading.strict_yaml import Value
from sim.reading.units import COUNT, NUMBER, POINTS, QUANTITY, SHARE, Unit
from sim.scenario.scenario import Scenario
from sim.scenario.varying import Setting, unit_of, unknown, value_at, varied

RELATIVE = re.compile(r"[+-]\s*\d.*", re.DOTALL)
Cell = float | int | str | bool | None
"""What stands in the column of a lever."""


class Level(NamedTuple):
    """One thing a lever can be set to."""

    lever: str
    settings: tuple[Setting, ...]
    word: str | None = None
    """Its name, where it bundles settings."""


class Listed(NamedTuple):
    """A lever with so many levels."""

    name: str
    levels: tuple[Level, ...]

    def at(self, u: float) -> Level:
        """Give the level at a place between 0 and 1."""
        return self.levels[min(int(u * len(self.levels)), len(self.levels) - 1)]


class Span(NamedTuple):
    """A lever, or an uncertain number, with a range: the ends in the model's own unit, and how it is written."""

    name: str
    low: float
    high: float
    unit: Unit
    written: Value
    """How its least value is written, with place and source."""
    said: bool = True
    """Whether a file says the range, or it is taken as half of the number either way."""

    def at(self, u: float) -> Level:
        """Give the level at a place between 0 and 1."""
        return self.level(self.low + u * (self.high - self.low))

    def level(self, size: float) -> Level:
        """Give the level of a size in the model's own unit."""
        return Level(self.name, (Setting(self.name, self.written.with_content(quantity_of(self.unit, size, self.written.content))),))


def quantity_of(unit: Unit, size: float, like: object) -> object:
    """Write a size, given in the model's own unit, as a scenario does; in the word that another value is written in."""
    if unit is COUNT:
        return round(size)
    if unit is NUMBER:
        return float(f"{size:.10g}")
    match = QUANTITY.fullmatch(like.strip()) if isinstance(like, str) else None
    word = match[2].strip() if match is not None and match[2].strip() in unit.words else unit.word
    return f"{float(f'{size / unit.words[word]:.10g}')!r} {word}"


def levers_of(read: Read, bases: Mapping[str, Scenario], faults: list[Fault]) -> list[Listed | Span]:
    """Read the levers of an experiment, in their order.

    bases  : name -> scenario
    faults : takes what is wrong in them
    """
    found = [lever_of(read, name, lever, bases, faults) for name, lever in read.said.levers.items()]
    return [lever for lever in found if lever is not None]


def lever_of(read: Read, name: str, lever: object, bases: Mapping[str, Scenario], faults: list[Fault]) -> Listed | Span | None:
    """Read one lever."""
    value = read.value("levers", name)
    if isinstance(lever, Bundle):
        named = value.content["settings"].content
        levels = (Level(name, tuple(settings(item)), word) for word, item in named.items() if word != "source")
        return Listed(name, tuple(levels))
    if isinstance(lever, Range):
        return span_of(name, value, bases, faults)
    return Listed(name, tuple(Level(name, (Setting(name, assumed(item)),)) for item in value.content))


def settings(block: Value) -> Iterator[Setting]:
    """Read dotted path -> value."""
    return (Setting(path, assumed(value)) for path, value in block.content.items() if path != "source")


def assumed(value: Value) -> Value:
    """Let a value rest on its source, or else be assumed."""
    return value if value.source is not None else replace(value, source=ASSUMED)


def span_of(name: str, value: Value, bases: Mapping[str, Scenario], faults: list[Fault]) -> Span | None:
    """Read a range: both ends must be what the scenario may say there."""
    low, high = (assumed(value.content[end]) for end in ("low", "high"))
    base = next(iter(bases.values()))
    unit = unit_of(name, base.rules)
    if name not in base.settable:
        faults.append(unknown(Setting(name, low), base.settable))
        return None
    if unit is None:
        faults.append(Fault("experiment.no_number", low.place, {"value": name}))
        return None
    ends: list[float] = []
    for end in (low, high):
        try:
            ends.append(float(value_at(varied(base, [Setting(name, end)]), name)))
        except UserError as error:
            faults += error.faults
    if len(ends) < 2:
        return None
    if ends[0] >= ends[1]:
        faults.append(Fault("experiment.range", low.place, {"value": name, "low": low.content, "high": high.content}))
    return Span(name, ends[0], ends[1], unit, low)


def resolved(setting: Setting, scenario: Scenario, faults: list[Fault]) -> Setting:
    """Work out a relative value: '+5 pp' of a share, '+20 %', '-100 yuan' or '+10 min' of the amount the scenario says; any other stays.

    faults : takes what cannot be worked out
    """
    path, value = setting
    unit = unit_of(path, scenario.rules)
    text = value.content
    if not isinstance(text, str) or unit is None or unit is POINTS or RELATIVE.fullmatch(text.strip()) is None:
        return setting
    match = QUANTITY.fullmatch(text.strip())
    number, word = (float(match[1]), match[2].strip()) if match is not None else (0.0, "")
    now = value_at(scenario, path)
    if now is None or isinstance(now, bool):
        faults.append(Fault("experiment.nothing_to_add_to", value.place, {"value": text, "path": path, "scenario": scenario.name}))
    elif unit is SHARE and word in POINTS.words:
        return Setting(path, value.with_content(quantity_of(unit, now + number * POINTS.words[word], "%")))
    elif unit is not SHARE and word in SHARE.words:
        return Setting(path, value.with_content(quantity_of(unit, now * (1 + number * SHARE.words[word]), "")))
    elif unit is not SHARE and word in unit.words:
        return Setting(path, value.with_content(quantity_of(unit, now + number * unit.words[word], text)))
    else:
        wanted = "+5 pp" if unit is SHARE else f"+5 {unit.word}".strip() + ", +20 %"
        faults.append(Fault("experiment.not_relative", value.place, {"value": text, "wanted": wanted}))
    return setting

"""Know every measure by its one definition: name, unit, what it counts, and how it is written for people.

The definitions stand in `measures.yaml` beside this file; screen, report, browser and docs all read them here.
Shares are 0..1 inside and percent on paper; a gap between two shares is in percentage points.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

TABLE = Path(__file__).with_name("measures.yaml")
SCALE = Path(__file__).with_name("scale.yaml")
"""How each measure holds in a run on a part of the people: made by `make scales`."""
FULL_YEAR = 365
"""Days below which a yearly goal is neither reached nor missed."""
ROUNDING = 1e-9
"""Differences that are only the rounding of a float."""
ABSENT = "–"
"""Written where there is nothing to measure."""

Words = Mapping[str, str]
"""One thing in every language: en, zh."""
Value = float | int | None


class Definition(NamedTuple):
    """What one measure means."""

    name: str
    title: Words
    group: str
    """The heading it is printed under."""
    unit: str
    """share, rate, people, visits, yuan, minutes, days, per_year, index or count."""
    numerator: Words
    denominator: Words | None
    people: str | None
    """Who is counted: a key of the table's `people`; None where facilities are."""
    institutions: str | None
    """Where it is counted: a key of the table's `institutions`."""
    period: str
    good: str
    """The direction a planner hopes for: up, down or none."""
    decimals: int
    needs: str | None
    """The mechanism without which there is nothing to measure."""
    shown: bool
    """Whether it is printed after every run."""
    holds: str
    """In a run on 5 % of the people: level, difference (its level is shifted, differences are not), or full_only."""
    shift: float | None
    """How far its level is shifted there, in its own unit (what grows with the people: for all of them); None: not known."""
    off_part: float | None
    """By which part differences between scenarios are off there; None where that is not known as a part."""
    off_by: float | None
    """By how much they are off there, where scenarios hardly differ, in its own unit; None where it is not known so."""

    @property
    def in_percent(self) -> bool:
        """Say whether people read it in percent: a share, or a rate of cases a person and year."""
        return self.unit in ("share", "rate")

    def off_at(self, gap: float, scale: float) -> float:
        """Say by how much a difference in a run on a part of the people may be off, besides luck; as measured at 5 % (docs/scale.md).

        gap : the difference as it was found;  scale : share of the people; what grows with them is off by as much less
        """
        if scale >= 1.0:
            return 0.0
        if self.off_part is not None:
            return self.off_part * abs(gap)
        return (self.off_by or 0.0) * (scale if self.grows else 1.0)

    @property
    def grows(self) -> bool:
        """Say whether it grows with the people simulated: a number of people or of cases, and no quotient."""
        return self.unit in ("people", "visits", "count") and self.denominator is None


class Standing(NamedTuple):
    """How a value stands beside its goal."""

    word: str
    """reached, near (within the tolerance), missed, unmeasured, short (less than a full year), or trial (a part of the people was run)."""
    gap: float | None
    """Value less goal, in the measure's own unit (a share: 0.025 is 2.5 points)."""


@cache
def _table() -> dict[str, dict[str, dict[str, object]]]:
    """Read the table once."""
    tables: dict[str, dict[str, dict[str, object]]] = _yaml(TABLE)
    return tables


def _yaml(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def definitions() -> dict[str, Definition]:
    """Give every definition by name, in the order of the table."""
    scaled = _yaml(SCALE)
    unknown = {"holds": "full_only", "shift": None, "off_part": None, "off_by": None}
    return {name: _definition(name, row | unknown | scaled.get(name, {})) for name, row in _table()["measures"].items()}


def _definition(name: str, row: dict[str, object]) -> Definition:
    """Make one definition of one entry of the table."""
    title = {language: row[language] for language in ("en", "zh")}
    return Definition(name=name, title=title, **{field: row[field] for field in Definition._fields if field not in ("name", "title")})  # type: ignore[arg-type]


def definition(name: str) -> Definition:
    """Look one measure up; raises KeyError quoting a name that is no measure."""
    return definitions()[name]


def names() -> tuple[str, ...]:
    """Name every measure, in the order of the table."""
    return tuple(definitions())


def holding() -> dict[str, int]:
    """Count how measures hold in runs on 5 % of the people: how -> measures, and `all`."""
    each = [meant.holds for meant in definitions().values()]
    return {"all": len(each), **{how: each.count(how) for how in ("level", "difference", "full_only")}}


def groups(lang: str) -> dict[str, str]:
    """Give the headings, in the order they are printed: key -> heading."""
    return {key: str(words[lang]) for key, words in _table()["groups"].items()}


def words(kind: str, key: str, lang: str) -> str:
    """Say a key of the table's `units`, `people`, `institutions` or `periods` in a language."""
    return str(_table()[kind][key][lang])


def written(name: str, value: Value, lang: str = "en") -> str:
    """Write a value with its unit: '45.0 %', '1,234 yuan'; a dash where there is nothing to measure."""
    if value is None:
        return ABSENT
    meant = definition(name)
    size = value * 100 if meant.in_percent else value
    return with_unit(f"{size:,.{meant.decimals}f}", words("units", meant.unit, lang), lang)


def with_unit(figure: str, unit: str, lang: str) -> str:
    """Write a figure and its unit: apart in English, together in Chinese."""
    return f"{figure}{'' if lang == 'zh' else ' '}{unit}".rstrip()


def written_gap(name: str, gap: float | None, lang: str = "en") -> str:
    """Write a gap with its sign: in percentage points for a share, else in the measure's unit."""
    if gap is None:
        return ABSENT
    meant = definition(name)
    if meant.in_percent:
        return with_unit(signed(gap * 100, meant.decimals), words("units", "points", lang), lang)
    return with_unit(signed(gap, meant.decimals), words("units", meant.unit, lang), lang)


def signed(size: float, decimals: int) -> str:
    """Write a difference with its sign; what is rounded to nothing has none."""
    shown = round(size, decimals)
    return f"{shown:+,.{decimals}f}" if shown else f"{0:,.{decimals}f}"


def standing(name: str, value: Value, goal: float, tolerance: float, days: int, scale: float = 1.0) -> Standing:
    """Judge a value against a yearly goal.

    tolerance : how far on the wrong side still counts as near, in the measure's unit
    days      : measured days; no verdict is given on less than a full year
    scale     : share of the people simulated; no verdict is given on less than all of them
    """
    if value is None:
        return Standing("unmeasured", None)
    gap = value - goal
    if days < FULL_YEAR:
        return Standing("short", gap)
    if scale < 1.0:
        return Standing("trial", gap)
    wrong = {"up": -gap, "down": gap, "none": abs(gap)}[definition(name).good]
    if wrong <= ROUNDING:
        return Standing("reached", gap)
    return Standing("near" if wrong <= tolerance + ROUNDING else "missed", gap)

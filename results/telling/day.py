"""Tell one day of a scenario in words: its moments in order, what the model does there, and which mechanisms speak.

Nothing here is written for a scenario or a mechanism: which mechanism speaks follows from what its class overrides, what it says from
the first lines of its docstrings (Chinese: sim/language/chinese.yaml), its numbers from its rules and their sources.
"""

import inspect
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from results.telling.meaning import called_below
from results.telling.numbers import Number, main_numbers, numbers_below
from sim.language import chinese
from sim.language.label import LANGUAGES
from sim.language.messages import say, table_of
from sim.mechanisms import MECHANISMS, RULES
from sim.mechanisms.base import SPEAKS, Mechanism
from sim.reading.units import written_in
from sim.scenario.scenario import Scenario

RULE = re.compile(r"\bself\.rules\.(\w+)")
OWN_PART = re.compile(r"\bself\.(\w+)\(")
BEFORE, MORNING, HOURS, EVENING, LATER = "before", "morning", "hours", "evening", "later"


SCHEDULE = (
    "insurance.residents.inpatient.*",
    "insurance.residents.outpatient.*",
    "insurance.unreferred_cut",
    "insurance.unreferred_cut_outside",
    "insurance.unreferred_deductible",
)


class Line(NamedTuple):
    """A line of the day: what of the scenario the model itself uses there, and the moments at which mechanisms may speak."""

    name: str
    part: str
    """Part of the day."""
    baseline: tuple[str, ...]
    """What the model reads of the scenario at this line: a number or table, or each one of a block (`.*`)."""
    moments: tuple[str, ...]


DAY: tuple[Line, ...] = (
    Line("begin", BEFORE, ("population.*",), ("begin",)),
    Line("need", MORNING, ("illness.*",), ("need",)),
    Line("offers", MORNING, ("prices.*", *SCHEDULE), ("price", "bill", "appeal", "way", "minutes", "skill")),
    Line("choice", MORNING, ("choice.*",), ()),
    Line("clinic", HOURS, ("care.service", "care.clinic_share", "care.patience", "care.again_tomorrow", "care.attempts"), ("room",)),
    Line("referral", HOURS, ("referral.*",), ("onward",)),
    Line("wards", HOURS, ("care.stay_scale", "care.bed_patience", "care.recovery_day_cost", "places.outside_bed_wait"), ()),
    Line("money", EVENING, ("insurance.residents.ceiling", "insurance.relief_share", "insurance.financing"), ("settle",)),
    Line("learning", EVENING, ("learning.*",), ()),
    Line("month", LATER, (), ("month", "end")),
)
"""The day of `County.step`, line by line."""


class Voice(NamedTuple):
    """What one mechanism says at one moment, and with which of its numbers."""

    mechanism: str
    moment: str
    at: str
    """What the moment is for."""
    says: str
    """What the mechanism does there."""
    begins: str | None
    """First day on which its rules are in force; None: from the beginning."""
    ends: str | None
    numbers: tuple[Number, ...]
    """Those of its numbers that its code reads at this moment."""


class Told(NamedTuple):
    """A line of the day, told."""

    line: str
    part: str
    title: str
    baseline: str
    """What the model itself does there."""
    numbers: tuple[Number, ...]
    """The main numbers it does it with."""
    voices: tuple[Voice, ...]


class Policy(NamedTuple):
    """A mechanism of the scenario."""

    name: str
    title: Mapping[str, str]
    """In each language."""
    does: str
    begins: str | None
    ends: str | None
    numbers: tuple[Number, ...]


def moments() -> tuple[str, ...]:
    """Name the moments at which mechanisms may speak."""
    return SPEAKS


def lines() -> tuple[Line, ...]:
    """Give the lines of the day; a moment that none of them names has a line of its own at the end."""
    named = {moment for line in DAY for moment in line.moments}
    others = tuple(moment for moment in moments() if moment not in named)
    return (*DAY, Line("others", LATER, (), others)) if others else DAY


def spoken(kind: type[Mechanism]) -> tuple[str, ...]:
    """Name the moments at which a mechanism speaks: those its class overrides."""
    return tuple(name for name in moments() if getattr(kind, name) is not getattr(Mechanism, name))


def day(scenario: Scenario, lang: str) -> tuple[Told, ...]:
    """Tell the day of a scenario, line by line."""
    kinds = {name: MECHANISMS[name] for name in scenario.mechanisms}
    return tuple(_told(line, scenario, kinds, lang) for line in lines())


def _told(line: Line, scenario: Scenario, kinds: Mapping[str, type[Mechanism]], lang: str) -> Told:
    """Tell one line."""
    voices = tuple(
        _voice(scenario, name, kind, moment, lang) for moment in line.moments for name, kind in kinds.items() if moment in spoken(kind)
    )
    title, baseline = say(f"explain.line.{line.name}", lang), say(f"explain.model.{line.name}", lang)
    return Told(line.name, line.part, title, baseline, main_numbers(scenario, line.baseline, lang), voices)


def _voice(scenario: Scenario, name: str, kind: type[Mechanism], moment: str, lang: str) -> Voice:
    """Tell what one mechanism says at one moment."""
    read = rules_read(kind, moment)
    numbers = tuple(number for number in numbers_below(scenario, f"mechanisms.{name}", lang) if number.name.split(".")[0] in read)
    return Voice(name, moment, _moment(moment, lang), _says(name, kind, moment, lang), *in_force(scenario, name), numbers)


def rules_read(kind: type[Mechanism], method: str) -> set[str]:
    """Name the rules that a method of a mechanism reads, itself or through its own methods."""
    read, met, ahead = set[str](), set[str](), [method]
    while ahead:
        name = ahead.pop()
        part = getattr(kind, name, None)
        if name not in met and inspect.isfunction(part):
            text = inspect.getsource(part)
            read |= set(RULE.findall(text))
            ahead += OWN_PART.findall(text)
        met.add(name)
    return read


def in_force(scenario: Scenario, name: str) -> tuple[str | None, str | None]:
    """Give the first day on which a mechanism is in force and the first on which it no longer is, None where there is none."""
    rules = scenario.mechanisms[name]
    begins, ends = (day.isoformat() if day is not None else None for day in (rules.from_, rules.until))
    return begins, ends


def _moment(name: str, lang: str) -> str:
    """Say what a moment is for; in English the first line where it is declared, if the table of messages has nothing."""
    key = f"explain.moment.{name}"
    return say(key, lang) if key in table_of(key) else _first_line(getattr(Mechanism, name))


def _says(name: str, kind: type[Mechanism], moment: str, lang: str) -> str:
    """Say what a mechanism does at a moment: the first line under its method, or its Chinese."""
    said = chinese.moment(name, moment) if lang == "zh" else None
    return said or _first_line(getattr(kind, moment))


def _first_line(what: Any) -> str:
    """Give the first line of a docstring."""
    return (inspect.getdoc(what) or "").split("\n")[0]


def title(kind: type[Mechanism]) -> dict[str, str]:
    """Name a mechanism in each language, by its label, or its name where it has none."""
    return {lang: kind.label.say(lang).capitalize() if kind.label else kind.name for lang in LANGUAGES}


def policies(scenario: Scenario, lang: str) -> tuple[Policy, ...]:
    """Describe the mechanisms of a scenario: name in both languages, what they do, dates, numbers."""
    told = []
    for name in scenario.mechanisms:
        kind = MECHANISMS[name]
        does = (chinese.moment(name, chinese.DOES) if lang == "zh" else None) or _first_line(kind)
        told.append(Policy(name, title(kind), does, *in_force(scenario, name), numbers_below(scenario, f"mechanisms.{name}", lang)))
    return tuple(told)


def dates(scenario: Scenario, lang: str) -> tuple[tuple[str, str], ...]:
    """List what begins, ends or changes on a date: (date, what), in the order of the calendar."""
    found: list[tuple[str, str]] = []
    for name, rules in scenario.mechanisms.items():
        called = title(MECHANISMS[name])[lang]
        found += [(f"{rules.from_}", say("explain.begins", lang, what=called))] if rules.from_ else []
        found += [(f"{rules.until}", say("explain.ends", lang, what=called))] if rules.until else []
    for shock in scenario.shocks:
        found += [(f"{shock.from_}", say("explain.shock", lang, until=shock.until, need=shock.need))]
    names = {row.facility: row.name_zh if lang == "zh" else row.name_en for row in scenario.tables.facilities}
    for change in scenario.places.grades:
        found += [
            (f"{change.from_}", say("explain.grade", lang, facility=names[change.facility], grade=say(f"grade.{change.grade}", lang)))
        ]
    for dated in scenario.changes:
        told = ((called_below(path, RULES, lang), written_in(str(value), lang)) for path, value in dated.numbers.items())
        found += [(f"{dated.from_}", f"{path} = {value}") for path, value in told]
    return tuple(sorted(found))


def as_plain(scenario: Scenario, lang: str) -> dict[str, Any]:
    """Give the day as plain values."""
    return {
        "scenario": scenario.name,
        "title": scenario.title.say(lang),
        "day": [
            {**told._asdict(), "numbers": _plain(told.numbers), "voices": [_plain_voice(voice) for voice in told.voices]}
            for told in day(scenario, lang)
        ],
        "mechanisms": [{**policy._asdict(), "numbers": _plain(policy.numbers)} for policy in policies(scenario, lang)],
        "dates": [{"date": date, "what": what} for date, what in dates(scenario, lang)],
    }


def _plain_voice(voice: Voice) -> dict[str, Any]:
    """Give what one mechanism says as plain values."""
    return {**voice._asdict(), "numbers": _plain(voice.numbers)}


def _plain(numbers: Iterable[Number]) -> list[dict[str, str]]:
    """Give numbers as plain values."""
    return [number._asdict() for number in numbers]

"""A scenario: read from YAML, checked as a whole, frozen, with what every number rests on and with its dated changes.

`read` gives all faults of a scenario at once, each with file, line, dotted path, the value and what was wanted.
"""

import datetime
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, PrivateAttr, SerializeAsAny, ValidationError

from sim import checks, merging, provenance, shapes
from sim.messages import Fault, UserError, nearest
from sim.provenance import Source, spot
from sim.schema.behaviour import Choice, Group, Learning, Referral, Target
from sim.schema.insurance import Insurance, Prices
from sim.schema.parts import Block, FrozenMapping, Names, Part, Rules, Title
from sim.schema.people import Care, Illness, Period, Places, Population, Shock
from sim.strict_yaml import Value
from sim.tables import AgeGroup, Condition, Department, Facility, Tables, Town, Village, read_table
from sim.translation import faults_of
from sim.units import Date, Text
from sim.writing import written

__all__ = ["Block", "Part", "Rules", "Scenario", "read"]

FIXED = ("name", "period", "population", "changes", "references", "targets", "shocks")


class Change(Block):
    """A dated change: from a day on, some numbers are others."""

    from_: Date = Field(alias="from")
    """First day on which the numbers hold."""
    numbers: Mapping[str, Any] = Field(alias="set")
    """Dotted path -> new value."""


class Plan(Part):
    """What a scenario file may say."""

    name: Annotated[Text, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    """Short name, as used on the command line and for run folders."""
    title: Title
    """What it is called."""
    note: Title | None = None
    """What it is about, in a sentence or two."""
    period: Period
    """When and how long."""
    population: Population
    """Who lives there."""
    illness: Illness
    """How they fall ill."""
    places: Places
    """Where care is given."""
    care: Care
    """What care takes."""
    prices: Prices
    """What care costs."""
    insurance: Insurance
    """Who pays."""
    choice: Choice
    """How people choose."""
    learning: Learning
    """What experience changes."""
    referral: Referral
    """Referral where no rules speak."""
    groups: Names[Group] = FrozenMapping()
    """Hospital groups; left out: there are none."""
    mechanisms: Names[SerializeAsAny[Rules]] = FrozenMapping()
    """Policies in force, by name; one left out does not exist."""
    changes: tuple[Change, ...] = ()
    """Dated changes of any numbers."""
    shocks: tuple[Shock, ...] = ()
    """Times in which need for care is different."""
    targets: Names[Target] = FrozenMapping()
    """Goals: measure -> goal."""
    references: Names[Source] = FrozenMapping()
    """Sources of the scenario's own, beside those of scenarios/sources.yaml."""


@dataclass(frozen=True)
class Record:
    """What a scenario was read from; two are equal when they read the same."""

    text: str
    tree: Value = field(compare=False, repr=False)
    origin: Value = field(compare=False, repr=False)
    rules: Mapping[str, type[Rules]] = field(compare=False, repr=False)


class Scenario(Plan):
    """A whole scenario, checked."""

    _record: Record = PrivateAttr()

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """What every number rests on: dotted path -> source."""
        known = {**provenance.known_sources(), **self.references}
        return FrozenMapping({".".join(path): known[str(leaf.source)] for path, leaf in provenance.numbers(self._record.tree)})

    @cached_property
    def source_keys(self) -> Mapping[str, str]:
        """The same as keys: dotted path -> key of the source."""
        return FrozenMapping({".".join(path): str(leaf.source) for path, leaf in provenance.numbers(self._record.tree)})

    @property
    def tables(self) -> Tables:
        """The data tables the scenario names."""
        return tables_of(self)

    def dates(self) -> tuple[datetime.date, ...]:
        """List the days inside the run (the run-in included, its first day not) on which something changes."""
        first = self.period.start - datetime.timedelta(days=self.period.run_in_days)
        end = self.period.start + datetime.timedelta(days=self.period.days)
        return tuple(sorted({day for day in _change_days(self._record) if first < day < end}))

    def on(self, date: datetime.date) -> "Scenario":
        """Give the scenario as it is on a day: changes due applied, and only the mechanisms, grades and shocks then in force."""
        tree = tree_on(self._record.origin, date)
        return built(tree, self._record.origin, self._record.rules)

    def resolved(self) -> str:
        """Write the scenario in full, with sources; it reads back as an equal one."""
        return self._record.text

    def fingerprint(self) -> str:
        """Hash what the scenario says and what its data tables hold, wherever the files lie."""
        tree, text = self._record.tree, hashlib.sha256()
        files = [tree.at(path).content for path in merging.DATA_FIELDS]
        words = self.resolved()
        for file in files:
            words = words.replace(str(file.resolve()), file.name)
            text.update(file.read_bytes())
        text.update(words.encode())
        return text.hexdigest()


def read(
    scenario: str | Path,
    settings: Sequence[str] = (),
    rules: Mapping[str, type[Rules]] = FrozenMapping(),
    measures: Collection[str] | None = None,
) -> Scenario:
    """Read a scenario.

    scenario : a name (scenarios/NAME.yaml of the package) or a path
    settings : 'a.b.c=VALUE', laid over the file
    rules    : the mechanisms there are: name -> class of its rules
    measures : the measures goals may name; None: any
    raises   : UserError with all faults
    """
    path = merging.find_scenario(str(scenario), None, "") if not isinstance(scenario, Path) else scenario
    tree = merging.read_tree(path)
    tree = merging.laid_over(tree, settings, tuple(valid_paths(tree, rules)))
    tree, faults = merging.with_data_paths(tree)
    own = tree.content["references"].content if "references" in tree.content else {}
    faults += provenance.source_faults(tree, own if isinstance(own, dict) else {})
    faults += faults_in(tree, rules)
    if faults:
        raise UserError(faults)
    result = built(tree, tree, rules)
    faults = [*checks.faults(result, result.tables, tree, measures), *_change_faults(tree, rules)]
    if faults:
        raise UserError(faults)
    return result


def valid_paths(tree: Value, rules: Mapping[str, type[Rules]]) -> Iterator[str]:
    """List what may be set, the rules of every known mechanism among it."""
    yield from (path for path in shapes.paths(Plan, tree) if not path.startswith("mechanisms."))
    for name, model in rules.items():
        yield from shapes.paths(model, None, ("mechanisms", name))


def faults_in(tree: Value, rules: Mapping[str, type[Rules]]) -> list[Fault]:
    """Check a tree against the declared shape."""
    faults: list[Fault] = []
    try:
        Plan.model_validate(_plain(tree))
    except ValidationError as error:
        faults += faults_of(error, tree, Plan)
    for name, value in _mechanisms(tree).items():
        path = ("mechanisms", name)
        if name not in rules:
            faults.append(Fault("mechanism.unknown", spot(value, path), {"value": name, "near": nearest(name, rules)}))
            continue
        try:
            rules[name].model_validate(value.plain())
        except ValidationError as error:
            faults += faults_of(error, tree, rules[name], path)
    return faults


def built(tree: Value, origin: Value, rules: Mapping[str, type[Rules]]) -> Scenario:
    """Make the scenario of a tree that has no faults."""
    mechanisms = {name: rules[name].model_validate(value.plain()) for name, value in _mechanisms(tree).items()}
    scenario = Scenario.model_validate({**_plain(tree), "mechanisms": mechanisms})
    scenario._record = Record(written(tree), tree, origin, dict(rules))
    return scenario


def tables_of(scenario: Plan) -> Tables:
    """Read the data tables a scenario names."""
    return Tables(
        towns=read_table(scenario.population.towns, Town),
        villages=read_table(scenario.population.villages, Village),
        ages=read_table(scenario.population.ages, AgeGroup),
        case_mix=read_table(scenario.illness.case_mix, Condition),
        facilities=read_table(scenario.places.facilities, Facility),
        departments=read_table(scenario.places.departments, Department),
    )


def tree_on(tree: Value, date: datetime.date) -> Value:
    """Lay the changes due over the tree and leave out what is not in force on `date`."""
    for change in sorted(_items(tree, "changes"), key=lambda item: str(item.content["from"].content)):
        if change.content["from"].content <= date.isoformat():
            for dotted, value in change.content["set"].content.items():
                tree = merging.merged(tree, merging.nested(dotted, value))
    tree = merging.merged(tree, Value({"changes": Value(None, tree.place)}, tree.place))
    kept = {name: value for name, value in _mechanisms(tree).items() if _due(value, date)}
    tree = _replaced(tree, ("mechanisms",), kept) if kept != _mechanisms(tree) else tree
    for path in (("shocks",), ("places", "grades")):
        items = _items(tree, *path)
        if items:
            tree = _replaced(tree, path, [item for item in items if _due(item, date)])
    return tree


def _replaced(tree: Value, path: tuple[str, ...], content: Any) -> Value:
    """Put another list or mapping in the place of the one at `path`, without merging the two."""
    name, *rest = path
    held = tree.content[name]
    inner = _replaced(held, tuple(rest), content) if rest else held.with_content(content)
    return tree.with_content({**tree.content, name: inner})


def _items(tree: Value, *path: str) -> list[Value]:
    """Give the list at `path`, empty where there is none."""
    content = tree.at(path).content
    return content if isinstance(content, list) else []


def _mechanisms(tree: Value) -> dict[str, Value]:
    """Give the mechanisms' blocks by name."""
    block = tree.content.get("mechanisms")
    content = block.content if block is not None and isinstance(block.content, dict) else {}
    return {name: value for name, value in content.items() if name != "source"}


def _plain(tree: Value) -> dict[str, Any]:
    """Strip the places, and leave out the mechanisms, whose shape is theirs."""
    plain: dict[str, Any] = tree.plain()
    if isinstance(plain.get("mechanisms"), dict):
        del plain["mechanisms"]
    return plain


def _due(value: Value, date: datetime.date) -> bool:
    """Say whether a dated block is in force on `date`."""
    content, day = value.content, date.isoformat()
    begins, ends = content.get("from"), content.get("until")
    return (begins is None or begins.content <= day) and (ends is None or day < ends.content)


def _change_days(record: Record) -> Iterator[datetime.date]:
    """List all days on which anything in a scenario begins or ends."""
    origin = record.origin
    blocks = [*_items(origin, "changes"), *_items(origin, "shocks"), *_items(origin, "places", "grades"), *_mechanisms(origin).values()]
    for block in blocks:
        for name in ("from", "until"):
            if name in block.content:
                yield datetime.date.fromisoformat(block.content[name].content)


def _change_faults(tree: Value, rules: Mapping[str, type[Rules]]) -> Iterator[Fault]:
    """Check that dated changes name what exists, and that the scenario is sound after each."""
    valid = tuple(path for path in valid_paths(tree, rules) if path.split(".")[0] not in FIXED)
    changes = _items(tree, "changes")
    unknown = [
        Fault("setting.no_path", spot(value, ("changes", str(i), "set", dotted)), {"value": dotted, "near": nearest(dotted, valid)})
        for i, change in enumerate(changes)
        for dotted, value in change.content["set"].content.items()
        if dotted not in valid
    ]
    yield from unknown
    if not unknown:
        for change in changes:
            yield from faults_in(tree_on(tree, datetime.date.fromisoformat(change.content["from"].content)), rules)

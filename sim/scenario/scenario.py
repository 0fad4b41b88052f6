"""A scenario: read from YAML, checked as a whole, frozen, with what every number rests on and with its dated changes.

`read` gives all faults of a scenario at once, each with file, line, dotted path, the value and what was wanted.
"""

import datetime
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import PrivateAttr

from sim.language.messages import Fault, UserError, nearest
from sim.reading import provenance, shapes
from sim.reading.blocks import Block, FrozenMapping, Part, Rules
from sim.reading.document import checked
from sim.reading.provenance import Ground, Source, is_number, spot
from sim.reading.strict_yaml import Value, short
from sim.reading.tables import read_table
from sim.reading.units import WRITTEN, any_quantity
from sim.scenario import checks, inherited, merging
from sim.scenario.dating import change_days, items_at, left_out, mechanisms_in, tree_on
from sim.scenario.layout import LAYOUT
from sim.scenario.plan import Plan
from sim.scenario.tables import AgeGroup, Condition, Department, Facility, Row, Specialty, Tables, Town, Village, with_added
from sim.scenario.writing import written

__all__ = ["Block", "Part", "Rules", "Scenario", "read"]

FIXED = (
    "name", "period", "population", "changes", "references", "targets", "shocks", "groups", "care",
    "illness.case_mix", "illness.visits_scale", "illness.admissions_scale", "illness.headroom", "illness.follow_up_days",
    "places.facilities", "places.roads", "places.departments", "places.added",
    "learning.trust_start", "learning.trust_gain", "learning.trust_loss",
    "referral.recovery_share", "referral.catalogue",
)  # fmt: skip
"""What a run takes up once, when it begins: no dated change can move it."""
ROWS: Mapping[tuple[str, ...], type[Row]] = {
    ("population", "towns"): Town,
    ("population", "villages"): Village,
    ("population", "ages"): AgeGroup,
    ("illness", "case_mix"): Condition,
    ("places", "facilities"): Facility,
    ("places", "departments"): Department,
    ("referral", "catalogue"): Specialty,
}


TOLD = ("name", "title", "note", "targets", "references")
"""Blocks that decide no result."""
TABLES_BESIDE = "tables"
"""Folder beside a scenario that is passed on, in which its own data tables lie."""


class Portable(NamedTuple):
    """A scenario as text, and the files that belong to it: path from where it lies -> what it holds."""

    text: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, eq=False)
class Record:
    """What a scenario was read from; two are equal when they read the same and their data tables (`data`, a hash) hold the same."""

    tree: Value = field(repr=False)
    data: str
    origin: Value = field(repr=False)
    rules: Mapping[str, type[Rules]] = field(repr=False)
    days: dict[datetime.date, "Scenario"] = field(default_factory=dict, repr=False)
    """The scenario on days asked for before: runs of one scenario share them."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record) or self.data != other.data:
            return False
        return self.tree is other.tree or written(self.tree) == written(other.tree)

    def __hash__(self) -> int:
        return hash(self.data)


class Scenario(Plan):
    """A whole scenario, checked."""

    _record: Record = PrivateAttr()

    def __reduce__(self) -> tuple[Any, ...]:
        return built, (self._record.tree, self._record.origin, self._record.rules, self._record.data)

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """What every number rests on: dotted path -> source."""
        return FrozenMapping({".".join(path): self.source_called(str(leaf.source)) for path, leaf in provenance.numbers(self._record.tree)})

    @cached_property
    def source_keys(self) -> Mapping[str, str]:
        """The same as keys: dotted path -> key of the source."""
        return FrozenMapping({".".join(path): str(leaf.source) for path, leaf in provenance.numbers(self._record.tree)})

    @cached_property
    def grounds(self) -> tuple[Ground, ...]:
        """What every number rests on, in the order of the file: path, number as written, unit, status, document, phrase, confidence."""
        return tuple(
            provenance.ground(path, leaf, self.source_called(str(leaf.source))) for path, leaf in provenance.numbers(self._record.tree)
        )

    @cached_property
    def settable(self) -> frozenset[str]:
        """The dotted paths that may be set."""
        return frozenset(valid_paths(self._record.tree, self._record.rules))

    @property
    def fitted_elsewhere(self) -> int:
        """Count the fitted numbers that were taken over from a scenario of other people or places."""
        return list(self.source_keys.values()).count(provenance.FITTED_ELSEWHERE)

    @property
    def fitted_here(self) -> bool:
        """Say whether what was fitted was fitted to these people and places."""
        return not self.fitted_elsewhere

    def source_called(self, key: str) -> Source:
        """Give a source by its key; the scenario's own come before those of the package."""
        return self.references[key] if key in self.references else provenance.known_sources()[key]

    def leaves(self, block: str) -> Iterator[tuple[str, Value]]:
        """Go through all that a block sets, as it was written: dotted path, value with its source."""
        path = tuple(block.split("."))
        return ((".".join(inner), leaf) for inner, leaf in self._record.tree.leaves() if inner[: len(path)] == path)

    @property
    def files(self) -> Mapping[str, Path]:
        """The data files the scenario names: dotted path -> file."""
        return FrozenMapping({".".join(path): self._record.tree.at(path).content for path in merging.DATA_FIELDS})

    @property
    def tree(self) -> Value:
        """What was read, every value with its place and source."""
        return self._record.tree

    @property
    def rules(self) -> Mapping[str, type[Rules]]:
        """The mechanisms there are: name -> class of its rules."""
        return self._record.rules

    @property
    def data(self) -> str:
        """The hash of the data files the scenario names."""
        return self._record.data

    @property
    def tables(self) -> Tables:
        """The data tables the scenario names, with the beds and doctors it adds."""
        files = [self._record.tree.at(path).content for path in ROWS]
        tables = Tables(*(read_table(file, model) for file, model in zip(files, ROWS.values(), strict=True)))  # type: ignore[arg-type]
        return tables._replace(facilities=with_added(tables.facilities, self.places.added))

    def dates(self) -> tuple[datetime.date, ...]:
        """List the days inside the run (the run-in included, its first day not) on which something changes."""
        first = self.period.start - datetime.timedelta(days=self.period.run_in_days)
        end = self.period.start + datetime.timedelta(days=self.period.days)
        return tuple(sorted({day for day in change_days(self._record.origin) if first < day < end}))

    def on(self, date: datetime.date) -> "Scenario":
        """Give the scenario as it is on a day: changes due applied, and only the mechanisms, grades and shocks then in force."""
        if date not in self._record.days:
            tree = tree_on(self._record.origin, date)
            self._record.days[date] = built(tree, self._record.origin, self._record.rules, self._record.data)
        return self._record.days[date]

    def without(self, *names: str) -> "Scenario":
        """Give the scenario as if some of its mechanisms had never been; KeyError quoting one it does not have."""
        tree, origin = (left_out(one, names) for one in (self._record.tree, self._record.origin))
        return built(tree, origin, self._record.rules, self._record.data)

    def resolved(self) -> str:
        """Write the scenario in full, with sources; it reads back as an equal one."""
        return written(self._record.tree)

    def portable(self) -> "Portable":
        """Write the scenario so that it can be passed on: with its own data tables beside it, in the folder `TABLES_BESIDE`."""
        tree, files = self._record.tree, dict[str, bytes]()
        for path in merging.DATA_FIELDS:
            leaf = tree.at(path)
            if merging.shipped_tables().get(leaf.content.name) != leaf.content:
                name = f"{TABLES_BESIDE}/{'.'.join(path)}{leaf.content.suffix}"
                files[name] = leaf.content.read_bytes()
                tree = merging.merged(tree, merging.nested(".".join(path), leaf.with_content(name)))
        return Portable(written(tree), files)

    def decisive(self) -> str:
        """Hash what decides a result (see `decisive`)."""
        return decisive(self._record.origin, self._record.data)

    def fingerprint(self) -> str:
        """Hash what the scenario says and what its data tables held when it was read, wherever the files lie."""
        words = self.resolved()
        for path in merging.DATA_FIELDS:
            file = self._record.tree.at(path).content
            words = words.replace(str(file.resolve()), ".".join(path))
        return hashlib.sha256(f"{self._record.data} {words}".encode()).hexdigest()


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
    path = merging.find_scenario(str(scenario), None, "")
    try:
        return _read(path, settings, rules, measures)
    except UserError as error:
        raise UserError(_explained(error.faults, path, rules, measures)) from None


def _read(path: Path, settings: Sequence[str], rules: Mapping[str, type[Rules]], measures: Collection[str] | None) -> Scenario:
    """Read the scenario of a file."""
    faults: list[Fault] = []
    removed: list[inherited.Removal] = []
    tree = merging.read_tree(path, faults, removed)
    if removed:
        faults += inherited.needless(removed, tuple(valid_paths(tree, rules)))
    if settings:
        tree = merging.laid_over(tree, settings, tuple(valid_paths(tree, rules)), faults)
    tree, missing = merging.with_data_paths(tree)
    own = tree.content["references"].content if "references" in tree.content else {}
    unsourced = provenance.source_faults(tree, own if isinstance(own, dict) else {})
    told = {fault.place for fault in (*faults, *missing)}
    later = [*unsourced, *faults_in(tree, rules), *range_faults(tree, rules), *table_faults(tree)]
    faults += [*missing, *(fault for fault in later if fault.place not in told)]
    if faults:
        raise UserError(faults)
    result = built(tree, tree, rules, hash_of_data(tree))
    faults += [*checks.faults(result, result.tables, tree, measures), *change_faults(tree, rules)]
    if faults:
        raise UserError(faults)
    return result


def _explained(
    faults: Sequence[Fault], path: Path, rules: Mapping[str, type[Rules]], measures: Collection[str] | None
) -> tuple[Fault, ...]:
    """Let faults in what a scenario inherits, and which that has only here, say what to write."""
    elders = merging.elders(path)
    heir = merging.heir_of(path, elders) if elders else None
    if heir is None:
        return tuple(faults)
    try:
        read(elders[0], (), rules, measures)
        alone = frozenset[tuple[str, str]]()
    except UserError as error:
        alone = frozenset((fault.key, fault.place) for fault in error.faults)
    return inherited.explained(faults, heir, alone)


def valid_paths(tree: Value, rules: Mapping[str, type[Rules]]) -> Iterator[str]:
    """List what may be set, the rules of every known mechanism among it."""
    yield LAYOUT
    yield from (path for path in shapes.paths(Plan, tree) if not path.startswith("mechanisms."))
    for name, model in rules.items():
        yield from shapes.paths(model, None, ("mechanisms", name))


def faults_in(tree: Value, rules: Mapping[str, type[Rules]]) -> list[Fault]:
    """Check a tree against the declared shape."""
    faults: list[Fault] = []
    checked(_without_mechanisms(tree), Plan, faults)
    for name, value in mechanisms_in(tree).items():
        path = ("mechanisms", name)
        if name in rules:
            checked(value, rules[name], faults, path)
        else:
            faults.append(Fault("mechanism.unknown", spot(value, path), {"value": name, "near": nearest(name, rules)}))
    return faults


def range_faults(tree: Value, rules: Mapping[str, type[Rules]]) -> Iterator[Fault]:
    """Find ranges whose ends could not stand where their number does, or that do not hold it."""
    ranged = [(path, leaf) for path, leaf in tree.leaves() if leaf.range is not None]
    told = tuple(fault.place for fault in faults_in(tree, rules)) if ranged else ()
    for path, leaf in ranged:
        if not is_number(leaf):
            yield Fault("source.range_of_words", spot(leaf, path), {})
        elif leaf.range is not None and not spot(leaf, path).startswith(told or "\n"):
            low, high, _ = leaf.range
            wrong = [*_end_faults(tree, path, "low", low, rules), *_end_faults(tree, path, "high", high, rules)]
            yield from wrong
            sizes = [] if wrong else [any_quantity(one.content) for one in (low, leaf, high)]
            if sizes and not sizes[0] <= sizes[1] <= sizes[2] > sizes[0]:
                yield Fault("source.range", spot(leaf, path), {"low": low.content, "high": high.content, "value": leaf.content})


def _end_faults(tree: Value, path: tuple[str, ...], name: str, end: Value, rules: Mapping[str, type[Rules]]) -> Iterator[Fault]:
    """Check an end of a range as if the number were there."""
    placed = replace(end, place=f"{spot(end, path)}: range.{name}", source=tree.at(path).source)
    if not is_number(placed):
        yield Fault(
            "unit.not_any_quantity", placed.place, {"value": short(end.plain()), "wanted": ", ".join(unit.word for unit in WRITTEN)}
        )
        return
    for fault in faults_in(tree.put(path, placed), rules):
        if fault.place.startswith(placed.place):
            yield fault._replace(place=placed.place)


def built(tree: Value, origin: Value, rules: Mapping[str, type[Rules]], data: str) -> Scenario:
    """Make the scenario of a tree that has no faults; `data` is the hash of its data tables."""
    mechanisms = {name: rules[name].model_validate(value.plain()) for name, value in mechanisms_in(tree).items()}
    scenario = Scenario.model_validate({**_without_mechanisms(tree).plain(), "mechanisms": mechanisms})
    scenario._record = Record(tree, data, origin, dict(rules))
    return scenario


def decisive(tree: Value, data: str) -> str:
    """Hash what of a scenario decides a result: all but what is only told (titles, notes, goals, sources).

    data : the hash of its data tables
    """
    leaves = (("/".join(path), leaf.content) for path, leaf in tree.leaves() if path[0] not in TOLD and path[-1] not in ("source", "title"))
    said = "\n".join(f"{path} {content!r}" for path, content in leaves if not isinstance(content, Path))
    return hashlib.sha256(f"{data} {said}".encode()).hexdigest()


def hash_of_data(tree: Value) -> str:
    """Hash the data tables a tree names."""
    return hashlib.sha256(b"".join(tree.at(path).content.read_bytes() for path in merging.DATA_FIELDS)).hexdigest()


def table_faults(tree: Value) -> Iterator[Fault]:
    """Read every data table the tree names, for the faults in them."""
    for path, model in ROWS.items():
        file = tree.at(path).content
        if isinstance(file, Path):
            try:
                read_table(file, model)
            except UserError as error:
                yield from error.faults


def _without_mechanisms(tree: Value) -> Value:
    """Leave out the mechanisms, whose shape is theirs; what is no mapping stays, to be refused."""
    block = tree.content.get("mechanisms")
    if block is None or not isinstance(block.content, dict):
        return tree
    return tree.with_content({name: value for name, value in tree.content.items() if name != "mechanisms"})


def change_faults(tree: Value, rules: Mapping[str, type[Rules]]) -> Iterator[Fault]:
    """Check that dated changes name what exists and may change, and that the scenario is sound after each."""
    changes = items_at(tree, "changes")
    valid = tuple(valid_paths(tree, rules)) if changes else ()
    fixed = (*FIXED, *(f"mechanisms.{name}.{number}" for name, of in rules.items() for number in of.fixed))
    faults: list[Fault] = []
    for i, change in enumerate(changes):
        for dotted, value in change.content["set"].content.items():
            place = spot(value, ("changes", str(i), "set", dotted))
            if dotted not in valid:
                faults.append(Fault("setting.no_path", place, {"value": dotted, "near": nearest(dotted, valid)}))
            elif any(dotted == name or dotted.startswith(f"{name}.") for name in fixed):
                faults.append(Fault("setting.fixed", place, {"value": dotted}))
    yield from faults
    if not faults:
        for change in changes:
            yield from _faults_on(tree, datetime.date.fromisoformat(change.content["from"].content), rules)


def _faults_on(tree: Value, date: datetime.date, rules: Mapping[str, type[Rules]]) -> Iterator[Fault]:
    """Check the scenario as it is on a day, its shape and then what it says against itself."""
    changed = tree_on(tree, date)
    faults = faults_in(changed, rules)
    yield from faults
    if not faults:
        scenario = built(changed, tree, rules, "")
        yield from checks.faults(scenario, scenario.tables, changed, None)

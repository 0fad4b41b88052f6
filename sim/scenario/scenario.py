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

from sim.language.label import Label
from sim.language.messages import Fault, UserError, nearest
from sim.reading import provenance, shapes
from sim.reading.blocks import Block, FrozenMapping, Names, Part, Rules, Title
from sim.reading.provenance import Ground, Source, spot
from sim.reading.strict_yaml import Value
from sim.reading.translation import faults_of
from sim.reading.units import Date, Text
from sim.scenario import checks, merging
from sim.scenario.behaviour import Alignment, Choice, Group, Learning, Referral, Target
from sim.scenario.dating import change_days, items_at, left_out, mechanisms_in, tree_on
from sim.scenario.insurance import Insurance, Prices
from sim.scenario.people import Care, Illness, Period, Places, Population, Shock
from sim.scenario.tables import AgeGroup, Condition, Department, Facility, Row, Specialty, Tables, Town, Village, read_table
from sim.scenario.writing import written

__all__ = ["Block", "Part", "Rules", "Scenario", "read"]

FIXED = (
    "name", "period", "population", "changes", "references", "targets", "shocks", "groups", "care",
    "illness.case_mix", "illness.visits_scale", "illness.admissions_scale", "illness.headroom", "illness.follow_up_days",
    "places.facilities", "places.roads", "places.departments", "learning.trust_start", "learning.trust_gain", "learning.trust_loss",
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


class Change(Block):
    """A dated change: from a day on, some numbers are others."""

    from_: Annotated[Date, Label("from", "起")] = Field(alias="from")
    """First day on which the numbers hold.
    数值生效的第一天。"""
    numbers: Annotated[Mapping[str, Any], Label("set", "设定值")] = Field(alias="set")
    """Dotted path -> new value.
    点号路径 -> 新的值。"""


class Plan(Block):
    """What a scenario file may say."""

    name: Annotated[Text, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$"), Label("name", "名称")]
    """Short name, as used on the command line and for run folders.
    简短名称，用于命令行与结果文件夹；小写字母、数字、-、_。"""
    title: Annotated[Title, Label("title", "标题")]
    """What it is called.
    标题（中英文）。"""
    note: Annotated[Title | None, Label("note", "说明")] = None
    """What it is about, in a sentence or two.
    用一两句话说明情景的内容。"""
    period: Annotated[Period, Label("period", "时期")]
    """When and how long.
    起始日期与时长。"""
    population: Annotated[Population, Label("people", "人口")]
    """Who lives there.
    人口、居住地与参保情况。"""
    illness: Annotated[Illness, Label("illness", "患病")]
    """How they fall ill.
    患病的频率与波动。"""
    places: Annotated[Places, Label("places", "机构")]
    """Where care is given.
    医疗机构、道路与县外等候。"""
    care: Annotated[Care, Label("care", "诊疗")]
    """What care takes.
    诊疗所需的时间与患者的等候行为。"""
    prices: Annotated[Prices, Label("bills", "费用")]
    """What care costs.
    医疗费用。"""
    insurance: Annotated[Insurance, Label("insurance", "医保")]
    """Who pays.
    医保报销政策。"""
    choice: Annotated[Choice, Label("choice", "就医选择")]
    """How people choose.
    居民如何选择就医机构。"""
    learning: Annotated[Learning, Label("learning", "经验")]
    """What experience changes.
    就医经历改变什么。"""
    referral: Annotated[Referral, Label("referral", "转诊")]
    """Referral where no rules speak.
    没有转诊规则时的转诊习惯。"""
    governance: Annotated[Alignment, Label("alignment by governance", "各治理方式的利益一致程度")]
    """What each way of governing a group means for what its members do.
    各种治理方式下成员为集团利益行动的程度。"""
    groups: Annotated[Names[Group], Label("hospital groups", "医疗集团（医共体）")] = Field(default_factory=FrozenMapping)
    """Hospital groups; left out: there are none.
    医疗集团（医共体）；不写则没有。"""
    mechanisms: Annotated[Names[SerializeAsAny[Rules]], Label("policy", "政策")] = Field(default_factory=FrozenMapping)
    """Policies in force, by name; one left out does not exist.
    实施的政策机制，按名称列出；未写的即不存在。"""
    changes: Annotated[tuple[Change, ...], Label("dated change", "政策变动")] = ()
    """Dated changes of any numbers.
    按日期生效的数值变更。"""
    shocks: Annotated[tuple[Shock, ...], Label("shock", "突发事件")] = ()
    """Times in which need for care is different.
    就医需求异常的时段，如疫情。"""
    targets: Annotated[Names[Target], Label("goal", "目标")] = Field(default_factory=FrozenMapping)
    """Goals: measure -> goal.
    目标：指标名称 -> 目标值。"""
    references: Annotated[Names[Source], Label("own sources", "自有出处")] = Field(default_factory=FrozenMapping)
    """Sources of the scenario's own, beside those of scenarios/sources.yaml.
    情景自带的出处，补充 scenarios/sources.yaml。"""


@dataclass(frozen=True)
class Record:
    """What a scenario was read from; two are equal when they read the same and their data tables (`data`, a hash) hold the same."""

    tree: Value = field(repr=False)
    data: str
    origin: Value = field(compare=False, repr=False)
    rules: Mapping[str, type[Rules]] = field(compare=False, repr=False)


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
    def data(self) -> str:
        """The hash of the data files the scenario names."""
        return self._record.data

    @property
    def tables(self) -> Tables:
        """The data tables the scenario names."""
        files = [self._record.tree.at(path).content for path in ROWS]
        return Tables(*(read_table(file, model) for file, model in zip(files, ROWS.values(), strict=True)))  # type: ignore[arg-type]

    def dates(self) -> tuple[datetime.date, ...]:
        """List the days inside the run (the run-in included, its first day not) on which something changes."""
        first = self.period.start - datetime.timedelta(days=self.period.run_in_days)
        end = self.period.start + datetime.timedelta(days=self.period.days)
        return tuple(sorted({day for day in change_days(self._record.origin) if first < day < end}))

    def on(self, date: datetime.date) -> "Scenario":
        """Give the scenario as it is on a day: changes due applied, and only the mechanisms, grades and shocks then in force."""
        tree = tree_on(self._record.origin, date)
        return built(tree, self._record.origin, self._record.rules, self._record.data)

    def without(self, *names: str) -> "Scenario":
        """Give the scenario as if some of its mechanisms had never been; KeyError quoting one it does not have."""
        tree, origin = (left_out(one, names) for one in (self._record.tree, self._record.origin))
        return built(tree, origin, self._record.rules, self._record.data)

    def resolved(self) -> str:
        """Write the scenario in full, with sources; it reads back as an equal one."""
        return written(self._record.tree)

    def fingerprint(self) -> str:
        """Hash what the scenario says and what its data tables held when it was read, wherever the files lie."""
        words = self.resolved()
        for path in merging.DATA_FIELDS:
            file = self._record.tree.at(path).content
            words = words.replace(str(file.resolve()), file.name)
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
    faults: list[Fault] = []
    tree = merging.read_tree(merging.find_scenario(str(scenario), None, ""), faults)
    if settings:
        tree = merging.laid_over(tree, settings, tuple(valid_paths(tree, rules)), faults)
    tree, missing = merging.with_data_paths(tree)
    own = tree.content["references"].content if "references" in tree.content else {}
    unsourced = provenance.source_faults(tree, own if isinstance(own, dict) else {})
    told = {fault.place for fault in (*faults, *missing)}
    later = [*unsourced, *faults_in(tree, rules), *table_faults(tree)]
    faults += [*missing, *(fault for fault in later if fault.place not in told)]
    if faults:
        raise UserError(faults)
    result = built(tree, tree, rules, _hashed(tree))
    faults += [*checks.faults(result, result.tables, tree, measures), *_change_faults(tree, rules)]
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
    for name, value in mechanisms_in(tree).items():
        path = ("mechanisms", name)
        if name not in rules:
            faults.append(Fault("mechanism.unknown", spot(value, path), {"value": name, "near": nearest(name, rules)}))
            continue
        try:
            rules[name].model_validate(value.plain())
        except ValidationError as error:
            faults += faults_of(error, tree, rules[name], path)
    return faults


def built(tree: Value, origin: Value, rules: Mapping[str, type[Rules]], data: str) -> Scenario:
    """Make the scenario of a tree that has no faults; `data` is the hash of its data tables."""
    mechanisms = {name: rules[name].model_validate(value.plain()) for name, value in mechanisms_in(tree).items()}
    scenario = Scenario.model_validate({**_plain(tree), "mechanisms": mechanisms})
    scenario._record = Record(tree, data, origin, dict(rules))
    return scenario


def _hashed(tree: Value) -> str:
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


def _plain(tree: Value) -> dict[str, Any]:
    """Strip the places, and leave out the mechanisms, whose shape is theirs."""
    plain: dict[str, Any] = tree.plain()
    if isinstance(plain.get("mechanisms"), dict):
        del plain["mechanisms"]
    return plain


def _change_faults(tree: Value, rules: Mapping[str, type[Rules]]) -> Iterator[Fault]:
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

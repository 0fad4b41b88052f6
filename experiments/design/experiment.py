"""An experiment as its YAML file says it: scenarios, levers, uncertainties, seeds, and what is kept; checked like a scenario."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Discriminator, Field, Tag

from results.measuring.definitions import names as measure_names
from results.measuring.dictionary import tables
from sim.language.messages import Fault, UserError, nearest
from sim.reading.blocks import Block, Names, Part, Title
from sim.reading.document import at, checked, tree_of
from sim.reading.provenance import known_sources, sourced
from sim.reading.strict_yaml import Value, parse
from sim.reading.units import Count, Share, Text, count, fault

MOST_SEEDS, MOST_POINTS = 10_000, 65_536


def scalar(value: object) -> object:
    """Take a number or a word as it is written; what it may be, the scenario says."""
    if isinstance(value, dict | list):
        raise fault("experiment.not_a_scalar", value="{...}" if isinstance(value, dict) else "[...]")
    return value


def seed_list(value: object) -> tuple[int, ...]:
    """Read how many seeds, 1 to so many, or a list of them."""
    if not isinstance(value, list):
        many = count(value)
        if not 1 <= many <= MOST_SEEDS:
            raise fault("experiment.seeds", value=value, most=MOST_SEEDS)
        return tuple(range(1, many + 1))
    seeds = tuple(count(seed) for seed in value)
    if not seeds or len(set(seeds)) < len(seeds) or len(seeds) > MOST_SEEDS:
        raise fault("experiment.seeds", value="[...]", most=MOST_SEEDS)
    return seeds


Scalar = Annotated[Any, BeforeValidator(scalar)]
Settings = Names[Scalar]
"""What is set together: dotted path -> value."""


class Range(Block):
    """A range of values of one number, both ends in it."""

    low: Scalar
    """The least.
    最小值。"""
    high: Scalar
    """The most.
    最大值。"""


class Bundle(Part):
    """Settings that go together under one name each."""

    settings: Annotated[Names[Settings], Field(min_length=1)]
    """Name -> what it sets; `{}` leaves the scenario as it is.
    名称: 所设定的各项；{}表示照原情景。"""
    title: Title | None = None
    """What the lever is called on pages; left out: its name.
    杠杆在报告中的名称（中英文）；不写则用其键名。"""
    titles: Names[Title] = Field(default_factory=dict)
    """Name of a setting -> what it is called on pages; left out: the name.
    各项设定在报告中的名称（中英文）；不写则用其键名。"""

    def called(self, word: str | None, lang: str) -> str | None:
        """Call one of the settings, or the lever itself (None); None where nothing is said."""
        title = self.title if word is None else self.titles.get(word)
        return None if title is None else title.say(lang)


def form(lever: object) -> str:
    """Tell the three ways of writing a lever apart."""
    if isinstance(lever, list):
        return "levels"
    return "bundle" if isinstance(lever, Bundle) or (isinstance(lever, dict) and "settings" in lever) else "range"


Levels = Annotated[tuple[Scalar, ...], Field(min_length=1)]
Lever = Annotated[Annotated[Levels, Tag("levels")] | Annotated[Range, Tag("range")] | Annotated[Bundle, Tag("bundle")], Discriminator(form)]


class Experiment(Block):
    """All that an experiment file may say."""

    name: Annotated[Text, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$")]
    """What the experiment is called; its folder bears this name.
    实验名称，也是其文件夹名。"""
    title: Title | None = None
    """What it is called for people.
    实验标题（中英文）。"""
    scenarios: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Scenarios by name or path; each is run with every point of the design.
    情景名称或路径；每个情景都运行设计的全部点。"""
    scale: Annotated[Share, Field(gt=0)] = 1.0
    """Share of the households simulated.
    抽取的家庭比例。"""
    seeds: Annotated[tuple[int, ...], BeforeValidator(seed_list)] = (1,)
    """How many seeds, or a list of them; every point has the same.
    种子个数或列表；各点所用种子相同。"""
    design: Literal["grid", "sobol", "latin_hypercube", "points"] = "grid"
    """How the points of the levers are laid out.
    各杠杆取值点的布置方式。"""
    points: Annotated[Count, Field(ge=1, le=MOST_POINTS)] | None = None
    """Points of a `sobol` or `latin_hypercube` design.
    sobol或latin_hypercube设计的点数。"""
    at: tuple[Settings, ...] | None = None
    """The points of a `points` design: dotted path or name of a lever -> value.
    points设计的各点。"""
    levers: Names[Lever] = Field(default_factory=dict)
    """What a policy sets: dotted path -> levels or a range; or any name -> settings that go together.
    政策所能设定的：路径: 若干取值或范围；或名称: 成组设定。"""
    uncertainties: Names[Range] = Field(default_factory=dict)
    """What nobody sets: dotted path -> range; crossed with every point of the levers.
    无人能设定的不确定数：路径: 范围；与各杠杆点交叉。"""
    draws: Annotated[Count, Field(ge=1, le=MOST_POINTS)] | None = None
    """Points of the uncertainties, or draws of the posterior.
    不确定数的抽样点数，或后验的抽取数。"""
    posterior: Text | None = None
    """Name of a calibration, or path of its posterior.parquet.
    标定名称，或其posterior.parquet的路径。"""
    outcomes: tuple[Text, ...] = ()
    """Measures that the report tells of; left out: the goals of the scenarios.
    报告所述指标；不写则为各情景的目标。"""
    keep: tuple[Text, ...] = ()
    """Tables kept of every run beside its measures.
    每次运行除指标外保留的表。"""


class Read(NamedTuple):
    """An experiment file as read: what it says, and every value with its place and source."""

    path: Path
    said: Experiment
    tree: Value

    def value(self, *path: str) -> Value:
        """Give the value at a path of names."""
        return self.tree.at(path)

    def place(self, *path: str) -> str:
        """Write where the value at a path of names stands."""
        return at(self.tree, *path)


def read(path: Path) -> Read:
    """Read an experiment file; raises UserError with all its faults."""
    faults: list[Fault] = []
    return _read(path, tree_of(path, str(path), faults), faults)


def read_text(text: str, name: Path) -> Read:
    """Read an experiment that stands in no file; paths in it are taken from the working folder."""
    faults: list[Fault] = []
    return _read(name, parse(text, str(name), None, faults), faults)


def _read(path: Path, bare: Value, faults: list[Fault]) -> Read:
    """Check what was read."""
    tree = sourced(bare, None, faults)
    said = checked(tree, Experiment, faults)
    if said is not None:
        faults += [*_names(said, tree), *_design(said, tree), *_sources(tree)]
    if said is None or faults:
        raise UserError(faults)
    return Read(path, said, tree)


def _names(said: Experiment, tree: Value) -> Iterable[Fault]:
    """Find outcomes that are no measures and tables that cannot be kept, and what is listed twice."""
    for block, known in (("outcomes", measure_names()), ("keep", tuple(tables()))):
        for row, name in enumerate(getattr(said, block)):
            if name not in known:
                values = {"value": name, "wanted": ", ".join(known) if len(known) < 20 else "", "near": nearest(name, known)}
                yield Fault("experiment.no_measure" if block == "outcomes" else "value.not_known", at(tree, block, str(row)), values)
    for lever, bundle in said.levers.items():
        for name in bundle.titles if isinstance(bundle, Bundle) else ():
            if name not in bundle.settings:
                values = {"value": name, "wanted": ", ".join(bundle.settings), "near": nearest(name, bundle.settings)}
                yield Fault("value.not_known", at(tree, "levers", lever, "titles", name), values)
    for block in ("scenarios", "outcomes", "keep"):
        listed = getattr(said, block)
        for row, name in enumerate(listed):
            if name in listed[:row]:
                yield Fault("experiment.twice", at(tree, block, str(row)), {"value": name})


def _design(said: Experiment, tree: Value) -> Iterable[Fault]:
    """Find what the design wants and does not have, and the other way round."""
    sampled = said.design in ("sobol", "latin_hypercube")
    if sampled and said.points is None:
        yield Fault("experiment.wants", at(tree, "design"), {"value": said.design, "wanted": "points: 128"})
    if not sampled and said.points is not None:
        yield Fault("experiment.no_use", at(tree, "points"), {"value": "points", "design": said.design})
    if said.design == "sobol" and said.points is not None and said.points & (said.points - 1):
        more = 1 << said.points.bit_length()
        yield Fault("experiment.power_of_two", at(tree, "points"), {"value": said.points, "less": more // 2, "more": more})
    if said.design == "points" and not said.at:
        yield Fault("experiment.wants", at(tree, "design"), {"value": "points", "wanted": "at: [{PATH: VALUE}, ...]"})
    if said.design != "points" and said.at is not None:
        yield Fault("experiment.no_use", at(tree, "at"), {"value": "at", "design": said.design})
    if sampled and not said.levers:
        yield Fault("experiment.wants", at(tree, "design"), {"value": said.design, "wanted": "levers: {PATH: {low: ..., high: ...}}"})
    if said.design in ("grid", "points"):
        for name, lever in said.levers.items():
            if isinstance(lever, Range):
                yield Fault("experiment.range_in_grid", at(tree, "levers", name), {"value": said.design})
    yield from _uncertain(said, tree)


def _uncertain(said: Experiment, tree: Value) -> Iterable[Fault]:
    """Find uncertainties without draws, and draws of nothing."""
    if said.draws is not None and not said.uncertainties and said.posterior is None:
        yield Fault("experiment.draws_of_nothing", at(tree, "draws"), {"value": said.draws})
    if said.draws is None and (said.uncertainties or said.posterior is not None):
        block = "uncertainties" if said.uncertainties else "posterior"
        yield Fault("experiment.wants", at(tree, block), {"value": block, "wanted": "draws: 16"})


def _sources(tree: Value) -> Iterable[Fault]:
    """Find sources nobody knows."""
    known = known_sources()
    for path, leaf in tree.leaves():
        if path[-1] == "source" and isinstance(leaf.content, str) and leaf.content not in known:
            yield unknown_source(tree, path, leaf, known)


def unknown_source(tree: Value, path: tuple[str, ...], leaf: Value, known: Mapping[str, object]) -> Fault:
    """Say that there is no such source."""
    return Fault("source.unknown", at(tree, *path), {"value": leaf.content, "near": nearest(leaf.content, known)})

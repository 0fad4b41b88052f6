"""Variants: the scenarios an experiment runs, one for each of its scenarios, points of the levers and draws of the uncertainties."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from experiments.design import designs
from experiments.design.experiment import Read, read
from experiments.design.levers import Cell, Level, Listed, assumed, levers_of, resolved, span_of
from experiments.design.posterior import draws_of
from experiments.running.one import too_few
from results.measuring.definitions import names as measure_names
from sim.language.messages import Fault, UserError
from sim.loading import load
from sim.reading.strict_yaml import Value
from sim.reading.units import COUNT, NUMBER, quantity
from sim.scenario.dating import items_at
from sim.scenario.scenario import Scenario
from sim.scenario.varying import Setting, assembled, digest, unit_of, unknown, value_at, varied

MOST_RUNS = 1_000_000


class Variant(NamedTuple):
    """One scenario of an experiment, with what is set in it."""

    scenario: str
    settings: tuple[Setting, ...]
    cells: tuple[Cell, ...]
    """What stands in the columns of the levers and uncertainties."""


class Later(NamedTuple):
    """A lever whose number a scenario sets again on a later day."""

    scenario: str
    path: str
    date: str


class Design:
    """An experiment, ready to run: its scenarios, columns and variants in the order of the rows; `variants` makes them one by one.

    bases : name -> scenario as its file says it
    """

    def __init__(self, source: Read) -> None:
        """Read scenarios, levers and uncertainties; raises UserError with all faults."""
        self.source, self.said = source, source.said
        self.bases = self._bases()
        faults: list[Fault] = []
        self.levers = levers_of(source, self.bases, faults)
        spans = (span_of(name, source.value("uncertainties", name), self.bases, faults) for name in self.said.uncertainties)
        self.uncertain = [span for span in spans if span is not None]
        self.points = () if self.said.at is None else tuple(self._point(row, faults) for row in range(len(self.said.at)))
        self.drawn = self._drawn()
        faults += [*self._twice(), *self._too_many()]
        if faults:
            raise UserError(faults)

    def _bases(self) -> dict[str, Scenario]:
        """Load the scenarios, in their order, by name."""
        faults: list[Fault] = []
        found: dict[str, Scenario] = {}
        for row, word in enumerate(self.said.scenarios):
            beside = self.source.path.parent / word
            try:
                scenario = load(str(beside) if beside.is_file() else word, (), measure_names())
            except UserError as error:
                place = self.source.place("scenarios", str(row))
                faults += [fault if fault.place else fault._replace(place=place) for fault in error.faults]
                continue
            if scenario.name in found:
                faults.append(Fault("experiment.twice", self.source.place("scenarios", str(row)), {"value": scenario.name}))
            short = too_few(scenario, self.said.scale, self.source.place("scale"))
            faults += [short] if short is not None else []
            found[scenario.name] = scenario
        if faults:
            raise UserError(faults)
        return found

    def _point(self, row: int, faults: list[Fault]) -> tuple[Level, ...]:
        """Read one point of a design of points: dotted paths, and words of levers that bundle settings."""
        bundles = {lever.name: {level.word: level for level in lever.levels} for lever in self.levers if isinstance(lever, Listed)}
        levels: list[Level] = []
        for name, value in self.source.value("at", str(row)).content.items():
            if name not in bundles:
                levels.append(Level(name, (Setting(name, assumed(value)),)))
            elif value.content in bundles[name]:
                levels.append(bundles[name][value.content])
            else:
                wanted = ", ".join(str(word) for word in bundles[name])
                faults.append(Fault("value.not_one_of", value.place, {"value": value.content, "wanted": wanted, "near": None}))
        return tuple(levels)

    def _drawn(self) -> list[tuple[Setting, ...]]:
        """Draw the uncertain numbers: one set of settings for each draw; one empty set where nothing is uncertain."""
        many = self.said.draws or 1
        sets: list[tuple[Setting, ...]] = [()] * many
        if self.uncertain:
            places = designs.latin_hypercube(many, len(self.uncertain), designs.UNCERTAINTIES_KEY)
            sets = [tuple(level.settings[0] for level in point) for point in designs.sampled(self.uncertain, places)]
        if self.said.posterior is None:
            return sets
        draws = draws_of(self.said.posterior, many, next(iter(self.bases.values())), self.source.place("posterior"))
        return [(*one, *other) for one, other in zip(sets, draws, strict=True)]

    def lever_points(self) -> Iterable[tuple[Level, ...]]:
        """Give the points of the levers."""
        if self.said.design == "points":
            return self.points
        if self.said.design == "grid" or not self.levers:
            return designs.grid([lever for lever in self.levers if isinstance(lever, Listed)])
        layout = designs.sobol if self.said.design == "sobol" else designs.latin_hypercube
        return designs.sampled(self.levers, layout(self.said.points or 1, len(self.levers)))

    @property
    def number_of_points(self) -> int:
        """Count the points of the levers."""
        if self.said.design == "grid":
            many = 1
            for lever in self.levers:
                many *= len(lever.levels) if isinstance(lever, Listed) else 1
            return many
        return len(self.points) if self.said.design == "points" else (self.said.points or 1)

    @property
    def number_of_variants(self) -> int:
        """Count the variants."""
        return len(self.bases) * self.number_of_points * len(self.drawn)

    @property
    def runs(self) -> int:
        """Count the runs."""
        return self.number_of_variants * len(self.said.seeds)

    @property
    def columns(self) -> tuple[str, ...]:
        """Name the columns: levers, then uncertainties, each once."""
        set_at = [setting.path for point in self.points for level in point if level.word is None for setting in level.settings]
        return tuple(dict.fromkeys([*(lever.name for lever in self.levers), *set_at, *(setting.path for setting in self.drawn[0])]))

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Name the measures to tell of: those asked for, else the goals of the scenarios."""
        goals = (name for base in self.bases.values() for name in base.targets)
        return self.said.outcomes or tuple(dict.fromkeys(goals)) or ("in_county_admission_share_insured", "primary_visit_share_ex_village")

    def variants(self) -> Iterator[Variant]:
        """Make the variants in the order of the rows: by scenario, then by point of the levers, then by draw; raises UserError."""
        for (name, base), point, drawn in product(self.bases.items(), list(self.lever_points()), self.drawn):
            faults: list[Fault] = []
            asked = [*(setting for level in point for setting in level.settings), *drawn]
            wanted = tuple(resolved(setting, base, faults) for setting in asked)
            if faults:
                raise UserError(faults)
            words = {level.lever: level.word for level in point if level.word is not None}
            yield Variant(name, wanted, tuple(self._cell(column, words, wanted, base) for column in self.columns))

    def _cell(self, column: str, words: Mapping[str, str], wanted: Sequence[Setting], base: Scenario) -> Cell:
        """Write what stands in one column."""
        if column in words:
            return words[column]
        for path, value in wanted:
            if path == column:
                return cell(path, value, base)
        found = value_at(base, column) if column in base.settable else None
        return found if found is None or isinstance(found, bool | int | float | str) else str(found)

    def checked(self, variants: Iterable[Variant]) -> None:
        """Check variants as if a file said so; raises UserError with the faults of all."""
        faults: list[Fault] = []
        for variant in variants:
            try:
                varied(self.bases[variant.scenario], variant.settings)
            except UserError as error:
                faults += error.faults
        if faults:
            raise UserError(faults)

    def digest(self, variant: Variant) -> str:
        """Hash what decides the results of a variant."""
        return digest(self.bases[variant.scenario], variant.settings)

    def scenario(self, variant: Variant) -> Scenario:
        """Build a variant that was checked."""
        return assembled(self.bases[variant.scenario], variant.settings)

    def later(self) -> Iterator[Later]:
        """Find levers whose number a scenario sets again on a later day: what the lever says holds until then only."""
        paths = {setting.path for setting in self._all_settings()}
        for name, base in self.bases.items():
            for change in items_at(base.tree, "changes"):
                for path in change.content["set"].content:
                    if path in paths:
                        yield Later(name, path, change.content["from"].content)

    def _all_settings(self) -> Iterator[Setting]:
        """Go through all that is set anywhere."""
        for lever in self.levers:
            levels = lever.levels if isinstance(lever, Listed) else (lever.at(0.0),)
            yield from (setting for level in levels for setting in level.settings)
        yield from (setting for point in self.points for level in point for setting in level.settings)
        yield from self.drawn[0]

    def _twice(self) -> Iterator[Fault]:
        """Find paths that exist nowhere, and paths that two levers or uncertainties set, one over the other."""
        base = next(iter(self.bases.values()))
        told = set()
        for setting in self._all_settings():
            if setting.path not in base.settable and setting.path not in told:
                told.add(setting.path)
                yield unknown(setting, base.settable)
        groups = [{s.path for level in getattr(lever, "levels", (lever.at(0.0),)) for s in level.settings} for lever in self.levers]
        names = [lever.name for lever in self.levers]
        groups += [{path} for path in dict.fromkeys(setting.path for setting in self.drawn[0])]
        names += list(dict.fromkeys(setting.path for setting in self.drawn[0]))
        for row, mine in enumerate(groups):
            for other in range(row):
                clash = next((a for a in sorted(mine) for b in sorted(groups[other]) if _overlap(a, b)), None)
                if clash is not None:
                    yield Fault(
                        "experiment.set_twice", self._placed(names[row]), {"value": clash, "one": names[other], "other": names[row]}
                    )

    def _placed(self, name: str) -> str:
        """Write where a lever or an uncertainty stands."""
        block = "levers" if name in self.said.levers else "uncertainties" if name in self.said.uncertainties else "posterior"
        return self.source.place(block, name) if block != "posterior" else self.source.place(block)

    def _too_many(self) -> Iterator[Fault]:
        """Find more runs than anybody can mean."""
        if self.runs > MOST_RUNS:
            yield Fault("experiment.too_many", self.source.place("design"), {"value": f"{self.runs:,}", "most": f"{MOST_RUNS:,}"})


def _overlap(one: str, other: str) -> bool:
    """Say whether two paths are the same or one lies below the other."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def cell(path: str, value: Value, base: Scenario) -> Cell:
    """Turn a value as it is written into what stands in a column: a plain number in the model's own unit, or the word."""
    unit, content = unit_of(path, base.rules), value.content
    if content is None or unit is None or isinstance(content, bool):
        return content if content is None or isinstance(content, bool | int | float | str) else str(content)
    try:
        return float(content) if unit in (COUNT, NUMBER) else quantity(unit, content)
    except (PydanticCustomError, TypeError, ValueError):
        return str(content)  # what it may not be is told where the variant is checked


def design(path: Path) -> Design:
    """Read an experiment file with all that it names; raises UserError with all faults."""
    return Design(read(path))

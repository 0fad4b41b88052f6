"""Lineage: which of the scenarios that come with the model a scenario is nearest to, and in which values it differs from that one.

It is told by what a scenario says and not by the files it was read from, so that one that is run again from its own folder, where it stands
in full, is told of in the same words.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from results.measuring.definitions import ABSENT
from sim.reading.strict_yaml import Value
from sim.scenario.merging import DATA_FIELDS, elders, find_scenario, read_tree, scenario_names, shipped_tables, with_data_paths
from sim.scenario.scenario import TABLES_BESIDE, TOLD, Scenario

FEW = 12
"""Values that are named one by one; of more, how many there are in each part of the scenario."""
OWN_TABLE = "a table of its own"


class Lineage(NamedTuple):
    """Where a scenario stands beside those that come with the model."""

    nearest: str
    """The one from which it differs in the fewest values."""
    elder: str | None
    """The one which that extends."""
    differs: Mapping[str, tuple[str, str]]
    """Dotted path -> what the nearest says, what this one says."""


def lineage(scenario: Scenario) -> Lineage:
    """Find the scenario of the package from which one differs the least; of several the one of its name, then the first."""
    mine, found = said(scenario.tree), dict[str, Mapping[str, tuple[str, str]]]()
    for name in scenario_names():
        found[name] = between(said(_shipped(name)), mine)
    nearest = min(found, key=lambda name: (len(found[name]), name != scenario.name))
    return Lineage(nearest, elder_of(nearest), found[nearest])


def elder_of(name: str) -> str | None:
    """Name the scenario that one of the package extends; None where it extends none."""
    return next((path.stem for path in elders(find_scenario(name, None, ""))), None)


def beside_elder(name: str) -> Mapping[str, tuple[str, str]]:
    """Find in which values a scenario of the package differs from the one it extends; in none where it extends none."""
    elder = elder_of(name)
    return {} if elder is None else between(said(_shipped(elder)), said(_shipped(name)))


def _shipped(name: str) -> Value:
    """Read the tree of a scenario of the package."""
    return with_data_paths(read_tree(find_scenario(name, None, ""), []))[0]


def said(tree: Value, path: tuple[str, ...] = ()) -> dict[str, str]:
    """Write all that decides a result of a scenario: dotted path -> value as it is written, a list in one piece, a table by its name."""
    if isinstance(tree.content, dict):
        inner = {name: value for name, value in tree.content.items() if name not in ("source", "title") and not (not path and name in TOLD)}
        words = {dotted: one for name, value in inner.items() for dotted, one in said(value, (*path, name)).items()}
        return words or {".".join(path): "{}"}
    return {".".join(path): table_called(tree.content) if path in DATA_FIELDS else written_value(tree.plain())}


def table_called(content: object) -> str:
    """Name a data table that comes with the package; any other is one of the scenario's own, wherever it lies."""
    path = Path(str(content))
    known = shipped_tables().get(path.name)
    return path.name if known is not None and (known == path or path.name == content) else OWN_TABLE


def written_value(content: object) -> str:
    """Write a value as a scenario does."""
    if isinstance(content, list):
        return f"[{', '.join(written_value(item) for item in content)}]"
    if isinstance(content, dict):
        return f"{{{', '.join(f'{name}: {written_value(item)}' for name, item in content.items())}}}"
    if content is None or isinstance(content, bool):
        return {None: "null", True: "true", False: "false"}[content]
    return str(content)


def between(there: Mapping[str, str], here: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Find what two scenarios say differently: dotted path -> what the one says, what the other; a dash where one says nothing."""
    paths = dict.fromkeys([*there, *here])
    return {path: pair for path in paths if (pair := (there.get(path, ABSENT), here.get(path, ABSENT)))[0] != pair[1]}


def differing(differs: Mapping[str, tuple[str, str]]) -> str:
    """Say in which values two scenarios differ: each of few, of many how many in each part."""
    if not differs:
        return "nothing"
    if len(differs) <= FEW:
        return "; ".join(f"`{path}`: {there} -> {here}" for path, (there, here) in differs.items())
    parts = Counter(part_of(path) for path in differs)
    return f"{len(differs)} values: {', '.join(f'`{part}` {count}' for part, count in parts.items())}"


def part_of(path: str) -> str:
    """Name the part of a scenario a path lies in: its block, and of mechanisms and insurance the block inside it."""
    first, *others = path.split(".")
    return f"{first}.{others[0]}" if first in ("mechanisms", "insurance") and len(others) > 1 else first


def own_tables(scenario: Scenario) -> tuple[str, ...]:
    """Name the data tables that do not come with the model, as they lie beside the scenario where it is passed on."""
    own = {path: file for path, file in scenario.files.items() if shipped_tables().get(file.name) != file}
    return tuple(f"{TABLES_BESIDE}/{path}{file.suffix}" for path, file in own.items())

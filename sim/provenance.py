"""Keep what every number rests on: the nearest `source:` of the file it stands in, through `extends` and the command line.

A number may also carry its own: `{value: 93.2 %, source: 000_82bfd583cd2921d0}`. A number without any source is a fault.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from sim.messages import Fault, nearest
from sim.schema.parts import Part, Title
from sim.strict_yaml import Value, parse, read_text
from sim.units import QUANTITY, SIZES, Text

SOURCES = Path(__file__).parents[1] / "scenarios" / "sources.yaml"
COMMAND_LINE = "set on the command line"
ASSUMED = "assumed"
FITTED = "fitted"
NEED_NO_SOURCE = ("name", "title", "note", "extends", "period", "references")
Path_ = tuple[str, ...]


class Source(Part):
    """What numbers rest on."""

    title: Title
    """What it is called."""
    kind: Literal["document", "statistics", "study", "web", "assumed", "fitted", "setting"]
    """What kind of thing it is."""
    status: Literal["S", "D", "L", "M", "E"]
    """S stated in a source document, D arithmetic on stated figures, L read in the public source, M recalled, E an estimate or a choice."""
    where: Text
    """Where to find it: document, author, year, doi, page."""

    @property
    def assumption(self) -> bool:
        """Say whether a number from here is no evidence but a choice of ours or the user's."""
        return self.kind in ("assumed", "fitted", "setting")


@cache
def known_sources() -> Mapping[str, Source]:
    """Read scenarios/sources.yaml: key -> source."""
    tree = parse(read_text(SOURCES), SOURCES.name, SOURCES.parent)
    return TypeAdapter(dict[str, Source]).validate_python(tree.plain())


def sourced(value: Value, source: str | None = None) -> Value:
    """Give every leaf the nearest source above it in its own file, and turn `{value, source}` into a leaf."""
    content = value.content
    if isinstance(content, list):
        return value.with_content([sourced(item, source) for item in content])
    if not isinstance(content, dict):
        return replace(value, source=source)
    named = content["source"].content if "source" in content else source
    source = named if isinstance(named, str | None) else ASSUMED  # what is no text is refused with the shape
    if set(content) == {"value", "source"} and not isinstance(content["value"].content, dict | list):
        return replace(content["value"], source=source)
    return value.with_content({name: sourced(item, source) for name, item in content.items()})


def is_number(value: Value) -> bool:
    """Say whether a leaf is a number, with or without a unit."""
    if isinstance(value.content, bool):
        return False
    if isinstance(value.content, str):
        match = QUANTITY.fullmatch(value.content.strip())
        return match is not None and match[2].strip() in SIZES
    return isinstance(value.content, int | float)


def numbers(tree: Value) -> Iterator[tuple[Path_, Value]]:
    """Go through all numbers that need a source."""
    return ((path, leaf) for path, leaf in tree.leaves() if path and path[0] not in NEED_NO_SOURCE and is_number(leaf))


def source_faults(tree: Value, own: Mapping[str, object]) -> Iterator[Fault]:
    """Find numbers without a source, and sources nobody knows.

    tree    : the merged scenario
    own     : the scenario's own references
    """
    words = [*known_sources(), *own]
    leaves = [(path, leaf) for path, leaf in tree.leaves() if path and path[0] not in NEED_NO_SOURCE]
    blocks = {(path[:-1], leaf.content) for path, leaf in leaves if path[-1] == "source"}
    for path, leaf in leaves:
        if path[-1] == "source":
            named, told = leaf.content, not isinstance(leaf.content, str)
        else:
            named, told = leaf.source, any((path[:i], leaf.source) in blocks for i in range(len(path)))
        if named is None and is_number(leaf):
            yield Fault("source.missing", spot(leaf, path), {"value": leaf.content})
        elif named is not None and named not in words and not told:
            yield Fault("source.unknown", spot(leaf, path), {"value": named, "near": nearest(named, words)})


def spot(value: Value, path: Path_) -> str:
    """Write a place: file, line and dotted path."""
    dotted = ".".join(path)
    return value.place if not dotted or value.place == f"--set {dotted}" else f"{value.place}: {dotted}"

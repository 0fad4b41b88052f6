"""Say what is amiss between a scenario and the one it extends: words that take away nothing, and faults in what it has inherited.

`null` takes away what the extended scenario says; an empty mapping changes nothing, and neither does a null for what is not there. Whoever
names tables of his own and extends another county inherits that county's groups, grades and tables, which then fit no longer: such faults
stand in files he did not write, and say which words of his own would mend them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from sim.language.messages import Fault, nearest
from sim.reading import shapes
from sim.reading.provenance import spot
from sim.reading.strict_yaml import Value
from sim.scenario.plan import Plan


class Removal(NamedTuple):
    """A null for which there is nothing to take away."""

    path: tuple[str, ...]
    value: Value
    beside: tuple[str, ...]
    """The names that stand there in the extended scenario."""


class Remedy(NamedTuple):
    """What mends a fault in what is inherited."""

    elder: str
    """The file it is inherited from."""
    key: str
    """The message that says so."""
    words: str
    """What to write in the heir, as YAML."""


class Heir(NamedTuple):
    """A scenario file and those it extends, as messages name them."""

    file: str
    elders: Sequence[str]
    tables: Mapping[str, tuple[str, str]]
    """File name of an inherited table -> where it is named (dotted path), and in which of the elders."""


def removals(parent: Value, child: Value, path: tuple[str, ...] = ()) -> Iterator[Removal]:
    """Find the nulls of a child, or of settings, for which its parent has nothing."""
    held = parent.content if isinstance(parent.content, dict) else {}
    for name, value in child.content.items():
        if value.content is None and name not in held:
            yield Removal((*path, name), value, tuple(held))
        elif isinstance(value.content, dict):
            yield from removals(held.get(name, value.with_content({})), value, (*path, name))


def empties(parent: Value, child: Value, path: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Find the empty mappings that would leave all as their parent says it."""
    held = parent.content if isinstance(parent.content, dict) else {}
    for name, value in child.content.items():
        inner = held[name].content if name in held else None
        if value.content == {} and isinstance(inner, dict) and inner:
            first = next((word for word in inner if word != "source"), "source")
            example = f"{name}: {{{first}: null}}"
            yield Fault("inherited.empty", spot(value, (*path, name)), {"value": name, "example": example})
        elif isinstance(value.content, dict) and name in held:
            yield from empties(held[name], value, (*path, name))


def needless(removed: Sequence[Removal], valid: Collection[str]) -> Iterator[Fault]:
    """Refuse nulls for what nobody knows; one for what could be there, and is not, says what is so already.

    valid : all dotted paths that may be set
    """
    for path, value, beside in removed:
        block = "".join(f"{name}." for name in path[:-1])
        if ".".join(path) not in valid:
            near = nearest(path[-1], [*beside, *(name.removeprefix(block) for name in valid if name.startswith(block))])
            yield Fault("inherited.nothing", spot(value, path), {"value": path[-1], "near": near})


def explained(faults: Sequence[Fault], heir: Heir, alone: Collection[tuple[str, str]]) -> tuple[Fault, ...]:
    """Let faults in what is inherited say what to write; those that the same words mend are told once, with their number.

    alone : key and place of the faults that the extended scenario has by itself, which are no matter of inheritance
    """
    told: dict[object, list[Fault]] = {}
    remedies: dict[object, tuple[str, dict[str, object]]] = {}
    for number, fault in enumerate(faults):
        found = None if (fault.key, fault.place) in alone else _remedy(fault, heir)
        told.setdefault(found or number, []).append(fault)
        if found is not None:
            remedies[found] = (found.key, {"elder": found.elder, "heir": heir.file, "words": found.words})
    for same, (key, values) in remedies.items():
        told[same] = [told[same][0]._replace(hint=(key, {**values, "count": len(told[same])}))]
    return tuple(fault for same in told.values() for fault in same)


def _remedy(fault: Fault, heir: Heir) -> Remedy | None:
    """Say how to mend a fault in what is inherited; None where it is the heir's own."""
    table = fault.place.split(":")[0]
    if table in heir.tables:
        path, elder = heir.tables[table]
        return Remedy(elder, "inherited.table", _as_yaml(path.split("."), "..."))
    elder = next((name for name in heir.elders if fault.place.startswith(f"{name}:")), "")
    dotted = fault.place.removeprefix(f"{elder}:").partition(": ")[2]
    return Remedy(elder, *_words(dotted.split("."))) if elder and dotted else None


def _words(path: list[str]) -> tuple[str, str]:
    """Say how to be without what stands at a path: null for a name of an open table, an empty list, or else something else there."""
    if len(path) > 1 and shapes.is_open(shapes.fields(Plan).get(path[0])):
        return "inherited.remove", _as_yaml(path[:2], "null")
    place = next((i for i, step in enumerate(path) if step.isdigit()), None)
    if place is not None:
        return "inherited.remove", _as_yaml(path[:place], "[]")
    return "inherited.write", _as_yaml(path, "...")


def _as_yaml(path: Sequence[str], value: str) -> str:
    """Write a value at a path as one line of YAML."""
    first, *rest = path
    return f"{first}: {{{_as_yaml(rest, value)}}}" if rest else f"{first}: {value}"

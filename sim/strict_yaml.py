"""Read YAML strictly, keeping for every value the place it stands at.

PyYAML composes nodes; what they mean is decided here, so that none of YAML's traps can spring: keys given twice are refused, `no` and
`on` are words and not truth values, `010` is refused and not 8, `1e5` is a number, `12:30` is a time and not 750, tags and aliases are
refused, and so are files too big, too deep or with too many parts to be a scenario.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from sim.messages import Fault, UserError, refuse

LARGEST = 1_000_000
DEEPEST = 40
MOST_NODES = 20_000
WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]*)")
OCTAL = re.compile(r"[+-]?0[0-9_]+|0[oO][0-7]+")
DECIMAL = re.compile(r"[+-]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][+-]?[0-9]+)?")
NOT_FINITE = re.compile(r"[+-]?\.?(inf|nan|infinity)", re.IGNORECASE)
MEANS = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True)
class Value:
    """A value of a YAML file and where it stands.

    content : str, int, float, bool, None or Path; or dict of str to Value; or list of Value
    place   : 'file:line', or '--set a.b.c'
    folder  : folder of the file, from which paths in it are taken; None on the command line
    source  : what the value rests on, filled in by sim.provenance
    """

    content: Any
    place: str
    folder: Path | None = None
    source: str | None = None

    def with_content(self, content: Any) -> "Value":
        """Give the same value with another content."""
        return replace(self, content=content)

    def plain(self) -> Any:
        """Strip the places: plain dicts, lists and scalars."""
        if isinstance(self.content, dict):
            return {name: value.plain() for name, value in self.content.items()}
        return [value.plain() for value in self.content] if isinstance(self.content, list) else self.content

    def leaves(self, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], "Value"]]:
        """Go through all scalars with their paths."""
        if isinstance(self.content, dict | list):
            for name, value in self.content.items() if isinstance(self.content, dict) else enumerate(self.content):
                yield from value.leaves((*path, str(name)))
        else:
            yield path, self

    def at(self, path: tuple[str, ...]) -> "Value":
        """Walk down `path` as far as it exists."""
        if path and isinstance(self.content, dict) and path[0] in self.content:
            return self.content[path[0]].at(path[1:])
        if path and isinstance(self.content, list) and path[0].isdigit() and int(path[0]) < len(self.content):
            return self.content[int(path[0])].at(path[1:])
        return self


class _Composer(yaml.SafeLoader):
    """PyYAML's composer, which counts what it composes and takes no aliases."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.nodes = self.depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose one node, refusing aliases, anchors, tags, great depth and great numbers."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _Refused("yaml.alias", event, f"*{event.anchor}" if isinstance(event, yaml.AliasEvent) else f"&{event.anchor}")
        if getattr(event, "tag", None) not in (None, "!"):
            raise _Refused("yaml.tag", event, event.tag)
        self.nodes, self.depth = self.nodes + 1, self.depth + 1
        if self.nodes > MOST_NODES or self.depth > DEEPEST:
            raise _Refused("yaml.too_deep" if self.depth > DEEPEST else "yaml.too_many", event, "")
        node = super().compose_node(parent, index)  # type: ignore[no-untyped-call]
        self.depth -= 1
        return node  # type: ignore[no-any-return]


class _Refused(Exception):
    """Something the composer does not take."""

    def __init__(self, key: str, event: yaml.Event, value: str) -> None:
        super().__init__(key)
        self.key, self.line, self.value = key, event.start_mark.line + 1, value


def read_text(path: Path) -> str:
    """Read a text file of sensible size in UTF-8; anything else is a UserError."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise refuse("file.too_large", str(path), size=path.stat().st_size, most=LARGEST)
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse("file.not_text", str(path), value=hex(error.object[error.start])) from None
    except OSError as error:
        raise refuse("file.unreadable", str(path), value=error.strerror or type(error).__name__) from None


def parse(text: str, name: str, folder: Path | None, *, lines: bool = True) -> Value:
    """Read the text of one YAML document.

    text    : the document
    name    : what the place of a fault begins with, a file's name or '--set a.b.c'
    folder  : folder of the file
    lines   : whether line numbers belong to the place (not on the command line)
    raises  : UserError with every fault of the document
    """
    node = _compose(text, name, lines)
    faults: list[Fault] = []
    value = _Reading(name, folder, lines, faults).value(node) if node is not None else Value(None, name, folder)
    if faults:
        raise UserError(faults)
    return value


def _compose(text: str, name: str, lines: bool) -> yaml.Node | None:
    """Compose the nodes, turning every complaint of PyYAML into a fault with its line."""

    def place(line: int) -> str:
        return f"{name}:{line}" if lines else name

    composer = None
    try:
        composer = _Composer(text)
        return composer.get_single_node()  # type: ignore[no-untyped-call, no-any-return]
    except _Refused as error:
        most = DEEPEST if error.key == "yaml.too_deep" else MOST_NODES
        raise refuse(error.key, place(error.line), value=error.value, most=most) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or ""
        raise refuse("yaml.broken", place(mark.line + 1 if mark else 1), problem=problem) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise refuse("yaml.character", place(line), value=f"U+{ord(text[error.position]):04X}") from None
    finally:
        if composer is not None:
            composer.dispose()  # type: ignore[no-untyped-call]


@dataclass
class _Reading:
    """Turns the nodes of one file into values, collecting faults."""

    name: str
    folder: Path | None
    lines: bool
    faults: list[Fault]

    def place(self, node: yaml.Node) -> str:
        """Say where a node stands."""
        return f"{self.name}:{node.start_mark.line + 1}" if self.lines else self.name

    def complain(self, key: str, node: yaml.Node, path: tuple[str, ...], **values: object) -> None:
        """Keep a fault."""
        dotted = ".".join(path)
        self.faults.append(Fault(key, f"{self.place(node)}: {dotted}" if dotted else self.place(node), values))

    def value(self, node: yaml.Node, path: tuple[str, ...] = ()) -> Value:
        """Read one node."""
        if isinstance(node, yaml.MappingNode):
            return Value(self.mapping(node, path), self.place(node), self.folder)
        if isinstance(node, yaml.SequenceNode):
            content = [self.value(item, (*path, str(i))) for i, item in enumerate(node.value)]
            return Value(content, self.place(node), self.folder)
        return Value(self.scalar(node, path), self.place(node), self.folder)

    def mapping(self, node: yaml.MappingNode, path: tuple[str, ...]) -> dict[str, Value]:
        """Read a mapping, refusing keys given twice and keys that are not words."""
        content: dict[str, Value] = {}
        for name_node, value_node in node.value:
            name = name_node.value
            if not isinstance(name, str) or not name or name == "<<":
                self.complain("yaml.key", name_node, path, value=name if isinstance(name, str) else "[...]")
            elif name in content:
                self.complain("yaml.duplicate", name_node, (*path, name), value=name, first=content[name].place)
            else:
                content[name] = self.value(value_node, (*path, name))
        return content

    def scalar(self, node: yaml.Node, path: tuple[str, ...]) -> object:
        """Say what a scalar means: quoted ones are words, plain ones may be numbers, true, false or null."""
        text = str(node.value)
        if getattr(node, "style", None) is not None:
            return text
        if text in MEANS:
            return MEANS[text]
        if OCTAL.fullmatch(text):
            self.complain("yaml.octal", node, path, value=text, plain=text.lstrip("+-0oO_") or "0")
            return None
        if NOT_FINITE.fullmatch(text) or (DECIMAL.fullmatch(text) and not math.isfinite(float(text))):
            self.complain("unit.not_finite", node, path, value=text)
            return None
        if WHOLE.fullmatch(text):
            return int(text) if len(text) < 19 else float(text)
        return float(text) if DECIMAL.fullmatch(text) else text

"""Read YAML strictly, keeping for every value the place it stands at.

PyYAML composes nodes; what they mean is decided here, so that none of YAML's traps can spring: keys given twice are refused, `no` and
`on` are words and not truth values, `010` is refused and not 8, `1e5` is a number, `12:30` is a time and not 750, tags and aliases are
refused, and so are files too big, too deep or with too many parts to be a scenario.
"""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml

from sim.language.messages import Fault, UserError, refuse

LARGEST = 1_000_000
LARGEST_TABLE = 10_000_000
DEEPEST = 40
MOST_NODES = 20_000
LONGEST_NAME = 200
WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]*)")
OCTAL = re.compile(r"[+-]?0[0-9_]+|0[oO][0-7]+")
DECIMAL = re.compile(r"[+-]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][+-]?[0-9]+)?")
NOT_FINITE = re.compile(r"[+-]?\.?(inf|nan|infinity)", re.IGNORECASE)
NOT_PRINTABLE = re.compile("[^\\t\\n\\r -~\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\U00010000-\U0010ffff]")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
WORKBOOKS = (b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"))
"""First bytes of the files in which spreadsheets keep workbooks (.xlsx and .ods; .xls)."""
UNREADABLE = {FileNotFoundError: "file.none", IsADirectoryError: "file.folder", PermissionError: "file.forbidden"}
MEANS = {"": None, "~": None, "null": None, "true": True, "false": False}


class Quote(NamedTuple):
    """What a source is cited with, beside its key."""

    phrase: str | None = None
    """The words of the document."""
    how: str | None = None
    """How the number follows from them where they do not hold it."""
    confidence: str | None = None
    """How far to trust it here: high, medium or low; None: as far as its kind of source."""


class Range(NamedTuple):
    """How far a number may be from what is said, as the file says beside it."""

    low: "Value"
    high: "Value"
    reason: str | None = None


@dataclass(frozen=True)
class Value:
    """A value of a YAML file and where it stands.

    content : str, int, float, bool, None or Path; or dict of str to Value; or list of Value
    place   : 'file:line', or '--set a.b.c'
    folder  : folder of the file, from which paths in it are taken; None on the command line
    source  : what the value rests on, filled in by sim.reading.provenance
    quote   : with which words, where the source is cited with some
    range   : how far the number may be from what is said, where the file says so
    """

    content: Any
    place: str
    folder: Path | None = None
    source: str | None = None
    quote: Quote | None = None
    range: Range | None = None

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

    def put(self, path: tuple[str, ...], leaf: "Value") -> "Value":
        """Give the same tree with another value at a path that exists."""
        if not path:
            return leaf
        if isinstance(self.content, list):
            return self.with_content([item.put(path[1:], leaf) if str(at) == path[0] else item for at, item in enumerate(self.content)])
        return self.with_content({**self.content, path[0]: self.content[path[0]].put(path[1:], leaf)})

    def at(self, path: tuple[str, ...]) -> "Value":
        """Walk down `path` as far as it exists."""
        if path and isinstance(self.content, dict) and path[0] in self.content:
            return self.content[path[0]].at(path[1:])
        if path and isinstance(self.content, list) and path[0].isdigit() and int(path[0]) < len(self.content):
            return self.content[int(path[0])].at(path[1:])
        return self


def short(value: object) -> str:
    """Show a value in a message as it is written in YAML, cut where it is long."""
    if isinstance(value, dict | list):
        return "{...}" if isinstance(value, dict) else "[...]"
    text = {None: "null", True: "true", False: "false"}[value] if value is None or isinstance(value, bool) else f"{value}"
    return text if len(text) <= 60 else text[:57] + "..."


def read_text(path: Path, most: int = LARGEST) -> str:
    """Read a text file of at most `most` bytes, in UTF-8 or as a Chinese Windows writes it (GB18030).

    raises  : UserError for anything else: a device, a pipe, a workbook of a spreadsheet, bytes that are no text
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise refuse("file.no_plain_file", str(path))
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except ValueError:
        raise refuse("file.none", str(path)) from None
    except OSError as error:
        raise refuse(UNREADABLE.get(type(error), "file.unreadable"), str(path), value=error.strerror) from None
    if raw.startswith(WORKBOOKS):
        raise refuse("file.workbook", str(path))
    if len(raw) > most:
        raise refuse("file.too_large", str(path), value=path.stat().st_size, most=most)
    return _decoded(raw, path)


def _decoded(raw: bytes, path: Path) -> str:
    """Read bytes as UTF-8, or else as GB18030 (GBK and GB2312 among it), unless most of it is UTF-8 and only some bytes are broken."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        odd = hex(error.object[error.start])
    loose = raw.decode("utf-8", "replace")
    broken = loose.count("\ufffd")
    try:
        if sum(not sign.isascii() for sign in loose) <= 2 * broken:
            return raw.decode("gb18030")
    except UnicodeDecodeError:
        pass
    raise refuse("file.not_text", str(path), value=odd)


def parse(text: str, name: str, folder: Path | None, faults: list[Fault] | None = None, *, lines: bool = True) -> Value:
    """Read the text of one YAML document.

    text    : the document
    name    : what the place of a fault begins with, a file's name or '--set a.b.c'
    folder  : folder of the file
    faults  : takes the faults of single values; where it is left out they are raised
    lines   : whether line numbers belong to the place (not on the command line)
    raises  : UserError where the document cannot be read at all
    """
    reading = _Reading(name, folder, lines, [] if faults is None else faults)
    node = _compose(text, reading.at_line)
    value = reading.value(node) if node is not None else Value(None, name, folder)
    if faults is None and reading.faults:
        raise UserError(reading.faults)
    return value


def _compose(text: str, place: Callable[[int], str]) -> yaml.Node | None:
    """Compose the nodes, turning every complaint of PyYAML into a fault with its line."""
    odd = NOT_PRINTABLE.search(text)
    if odd is not None:
        raise refuse("yaml.character", place(text.count("\n", 0, odd.start()) + 1), value=f"U+{ord(odd[0]):04X}")
    try:
        _survey(text, place)
        return cast(yaml.Node | None, yaml.compose(text, Loader=LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or ""
        raise refuse("yaml.broken", place(mark.line + 1 if mark is not None else 1), problem=problem) from None


def _survey(text: str, place: Callable[[int], str]) -> None:
    """Go through the document without building anything: no aliases, anchors or tags, and neither too deep nor too long."""
    depth = 0
    events: Iterator[Any] = yaml.parse(text, Loader=LOADER)
    for nodes, event in enumerate(events):
        line = event.start_mark.line + 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if getattr(event, "anchor", None) is not None:
            mark = "*" if isinstance(event, yaml.AliasEvent) else "&"
            raise refuse("yaml.alias", place(line), value=f"{mark}{event.anchor}")
        if getattr(event, "tag", None) not in (None, "!"):
            raise refuse("yaml.tag", place(line), value=event.tag)
        if depth > DEEPEST:
            raise refuse("yaml.too_deep", place(line), most=DEEPEST)
        if nodes > MOST_NODES:
            raise refuse("yaml.too_many", place(line), most=MOST_NODES)


@dataclass
class _Reading:
    """Turns the nodes of one file into values, collecting faults."""

    name: str
    folder: Path | None
    lines: bool
    faults: list[Fault]

    def at_line(self, line: int) -> str:
        """Write the place of a line."""
        return f"{self.name}:{line}" if self.lines else self.name

    def place(self, node: yaml.Node) -> str:
        """Say where a node stands."""
        return self.at_line(node.start_mark.line + 1)

    def complain(self, key: str, node: yaml.Node, path: tuple[str, ...], **values: object) -> None:
        """Keep a fault."""
        dotted = ".".join(path)
        hidden = not dotted or not self.lines
        self.faults.append(Fault(key, self.place(node) if hidden else f"{self.place(node)}: {dotted}", values))

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
            if isinstance(name, str) and len(name) > LONGEST_NAME:
                self.complain("yaml.long_name", name_node, path, value=short(name), count=len(name), most=LONGEST_NAME)
            elif not isinstance(name, str) or not name or name == "<<":
                self.complain("yaml.key", name_node, path, value=name if isinstance(name, str) else "[...]")
            elif name in content:
                self.complain("yaml.duplicate", name_node, (*path, name), value=name, first=content[name].place)
            else:
                content[name] = self.value(value_node, (*path, name))
        return content

    def scalar(self, node: yaml.Node, path: tuple[str, ...]) -> object:
        """Say what a scalar means: quoted ones are words, plain ones may be numbers, true, false or null."""
        text = str(node.value)
        if getattr(node, "style", None):
            return text
        if text in MEANS:
            return MEANS[text]
        if OCTAL.fullmatch(text):
            self.complain("yaml.octal", node, path, value=text, plain=text.lstrip("+-0oO_") or "0")
            return text
        if NOT_FINITE.fullmatch(text) or (DECIMAL.fullmatch(text) and not math.isfinite(float(text))):
            self.complain("unit.not_finite", node, path, value=text)
            return text
        if WHOLE.fullmatch(text):
            return int(text) if len(text) < 19 else float(text)
        return float(text) if DECIMAL.fullmatch(text) else text

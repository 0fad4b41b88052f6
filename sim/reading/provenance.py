"""Keep what every number rests on: the nearest `source:` of the file it stands in, through `extends` and the command line.

A number may also carry its own: `{value: 93.2 %, source: 000_82bfd583cd2921d0}`. A number without any source is a fault.
Beside a number may stand how far it may be from what is said: `range: {low: 85 %, high: 98 %, reason: ...}`.
A source is a key, or a key with the words it is cited for: `{document: 000_82bfd583cd2921d0, phrase: 续签率达 93.2%}`. A phrase of one of
the documents in scenarios/documents/ must stand there word for word; a number that follows from it says `how`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import TypeAdapter

from sim.language.label import Label
from sim.language.messages import Fault, nearest
from sim.reading.blocks import Part, Title
from sim.reading.strict_yaml import Quote, Range, Value, parse, read_text, short
from sim.reading.units import QUANTITY, SIZES, Text

SOURCES = Path(__file__).parents[2] / "scenarios" / "sources.yaml"
DOCUMENTS = SOURCES.parent / "documents"
COMMAND_LINE = "set on the command line"
ASSUMED = "assumed"
FITTED = "fitted"
FITTED_ELSEWHERE = "fitted_elsewhere"
NEED_NO_SOURCE = ("name", "title", "note", "extends", "period", "references")
Path_ = tuple[str, ...]
Confidence = Literal["high", "medium", "low"]
CITED = ("document", *Quote._fields)
BESIDE = {"source", "range"}
"""What may stand beside a `value`."""
STATUSES = ("S", "D", "L", "A", "F")
"""S stands in a document, D derived from one, L read in the source named, A assumed, F fitted."""
USUAL_CONFIDENCE = {"S": "high", "D": "medium", "L": "medium", "A": "low", "F": "low"}
FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
SENTENCE = re.compile(r"[。；;，,\n]")


class Source(Part):
    """What numbers rest on."""

    title: Annotated[Title, Label("title", "标题")]
    """What it is called.
    出处的名称（中英文）。"""
    kind: Annotated[Literal["document", "statistics", "study", "web", "assumed", "fitted", "setting"], Label("kind", "类型")]
    """What kind of thing it is.
    出处的类型：文件、统计资料、研究、网页、假定、拟合或设定。"""
    status: Annotated[Literal["S", "D", "L", "M", "E"], Label("status", "可靠程度")]
    """S stated in a source document, D arithmetic on stated figures, L read in the public source, M recalled, E an estimate or a choice.
    S 源文件原文；D 由原文数字推算；L 见于公开资料；M 凭记忆、未核实；E 估计或建模选择。"""
    where: Annotated[Text, Label("where", "所在")]
    """Where to find it: document, author, year, doi, page.
    出处：文件、作者、年份、doi、页码。"""
    confidence: Annotated[Confidence | None, Label("confidence", "可信程度")] = None
    """How far to trust numbers from here; left out: as far as their status.
    该出处数字的可信程度；不写则按其可靠程度。"""

    @property
    def assumption(self) -> bool:
        """Say whether a number from here is no evidence but a choice of ours or the user's."""
        return self.kind in ("assumed", "fitted", "setting")


@cache
def known_sources() -> Mapping[str, Source]:
    """Read scenarios/sources.yaml: key -> source."""
    tree = parse(read_text(SOURCES), SOURCES.name, SOURCES.parent)
    return TypeAdapter(dict[str, Source]).validate_python(tree.plain())


class Ground(NamedTuple):
    """What one number of a scenario rests on."""

    path: str
    """Dotted path."""
    value: str
    """The number as it is written, with its unit."""
    unit: str
    """The unit alone; empty for a plain number."""
    status: str
    """One of STATUSES."""
    document: str
    """Key of the source."""
    phrase: str | None
    """The words of the document it is cited for."""
    how: str | None
    """How it follows from them."""
    confidence: str
    """high, medium or low."""


@cache
def document(key: str) -> str | None:
    """Read the text of a document that comes with the package, None where it has none."""
    path = DOCUMENTS / f"{key}.txt"
    return path.read_text(encoding="utf-8") if path.parent == DOCUMENTS and path.is_file() else None


def sourced(value: Value, source: str | None = None, faults: list[Fault] | None = None, quote: Quote | None = None) -> Value:
    """Give every leaf the nearest source above it in its own file, and turn `{value, source, range}` into a leaf.

    faults : takes what is wrong in sources that are cited with words
    """
    content = value.content
    if isinstance(content, list):
        return value.with_content([sourced(item, source, faults, quote) for item in content])
    if not isinstance(content, dict):
        return replace(value, source=source, quote=quote)
    if "source" in content:
        source, quote = cited(content["source"], [] if faults is None else faults)
        named = replace(content["source"], source=source, quote=quote)
        if isinstance(named.content, dict):
            named = named.with_content(source)
        content = {**content, "source": named}
    if "value" in content and {"value"} < set(content) <= {"value", *BESIDE} and not isinstance(content["value"].content, dict | list):
        span = range_of(content["range"], [] if faults is None else faults) if "range" in content else None
        return replace(content["value"], source=source, quote=quote, range=span)
    told = {name: item if name == "source" else sourced(item, source, faults, quote) for name, item in content.items()}
    return value.with_content(told)


def cited(value: Value, faults: list[Fault]) -> tuple[str | None, Quote | None]:
    """Read what stands at `source`: a key, or a mapping of `document`, `phrase`, `how` and `confidence`."""
    content = value.content
    if not isinstance(content, dict):
        return (content if isinstance(content, str | None) else ASSUMED), None  # what is no text is refused with the shape
    words: dict[str, str] = {}
    for name, item in content.items():
        place = f"{item.place}: source.{name}"
        if name not in CITED:
            faults.append(Fault("value.unknown_key", place, {"value": name, "near": nearest(name, CITED)}))
        elif not isinstance(item.content, str):
            faults.append(Fault("unit.not_text", place, {"value": short(item.plain())}))
        elif name == "confidence" and item.content not in get_args(Confidence):
            wanted = ", ".join(get_args(Confidence))
            near = nearest(item.content, get_args(Confidence))
            faults.append(Fault("value.not_one_of", place, {"value": item.content, "wanted": wanted, "near": near}))
        words[name] = str(item.content)
    if "document" not in words:
        faults.append(Fault("value.missing", f"{value.place}: source", {"value": "document"}))
    return words.get("document", ASSUMED), Quote(*(words.get(name) for name in Quote._fields))


def range_of(value: Value, faults: list[Fault]) -> Range | None:
    """Read what stands at `range`: a mapping of `low`, `high` and perhaps `reason`; None where it is no such thing."""
    content = value.content if isinstance(value.content, dict) else {}
    found = [Fault("value.missing", f"{value.place}: range", {"value": end}) for end in ("low", "high") if end not in content]
    for name, item in content.items():
        place = f"{item.place}: range.{name}"
        if name not in Range._fields:
            found.append(Fault("value.unknown_key", place, {"value": name, "near": nearest(name, Range._fields)}))
        elif name == "reason" and not isinstance(item.content, str):
            found.append(Fault("unit.not_text", place, {"value": short(item.plain())}))
    faults += found
    if found:
        return None
    return Range(content["low"], content["high"], content["reason"].content if "reason" in content else None)


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


def ground(path: Path_, leaf: Value, source: Source) -> Ground:
    """Say what one number rests on."""
    quote = leaf.quote or Quote()
    match = QUANTITY.fullmatch(str(leaf.content).strip())
    status = status_of(leaf, source)
    confidence = quote.confidence or source.confidence or USUAL_CONFIDENCE[status]
    how = quote.how if status == "D" else None
    return Ground(
        ".".join(path), str(leaf.content), match[2].strip() if match else "", status, str(leaf.source), quote.phrase, how, confidence
    )


def status_of(leaf: Value, source: Source) -> str:
    """Say how a number stands to its source: a document must hold it in the phrase cited, or it is derived, or merely read there."""
    if source.kind == "fitted":
        return "F"
    if source.assumption or source.status in ("M", "E"):
        return "A"
    if source.status == "S" and leaf.quote is not None and leaf.quote.phrase is not None:
        return "S" if holds(leaf.quote.phrase, leaf.content) else "D"
    return "D" if source.status == "D" else "L"


def holds(phrase: str, number: object) -> bool:
    """Say whether a phrase holds a number, whatever its unit; of yes or no nobody can ask for more than the phrase."""
    if isinstance(number, bool):
        return True
    match = QUANTITY.fullmatch(str(number).strip())
    return match is not None and float(match[1]) in [float(figure.replace(",", "")) for figure in FIGURE.findall(phrase)]


def source_faults(tree: Value, own: Mapping[str, object]) -> Iterator[Fault]:
    """Find numbers without a source, sources nobody knows, and phrases that their document does not hold.

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
    yield from phrase_faults(leaves)


def phrase_faults(leaves: list[tuple[Path_, Value]]) -> Iterator[Fault]:
    """Find phrases that do not stand in their document, word for word, where the document comes with the package; each once."""
    cited = {(leaf.source, leaf.quote.phrase): (path, leaf) for path, leaf in reversed(leaves) if leaf.quote is not None}
    for (key, phrase), (path, leaf) in reversed(cited.items()):
        text = document(str(key))
        if text is not None and phrase is not None and phrase not in text:
            near = nearest(phrase, SENTENCE.split(text))
            yield Fault("source.no_phrase", spot(leaf, path), {"value": phrase, "document": key, "near": near})


def spot(value: Value, path: Path_) -> str:
    """Write a place: file, line and dotted path."""
    dotted = ".".join(path)
    return value.place if not dotted or value.place == f"--set {dotted}" else f"{value.place}: {dotted}"

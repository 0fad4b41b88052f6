"""Write a scenario's tree as YAML that reads back as the same scenario, with the source of every block and number."""

import json
import re
from functools import cache
from pathlib import Path

from sim.language.messages import Fault
from sim.reading.provenance import NEED_NO_SOURCE
from sim.reading.strict_yaml import Quote, Value, parse
from sim.scenario.merging import shipped_tables

Basis = tuple[str | None, Quote | None]
PLAIN = re.compile(r"[^\W_](?:[\w .%/+-]|:(?=\d))*(?<! )")
"""Words that need no quotes, unless they read as a number, true, false or null."""


def written(tree: Value) -> str:
    """Write a tree.

    A block's `source` comes first; a number that rests on another one carries its own, as `{value: ..., source: ...}`.
    Paths of data tables are names where the table comes with the package, and else absolute.
    """
    return "".join(f"{line}\n" for line in _mapping(tree.content, "", (None, None), ""))


def _basis(value: Value) -> Basis:
    """Give what a value rests on, and with which words."""
    return value.source, value.quote


def _mapping(content: dict[str, Value], indent: str, source: Basis, top: str) -> list[str]:
    """Write the lines of a mapping."""
    own = _basis(content["source"]) if "source" in content else source
    names = sorted(content, key=lambda name: name != "source") if top else list(content)
    lines: list[str] = []
    for name in names:
        if name == "source":
            lines.append(f"{indent}source: {_cited(content[name])}")
        else:
            lines += _entry(f"{indent}{_word(name)}:", content[name], indent, own, top or name)
    return lines


def _entry(head: str, value: Value, indent: str, source: Basis, top: str) -> list[str]:
    """Write one entry: on its line what is a scalar or empty, below it what is not."""
    content = value.content
    if isinstance(content, dict):
        return [head, *_mapping(content, indent + "  ", source, top)] if content else [f"{head} {{}}"]
    if isinstance(content, list):
        return [f"{head} [{', '.join(_flow(item, source, top) for item in content)}]"]
    return [f"{head} {_leaf(value, source, top)}"]


def _flow(value: Value, source: Basis, top: str) -> str:
    """Write a value within one line."""
    content = value.content
    if isinstance(content, dict):
        own = _basis(content["source"]) if "source" in content else source
        told = (_cited(item) if name == "source" else _flow(item, own, top) for name, item in content.items())
        return "{" + ", ".join(f"{_word(name)}: {words}" for name, words in zip(content, told, strict=True)) + "}"
    if isinstance(content, list):
        return "[" + ", ".join(_flow(item, source, top) for item in content) + "]"
    return _leaf(value, source, top)


def _leaf(value: Value, source: Basis, top: str) -> str:
    """Write a scalar, with its source where that is not the block's, and its range where it has one."""
    word = _scalar(value.content)
    beside = [] if top in NEED_NO_SOURCE or value.source is None or _basis(value) == source else [f"source: {_cited(value)}"]
    if value.range is not None:
        low, high, reason = value.range
        told = [f"low: {_scalar(low.content)}", f"high: {_scalar(high.content)}", *([] if reason is None else [f"reason: {_word(reason)}"])]
        beside.append(f"range: {{{', '.join(told)}}}")
    return f"{{value: {word}, {', '.join(beside)}}}" if beside else word


def _cited(value: Value) -> str:
    """Write a source: its key, or its key with the words it is cited for."""
    key = _word(str(value.source if value.source is not None else value.content))
    if value.quote is None:
        return key
    words = {name: word for name, word in value.quote._asdict().items() if word is not None}
    return "{" + ", ".join([f"document: {key}", *(f"{name}: {_word(word)}" for name, word in words.items())]) + "}"


def _scalar(content: object) -> str:
    """Write a scalar."""
    if isinstance(content, Path):
        return _word(content.name if shipped_tables().get(content.name) == content else str(content.resolve()))
    if content is None or isinstance(content, bool):
        return {None: "null", True: "true", False: "false"}[content]
    return _word(content) if isinstance(content, str) else repr(content)


@cache
def _word(word: str) -> str:
    """Write words, quoted where they would read as something else."""
    faults: list[Fault] = []
    if PLAIN.fullmatch(word) and parse(word, "", None, faults, lines=False).content == word and not faults:
        return word
    return json.dumps(word, ensure_ascii=False)

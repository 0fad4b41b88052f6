"""Write a scenario's tree as YAML that reads back as the same scenario, with the source of every block and number."""

import json
import re
from functools import cache
from pathlib import Path

from sim.merging import DATA
from sim.provenance import NEED_NO_SOURCE
from sim.strict_yaml import Value, parse

PLAIN = re.compile(r"[^\W_](?:[\w .%/+-]|:(?=\d))*(?<! )")
"""Words that need no quotes, unless they read as a number, true, false or null."""


def written(tree: Value) -> str:
    """Write a tree.

    A block's `source` comes first; a number that rests on another one carries its own, as `{value: ..., source: ...}`.
    Paths of data tables are names where the table comes with the package, and else absolute.
    """
    return "".join(f"{line}\n" for line in _mapping(tree.content, "", None, ""))


def _mapping(content: dict[str, Value], indent: str, source: str | None, top: str) -> list[str]:
    """Write the lines of a mapping."""
    own = content["source"].content if "source" in content else source
    names = sorted(content, key=lambda name: name != "source") if top else list(content)
    lines: list[str] = []
    for name in names:
        lines += _entry(f"{indent}{_word(name)}:", content[name], indent, own, top or name)
    return lines


def _entry(head: str, value: Value, indent: str, source: str | None, top: str) -> list[str]:
    """Write one entry: on its line what is a scalar or empty, below it what is not."""
    content = value.content
    if isinstance(content, dict):
        return [head, *_mapping(content, indent + "  ", source, top)] if content else [f"{head} {{}}"]
    if isinstance(content, list):
        return [f"{head} [{', '.join(_flow(item, source, top) for item in content)}]"]
    return [f"{head} {_leaf(value, source, top)}"]


def _flow(value: Value, source: str | None, top: str) -> str:
    """Write a value within one line."""
    content = value.content
    if isinstance(content, dict):
        own = content["source"].content if "source" in content else source
        return "{" + ", ".join(f"{_word(name)}: {_flow(item, own, top)}" for name, item in content.items()) + "}"
    if isinstance(content, list):
        return "[" + ", ".join(_flow(item, source, top) for item in content) + "]"
    return _leaf(value, source, top)


def _leaf(value: Value, source: str | None, top: str) -> str:
    """Write a scalar, with its source where that is not the block's."""
    word = _scalar(value.content)
    if top in NEED_NO_SOURCE or value.source in (None, source) or word == source:
        return word
    return f"{{value: {word}, source: {_word(str(value.source))}}}"


def _scalar(content: object) -> str:
    """Write a scalar."""
    if isinstance(content, Path):
        return _word(content.name if content.parent == DATA else str(content.resolve()))
    if isinstance(content, bool):
        return "true" if content else "false"
    return _word(content) if isinstance(content, str) else repr(content)


@cache
def _word(word: str) -> str:
    """Write words, quoted where they would read as something else."""
    if PLAIN.fullmatch(word) and parse(word, "", None, [], lines=False).content == word:
        return word
    return json.dumps(word, ensure_ascii=False)

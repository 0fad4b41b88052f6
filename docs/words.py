"""Write the made part of docs/words.md: what stands in scenario files and data tables, from the labels beside the fields."""

import datetime
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from sim.language.label import Label, label_of, sentence
from sim.mechanisms import MECHANISMS
from sim.reading.blocks import Part, Rules, Table
from sim.reading.shapes import bare, is_model, is_open
from sim.reading.units import Unit
from sim.scenario.scenario import ROWS, Plan

FOR_ALL = ("source", "from_", "until")
"""Fields that every mechanism takes."""
SAID_ONCE = ("source",)
"""Fields that every block takes, said of the file."""
PLAIN = {bool: "true, false", datetime.date: "date"}


def made() -> list[str]:
    """Write the sections on scenario keys, mechanisms and the columns of data tables, line by line."""
    keys = [line for name, model in blocks() for line in (_heading(name, model), *rows(model, deeper=False))]
    rules = [line for kind in MECHANISMS.values() for line in (_policy(kind), *rows(kind.Rules))]
    return [
        *("## Scenario keys 情景文件的键", "", "A block that stands in several places has its keys once.", "", *table("key"), *keys, ""),
        *("## Mechanisms and their rules 政策机制及规则", "", *table("name"), *rules, ""),
        *("## Columns of data tables 数据表的列", "", *table("column", "table"), *columns()),
    ]


def table(first: str, last: str = "meaning") -> tuple[str, str]:
    """Begin a table of words."""
    return f"| {first} | unit | called | 中文 | {last} |", f"|{'---|' * 5}"


def rows(model: type[Part], prefix: str = "", deeper: bool = True) -> Iterator[str]:
    """Write the fields of a block as rows; with `deeper` those of blocks inside it after it, with dotted names."""
    left_out = () if model in (Plan, Rules) else FOR_ALL if issubclass(model, Rules) else SAID_ONCE
    for name, field in model.model_fields.items():
        if name in left_out:
            continue
        written, said = f"{prefix}{field.alias or name}", label_of(field) or Label("", "")
        yield f"| `{written}` | {unit_of(field) or '–'} | {said.en} | {said.zh} | {sentence(field, 'en')}<br>{sentence(field, 'zh')} |"
        inner = bare(field.annotation)
        if deeper and is_model(inner):
            yield from rows(inner, f"{written}.")


def blocks(model: type[Part] = Plan, name: str = "", seen: set[type[Part]] | None = None) -> Iterator[tuple[str, type[Part]]]:
    """Go through the blocks of a scenario file, each once, with the key it stands at first; tables that stand at many have none."""
    seen = set() if seen is None else seen
    made_of = getattr(model, "__pydantic_generic_metadata__", {}).get("origin")
    declared = made_of or model
    if declared not in seen:
        seen.add(declared)
        yield ("…" if made_of else name), declared
    elif not made_of:
        return
    for key, field in model.model_fields.items():
        inner = held(field.annotation)
        if is_model(inner):
            yield from blocks(inner, name if issubclass(model, Table) else field.alias or key, seen)


def held(annotation: Any) -> Any:
    """Give the type that a field holds, of a list or an open table that of what stands in it."""
    kind = bare(annotation)
    if is_open(kind):
        return bare(get_args(kind)[1])
    return bare(get_args(kind)[0]) if get_origin(kind) is tuple else kind


def unit_of(field: FieldInfo) -> str:
    """Say how a value is written: the word of its unit, `count`, `number`, `date`, or true or false; '' where it is no number."""
    unit = next(units_in((*field.metadata, field.annotation)), None)
    return (unit.word or unit.name) if unit is not None else PLAIN.get(bare(field.annotation), "")


def units_in(parts: tuple[Any, ...]) -> Iterator[Unit]:
    """Find the units that types are made with, those of a table's values and of a list's items among them."""
    for part in parts:
        if isinstance(part, Unit):
            yield part
        yield from units_in(get_args(part) or getattr(part, "__pydantic_generic_metadata__", {}).get("args", ()))


def columns() -> Iterator[str]:
    """Write every column once, with the tables that have it."""
    found: dict[tuple[str, Label], list[str]] = {}
    for path, model in ROWS.items():
        for name, field in model.model_fields.items():
            found.setdefault((name, label_of(field) or Label("", "")), []).append(path[-1])
    for (name, said), tables in found.items():
        where = "all" if len(tables) == len(ROWS) else ", ".join(f"`{table}`" for table in tables)
        yield f"| `{name}` | {said.unit or '–'} | {said.en} | {said.zh} | {where} |"


def _heading(name: str, model: type[Part]) -> str:
    """Head the keys of a block."""
    told = " ".join(f"{model.__doc__}".split("\n\n")[0].split())
    return f"| **{f'`{name}`' if name.isidentifier() else name or 'the file'}** | | | | **{told}** |"


def _policy(kind: Any) -> str:
    """Head the rules of a mechanism."""
    return f"| **`{kind.name}`** | – | {kind.label.en} | {kind.label.zh} | **{f'{kind.__doc__}'.splitlines()[0]}** |"

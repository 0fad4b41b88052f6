"""Say what of a scenario is in force on a day: dated changes, mechanisms, grades of facilities, shocks."""

import datetime
from collections.abc import Collection, Iterator
from typing import Any

from sim.reading.strict_yaml import Value
from sim.scenario.merging import merged, nested


def tree_on(tree: Value, date: datetime.date) -> Value:
    """Lay the changes due over the tree and leave out what is not in force on `date`."""
    for change in sorted(items_at(tree, "changes"), key=lambda item: str(item.content["from"].content)):
        if change.content["from"].content <= date.isoformat():
            for dotted, value in change.content["set"].content.items():
                tree = merged(tree, nested(dotted, value))
    tree = merged(tree, Value({"changes": Value(None, tree.place)}, tree.place))
    kept = {name: value for name, value in mechanisms_in(tree).items() if _due(value, date)}
    tree = _replaced(tree, ("mechanisms",), kept) if kept != mechanisms_in(tree) else tree
    for path in (("shocks",), ("places", "grades")):
        held = items_at(tree, *path)
        if held:
            tree = _replaced(tree, path, [item for item in held if _due(item, date)])
    return tree


def left_out(tree: Value, names: Collection[str]) -> Value:
    """Take mechanisms out of a tree, and with them what dated changes would set of their rules; KeyError quoting one it does not have."""
    held, changes = mechanisms_in(tree), items_at(tree, "changes")
    gone = tuple(f"mechanisms.{name}." for name in names)
    for name in names:
        if name not in held:
            raise KeyError(f"no mechanism {name}; there are {', '.join(held) or 'none'}")
    if names:
        block = tree.content["mechanisms"].content
        tree = _replaced(tree, ("mechanisms",), {name: value for name, value in block.items() if name not in names})
    if changes:
        fewer = [(change, _not_below(change.content["set"], gone)) for change in changes]
        kept = [change.with_content({**change.content, "set": numbers}) for change, numbers in fewer if numbers.content]
        tree = _replaced(tree, ("changes",), kept)
    return tree


def _not_below(numbers: Value, gone: tuple[str, ...]) -> Value:
    """Keep of dotted path -> value those that lie below none of the paths that are gone."""
    return numbers.with_content({path: value for path, value in numbers.content.items() if not path.startswith(gone)})


def _replaced(tree: Value, path: tuple[str, ...], content: Any) -> Value:
    """Put another list or mapping in the place of the one at `path`, without merging the two."""
    name, *rest = path
    held = tree.content[name]
    inner = _replaced(held, tuple(rest), content) if rest else held.with_content(content)
    return tree.with_content({**tree.content, name: inner})


def items_at(tree: Value, *path: str) -> list[Value]:
    """Give the list at `path`, empty where there is none."""
    content = tree.at(path).content
    return content if isinstance(content, list) else []


def mechanisms_in(tree: Value) -> dict[str, Value]:
    """Give the mechanisms' blocks by name."""
    block = tree.content.get("mechanisms")
    content = block.content if block is not None and isinstance(block.content, dict) else {}
    return {name: value for name, value in content.items() if name != "source"}


def _due(value: Value, date: datetime.date) -> bool:
    """Say whether a dated block is in force on `date`."""
    day = date.isoformat()
    begins, ends = _written(value, "from", ""), _written(value, "until", "9999")
    return begins <= day < ends


def _written(value: Value, name: str, otherwise: str) -> str:
    """Give a date as written in a block, `otherwise` where there is none or what stands there is none, which is refused elsewhere."""
    held = value.content.get(name) if isinstance(value.content, dict) else None
    return held.content if held is not None and isinstance(held.content, str) else otherwise


def change_days(tree: Value) -> Iterator[datetime.date]:
    """List all days on which anything in a scenario begins or ends."""
    blocks = [*items_at(tree, "changes"), *items_at(tree, "shocks"), *items_at(tree, "places", "grades"), *mechanisms_in(tree).values()]
    for block in blocks:
        for name in ("from", "until"):
            if name in block.content:
                yield datetime.date.fromisoformat(block.content[name].content)

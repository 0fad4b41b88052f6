"""Turn a plotly figure back into tables of its numbers, so that whoever cannot see a picture, or wants to copy it, has them.

Bars and lines give a row for each name or date and a column for each trace; flows give a row for each ribbon; a heat map gives its own
rows and columns.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from results.measuring.definitions import ABSENT

DATE = re.compile(r"\d{4}-\d\d-\d\d")
TOTAL = re.compile(r"\s[\d,]+$")
"""What a node of a flow diagram says behind its name: how many there are in all."""
WHOLE = (0.0, 1.0)
NEAR = 0.08
"""So far, as part of a figure, a heading may stand from the corner of its panel."""
Trace = Mapping[str, Any]
Axes = tuple[str, str]


class Numbers(NamedTuple):
    """One table: its heading, the headings of its columns, its rows as texts."""

    title: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]


def tables(figure: Mapping[str, Any], words: Mapping[str, str]) -> list[Numbers]:
    """Give the tables of a figure, one for each pair of axes; a panel that holds nothing gives none.

    words : what the columns of flows are called: from, to, count, name, value
    """
    layout = figure.get("layout", {})
    found = [_ribbons(trace, layout, words) for trace in figure["data"] if trace["type"] == "sankey"]
    found += [_cells(trace, words) for trace in figure["data"] if trace["type"] == "heatmap"]
    panels: dict[Axes, list[Trace]] = {}
    for trace in figure["data"]:
        if trace["type"] not in ("sankey", "heatmap") and trace.get("x") is not None and trace.get("y") is not None:
            panels.setdefault((trace.get("xaxis", "x"), trace.get("yaxis", "y")), []).append(trace)
    found += [_panel(axes, traces, layout, words) for axes, traces in panels.items()]
    return [one for one in found if one.rows]


def _ribbons(trace: Trace, layout: Mapping[str, Any], words: Mapping[str, str]) -> Numbers:
    """List the ribbons of a Sankey diagram; the first line of a node's label is its name."""
    names = [TOTAL.sub("", plain(label.split("<br>")[0])) for label in trace["node"]["label"]]
    link, room = trace["link"], trace.get("domain", {})
    ends = zip(link["source"], link["target"], link["value"], strict=True)
    rows = [(names[start], names[end], written(value)) for start, end, value in ends]
    title = heading(layout, room.get("x", WHOLE), room.get("y", WHOLE))
    return Numbers(title, (words["from"], words["to"], words["count"]), rows)


def _cells(trace: Trace, words: Mapping[str, str]) -> Numbers:
    """List the cells of a heat map as they are written in it."""
    rows = [(plain(str(name)), *cells) for name, cells in zip(trace["y"], trace["text"], strict=True)]
    return Numbers("", (words["name"], *(plain(str(name)) for name in trace["x"])), rows)


def _panel(axes: Axes, traces: Sequence[Trace], layout: Mapping[str, Any], words: Mapping[str, str]) -> Numbers:
    """Lay traces that share their axes side by side."""
    lying = any(trace.get("orientation") == "h" for trace in traces)
    names, values = ("y", "x") if lying else ("x", "y")
    shown = [trace for trace in traces if trace.get("name") or trace.get("hoverinfo") != "skip"]
    rows: dict[str, dict[int, str]] = {}
    for i, trace in enumerate(shown):
        for name, value in zip(trace[names], trace[values], strict=True):
            if value is not None:
                rows.setdefault(plain(str(name)), {})[i] = written(value)
    titles = [plain(str(trace.get("name") or words["value"])) for trace in shown]
    unit = panel_title(layout, axes, values)
    called = dict(zip(rows, months(list(rows)), strict=True))
    if len(shown) > 1 and all(len(row) == 1 for row in rows.values()):
        return Numbers(unit, (words["name"], words["value"]), [(called[name], *row.values()) for name, row in rows.items()])
    cells = [(called[name], *(row.get(i, ABSENT) for i in range(len(shown)))) for name, row in rows.items()]
    return Numbers(unit, (words["name"], *titles), cells)


def months(names: list[str]) -> list[str]:
    """Call dates of which there is one in a month by the month; leave any other names as they are."""
    short = [name[:7] for name in names]
    dated = all(DATE.fullmatch(name) for name in names)
    return short if dated and 1 < len(names) == len(set(short)) else names


def panel_title(layout: Mapping[str, Any], axes: Axes, values: str) -> str:
    """Call a panel by the heading over it and by what its axis of values measures; x2 stands in the layout as xaxis2."""
    of = {axis[0]: layout.get(f"{axis[0]}axis{axis[1:]}", {}) for axis in axes}
    title = of[values].get("title") or ""
    unit = plain(str(title.get("text") or "") if isinstance(title, Mapping) else str(title))
    over = heading(layout, of["x"].get("domain", WHOLE), of["y"].get("domain", WHOLE))
    return " · ".join(dict.fromkeys(part for part in (over, unit) if part))


def heading(layout: Mapping[str, Any], across: Sequence[float], up: Sequence[float]) -> str:
    """Find the heading that stands at the upper left corner of a panel; empty where there is none."""
    bold = [
        note for note in layout.get("annotations", ()) if note["text"].startswith("<b>") and note.get("xref") == note.get("yref") == "paper"
    ]
    off = [(abs(note["x"] - across[0]) + abs(note["y"] - up[1]), plain(note["text"])) for note in bold]
    return min((found for found in off if found[0] < NEAR), default=(0.0, ""))[1]


def plain(text: str) -> str:
    """Take the marks of plotly out of a text."""
    return re.sub(r"<[^>]+>", " ", text).replace("  ", " ").strip()


def written(value: object) -> str:
    """Write a number of a figure to the decimals it is shown with."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(value)
    size = abs(value)
    text = f"{value:,.{1 if size >= 100 else 2 if size >= 1 else 3}f}"
    return text.rstrip("0").rstrip(".")


def paired(en: Sequence[Numbers], zh: Sequence[Numbers]) -> Iterator[tuple[Numbers, Numbers]]:
    """Put the tables of two languages side by side; raises ValueError where they do not match row by row."""
    for one, other in zip(en, zh, strict=True):
        if len(one.rows) != len(other.rows) or len(one.head) != len(other.head):
            raise ValueError(f"a table has {len(one.rows)} rows of {one.head} in English and {len(other.rows)} of {other.head} in Chinese")
        yield one, other

"""Place the map and the pictures in the page, each with how to read it and, folded beneath, the table of its numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

from results.report import numbers
from results.report.figures import Picture
from results.report.icons import icon
from results.report.markup import LANGUAGES, both, folded, labelled, section, table, tag, told

TOLD_ELSEWHERE = ("goals",)
"""Pictures whose numbers the report writes out in a section of their own."""
COLUMNS = ("from", "to", "count", "name", "value")


def map_section(drawn: Mapping[str, Any]) -> str:
    """Make room for the flow map, under the notice that it is a sketch, and write its flows as tables.

    drawn : what the script draws, see flowmap.py
    """
    notice = tag("p", icon("notice") + both(told("report.map.schematic")), class_="schematic")
    drawing = tag("div", "", id="flowmap", role="group", **labelled(told("report.map.label")))
    figure = tag("figure", notice + drawing + tag("figcaption", tag("p", both(told("report.map.note")))), class_="picture map")
    flows = "".join(_flows(kind, drawn) for kind in dict.fromkeys(edge["kind"] for edge in drawn["edges"]))
    return section("map", told("report.map.title"), figure + flows)


def _flows(kind: str, drawn: Mapping[str, Any]) -> str:
    """Write the flows of one kind the map draws, the largest first."""
    names = {place["id"]: place["name"] for place in (*drawn["nodes"], *drawn["rings"])}
    edges = sorted((edge for edge in drawn["edges"] if edge["kind"] == kind), key=lambda edge: -edge["count"])
    rows = [(both(names[edge["from"]]), both(names[edge["to"]]), both(f"{edge['count']:,}")) for edge in edges]
    title = told(f"report.map.{kind}", count=len(rows))
    head = [told(f"report.map.{column}") for column in ("from", "to", "count")]
    return folded(title, table(title, head, rows, figures=(2,)))


def pictures_section(pictures: Sequence[Picture]) -> str:
    """Place every picture."""
    inner = "".join(placed(picture) for picture in pictures)
    return section("pictures", told("report.pictures.title"), tag("p", both(told("report.pictures.lead")), class_="lead") + inner)


def placed(picture: Picture) -> str:
    """Place one picture: heading, note, room for the figure, table."""
    heading = tag("h3", both(picture.title), id=f"picture-{picture.key}-title")
    caption = tag("figcaption", heading + tag("p", both(picture.note)))
    height = f"min-height:{picture.figure['en']['layout']['height']}px"
    room = tag("div", "", class_="plot", data_picture=picture.key, style=height, role="img", **labelled(picture.title))
    return tag("figure", caption + room, class_="picture", id=f"picture-{picture.key}") + _tables(picture)


def _tables(picture: Picture) -> str:
    """Write the tables of a picture's numbers, folded."""
    words = {lang: {column: told(f"report.column.{column}")[lang] for column in COLUMNS} for lang in LANGUAGES}
    if picture.key in TOLD_ELSEWHERE:
        return ""
    en, zh = (numbers.tables(picture.figure[lang], words[lang]) for lang in LANGUAGES)
    inner = "".join(_table(one, other, picture.title) for one, other in numbers.paired(en, zh))
    return folded(told("report.pictures.numbers", title=picture.title), inner) if inner else ""


def _table(en: numbers.Numbers, zh: numbers.Numbers, title: Mapping[str, str]) -> str:
    """Write one table in both languages."""
    caption = {"en": en.title, "zh": zh.title} if en.title and zh.title else title
    head = [{"en": one, "zh": other} for one, other in zip(en.head, zh.head, strict=True)]
    pairs = zip(en.rows, zh.rows, strict=True)
    rows = [[both({"en": one, "zh": other}) for one, other in zip(left, right, strict=True)] for left, right in pairs]
    names = 2 if head[0] == told("report.column.from") else 1
    return table(caption, head, rows, figures=tuple(range(names, len(head))))


def figures_of(pictures: Sequence[Picture]) -> dict[str, Mapping[str, Any]]:
    """Give what the page's script draws: key -> language -> figure."""
    return {picture.key: picture.figure for picture in pictures}

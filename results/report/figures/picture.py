"""What all pictures share: how one is made in every language, colours, fonts, axes and bars.

A figure is a plain dict {data, layout} as plotly.js takes it; plotly itself is not imported, which would cost a second.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from results.store.run import Run
from sim.language.messages import say

LANGUAGES = ("en", "zh")
Figure = dict[str, Any]
Words = Mapping[str, str]

GREEN, BLUE, ORANGE, PINK = "#009E73", "#0072B2", "#D55E00", "#CC79A7"
DOWN, SKY, AMBER = "#B8860B", "#56B4E9", "#E69F00"
GREEN_WORDS, ORANGE_WORDS = "#00755A", "#B34700"
"""Darker, for words: against white the others are too light to be read by everyone (4.5 : 1)."""
GREY, PALE, INK, MUTED = "#8A94A0", "#E3E7EB", "#1F2933", "#5B6770"
TIER_COLOURS = {"village": "#66C2A5", "clinic": "#A6D854", "township": GREEN, "county": BLUE, "municipal": PINK, "provincial": "#8E4A73"}
"""Okabe and Ito's colours, told apart by the colour-blind: primary green, county blue, tertiary pink."""
FONT = "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif"


def hatched(colour: str, shape: str) -> dict[str, Any]:
    """Give bars a colour and a white pattern over it, so that they differ without colour too."""
    return {
        "color": colour,
        "pattern": {"shape": shape, "fillmode": "overlay", "fgcolor": "white", "fgopacity": 0.45, "size": 6, "solidity": 0.25},
    }


class Picture(NamedTuple):
    """One picture of a run, in every language."""

    key: str
    title: Words
    note: Words
    """How to read it, in a sentence or two."""
    figure: Mapping[str, Figure]
    """Language -> {data, layout}."""


class Sentence(NamedTuple):
    """A sentence of a note: a key of the messages and what it needs."""

    key: str
    values: Mapping[str, object] = {}


def picture(key: str, draw: Callable[[str], Figure], notes: Sequence[Sentence] = ()) -> Picture:
    """Make a picture in every language.

    key    : its name, under which messages hold title and note: figures.KEY.title, figures.KEY.note
    draw   : language -> figure
    notes  : further sentences for the note
    """
    sentences = (Sentence(f"figures.{key}.note"), *notes)
    return Picture(
        key,
        {lang: say(f"figures.{key}.title", lang) for lang in LANGUAGES},
        {lang: say("figures.between", lang).join(say(note.key, lang, **note.values) for note in sentences) for lang in LANGUAGES},
        {lang: draw(lang) for lang in LANGUAGES},
    )


def sampled(run: Run) -> list[Sentence]:
    """Say that counts are those of a part of the people, where only a part was simulated."""
    scale = float(run.facts.get("scale", 1.0))
    return [] if scale >= 1 else [Sentence("figures.sampled", {"percent": f"{scale * 100:g}"})]


def layout(height: int, **more: Any) -> dict[str, Any]:
    """Give the layout all pictures begin with: plain white, small margins, a legend above."""
    plain = {
        "height": height,
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "margin": {"l": 8, "r": 24, "t": 40, "b": 44},
        "hoverlabel": {"font": {"family": FONT, "size": 13}, "align": "left"},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        "showlegend": False,
        "barmode": "overlay",
        "bargap": 0.28,
    }
    return plain | more


def value_axis(title: str, **more: Any) -> dict[str, Any]:
    """Give an axis of values: light lines, a title with the unit."""
    return {
        "title": {"text": title, "font": {"size": 12, "color": MUTED}, "standoff": 8},
        "gridcolor": PALE,
        "zeroline": True,
        "zerolinecolor": GREY,
        "zerolinewidth": 1,
        "tickfont": {"size": 12, "color": MUTED},
        "ticks": "",
        "rangemode": "tozero",
        "fixedrange": True,
        "automargin": True,
        "exponentformat": "none",
        "separatethousands": True,
    } | more


def name_axis(names: Sequence[str], **more: Any) -> dict[str, Any]:
    """Give an axis of names, the first on top."""
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": list(names),
        "autorange": "reversed",
        "ticks": "",
        "showgrid": False,
        "tickfont": {"size": 12, "color": INK},
        "fixedrange": True,
        "automargin": True,
    } | more


def columns(count: int, gap: float = 0.05) -> list[list[float]]:
    """Part the width into columns: [[from, to], ...]."""
    width = (1 - gap * (count - 1)) / count
    return [[round(i * (width + gap), 4), round(i * (width + gap) + width, 4)] for i in range(count)]


def heading(text: str, x: float, y: float = 1.0, **more: Any) -> dict[str, Any]:
    """Write a heading over a panel; x, y : parts of the width and height."""
    place = {"x": x, "y": y, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    return place | {"text": f"<b>{text}</b>", "font": {"size": 13, "color": INK}, "align": "left"} | more


def bars(names: Sequence[str], values: Iterable[float | None], written: Sequence[str], hover: Sequence[str], **more: Any) -> dict[str, Any]:
    """Lay bars with their values written at the end and what they mean in the hover."""
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(names),
        "x": list(values),
        "text": list(written),
        "textposition": "outside",
        "textfont": {"size": 12},
        "cliponaxis": False,
        "constraintext": "none",
        "hovertext": list(hover),
        "hoverinfo": "text",
    } | more


def shortened(name: str, width: int = 36) -> str:
    """Cut a name that is too long to stand beside a bar; what stands in brackets goes first."""
    bare = name.split(" (")[0].split("(")[0].split("（")[0].strip()
    return bare if len(bare) <= width else f"{bare[: width - 1].rstrip()}…"


def wrapped(name: str, width: int = 30) -> str:
    """Break a long name over lines where a space allows it; names without spaces stay whole."""
    lines: list[str] = []
    for word in name.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "<br>".join(lines)

"""Draw the course of scenarios: month by month the mean over the runs with a band of luck, a panel a quantity, a colour a scenario."""

from collections.abc import Sequence
from typing import Any

from experiments.comparing.course import Course, Series
from experiments.reporting.words import LANGUAGES
from results.measuring.definitions import definition, definitions
from results.report.figures.picture import INK, Figure, Picture, heading, layout, value_axis
from results.report.markup import told
from sim.language.messages import say

HIGH, ROOM = 146, 54
"""Height of a panel, and of what stands between two, pixels."""
FAINT = "33"
"""How much of a band's colour is seen, as two hexadecimal digits."""


def course_picture(course: Course, colours: Sequence[str]) -> Picture:
    """Draw all quantities, one below the other."""
    figure = {lang: _figure(course, colours, lang) for lang in LANGUAGES}
    return Picture("course", told("compare.course"), told("compare.course.note"), figure)


def _figure(course: Course, colours: Sequence[str], lang: str) -> Figure:
    """Lay out the panels."""
    whole = len(course) * (HIGH + ROOM) + 40
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes: list[dict[str, Any]] = []
    for at, (quantity, scenarios) in enumerate(course.items()):
        suffix = str(at + 1) if at else ""
        top = 1 - (at * (HIGH + ROOM) + 40) / whole
        months = next(iter(scenarios.values())).months
        axes[f"yaxis{suffix}"] = value_axis(_unit(quantity, lang), domain=[max(top - HIGH / whole, 0), top], rangemode="normal", nticks=5)
        axes[f"xaxis{suffix}"] = _months(len(months), months, f"y{suffix}", lang)
        notes.append(heading(_title(quantity, lang), 0, top, yshift=6))
        for number, (scenario, series) in enumerate(scenarios.items()):
            traces += _band(series, scenario, _factor(quantity), suffix, colours[number % len(colours)], shown=not at)
    legend = {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "xanchor": "left"}
    return {"data": traces, "layout": layout(whole, annotations=notes, showlegend=True, legend=legend, **axes)}


def _months(many: int, months: Sequence[str], anchor: str, lang: str) -> dict[str, Any]:
    """Give the axis of months, which stand by their number whatever the year."""
    names = [say("compare.course.month", lang, month=int(month)) for month in months]
    plain = {"tickvals": list(range(many)), "ticktext": names, "range": [-0.4, many - 0.6], "anchor": anchor}
    return plain | {"showgrid": False, "zeroline": False, "fixedrange": True, "tickfont": {"size": 12, "color": INK}}


def _band(series: Series, scenario: str, factor: float, suffix: str, colour: str, shown: bool) -> list[dict[str, Any]]:
    """Draw one line with its band: upper edge, lower edge filled up to it, the mean on top."""
    means = [None if one.mean is None else round(one.mean * factor, 4) for one in series.values]
    halves = [round((one.half or 0.0) * factor, 4) for one in series.values]
    known = [(mean, half) if mean is not None else None for mean, half in zip(means, halves, strict=True)]
    place = {"type": "scatter", "x": list(range(len(means))), "xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "legendgroup": scenario}
    edge = place | {"mode": "lines", "line": {"width": 0, "color": colour}, "hoverinfo": "skip", "showlegend": False}
    upper = edge | {"y": [one and sum(one) for one in known]}
    lower = edge | {"y": [one and one[0] - one[1] for one in known], "fill": "tonexty", "fillcolor": colour + FAINT}
    line = place | {
        "mode": "lines+markers",
        "y": means,
        "name": scenario,
        "showlegend": shown,
        "line": {"color": colour, "width": 2},
        "marker": {"size": 5, "color": colour},
        "hovertext": [f"{scenario}<br>{one[0]:,.2f} ±{one[1]:,.2f}" if one else scenario for one in known],
        "hoverinfo": "text",
        "cliponaxis": False,
    }
    return [upper, lower, line]


def _title(quantity: str, lang: str) -> str:
    """Call a quantity: a measure by its title."""
    return definition(quantity).title[lang] if quantity in definitions() else say(f"compare.course.{quantity}", lang)


def _unit(quantity: str, lang: str) -> str:
    """Give the unit of a quantity."""
    return "%" if quantity in definitions() else say(f"compare.course.{quantity}.unit", lang)


def _factor(quantity: str) -> float:
    """Say by what a quantity is multiplied: shares are in percent."""
    return 100.0 if quantity in definitions() else 1.0

"""Draw where differences come from: what is no mechanism, each mechanism, what they do only together; and write it as a table."""

from collections.abc import Mapping, Sequence

from experiments.comparing.finding import gap_with_half
from experiments.comparing.intervals import Estimate
from experiments.comparing.origins import Origin
from experiments.reporting.words import LANGUAGES, axis_of, each, factor_of
from results.measuring.definitions import definition
from results.measuring.definitions import words as table_words
from results.report.drawn import placed
from results.report.figures.picture import BLUE, GREY, INK, Figure, Picture, heading, layout, name_axis, value_axis, wrapped
from results.report.markup import Words, both, table, tag, told
from results.telling.day import title
from sim.mechanisms import MECHANISMS

ROW, ROOM = 26, 84
"""Height of a bar, and of what stands around the bars of a measure, pixels."""


def parts_section(first: str, other: str, origins: Mapping[str, Origin]) -> tuple[str, list[Picture]]:
    """Write where the differences of another scenario come from; returns HTML, and the picture in it."""
    if not origins:
        return "", []
    words = told("compare.parts", first=first, other=other)
    figure = {lang: _figure(origins, lang) for lang in LANGUAGES}
    picture = Picture(f"parts_{other}", words, told("compare.parts.note"), figure)
    rows = [
        [both(name), *(_cell(measure, parts[row]) for measure, parts in _parts(origins).items())]
        for row, name in enumerate(_names(origins))
    ]
    head = ["", *(definition(measure).title for measure in origins)]
    return tag("div", placed(picture)) + table(words, head, rows, figures=tuple(range(1, len(head)))), [picture]


def _names(origins: Mapping[str, Origin]) -> list[Words]:
    """Call the parts, the whole last."""
    mechanisms = next(iter(origins.values())).parts
    named = [{lang: title(MECHANISMS[name])[lang] for lang in LANGUAGES} for name in mechanisms]
    return [told("compare.parts.elsewhere"), *named, told("parts.together"), told("compare.parts.whole")]


def _parts(origins: Mapping[str, Origin]) -> Mapping[str, Sequence[Estimate]]:
    """Give the parts of every measure in the order of their names."""
    return {measure: [one.elsewhere, *one.parts.values(), one.together, one.whole] for measure, one in origins.items()}


def _cell(measure: str, part: Estimate) -> str:
    """Write one part with half its interval."""
    return both(each(lambda lang: gap_with_half(measure, part.mean, part.half, lang)))


def _unit(measure: str, lang: str) -> str:
    """Give the unit of a difference: of a share points."""
    return table_words("units", "points", lang) if definition(measure).in_percent else axis_of(measure, lang)


def _figure(origins: Mapping[str, Origin], lang: str) -> Figure:
    """Lay a panel for each measure below the other: a bar a part, the whole in ink."""
    names = [wrapped(name[lang]) for name in _names(origins)]
    high = ROW * len(names) + ROOM
    whole = high * len(origins)
    traces, axes, notes = [], {}, []
    for at, (measure, parts) in enumerate(_parts(origins).items()):
        suffix, factor = str(at + 1) if at else "", factor_of(measure)
        top = 1 - (at * high + 30) / whole
        axes[f"yaxis{suffix}"] = name_axis(names, domain=[max(top - ROW * len(names) / whole, 0), top])
        axes[f"xaxis{suffix}"] = value_axis(_unit(measure, lang), anchor=f"y{suffix}", rangemode="normal")
        notes.append(heading(definition(measure).title[lang], 0, top, yshift=4))
        sizes = [round((part.mean or 0.0) * factor, 5) for part in parts]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "x": sizes,
                "y": names,
                "xaxis": f"x{suffix}",
                "yaxis": f"y{suffix}",
                "marker": {"color": [GREY, *[BLUE] * (len(names) - 3), GREY, INK]},
                "error_x": {
                    "type": "data",
                    "array": [round((part.half or 0.0) * factor, 5) for part in parts],
                    "color": INK,
                    "thickness": 1,
                },
                "hovertext": [
                    f"{name}<br>{gap_with_half(measure, part.mean, part.half, lang)}" for name, part in zip(names, parts, strict=True)
                ],
                "hoverinfo": "text",
            }
        )
    return {"data": traces, "layout": layout(whole, annotations=notes, **axes)}

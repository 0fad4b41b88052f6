"""The report of a comparison: what was found, how the headline measures lie, year beside year, who gains and who loses."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from experiments.comparing.compare import Comparison
from experiments.comparing.course import course_of
from experiments.comparing.finding import MARKS, certainty, gap_with_half, sentences
from experiments.comparing.groups import GROUPS, Group, by_group
from experiments.comparing.moved import changes
from experiments.comparing.origins import Origin
from experiments.comparing.replicated import Replicated, headlines
from experiments.reporting.course import course_picture
from experiments.reporting.moved import moved_picture
from experiments.reporting.names import group_names
from experiments.reporting.parts import parts_section
from experiments.reporting.words import LANGUAGES, axis_of, each, factor_of
from results.measuring.definitions import ABSENT, definition, definitions, groups, written
from results.report.drawn import placed
from results.report.figures.picture import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    SKY,
    Figure,
    Picture,
    columns,
    heading,
    layout,
    name_axis,
    value_axis,
)
from results.report.markup import both, section, table, tag, told
from results.report.page import assembled
from results.store.pool import DONE
from sim.language.messages import say
from sim.reading.blocks import FrozenMapping
from sim.scenario.scenario import Scenario

COLOURS = (GREY, BLUE, GREEN, ORANGE, PINK, SKY)
ROW = 22


def page(
    found: Replicated, scenarios: Sequence[Scenario], lang: str = "en", parts: Mapping[str, Mapping[str, Origin]] = FrozenMapping()
) -> str:
    """Write the report.

    parts : other scenario -> measure -> where its difference comes from, as far as that was asked for
    """
    compared = found.comparison
    first, others = compared.scenarios[0], compared.scenarios[1:]
    lie = [boxes(found, scenarios), differences(compared, others[-1]), *course_of_all(found)]
    who = [*moved(found, scenarios), *gains(found)]
    taken = [parts_section(first, other, origins) for other, origins in parts.items()]
    title = each(lambda lang: say("compare.page.title", lang, names=say("compare.versus", lang).join(_titles(scenarios, lang).values())))
    inner = {
        "lie": "".join(map(placed, lie)),
        "parts": "".join(text for text, _ in taken),
        "table": "".join(beside(compared, other) for other in others),
        "who": "".join(map(placed, who)) or tag("p", both(told("compare.page.nobody"))),
    }
    contents = {key: told(f"compare.page.{key}") for key, text in inner.items() if text}
    body = "".join(section(key, heading, inner[key]) for key, heading in contents.items())
    pictures = [*lie, *(one for _, drawn in taken for one in drawn), *who]
    return assembled(lang, title, contents, _head(found, scenarios, title), body, pictures)


def course_of_all(found: Replicated) -> list[Picture]:
    """Draw the course of the scenarios, where the runs kept what it takes."""
    course = course_of(found.batch, found.comparison.seeds)
    return [course_picture(course, COLOURS)] if course else []


def moved(found: Replicated, scenarios: Sequence[Scenario]) -> list[Picture]:
    """Draw who goes elsewhere under each other scenario, where the runs kept flows."""
    compared, first = found.comparison, found.comparison.scenarios[0]
    drawn = (
        moved_picture(scenarios[0], first, other, changes(found.batch, compared.seeds, first, other, compared.paired[other]))
        for other in compared.scenarios[1:]
    )
    return [picture for picture in drawn if picture is not None]


def gains(found: Replicated) -> list[Picture]:
    """Draw who gains and who loses under each other scenario, where the runs kept a table of people."""
    compared, first = found.comparison, found.comparison.scenarios[0]
    rows = {other: by_group(found.batch, compared.seeds, first, other, compared.paired[other]) for other in compared.scenarios[1:]}
    return [gained(found, other, some) for other, some in rows.items() if some]


def _titles(scenarios: Sequence[Scenario], lang: str) -> dict[str, str]:
    """Call the scenarios: name -> title."""
    return {scenario.name: scenario.title.say(lang) for scenario in scenarios}


def _head(found: Replicated, scenarios: Sequence[Scenario], title: Mapping[str, str]) -> str:
    """Write what was found in a sentence, and what to bear in mind."""
    compared = found.comparison
    said = {lang: " ".join(sentences(compared, headlines(scenarios), lang)) for lang in LANGUAGES}
    line = told("compare.page.facts", names=", ".join(compared.scenarios), runs=len(compared.seeds), scale=f"{compared.scale * 100:g}")
    warnings = [told("compare.luck")]
    warnings += [told("experiment.page.scaled", scale=f"{compared.scale * 100:g}")] if compared.scale < 1 else []
    strangers = [name for name, shared in compared.paired.items() if not shared]
    warnings += [told("compare.unpaired", names=", ".join(strangers), first=compared.scenarios[0])] if strangers else []
    notes = "".join(tag("p", both(words), class_="warning") for words in warnings)
    return tag("h1", both(title)) + tag("p", both(line), class_="facts-line") + tag("p", both(said), class_="summary") + notes


def boxes(found: Replicated, scenarios: Sequence[Scenario]) -> Picture:
    """Draw how the headline measures lie over the seeds, a box a scenario."""
    names = [name for name in headlines(scenarios) if name in found.comparison.measures][:3]
    values = {name: _values(found, name) for name in names}
    figure = {lang: _boxes(found.comparison, names, values, lang) for lang in LANGUAGES}
    return Picture("boxes", told("compare.page.boxes"), told("compare.page.boxes.note"), figure)


def _values(found: Replicated, name: str) -> dict[str, list[float]]:
    """Read a measure of every scenario, seed by seed."""
    batch, names = found.batch, list(found.batch.design.bases)
    told_by: dict[str, list[float]] = {scenario: [] for scenario in names}
    for planned in batch.rows():
        if planned.seed in found.comparison.seeds and batch.pool.status(planned.key) == DONE:
            value = batch.pool.read(planned.key).measures.get(name)
            told_by[names[planned.variant]] += [] if value is None else [float(value)]
    return told_by


def _boxes(compared: Comparison, names: Sequence[str], values: Mapping[str, Mapping[str, Sequence[float]]], lang: str) -> Figure:
    """Lay the boxes of each measure in a panel of its own, one under the other."""
    traces, axes, notes = [], {}, []
    high = len(compared.scenarios) * 34 + 78
    whole = high * len(names) + 20
    for row, name in enumerate(names):
        suffix = str(row + 1) if row else ""
        top = 1 - row * high / whole
        axes[f"yaxis{suffix}"] = name_axis(compared.scenarios, domain=[max(top - (high - 74) / whole - 0.02, 0), top - 30 / whole])
        axes[f"xaxis{suffix}"] = value_axis(
            "", anchor=f"y{suffix}", rangemode="normal", zeroline=False, ticksuffix=f" {axis_of(name, lang)}"
        )
        notes.append(heading(definition(name).title[lang], 0, top - 24 / whole))
        for number, scenario in enumerate(compared.scenarios):
            traces.append(_box(values[name][scenario], scenario, factor_of(name), suffix, COLOURS[number % len(COLOURS)]))
    return {"data": traces, "layout": layout(whole, annotations=notes, **axes)}


def _box(values: Sequence[float], scenario: str, factor: float, suffix: str, colour: str) -> dict[str, Any]:
    """Draw one box with its runs as dots."""
    return {
        "type": "box",
        "orientation": "h",
        "x": [round(value * factor, 6) for value in values],
        "y": [scenario] * len(values),
        "xaxis": f"x{suffix}",
        "yaxis": f"y{suffix}",
        "boxpoints": "all",
        "jitter": 0.5,
        "pointpos": 0,
        "marker": {"size": 4, "color": colour, "opacity": 0.55},
        "line": {"color": colour, "width": 1.5},
        "fillcolor": "rgba(0,0,0,0)",
        "hoverinfo": "x",
    }


def differences(compared: Comparison, other: str) -> Picture:
    """Draw the differences in shares, each with its interval, the largest first."""
    rows = [
        (name, row.differences[other])
        for name, row in compared.measures.items()
        if definition(name).in_percent and definition(name).shown and row.differences[other].half is not None
    ]
    rows.sort(key=lambda one: -(one[1].mean or 0.0))
    figure = {lang: _differences(rows, lang) for lang in LANGUAGES}
    note = told("compare.page.differences.note", other=other, first=compared.scenarios[0])
    return Picture("differences", told("compare.page.differences"), note, figure)


def _differences(rows: Sequence[Any], lang: str) -> Figure:
    """Draw a dot and a line a measure: green where it is better, orange where it is worse, grey where there is no better."""
    names = [definition(name).title[lang] for name, _ in rows]
    colours = [_colour(gap.better) for _, gap in rows]
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [round(100 * (gap.mean or 0.0), 4) for _, gap in rows],
        "y": names,
        "error_x": {"type": "data", "array": [round(100 * (gap.half or 0.0), 4) for _, gap in rows], "color": GREY, "thickness": 1.5},
        "marker": {"size": 9, "color": colours, "line": {"color": "white", "width": 1}},
        "hovertext": [
            f"{title}<br>{gap_with_half(name, gap.mean, gap.half, lang)}" for title, (name, gap) in zip(names, rows, strict=True)
        ],
        "hoverinfo": "text",
        "cliponaxis": False,
    }
    axis = value_axis(say("compare.page.points", lang), rangemode="normal")
    return {"data": [trace], "layout": layout(90 + ROW * len(rows), xaxis=axis, yaxis=name_axis(names))}


def _colour(better: float | None) -> str:
    """Choose the colour of a difference."""
    return GREY if better is None or 0.025 < better < 0.975 else GREEN if better > 0.5 else ORANGE


def beside(compared: Comparison, other: str) -> str:
    """Write year beside year: every measure under both scenarios, the difference, and the chance that it is better."""
    first = compared.scenarios[0]
    head = [told("compare.page.measure"), first, other]
    head += [told("compare.column.difference"), told("compare.column.better"), ""]
    caption = {lang: f"{first}{say('compare.versus', lang)}{other}" for lang in LANGUAGES}
    rows = [row for group in groups("en") for row in _rows(compared, group, first, other)]
    return table(caption, head, rows, figures=(1, 2, 3, 4))


def _rows(compared: Comparison, group: str, first: str, other: str) -> Iterator[list[str]]:
    """Write the rows under one heading."""
    names = [name for name, meant in definitions().items() if meant.group == group and meant.shown and name in compared.measures]
    if names:
        yield [tag("strong", both({lang: groups(lang)[group] for lang in LANGUAGES})), *[""] * 5]
    for name in names:
        found, gap = compared.measures[name], compared.measures[name].differences[other]
        values = [both(each(lambda lang, one=one: written(name, found.estimates[one].mean, lang))) for one in (first, other)]  # type: ignore[misc] # noqa: B023
        change = both(each(lambda lang: gap_with_half(name, gap.mean, gap.half, lang)))  # noqa: B023
        better = ABSENT if gap.better is None else f"{100 * gap.better:.0f} %"
        yield [both(definition(name).title), *values, change, better, MARKS[certainty(gap)] if gap.mean is not None else ""]


def gained(found: Replicated, other: str, rows: Sequence[Group]) -> Picture:
    """Draw what differs for the people of each town, age and income, a panel for each thing that matters."""
    first = found.comparison.scenarios[0]
    figure = {lang: _gained(found, rows, lang) for lang in LANGUAGES}
    return Picture(f"gained_{other}", told("compare.who", first=first, other=other), told("compare.who.drawn"), figure)


def _gained(found: Replicated, rows: Sequence[Group], lang: str) -> Figure:
    """Lay out the panels side by side, the groups one under the other."""
    matters = list(dict.fromkeys(row.matter for row in rows))
    base = next(iter(found.batch.design.bases.values()))
    names = {(by, group): f"{group_names(base, by, lang).get(group, group)}" for by in GROUPS for group in _of(rows, by)}
    order = list(names.values())
    traces, axes, notes = [], {"yaxis": name_axis(order)}, []
    for at, (matter, domain) in enumerate(zip(matters, columns(len(matters), 0.03), strict=True)):
        suffix = str(at + 1) if at else ""
        axes[f"xaxis{suffix}"] = value_axis("", domain=domain, rangemode="normal", nticks=4)
        notes.append(heading(say(f"compare.matter.{matter}", lang), domain[0], 1.0))
        mine = [row for row in rows if row.matter == matter and row.difference.mean is not None]
        factor = 100.0 if matter.endswith("forgone") else 1.0
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "xaxis": f"x{suffix}",
                "x": [round((row.difference.mean or 0.0) * factor, 4) for row in mine],
                "y": [names[row.by, row.group] for row in mine],
                "error_x": {"type": "data", "array": [round((row.difference.half or 0.0) * factor, 4) for row in mine], "color": GREY},
                "marker": {
                    "size": 8,
                    "color": [_sign(row) for row in mine],
                    "symbol": [_filled(row) for row in mine],
                    "line": {"width": 2},
                },
                "hoverinfo": "x+y",
                "cliponaxis": False,
            }
        )
    return {"data": traces, "layout": layout(90 + ROW * len(order), annotations=notes, **axes)}


def _of(rows: Sequence[Group], by: str) -> list[str]:
    """List the groups of a kind."""
    return list(dict.fromkeys(row.group for row in rows if row.by == by))


def _sign(row: Group) -> str:
    """Choose the colour of a group: green where it gains beyond luck, orange where it loses."""
    low, high = row.difference.low, row.difference.high
    return GREY if low is None or high is None or low <= 0 <= high else GREEN if high < 0 else ORANGE


def _filled(row: Group) -> str:
    """Choose the dot of a group: full where the difference stands out of luck with allowance made for all of them, else a ring."""
    return "circle" if row.difference.clear else "circle-open"

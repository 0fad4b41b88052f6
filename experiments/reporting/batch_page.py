"""The report of an experiment: what was varied, what came of it point by point, and what each lever does."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from experiments.comparing.compare import difference
from experiments.comparing.finding import gap_with_half
from experiments.comparing.intervals import Estimate, estimate
from experiments.reporting.words import (
    LANGUAGES,
    axis_of,
    cell_words,
    each,
    factor_of,
    lever_label,
    lever_name,
    point_words,
    with_half,
)
from experiments.running.batch import Batch
from results.measuring.definitions import definition
from results.report.drawn import placed
from results.report.figures.picture import BLUE, GREEN, GREY, ORANGE, PINK, SKY, Figure, Picture, layout, name_axis, value_axis
from results.report.markup import both, section, table, tag, told
from results.report.page import assembled
from results.store.pool import DONE, FAILED
from sim.language.messages import say

MOST_POINTS = 60
"""Points drawn with a name each; more are drawn as a cloud."""
ROW = 24
COLOURS = (BLUE, ORANGE, GREEN, PINK, SKY, GREY)


class Point(NamedTuple):
    """One variant with what its runs measured: outcome -> one value a seed."""

    variant: int
    values: Mapping[str, Sequence[float | None]]

    def at(self, name: str) -> Estimate:
        """Give the mean of an outcome with its interval."""
        return estimate(self.values[name])


def page(batch: Batch, lang: str = "en") -> str:
    """Write the report."""
    design = batch.design
    points, outcomes = points_of(batch), design.outcomes
    pictures = [picture_of(batch, points, name) for name in outcomes]
    title = each(lambda lang: design.said.title.say(lang) if design.said.title is not None else design.said.name)
    contents = {key: told(f"experiment.page.{key}") for key in ("outcomes", "levers", "varied")}
    body = [_outcomes(batch, points, outcomes, pictures), _levers(batch, points, outcomes), _varied(batch)]
    return assembled(lang, title, contents, _head(batch, title), "".join(body), pictures)


def points_of(batch: Batch) -> list[Point]:
    """Read the outcomes of every variant, seed by seed; a run that failed measured nothing."""
    outcomes = batch.design.outcomes
    values: list[dict[str, list[float | None]]] = [{name: [] for name in outcomes} for _ in batch.variants]
    for planned in batch.rows():
        done = batch.pool.status(planned.key) == DONE
        measures = batch.pool.read(planned.key).measures if done else {}
        for name in outcomes:
            values[planned.variant][name].append(measures.get(name))
    return [Point(row, some) for row, some in enumerate(values)]


def _head(batch: Batch, title: Mapping[str, str]) -> str:
    """Write the heading, and what to bear in mind."""
    design, said = batch.design, batch.design.said
    keys = [planned.key for planned in batch.rows()]
    failed = sum(batch.pool.status(key) == FAILED for key in keys)
    counts = {"name": said.name, "runs": len(keys), "seeds": len(said.seeds), "points": design.number_of_points, "draws": len(design.drawn)}
    line = told("experiment.page.facts", scenarios=", ".join(design.bases), scale=f"{said.scale * 100:g}", **counts)
    warnings = [told("experiment.page.luck")]
    warnings += [told("experiment.page.failed", failed=failed)] if failed else []
    warnings += [told("experiment.page.scaled", scale=f"{said.scale * 100:g}")] if said.scale < 1 else []
    notes = "".join(tag("p", both(words), class_="warning") for words in warnings)
    return tag("h1", both(title)) + tag("p", both(line), class_="facts-line") + notes


def picture_of(batch: Batch, points: Sequence[Point], name: str) -> Picture:
    """Draw one outcome: a dot with its interval a point, or a cloud over each lever where there are many."""
    many = len(points) > MOST_POINTS
    note = told("experiment.page.cloud" if many else "experiment.page.dots")
    figure = {lang: (cloud if many else dots)(batch, points, name, lang) for lang in LANGUAGES}
    return Picture(f"outcome_{name}", definition(name).title, note, figure)


def dots(batch: Batch, points: Sequence[Point], name: str, lang: str) -> Figure:
    """Draw a dot with its interval for every point, coloured by the first lever."""
    design, factor = batch.design, factor_of(name)
    names = [point_words(design, batch.variants[point.variant], lang) for point in points]
    kinds = [str(batch.variants[point.variant].cells[0]) if design.columns else "" for point in points]
    traces = []
    for number, kind in enumerate(dict.fromkeys(kinds)):
        mine = [(one, point.at(name)) for one, point, of in zip(names, points, kinds, strict=True) if of == kind]
        known = [(one, found) for one, found in mine if found.mean is not None]
        traces.append(_trace(name, known, factor, COLOURS[number % len(COLOURS)], lang))
    axis = value_axis(axis_of(name, lang), rangemode="normal", zeroline=False)
    return {"data": traces, "layout": layout(90 + ROW * len(points), xaxis=axis, yaxis=name_axis(names))}


def _trace(name: str, known: Sequence[tuple[str, Estimate]], factor: float, colour: str, lang: str) -> dict[str, Any]:
    """Draw some dots with whiskers."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [round((found.mean or 0.0) * factor, 6) for _, found in known],
        "y": [one for one, _ in known],
        "error_x": {
            "type": "data",
            "array": [round((found.half or 0.0) * factor, 6) for _, found in known],
            "color": colour,
            "thickness": 1.5,
        },
        "marker": {"size": 9, "color": colour, "line": {"color": "white", "width": 1}},
        "hovertext": [f"{one}<br>{with_half(name, found, lang)}" for one, found in known],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def cloud(batch: Batch, points: Sequence[Point], name: str, lang: str) -> Figure:
    """Draw the outcome over each lever that is a number, a panel a lever."""
    design, factor = batch.design, factor_of(name)
    numbers = [column for row, column in enumerate(design.columns) if _is_number(batch, row)]
    traces, axes = [], {}
    for row, column in enumerate(numbers):
        at = design.columns.index(column)
        suffix = str(row + 1) if row else ""
        low = row / len(numbers)
        axes[f"xaxis{suffix}"] = value_axis(
            lever_label(design, column, lang), domain=[low + 0.02, low + 0.9 / len(numbers)], rangemode="normal"
        )
        x = [batch.variants[point.variant].cells[at] for point in points]
        y = [point.at(name).mean for point in points]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": x,
                "y": [None if value is None else round(value * factor, 6) for value in y],
                "xaxis": f"x{suffix}",
                "marker": {"size": 5, "color": BLUE, "opacity": 0.6},
                "hoverinfo": "x+y",
            }
        )
    axis = value_axis(axis_of(name, lang), rangemode="normal", zeroline=False)
    return {"data": traces, "layout": layout(340, yaxis=axis, **axes)}


def _is_number(batch: Batch, row: int) -> bool:
    """Say whether a lever holds numbers throughout."""
    return all(isinstance(variant.cells[row], int | float) and not isinstance(variant.cells[row], bool) for variant in batch.variants)


def _outcomes(batch: Batch, points: Sequence[Point], outcomes: Sequence[str], pictures: Sequence[Picture]) -> str:
    """Place the pictures, and beneath them the table of all points."""
    drawn = "".join(placed(one) for one in pictures)
    head = [told("experiment.page.point"), *(definition(name).title for name in outcomes)]
    rows = [
        [both(each(lambda lang, point=point: point_words(batch.design, batch.variants[point.variant], lang)))]  # type: ignore[misc]
        + [both(each(lambda lang, point=point, name=name: with_half(name, point.at(name), lang))) for name in outcomes]  # type: ignore[misc]
        for point in points[:MOST_POINTS]
    ]
    whole = table(told("experiment.page.all_points"), head, rows, figures=tuple(range(1, len(head))))
    return section("outcomes", told("experiment.page.outcomes"), drawn + whole)


def _levers(batch: Batch, points: Sequence[Point], outcomes: Sequence[str]) -> str:
    """Say what each lever does: every level beside its first, all else equal, the same people with the same luck."""
    head = [told("experiment.page.lever"), told("experiment.page.level"), *(definition(name).title for name in outcomes)]
    rows = [row for at in range(len(batch.design.columns)) for row in _lever_rows(batch, points, outcomes, at)]
    if not rows:
        return section("levers", told("experiment.page.levers"), tag("p", both(told("experiment.page.no_levers"))))
    lead = tag("p", both(told("experiment.page.levers.lead")), class_="lead")
    whole = table(told("experiment.page.levers"), head, rows, figures=tuple(range(2, len(head))))
    return section("levers", told("experiment.page.levers"), lead + whole)


def _lever_rows(batch: Batch, points: Sequence[Point], outcomes: Sequence[str], at: int) -> Iterator[list[str]]:
    """Compare the levels of one lever, point by point and seed by seed."""
    design, name = batch.design, batch.design.columns[at]
    levels = list(dict.fromkeys(batch.variants[point.variant].cells[at] for point in points))
    if not 2 <= len(levels) <= 12:
        return
    by: dict[Any, dict[Any, Point]] = {level: {} for level in levels}
    for point in points:
        variant = batch.variants[point.variant]
        rest = (variant.scenario, *(cell for row, cell in enumerate(variant.cells) if row != at))
        by[variant.cells[at]][rest] = point
    for level in levels[1:]:
        shared = [rest for rest in by[levels[0]] if rest in by[level]]
        cells = [both(each(lambda lang: lever_label(design, name, lang)))]
        names = [each(lambda lang, one=one: cell_words(design, name, one, lang)) for one in (levels[0], level)]  # type: ignore[misc]
        cells.append(both({lang: f"{names[0][lang]} → {names[1][lang]}" for lang in LANGUAGES}))
        for outcome in outcomes:
            found = _effect(by[levels[0]], by[level], shared, outcome)
            cells.append(both(each(lambda lang, found=found, outcome=outcome: gap_with_half(outcome, found.mean, found.half, lang))))  # type: ignore[misc]
        yield cells


def _effect(one: Mapping[Any, Point], two: Mapping[Any, Point], shared: Sequence[Any], outcome: str) -> Any:
    """Give the difference between two levels: seed by seed the mean over all that else was varied."""
    seeds = range(len(next(iter(one.values())).values[outcome]))
    means = [[_mean([by[rest].values[outcome][seed] for rest in shared]) for seed in seeds] for by in (one, two)]
    return difference(means[0], means[1])


def _mean(values: Sequence[float | None]) -> float | None:
    """Take a mean; nothing where any is missing."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if values and len(known) == len(values) else None


def _varied(batch: Batch) -> str:
    """Say what was varied, on which grounds, and how to run it again."""
    design = batch.design
    rows = []
    for at, name in enumerate(design.columns):
        values = list(dict.fromkeys(variant.cells[at] for variant in batch.variants))
        shown = each(lambda lang, values=values, name=name: _values(batch, name, values, lang))  # type: ignore[misc]
        block = "levers" if name in design.said.levers else "uncertainties" if name in design.said.uncertainties else ""
        kind = told(f"experiment.page.kind.{block or 'posterior'}")
        rows.append([both(each(lambda lang, name=name: lever_name(design, name, lang))), both(kind), both(shown)])  # type: ignore[misc]
    head = [told("experiment.page.lever"), told("experiment.page.kind"), told("experiment.page.values")]
    again = tag("pre", tag("code", f"tiercare batch {design.said.name}/experiment.yaml"))
    inner = (table(told("experiment.page.varied"), head, rows) if rows else "") + tag("p", both(told("experiment.page.again"))) + again
    return section("varied", told("experiment.page.varied"), inner)


def _values(batch: Batch, name: str, values: Sequence[Any], lang: str) -> str:
    """Write the values of a lever: all of few, the ends of many."""
    if len(values) <= 12:
        return say("experiment.page.between", lang).join(cell_words(batch.design, name, value, lang) for value in values)
    return f"{cell_words(batch.design, name, min(values), lang)} – {cell_words(batch.design, name, max(values), lang)}"

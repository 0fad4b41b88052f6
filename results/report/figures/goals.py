"""Goals: each value beside its goal, the tolerance and the ceiling."""

from typing import Any, NamedTuple

from results.measuring.definitions import Standing, Value, definition, standing, with_unit, words, written, written_gap
from results.report.figures.picture import (
    BLUE,
    GREEN,
    GREEN_WORDS,
    INK,
    MUTED,
    ORANGE_WORDS,
    Figure,
    Picture,
    Sentence,
    layout,
    picture,
    value_axis,
    wrapped,
)
from results.store.run import Run
from sim.language.messages import say

ROW = 118
"""Height of a goal, pixels."""
MARKS = {"reached": "✓", "near": "≈", "missed": "✗", "unmeasured": "–", "short": "–", "trial": "–"}
"""A sign beside each verdict, so that it is not told by colour alone."""


class Goal(NamedTuple):
    """A goal and what was found."""

    name: str
    value: Value
    goal: float
    tolerance: float
    ceiling: Value
    """The most that could be reached, where the run says so."""
    standing: Standing

    @property
    def factor(self) -> float:
        """Say by what a value is multiplied on paper."""
        return 100.0 if definition(self.name).in_percent else 1.0


def goals(run: Run) -> list[Picture]:
    """Draw the goals of the scenario, if it has any."""
    found = [goal_of(run, name) for name in run.scenario.targets]
    if not found:
        return []
    notes = [Sentence("figures.goals.ceiling_note")] if any(goal.ceiling is not None for goal in found) else []
    return [picture("goals", lambda lang: draw(found, lang), notes)]


def goal_of(run: Run, name: str) -> Goal:
    """Judge one goal."""
    target, value = run.scenario.targets[name], run.measures.get(name)
    verdict = standing(name, value, float(target.goal), float(target.tolerance), len(run.tables["daily"]), run.facts["scale"])
    return Goal(name, value, float(target.goal), float(target.tolerance), run.measures.get(ceiling_name(name)), verdict)


def ceiling_name(name: str) -> str:
    """Name the measure that holds the ceiling of another."""
    return name.replace("_admission_share_", "_ceiling_") if "_admission_share_" in name else f"{name}_ceiling"


def draw(found: list[Goal], lang: str) -> Figure:
    """Draw one row for each goal, each on an axis of its own."""
    count = len(found)
    figure: Figure = {
        "data": [],
        "layout": layout(ROW * count + 30, margin={"l": 16, "r": 24, "t": 16, "b": 20}, annotations=[], shapes=[]),
    }
    for i, goal in enumerate(found):
        top, bottom = 1 - i / count, 1 - (i + 1) / count
        height = top - bottom
        axis = "" if i == 0 else str(i + 1)
        figure["layout"][f"yaxis{axis}"] = {
            "domain": [bottom + 0.24 * height, top - 0.42 * height],
            "range": [-1, 1],
            "visible": False,
            "fixedrange": True,
            "anchor": f"x{axis}",
        }
        figure["layout"][f"xaxis{axis}"] = scale(goal, lang) | {"anchor": f"y{axis}"}
        figure["layout"]["annotations"] += [*headings(goal, top, lang), *labels(goal, axis, lang)]
        figure["layout"]["shapes"] += shapes(goal, axis)
        figure["data"].append(dot(goal, axis, lang))
    return figure


def scale(goal: Goal, lang: str) -> dict[str, Any]:
    """Give the axis of a goal: wide enough for all its marks, and not beyond what a share can be."""
    marks = [mark * goal.factor for mark in (goal.value, goal.goal, goal.goal - goal.tolerance, goal.ceiling) if mark is not None]
    width = max(max(marks) - min(marks), 2 * goal.tolerance * goal.factor, 1e-9)
    low, high = min(marks) - 0.6 * width, max(marks) + 0.6 * width
    if goal.factor == 100.0:
        low, high = max(low, 0.0), min(high, 100.0)
    unit = with_unit("", words("units", definition(goal.name).unit, lang), lang)
    return value_axis("", range=[round(low, 2), round(high, 2)], ticksuffix=unit, zeroline=False, rangemode="normal", nticks=8)


def headings(goal: Goal, top: float, lang: str) -> list[dict[str, Any]]:
    """Write what is measured, and how it stands, over the row."""
    title = wrapped(definition(goal.name).title[lang], 70)
    word = say(f"verdict.{goal.standing.word}", lang)
    colour = {"reached": GREEN_WORDS, "near": BLUE, "missed": ORANGE_WORDS}.get(goal.standing.word, MUTED)
    gap = written_gap(goal.name, goal.standing.gap, lang)
    place = {"xref": "paper", "yref": "paper", "y": top, "yanchor": "top", "showarrow": False}
    left = place | {"x": 0, "xanchor": "left", "align": "left", "text": f"<b>{title}</b>", "font": {"size": 14}}
    verdict = f"<b>{MARKS[goal.standing.word]} {word}</b>　{gap}"
    return [left, place | {"x": 1, "xanchor": "right", "align": "right", "text": verdict, "font": {"size": 13, "color": colour}}]


def labels(goal: Goal, axis: str, lang: str) -> list[dict[str, Any]]:
    """Write value, goal and ceiling beside their marks."""
    place = {"xref": f"x{axis}", "yref": f"y{axis}", "showarrow": False, "y": 1, "yanchor": "bottom"}
    beside = "center" if goal.ceiling is None else "right" if goal.ceiling > goal.goal else "left"
    said = [place | {"x": on_paper(goal, goal.goal), "xanchor": beside, "text": told("goal", goal, goal.goal, lang)}]
    if goal.ceiling is not None:
        other = {"xanchor": {"right": "left", "left": "right"}[beside], "font": {"color": MUTED}}
        said.append(place | other | {"x": on_paper(goal, goal.ceiling), "text": told("ceiling", goal, goal.ceiling, lang)})
    if goal.value is not None:
        text = f"<b>{written(goal.name, goal.value, lang)}</b>"
        place = place | {"xanchor": "right", "xshift": -12, "yanchor": "middle", "font": {"size": 14, "color": BLUE}}
        said.append(place | {"x": on_paper(goal, goal.value), "y": 0, "text": text})
    return said


def on_paper(goal: Goal, amount: float) -> float:
    """Give an amount as it stands on the axis."""
    return round(amount * goal.factor, 4)


def told(word: str, goal: Goal, amount: float, lang: str) -> str:
    """Write 'goal 90.0 %'."""
    return say(f"figures.goals.{word}", lang, amount=written(goal.name, amount, lang))


def shapes(goal: Goal, axis: str) -> list[dict[str, Any]]:
    """Draw the tolerance as a band on the side where a planner does not want to be, the goal as a line, the ceiling dotted."""
    place = {"xref": f"x{axis}", "yref": f"y{axis}", "y0": -1, "y1": 1}
    least, most = {"up": (1, 0), "down": (0, 1), "none": (1, 1)}[definition(goal.name).good]
    start, end = (goal.goal - least * goal.tolerance) * goal.factor, (goal.goal + most * goal.tolerance) * goal.factor
    band = {
        "type": "rect",
        "x0": round(start, 4),
        "x1": round(end, 4),
        "fillcolor": GREEN,
        "opacity": 0.16,
        "line": {"width": 0},
        "layer": "below",
    }
    line = {"type": "line", "x0": on_paper(goal, goal.goal), "x1": on_paper(goal, goal.goal), "line": {"color": INK, "width": 2.5}}
    drawn = [place | band, place | line]
    if goal.ceiling is not None:
        x = on_paper(goal, goal.ceiling)
        drawn.append(place | {"type": "line", "x0": x, "x1": x, "line": {"color": MUTED, "width": 2, "dash": "dot"}})
    return drawn


def dot(goal: Goal, axis: str, lang: str) -> dict[str, Any]:
    """Draw the value as a dot."""
    decimals = definition(goal.name).decimals
    x = [] if goal.value is None else [round(goal.value * goal.factor, decimals)]
    text = f"{definition(goal.name).title[lang]}<br>{written(goal.name, goal.value, lang)}"
    return {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": [0] * len(x),
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
        "marker": {"size": 16, "color": BLUE, "line": {"color": "white", "width": 1.5}},
        "hovertext": text,
        "hoverinfo": "text",
        "cliponaxis": False,
    }

"""People: who goes without care, who waits and who pays, by town, by age and by poverty."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from results.measuring.definitions import FULL_YEAR
from results.report.figures.columns import Mean, Row, grouped, rows, total
from results.report.figures.names import town_names
from results.report.figures.picture import INK, Figure, Picture, bars, columns, heading, layout, name_axis, picture, value_axis
from results.store.run import Run
from sim.language.messages import say

COLOURS = ("#7B3294", "#9E5FB0", "#0072B2", "#4D6B7D")
"""A colour for each panel."""
PANELS = ("visits_forgone", "stays_forgone", "wait", "paid")
AGES = ("0-4", "5-14", "15-44", "45-64", "65+")
POOR = {True: "yes", False: "no"}
ROW = 26
INSIDE = {"textposition": "auto", "insidetextanchor": "start", "textangle": 0}
"""Bars carry their value where they begin, clear of the dashed line near their ends."""


class Panel(NamedTuple):
    """What one panel shows."""

    key: str
    mean: Callable[[Sequence[Row]], float | None]
    decimals: int


def people(run: Run) -> list[Picture]:
    """Draw three pictures of the people living here, where the run counted them."""
    if "residents" not in run.tables or not run.tables["residents"].num_rows:
        return []
    everyone, towns = rows(run.tables["residents"]), town_names(run)
    shown = panels(FULL_YEAR / max(len(run.tables["daily"]), 1))
    by_town = grouped(everyone, "town")
    order = sorted(by_town, key=lambda town: -(shown[0].mean(by_town[town]) or 0.0))
    named = {lang: {town: towns.get(town, {}).get(lang, town) for town in order} for lang in ("en", "zh")}
    ages, poor = grouped(everyone, "age"), grouped(everyone, "poor")
    of_age = {lang: {age: say("figures.people.age", lang, age=age) for age in AGES if age in ages} for lang in ("en", "zh")}
    of_poor = {lang: {word: say(f"figures.people.poor_{POOR[word]}", lang) for word in POOR if word in poor} for lang in ("en", "zh")}
    return [
        picture("people_town", lambda lang: draw(by_town, named[lang], everyone, shown, lang)),
        picture("people_age", lambda lang: draw(ages, of_age[lang], everyone, shown, lang)),
        picture("people_poor", lambda lang: draw(poor, of_poor[lang], everyone, shown, lang)),
    ]


def panels(yearly: float) -> list[Panel]:
    """List the panels; yearly : by what a sum over the run is multiplied to be one of a year."""
    return [
        Panel("visits_forgone", lambda some: share(some, "visits_forgone", "visit_needs", 100.0), 1),
        Panel("stays_forgone", lambda some: share(some, "stays_forgone", "stay_needs", 100.0), 1),
        Panel("wait", lambda some: share(some, "minutes_waited", "visits_in_county", 1.0), 1),
        Panel("paid", lambda some: share(some, "paid_by_patient_yuan", "people", yearly), 0),
    ]


def share(some: Sequence[Row], over: str, under: str, factor: float) -> float | None:
    """Divide two columns of some rows."""
    value = Mean(total(some, over), total(some, under)).value
    return None if value is None else value * factor


def draw(
    groups: Mapping[object, Sequence[Row]], names: Mapping[object, str], everyone: Sequence[Row], shown: Sequence[Panel], lang: str
) -> Figure:
    """Draw a row for each group of people and a panel for each question, with everyone's mean as a dashed line."""
    plain = layout(max(ROW * len(names), 60) + 110, margin={"l": 8, "r": 44, "t": 56, "b": 48}, annotations=[], shapes=[])
    plain["yaxis"] = name_axis(list(names.values()))
    figure: Figure = {"data": [], "layout": plain}
    for i, (panel, domain) in enumerate(zip(shown, columns(len(shown), 0.07), strict=True)):
        axis = "" if i == 0 else str(i + 1)
        values = {name: panel.mean(groups[key]) for key, name in names.items()}
        mean = panel.mean(everyone)
        largest = max((value for value in (*values.values(), mean) if value is not None), default=1.0)
        written = ["–" if value is None else f"{value:,.{panel.decimals}f}" for value in values.values()]
        title = say(f"figures.people.{panel.key}", lang)
        unit = say(f"figures.people.{panel.key}_unit", lang)
        said = [
            say("figures.people.hover", lang, name=name, title=title, value=text, unit=unit)
            for name, text in zip(values, written, strict=True)
        ]
        rounded = [None if value is None else round(value, panel.decimals) for value in values.values()]
        figure["data"].append(bars(list(values), rounded, written, said, xaxis=f"x{axis}", marker={"color": COLOURS[i]}, **INSIDE))
        plain[f"xaxis{axis}"] = value_axis(unit, domain=domain, range=[0, round(largest * 1.3, 3) or 1], nticks=4)
        plain["annotations"].append(heading(title, domain[0], yshift=20))
        if mean is not None:
            plain["shapes"].append(mean_line(mean, axis))
            text = say("figures.people.everyone", lang, value=f"{mean:,.{panel.decimals}f}")
            place = {"x": mean, "xref": f"x{axis}", "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False}
            plain["annotations"].append(place | {"text": text, "font": {"size": 11.5, "color": INK}})
    return figure


def mean_line(mean: float, axis: str) -> dict[str, object]:
    """Draw a dashed line down a panel."""
    place = {"type": "line", "xref": f"x{axis}", "yref": "paper", "x0": round(mean, 3), "x1": round(mean, 3), "y0": 0, "y1": 1}
    return place | {"line": {"color": INK, "width": 1.2, "dash": "dash"}}

"""Trends: the two shares policy speaks of over time, and below them how many visits and admissions there were."""

import datetime
from calendar import isleap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from results.measuring.definitions import FULL_YEAR, definition, with_unit
from results.report.figures.columns import rows, summed, total
from results.report.figures.names import tier_name
from results.report.figures.picture import (
    BLUE,
    GREEN,
    GREEN_WORDS,
    INK,
    PALE,
    TIER_COLOURS,
    Figure,
    Picture,
    Sentence,
    hatched,
    heading,
    layout,
    picture,
    sampled,
    value_axis,
)
from results.report.units import unit
from results.store.run import Run
from sim.language.messages import say

Day = Mapping[str, Any]
WEEK = 7
MONTHLY = 92
"""Days from which a run is told by months; a shorter one by weeks."""
INSURED, PRIMARY = "in_county_admission_share_insured", "primary_visit_share_ex_village"
LOOKS = {INSURED: {"color": BLUE, "words": BLUE, "symbol": "circle"}, PRIMARY: {"color": GREEN, "words": GREEN_WORDS, "symbol": "square"}}
VISITS = ("village", "clinic", "township", "county", "municipal", "provincial")
ADMISSIONS = VISITS[2:]
PATTERNS = {"village": "", "clinic": ".", "township": "/", "county": "", "municipal": "x", "provincial": "\\"}
"""Tiers differ by pattern too."""


class Span(NamedTuple):
    """A month or a week of the run."""

    middle: datetime.date
    name: str
    days: list[Day]


def trends(run: Run) -> list[Picture]:
    """Draw the run over time, by months, or by weeks where it is short."""
    days = at_home(run)
    if len(days) < 2 * WEEK:
        return []
    kind = "month" if len(days) >= MONTHLY else "week"
    spans = {"month": months, "week": weeks}[kind](days)
    goals = {name: float(target.goal) for name, target in run.scenario.targets.items() if name in LOOKS}
    notes = [Sentence(f"figures.trends.by_{kind}"), *calendar(run, days), *sampled(run)]
    return [picture("trends", lambda lang: draw(days, spans, goals, kind, lang), notes)]


def calendar(run: Run, days: Sequence[Day]) -> list[Sentence]:
    """Say what of the calendar the model does not know, and where 365 days leave out the last day of a leap year."""
    even = "figures.trends.even" if run.scenario.illness.season is None else "figures.trends.even_but_months"
    last = days[-1]["date"]
    unfilled = len(days) == FULL_YEAR and isleap(last.year) and (last.month, last.day) == (12, 30)
    ends = [Sentence("figures.trends.year_not_over", {"last": last.isoformat(), "days": len(days), "year": last.year})] if unfilled else []
    return [Sentence(even), *ends]


def at_home(run: Run) -> list[dict[str, Any]]:
    """List the days, with `clinics_here`: visits to the private clinics of the county.

    Days count clinics wherever they are. Visits to those where migrants live are taken off by month, as many as the facilities table has
    in all, divided over the months as the bills there are, and evenly over the days of a month.
    """
    days = rows(run.tables["daily"])
    away = {
        row["facility"]: row["visits"] for row in rows(run.tables["facilities"]) if row["tier"] == "clinic" and row["place"] != "in_county"
    }
    paid = summed(run.tables["books"], ("payee", "month", "kind"), "yuan")
    billed: dict[str, float] = {}
    for (payee, month, kind), yuan in paid.items():
        if payee in away and kind == "visit":
            billed[month] = billed.get(month, 0.0) + yuan
    price = sum(billed.values()) / max(sum(away.values()), 1)
    lengths: dict[str, int] = {}
    for day in days:
        lengths[f"{day['date']:%Y-%m}"] = lengths.get(f"{day['date']:%Y-%m}", 0) + 1
    for day in days:
        month = f"{day['date']:%Y-%m}"
        gone = billed.get(month, 0.0) / price / lengths[month] if price else 0.0
        day["clinics_here"] = day["visits_clinic"] - gone
    return days


def months(days: Sequence[Day]) -> list[Span]:
    """Part the days into months."""
    found: dict[str, list[Day]] = {}
    for day in days:
        found.setdefault(f"{day['date']:%Y-%m}", []).append(day)
    return [Span(middle(part), name, part) for name, part in found.items()]


def weeks(days: Sequence[Day]) -> list[Span]:
    """Part the days into weeks from the first day; a last one that is not whole is left out."""
    parts = [list(days[i : i + WEEK]) for i in range(0, len(days) - WEEK + 1, WEEK)]
    return [Span(middle(part), f"{part[0]['date']:%m-%d} – {part[-1]['date']:%m-%d}", part) for part in parts]


def middle(days: Sequence[Day]) -> datetime.date:
    """Give the middle day."""
    return days[len(days) // 2]["date"]  # type: ignore[no-any-return]


def insured(days: Sequence[Day]) -> float | None:
    """Take the share of the insured's admissions that are inside the county, percent."""
    return percent(total(days, "admissions_insured_in_county"), total(days, "admissions_insured"))


def primary(days: Sequence[Day]) -> float | None:
    """Take primary care's share of the visits in the county without village clinics, percent."""
    low = total(days, "clinics_here") + total(days, "visits_township")
    return percent(low, low + total(days, "visits_county"))


SHARES: Mapping[str, Callable[[Sequence[Day]], float | None]] = {INSURED: insured, PRIMARY: primary}


def percent(over: float, under: float) -> float | None:
    """Divide, to a tenth of a percent; None where there is nothing."""
    return round(over / under * 100, 1) if under else None


def draw(days: Sequence[Day], spans: Sequence[Span], goals: Mapping[str, float], kind: str, lang: str) -> Figure:
    """Draw the shares above, visits and admissions below."""
    shares = [trace for name in SHARES for trace in lines(name, days, spans, lang)]
    visits, of_visits = stacks("visits", VISITS, spans, "y2", lang)
    stays, of_stays = stacks("admissions", ADMISSIONS, spans, "y3", lang)
    for trace in visits:
        trace["showlegend"] = trace["name"] not in {other["name"] for other in stays}
    plain = layout(720, barmode="stack", showlegend=True, margin={"l": 8, "r": 130, "t": 44, "b": 40}, bargap=0.25)
    plain["yaxis"] = value_axis("%", domain=[0.58, 1], range=[0, 100])
    plain["yaxis2"] = value_axis(say(f"figures.trends.visits_{kind}", lang, unit=of_visits), domain=[0.28, 0.49])
    plain["yaxis3"] = value_axis(say(f"figures.trends.admissions_{kind}", lang, unit=of_stays), domain=[0, 0.21])
    first, last = days[0]["date"], days[-1]["date"]
    plain["xaxis"] = dates(first, last, lang)
    plain["legend"] |= {"y": 0.535, "yanchor": "middle"}
    plain["shapes"], plain["annotations"] = goal_lines(goals, lang)
    plain["annotations"] += [heading(say("figures.trends.shares", lang), 0, 1.005), *line_names(spans, lang)]
    return {"data": [*shares, *visits, *stays], "layout": plain}


def dates(first: datetime.date, last: datetime.date, lang: str) -> dict[str, Any]:
    """Give the axis of time; plotly's own month names are English, so numbers are written."""
    return {
        "type": "date",
        "range": [first.isoformat(), (last + datetime.timedelta(days=1)).isoformat()],
        "tickformat": say("figures.trends.tick", lang),
        "dtick": "M1" if (last - first).days >= MONTHLY else 14 * 86_400_000,
        "anchor": "y3",
        "gridcolor": PALE,
        "tickfont": {"size": 12},
        "fixedrange": True,
    }


def lines(name: str, days: Sequence[Day], spans: Sequence[Span], lang: str) -> list[dict[str, Any]]:
    """Draw a share: thin, over the week around each day; bold, by month or week, with its name at the end."""
    share, look, title = SHARES[name], LOOKS[name], definition(name).title[lang]
    around = [share(days[i : i + WEEK]) for i in range(len(days) - WEEK + 1)]
    thin = {
        "type": "scatter",
        "mode": "lines",
        "x": [day["date"].isoformat() for day in days[WEEK // 2 :][: len(around)]],
        "y": around,
        "line": {"color": look["color"], "width": 1},
        "opacity": 0.35,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    values = [share(span.days) for span in spans]
    bold = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [span.middle.isoformat() for span in spans],
        "y": values,
        "line": {"color": look["color"], "width": 2.5},
        "marker": {"symbol": look["symbol"], "size": 8},
        "name": title,
        "showlegend": False,
        "hovertext": [f"{title}<br>{span.name}: {with_unit(str(value), '%', lang)}" for span, value in zip(spans, values, strict=True)],
        "hoverinfo": "text",
        "cliponaxis": False,
    }
    return [thin, bold]


def line_names(spans: Sequence[Span], lang: str) -> list[dict[str, Any]]:
    """Write the name of each share between the two lines, a little in from the left."""
    early = {
        name: [y for span in spans[: max(len(spans) // 2, 1)] if (y := share(span.days)) is not None] for name, share in SHARES.items()
    }
    upper = max(early, key=lambda name: max(early[name], default=0.0))
    notes = []
    for name, values in early.items():
        place = {"xref": "paper", "x": 0.012, "xanchor": "left", "yref": "y", "showarrow": False}
        beside = {"yanchor": "top", "yshift": -22} if name == upper else {"yanchor": "bottom", "yshift": 14}
        font = {"size": 13, "color": LOOKS[name]["words"]}
        at = min(values, default=0.0) if name == upper else max(values, default=0.0)
        notes.append(place | beside | {"y": at, "text": f"<b>{definition(name).title[lang]}</b>", "font": font})
    return notes


def goal_lines(goals: Mapping[str, float], lang: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Draw each goal as a dashed line with its name at the right."""
    shapes, notes = [], []
    for name, goal in goals.items():
        y, colour = round(goal * 100, 1), LOOKS[name]["color"]
        line = {"color": colour, "width": 1.5, "dash": "dash"}
        shapes.append({"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": y, "y1": y, "line": line})
        text = say("figures.goals.goal", lang, amount=with_unit(f"{y:.1f}", "%", lang))
        place = {"xref": "paper", "x": 1.005, "xanchor": "left", "yref": "y", "y": y, "yanchor": "middle", "showarrow": False}
        notes.append(place | {"text": text, "font": {"size": 12, "color": INK}})
    return shapes, notes


def stacks(what: str, tiers: Sequence[str], spans: Sequence[Span], axis: str, lang: str) -> tuple[list[dict[str, Any]], str]:
    """Stack what each tier did in each month or week; returns the traces and the unit they are counted in."""
    sums = {tier: [total(span.days, f"{what}_{tier}") for span in spans] for tier in tiers}
    counted = unit(what, [sum(column) for column in zip(*sums.values(), strict=True)], lang)
    traces = []
    for tier, values in sums.items():
        name = tier_name(tier, lang)
        said = [f"{name}<br>{span.name}: {value:,}" for span, value in zip(spans, values, strict=True)]
        marker = hatched(TIER_COLOURS[tier], PATTERNS[tier])
        trace = {"type": "bar", "x": [span.middle.isoformat() for span in spans], "y": [round(v / counted.size, 4) for v in values]}
        traces.append(trace | {"yaxis": axis, "name": name, "legendgroup": tier, "marker": marker, "hovertext": said, "hoverinfo": "text"})
    return traces, counted.word

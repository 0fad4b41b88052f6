"""Waits and beds: every facility of the county in a row, sorted, with what it did in the hover."""

from collections.abc import Callable, Sequence
from typing import Any

from results.measuring.definitions import with_unit
from results.report.figures.columns import Mean, Row, rows, total
from results.report.figures.names import facility_name, short_name, tier_name, town_names
from results.report.figures.picture import (
    BLUE,
    GREEN,
    INK,
    Figure,
    Picture,
    bars,
    hatched,
    heading,
    layout,
    name_axis,
    picture,
    value_axis,
)
from results.store.run import Run
from sim.language.messages import say

SHOWN = ("county", "township")
"""Tiers whose facilities have a row each."""
LOOKS = {
    "county": hatched(BLUE, ""),
    "township": hatched(GREEN, "/"),
    "village": hatched("#66C2A5", "."),
    "clinic": hatched("#A6D854", "x"),
}
"""Tiers differ by pattern too."""
ROW = 23
"""Height of a bar, pixels."""


def in_county(run: Run) -> list[dict[str, Any]]:
    """List the facilities of the county."""
    return [row for row in rows(run.tables["facilities"]) if row["place"] == "in_county"]


def together(several: Sequence[Row], tier: str) -> dict[str, Any]:
    """Take all facilities of a tier as one."""
    of_tier = [row for row in several if row["tier"] == tier]
    visits = total(of_tier, "visits")
    waited = sum((row["mean_wait_minutes"] or 0.0) * row["visits"] for row in of_tier)
    names = {f"name_{lang}": say("figures.waits.together", lang, tier=tier_name(tier, lang), count=len(of_tier)) for lang in ("en", "zh")}
    wait = Mean(waited, visits).value
    return {
        "tier": tier,
        "count": len(of_tier),
        "town": None,
        "visits": visits,
        "mean_wait_minutes": wait,
        "mean_bed_wait_days": None,
        "admissions": 0,
    } | names


def waits(run: Run) -> list[Picture]:
    """Draw how long people wait for a doctor and for a bed, longest wait first."""
    inside = in_county(run)
    listed = [row for row in inside if row["tier"] in SHOWN]
    primary = [together(inside, tier) for tier in ("village", "clinic") if any(row["tier"] == tier for row in inside)]
    seen = [row for row in (*listed, *primary) if row["visits"]]
    if not seen:
        return []
    seen.sort(key=lambda row: -row["mean_wait_minutes"])
    towns = town_names(run)
    return [picture("waits", lambda lang: draw_waits(seen, towns, lang))]


def draw_waits(seen: Sequence[Row], towns: dict[str, dict[str, str]], lang: str) -> Figure:
    """Draw two panels that share their rows."""
    names = labels(seen, towns, lang)
    left = {"value": lambda row: row["mean_wait_minutes"], "count": "visits", "hover": "figures.waits.hover_visits", "decimals": 1}
    right = {"value": lambda row: row["mean_bed_wait_days"], "count": "admissions", "hover": "figures.waits.hover_stays", "decimals": 2}
    data = [*by_tier(seen, names, lang, **left), *by_tier(seen, names, lang, **right, xaxis="x2", showlegend=False)]
    plain = layout(ROW * len(seen) + 110, showlegend=True)
    plain["xaxis"] = value_axis(say("figures.axis.minutes", lang), domain=[0, 0.52])
    plain["xaxis2"] = value_axis(say("figures.axis.days", lang), domain=[0.62, 0.96])
    plain["yaxis"] = name_axis(names)
    plain["legend"]["y"] = 1 + 26 / (ROW * len(seen))
    plain["margin"]["t"] = 66
    plain["annotations"] = [heading(say("figures.waits.doctor", lang), 0), heading(say("figures.waits.bed", lang), 0.62)]
    return {"data": data, "layout": plain}


def labels(several: Sequence[Row], towns: dict[str, dict[str, str]], lang: str) -> list[str]:
    """Name the rows; a name that is there twice gets a number."""
    names: list[str] = []
    for row in several:
        name = short_name(row, towns, lang)
        again = sum(1 for other in names if other.split(" (#")[0] == name)
        names.append(f"{name} (#{again + 1})" if again else name)
    return names


def by_tier(
    several: Sequence[Row],
    names: Sequence[str],
    lang: str,
    value: Callable[[Row], float | None],
    count: str,
    hover: str,
    decimals: int,
    **more: Any,
) -> list[dict[str, Any]]:
    """Lay one trace of bars for each tier, so that the legend names them."""
    traces = []
    for tier in dict.fromkeys(row["tier"] for row in several):
        mine = [(name, row) for name, row in zip(names, several, strict=True) if row["tier"] == tier and value(row) is not None]
        amounts = [round(float(value(row) or 0), decimals) for _, row in mine]
        written = [f"{amount:,.{decimals}f}" for amount in amounts]
        said = [
            say(hover, lang, name=facility_name(row, lang), value=text, count=f"{row[count]:,}")
            for (_, row), text in zip(mine, written, strict=True)
        ]
        label = tier_name(tier, lang)
        traces.append(bars([name for name, _ in mine], amounts, written, said, name=label, legendgroup=tier, marker=LOOKS[tier], **more))
    return traces


def beds(run: Run) -> list[Picture]:
    """Draw how full the beds of the county are, fullest first."""
    having = [row for row in in_county(run) if row["bed_occupancy"] is not None]
    if not having:
        return []
    having.sort(key=lambda row: -row["bed_occupancy"])
    towns, measures = town_names(run), run.measures
    return [picture("beds", lambda lang: draw_beds(having, towns, measures, lang))]


def draw_beds(having: Sequence[Row], towns: dict[str, dict[str, str]], measures: Any, lang: str) -> Figure:
    """Draw occupancy: of all beds of a kind first, then of each facility."""
    names, together = labels(having, towns, lang), means(measures, lang)
    data = [bar for _, bar in together]
    for tier in dict.fromkeys(row["tier"] for row in having):
        mine = [(name, row) for name, row in zip(names, having, strict=True) if row["tier"] == tier]
        share = [round(row["bed_occupancy"] * 100, 1) for _, row in mine]
        said = [hover_beds(row, lang) for _, row in mine]
        data.append(
            bars([name for name, _ in mine], share, [f"{x:.1f}" for x in share], said, name=tier_name(tier, lang), marker=LOOKS[tier])
        )
    every = [*(name for name, _ in together), *names]
    plain = layout(ROW * len(every) + 110, showlegend=True)
    most = max(100.0, *(row["bed_occupancy"] * 100 for row in having))
    plain["xaxis"] = value_axis(say("figures.axis.occupancy", lang), range=[0, round(most * 1.06, 1)])
    plain["yaxis"] = name_axis(every)
    plain["legend"]["y"] = 1 + 30 / (ROW * len(every))
    plain["margin"]["t"] = 70
    return {"data": data, "layout": plain}


def hover_beds(row: Row, lang: str) -> str:
    """Say what a facility's beds did."""
    share, days = f"{row['bed_occupancy'] * 100:.1f}", f"{row['bed_days']:,.0f}"
    return say("figures.beds.hover", lang, name=facility_name(row, lang), value=share, beds=f"{row['beds']:,.0f}", days=days)


def means(measures: Any, lang: str) -> list[tuple[str, dict[str, Any]]]:
    """Lay a bar for the occupancy of all public county hospitals and one for all township centres, above those of each."""
    laid = []
    for tier in SHOWN:
        value = measures.get(f"bed_occupancy_{tier}")
        if value is not None:
            name, text = f"<b>{say(f'figures.beds.mean_{tier}', lang)}</b>", f"{value * 100:.1f}"
            look = LOOKS[tier] | {"line": {"color": INK, "width": 1.5}}
            bar = bars(
                [name], [round(value * 100, 1)], [f"<b>{text}</b>"], [f"{name} {with_unit(text, '%', lang)}"], marker=look, showlegend=False
            )
            laid.append((name, bar))
    return laid

"""The report of where to put more: the places most in need, what more does at each, and where it stops."""

from experiments.comparing.finding import gap_with_half
from experiments.layouts.judging.ranking import word_for
from experiments.layouts.siting.site import Site, Sited, Step
from experiments.reporting.words import axis_of, each
from results.measuring.definitions import ABSENT, definition, with_unit
from results.measuring.definitions import words as table_words
from results.report.drawn import placed
from results.report.figures.picture import BLUE, GREY, Figure, Picture, layout, name_axis, value_axis
from results.report.markup import both, section, table, tag, told
from results.report.page import assembled
from sim.language.messages import say

WHAT = {"beds": "layout.site.beds", "doctors": "layout.site.doctors", "experts": "layout.site.experts"}
SHORT = {"beds": "layout.site.short.beds", "doctors": "layout.site.short.doctors", "experts": "layout.site.short.experts"}
STEP = {"gains": "layout.site.step.gains", "stops": "layout.site.step.stops", "open": "layout.site.step.open"}
CERTAIN = {
    "sure": "layout.site.word.sure",
    "likely": "layout.site.word.likely",
    "rather": "layout.site.word.rather",
    "none": "layout.site.word.none",
}


def page(found: Sited, site: Site, lang: str = "en") -> str:
    """Write the report."""
    drawn = [gains(found, site), *([steps(found)] if found.steps else [])]
    title = told("layout.site.page.title", title=each(site.scenario.title.say))
    inner = {"places": placed(drawn[0]) + places(found, site)}
    contents = {"places": told("layout.site.page.places")}
    if found.best is not None:
        contents["steps"] = told("layout.site.steps", place=each(lambda one: site.called(found.candidates[str(found.best)].name, one)))
        inner["steps"] = placed(drawn[1]) + ladder(found)
    body = "".join(section(key, heading, inner[key]) for key, heading in contents.items())
    return assembled(lang, title, contents, head(found, title), body, drawn)


def head(found: Sited, title: dict[str, str]) -> str:
    """Write what was found in a sentence, and what to bear in mind."""
    compared = found.judged.replicated.comparison
    notes = [told("layout.luck_only")]
    notes += [told("experiment.page.scaled", scale=f"{compared.scale * 100:g}")] if compared.scale < 1 else []
    facts = each(lambda lang: heading(found, lang))
    lines = [tag("p", both(facts), class_="facts-line"), tag("p", both(each(lambda lang: told_of_end(found, lang))), class_="summary")]
    return tag("h1", both(title)) + "".join(lines) + "".join(tag("p", both(words), class_="warning") for words in notes)


def heading(found: Sited, lang: str) -> str:
    """Say what was tried, by what it is ranked, and with how many runs."""
    compared = found.judged.replicated.comparison
    words = {"measure": definition(found.judged.by).title[lang], "runs": len(compared.seeds), "scale": f"{compared.scale * 100:g} %"}
    return say("layout.site.heading", lang, amount=found.amount, what=say(WHAT[found.what], lang), **words)


def told_of_end(found: Sited, lang: str) -> str:
    """Say where more stops to help at the best place; that nowhere is best where the scenario as it is comes first."""
    if found.best is None:
        return say("layout.site.nowhere", lang)
    margin = gap_with_half(found.judged.by, found.judged.ranking.margin, None, lang).lstrip("+")
    words = {"amount": found.amount, "what": say(WHAT[found.what], lang), "margin": margin}
    if found.stops is not None:
        return say("layout.site.stops" if found.stops else "layout.site.none", lang, stop=found.stops, **words)
    last = found.steps[-1]
    return say("layout.site.goes_on" if last.verdict == "gains" else "layout.site.open", lang, stop=last.amount, what=words["what"])


def place_cells(found: Sited, name: str, lang: str) -> list[str]:
    """Write one candidate: what is short there, what more does, in all and each, the chance of being best, how sure a gain is."""
    gap, by = found.gain(name), found.judged.by
    short = f"{sum(need.short for need in found.candidates[name].needs):,.0f}"
    one_more = ABSENT if gap.mean is None else finest(by, gap.mean / found.amount, lang)
    best = f"{found.judged.ranking.standings[name].best * 100:.0f} %"
    return [short, gap_with_half(by, gap.mean, gap.half, lang), one_more, best, say(CERTAIN[word_for(gap.better or 0.0)], lang)]


def step_cells(found: Sited, step: Step, lang: str) -> list[str]:
    """Write one step: from where to where, what it does, in all and each, whether it is worth it."""
    by = found.judged.by
    sign = 1.0 if definition(by).good == "up" else -1.0
    gain = gap_with_half(by, sign * (step.gain.mean or 0.0), step.gain.half, lang)
    return [f"{step.before:,} → {step.amount:,}", gain, finest(by, sign * step.each, lang), say(STEP[step.verdict], lang)]


def finest(name: str, value: float, lang: str) -> str:
    """Write a small difference with three figures: shares in points."""
    meant = definition(name)
    unit = table_words("units", "points" if meant.in_percent else meant.unit, lang)
    return with_unit(f"{value * (100 if meant.in_percent else 1):+.3g}", unit, lang)


def ranked(found: Sited) -> list[str]:
    """Name the candidates, the best first."""
    return [name for name in found.judged.ranking.standings if name in found.candidates]


def places(found: Sited, site: Site) -> str:
    """Write the candidates in their order."""
    keys = ("place", "short", "gain", "each", "best", "word")
    rows = [
        [
            both(each(lambda lang, name=name: site.called(found.candidates[name].name, lang))),  # type: ignore[misc]
            *(both(each(lambda lang, name=name, at=at: place_cells(found, name, lang)[at])) for at in range(5)),  # type: ignore[misc]
        ]
        for name in ranked(found)
    ]
    head = [told(f"layout.site.column.{key}") for key in keys]
    return table(told("layout.site.page.places"), head, rows, figures=(1, 2, 3, 4)) + tag("p", both(told(SHORT[found.what])))


def ladder(found: Sited) -> str:
    """Write the steps at the best place."""
    rows = [[both(each(lambda lang, step=step, at=at: step_cells(found, step, lang)[at])) for at in range(4)] for step in found.steps]  # type: ignore[misc]
    head = [told(f"layout.site.column.{key}") for key in ("amount", "step", "each", "verdict")]
    return table(told("layout.site.page.steps"), head, rows, figures=(1, 2))


def gains(found: Sited, site: Site) -> Picture:
    """Draw what more does at each place."""
    figure = {lang: _gains(found, site, lang) for lang in ("en", "zh")}
    return Picture("gains", told("layout.site.page.gains"), told("layout.site.page.gains_note"), figure)


def _gains(found: Sited, site: Site, lang: str) -> Figure:
    """Put a dot with its interval for each place."""
    factor = 100 if definition(found.judged.by).in_percent else 1
    names, rows = ranked(found), [found.gain(name) for name in ranked(found)]
    called = [site.called(found.candidates[name].name, lang) for name in names]
    colours = [BLUE if found.judged.ranking.standings[name].verdict in ("first", "alike") else GREY for name in names]
    halves = [round((row.half or 0.0) * factor, 4) for row in rows]
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [round((row.mean or 0.0) * factor, 4) for row in rows],
        "y": called,
        "error_x": {"type": "data", "array": halves, "color": GREY, "thickness": 1.2},
        "marker": {"size": 10, "color": colours},
        "cliponaxis": False,
    }
    across = value_axis(f"{definition(found.judged.by).title[lang]} ({_points(found.judged.by, lang)})", zeroline=True)
    return {"data": [trace], "layout": layout(90 + 40 * len(names), xaxis=across, yaxis=name_axis(called))}


def _points(name: str, lang: str) -> str:
    """Write the unit of a difference."""
    return table_words("units", "points", lang) if definition(name).in_percent else axis_of(name, lang)


def steps(found: Sited) -> Picture:
    """Draw how the gain at the best place grows with the amount."""
    figure = {lang: _steps(found, lang) for lang in ("en", "zh")}
    return Picture("steps", told("layout.site.page.steps"), told("layout.site.page.steps_note"), figure)


def _steps(found: Sited, lang: str) -> Figure:
    """Draw the sum of the steps over the amount."""
    factor = 100 if definition(found.judged.by).in_percent else 1
    amounts, reached = [0], [0.0]
    for step in found.steps:
        amounts.append(step.amount)
        reached.append(reached[-1] + (step.gain.mean or 0.0) * factor)
    trace = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": amounts,
        "y": [round(value, 4) for value in reached],
        "line": {"color": BLUE, "width": 2},
        "marker": {"size": 9, "color": [GREY, *(BLUE if step.verdict == "gains" else GREY for step in found.steps)]},
        "cliponaxis": False,
    }
    across = value_axis(say(WHAT[found.what], lang), rangemode="tozero")
    up = value_axis(f"{say('layout.site.page.better', lang)} ({_points(found.judged.by, lang)})", rangemode="tozero")
    return {"data": [trace], "layout": layout(360, xaxis=across, yaxis=up)}

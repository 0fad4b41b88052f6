"""The report of a sensitivity analysis: a heat map of what outcomes hang on, tornadoes of single numbers, what turns a verdict."""

from collections.abc import Sequence
from typing import Any

from experiments.comparing.sensed import Rests, Sensed
from experiments.comparing.sensitivity import Effect
from experiments.design.variants import Design
from experiments.reporting.words import axis_of, each, factor_of, lever_name
from results.measuring.definitions import definition
from results.report.assumptions import term
from results.report.drawn import placed
from results.report.figures.picture import AMBER, BLUE, GREY, INK, Figure, Picture, layout, name_axis, value_axis, wrapped
from results.report.markup import LANGUAGES, both, code, folded, section, table, tag, told
from results.report.page import assembled
from results.report.resting import effect_words, resting_table, sized
from sim.language.messages import say

IN_HEAT, IN_TORNADO = 25, 15
"""Numbers drawn, the most influential first."""
ROW = 34


def page(design: Design, found: Sensed, lang: str = "en") -> str:
    """Write the report."""
    pictures = [heat(design, found), *(tornado(design, found, name) for name, rests in found.rests_on.items() if rests)]
    about = design.said.title or design.bases[found.scenario].title
    title = each(lambda lang: say("sensitivity.page.title", lang, name=about.say(lang)))
    contents = {key: told(f"sensitivity.page.{key}") for key in ("hang", "rests", "asked")}
    body = section("hang", told("sensitivity.page.hang"), placed(pictures[0]) + "".join(_luck(found, name) for name in found.outcomes))
    body += section("rests", told("sensitivity.page.rests"), _rests(design, found, pictures[1:]))
    body += section("asked", told("sensitivity.page.asked"), _asked(design, found))
    facts = {"method": found.sensitivity.method, "runs": found.sensitivity.runs, "inputs": len(found.inputs)}
    line = told("sensitivity.page.facts", scenario=found.scenario, scale=f"{design.said.scale * 100:g}", **facts)
    head = tag("h1", both(title)) + tag("p", both(line), class_="facts-line") + tag("p", both(told("sensitivity.note")), class_="lead")
    return assembled(lang, title, contents, head, body, pictures)


def heat(design: Design, found: Sensed) -> Picture:
    """Draw inputs beside outcomes: the darker, the larger the effect beside the largest on that outcome."""
    effects = found.sensitivity.effects
    largest = {name: max((one.size for one in some.values()), default=0.0) or 1.0 for name, some in effects.items()}
    part = {one.name: max(effects[name][one.name].size / largest[name] for name in effects) for one in found.inputs}
    names = sorted(part, key=lambda name: -part[name])[:IN_HEAT]
    figure = {lang: _heat(design, found, names, largest, lang) for lang in LANGUAGES}
    return Picture("heat", told("sensitivity.page.heat"), told(f"sensitivity.page.heat.{found.sensitivity.method}"), figure)


def _heat(design: Design, found: Sensed, names: Sequence[str], largest: dict[str, float], lang: str) -> Figure:
    """Lay out the heat map."""
    effects = found.sensitivity.effects
    outcomes = list(effects)
    titles = [wrapped(definition(name).title[lang], 18) for name in outcomes]
    rows = _called(design, names, lang)
    parts = [[effects[outcome][name].size / largest[outcome] for outcome in outcomes] for name in names]
    words = [[_amount(outcome, effects[outcome][name], lang) for outcome in outcomes] for name in names]
    trace = {
        "type": "heatmap",
        "x": titles,
        "y": rows,
        "z": [[round(value, 4) for value in row] for row in parts],
        "text": words,
        "texttemplate": "%{text}",
        "textfont": {"size": 12},
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[0, "#FFFFFF"], [1, BLUE]],
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hovertemplate": "%{y}<br>%{x}<br>%{text}<extra></extra>",
    }
    across = {"side": "top", "fixedrange": True, "ticks": "", "tickfont": {"size": 12, "color": INK}, "automargin": True, "showgrid": False}
    return {"data": [trace], "layout": layout(110 + ROW * len(names), xaxis=across, yaxis=name_axis(rows))}


def _called(design: Design, names: Sequence[str], lang: str) -> list[str]:
    """Call inputs as lists to verify do, a bundle by its name; those that would be called alike by their path."""
    settable = next(iter(design.bases.values())).settable
    called = [term(name)[lang] if name in settable else name for name in names]
    return [wrapped(one if called.count(one) == 1 else name, 46) for one, name in zip(called, names, strict=True)]


def _amount(outcome: str, effect: Effect, lang: str) -> str:
    """Write the size of an effect."""
    if effect.mu_star is None:
        return f"{100 * effect.size:.1f} %"
    return effect_words(outcome, effect.mu_star)[lang].removeprefix("+")


def _luck(found: Sensed, outcome: str) -> str:
    """Say which share of an outcome's variance is luck, and what an emulator leaves."""
    luck, said = found.sensitivity.seed[outcome], definition(outcome).title
    parts = [told("sensitivity.luck", share="–" if luck is None else f"{100 * luck:.1f}")]
    if outcome in found.sensitivity.error:
        parts.append(told("sensitivity.emulated", missed=f"{100 * found.sensitivity.error[outcome]:.1f}"))
    return tag("p", tag("strong", both(said)) + " " + " ".join(both(one) for one in parts), class_="note")


def tornado(design: Design, found: Sensed, outcome: str) -> Picture:
    """Draw what single numbers do to an outcome when they are moved from where they stand to the ends of their range."""
    rests = sorted(found.rests_on[outcome], key=lambda one: -abs(one.at_high - one.at_low))[:IN_TORNADO]
    figure = {lang: _tornado(design, found, outcome, rests, lang) for lang in LANGUAGES}
    return Picture(f"tornado_{outcome}", definition(outcome).title, told("sensitivity.page.tornado"), figure)


def _tornado(design: Design, found: Sensed, outcome: str, rests: Sequence[Rests], lang: str) -> Figure:
    """Lay out two bars a number, beginning where the outcome stands now, and lines where its verdict turns."""
    factor, now = factor_of(outcome), rests[0].now
    rows = _called(design, [one.path for one in rests], lang)
    traces = [
        _bars(rows, [factor * (value - now) for value in values], factor * now, say(f"sensitivity.page.{key}", lang), colour)
        for key, values, colour in (
            ("to_low", [one.at_low for one in rests], AMBER),
            ("to_high", [one.at_high for one in rests], BLUE),
        )
    ]
    lines = [
        {
            "type": "line",
            "xref": "x",
            "yref": "paper",
            "x0": at,
            "x1": at,
            "y0": 0,
            "y1": 1,
            "line": {"color": colour, "width": 1.5, "dash": dash},
        }
        for at, colour, dash in [(factor * now, INK, "solid"), *((factor * turn, GREY, "dot") for turn in found.turns[outcome])]
    ]
    axis = value_axis(axis_of(outcome, lang), rangemode="normal", zeroline=False)
    legend = {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "xanchor": "left"}
    whole = layout(110 + ROW * len(rows), xaxis=axis, yaxis=name_axis(rows), shapes=lines, legend=legend, showlegend=True)
    return {"data": traces, "layout": whole}


def _bars(rows: Sequence[str], sizes: Sequence[float], base: float, name: str, colour: str) -> dict[str, Any]:
    """Lay bars that begin at a value."""
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": list(rows),
        "x": [round(size, 4) for size in sizes],
        "base": [round(base, 4)] * len(rows),
        "marker": {"color": colour, "opacity": 0.85},
        "hovertemplate": "%{y}<br>%{x}<extra></extra>",
    }


def _rests(design: Design, found: Sensed, pictures: Sequence[Picture]) -> str:
    """Place a tornado for each outcome, and beneath it what turns its verdict."""
    base = design.bases[found.scenario]
    parts = []
    for picture, (name, rests) in zip(pictures, ((name, rests) for name, rests in found.rests_on.items() if rests), strict=True):
        parts.append(placed(picture))
        if name in base.targets:
            parts.append(resting_table(base, name, [one.as_json() for one in rests], design.said.scale))
    return "".join(parts)


def _asked(design: Design, found: Sensed) -> str:
    """List every number that was moved and from where to where; then those that were not."""
    base = design.bases[found.scenario]
    rows = []
    for one in found.inputs:
        low, high = (getattr(one.lever, end, None) for end in ("low", "high"))
        span = {lang: f"{sized(base, one.name, low)[lang]} – {sized(base, one.name, high)[lang]}" for lang in LANGUAGES}
        said = told("sensitivity.page.said" if getattr(one.lever, "said", True) else "sensitivity.page.half")
        levels = str(len(getattr(one.lever, "levels", ())))
        shown = span if low is not None else told("sensitivity.page.levels", levels=levels)
        rows.append([both(each(lambda lang, one=one: lever_name(design, one.name, lang))) + code(one.name), both(shown), both(said)])  # type: ignore[misc]
    head = [told("sensitivity.column.input"), told("sensitivity.column.range"), told("sensitivity.page.basis")]
    whole = folded(told("sensitivity.page.all", inputs=len(rows)), table(told("sensitivity.page.asked"), head, rows, figures=(1,)))
    if not found.left_out:
        return whole
    names = ", ".join(found.left_out)
    return whole + folded(told("sensitivity.page.left_out", count=len(found.left_out)), tag("p", code(names)))

"""Assemble the report of a run: one file that holds everything it shows and asks nobody for anything."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Any

from results.measuring.definitions import FULL_YEAR, holding
from results.report.accounts import accounts_section
from results.report.assumptions import assumptions_section
from results.report.city import in_city_words, is_city
from results.report.drawn import figures_of, map_section, pictures_section
from results.report.figures import Picture, pictures
from results.report.flowmap import flow_map
from results.report.goals import goals_section, harm_section
from results.report.icons import icon
from results.report.indicators import measures_section, national_section
from results.report.markup import LANGUAGES, Words, both, labelled, tag, told
from results.report.rerun import rerun_section
from results.report.resting import resting_part
from results.report.summary import summary
from results.store.run import Run

HERE = Path(__file__).parent
PLOTLY = "package_data/plotly.min.js"
SECTIONS = ("goals", "harm", "map", "pictures", "accounts", "measures", "national", "assumptions", "rerun")


def page(run: Run, lang: str = "en") -> str:
    """Write the report, which begins in a language and can be switched to the other."""
    drawn, flows = pictures(run), flow_map(run)
    body = [goals_section(run), harm_section(run), map_section(flows), pictures_section(drawn)]
    body += [
        accounts_section(run),
        measures_section(run),
        national_section(run),
        assumptions_section(run, resting_part(run)),
        rerun_section(run),
    ]
    spoken = in_city_words if is_city(run.scenario.tables) else str
    contents = {key: told(f"report.{key}.title") for key in SECTIONS}
    return assembled(lang, both_titles(run), contents, spoken(_head(run)), spoken("".join(body)), drawn, flows, spoken)


def assembled(
    lang: str,
    titles: Words,
    contents: Mapping[str, Words],
    head: str,
    body: str,
    drawn: Sequence[Picture],
    flows: Any = None,
    spoken: Callable[[str], str] = str,
) -> str:
    """Put a page together, whatever it tells of.

    lang     : the language in which it begins
    contents : id of a section -> its title
    head     : HTML of the heading;  body : HTML of the sections, which make room for the pictures
    flows    : what the flow map draws; None: there is none
    spoken   : what is done to the words of the page
    """
    return Template(text("page.html")).substitute(
        lang=LANGUAGES[lang],
        title=escape(titles[lang]),
        style=text("page.css"),
        labels=tag("p", icon("notice") + both(told("report.simulated")), class_="simulated"),
        switch=_switch(),
        contents=spoken(_contents(contents)),
        skip=both(told("report.skip")),
        head=head,
        body=body,
        facts=embedded({"languages": dict(LANGUAGES), "titles": titles, "label": told("report.printed")}),
        pictures=spoken(embedded(figures_of(drawn))),
        map=embedded(flows),
        plotly=script(_plotly()),
        flowmap=script(text("flowmap.js")),
        script=script(text("page.js")),
    )


def text(name: str) -> str:
    """Read a file that lies beside this one."""
    return (HERE / name).read_text(encoding="utf-8")


@cache
def _plotly() -> str:
    """Read the drawing script that comes with plotly, without importing plotly."""
    found = find_spec("plotly")
    places = (found.submodule_search_locations or []) if found else []
    return (Path(next(iter(places))) / PLOTLY).read_text(encoding="utf-8")


def embedded(content: Any) -> str:
    """Write data as JSON that may stand inside a script element."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def script(code: str) -> str:
    """Write code so that nothing in it ends the script element it stands in."""
    return code.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def both_titles(run: Run) -> dict[str, str]:
    """Give the title of the page."""
    return told("report.page_title", title={lang: run.scenario.title.say(lang) for lang in LANGUAGES})


def _switch() -> str:
    """Write the buttons of the page: whether the annex is printed too, and the other language."""
    annex = tag(
        "button", both(told("report.annex")), id="annex", type="button", aria_pressed="false", **labelled(told("report.annex.label"))
    )
    words = icon("language") + both(told("report.switch"))
    return tag("button", words, id="switch", type="button", **labelled(told("report.switch.label"))) + annex


def _contents(contents: Mapping[str, Words]) -> str:
    """Write the list of sections."""
    entries = "".join(tag("li", tag("a", both(title), href=f"#{key}")) for key, title in contents.items())
    return tag("nav", tag("ol", entries), id="contents", **labelled(told("report.contents")))


def _head(run: Run) -> str:
    """Write title, scenario, days, seed, scale, and what happened in words."""
    scenario, facts = run.scenario, run.facts
    title = {lang: scenario.title.say(lang) for lang in LANGUAGES}
    said = told("report.facts", name=scenario.name, start=scenario.period.start, days=scenario.period.days, seed=facts["seed"])
    heading = tag("h1", both(title)) + tag("p", both(said), class_="facts-line")
    if scenario.note is not None:
        heading += tag("p", both({lang: scenario.note.say(lang) for lang in LANGUAGES}), class_="note")
    return heading + summary(run) + _warnings(run)


def _warnings(run: Run) -> str:
    """Say what to bear in mind of a run that is not a whole year of all people."""
    days, scale = run.scenario.period.days, run.facts["scale"]
    said = [told("report.not_a_year", days=days)] if days < FULL_YEAR else []
    said += [] if run.scenario.fitted_here else [told("report.not_fitted", count=run.scenario.fitted_elsewhere)]
    said += [told("report.scaled", scale=scale, **holding())] if scale < 1 else []
    return "".join(tag("p", icon("notice") + tag("span", both(words)), class_="warning") for words in said)

"""All measures by their official names, with what each counts; and the national monitoring sheet, line by line."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from results.measuring.definitions import ABSENT, Definition, definition, definitions, groups, words
from results.report.amounts import amount
from results.report.goals import part_words
from results.report.markup import LANGUAGES, Words, both, code, folded, section, table, tag, told
from results.report.sketched import mark, sketched
from results.store.run import Run

SHEET = Path(__file__).parents[1] / "measuring" / "national_sheet.yaml"


@cache
def sheet() -> Mapping[str, Any]:
    """Read the national sheet: title, sources, aspects, indicators."""
    content: Mapping[str, Any] = yaml.load(SHEET.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return content


def measures_section(run: Run) -> str:
    """Write every measure there is something to say of, under its heading."""
    sketches = sketched(run)
    inner = "".join(_group(key, run, sketches) for key in groups("en"))
    lead = tag("p", both(told("report.measures.lead")), class_="lead")
    return section("measures", told("report.measures.title"), lead + inner + _absent(run))


def _group(key: str, run: Run, sketches: frozenset[str]) -> str:
    """Write the measures of one heading."""
    heading = {lang: groups(lang)[key] for lang in LANGUAGES}
    mine = [meant for meant in definitions().values() if meant.group == key and run.measures.get(meant.name) is not None]
    head = [told(f"report.measures.{column}") for column in ("name", "value", "numerator", "denominator", "who", "source")]
    rows = [_row(meant, run, meant.name in sketches) for meant in mine]
    return tag("h3", both(heading)) + table(heading, head, rows, kind="measures", figures=(1,)) if mine else ""


def _row(meant: Definition, run: Run, sketch: bool) -> tuple[str, ...]:
    """Write one measure."""
    name = both(meant.title) + (mark() if sketch else "") + code(meant.name)
    value = amount(meant.name, run.measures[meant.name])
    who = ": ".join(both(_said(kind, key)) for kind, key in (("people", meant.people), ("institutions", meant.institutions)) if key)
    when = tag("span", both(_said("periods", meant.period)), class_="when")
    numerator, denominator = (part_words(meant, end, run) for end in ("numerator", "denominator"))
    return name, value, numerator, denominator or ABSENT, who + when, both(origin(meant.name, run))


def _said(kind: str, key: str) -> Words:
    return {lang: words(kind, key, lang) for lang in LANGUAGES}


def origin(name: str, run: Run) -> Words:
    """Say where the definition of a measure comes from: the national sheet, a goal of the scenario, or the model."""
    for line in sheet()["indicators"]:
        if name in line.get("measures", ()):
            return told(f"report.origin.{line['formula']}", number=line["number"])
    if name in run.scenario.targets:
        source = run.scenario.sources[f"targets.{name}.goal"]
        return {lang: source.title.say(lang) for lang in LANGUAGES}
    return told("report.origin.model")


def _absent(run: Run) -> str:
    """Name the measures of which this run has nothing to say."""
    absent = [both(meant.title) for meant in definitions().values() if run.measures.get(meant.name) is None]
    if not absent:
        return ""
    listed = tag("ul", "".join(tag("li", one) for one in absent), class_="names")
    return folded(told("report.measures.absent", count=len(absent)), tag("p", both(told("report.measures.absent.why"))) + listed)


def national_section(run: Run) -> str:
    """Write the national sheet: each indicator with the model's own value, or why there is none."""
    content = sheet()
    rows = [_indicator(line, content, run) for line in content["indicators"]]
    head = [told(f"report.national.{column}") for column in ("number", "aspect", "indicator", "answer", "remark")]
    lead = tag("p", both(told("report.national.lead", title=content["title"], count=len(rows))), class_="lead")
    sources = "".join(tag("li", both({lang: str(one[lang]) for lang in LANGUAGES})) for one in content["sources"])
    note = tag("div", tag("p", both(told("report.national.sources"))) + tag("ul", sources), class_="note")
    return section("national", told("report.national.title"), lead + table(content["title"], head, rows, kind="national") + note)


def _indicator(line: Mapping[str, Any], content: Mapping[str, Any], run: Run) -> tuple[str, ...]:
    """Write one indicator."""
    answers = [name for name in line.get("measures", ()) if run.measures.get(name) is not None]
    shown = "".join(tag("div", both(definition(name).title) + tag("span", amount(name, run.measures[name]), class_="number"))
                    for name in answers)  # fmt: skip
    status = "measured" if answers else line["silent"]
    said = shown or tag("span", both(told(f"report.national.{status}")), class_=f"status {status}")
    return both(str(line["number"])), both(content["aspects"][line["aspect"]]), both(line["name"]), said, both(line["remark"])

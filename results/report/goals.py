"""The goals of a scenario beside what a run attained, the ceiling, and the harm beside the goals."""

from collections.abc import Iterator, Mapping

from results.measuring.definitions import Definition, Standing, definition, definitions, standing, words
from results.report.amounts import amount, distance, gap, in_words, part
from results.report.icons import icon
from results.report.markup import LANGUAGES, Words, both, labelled, section, table, tag, told
from results.report.readings import readings
from results.store.run import Run
from sim.scenario.behaviour import Target

VARIANTS = ("insured", "insured_all", "insured_present", "resident", "registered")
"""The populations of which the share inside the county is taken, always shown together."""
SHARE, CEILING = "in_county_admission_share_", "in_county_ceiling_"
HARM_ELSEWHERE = ("mean_bed_wait_days", "mean_wait_minutes", "out_of_pocket_share", "fund_balance_per_head")
"""What stands under another heading and may get worse while a goal is reached."""
AXIS = 600.0
"""Width of the bar of a goal, in its own units."""


def ceiling_of(name: str, run: Run) -> float | None:
    """Give the ceiling of a measure; None where it has none."""
    found = run.measures.get(name.replace(SHARE, CEILING)) if name.startswith(SHARE) else None
    return None if found is None else float(found)


def standing_of(name: str, target: Target, run: Run) -> Standing:
    """Judge a measure against its goal, as the printed page does."""
    return standing(name, run.measures.get(name), target.goal, target.tolerance, run.scenario.period.days, run.facts["scale"])


def goals_section(run: Run) -> str:
    """Write every goal of the scenario as a card, and the populations beside each other."""
    cards = "".join(_card(name, target, run) for name, target in run.scenario.targets.items())
    shown = tag("div", cards, class_="cards wide") if cards else tag("p", both(told("report.goals.none")))
    lead = tag("p", both(told("report.goals.lead")), class_="lead")
    return section("goals", told("report.goals.title"), lead + shown + readings(run) + _populations(run))


def _card(name: str, target: Target, run: Run) -> str:
    """Write one goal: value, verdict, bar, and what exactly is counted."""
    meant, stands = definition(name), standing_of(name, target, run)
    verdict = tag("span", icon(stands.word) + both(told(f"verdict.{stands.word}")), class_=f"verdict {stands.word}")
    value = tag("p", amount(name, run.measures.get(name)) + verdict, class_="value")
    head = tag("h3", both(meant.title)) + value + _bar(name, target, run)
    return tag("article", head + _list(_facts(name, target, stands, run)), class_="card goal", data_goal=name, data_verdict=stands.word)


def _facts(name: str, target: Target, stands: Standing, run: Run) -> Iterator[tuple[str, str]]:
    """List what a goal is and what is counted: key of the heading, HTML."""
    yield "report.goal", tag("data", both(in_words(name, target.goal)), value=repr(target.goal), data_name=f"{name}__goal")
    yield "report.gap", gap(name, stands.gap)
    yield (
        "report.tolerance",
        tag("data", both(distance(name, target.tolerance)), value=repr(target.tolerance), data_name=f"{name}__tolerance"),
    )
    yield "report.by", both(str(target.by))
    if ceiling_of(name, run) is not None:
        yield "report.ceiling", amount(name.replace(SHARE, CEILING), ceiling_of(name, run))
    yield from counted(definition(name), run)
    yield "report.goal_source", both(_source(name, run))


def counted(meant: Definition, run: Run) -> Iterator[tuple[str, str]]:
    """Say what a measure counts: numerator, denominator, unit, who, where, when."""
    yield "report.numerator", part_words(meant, "numerator", run)
    if meant.denominator:
        yield "report.denominator", part_words(meant, "denominator", run)
    yield "report.unit", both(unit_words(meant))
    yield "report.who", both(_words("people", meant.people))
    yield "report.where", both(_words("institutions", meant.institutions))
    yield "report.when", both(_words("periods", meant.period))


def part_words(meant: Definition, end: str, run: Run) -> str:
    """Write what a numerator or denominator counts, and its number where it carries one."""
    said = meant.numerator if end == "numerator" else meant.denominator
    if said is None:
        return ""
    key = f"{meant.name}__{end}"
    number = part(meant.name, end, run.measures[key]) if run.measures.get(key) is not None else ""
    return both(said) + (tag("span", number, class_="number") if number else "")


def unit_words(meant: Definition) -> Words:
    """Say a measure's unit; what has none is a plain number."""
    said = _words("units", meant.unit)
    return said if said["en"] else told("report.plain_number")


def _words(kind: str, key: str | None) -> dict[str, str]:
    """Say a key of the table of measures in every language; a dash where a measure has none."""
    return {lang: words(kind, key, lang) if key else "–" for lang in LANGUAGES}


def _source(name: str, run: Run) -> Words:
    """Say where a goal was set."""
    source = run.scenario.sources[f"targets.{name}.goal"]
    return {lang: source.title.say(lang) for lang in LANGUAGES}


def _list(facts: Iterator[tuple[str, str]]) -> str:
    """Write headings with what belongs to them."""
    return tag("dl", "".join(tag("dt", both(told(key))) + tag("dd", inner) for key, inner in facts))


def _bar(name: str, target: Target, run: Run) -> str:
    """Draw a value as a bar with the goal as a mark and the ceiling as a dashed one."""
    value, top = run.measures.get(name), ceiling_of(name, run)
    if value is None:
        return ""
    full = 1.0 if definition(name).unit == "share" else 1.25 * max(value, target.goal, 1e-9)
    at = [round(AXIS * min(max(one, 0.0) / full, 1.0), 1) for one in (value, target.goal, top or 0.0)]
    marks = f'<line class="mark" x1="{at[1]}" x2="{at[1]}" y1="0" y2="26"/>'
    if top is not None:
        marks += f'<line class="peak" x1="{at[2]}" x2="{at[2]}" y1="0" y2="26"/>'
    drawn = (
        f'<rect class="ground" y="7" width="{AXIS}" height="12" rx="6"/><rect class="bar" y="7" width="{at[0]}" height="12" rx="6"/>{marks}'
    )
    said = told("report.bar", value=in_words(name, value), goal=in_words(name, target.goal))
    picture = tag("svg", drawn, viewBox=f"0 0 {AXIS:g} 26", preserveAspectRatio="none", role="img", class_="goalbar", **labelled(said))
    return picture + tag("p", _legend(name, target, top), class_="key")


def _legend(name: str, target: Target, top: float | None) -> str:
    """Say what the marks of the bar mean."""
    goal = tag("span", both(told("report.key.goal", value=in_words(name, target.goal))), class_="mark")
    if top is None:
        return goal
    return goal + tag("span", both(told("report.key.ceiling", value=in_words(name, top))), class_="peak")


def _populations(run: Run) -> str:
    """Lay the shares of every population beside each other, each with its ceiling."""
    rows = []
    for variant in VARIANTS:
        share, top = SHARE + variant, CEILING + variant
        cells = (amount(share, run.measures.get(share)), amount(top, run.measures.get(top)))
        parts = (part(share, end, run.measures.get(f"{share}__{end}")) for end in ("numerator", "denominator"))
        rows.append((both(_words("people", definition(share).people)), *cells, *parts))
    keys = ("who", "in_county", "ceiling", "in_county_admissions", "admissions")
    head = [told(f"report.populations.{key}") for key in keys]
    note = tag("p", both(told("report.populations.note")), class_="note")
    return (
        tag("h3", both(told("report.populations.title"))) + note + table(told("report.populations.title"), head, rows, figures=(1, 2, 3, 4))
    )


def harm_names(measures: Mapping[str, object]) -> list[str]:
    """Name the measures of harm there are, those of the group first."""
    named = [name for name, meant in definitions().items() if meant.group == "harm"]
    return [name for name in (*named, *HARM_ELSEWHERE) if measures.get(name) is not None]


def harm_section(run: Run) -> str:
    """Write what may get worse while the goals are reached."""
    cards = "".join(_harm(definition(name), run) for name in harm_names(run.measures))
    lead = tag("p", both(told("report.harm.lead")), class_="lead")
    return section("harm", told("report.harm.title"), lead + tag("div", cards, class_="cards"))


def _harm(meant: Definition, run: Run) -> str:
    """Write one measure of harm as a small card."""
    head = tag("h3", both(meant.title)) + tag("p", amount(meant.name, run.measures[meant.name]), class_="value")
    parts = [(key, inner) for key, inner in counted(meant, run) if key in ("report.numerator", "report.denominator", "report.who")]
    return tag("article", head + _list(iter(parts)), class_="card")

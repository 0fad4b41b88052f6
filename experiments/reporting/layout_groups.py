"""The groups of judged layouts as tables: their accounts, where their people are admitted, what a change touches, the towns' criteria."""

from collections.abc import Mapping, Sequence
from html import escape

from experiments.comparing.intervals import Estimate
from experiments.layouts.files import Named
from experiments.layouts.ground import Ground
from experiments.layouts.judging.accounts import PLACES, Account
from experiments.layouts.judging.details import Details
from experiments.reporting.layout_map import colours_of
from results.measuring.definitions import ABSENT
from results.report.markup import LANGUAGES, Told, both, joined, table, tag, told
from sim.scenario.scenario import Scenario


def accounts(details: Details, scenarios: Mapping[str, Scenario]) -> str:
    """Write the accounts of every layout's groups; empty where no fund is packaged.

    scenarios : of the layouts, by name
    """
    rows = [
        line(layout, one, called(one.group, scenarios[layout]))
        for layout, some in details.accounts.items()
        for one in some
        if one.budget.mean is not None
    ]
    if not rows:
        return ""
    keys = ("layout", "group", "heads", "budget", "spent", "balance", *PLACES)
    head = [told(f"layout.account.{key}") for key in keys]
    note = tag("p", both(told("layout.account.note")))
    return table(told("layout.account.caption"), head, rows, figures=tuple(range(2, len(keys)))) + note


def called(group: str, scenario: Scenario) -> Told:
    """Call a group as its scenario does, else by its lead."""
    said = scenario.groups[group]
    if said.title is not None:
        return {lang: said.title.say(lang) for lang in LANGUAGES}
    lead = next(row for row in scenario.tables.facilities if row.facility == said.lead)
    return {"en": lead.name_en, "zh": lead.name_zh}


def line(layout: str, one: Account, group: Told) -> list[str]:
    """Write one group's account."""
    spent = sum(part.mean or 0.0 for part in one.spent.values())
    money = [_yuan(one.budget.mean), _yuan(spent), with_half(one.balance)]
    where = [ABSENT if part.mean is None else f"{part.mean * 100:.1f} %" for part in one.admitted.values()]
    return [layout, both(group), f"{one.heads:,.0f}", *money, *where]


def _yuan(value: float | None) -> str:
    """Write yuan a head."""
    return ABSENT if value is None else f"{value:,.1f}"


def with_half(found: Estimate) -> str:
    """Write a mean in yuan with half its interval."""
    half = "" if found.half is None else f" ±{found.half:,.1f}"
    return ABSENT if found.mean is None else f"{found.mean:+,.1f}{half}"


def moving(details: Details, ground: Ground) -> str:
    """Write what a change to each other layout touches."""
    rows = []
    for layout, one in details.moving.items():
        names = both(joined([_words(ground, town) for town in one.towns], "compare.between_names"))
        contracts = ABSENT if one.contracts is None else f"{one.contracts:,.0f}"
        figures = (
            f"{one.people:,}",
            f"{one.insured:,.0f}",
            contracts,
            f"{one.doctors:,}",
            f"{one.beds:,}",
            f"{one.ties:,.0f}",
            f"{one.met:,.0f}",
        )
        rows.append([layout, names, *figures])
    if not rows:
        return ""
    keys = ("layout", "towns", "people", "insured", "contracts", "doctors", "beds", "ties", "met")
    head = [told(f"layout.moving.{key}") for key in keys]
    return table(told("layout.moving.caption"), head, rows, figures=tuple(range(2, len(keys)))) + tag("p", both(told("layout.moving.note")))


def criteria(ground: Ground, layouts: Sequence[Named], scenario: Scenario, details: Details) -> str:
    """Write what speaks for one lead or another, town by town, and under it to which lead each belongs in each layout."""
    chosen = sorted({lead for one in layouts for lead, _ in one.groups.values()})
    rows = {row.town: row for row in scenario.tables.towns}
    stations = [row for row in scenario.tables.facilities if row.town and row.tier in ("village", "township")]
    names = [lead.name for lead in ground.leads]
    head = [told(f"layout.column.{key}") for key in ("town", "people")]
    head += [told(f"layout.page.{key}") for key in (*(("old", "insured") if details.seen else ()), "doctors", "beds")]
    head += [told("layout.page.minutes_to", lead=_words(ground, lead)) for lead in chosen]
    head += [told("layout.page.admitted_to", lead=_words(ground, lead)) for lead in chosen] if details.seen else []
    head += [told("layout.page.admitted_own"), told("layout.page.admitted_outside")] if details.seen else []
    figures = tuple(range(1, len(head)))
    outside = {row.facility for row in scenario.tables.facilities if row.place != "in_county"}
    lines = []
    for at, town in enumerate(ground.towns):
        mine, seen = [row for row in stations if row.town == town], details.seen.get(town)
        line = [both(_words(ground, town)), f"{rows[town].residents:,}"]
        line += [f"{seen.old * 100:.1f} %", f"{seen.insured:,.0f}"] if seen else []
        line += [f"{sum(row.doctors for row in mine):,.0f}", f"{sum(row.beds for row in mine):,.0f}"]
        line += [f"{ground.to_lead[at, names.index(lead)]:.0f}" if lead in names else "" for lead in chosen]
        if seen:
            own = [row.facility for row in mine if row.tier == "township"]
            shares = [*(seen.share(lead) for lead in chosen), sum(map(seen.share, own)), sum(map(seen.share, outside))]
            line += [f"{share * 100:.0f} %" for share in shares]
        lines.append(line)
    note = tag("p", both(told("layout.page.towns_note"))) if details.seen else ""
    return table(told("layout.page.towns_caption"), head, lines, "towns", figures) + note + belonging(ground, layouts)


def belonging(ground: Ground, layouts: Sequence[Named]) -> str:
    """Write to which lead each town belongs in each layout: a table of its own, so that both fit on a sheet of paper."""
    colours = colours_of(layouts)
    lead_of = [{town: lead for lead, towns in one.groups.values() for town in towns} for one in layouts]
    rows = [
        [both(_words(ground, town)), *(swatch(colours, ground, one[town]) if town in one else ABSENT for one in lead_of)]
        for town in ground.towns
    ]
    head = [told("layout.column.town"), *(one.name for one in layouts)]
    return table(told("layout.page.belonging_caption"), head, rows, "towns")


def swatch(colours: Mapping[str, str], ground: Ground, lead: str) -> str:
    """Mark a town's lead by its colour and number on the maps; its name is read out and shown under the pointer."""
    names, number = _words(ground, lead), list(colours).index(lead) + 1
    words = "".join(f'<span class="unseen" lang="{LANGUAGES[lang]}">{escape(names[lang])}</span>' for lang in LANGUAGES)
    title = escape(" · ".join(names.values()))
    return f'<span class="swatch" style="background:{colours[lead]}8C" title="{title}" aria-hidden="true">{number}</span>{words}'


def _words(ground: Ground, name: str) -> Mapping[str, str]:
    """Call a town or a lead."""
    return {lang: ground.called(name, lang) for lang in LANGUAGES}

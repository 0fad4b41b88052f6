"""Check the rules of a scenario against themselves: dates, shares of a whole, groups, money, goals."""

import datetime
import math
from collections.abc import Collection, Iterator

from sim.kinds import KINDS
from sim.language.messages import Fault, nearest
from sim.reading.blocks import Whole
from sim.reading.document import at
from sim.reading.strict_yaml import Value
from sim.scenario.plan import Plan
from sim.scenario.tables import Tables

SCHEMES = ("residents", "employees", "elsewhere")


def faults(scenario: Plan, tables: Tables, tree: Value) -> Iterator[Fault]:
    """Find what is wrong with the rules."""
    yield from periods(scenario, tree)
    yield from headroom(scenario, tree)
    yield from wholes(scenario, tree)
    yield from groups(scenario, tables, tree)
    yield from financing(scenario, tree)
    yield from bands(scenario, tree)
    yield from special_groups(scenario, tables, tree)
    yield from posts(scenario, tables, tree)


def periods(scenario: Plan, tree: Value) -> Iterator[Fault]:
    """Check that what ends begins before."""
    spans = [(("mechanisms", name), rules.from_, rules.until) for name, rules in scenario.mechanisms.items()]
    spans += [(("shocks", str(i)), shock.from_, shock.until) for i, shock in enumerate(scenario.shocks)]
    for path, begins, ends in spans:
        if begins is not None and ends is not None and ends <= begins:
            yield Fault("check.ends_first", at(tree, *path, "until"), {"value": ends, "begins": begins})
    for tier, hours in scenario.care.opening.items():
        if hours.to <= hours.from_:
            written = tree.at(("care", "opening", tier, "to")).content
            yield Fault("check.closed", at(tree, "care", "opening", tier, "to"), {"value": written})


def headroom(scenario: Plan, tree: Value) -> Iterator[Fault]:
    """Check that the shocks of a day, those that fall together multiplied, leave room in the calendar of illness in every month."""
    illness = scenario.illness
    for i, begun in enumerate(scenario.shocks):
        together = [
            shock.need
            for shock in scenario.shocks
            if _begins(shock.from_) <= _begins(begun.from_) and (shock.until is None or _begins(begun.from_) < shock.until)
        ]
        need = math.prod(together) * max(illness.season or (1.0,))
        if need > illness.headroom * (1.0 + 1e-9):
            values = {"value": f"{illness.headroom:g}", "need": f"{need:.4g}"}
            yield Fault("check.no_headroom", at(tree, "shocks", str(i), "need"), values)
    if not scenario.shocks and max(illness.season or (1.0,)) > illness.headroom:
        values = {"value": f"{illness.headroom:g}", "need": f"{max(illness.season or (1.0,)):.4g}"}
        yield Fault("check.no_headroom", at(tree, "illness", "season"), values)


def _begins(date: datetime.date | None) -> datetime.date:
    return date or datetime.date.min


def financing(scenario: Plan, tree: Value) -> Iterator[Fault]:
    """Check that what is paid out of the financing of a head is not more than it."""
    money = scenario.insurance.financing
    for part in ("individual", "critical_illness"):
        if getattr(money, part) > money.per_head:
            values = {"value": f"{getattr(money, part):g}", "most": f"{money.per_head:g}"}
            yield Fault("check.more_than_financing", at(tree, "insurance", "financing", part), values)


def wholes(scenario: Plan, tree: Value) -> Iterator[Fault]:
    """Check that the rules' shares of a whole make up one."""
    blocks = [(name, field, block) for name, rules in scenario.mechanisms.items() for field, block in rules if isinstance(block, Whole)]
    for name, field, block in blocks:
        parts = block.model_dump(exclude={"source"})
        total = math.fsum(parts.values())
        if abs(total - 1) > 1e-6:
            values = {"value": f"{total * 100:.6g} %", "parts": ", ".join(parts)}
            yield Fault("check.whole_sum", at(tree, "mechanisms", name, field), values)


def groups(scenario: Plan, tables: Tables, tree: Value) -> Iterator[Fault]:
    """Check that groups name towns and hospitals that exist, and that no town is in two."""
    towns = [row.town for row in tables.towns]
    leads = [row.facility for row in tables.facilities if KINDS[row.kind].may_lead]
    member: dict[str, str] = {}
    for name, group in scenario.groups.items():
        if group.lead not in leads:
            values = {"value": group.lead, "near": nearest(group.lead, leads)}
            yield Fault("check.no_lead", at(tree, "groups", name, "lead"), values)
        for i, town in enumerate(group.towns):
            place = at(tree, "groups", name, "towns", str(i))
            if town not in towns:
                yield Fault("check.no_town", place, {"value": town, "near": nearest(town, towns)})
            elif town in member:
                yield Fault("check.town_twice", place, {"value": town, "group": member[town]})
            member.setdefault(town, name)
    facilities = [row.facility for row in tables.facilities]
    for i, change in enumerate(scenario.places.grades):
        if change.facility not in facilities:
            values = {"value": change.facility, "near": nearest(change.facility, facilities)}
            yield Fault("check.no_facility", at(tree, "places", "grades", str(i), "facility"), values)


def bands(scenario: Plan, tree: Value) -> Iterator[Fault]:
    """Check that the bands of critical-illness insurance rise, and that only the last is open."""
    for scheme in SCHEMES:
        ends = [band.up_to for band in getattr(scenario.insurance, scheme).critical_illness.bands]
        path = ("insurance", scheme, "critical_illness", "bands")
        closed = [end for end in ends[:-1] if end is not None]
        if len(closed) < len(ends) - 1 or ends[-1] is not None:
            yield Fault("check.bands_open", at(tree, *path), {"value": len(ends)})
        elif any(above <= below for below, above in zip([0.0, *closed], closed, strict=False)):
            yield Fault("check.bands_order", at(tree, *path), {"value": ", ".join(f"{end:g}" for end in closed)})


def special_groups(scenario: Plan, tables: Tables, tree: Value) -> Iterator[Fault]:
    """Check that visits paid like stays are of condition groups of the case mix."""
    known = [row.group for row in tables.case_mix]
    for scheme in SCHEMES:
        for i, group in enumerate(getattr(scenario.insurance, scheme).special_chronic):
            if group not in known:
                values = {"value": group, "near": nearest(group, known)}
                yield Fault("check.no_group", at(tree, "insurance", scheme, "special_chronic", str(i)), values)


def posts(scenario: Plan, tables: Tables, tree: Value) -> Iterator[Fault]:
    """Check that experts posted to one place for good are posted to township centres of a group."""
    member = {town for group in scenario.groups.values() for town in group.towns}
    centres = {row.facility: row.town for row in tables.facilities if KINDS[row.kind].offered == "own town"}
    for mechanism, rules in scenario.mechanisms.items():
        for name in getattr(rules, "fixed_posts", ()):
            place = at(tree, "mechanisms", mechanism, "fixed_posts", name)
            if name not in centres:
                yield Fault("check.no_centre", place, {"value": name, "near": nearest(name, centres)})
            elif centres[name] not in member:
                yield Fault("check.centre_of_no_group", place, {"value": name, "town": centres[name]})


def goals(scenario: Plan, measures: Collection[str], tree: Value) -> Iterator[Fault]:
    """Check that goals name measures that exist."""
    for name in scenario.targets:
        if name not in measures:
            yield Fault("check.no_measure", at(tree, "targets", name), {"value": name, "near": nearest(name, measures)})

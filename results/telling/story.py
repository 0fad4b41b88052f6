"""Story: one resident's year as he lived it: who he is, what happened in the order of time, and what it came to."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from results.telling.sentences import Teller
from sim.care.engine.lines import DAY
from sim.record import Bill, Event, Follower, Option
from sim.words import CONTRACTS, LIVES, PAYERS, SCHEMES, SEXES, STAY

if TYPE_CHECKING:
    from sim.county import County

HOME = -1
"""Where a way begins that begins at home."""
TRAVELS = ("seen", "left", "shut", "full", "admitted", "recovers")
"""Events that somebody travelled to."""
FACILITIES = ("facility", "from", "to", "taken", "wished", "by", "onward", "usual", "usual_before", "avoid")


MOST_OPTIONS = 6
"""Options written out; the others are added up."""


class Line(NamedTuple):
    """One event as it is told.

    date     : year-month-day;  day : written out;  clock : hours and minutes, or nothing
    options  : what was offered, each as written words;  taken : which of them was taken, -1 where none is listed
    shares   : who paid a bill: code, name, fen;  way : (from, to) rows of facilities, from `HOME` where it began there
    """

    date: str
    day: str
    clock: str
    kind: str
    text: str
    setting: int
    options: list[tuple[str, ...]]
    taken: int
    shares: list[tuple[str, str, int]]
    way: tuple[int, int] | None


class Story(NamedTuple):
    """A resident's year in one language: who he is in a sentence or two, the lines, and the totals in words."""

    title: str
    who: str
    lines: list[Line]
    totals: list[tuple[str, str]]


def tell(county: "County", follower: Follower, row: int, lang: str) -> Story:
    """Tell the story of one resident that was followed."""
    teller, events = Teller(county, lang), follower.told(row)
    lines = [_line(teller, event) for event in events]
    return Story(
        teller.say("trace.title", number=int(county.people.person[row])),
        _who(teller, county, follower, row),
        lines,
        _totals_in_words(teller, totals(events)),
    )


def _line(teller: Teller, event: Event) -> Line:
    """Tell one event."""
    facts, date = event.facts, teller.date(event.minute)
    written, taken = _options(teller, facts) if len(facts.get("options", [])) > 1 else ([], -1)
    shares = teller.payers(facts["bill"]) if event.kind == "bill" else []
    way = (facts["from"] if facts["from"] != facts["facility"] else HOME, facts["facility"]) if event.kind in TRAVELS else None
    setting = facts.get("setting", STAY if "bill" in facts and facts["bill"].setting == STAY else 0)
    return Line(
        date.isoformat(), teller.day(date), teller.clock(event), event.kind, teller.sentence(event), setting, written, taken, shares, way
    )


def _options(teller: Teller, facts: dict[str, Any]) -> tuple[list[tuple[str, ...]], int]:
    """Write the likeliest options and the one taken, the others in one row; returns also which was taken."""
    options: list[Option] = facts["options"]
    shown = [option for place, option in enumerate(options) if place < MOST_OPTIONS or option.facility == facts["taken"]]
    written = [teller.option(facts["setting"], option) for option in shown]
    left = len(options) - len(shown)
    if left:
        share = 100 * (1.0 - sum(option.share for option in shown))
        written.append((teller.say("trace.offer.others", count=left), "", "", "", f"{max(share, 0.0):.0f} %"))
    return written, next((place for place, option in enumerate(shown) if option.facility == facts["taken"]), -1)


def _who(teller: Teller, county: "County", follower: Follower, row: int) -> str:
    """Say who somebody is, as the measured days begin."""
    say, people, at = teller.say, county.people, int(np.flatnonzero(follower.rows == row)[0])
    population = county.residents.population
    household = population.array("household")
    words = {
        "sex": say(f"trace.sex.{SEXES[population.array('sex')[row]]}"),
        "age": int(people.age[row]),
        "town": teller.names.towns[people.town[row]],
        "village": teller.names.villages[people.village[row]],
        "household": int((household == household[row]).sum()),
        "scheme": say(f"trace.insured.{SCHEMES[people.insured_at[row]]}"),
    }
    told = [say("trace.who.here" if people.lives[row] == 0 else "trace.who.elsewhere", **words)]
    if people.poor[row]:
        told.append(say("trace.who.poor"))
    chronic = _chronic(county, row)
    if chronic:
        told.append(say("trace.who.chronic", conditions=say("trace.comma").join(teller.names.conditions[g] for g in chronic)))
    told.append(_contract(teller, county, int(follower.standing["contract"][at]), row))
    usual = int(follower.standing["usual"][at])
    if usual >= 0:
        told.append(say("trace.who.usual", facility=teller.names.facility(usual)))
    if people.lives[row] == 0:
        told.append(say("trace.who.trust", trust=int(follower.standing["trust"][at])))
    return "".join(told)


def _chronic(county: "County", row: int) -> list[int]:
    """List the condition groups of somebody's chronic conditions."""
    groups = np.flatnonzero(county.place.conditions.of_urgency("chronic"))
    bits = int(county.people.chronic[row])
    return [int(group) for bit, group in enumerate(groups) if bits >> bit & 1]


def _contract(teller: Teller, county: "County", contract: int, row: int) -> str:
    """Say with which team somebody has signed, or that he has not."""
    if contract == 0:
        return teller.say("trace.who.no_contract")
    team = county.teams[county.residents.population.array("team")[row]]
    return teller.say(
        "trace.who.contract", contract=teller.contract(contract), team=team.row + 1, facility=teller.names.facility(team.township)
    )


def totals(events: list[Event]) -> dict[str, Any]:
    """Add up a year: counts, minutes, days, and fen by payer."""
    bills: list[Bill] = [event.facts["bill"] for event in events if event.kind == "bill"]
    paid = np.array([bill.paid for bill in bills], np.int64).reshape(-1, len(PAYERS)).sum(axis=0)

    def count(*kinds: str) -> int:
        return sum(event.kind in kinds for event in events)

    def added(name: str, *kinds: str) -> float:
        return float(sum(event.facts[name] for event in events if event.kind in kinds))

    return {
        "visits": count("seen"),
        "admissions": count("admitted"),
        "stays_sent_down": count("recovers"),
        "days_in_bed": added("days", "discharged"),
        "forgone": count("forgone"),
        "minutes_waited": added("wait", "seen", "left", "shut", "full"),
        "days_waited_for_bed": added("wait", "admitted", "gave_up_bed"),
        "minutes_travelled": added("travel", *TRAVELS),
        "bills": len(bills),
        "billed_fen": int(paid.sum()),
        "paid_fen": dict(zip(PAYERS, paid.tolist(), strict=True)),
    }


def _totals_in_words(teller: Teller, sums: dict[str, Any]) -> list[tuple[str, str]]:
    """Write the totals, each with its heading."""
    whole = ("visits", "admissions", "stays_sent_down", "forgone")
    told = [(name, f"{sums[name]}") for name in whole]
    told += [("days_in_bed", teller.say("trace.days", count=f"{sums['days_in_bed']:.1f}"))]
    told += [(name, teller.say("trace.minutes", count=f"{sums[name]:.0f}")) for name in ("minutes_waited", "minutes_travelled")]
    told += [("days_waited_for_bed", teller.say("trace.days", count=f"{sums['days_waited_for_bed']:.1f}"))]
    rows = [(teller.say(f"trace.total.{name}"), value) for name, value in told]
    rows.append((teller.say("trace.total.billed"), teller.say("trace.yuan", amount=f"{sums['billed_fen'] / 100:,.2f}")))
    for payer, fen in sums["paid_fen"].items():
        if fen > 0:
            rows.append((teller.say(f"trace.paid_by.{payer}"), teller.say("trace.yuan", amount=f"{fen / 100:,.2f}")))
    return rows


def as_data(county: "County", follower: Follower, row: int, lang: str) -> dict[str, Any]:
    """Give the story as plain data: ids and numbers, with each sentence in one language."""
    story, people, population = tell(county, follower, row, lang), county.people, county.residents.population
    names = county.place.facilities.names
    resident = {
        "number": int(people.person[row]),
        "age": int(people.age[row]),
        "sex": SEXES[population.array("sex")[row]],
        "town": county.place.towns[people.town[row]],
        "village": county.place.villages[people.village[row]],
        "lives": LIVES[people.lives[row]],
        "insured_at": SCHEMES[people.insured_at[row]],
        "registered_poor": bool(people.poor[row]),
        "chronic": [county.place.conditions.names[g] for g in _chronic(county, row)],
        "told": story.who,
    }
    told = [
        {"date": line.date, "clock": line.clock or None, "kind": line.kind, "text": line.text, **dict(_facts(county, names, event))}
        for line, event in zip(story.lines, follower.told(row), strict=True)
    ]
    return {"resident": resident, "events": told, "totals": totals(follower.told(row))}


def _facts(county: "County", names: tuple[str, ...], event: Event) -> Iterator[tuple[str, Any]]:
    """Write what is known of an event with names instead of rows."""
    for name, value in event.facts.items():
        if name in FACILITIES:
            yield name, names[value] if value >= 0 else None
        elif name == "group":
            yield name, county.place.conditions.names[value]
        elif name == "contract":
            yield name, CONTRACTS[value]
        elif name == "setting":
            yield name, ("visit", "stay")[value]
        elif name == "since":
            yield name, round(value / DAY, 3)
        elif name == "options":
            yield name, [{**option._asdict(), "facility": names[option.facility] if option.facility >= 0 else None} for option in value]
        elif name == "bill":
            yield name, _bill(names, value)
        else:
            yield name, value


def _bill(names: tuple[str, ...], bill: Bill) -> dict[str, Any]:
    """Write a bill by payer, in fen."""
    held = bill._asdict()
    del held["paid"], held["setting"], held["scheme"]
    return {
        **held,
        "setting": ("visit", "stay")[bill.setting],
        "facility": names[bill.facility],
        "scheme": SCHEMES[bill.scheme],
        "total": bill.total,
        "paid": dict(zip(PAYERS, bill.paid, strict=True)),
    }

"""Stays: the morning, the day and the evening of all who need a bed."""

from sim.arithmetic.compiled import spliced
from sim.care import clinic, wards
from sim.care.engine import hours
from sim.choice import choosing, referral


@spliced
def morning(  # type: ignore[no-untyped-def]
    key, today, counted, cases, again, returns, people, sheet, practice, kept, open_cases, back, needs, none, equal, area
):
    """Let everyone who needs a bed choose a hospital; referral desks and transfers speak after."""
    wards.come_back(today, people, returns, cases)
    clinic.join(cases, again)
    count = cases.count[0]
    referral.seek_records(key, cases, 0, people, practice, sheet.emergent)
    choosing.choose(key, 1, cases, 0, count, False, people, sheet)
    referral.route_stays(key, cases, 0, people, sheet, practice, kept)
    clinic.still_choosing(cases, 0, count, cases.facility, cases.avoid, open_cases, back)
    choosing.choose(key, 1, open_cases, 0, open_cases.count[0], True, people, sheet)
    clinic.take_back(cases, open_cases, back, False)
    clinic.count_choices(1, cases, 0, count, people, counted, needs, none, equal, area)
    choosing.kinds(1, cases, 0, count, people, sheet)


@spliced
def day(  # type: ignore[no-untyped-def]
    key, midnight, cases, kept, carried, people, sheet, practice, beds, stations, rows, lines, tickets, counted, fate, order, tally
):
    """Put requests in line for beds and run the day; returns how many rows there are."""
    count = wards.make_rows(key, midnight, cases, kept, carried, people, sheet, practice, beds, rows, tickets, counted, fate)
    hours.day(carried, count, stations, rows, lines, midnight, order, tally)
    return count


@spliced
def evening(  # type: ignore[no-untyped-def]
    key, today, until, measured, count, stations, rows, lines, tickets, people, beds, follow_up, tariff, books, again_share,
    counted, counts, in_beds, returns, again, moved
):  # fmt: skip
    """Send home those who are well, settle their bills, put those who got a bed into it, and carry the others over midnight."""
    wards.discharge(key, today, until, people, beds, follow_up, tariff, books, counted, counts, in_beds, returns)
    wards.read_rows(key, today, measured[0], measured[1], count, rows, tickets, people, beds, again_share, counted, counts, in_beds, again)
    carried = hours.carry(count, stations, rows, lines, moved)
    clinic.move_tickets(count, moved, tickets)
    return carried

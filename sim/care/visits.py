"""Visits: the morning and the evening of all who go to a clinic, some at a time, so that what is known of each is at hand throughout."""

from sim.arithmetic.compiled import spliced
from sim.care import clinic
from sim.care.engine import hours
from sim.choice import choosing, referral
from sim.money import paying

AT_A_TIME = 1024
"""Cases that go through a morning together: what is known of them fits the cache of one core (measured; 500 to 2,000 do alike)."""


@spliced
def morning(  # type: ignore[no-untyped-def]
    key,
    midnight,
    counted,
    cases,
    again,
    sent,
    people,
    sheet,
    practice,
    desk,
    tariff,
    open_cases,
    back,
    needs,
    none,
    equal,
    area,
    count,
    rows,
    tickets,
):
    """Let everyone choose where to go, apply the rules of referral, and write the rows of the day after the `count` ones carried.

    again, sent : those who try the same as yesterday; those whom nobody could help, who look for one who can
    back     : (cases,) scratch;  needs, none, equal, area : see `clinic.count_choices`
    returns  : how many rows there are now
    """
    clinic.join(cases, again)
    helpless, n = clinic.join(cases, sent), count
    for first in range(0, cases.count[0], AT_A_TIME):
        last = min(first + AT_A_TIME, cases.count[0])
        middle = min(max(first, helpless), last)
        choosing.choose(key, 0, cases, first, middle, False, people, sheet)
        choosing.choose(key, 0, cases, middle, last, True, people, sheet)
        clinic.count_choices(0, cases, first, last, people, counted, needs, none, equal, area)
        referral.route_visits(key, cases, first, last, people, sheet, practice)
        clinic.still_choosing(cases, first, last, cases.onward, cases.facility, open_cases, back)
        choosing.choose(key, 0, open_cases, 0, open_cases.count[0], True, people, sheet)
        clinic.take_back(cases, open_cases, back, True)
        n = clinic.make_rows(key, midnight, cases, first, last, n, people, sheet, desk, tariff, practice.green, rows, tickets)
    return n


@spliced
def evening(  # type: ignore[no-untyped-def]
    key, count, stations, rows, lines, tickets, done, people, sheet, habits, inside, tariff, books, counted, counts, again, sent, moved
):
    """Read what became of the first `count` rows, let people learn, bill those served, and carry the others over midnight.

    moved   : (rows,) scratch;  returns : how many rows are carried;  see `clinic.read_rows`
    """
    for first in range(0, count, AT_A_TIME):
        last = min(first + AT_A_TIME, count)
        clinic.read_rows(first, last, rows, tickets, done, people, sheet, habits, inside, counted, counts)
        clinic.look_again(key, first, last, tickets, done, people, habits, counted, counts, again, sent)
        paying.settle_visits(first, last, done, tickets, people, tariff, books, counted, counts.equity, counts.area)
    carried = hours.carry(count, stations, rows, lines, moved)
    clinic.move_tickets(count, moved, tickets)
    return carried

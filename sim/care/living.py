"""Living: days on end in one kernel, between two at which something is decided; the same day as `County._live`, for runs nobody watches."""

import numpy as np

from sim.arithmetic.compiled import njit
from sim.care import stays, visits
from sim.care.engine import hours
from sim.care.engine.lines import DAY
from sim.people import need
from sim.record import history


@njit
def days(  # type: ignore[no-untyped-def]
    key,
    today,
    last,
    run_in,
    measured,
    calendar,
    people,
    rate,
    sheet,
    practice,
    tariff,
    books,
    tally,
    tier,
    inside,
    able_inside,
    out,
    inn,
    past,
):
    """Live the days today..last-1; returns how many rows of clinics and wards are carried over the last midnight."""
    (
        o_carried,
        o_cases,
        again,
        sent,
        open_cases,
        back,
        o_needs,
        o_none,
        desk,
        habits,
        o_stations,
        o_rows,
        o_lines,
        o_tickets,
        done,
        o_counts,
        o_order,
        o_cells,
        o_moved,
    ) = out
    (
        i_carried,
        i_cases,
        i_again,
        returns,
        i_open,
        i_back,
        kept,
        i_needs,
        i_none,
        beds,
        in_beds,
        i_stations,
        i_rows,
        i_lines,
        i_tickets,
        i_counts,
        i_order,
        i_cells,
        i_moved,
        again_share,
    ) = inn
    flows, stocks, emergencies, within, total = past
    for day in range(today, last):
        midnight, counted, d = (day + run_in) * DAY, np.int64(day >= 0), day - calendar.start
        need.today(key, day, calendar.first[d], calendar.first[d + 1], calendar, people, rate, beds.averts, o_cases, i_cases, tally)
        coming = o_cases.count[0] + again.count[0] + sent.count[0]
        if o_carried + 2 * coming > len(o_rows.arrive) or i_carried + 2 * (i_cases.count[0] + i_again.count[0]) > len(i_rows.arrive):
            raise OverflowError("rows do not fit")
        count = visits.morning(
            key,
            midnight,
            counted,
            o_cases,
            again,
            sent,
            people,
            sheet,
            practice,
            desk,
            tariff,
            open_cases,
            back,
            o_needs,
            o_none,
            o_counts.equity,
            o_carried,
            o_rows,
            o_tickets,
        )
        stays.morning(
            key, day, counted, i_cases, i_again, returns, people, sheet, practice, kept, i_open, i_back, i_needs, i_none, i_counts.equity
        )
        hours.day(o_carried, count, o_stations, o_rows, o_lines, midnight, o_order, o_cells)
        admitted = stays.day(
            key,
            midnight,
            i_cases,
            kept,
            i_carried,
            people,
            sheet,
            practice,
            beds,
            i_stations,
            i_rows,
            i_lines,
            i_tickets,
            counted,
            i_counts.fate,
            i_order,
            i_cells,
        )
        o_carried = visits.evening(
            key,
            count,
            o_stations,
            o_rows,
            o_lines,
            o_tickets,
            done,
            people,
            sheet,
            habits,
            inside,
            tariff,
            books,
            counted,
            o_counts,
            again,
            sent,
            o_moved,
        )
        o_cases.count[0], i_cases.count[0] = 0, 0
        i_carried = stays.evening(
            key,
            day,
            midnight + DAY,
            measured,
            admitted,
            i_stations,
            i_rows,
            i_lines,
            i_tickets,
            people,
            beds,
            practice.follow_up,
            tariff,
            books,
            again_share,
            counted,
            i_counts,
            in_beds,
            returns,
            i_again,
            i_moved,
        )
        if counted:
            minutes = 0.0
            for f in range(len(inside)):
                minutes += o_counts.wait[f] if inside[f] else 0.0
            n = day - today
            flows[n, :], stocks[n, :] = 0, 0
            history.add_up(tier, inside, o_counts, i_counts, o_none, i_none, minutes, books.paid, flows[n])
            for k in range(len(total)):
                now = flows[n, k]
                flows[n, k], total[k] = now - total[k], now
            tomorrow = measured[0] + (day + 1) * DAY
            history.look(key, tomorrow, i_rows, i_carried, in_beds, people, inside, able_inside, stocks[n], emergencies, within)
    return o_carried, i_carried

"""Till: pay one resident's bills once more, on a copy of him and into books of its own, by the very functions that pay them in the county.

The county's books hold totals; what single bills came to is seen by letting them be paid alone.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.care import clinic, wards
from sim.care.clinic import DOWN
from sim.care.engine.lines import DAY, SERVED
from sim.money import paying
from sim.money.paying import REPEAT, SPECIAL, WAIVER, deductible_of
from sim.people.people import People
from sim.people.residents import empty_columns
from sim.record.events import Bill
from sim.words import STAY, VISIT
from sim.world import World


class Paid(NamedTuple):
    """A bill of this evening.

    row : of the visit among the rows of the clinics, of the stay among those in beds;  end : minute of the engine at which care ended
    """

    resident: int
    setting: int
    row: int
    end: float
    bill: Bill


class Till:
    """A copy of one resident at a time, with the bills of one evening in the order in which they are paid."""

    def __init__(self, county: World) -> None:
        """Open empty books beside those of the county."""
        columns, place = empty_columns(2), county.place
        self.county, self.person = county, People(*(columns[name] for name in People._fields))
        towns, facilities = len(place.towns), len(place.facilities.names)
        self.books = paying.books(towns, facilities)
        self.ticket, self.lying, self.done = clinic.tickets(1), wards.stays(1), np.ones(1, np.uint8)
        self.unfollowed, self.nobody = np.zeros(2), wards.returns(1)
        self.unread = wards.wards(county.areas, towns, facilities, len(county.inpatients.expected), len(place.conditions.names))

    def serve(self, resident: int) -> None:
        """Turn to a resident as he stands this evening before any bill."""
        for name in People._fields:
            getattr(self.person, name)[0] = getattr(self.county.people, name)[resident]

    def evening(self, seen: Sequence[int], going: Sequence[int]) -> Iterator[Paid]:
        """Pay the bills of today of some rows, each resident's in the order in which they are paid: visits first.

        seen  : rows of the clinics; those not served have no bill
        going : rows in beds that are left today, in the order in which they are sent home
        """
        county, held = self.county, self.county.inpatients.in_beds
        rows, tickets = county.outpatients.rows, county.outpatients.tickets
        mine: dict[int, list[tuple[int, int]]] = {}
        for row in seen:
            if rows.outcome[row] == SERVED:
                mine.setdefault(int(tickets.resident[row]), []).append((VISIT, row))
        for row in going:
            mine.setdefault(int(held.resident[row]), []).append((STAY, row))
        midnight = county.clock.measured_minutes[0] + county.today * DAY
        for resident in sorted(mine):
            self.serve(resident)
            for setting, row in mine[resident]:
                if setting == VISIT:
                    yield Paid(resident, setting, row, float(rows.start[row] + rows.service[row]), self.visit(row))
                else:
                    yield Paid(resident, setting, row, float(held.end[row]), self.stay(row, midnight))

    def visit(self, row: int) -> Bill:
        """Pay the visit of one row of the clinics."""
        county, held = self.county, self.county.outpatients.tickets
        market = county.market
        _copy(held, row, self.ticket)
        tariff, scheme = market.tariff, int(self.person.insured_at[0])
        purse = int(tariff.purse[scheme, held.group[row]])
        fund = (self.person.outpatient_fund, self.person.chronic_fund, self.person.inpatient_fund)[purse]
        limit = (tariff.outpatient_limit, tariff.chronic_limit, tariff.ceiling)[purse]
        used = int(fund[0])

        def pay() -> None:
            paying.settle_visits(
                0, 1, self.done, self.ticket, self.person, tariff, self.books, county.counted,
                self.unread.equity, self.unread.area,
            )  # fmt: skip

        return self._paid(pay, VISIT, int(held.facility[row]), int(held.kind[row]), purse, used, limit)

    def stay(self, row: int, midnight: float) -> Bill:
        """Pay the stay of one patient in a bed, who goes home before the midnight that ends the day."""
        county, held = self.county, self.county.inpatients.in_beds
        market, beds = county.market, county.inpatients.beds
        self.lying.count[0] = 1
        _copy(held, row, self.lying)
        kind = int(held.kind[row]) | (REPEAT if self.person.stays[0] > 1 else 0)
        used = int(self.person.inpatient_fund[0])

        def pay() -> None:
            wards.discharge(
                county.luck, county.today, midnight + DAY, self.person, beds, self.unfollowed, market.tariff, self.books,
                county.counted, self.unread, self.lying, self.nobody,
            )  # fmt: skip

        bill = self._paid(pay, STAY, int(held.facility[row]), kind, SPECIAL, used, market.tariff.ceiling)
        return bill._replace(deductible=0) if held.flags[row] & DOWN else bill

    def _paid(self, pay: Callable[[], None], setting: int, facility: int, kind: int, purse: int, used: int, limit: Any) -> Bill:
        """Let a bill be paid, and read from the books who paid what."""
        tariff, scheme, own = self.county.market.tariff, int(self.person.insured_at[0]), int(self.person.own_scope[0])
        before, scope = self.books.paid[:, setting, facility].copy(), int(self.books.scope[setting, facility])
        pay()
        in_scope, paid = int(self.books.scope[setting, facility]) - scope, self.books.paid[:, setting, facility] - before
        fixed, most = int(float(tariff.deductible[kind, facility]) * 100.0 + 0.5), tariff.deductible_most[scheme, facility]
        first = deductible_of(paid.sum() - paid[WAIVER], fixed, tariff.deductible_share[kind, facility], most)
        return Bill(
            setting,
            facility,
            scheme,
            purse,
            tuple(paid.tolist()),
            in_scope,
            min(int(first), in_scope),
            float(tariff.fund_share[kind, facility]),
            used,
            int(limit[scheme]),
            own,
            int(tariff.threshold[scheme]),
        )


def _copy(held: Any, row: int, one: Any) -> None:
    """Copy one row of a table of columns; its resident is the one at the till."""
    for name in held._fields:
        if name != "count":
            getattr(one, name)[0] = getattr(held, name)[row]
    one.resident[0] = 0


def going(county: World, chosen: NDArray[np.bool_]) -> list[int]:
    """List the rows of those among some residents who leave a bed today, in the order in which they are sent home.

    chosen : (residents,)
    """
    in_beds, until = county.inpatients.in_beds, county.clock.measured_minutes[0] + (county.today + 1) * DAY
    held = int(county.inpatients.in_beds.count[0])
    mine = chosen[in_beds.resident[:held]]
    if not (in_beds.end[:held][mine] < until).any():
        return []
    return [row for row in leaving(in_beds.end[:held], until) if mine[row]]


def leaving(end: np.ndarray, until: float) -> list[int]:
    """List who leaves a bed before `until` in the order of `sim.care.wards.discharge`, where the last in the list takes each free row."""
    rows, order, i = list(range(len(end))), list[int](), 0
    while i < len(rows):
        if end[rows[i]] >= until:
            i += 1
            continue
        order.append(rows[i])
        rows[i] = rows[-1]
        rows.pop()
    return order

"""Follower: a watch that writes down what happens to some residents on the measured days."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import luck
from sim.care.clinic import BEYOND, DOWN, EMERGENCY, ONWARD, REFERRED, SENDS_ON, UNHELPED
from sim.care.engine.lines import BLOCKED, DAY, LEFT, SERVED, SHUT, WAITING
from sim.care.wards import IN_WARD
from sim.record import mornings
from sim.record.board import Board
from sim.record.events import Event
from sim.record.till import Till, going
from sim.record.watch import Watch
from sim.words import OWN_TOWNSHIP, STAY, VISIT
from sim.world import World

FAILED = {LEFT: "left", SHUT: "shut", BLOCKED: "full"}
LAST_MINUTE = DAY - 1.0
"""What is learned in the evening is written down then."""


class Loose(NamedTuple):
    """A try that failed or did not help; the evening says what becomes of it."""

    setting: int
    resident: int
    occasion: int
    group: int
    tried: int
    failed: bool
    minute: float


class Follower(Watch):
    """Writes down every event of the residents it follows, in the order in which the day brings them.

    residents : rows of the residents to follow
    events    : row -> his events
    standing  : contract, usual facility and trust of those followed as the measured days began, in the order of `rows`
    busy      : (residents,) whether anyone at all, followed or not, looked for care on a measured day
    """

    def __init__(self, county: World, residents: NDArray[np.int64]) -> None:
        self.rows = np.asarray(residents, np.int64)
        self.followed = np.zeros(len(county.people.person), bool)
        self.followed[self.rows] = True
        self.events: dict[int, list[Event]] = {int(r): [] for r in self.rows}
        self.busy = np.zeros_like(self.followed)
        self.standing: dict[str, NDArray[Any]] = {}
        self._board, self._till = Board(), Till(county)
        self._contract = county.people.contract[self.rows].copy()
        self._sent, self._again_referred = 0, np.zeros(0, np.uint8)
        self._loose: list[Loose] = []

    def told(self, resident: int) -> list[Event]:
        """Give the events of one resident in the order of time."""
        return sorted(self.events[resident], key=lambda event: event.minute)

    def chosen(self, county: World) -> None:
        """Write down contracts, who needs care, what he was offered, what he took, and who spoke after."""
        contract, before = county.people.contract[self.rows].copy(), self._contract
        self._contract = contract
        if county.today < 0:
            return
        self._midnight = county.today * DAY
        if county.today == 0:
            self._begin(county, before)
        self._contracts(county, before, contract)
        out, inn = county.outpatients.cases, county.inpatients.cases
        for cases in (out, inn):
            self.busy[cases.resident[: cases.count[0]]] = True
        for i in self._mine(out.resident, int(out.count[0])):
            case = mornings.case_of(VISIT, out, i, int(out.referred[i]), able_only=i >= int(out.count[0]) - self._sent)
            self._note_all(case.resident, mornings.visit(county, case, self._board))
        fresh = int(inn.count[0]) - len(self._again_referred)
        for i in self._mine(inn.resident, int(inn.count[0])):
            case = mornings.case_of(STAY, inn, i, int(self._again_referred[i - fresh]) if i >= fresh else 0, able_only=False)
            self._note_all(case.resident, mornings.stay(county, case, int(inn.referred[i]), self._board))

    def closed(self, county: World, seen: int, admitted: int) -> None:
        """Write down what became of those under way today, and every bill."""
        if county.today < 0:
            return
        self._loose = []
        visits = self._mine(county.outpatients.tickets.resident, seen)
        stays = self._mine(county.inpatients.tickets.resident, admitted)
        leave = going(county, self.followed)
        for i in visits:
            self._visit(county, i)
        for i in stays:
            self._bed(county, i)
        self._already_in(county, stays)
        for i in leave:
            self._discharge(county, i)
        self._bills(county, visits, leave)
        self._trust, self._usual = county.people.trust[self.rows].copy(), county.people.usual[self.rows].copy()

    def settled(self, county: World) -> None:
        """Write down what was learned, and who tries once more, turns elsewhere or goes without."""
        out, inn = county.outpatients, county.inpatients
        self._sent, self._again_referred = int(out.sent.count[0]), inn.again.referred[: inn.again.count[0]].copy()
        if county.today < 0:
            return
        for loose in self._loose:
            self._tie_up(county, loose)
        people = county.people
        changed = (people.trust[self.rows] != self._trust) | (people.usual[self.rows] != self._usual)
        for k in np.flatnonzero(changed).tolist():
            r = int(self.rows[k])
            facts = {"trust": int(people.trust[r]), "trust_before": int(self._trust[k])}
            facts |= {"usual": int(people.usual[r]), "usual_before": int(self._usual[k])}
            self._note(r, self._midnight + LAST_MINUTE, "learned", **facts)

    # writing down

    def _note(self, resident: int, minute: float, kind: str, **facts: Any) -> None:
        self.events[resident].append(Event(resident, float(minute), kind, facts))

    def _note_all(self, resident: int, happened: list[tuple[str, dict[str, Any]]]) -> None:
        for kind, facts in happened:
            self._note(resident, self._midnight, kind, **facts)

    def _mine(self, resident: NDArray[np.int32], count: int) -> list[int]:
        """List the rows of those followed."""
        found: list[int] = np.flatnonzero(self.followed[resident[:count]]).tolist()
        return found

    # the morning

    def _begin(self, county: World, contract: NDArray[np.uint8]) -> None:
        """Keep how the residents stand when the measured days begin, and say who lies in a ward already."""
        held, people = county.inpatients.in_beds, county.people
        self.standing = {"contract": contract, "usual": people.usual[self.rows].copy(), "trust": people.trust[self.rows].copy()}
        for i in self._mine(held.resident, int(held.count[0])):
            if county.people.state[held.resident[i]] & IN_WARD:
                since = self._clock(county, held.start[i])
                self._note(int(held.resident[i]), 0.0, "lying", facility=int(held.facility[i]), group=int(held.group[i]), since=since)

    def _contracts(self, county: World, before: NDArray[np.uint8], now: NDArray[np.uint8]) -> None:
        """Say whose contract began, was renewed or ended this morning."""
        if county.date.day == 1:
            turn = np.isin(self.rows, county.contracts.homes.members(county.contracts.due))
            for k in np.flatnonzero(turn & (before > 0) & (now > 0)).tolist():
                self._note(int(self.rows[k]), self._midnight, "renewed", contract=int(now[k]))
        for k in np.flatnonzero((before > 0) != (now > 0)).tolist():
            self._note(int(self.rows[k]), self._midnight, "signed" if now[k] else "lapsed", contract=int(now[k] or before[k]))

    # the hours of the day

    def _clock(self, county: World, minute: float) -> float:
        """Count a minute of the engine from the first measured midnight."""
        return float(minute - county.clock.measured_minutes[0])

    def _visit(self, county: World, i: int) -> None:
        """Write down what became of one leg of a visit, if it came to an end today."""
        out = county.outpatients
        rows, tickets, what = out.rows, out.tickets, int(out.rows.outcome[i])
        r, f, flags = int(tickets.resident[i]), int(tickets.facility[i]), int(tickets.flags[i])
        group, occasion = int(tickets.group[i]), int(tickets.occasion[i])
        arrive, wait = self._clock(county, rows.arrive[i]), float(rows.start[i] - rows.arrive[i])
        origin = int(tickets.origin[i]) if flags & ONWARD else -1
        way = county.place.between[origin, f] if origin >= 0 else county.place.minutes[county.people.village[r], f]
        facts = {"facility": f, "group": group, "occasion": occasion, "travel": float(way), "from": origin, "wait": wait}
        if what == SERVED:
            helped = not flags & UNHELPED
            facts |= {"minutes": float(rows.service[i]), "referred": bool(flags & REFERRED), "emergency": bool(flags & EMERGENCY)}
            to = int(tickets.facility[rows.then[i]]) if flags & SENDS_ON else -1
            self._note(r, arrive, "seen", helped=helped, to=to, **facts)
        elif what in FAILED:
            self._note(r, arrive, FAILED[what], **facts)
        if what in FAILED or (what == SERVED and flags & UNHELPED and not flags & SENDS_ON):
            over = rows.start[i] + (rows.service[i] if what == SERVED else 0.0)
            tried, minute = int(tickets.attempt[i]) + 1, self._clock(county, over)
            self._loose.append(Loose(VISIT, r, occasion, group, tried, what in FAILED, minute))

    def _bed(self, county: World, i: int) -> None:
        """Write down what became of one request for a bed, if it came to an end today or is new."""
        inn = county.inpatients
        rows, tickets, what = inn.rows, inn.tickets, int(inn.rows.outcome[i])
        r, f, flags = int(tickets.resident[i]), int(tickets.facility[i]), int(tickets.flags[i])
        origin, group, occasion = int(tickets.origin[i]), int(tickets.group[i]), int(tickets.occasion[i])
        arrive, start = self._clock(county, rows.arrive[i]), self._clock(county, rows.start[i])
        way = county.place.between[origin, f] if flags & DOWN else county.place.minutes[county.people.village[r], f]
        begun = origin if flags & DOWN else -1
        facts = {"facility": f, "group": group, "occasion": occasion, "travel": float(way), "from": begun}
        if what == SERVED and flags & DOWN:
            self._note(r, start, "recovers", wait=(start - arrive) / DAY, **facts)
        elif what == SERVED:
            facts |= {"emergency": bool(flags & EMERGENCY), "referred": bool(flags & REFERRED), "beyond": bool(flags & BEYOND)}
            self._note(r, start, "admitted", wait=(start - arrive) / DAY, **facts)
        elif what in FAILED:
            self._note(r, start, "no_bed_further_down" if flags & DOWN else "gave_up_bed", wait=(start - arrive) / DAY, **facts)
            if not flags & DOWN:
                self._loose.append(Loose(STAY, r, occasion, group, int(tickets.attempt[i]) + 1, True, start))
        elif what == WAITING and i >= inn.carried and not flags & DOWN:
            self._note(r, arrive, "waits_for_bed", **facts)

    def _already_in(self, county: World, stays: list[int]) -> None:
        """Say whose request fell away because he had a bed, or waited for one, for something else."""
        inn = county.inpatients
        made = {(int(inn.tickets.resident[i]), int(inn.tickets.occasion[i])) for i in stays if i >= inn.carried}
        for i in self._mine(inn.cases.resident, int(inn.cases.count[0])):
            r, occasion = int(inn.cases.resident[i]), int(inn.cases.occasion[i])
            if inn.cases.facility[i] >= 0 and (r, occasion) not in made:
                self._note(r, self._midnight, "already_in", group=int(inn.cases.group[i]), occasion=occasion)

    def _discharge(self, county: World, i: int) -> None:
        """Write down the end of one stay."""
        held = county.inpatients.in_beds
        r, f, flags = int(held.resident[i]), int(held.facility[i]), int(held.flags[i])
        start, end = self._clock(county, held.start[i]), self._clock(county, held.end[i])
        to = int(county.market.sheet.option[county.people.village[r], OWN_TOWNSHIP]) if flags & SENDS_ON else -1
        facts = {"group": int(held.group[i]), "occasion": int(held.occasion[i]), "days": (end - start) / DAY, "since": start}
        self._note(r, end, "discharged", facility=f, to=to, recovered=bool(flags & DOWN), **facts)

    def _bills(self, county: World, visits: list[int], leave: list[int]) -> None:
        """Write down the bills of today."""
        for one in self._till.evening(visits, leave):
            held = county.outpatients.tickets if one.setting == VISIT else county.inpatients.in_beds
            self._note(one.resident, self._clock(county, one.end), "bill", bill=one.bill, occasion=int(held.occasion[one.row]))

    # the evening

    def _tie_up(self, county: World, loose: Loose) -> None:
        """Say what becomes of a try that failed or did not help."""
        again = (county.outpatients.again, county.outpatients.sent) if loose.setting == VISIT else (county.inpatients.again,)
        facts: dict[str, Any] = {"setting": loose.setting, "group": loose.group, "occasion": loose.occasion, "tried": loose.tried}
        if any(_holds(cases, loose) for cases in again):
            kind = "tries_again"
        elif not loose.failed:
            kind = "unhelped"
        elif loose.setting == VISIT and self._elsewhere(county, loose):
            kind = "met_elsewhere"
        else:
            kind, facts["why"] = "forgone", "gave_up"
        self._note(loose.resident, max(loose.minute, self._midnight), kind, **facts)

    def _elsewhere(self, county: World, loose: Loose) -> bool:
        """Say whether he meets the need elsewhere after the last try, by the number that decides it in `sim.care.clinic.read_rows`."""
        occasion = np.uint32(loose.occasion) ^ np.uint32(loose.tried << 27)
        drawn = luck.uniforms(county.luck, luck.AGAIN, county.people.person[[loose.resident]], int(occasion))
        return bool(drawn[0, 1] < county.outpatients.habits.elsewhere)


def _holds(cases: Any, loose: Loose) -> bool:
    """Say whether the need is among those put down for tomorrow."""
    count = int(cases.count[0])
    return bool(((cases.resident[:count] == loose.resident) & (cases.occasion[:count] == np.uint32(loose.occasion))).any())

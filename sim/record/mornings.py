"""Mornings: what one case tells: why he looks for care, what he was offered and took, and what rules and doctors made of it."""

from typing import Any

import numpy as np

from sim.choice.referral import route_stays, seek_records
from sim.people.need import COME_BACK, Cases
from sim.record.board import Board, Case, alone, chosen, is_taken
from sim.words import STAY, VISIT
from sim.world import World

CHRONIC_VISIT = 1 << 18
LATER_VISITS = 63
SENT_UP = 2
Happened = list[tuple[str, dict[str, Any]]]


def case_of(setting: int, cases: Cases, i: int, referred: int, able_only: bool) -> Case:
    """Read one case of a morning.

    referred : with a record before he chose
    """
    who, person, what, tried = int(cases.resident[i]), int(cases.person[i]), int(cases.occasion[i]), int(cases.attempt[i])
    group, avoid, facility, onward = int(cases.group[i]), int(cases.avoid[i]), int(cases.facility[i]), int(cases.onward[i])
    return Case(setting, who, person, what, group, tried, avoid, referred, able_only, facility, onward)


def visit(county: World, case: Case, board: Board) -> Happened:
    """Tell the morning of one case of the clinics."""
    told, taken = _offered(county, case, board)
    base = {"group": case.group, "occasion": case.occasion, "setting": VISIT}
    if case.facility < 0:
        told.append(("forgone", {**base, "why": "nobody_able" if case.able_only else "nothing_chosen"}))
    elif case.facility != taken:
        told.append(("gatekept", {**base, "wished": taken, "facility": case.facility, "onward": case.onward}))
    return told


def stay(county: World, case: Case, referred: int, board: Board) -> Happened:
    """Tell the morning of one request for a bed.

    referred : with a record in the end
    """
    sheet, practice = county.market.sheet, county.market.practice
    one, kept = alone(case), np.zeros(1, np.uint8)
    seek_records(county.luck, one, 0, county.people, practice, sheet.emergent)
    case = case._replace(referred=int(one.referred[0]))
    told, taken = _offered(county, case, board)
    one.facility[0] = taken
    route_stays(county.luck, one, 0, county.people, sheet, practice, kept)
    base = {"group": case.group, "occasion": case.occasion, "setting": STAY, "facility": case.facility}
    if taken < 0 or case.facility < 0:
        told.append(("forgone", {**base, "why": "nothing_chosen" if taken < 0 else "nobody_able"}))
    elif kept[0] == SENT_UP:
        told.append(("sent_up" if county.place.facilities.in_county[taken] else "sent_out", {**base, "by": case.onward}))
    elif case.facility != taken:
        told.append(("kept_by_desk", {**base, "wished": taken}))
    elif referred and case.onward >= 0:
        told.append(("record", {**base, "by": case.onward}))
    return told


def _offered(county: World, case: Case, board: Board) -> tuple[Happened, int]:
    """Tell why he looks for care and what he was offered; returns also what the race gave him."""
    base = {"group": case.group, "occasion": case.occasion, "setting": case.setting}
    taken = chosen(county, case)
    facts = {
        **base,
        "taken": taken.facility,
        "emergency": is_taken(case, county.market.sheet),
        "able_only": case.able_only,
        "avoid": case.avoid,
        "options": board.options(county, case, taken),
    }
    return [("need", {**base, "reason": reason(case)}), ("offer", facts)], taken.facility


def reason(case: Case) -> str:
    """Say why he looks for care, one of `events.REASONS`."""
    if case.setting == STAY:
        if case.attempt > 0:
            return "stay_again"
        return "comes_back" if case.occasion & COME_BACK else "stay"
    if case.attempt > 0:
        return "another" if case.able_only else "again"
    if case.occasion & CHRONIC_VISIT and case.occasion < 2 * CHRONIC_VISIT:
        return "chronic"
    return "follow_up" if case.occasion & LATER_VISITS else "ill"

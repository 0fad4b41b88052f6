"""Events: what can happen to a resident, with what is known of it."""

from typing import Any, NamedTuple

from sim.money.paying import CRITICAL, PATIENT, RELIEF, WAIVER

EVENTS = (
    "lying",
    "signed",
    "renewed",
    "lapsed",
    "need",
    "offer",
    "gatekept",
    "record",
    "kept_by_desk",
    "sent_out",
    "sent_up",
    "already_in",
    "seen",
    "left",
    "shut",
    "full",
    "waits_for_bed",
    "admitted",
    "gave_up_bed",
    "recovers",
    "no_bed_further_down",
    "discharged",
    "bill",
    "learned",
    "tries_again",
    "met_elsewhere",
    "unhelped",
    "forgone",
)
"""Kinds of events, roughly in the order of a day."""

REASONS = ("ill", "follow_up", "chronic", "again", "another", "stay", "stay_again", "comes_back")
"""Why somebody looks for care: newly ill; a later visit of an illness; a regular visit of the chronically ill; once more after a try that
failed; somebody able to help after one that did not; a bed; a bed once more; a bed because the last
stay was in a facility that could not treat the case."""
FORGONE = ("nothing_chosen", "nobody_able", "gave_up")
"""Why care is forgone: nothing on offer was worth it, nobody able was in reach, or a failed try was the last."""


class Option(NamedTuple):
    """One option as the patient sees it.

    facility : row, -1 for no formal care;  pays : yuan he would pay himself of a mean bill
    minutes  : on the way there;  wait : expected minutes for a doctor, days for a bed;  share : of people like him who take it
    """

    facility: int
    pays: float
    minutes: float
    wait: float
    share: float


class Bill(NamedTuple):
    """One bill, in fen, and where the resident stood with his funds before it was paid.

    paid       : (payers,) who paid what
    purse      : of visits, ordinary, chronic, or that of stays, which special ones share and stays have (`sim.money.paying`)
    in_scope   : part of the bill the schedule speaks of;  deductible : taken off that before the fund pays
    fund_share : share of the rest the fund promises
    used, limit: what the fund had paid for him this year, and the most it pays
    own, threshold : his in-scope payments of this year's stays, and from where critical-illness insurance pays (stays only)
    """

    setting: int
    facility: int
    scheme: int
    purse: int
    paid: tuple[int, ...]
    in_scope: int
    deductible: int
    fund_share: float
    used: int
    limit: int
    own: int
    threshold: int

    @property
    def total(self) -> int:
        """Add up the bill."""
        return sum(self.paid)

    @property
    def by_fund(self) -> int:
        """Say what the fund of the resident's own scheme paid."""
        return self.paid[self.scheme]

    @property
    def others(self) -> dict[str, int]:
        """Say what the others paid."""
        names = {"critical": CRITICAL, "relief": RELIEF, "waiver": WAIVER, "patient": PATIENT}
        return {name: self.paid[payer] for name, payer in names.items()}


class Event(NamedTuple):
    """Something that happened to a resident.

    minute : since the first measured midnight;  kind : one of `EVENTS`;  facts : rows, minutes, days, words and bills, by name
    """

    resident: int
    minute: float
    kind: str
    facts: dict[str, Any]

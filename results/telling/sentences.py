"""Sentences: say in words what happened to a resident, one sentence or two for each event."""

import datetime
from typing import TYPE_CHECKING, Any

from results.telling.names import Names
from sim.care.engine.lines import DAY
from sim.language.messages import say
from sim.record import Bill, Event, Option
from sim.words import CONTRACTS, SCHEMES, STAY, VISIT

if TYPE_CHECKING:
    from sim.county import County

AN_HOUR = 1 / 24
"""Days of a wait for a bed from which it is spoken of."""
PLACES = ("facility", "wished", "by", "to")
"""Facts that are facilities and stand in sentences by name."""
PURSES = ("visits", "chronic", "special")
"""Whose limit a visit counts towards, by the purse of its bill."""


def yuan(fen: int) -> str:
    """Write money to the fen."""
    return f"{fen / 100:,.2f}"


class Teller:
    """Tells the events of a county in one language."""

    def __init__(self, county: "County", lang: str) -> None:
        """Learn the names."""
        self.county, self.lang, self.names = county, lang, Names(county, lang)

    def say(self, key: str, **values: object) -> str:
        """Fill in a message in the language spoken."""
        return say(key, self.lang, **values)

    def date(self, minute: float) -> datetime.date:
        """Give the date on which a minute falls."""
        return self.county.whole.period.start + datetime.timedelta(days=int(minute // DAY))

    def day(self, date: datetime.date) -> str:
        """Write a date with the day of the week."""
        week = self.say("trace.weekdays").split()
        return self.say("trace.date", year=date.year, month=date.month, day=date.day, weekday=week[date.weekday()])

    def clock(self, event: Event) -> str:
        """Write the time of day at which an event happened; nothing for what has none."""
        if event.kind not in CLOCKED:
            return ""
        minutes = int(event.minute % DAY)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    def sentence(self, event: Event) -> str:
        """Tell one event."""
        facts = event.facts
        words: dict[str, Any] = {name: self.names.facility(facts[name]) for name in PLACES if name in facts}
        if "group" in facts:
            words["group"] = self.names.conditions[facts["group"]]
        if "travel" in facts:
            words["way"] = self._way(facts)
        more = {
            "need": self._need, "offer": self._offer, "seen": self._seen, "left": self._wait, "shut": self._wait, "full": self._wait,
            "admitted": self._admitted, "recovers": self._recovers, "gave_up_bed": self._bed, "no_bed_further_down": self._bed,
            "discharged": self._discharged, "learned": self._learned, "forgone": self._forgone, "bill": self._bill,
            "signed": self._contract, "renewed": self._contract, "lapsed": self._contract, "lying": self._since,
        }.get(event.kind)  # fmt: skip
        if more is None:
            return self.say(f"trace.event.{event.kind}", **words)
        return more(event.kind, facts, words)

    def _way(self, facts: dict[str, Any]) -> str:
        """Say where he came from and how long it took."""
        minutes = f"{facts['travel']:.0f}"
        if facts["from"] >= 0 and facts["from"] != facts["facility"]:
            return self.say("trace.way.from", minutes=minutes, facility=self.names.facility(facts["from"]))
        return self.say("trace.way.home", minutes=minutes)

    def _need(self, kind: str, facts: dict[str, Any], words: dict[str, Any]) -> str:
        return self.say(f"trace.need.{facts['reason']}", **words)

    def _offer(self, kind: str, facts: dict[str, Any], words: dict[str, Any]) -> str:
        taken = self.names.facility(facts["taken"])
        if facts["emergency"]:
            return self.say("trace.offer.emergency", facility=taken)
        if facts["taken"] < 0:
            return self.say("trace.offer.none")
        return self.say("trace.offer.able_only" if facts["able_only"] else "trace.offer.taken", facility=taken)

    def _seen(self, kind: str, facts: dict[str, Any], words: dict[str, Any]) -> str:
        spans = {"wait": f"{facts['wait']:.0f}", "minutes": f"{facts['minutes']:.0f}"}
        told = self.say("trace.event.seen_outside" if self._outside(facts) else "trace.event.seen", **words, **spans)
        if facts["to"] >= 0:
            return told + self.say("trace.seen.sent_on", to=words["to"])
        return told if facts["helped"] else told + self.say("trace.seen.unhelped")

    def _wait(self, kind: str, facts: dict[str, Any], words: dict[str, Any]) -> str:
        return self.say(f"trace.event.{kind}", wait=f"{facts['wait']:.0f}", **words)

    def span(self, days: float) -> str:
        """Write a time in days, in hours where it is less than one."""
        return self.say("trace.days", count=f"{days:.1f}") if days >= 1 else self.say("trace.hours", count=f"{24 * days:.0f}")

    def _bed(self, kind: str, facts: dict[str, Any], words: dict[str, Any]) -> str:
        return self.say(f"trace.event.{kind}", span=self.span(facts["wait"]), **words)

    def _recovers(self, kind: str, facts: dict[str, Any], words: dict[str, Any]) -> str:
        waited = facts["wait"] >= AN_HOUR
        return self.say("trace.event.recovers", bed=self.say("trace.bed.waited", span=self.span(facts["wait"])) if waited else "", **words)

    def _outside(self, facts: dict[str, Any]) -> bool:
        """Say whether a facility is outside the county, where no queue is simulated and no wait can be told."""
        return not self.county.place.facilities.in_county[facts["facility"]]

    def _admitted(self, kind: str, facts: dict[str, Any], words: dict[str, Any]) -> str:
        came = "emergency" if facts["emergency"] else "referred" if facts["referred"] else "own"
        how = self.say(f"trace.how.{came}")
        if self._outside(facts):
            return self.say("trace.event.admitted_outside", how=how, **words)
        waited = facts["wait"] >= AN_HOUR
        bed = self.say("trace.bed.after", span=self.span(facts["wait"])) if waited else self.say("trace.bed.at_once")
        told = self.say("trace.event.admitted", bed=bed, how=how, **words)
        return told + (self.say("trace.seen.beyond") if facts["beyond"] else "")

    def _discharged(self, kind: str, facts: dict[str, Any], words: dict[str, Any]) -> str:
        how = "sent_down" if facts["to"] >= 0 else "recovered" if facts["recovered"] else "home"
        return self.say(f"trace.discharged.{how}", span=self.span(facts["days"]), **words)

    def _learned(self, kind: str, facts: dict[str, Any], words: dict[str, Any]) -> str:
        told = []
        if facts["trust"] != facts["trust_before"]:
            told.append(self.say("trace.learned.trust", before=facts["trust_before"], after=facts["trust"]))
        if facts["usual"] != facts["usual_before"]:
            told.append(self.say("trace.learned.usual", facility=self.names.facility(facts["usual"])))
        return "".join(told)

    def _forgone(self, kind: str, facts: dict[str, Any], words: dict[str, Any]) -> str:
        care = self.say("trace.care.stay" if facts["setting"] == STAY else "trace.care.visit")
        return self.say(f"trace.forgone.{facts['why']}", care=care)

    def _contract(self, kind: str, facts: dict[str, Any], words: dict[str, Any]) -> str:
        return self.say(f"trace.event.{kind}", contract=self.contract(facts["contract"]))

    def _since(self, kind: str, facts: dict[str, Any], words: dict[str, Any]) -> str:
        return self.say("trace.event.lying", since=self.date(facts["since"]).isoformat(), **words)

    def _bill(self, kind: str, facts: dict[str, Any], words: dict[str, Any]) -> str:
        bill: Bill = facts["bill"]
        paid = self.say("trace.comma").join(f"{who} {yuan(fen)}" for _, who, fen in self.payers(bill))
        return self.say("trace.event.bill", total=yuan(bill.total), paid=paid) + self._fund_state(bill)

    def payers(self, bill: Bill) -> list[tuple[str, str, int]]:
        """Say who paid how much of a bill (code, name, fen), the patient last; who paid nothing is left out, but for the patient."""
        others = bill.others
        shares = [("fund", self.scheme(bill.scheme), bill.by_fund)]
        shares += [(code, self.say(f"trace.payer.{code}"), fen) for code, fen in others.items() if code != "patient"]
        return [share for share in shares if share[2] > 0] + [("patient", self.say("trace.payer.patient"), others["patient"])]

    def _fund_state(self, bill: Bill) -> str:
        """Say how a bill stood to deductible, ceiling and threshold."""
        used, limit, own = yuan(bill.used + bill.by_fund), yuan(bill.limit), yuan(bill.own + bill.in_scope - bill.by_fund)
        if bill.setting == VISIT:
            kind = PURSES[bill.purse]
            if bill.used >= bill.limit:
                return self.say(f"trace.fund.{kind}_spent", limit=limit)
            if bill.fund_share == 0:
                return self.say("trace.fund.nothing_here")
            return self.say(f"trace.fund.{kind}", used=used, limit=limit)
        share = f"{100 * bill.fund_share:.1f}".removesuffix(".0")
        scope = {"in_scope": yuan(bill.in_scope), "share": share}
        told = (
            self.say("trace.fund.stay", deductible=yuan(bill.deductible), **scope)
            if bill.deductible
            else self.say("trace.fund.stay_on", **scope)
        )
        return told + self.say("trace.fund.year", used=used, limit=limit, own=own, threshold=yuan(bill.threshold))

    def scheme(self, code: int) -> str:
        """Name the fund of a scheme."""
        return self.say(f"trace.scheme.{SCHEMES[code]}")

    def contract(self, code: int) -> str:
        """Name a kind of contract."""
        return self.say(f"trace.contract.{CONTRACTS[code]}")

    def option(self, setting: int, option: Option) -> tuple[str, ...]:
        """Write one option: what it is, what he would pay, the way, the wait, how many take it."""
        share = f"{100 * option.share:.0f} %" if option.share >= 0.005 else "< 1 %"
        if option.facility < 0:
            return self.names.facility(-1), "", "", "", share
        unit = "trace.days" if setting == STAY else "trace.minutes"
        wait = f"{option.wait:.1f}" if setting == STAY else f"{option.wait:.0f}"
        return (
            self.names.facility(option.facility),
            self.say("trace.yuan", amount=f"{option.pays:,.2f}"),
            self.say("trace.minutes", count=f"{option.minutes:.0f}"),
            self.say(unit, count=wait),
            share,
        )


CLOCKED = ("seen", "left", "shut", "full", "waits_for_bed", "admitted", "gave_up_bed", "recovers", "no_bed_further_down", "discharged")
"""Events with a time of day."""

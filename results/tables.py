"""Tables of a county that has lived its days: days, facilities, flows, accounts and books, as they stand in a run folder.

Rows stand in a fixed order, so that equal runs give equal bytes. Nothing to measure is null.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from results.measuring.accounts import accounts
from sim.care.engine.lines import DAY
from sim.people.equity import AGES, COUNTED, EACH, WAYS, rows_of
from sim.record.history import FLOWS, STOCKS
from sim.words import GRADES, NEED_AGES, PAYERS, PLACES, SCHEMES, SETTINGS, TIERS

if TYPE_CHECKING:
    from sim.county import County

OLDEST = NEED_AGES[-1][1]
REFERRED, EMERGENCY = 1, 2
"""Columns of the counts of visits, of admissions."""


def days_lived(county: "County") -> int:
    """Count the measured days gone by."""
    return max(int(county.today), 0)


def beds(county: "County") -> NDArray[np.int64]:
    """Count the open beds of each facility at the scale of the run: (facilities,); 0 outside the county, whose beds serve others."""
    wards = county.inpatients.departments
    return np.bincount(wards.owner, wards.servers, len(county.place.facilities.names)).astype(np.int64)


def patient_days(county: "County") -> NDArray[np.float64]:
    """Count the bed days used in the measured days gone by: (facilities,).

    A stay is put down whole when it begins, cut to the measured days; what lies ahead of those still in bed is taken off again.
    """
    stays, held = county.inpatients.in_beds, int(county.inpatients.in_beds.count[0])
    first, last = county.clock.measured_minutes
    now = first + days_lived(county) * DAY
    ahead = np.maximum(np.minimum(stays.end[:held], last) - np.maximum(stays.start[:held], now), 0.0) / DAY
    used = county.inpatients.counts.bed_days
    return np.asarray(used - np.bincount(stays.facility[:held], ahead, len(used)))


def daily(county: "County") -> pa.Table:
    """Tell of each measured day: the date, what it added, and what there was at its end."""
    flows = np.array(county.history.flows, np.int64).reshape(-1, len(FLOWS))
    stocks = np.array(county.history.stocks, np.int64).reshape(-1, len(STOCKS))
    start = np.datetime64(county.whole.period.start, "D")
    table: dict[str, Any] = {"date": pa.array(start + np.arange(len(flows)), pa.date32())}
    for name, values in zip(FLOWS, flows.T, strict=True):
        is_money = name.endswith("_fen")
        table[name.replace("_fen", "_yuan")] = values / 100 if is_money else values
    return pa.table(table | dict(zip(STOCKS, stocks.T, strict=True)))


def facilities(county: "County") -> pa.Table:
    """Tell of each facility: what it is, what it did, what it earned from whom."""
    return pa.table({**_identity(county), **_visits(county), **_stays(county), **_revenue(county)})


def words(words: Sequence[str], codes: Any) -> pa.Array:
    """Write codes as words; a code below 0 is null."""
    codes = np.asarray(codes, np.int64)
    return pa.array(list(words), pa.string()).take(pa.array(codes, mask=codes < 0))


def _quotient(over: Any, under: Any) -> pa.Array:
    """Divide; null where there is nothing to divide by."""
    nothing = np.asarray(under) == 0
    return pa.array(np.asarray(over, float) / np.where(nothing, 1, under), mask=nothing)


def _identity(county: "County") -> dict[str, Any]:
    """Say what each facility is today."""
    house = county.place.facilities
    named = {row.facility: row for row in county.tables.facilities}
    group = np.full(len(house.names), -1)
    for number, one in enumerate(county.groups):
        group[one.members] = number
    return {
        "facility": list(house.names),
        "name_en": [named[name].name_en for name in house.names],
        "name_zh": [named[name].name_zh for name in house.names],
        "kind": list(house.kind),
        "tier": words(TIERS, house.tier),
        "grade": words(GRADES, county.grade),
        "place": words(PLACES, house.place),
        "ownership": ["public" if public else "private" for public in house.public],
        "town": words(county.place.towns, house.town),
        "group": words([one.name for one in county.groups], group),
        "doctors": house.doctors,
    }


def _visits(county: "County") -> dict[str, Any]:
    """Count the visits of each facility; waits are known in the county only."""
    counts, inside = county.outpatients.counts, county.place.facilities.in_county
    visits = counts.visits.sum(axis=(0, 2))
    return {
        "visits": visits,
        "visits_referred": counts.visits[:, :, REFERRED].sum(axis=0),
        "mean_wait_minutes": _quotient(counts.wait, visits * inside),
        "visits_unhelped": counts.unhelped,
        "sent_up": touching(county, counts.up + county.inpatients.counts.up).sum(axis=1),
        "received_up": touching(county, counts.up + county.inpatients.counts.up).sum(axis=0),
    }


def _stays(county: "County") -> dict[str, Any]:
    """Count the stays of each facility; beds and waits for them are known in the county only."""
    counts, inside = county.inpatients.counts, county.place.facilities.in_county
    admissions, room = counts.admissions.sum(axis=(0, 2)), beds(county)
    used = patient_days(county)
    return {
        "beds": pa.array(room, mask=~inside),
        "admissions": admissions,
        "admissions_emergency": counts.admissions[:, :, EMERGENCY].sum(axis=0),
        "admissions_beyond_capability": counts.beyond,
        "mean_bed_wait_days": _quotient(counts.wait, admissions * inside),
        "discharges": counts.discharges,
        "bed_days": used,
        "bed_occupancy": _quotient(used, room * days_lived(county)),
        "sent_down": touching(county, counts.down).sum(axis=1),
        "received_down": touching(county, counts.down).sum(axis=0),
    }


def _revenue(county: "County") -> dict[str, Any]:
    """Add up the bills of each facility by setting and by payer, yuan."""
    paid = county.books.paid
    by_setting = {f"{setting}_bills_yuan": paid[:, s].sum(axis=0) / 100 for s, setting in enumerate(SETTINGS)}
    return by_setting | {f"{payer}_yuan": paid[p].sum(axis=0) / 100 for p, payer in enumerate(PAYERS)}


def flows(county: "County") -> pa.Table:
    """Count who went where: the town people are registered in, facility, condition group, kind of flow; only what happened."""
    admitted, sent_down = county.inpatients.counts.flows
    kinds = {"visit": county.outpatients.counts.flows, "admission": admitted, "sent_down": sent_down}
    found = np.stack(list(kinds.values()))
    kind, town, facility, condition = np.nonzero(found)
    return pa.table(
        {
            "town": words(county.place.towns, town),
            "facility": words(county.place.facilities.names, facility),
            "condition": words(county.place.conditions.names, condition),
            "kind": words(tuple(kinds), kind),
            "count": found[kind, town, facility, condition].astype(np.int64),
        }
    )


def touching(county: "County", moves: NDArray[np.int32]) -> NDArray[np.int64]:
    """Leave out referrals in which no facility of the county takes part: (facilities, facilities), from and to."""
    inside = county.place.facilities.in_county
    return np.asarray(moves * (inside[:, None] | inside), np.int64)


def referrals(county: "County") -> pa.Table:
    """Count referrals with a record in which the county takes part: from and to, up or down, for a visit or a stay; only what happened."""
    out, inn = county.outpatients.counts, county.inpatients.counts
    kinds = (("up", "visit", out.up), ("up", "stay", inn.up), ("down", "stay", inn.down))
    moves = [(direction, setting, touching(county, counts)) for direction, setting, counts in kinds]
    found = [(direction, setting, *np.nonzero(counts), counts[np.nonzero(counts)]) for direction, setting, counts in moves]
    names = county.place.facilities.names
    return pa.table(
        {
            "from": pa.chunked_array([words(names, sender) for _, _, sender, _, _ in found], pa.string()).combine_chunks(),
            "to": pa.chunked_array([words(names, receiver) for _, _, _, receiver, _ in found], pa.string()).combine_chunks(),
            "direction": np.repeat([direction for direction, *_ in found], [len(count) for *_, count in found]),
            "setting": np.repeat([setting for _, setting, *_ in found], [len(count) for *_, count in found]),
            "count": np.concatenate([count for *_, count in found]).astype(np.int64),
        }
    )


def claims(county: "County") -> pa.Table:
    """Say what the residents' fund paid for each town's people at each facility, yuan; only what was paid."""
    paid = county.books.claims
    town, facility = np.nonzero(paid)
    return pa.table(
        {
            "town": words(county.place.towns, town),
            "facility": words(county.place.facilities.names, facility),
            "yuan": paid[town, facility] / 100,
        }
    )


def insured(county: "County") -> pa.Table:
    """Count the people enrolled in the residents' scheme by the town they are registered in, living here or not."""
    enrolled = county.people.insured_at == SCHEMES.index("here_residents")
    return pa.table(
        {"town": list(county.place.towns), "people": np.bincount(county.people.town[enrolled], minlength=len(county.place.towns))}
    )


def residents(county: "County") -> pa.Table:
    """Tell of the people living here by town, way to the nearest public county hospital, age, poverty and long-term illness: how many
    they are, what they needed, forwent, waited for and paid; a way nobody of a town has is left out."""
    kinds, area = np.unique(county.areas.kinds, axis=0, return_inverse=True)
    counts = np.zeros((len(kinds), EACH, 1 + len(COUNTED)), np.int64)
    np.add.at(counts, area.ravel(), _counted(county))
    lived_in = counts[:, :, 0].sum(axis=1) > 0
    kinds, found = kinds[lived_in], counts[lived_in].reshape(-1, counts.shape[2])
    place, age, poor, ill = np.unravel_index(np.arange(len(found)), (len(kinds), AGES, 2, 2))
    bands = [f"{low}-{high}" if high < OLDEST else f"{low}+" for low, high in NEED_AGES]
    who = {
        "town": words(county.place.towns, kinds[place, 0]),
        "minutes_to_county_hospital": words(WAYS, kinds[place, 1]),
        "age": words(bands, age),
        "poor": poor.astype(bool),
        "long_term_ill": ill.astype(bool),
    }
    return pa.table({**who, **_in_words(found)})


def villages(county: "County") -> pa.Table:
    """Tell of the people living in each village: how many they are, what they needed, forwent, waited for and paid; ValueError for a
    county that has not counted by village."""
    if len(county.areas.kinds) != len(county.place.village_town):
        raise ValueError("the county has not counted by village: County(..., by_village=True)")
    inside = county.place.village_town >= 0
    names = [name for name, here in zip(county.place.villages, inside, strict=True) if here]
    where = {"village": names, "town": words(county.place.towns, county.place.village_town[inside])}
    return pa.table({**where, **_in_words(_counted(county).sum(axis=1)[inside])})


def _counted(county: "County") -> NDArray[np.int64]:
    """Count people living here, and what they needed and got: (areas, age x poor x long-term ill, 1 + COUNTED)."""
    areas = county.areas
    rows = len(areas.kinds) * EACH
    heads = np.bincount(rows_of(county.people, areas), minlength=rows + EACH)[:rows]
    counts = np.column_stack([heads, (county.outpatients.counts.equity + county.inpatients.counts.equity)[:rows]])
    return np.asarray(counts, np.int64).reshape(len(areas.kinds), EACH, -1)


def _in_words(found: NDArray[np.int64]) -> dict[str, Any]:
    """Name the columns of what was counted, people first, in their own units."""
    told = dict(zip(COUNTED, found[:, 1:].T, strict=True))
    plain = {name: told[name] for name in COUNTED if not name.endswith(("_fen", "seconds_waited"))}
    yuan = {name.replace("_fen", "_yuan"): told[name] / 100 for name in COUNTED if name.endswith("_fen")}
    return {"people": found[:, 0], **plain, "minutes_waited": told["seconds_waited"] / 60, **yuan}


def books(county: "County") -> pa.Table:
    """Say who paid whom for what in each month, yuan: fen over 100, always above 0; a refund is a row the other way."""
    rows = sorted(county.ledger.payments())
    columns = {name: [getattr(row, name) for row in rows] for name in ("payer", "payee", "kind", "month")}
    text = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    return pa.table(text | {"yuan": pa.array([row.fen / 100 for row in rows], pa.float64())})


TABLES = (daily, facilities, flows, referrals, residents, insured, claims, accounts, books)
"""What a run folder holds, each as NAME.parquet."""
KEEPABLE = {table.__name__: table for table in TABLES}
"""What can be kept of a run: name -> table."""
BY_VILLAGE = {"villages": villages}
"""What can be kept of a run that counts by village."""

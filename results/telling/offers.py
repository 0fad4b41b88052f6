"""Show a row of the offer sheet: where one kind of patient of one village may go, what it costs him, how long it takes, who goes there.

row(county, "tongda_01", Patient("visit", "hypertension", contracted=True))
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from results.telling.names import condition_name
from sim.choice import rows, utility
from sim.language.messages import nearest, refuse, say
from sim.words import SCHEMES, SETTINGS, STAY, TIERS

if TYPE_CHECKING:
    from sim.county import County

OUTSIDE, NO_CARE = "outside", "none"


class Patient(NamedTuple):
    """A kind of patient, as far as the sheet tells patients apart; of middle age, new to every facility, neutral in his trust."""

    setting: str
    """visit or stay."""
    condition: str
    """Key of the condition group."""
    scheme: str = "here_residents"
    contracted: bool = False
    """Has a family-doctor contract."""
    referred: bool = False
    """Comes with a referral."""


class Offer(NamedTuple):
    """One option of a row."""

    facility: str | None
    """Key of the facility; None: no formal care."""
    name: Mapping[str, str]
    """Its name in each language; empty for no formal care."""
    tier: str
    """Its tier; `outside` for every hospital outside the county, `none` for no formal care."""
    minutes: float
    """The way there."""
    wait: float
    """What people expect to wait: minutes for a doctor, days for a bed."""
    able: float
    """Share of such cases it can treat."""
    bill: float
    """Mean bill, yuan."""
    pays: float
    """Of it the patient himself, yuan."""
    pays_referred: float
    """The same with a referral."""
    share: float
    """Share of such patients who choose it."""


class Total(NamedTuple):
    """The options of one tier taken together."""

    tier: str
    share: float
    pays: float
    """What its patients pay on average, weighted with where they go, yuan."""


def village_called(county: "County", word: str) -> str:
    """Find a village by key or name, or by its town, which stands for its village with most people; raises UserError with the nearest."""
    rows = {row.village: row for row in county.tables.villages}
    towns = {name: row.town for row in county.tables.towns for name in (row.town, row.town_zh, row.town_zh.rstrip("镇乡"))}
    villages = {name: key for key, row in rows.items() for name in (key, row.village_zh)}
    if word in villages:
        return villages[word]
    town = towns.get(word) or towns.get(word.lower())
    if town is None:
        raise refuse("offers.no_village", "--village", value=word, near=nearest(word, [*towns, *villages]))
    return max((key for key, row in rows.items() if row.town == town), key=lambda key: rows[key].weight)


def condition_called(county: "County", word: str, lang: str = "en") -> str:
    """Find a condition group by key or name; raises UserError with the nearest, and with all of them as a language calls them."""
    keys = county.place.conditions.names
    known = {name: key for key in keys for name in (key, *(condition_name(key, lang) for lang in ("en", "zh")))}
    if word not in known:
        listed = say("explain.comma", lang).join(keys if lang == "en" else [condition_name(key, lang) for key in keys])
        raise refuse("offers.no_condition", "--condition", value=word, known=listed, near=nearest(word, known))
    return known[word]


def row(county: "County", village: str, patient: Patient) -> tuple[Offer, ...]:
    """Show what a kind of patient of a village is offered now, nearest kinds of care first, no formal care last.

    The payments are of a mean bill, under the ceilings; the shares are those by which he chooses, before any gatekeeping.
    """
    sheet, v = county.market.sheet, county.place.villages.index(village)
    shares = _shares(county, v, patient)
    facilities = [int(f) for f in dict.fromkeys(np.append(sheet.option[v], list(shares))) if f < len(county.place.facilities.names)]
    facilities.sort(key=lambda f: int(county.place.facilities.tier[f]))
    given = [_offer(county, v, patient, f, shares[f]) for f in facilities if shares.get(f, 0.0) > 0.0]
    none = shares.get(len(county.place.facilities.names), 0.0)
    return (*given, Offer(None, {}, NO_CARE, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, none)) if none > 0.0 else tuple(given)


def totals(row: Iterable[Offer]) -> tuple[Total, ...]:
    """Add a row up by tier, in the order of the row."""
    shares: dict[str, float] = {}
    paid: dict[str, float] = {}
    for offer in row:
        shares[offer.tier] = shares.get(offer.tier, 0.0) + offer.share
        paid[offer.tier] = paid.get(offer.tier, 0.0) + offer.share * offer.pays
    return tuple(Total(tier, share, paid[tier] / share) for tier, share in shares.items())


def _kind(county: "County", patient: Patient, referred: int) -> tuple[int, int, int, int, int]:
    """Say where in the leaves a patient stands: group, scheme, contracted or poor, spent or repeat, referred."""
    group = county.place.conditions.names.index(patient.condition)
    contracted = int(patient.contracted and patient.setting == "visit")
    return group, SCHEMES.index(patient.scheme), contracted, 0, referred


def _shares(county: "County", v: int, patient: Patient) -> dict[int, float]:
    """Share of such patients who choose each facility; an emergency is taken to the nearest hospital that can treat it."""
    sheet, setting = county.market.sheet, SETTINGS.index(patient.setting)
    group = county.place.conditions.names.index(patient.condition)
    if sheet.emergent[group]:
        return {int(sheet.emergency[setting, v, group]): 1.0}
    kind = rows.kind(sheet, setting, *_kind(county, patient, int(patient.referred)))
    shares = rows.shares(rows.stranger(sheet, setting, kind, v, signed=int(patient.contracted)), sheet)[0]
    places = np.append(sheet.option[v], sheet.pull.shape[1] - 2)
    return {int(f): float(share) for f, share in zip(places, shares, strict=True) if share > 0.0}


def _bill(county: "County", patient: Patient, group: int, f: int) -> float:
    """Give the mean bill of such a patient at a facility, yuan."""
    tariff, referred = county.market.tariff, int(patient.referred)
    if SETTINGS.index(patient.setting) == STAY:
        return float(tariff.stay_bill[group, referred, f])
    return float(tariff.visit_bill[int(county.market.sheet.is_chronic[group]), int(patient.contracted), referred, f])


def _offer(county: "County", v: int, patient: Patient, f: int, share: float) -> Offer:
    """Show one facility to a patient."""
    house, setting = county.place.facilities, SETTINGS.index(patient.setting)
    group = county.place.conditions.names.index(patient.condition)
    own = utility.own_payment(county.market.tariff, county.place)[setting]
    bill = _bill(county, patient, group, f)
    names = {one.facility: {"en": one.name_en, "zh": one.name_zh} for one in county.tables.facilities}
    pays, with_referral = (float(own[(*_kind(county, patient, referred), f)]) for referred in (int(patient.referred), 1))
    return Offer(
        house.names[f],
        names[house.names[f]],
        TIERS[house.tier[f]] if house.in_county[f] else OUTSIDE,
        float(county.place.minutes[v, f]),
        float(county.expected_waits()[setting][group, f]),
        float(county.market.sheet.able[setting, f, group]),
        bill,
        pays,
        with_referral,
        share,
    )

"""Virtual experiments on how people choose, worked out exactly on the offer sheet of a county as it stands.

Each takes a county that has lived its run-in and gives one number, NaN where there is nothing to measure; needs are those of people living
here, as they will fall ill. Words in brackets are keys of scenarios/sources.yaml.
"""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from experiments.virtual import offered
from experiments.virtual.offered import Array, Needs
from sim.choice import utility
from sim.choice.choosing import OLD, OWN_TOWNSHIP, Sheet
from sim.mechanisms import hearing
from sim.scenario.scenario import Scenario
from sim.words import SEGMENTS, STAY, TIERS, VISIT

if TYPE_CHECKING:
    from sim.county import County

MOST = 4000
"""Needs of each setting that are looked at."""
STEP = 0.1
"""How far prices and shares of the fund are moved."""
MINOR = SEGMENTS.index("minor_visit")
EDGES = (5.0, 95.0)
"""Percentiles of what options inside the county offer that count as worst and best (the study's own levels are not at hand; assumed)."""
START = 0.048
"""Share who choose the worst facility for a minor illness (liu_2020)."""


def elasticity(county: "County", setting: int) -> float:
    """Say by how many percent fewer seek care when every own payment is one percent higher.

    ln(S(1 + step) / S(1 - step)) / ln((1 + step) / (1 - step)), S the share of needs taken to care (zhou_2011: first visit, first
    admission). Emergencies are taken to care at any price.
    """
    asked = offered.needs(county, setting, MOST)
    low, high = (seeking(asked, county, offered.dearer(county, 1.0 + step)) for step in (-STEP, STEP))
    return math.log(high / low) / math.log((1.0 + STEP) / (1.0 - STEP)) if min(high, low) > 0.0 else math.nan


def seeking(asked: Needs, county: "County", sheet: Sheet) -> float:
    """Say which share of needs is taken to formal care."""
    seeks = 1.0 - offered.shares(asked, county.people, sheet)[:, -1]
    return asked.mean(np.where(offered.emergencies(asked, sheet), 1.0, seeks))


def minor(asked: Needs, sheet: Sheet) -> NDArray[np.bool_]:
    """Say which visits are for what a village or township can treat, emergencies apart: (cases,)."""
    return np.asarray((sheet.segment[VISIT, asked.cases.group] == MINOR) & ~offered.emergencies(asked, sheet))


def gates(county: "County", plan: Scenario) -> Array:
    """Say how far the gate of price is open under a plan: (settings, groups)."""
    place = county.place
    return utility.gate(utility.fit_for(place, plan), utility.reference(county.market.able, place, county.offered), place, plan)


def worst_to_best(county: "County") -> float:
    """Say how many utils lie between the worst and the best option for a minor illness.

    price x gate x ln(own payment + offset) + minute x minutes + wait + capability x ability + quality x fit, each between the edges of
    what the options of such visits inside the county offer (liu_2020; the span is ln(.665/.335) - ln(.048/.952)).
    """
    asked, sheet, plan = offered.needs(county, VISIT, MOST), county.market.sheet, county.plan
    taste, among, count = plan.choice.segments.minor_visit, minor(asked, sheet), len(county.place.facilities.names)
    to = offered.options(asked, county.people, sheet, count)
    here = offered.offered(asked, county.people, sheet, count) & county.place.facilities.in_county[to] & among[:, None]
    if not here.any():
        return math.nan
    case, to = np.nonzero(here)[0], to[here]
    group, village = asked.cases.group[case], county.people.village[asked.cases.resident[case]]
    opened = asked.mean(gates(county, plan)[VISIT, asked.cases.group], among)
    gains = (
        taste.price * opened * np.log(offered.own_payments(asked, county.people, county)[here] + taste.price_offset),
        taste.minute * county.place.minutes[village, to],
        taste.wait_hour * county.expected_waits()[VISIT][group, to] / 60.0,
        taste.capability * sheet.able[VISIT, to, group],
        taste.quality * utility.fit_for(county.place, plan)[VISIT][group, to],
    )
    return math.fsum(spread(gain) for gain in gains)


def spread(values: Array) -> float:
    """Say how far apart the edges of some numbers lie."""
    low, high = np.percentile(values, EDGES)
    return float(high - low)


def raised(start: float, utils: float) -> float:
    """Say which share an option draws that drew `start` before it gained so many utils, the others staying as they are (logit)."""
    return 1.0 / (1.0 + (1.0 - start) / start * math.exp(-utils))


def shift(county: "County") -> float:
    """Say which share the worst facility of the study would draw if it became the best."""
    return raised(START, worst_to_best(county))


def minute_price(county: "County") -> float:
    """Say how many yuan a minute of travel is worth on a visit for a minor illness, where such visits are made.

    minute / (price x gate / (own payment + offset)), the marginal rate of substitution, mean over the visits made; NaN where price
    counts for nothing (travel_worth: 86 yuan for 30 minutes).
    """
    asked, sheet, plan, people = offered.needs(county, VISIT, MOST), county.market.sheet, county.plan, county.people
    taste, resident = plan.choice.segments.minor_visit, asked.cases.resident
    if taste.price == 0.0:
        return math.nan
    minute = taste.minute * np.where(people.age[resident] >= OLD, plan.choice.elderly_minute, 1.0)
    price = taste.price * gates(county, plan)[VISIT, asked.cases.group]
    worth = minute[:, None] / price[:, None] * (offered.own_payments(asked, people, county) + taste.price_offset)
    taken = offered.shares(asked, people, sheet)[:, :-1]
    among = minor(asked, sheet) & (taken.sum(axis=1) > 0.0)
    made = np.where(among, taken.sum(axis=1), 1.0)
    return Needs(VISIT, asked.cases, asked.weight * made).mean((taken * worth).sum(axis=1) / made, among)


def moved(county: "County", plan: Scenario) -> float:
    """Say which share of cases goes elsewhere, with the same luck, once the fund pays a step more at townships and less at tertiary ones.

    An option j that reaches the patient at -ln(u)/weight wins before and after with probability 1 / sum over k of
    max(w_k / w_j, w'_k / w'_j); whoever is left changes (tiered_copayment: share for whom the gap matters).
    """
    total, changed = 0.0, 0.0
    for setting in (VISIT, STAY):
        asked = offered.needs(county, setting, MOST)
        before, after = (offered.shares(asked, county.people, sheet) for sheet in (narrow(county, plan), widened(county, plan)))
        among = ~offered.emergencies(asked, county.market.sheet)
        part = part_of(county, asked)
        total, changed = total + part, changed + part * asked.mean(np.where(among, changing(before, after), 0.0))
    return changed / total


def part_of(county: "County", asked: Needs) -> float:
    """Say for how many needs of the calendar some of one setting stand."""
    return float((county.calendar.setting == asked.setting).sum()) * float(asked.weight.sum()) / max(len(asked.weight), 1)


def changing(before: Array, after: Array) -> Array:
    """Say with which probability the race of the same arrivals has another winner: (cases, options) twice -> (cases,)."""
    stays = np.zeros(len(before))
    for j in range(before.shape[1]):
        both = (before[:, j] > 0.0) & (after[:, j] > 0.0)
        old, new = (np.where(both, share[:, j], 1.0)[:, None] for share in (before, after))
        stays += np.where(both, 1.0 / np.maximum(before / old, after / new).sum(axis=1), 0.0)
    return np.asarray(np.clip(1.0 - stays, 0.0, 1.0))


def narrow(county: "County", plan: Scenario) -> Sheet:
    """Make the sheet of today under a plan, with the gap as it is."""
    return offered.sheet_under(county, plan, county.market.tariff, hearing.terms(county.mechanisms, county))


def widened(county: "County", plan: Scenario) -> Sheet:
    """Make the sheet of today under a plan, with a step more of the fund at townships and a step less at tertiary hospitals."""
    house, terms = county.place.facilities, hearing.terms(county.mechanisms, county)
    tertiary = np.isin(house.tier, [TIERS.index(tier) for tier in ("municipal", "provincial")])
    more = STEP * ((house.tier == TIERS.index("township")).astype(float) - tertiary)
    terms = terms._replace(fund_share=(terms.fund_share[VISIT] + more, terms.fund_share[STAY] + more))
    return offered.sheet_under(county, plan, utility.tariff(plan, county.place, county.grade, terms), terms)


def as_good(plan: Scenario) -> Scenario:
    """Give the plan with township centres of the quality of the county's hospitals."""
    quality = plan.choice.quality.model_copy(update={"township": max(plan.choice.quality.township, plan.choice.quality.county)})
    return plan.model_copy(update={"choice": plan.choice.model_copy(update={"quality": quality})})


def open_gate(county: "County", plan: Scenario) -> float:
    """Say how far the gate of price is open for visits and stays together, mean over needs."""
    total, opened = 0.0, 0.0
    for setting in (VISIT, STAY):
        asked = offered.needs(county, setting, MOST)
        part = part_of(county, asked)
        total, opened = total + part, opened + part * asked.mean(gates(county, plan)[setting, asked.cases.group])
    return opened / total


def usual_provider(county: "County") -> float:
    """Give the odds ratio of going to a hospital first: contracted and used to the own township centre, against neither.

    Among visits taken to care, emergencies apart (usual_provider: 0.58).
    """
    asked, people, sheet = offered.needs(county, VISIT, MOST), county.people, county.market.sheet
    own = sheet.option[people.village, OWN_TOWNSHIP].astype(people.usual.dtype)
    tied = people._replace(contract=np.ones_like(people.contract), usual=own)
    free = people._replace(contract=np.zeros_like(people.contract), usual=np.full_like(people.usual, -1))
    there, without = (hospital_first(asked, some, county) for some in (tied, free))
    return there / (1.0 - there) / (without / (1.0 - without)) if 0.0 < without < 1.0 and there < 1.0 else math.nan


def hospital_first(asked: Needs, people: "offered.People", county: "County") -> float:
    """Say which share of visits taken to care begins at a hospital."""
    sheet, tier = county.market.sheet, county.place.facilities.tier
    taken = offered.shares(asked, people, sheet)[:, :-1]
    to = offered.options(asked, people, sheet, len(tier))
    hospital = (taken * (tier[to] >= TIERS.index("county"))).sum(axis=1)
    among = ~offered.emergencies(asked, sheet)
    return asked.mean(hospital, among) / asked.mean(taken.sum(axis=1), among)

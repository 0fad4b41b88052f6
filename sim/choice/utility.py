"""The offer sheet: what each kind of patient in each village is offered, at which price, and how much it attracts him.

Utility is a sum of leaves over named axes, and only leaves are tabulated; `choosing` multiplies a patient's row out when he chooses.
Axes of the two leaves over facilities, in this order:
    visits : condition group, scheme, contracted, ceiling spent, referred, facility
    stays  : condition group, scheme, registered poor, repeat stay, referred, facility
and of the leaf over the way: segment, old, contracted, village, slot. A mechanism adds arrays that broadcast to one of them.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.answers import Array, Terms
from sim.arithmetic.elementary import lognormal_table
from sim.arithmetic.luck import place_key
from sim.choice.choosing import Sheet
from sim.money import schedule as rules
from sim.money.paying import Tariff
from sim.place.conditions import TIER_COLUMN, cases_covered
from sim.place.departments import Departments
from sim.place.place import Place
from sim.scenario.insurance import Scheme
from sim.scenario.plan import Priced
from sim.words import APPEALS, GRADES, NESTS, PLACES, SCHEMES, SEGMENTS, STAY, TIERS, VISIT

Offered = tuple[NDArray[np.bool_], NDArray[np.bool_]]
"""Whether a facility serves a group at all: (groups, facilities) for visits and for stays."""
NO_CARE_KEY = place_key("no formal care")


def ability(place: Place, skill: Array, lower: int = 0) -> NDArray[np.float32]:
    """Say which share of cases each facility can treat.

    A facility treats what needs its level or less; a township centre treats of the cases of its level what the
    list of its conditions covers, and the share of surgery of classes I and II that the case mix names.
    skill   : (settings, facilities, groups) what mechanisms add, combined as 1 - prod(1 - x)
    lower   : by how many levels less is needed: recovery needs one level less than the stay did
    returns : (settings, facilities + 2, groups); the last two, no care and nowhere, treat nothing
    """
    house, need = place.facilities, np.maximum(place.conditions.level - lower, 1)
    above = house.level[None, :, None] - need[:, None, :]
    cover = cases_covered(house.treatable)
    township = (house.level == 2)[None, :, None] & (need == 2)[:, None, :]
    surgery = (house.level == 2)[None, :, None] & (need == 3)[:, None, :]
    base = np.where(township, cover[None, :, None], (above >= 0).astype(float))
    base = np.where(surgery, place.conditions.township_share, base)
    full = 1.0 - (1.0 - base) * (1.0 - skill)
    return np.concatenate([full, np.zeros((2, 2, need.shape[1]))], axis=1).astype(np.float32)


def schedule(scenario: Priced, place: Place, grade: NDArray[np.uint8], terms: Terms) -> tuple[tuple[Array, ...], ...]:
    """Tabulate fund share, deductible, waiver and the deductible as a share of the bill, for visits and stays over all their axes.

    The floor holds after all mechanisms; where a scheme's limit of the year is spent, the fund pays nothing of a visit.
    """
    shape = _shape(place)
    promised = rules.visits(scenario, place, grade), rules.stays(scenario, place, grade)
    unspent = (np.array([1.0, 0.0])[None, None, None, :, None, None], 1.0)
    full, paid, part = [], [], []
    for promise, more, factor, left in zip(promised, terms.fund_share, terms.deductible, unspent, strict=True):
        share = np.maximum(np.clip(promise.share + more, 0.0, 1.0), promise.floor)
        full.append(np.broadcast_to(share * left, shape))
        paid.append(np.broadcast_to(promise.deductible * factor, shape))
        part.append(np.broadcast_to(promise.deductible_share * factor, shape))
    waived = tuple(np.broadcast_to(yuan, shape) for yuan in terms.waived)
    return tuple(full), tuple(paid), waived, tuple(part)


def _shape(place: Place) -> tuple[int, ...]:
    return (len(place.conditions.names), len(SCHEMES), 2, 2, 2, len(place.facilities.names))


def bills(scenario: Priced, place: Place, factor: tuple[Array, Array]) -> tuple[Array, Array]:
    """Mean bills: (long-term, contracted, referred, facilities) of a visit, (groups, referred, facilities) of a stay."""
    tier = place.facilities.tier
    visit = np.array([scenario.prices.visit[name] for name in TIERS])[tier]
    scale = np.array([getattr(scenario.prices.admission_scale, name, 1.0) for name in TIERS])[tier]
    stay = place.conditions.bill[:, None, TIER_COLUMN[place.facilities.tier]] * scale
    many = len(place.facilities.names)
    return np.broadcast_to(visit * factor[VISIT], (2, 2, 2, many)).copy(), np.broadcast_to(stay * factor[STAY], (len(stay), 2, many)).copy()


def _with_none(leaf: Array, value: float) -> NDArray[np.float32]:
    """Flatten a leaf to (kinds, facilities) and add the column of no formal care."""
    flat = leaf.reshape(-1, leaf.shape[-1])
    return np.concatenate([flat, np.full((len(flat), 1), value)], axis=1).astype(np.float32)


def tariff(scenario: Priced, place: Place, grade: NDArray[np.uint8], terms: Terms) -> Tariff:
    """Make the table by which bills are paid; the same numbers the offers show."""
    schemes = rules.schemes(scenario.insurance)
    visit, stay = bills(scenario, place, terms.bill)

    def limit(field: str) -> NDArray[np.int64]:
        return np.array([round(getattr(s, field) * 100) for s in schemes], np.int64)

    leaves = schedule(scenario, place, grade, terms)
    fund_shares, deductibles, waivers, parts = (
        np.concatenate([_with_none(leaf[VISIT], 0.0), _with_none(leaf[STAY], 0.0)]) for leaf in leaves
    )
    return Tariff(
        fund_shares,
        deductibles,
        parts,
        np.round(100 * rules.most(scenario, place, grade)).astype(np.int64),
        waivers,
        rules.purses(scenario, place),
        np.array([scenario.prices.scope[name] for name in GRADES])[grade],
        visit,
        stay,
        lognormal_table(scenario.prices.visit_cv2),
        math.sqrt(math.log(1.0 + scenario.prices.admission_cv2)),
        limit("outpatient_ceiling"),
        limit("chronic_ceiling"),
        limit("ceiling"),
        np.array([round(s.critical_illness.threshold * 100) for s in schemes], np.int64),
        *_bands(schemes),
        scenario.insurance.relief_share,
    )


def _bands(schemes: tuple[Scheme, ...]) -> tuple[NDArray[np.int64], Array]:
    """Tabulate the bands of critical-illness insurance: where each begins (fen above the threshold), and the share it pays."""
    bands = max(len(s.critical_illness.bands) for s in schemes)
    low, part = np.full((len(schemes), bands), np.iinfo(np.int64).max // 4), np.zeros((len(schemes), bands))
    for i, scheme in enumerate(schemes):
        start = 0.0
        for b, band in enumerate(scheme.critical_illness.bands):
            low[i, b], part[i, b] = round(start * 100), band.fund_share
            start = band.up_to if band.up_to is not None else start
    return low, part


def own_payment(tariff: Tariff, place: Place) -> tuple[Array, Array]:
    """Say what a mean visit and stay costs the patient himself, over all axes of the offer sheet, in yuan."""
    shape = _shape(place)
    kinds = len(tariff.fund_share) // 2

    def unfold(leaf: NDArray[np.float32], setting: int) -> Array:
        return leaf[setting * kinds : (setting + 1) * kinds, :-1].reshape(shape).astype(float)

    longterm = place.conditions.of_urgency("chronic").astype(int)
    visit = tariff.visit_bill[longterm][:, None, :, None, :, :] - unfold(tariff.waived, VISIT)
    in_scope = np.maximum(visit * tariff.scope - unfold(tariff.deductible, VISIT), 0.0)
    pays_visit = visit - in_scope * unfold(tariff.fund_share, VISIT)
    stay = tariff.stay_bill[:, None, None, None, :, :] - unfold(tariff.waived, STAY)
    scope = stay * tariff.scope
    part = np.minimum(
        np.maximum(stay, 0.0) * unfold(tariff.deductible_share, STAY), tariff.deductible_most[None, :, None, None, None, :] / 100.0
    )
    deductible = np.maximum(unfold(tariff.deductible, STAY), part)
    fund = np.maximum(scope - deductible, 0.0) * unfold(tariff.fund_share, STAY)
    poor = np.array([0.0, 1.0])[None, None, :, None, None, None]
    pays_stay = stay - fund - (scope - fund) * tariff.relief * poor
    return np.maximum(pays_visit, 0.0), np.maximum(pays_stay, 0.0)


def fit_for(place: Place, scenario: Priced) -> Array:
    """Say how well a facility's perceived quality meets what each group needs: (settings, groups, facilities), at most 1."""
    quality = np.array([scenario.choice.quality[name] for name in APPEALS[:-1]])[place.facilities.appeal]
    wanted = np.array(scenario.choice.quality_wanted)[place.conditions.level - 1]
    met = quality[None, None, :] >= wanted[:, :, None]  # where nothing is wanted, anything will do
    return np.where(met, 1.0, quality[None, None, :] / np.where(met, 1.0, wanted[:, :, None]))


ABLE_ENOUGH = 0.5
"""Share of cases from which a kind of facility counts as able to treat a condition (as in emergencies; assumed)."""


def reference(able: NDArray[np.float32], place: Place, offered: Offered) -> Array:
    """Say where a condition is properly treated nearest to home: the lowest kind of facility able to, weights adding up to 1.

    returns : (settings, groups, facilities), by doctors for visits and beds for stays, so that a hospital in two halves counts as one;
              village clinics stand back for their township, facilities outside the province are left out
    """
    house, can = place.facilities, np.swapaxes(able[:, :-2, :], 1, 2)
    home = house.place != PLACES.index("outside")
    weights = np.zeros(can.shape)
    for tier in ("provincial", "municipal", "county", "township"):
        members = home & (house.tier == TIERS.index(tier))
        size = np.array([house.doctors * members, house.beds * members], float)[:, None, :] * np.array(offered)
        part = size / np.maximum(size.sum(axis=2, keepdims=True), 1e-9)
        enough = ((can * part).sum(axis=2) >= ABLE_ENOUGH) | (weights.sum(axis=2) == 0)
        weights = np.where((enough & size.any(axis=2))[:, :, None], part, weights)
    return weights


def gate(fit: Array, nearest: Array, place: Place, scenario: Priced) -> Array:
    """How much differences in price count: they matter when quality near home is close to that of the best hospital.

    One number for each row of the sheet, the same for all its options; here one for each setting and condition group, the county's mean.
    nearest : (settings, groups, facilities) where the condition is properly treated nearest to home, see `reference`
    returns : (settings, groups) 0..1
    """
    house, rule = place.facilities, scenario.choice.quality_gate
    best = fit[:, :, house.is_hospital & house.is_open].max(axis=2, initial=0.0)
    ratio = (fit * nearest).sum(axis=2) / np.maximum(best, 1e-9)
    return np.asarray(1.0 / (1.0 + np.exp(-(ratio - rule.midpoint) / rule.width)))


class Leaves(NamedTuple):
    """The utilities before waits: (visit or stay kinds..., facilities) and over the way; and what choosing nothing is worth."""

    visit: Array
    stay: Array
    way: Array
    nothing: tuple[Array, Array]


def _taste(scenario: Priced, place: Place, field: str) -> Array:
    """Look up one taste for each setting and condition group: (settings, groups)."""
    tastes = [getattr(scenario.choice.segments[name], field) for name in SEGMENTS]
    return np.array(tastes)[place.conditions.segments]


def leaves(scenario: Priced, place: Place, able: NDArray[np.float32], tariff: Tariff, terms: Terms, offered: Offered) -> Leaves:
    """Add up the utilities of the offers before expected waits.

    What care costs nearest to home always counts against going without; what an option costs more or less than that counts as far as
    the gate is open.
    """
    house = place.facilities
    constants = np.array([[getattr(scenario.choice.segments[name].constants, word) for word in APPEALS] for name in SEGMENTS])
    fit = fit_for(place, scenario)
    nearest = reference(able, place, offered)
    open_gate = gate(fit, nearest, place, scenario)
    price, offset = (_taste(scenario, place, field) for field in ("price", "price_offset"))
    standing = constants[place.conditions.segments][:, :, house.appeal] + _taste(scenario, place, "quality")[:, :, None] * fit
    standing = standing - _taste(scenario, place, "capability")[:, :, None] * (1.0 - np.swapaxes(able[:, :-2, :], 1, 2))
    nothing, full = [], []
    for setting, own in enumerate(own_payment(tariff, place)):
        taste, opened, yuan = (leaf[setting][:, None, None, None, None, None] for leaf in (price, open_gate, offset))
        usual = np.log((own * nearest[setting][:, None, None, None, None, :]).sum(axis=-1, keepdims=True) + yuan)
        cost = taste * (usual + opened * (np.log(own + yuan) - usual))
        referred = scenario.choice.referred * np.array([0.0, 1.0])[:, None] * (house.is_hospital)
        full.append(standing[setting][:, None, None, None, None, :] - cost + referred + terms.appeal[setting])
        worth = constants[place.conditions.segments[setting], APPEALS.index("none")][:, None, None, None, None]
        none = worth - (taste * np.log(yuan))[..., 0]
        nothing.append(np.broadcast_to(none, full[-1].shape[:-1]))
    return Leaves(full[0], full[1], _way(scenario, place, terms), (nothing[0], nothing[1]))


def _way(scenario: Priced, place: Place, terms: Terms) -> Array:
    """Add up what the way is worth, and what mechanisms add to it: (segments, old, contracted, villages, slots)."""
    minute = np.array([scenario.choice.segments[name].minute for name in SEGMENTS])
    far = np.take_along_axis(place.minutes, np.maximum(place.option, 0), axis=1)
    felt = np.maximum(far + terms.minutes, 0.0)
    old = np.array([1.0, scenario.choice.elderly_minute])
    way = -minute[:, None, None, None, None] * old[None, :, None, None, None] * felt
    return np.broadcast_to(way + terms.way, (len(SEGMENTS), 2, 2, *place.option.shape))


def standing_pull(leaves: Leaves, scenario: Priced, place: Place, offered: Offered) -> NDArray[np.float32]:
    """Turn utilities into weights inside the nests, waits left out: (kinds, facilities + 2).

    offered : (groups, facilities) for visits and stays: whether the facility serves the group at all
    """
    house, taste = place.facilities, scenario.choice.nests
    spread = np.array([getattr(taste, name) for name in NESTS])[house.nest]
    size = _taste(scenario, place, "size")
    out = []
    for setting, leaf in enumerate((leaves.visit, leaves.stay)):
        amount = np.log(np.maximum((house.doctors if setting == VISIT else house.beds) * place.stands_for, 1.0))
        inside = np.where(offered[setting], size[setting][:, None] * amount, -np.inf)
        value = (leaf / spread + inside[:, None, None, None, None, :]).astype(np.float32)
        nothing = np.asarray(leaves.nothing[setting], np.float32).reshape(-1, 1)
        nowhere = np.full_like(nothing, -np.inf)
        out.append(weight(np.concatenate([value.reshape(-1, len(house.names)), nothing, nowhere], axis=1)))
    return np.concatenate(out)


def weight(utility: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Give the weight exp(utility) of an option; beyond 80 utils, which no other option can match, it grows no more."""
    return np.exp(np.minimum(utility, utility.dtype.type(80.0)))


def patience_at(waits: tuple[Array, ...], stations: tuple[Departments, ...], scenario: Priced, place: Place) -> NDArray[np.float32]:
    """Turn expected waits at stations into factors: (settings, groups, facilities + 2).

    waits : (stations,) minutes for a visit, days for a stay
    """
    spread = np.array([getattr(scenario.choice.nests, name) for name in NESTS])[place.facilities.nest]
    dislike = (_taste(scenario, place, "wait_hour")[VISIT] / 60.0, _taste(scenario, place, "wait_day")[STAY])
    factor = np.ones((2, len(place.conditions.names), len(spread) + 2), np.float32)
    for setting, (wait, departments) in enumerate(zip(waits, stations, strict=True)):
        tastes, taste = np.unique(dislike[setting], return_inverse=True)
        at = np.ones((len(tastes), len(wait) + 1), np.float32)  # the last: no station
        at[:, :-1] = np.exp(-tastes[:, None] * wait / spread[departments.owner])
        factor[setting, :, :-2] = at[taste[:, None], departments.station.T]
    return factor


def with_waits(still: NDArray[np.float32], factor: NDArray[np.float32], pull: NDArray[np.float32]) -> None:
    """Multiply expected waits into the standing weights: fills `pull`."""
    shape = *factor.shape[:2], -1, factor.shape[2]
    np.multiply(still.reshape(shape), factor[:, :, None, :], out=pull.reshape(shape))


def sheet(scenario: Priced, place: Place, able: NDArray[np.float32], leaves: Leaves, pull: NDArray[np.float32], tariff: Tariff,
          offered: Offered) -> Sheet:  # fmt: skip
    """Put the leaves together as kernels read them."""
    house, choice = place.facilities, scenario.choice
    spread = np.array([getattr(choice.nests, name) for name in NESTS])
    by_facility = np.append(spread[house.nest], [1.0, 1.0])
    nowhere = len(house.names) + 1
    option = np.where(place.option >= 0, place.option, nowhere)
    keys = np.append(house.keys, [NO_CARE_KEY, NO_CARE_KEY]).astype(np.uint64)
    no_care = np.full((len(option), 1), nowhere - 1)
    trust = np.arange(-100, 101) / 200.0
    return Sheet(
        pull,
        weight(leaves.way / by_facility[option]).astype(np.float32),
        option.astype(np.int16),
        place.nest_first,
        (spread - 1.0).astype(np.float32),
        (keys[np.concatenate([option, no_care], axis=1)] & np.uint64(0xFFFFFFFF)).astype(np.uint32),
        weight(choice.loyalty / by_facility).astype(np.float32),
        weight(choice.trust * trust / choice.nests.township).astype(np.float32),
        place.conditions.segments,
        place.conditions.of_urgency("emergent").astype(np.uint8),
        emergencies(place, able, offered),
        place.conditions.of_urgency("chronic").astype(np.uint8),
        tariff.purse,
        np.stack([tariff.outpatient_limit, tariff.chronic_limit, tariff.ceiling]).astype(np.int32),
        able,
    )


def emergencies(place: Place, able: NDArray[np.float32], offered: Offered) -> NDArray[np.int16]:
    """Find where emergencies are taken: (settings, villages, groups).

    The nearest public hospital able to treat most of such cases; of those within ten minutes of each other the one with most beds;
    where none of them is able, the ablest of all that have a ward for it; -1 where nobody sees such cases at all.
    """
    house = place.facilities
    out = np.full((2, len(place.villages), len(place.conditions.names)), -1, np.int16)
    steps = np.floor(place.minutes / 10.0) - house.beds / (house.beds.max() + 1.0)
    public = house.public & house.is_hospital
    for setting, g in np.ndindex(len(out), out.shape[2]):
        both, share = offered[setting][g] & offered[STAY][g], able[STAY, :-2, g]
        serves = both if both.any() else offered[setting][g]
        can = serves & public & (share >= ABLE_ENOUGH)
        takers = np.flatnonzero(can if can.any() else serves & (share == share[serves].max(initial=0.0)))
        if len(takers):
            out[setting, :, g] = takers[np.argmin(steps[:, takers], axis=1)]
    return out

"""Choose where to go: weights of options under a nested logit, and the race that draws one of them.

The weight of an option is proportional to its share under the model. The option with the smallest -ln(u)/weight is taken, u keyed by
person, occasion and place: shares are exactly the row's, and who moves when one price changes moves to that place only.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic.compiled import fetch, inlined, njit
from sim.arithmetic.elementary import exp32, log32
from sim.arithmetic.luck import BLOCK, CHOICE, draw, words
from sim.words import OWN_TOWNSHIP


def shares(utility: NDArray[np.float64], nest: NDArray[np.int64], dissimilarity: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of each option under a nested logit (McFadden 1978); with every dissimilarity 1 the plain logit.

    utility       : (..., options); -inf where an option is not offered
    nest          : (options,) nest of each option
    dissimilarity : (nests,) 0 < x <= 1
    returns       : (..., options), summing to 1
    """
    inside, inclusive = _inclusive(utility, nest, dissimilarity)
    lift = (dissimilarity - 1.0) * np.where(np.isfinite(inclusive), inclusive, 0.0)
    weight = inside + np.take(lift, nest, axis=-1)
    pull = np.exp(weight - weight.max(axis=-1, keepdims=True))
    return np.asarray(pull / pull.sum(axis=-1, keepdims=True))


def logsum(utility: NDArray[np.float64], nest: NDArray[np.int64], dissimilarity: NDArray[np.float64]) -> NDArray[np.float64]:
    """Expected best utility of a row (up to Euler's constant): the welfare of an offer, in utils."""
    _, inclusive = _inclusive(utility, nest, dissimilarity)
    value = dissimilarity * inclusive
    top = value.max(axis=-1, keepdims=True)
    return np.asarray(top[..., 0] + np.log(np.exp(value - top).sum(axis=-1)))


def _inclusive(
    utility: NDArray[np.float64], nest: NDArray[np.int64], dissimilarity: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scale utilities by their nests, and take the log of the summed exponentials of each nest, -inf where it offers nothing.

    The best of each nest is taken out first, so that only differences are ever raised to a power.
    returns : (..., options), (..., nests)
    """
    inside = utility / dissimilarity[nest]
    member = nest[:, None] == np.arange(len(dissimilarity))
    best = np.stack([inside[..., one].max(axis=-1, initial=-np.inf) for one in member.T], axis=-1)
    finite = np.where(np.isfinite(best), best, 0.0)
    total = np.exp(inside - np.take(finite, nest, axis=-1)) @ member
    with np.errstate(divide="ignore"):
        return inside, np.log(total) + finite


@inlined
def arrival(high, low, place_key, weight):  # type: ignore[no-untyped-def]
    """Say when a place reaches the one who chooses: -ln(u)/weight, u made of 64 random bits and the place's own key (float32).

    The bits are mixed by the finaliser of MurmurHash3 (Appleby 2011) with the second word added half-way.
    """
    h = high ^ np.uint32(place_key)
    h = np.uint32((h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)) + low
    h = np.uint32(h)
    h = np.uint32((h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    h = h ^ (h >> np.uint32(16))
    u = (np.float32(h >> np.uint32(9)) + np.float32(0.5)) * np.float32(1.0 / 8388608.0)
    return -log32(u) / weight


@njit
def race(key, purpose, resident, occasion, place_keys, weights, taken):  # type: ignore[no-untyped-def]
    """Draw one option for each row.

    resident, occasion : (rows,) who chooses, and which of his occasions this is
    place_keys         : (options,) uint64 keys of the options
    weights            : (rows, options) or (1, options) non-negative
    taken              : (rows,) filled with the option taken, -1 where nothing has weight
    """
    shared = weights.shape[0] == 1
    for i in range(len(resident)):
        c0, c1, _, _ = words(key, purpose, resident[i], occasion[i])
        best, choice = np.float32(np.inf), -1
        row = 0 if shared else i
        for j in range(weights.shape[1]):
            w = np.float32(weights[row, j])
            if w > np.float32(0.0):
                time = arrival(np.uint32(c0), np.uint32(c1), place_keys[j], w)
                if time < best:
                    best, choice = time, j
        taken[i] = choice


class Sheet(NamedTuple):
    """The offer sheet as kernels read it: a patient's row is multiplied out of these leaves when he chooses.

    pull        : (kinds, facilities + 2) exp(utility / dissimilarity) * size; then no formal care, then nowhere (0)
    near        : (segments, old, contracted, villages, slots) the same of what the way and the contract add
    option      : (villages, slots) facility, `facilities + 1` (nowhere) where there is none
    nest_first  : (nests + 1,) the slots of nest m are nest_first[m]:nest_first[m + 1]
    bend        : (nests,) dissimilarity - 1
    place_keys  : (villages, slots + 1) uint32, the last of no formal care
    loyal       : (facilities + 2,) factor of the usual facility
    trusted     : (201,) factor of the own township at trust -100..100
    segment     : (settings, groups);  emergent : (groups,);  emergency : (settings, villages, groups) nearest able facility
    is_chronic  : (groups,);  purse : (schemes, groups) 0 ordinary, 1 chronic, 2 special;  limit : (purses, schemes) fen a year
    able        : (settings, facilities + 2, groups) share of cases it can treat
    """

    pull: NDArray[np.float32]
    near: NDArray[np.float32]
    option: NDArray[np.int16]
    nest_first: NDArray[np.int64]
    bend: NDArray[np.float32]
    place_keys: NDArray[np.uint32]
    loyal: NDArray[np.float32]
    trusted: NDArray[np.float32]
    segment: NDArray[np.uint8]
    emergent: NDArray[np.uint8]
    emergency: NDArray[np.int16]
    is_chronic: NDArray[np.uint8]
    purse: NDArray[np.uint8]
    limit: NDArray[np.int32]
    able: NDArray[np.float32]


OLD = 65
SCHEMES = 3
LANES = 8
"""How many cases a processor works on side by side."""
FEWEST_SLOTS = 32
"""Options told apart by the last bits of a time of arrival, no care among them; twice as many, and so on, where a village has more."""


@inlined
def slots_told_apart(slots):  # type: ignore[no-untyped-def]
    """Give the power of two that so many slots and no care fit into."""
    told = FEWEST_SLOTS
    while told <= slots:
        told *= 2
    return np.int32(told)


@njit
def kinds(setting, cases, first, last, people, sheet):  # type: ignore[no-untyped-def]
    """Say which kind of patient the cases first..last are: condition group x scheme x (contracted, spent | poor, repeat) x referred."""
    resident, group, referred, kind = cases.resident, cases.group, cases.referred, cases.kind
    insured_at, contract, poor, stays = people.insured_at, people.contract, people.poor, people.stays
    outpatient_fund, chronic_fund, inpatient_fund = people.outpatient_fund, people.chronic_fund, people.inpatient_fund
    purse, limit = sheet.purse, sheet.limit
    groups = len(sheet.emergent)
    for i in range(first, last):
        fetch(insured_at, resident[min(i + 24, last - 1)])
        r, g = resident[i], group[i]
        scheme = insured_at[r]
        if setting == 0:
            p = purse[scheme, g]
            if p == 0:
                spent = outpatient_fund[r] >= limit[p, scheme]
            elif p == 1:
                spent = chronic_fund[r] >= limit[p, scheme]
            else:
                spent = inpatient_fund[r] >= limit[p, scheme]
            a, b = min(contract[r], 1), spent
        else:
            a, b = poor[r], stays[r] > 0
        kind[i] = ((((setting * groups + g) * SCHEMES + scheme) * 2 + a) * 2 + b) * 2 + referred[i]


@njit
def choose(key, setting, cases, first, last, able_only, people, sheet):  # type: ignore[no-untyped-def]
    """Send the cases first..last to the facilities that win their races, or to -1: no formal care; fills `kind` and `facility`.

    They are taken a block at a time, side by side.
    able_only : True leaves only facilities able to treat the group (for those whom nobody nearer could help)
    """
    kinds(setting, cases, first, last, people, sheet)
    slots = sheet.option.shape[1]
    weight, keys = np.empty((slots + 1, BLOCK), np.float32), np.empty((slots + 1, BLOCK), np.uint32)
    factor, drawn, best = np.empty(BLOCK, np.float32), np.empty(4 * BLOCK, np.uint32), np.empty(BLOCK, np.int32)
    home, offer, way, usual = (
        np.empty(BLOCK, np.uint64),
        np.empty(BLOCK, np.uint64),
        np.empty(BLOCK, np.uint64),
        np.empty(BLOCK, np.int16),
    )
    for start in range(first, last, BLOCK):
        count = min(BLOCK, last - start)
        wide = (count + LANES - 1) // LANES * LANES  # whole lanes are fastest; nobody reads what the last ones hold
        _weigh(setting, cases, start, count, wide, able_only, people, sheet, home, offer, way, usual, factor, weight, keys)
        draw(key, CHOICE, cases.person, cases.occasion, start, min(wide, len(cases.person) - start), drawn)
        _arrive_first(weight, keys, slots + 1, wide, drawn, best)
        _send(setting, cases, start, count, people, sheet, weight, best)


@inlined
def _weigh(setting, cases, start, count, wide, able_only, people, sheet, home, offer, way, usual, factor, weight, keys):  # type: ignore[no-untyped-def]
    """Work out what the options of a block of cases weigh, as `sim.choice.rows.weights` does: fills the rows of `weight` and `keys`."""
    pull, near, option, place_keys = sheet.pull.ravel(), sheet.near.ravel(), sheet.option.ravel(), sheet.place_keys.ravel()
    none = np.uint64(sheet.pull.shape[1] - 2)
    _find_rows(setting, cases, start, count, people, sheet, home, offer, way, usual, factor)
    _multiply_out(count, pull, near, option, sheet.loyal, place_keys, none, home, offer, way, usual, factor, weight, keys)
    _leave_out(setting, cases, start, count, able_only, people, sheet, weight)
    for nest in range(len(sheet.bend)):
        if sheet.bend[nest] != np.float32(0.0):
            _share_nest(weight, sheet.nest_first[nest], sheet.nest_first[nest + 1], wide, sheet.bend[nest], factor)


@inlined
def _find_rows(setting, cases, start, count, people, sheet, home, offer, way, usual, trust):  # type: ignore[no-untyped-def]
    """Find for each case of a block his village, his rows of `pull` and `near`, where he usually goes, and how he trusts his township."""
    resident, group, kind = cases.resident, cases.group, cases.kind
    age, contract, usually, trusting, village = people.age, people.contract, people.usual, people.trust, people.village
    segment, trusted = sheet.segment, sheet.trusted
    (villages, slots), columns = sheet.option.shape, sheet.pull.shape[1]
    for i in range(count):
        r, s = resident[start + i], np.int64(segment[setting, group[start + i]])
        old, signed = np.int64(age[r] >= OLD), np.int64(contract[r] > 0)
        offer[i], way[i] = np.uint64(kind[start + i] * columns), np.uint64((((s * 2 + old) * 2 + signed) * villages + village[r]) * slots)
        home[i], usual[i], trust[i] = village[r], usually[r], trusted[trusting[r] + 100]


@inlined
def _multiply_out(count, pull, near, option, loyal, place_keys, none, home, offer, way, usual, trust, weight, keys):  # type: ignore[no-untyped-def]
    """Multiply out the rows of a block: weights before nests, no formal care last, and keys.

    People stand village by village, so neighbours are taken together, one option after the other. Unsigned rows: signed ones cost as
    much again.
    """
    slots, weight, keys = np.uint64(len(weight) - 1), weight.ravel(), keys.ravel()
    first, count = np.uint64(0), np.uint64(count)
    while first < count:
        v, last = home[first], first + np.uint64(1)
        while last < count and home[last] == v:
            last += np.uint64(1)
        for j in range(slots):
            f, place_key, out = option[v * slots + j], place_keys[v * (slots + np.uint64(1)) + j], j * np.uint64(BLOCK)
            at, loyalty = np.uint64(f), loyal[f]
            for i in range(first, last):
                w = pull[offer[i] + at] * near[way[i] + j]
                weight[out + i] = w * loyalty if usual[i] == f else w
                keys[out + i] = place_key
        own, out, place_key = np.uint64(OWN_TOWNSHIP * BLOCK), slots * np.uint64(BLOCK), place_keys[v * (slots + np.uint64(1)) + slots]
        for i in range(first, last):
            weight[own + i] *= trust[i]
            weight[out + i], keys[out + i] = pull[offer[i] + none], place_key
        first = last


@inlined
def _leave_out(setting, cases, start, count, able_only, people, sheet, weight):  # type: ignore[no-untyped-def]
    """Take away who has failed a case before, and those unable to treat him where only the able are asked."""
    group, avoid, option, able, slots, zero = cases.group, cases.avoid, sheet.option, sheet.able, sheet.option.shape[1], np.float32(0.0)
    for i in range(count):
        failed = avoid[start + i]
        if failed >= 0 or able_only:
            v = people.village[cases.resident[start + i]]
            for j in range(slots):
                f = option[v, j]
                if f == failed or (able_only and able[setting, f, group[start + i]] < np.float32(0.5)):
                    weight[j, i] = zero
            weight[slots, i] = zero if able_only else weight[slots, i]


@inlined
def _share_nest(weight, a, b, count, bend, inside):  # type: ignore[no-untyped-def]
    """Turn the weights of one nest, rows a..b, into shares but for a common factor: times (their sum) ** (dissimilarity - 1)."""
    zero, one = np.float32(0.0), np.float32(1.0)
    for i in range(count):
        inside[i] = zero
    for j in range(a, b):
        for i in range(count):
            inside[i] += weight[j, i]
    if bend == np.float32(-0.5):
        for i in range(count):
            inside[i] = one / np.sqrt(inside[i]) if inside[i] > zero else zero  # as the loop below, in a quarter of the time
    else:
        for i in range(count):
            inside[i] = exp32(bend * log32(inside[i])) if inside[i] > zero else zero
    for j in range(a, b):
        for i in range(count):
            weight[j, i] *= inside[i]


@inlined
def _arrive_first(weight, keys, options, count, drawn, best):  # type: ignore[no-untyped-def]
    """Let the places race to each case of a block: fills `best` with the slot that arrives first, in its last bits."""
    last_bits = -slots_told_apart(options - 1)
    for i in range(count):
        best[i] = np.int32(0x7FFFFFFF)
    for j in range(options):
        slot = np.int32(j)
        for i in range(count):
            when = np.float32(arrival(drawn[i], drawn[BLOCK + i], keys[j, i], weight[j, i])).view(np.int32)
            best[i] = min(best[i], (when & last_bits) | slot)  # positive floats sort as whole numbers; the slot rides along


@inlined
def _send(setting, cases, start, count, people, sheet, weight, best):  # type: ignore[no-untyped-def]
    """Write down where the cases of a block go; emergencies that have not failed before go to the nearest facility able to treat them."""
    resident, group, avoid, facility, village = cases.resident, cases.group, cases.avoid, cases.facility, people.village
    option, emergent, emergency, slots = sheet.option, sheet.emergent, sheet.emergency, sheet.option.shape[1]
    mask = slots_told_apart(slots) - np.int32(1)
    for i in range(count):
        v, g, chosen = village[resident[start + i]], group[start + i], best[i] & mask
        if emergent[g] and avoid[start + i] < 0:
            facility[start + i] = emergency[setting, v, g]
        else:
            facility[start + i] = option[v, chosen] if chosen < slots and weight[chosen, i] > np.float32(0.0) else -1

"""Choose where to go: weights of options under a nested logit, and the race that draws one of them.

The weight of an option is proportional to its share under the model. The option with the smallest -ln(u)/weight is taken, u keyed by
person, occasion and place: shares are exactly the row's, and who moves when one price changes moves to that place only.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import inlined, njit
from sim.elementary import exp32, log32
from sim.luck import CHOICE, words


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
    chronic_fund_limit, outpatient_limit : (schemes,) fen a year;  is_chronic : (groups,)
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
    chronic_limit: NDArray[np.int32]
    outpatient_limit: NDArray[np.int32]
    able: NDArray[np.float32]


OWN_CLINIC, OWN_TOWNSHIP = 0, 1
OLD = 65
SCHEMES = 3
MOST_OPTIONS = 32
"""Most options of one village, no care among them."""


@njit
def kinds(setting, cases, first, people, sheet):  # type: ignore[no-untyped-def]
    """Say which kind of patient each case from `first` on is: condition group x scheme x (contracted, spent | poor, repeat) x referred."""
    resident, group, referred, kind = cases.resident, cases.group, cases.referred, cases.kind
    insured_at, contract, poor, stays = people.insured_at, people.contract, people.poor, people.stays
    outpatient_fund, chronic_fund = people.outpatient_fund, people.chronic_fund
    groups = len(sheet.emergent)
    for i in range(first, cases.count[0]):
        r, g = resident[i], group[i]
        scheme = insured_at[r]
        if setting == 0:
            if sheet.is_chronic[g]:
                spent = chronic_fund[r] >= sheet.chronic_limit[scheme]
            else:
                spent = outpatient_fund[r] >= sheet.outpatient_limit[scheme]
            a, b = min(contract[r], 1), spent
        else:
            a, b = poor[r], stays[r] > 0
        kind[i] = ((((setting * groups + g) * SCHEMES + scheme) * 2 + a) * 2 + b) * 2 + referred[i]


@njit
def choose(key, setting, cases, first, able_only, people, sheet):  # type: ignore[no-untyped-def]
    """Send each case from `first` on to the facility that wins his race, or -1: no formal care; fills `kind` and `facility`.

    able_only : True leaves only facilities able to treat the group (for those whom nobody nearer could help)
    """
    resident, occasion, group, avoid, kind, facility = cases.resident, cases.occasion, cases.group, cases.avoid, cases.kind, cases.facility
    person, village, age, contract = people.person, people.village, people.age, people.contract
    usual, trust = people.usual, people.trust
    pull, near, option, place_keys = sheet.pull.ravel(), sheet.near.ravel(), sheet.option.ravel(), sheet.place_keys.ravel()
    bend, nest_first, loyal, trusted, segment, able = sheet.bend, sheet.nest_first, sheet.loyal, sheet.trusted, sheet.segment, sheet.able
    (villages, slots), columns, nests = sheet.option.shape, sheet.pull.shape[1], len(sheet.bend)
    none, zero = columns - 2, np.float32(0.0)
    kinds(setting, cases, first, people, sheet)
    weight, first_come = np.zeros(slots + 1, np.float32), np.zeros(slots + 1, np.int32)
    for i in range(first, cases.count[0]):
        r, g, failed = resident[i], group[i], avoid[i]
        v, s = np.int64(village[r]), np.int64(segment[setting, g])
        if sheet.emergent[g] and failed < 0:
            facility[i] = sheet.emergency[setting, v, g]
            continue
        old, signed, usually = np.int64(age[r] >= OLD), np.int64(contract[r] > 0), usual[r]
        way, row, offer = (((s * 2 + old) * 2 + signed) * villages + v) * slots, v * slots, np.int64(kind[i]) * columns
        for j in range(slots):
            f = option[row + j]
            w = pull[offer + f] * near[way + j]
            weight[j] = w * loyal[f] if f == usually else w
        weight[OWN_TOWNSHIP] *= trusted[trust[r] + 100]
        weight[slots] = pull[offer + none]
        if failed >= 0 or able_only:
            for j in range(slots):
                f = option[row + j]
                if f == failed or (able_only and able[setting, f, g] < np.float32(0.5)):
                    weight[j] = zero
            weight[slots] = zero if able_only else weight[slots]
        for m in range(nests):
            a, b = nest_first[m], nest_first[m + 1]
            inside = zero
            for j in range(a, b):
                inside += weight[j]
            if inside > zero and bend[m] != zero:
                if bend[m] == np.float32(-0.5):
                    lift = np.float32(1.0) / np.sqrt(inside)  # as the line below, in a quarter of the time
                else:
                    lift = exp32(bend[m] * log32(inside))
                for j in range(a, b):
                    weight[j] *= lift
        c0, c1, _, _ = words(key, CHOICE, person[r], occasion[i])
        high, low, keys = np.uint32(c0), np.uint32(c1), v * (slots + 1)
        for j in range(slots + 1):
            when = np.float32(arrival(high, low, place_keys[keys + j], weight[j])).view(np.int32)
            first_come[j] = (when & np.int32(-MOST_OPTIONS)) | np.int32(j)  # positive floats sort as whole numbers do; the slot rides along
        best = np.int32(0x7FFFFFFF)
        for j in range(slots + 1):
            best = min(best, first_come[j])
        chosen = best & np.int32(MOST_OPTIONS - 1)
        facility[i] = option[row + chosen] if chosen < slots and weight[chosen] > zero else -1

"""Choose where to go: weights of options under a nested logit, and the race that draws one of them.

The weight of an option is proportional to its share under the model. The option with the smallest -ln(u)/weight is taken, u keyed by
person, occasion and place: shares are exactly the row's, and who moves when one price changes moves to that place only.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import njit
from sim.luck import CHOICE, mixed, words


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
        bits = (c0 << np.uint64(32)) | c1
        best, choice = np.inf, -1
        row = 0 if shared else i
        for j in range(weights.shape[1]):
            w = weights[row, j]
            if w > 0.0:
                time = -math.log(mixed(bits, place_keys[j])) / w
                if time < best:
                    best, choice = time, j
        taken[i] = choice


class Sheet(NamedTuple):
    """The offer sheet as kernels read it: a patient's row is multiplied out of these leaves when he chooses.

    pull        : (kinds, facilities + 1) exp(utility / dissimilarity) * size; the last column is no formal care
    near        : (segments, old, contracted, villages, slots) the same of what the way and the contract add
    option      : (villages, slots) facility, -1 where there is none
    nest        : (facilities + 1,) nest of each facility
    bend        : (nests,) dissimilarity - 1
    place_keys  : (facilities + 1,) uint64
    loyal       : (facilities + 1,) factor of the usual facility
    trusted     : (201,) factor of the own township at trust -100..100
    segment     : (settings, groups);  emergent : (groups,);  emergency : (settings, villages, groups) nearest able facility
    chronic_fund_limit, outpatient_limit : (schemes,) fen a year;  is_chronic : (groups,)
    able        : (settings, facilities + 1, groups) share of cases it can treat
    """

    pull: NDArray[np.float32]
    near: NDArray[np.float32]
    option: NDArray[np.int16]
    nest: NDArray[np.uint8]
    bend: NDArray[np.float32]
    place_keys: NDArray[np.uint64]
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


@njit
def kinds(setting, cases, first, people, sheet):  # type: ignore[no-untyped-def]
    """Say which kind of patient each case is: condition group x scheme x (contracted, spent | poor, repeat) x referred."""
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
    """Send each case from `first` on to the facility that wins his race, or -1: no formal care.

    able_only : True leaves only hospitals able to treat the group (for those whom nobody nearer could help)
    """
    resident, occasion, group, avoid, kind, facility = cases.resident, cases.occasion, cases.group, cases.avoid, cases.kind, cases.facility
    person, village, age, contract = people.person, people.village, people.age, people.contract
    usual, trust = people.usual, people.trust
    pull, near, option, nest, bend = sheet.pull, sheet.near, sheet.option, sheet.nest, sheet.bend
    place_keys, loyal, trusted, segment, able = sheet.place_keys, sheet.loyal, sheet.trusted, sheet.segment, sheet.able
    slots, none = option.shape[1], pull.shape[1] - 1
    weight, inside = np.zeros(slots + 1, np.float32), np.zeros(len(bend), np.float32)
    for i in range(first, cases.count[0]):
        r, g, k = resident[i], group[i], kind[i]
        v, s = village[r], segment[setting, g]
        if sheet.emergent[g] and avoid[i] < 0:
            facility[i] = sheet.emergency[setting, v, g]
            continue
        old, signed = np.uint8(age[r] >= OLD), min(contract[r], 1)
        inside[:] = np.float32(0.0)
        for j in range(slots):
            f = option[v, j]
            if f < 0 or f == avoid[i] or (able_only and able[setting, f, g] < np.float32(0.5)):
                weight[j] = np.float32(0.0)
                continue
            w = pull[k, f] * near[s, old, signed, v, j]
            if f == usual[r]:
                w *= loyal[f]
            if j == OWN_TOWNSHIP:
                w *= trusted[trust[r] + 100]
            weight[j] = w
            inside[nest[f]] += w
        weight[slots] = np.float32(0.0) if able_only else pull[k, none]
        for m in range(len(bend)):
            inside[m] = np.float32(inside[m] ** bend[m]) if bend[m] != np.float32(0.0) and inside[m] > np.float32(0.0) else np.float32(1.0)
        c0, c1, _, _ = words(key, CHOICE, person[r], occasion[i])
        bits = (c0 << np.uint64(32)) | c1
        best, chosen = np.inf, none
        for j in range(slots + 1):
            w = weight[j]
            if w > np.float32(0.0):
                f = option[v, j] if j < slots else none
                if j < slots:
                    w *= inside[nest[f]]
                u = mixed(bits, place_keys[f])
                if (1.0 - u) < best * w:
                    time = -math.log(u) / w
                    if time < best:
                        best, chosen = time, f
        facility[i] = chosen if chosen < none else -1

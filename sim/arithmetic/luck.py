"""Keyed luck: every draw is a function of (seed, purpose, resident, occasion), so luck belongs to people and not to the order of work.

The generator is Philox4x32-10 (Salmon et al. 2011, doi 10.1145/2063384.2063405): four 32-bit words a call.
`PURPOSES` is the one list of purposes and of what each of the four words is used for, so that no word is used twice.
An occasion is one number, unique in a person's run, for each purpose.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic.compiled import inlined, literal_unroll, njit
from sim.arithmetic.elementary import exp64, log64, normal_quantile

PERSON = 1
HOUSEHOLD = 2
EPISODES = 3
EPISODE = 4
FOLLOW_UP = 5
THIN = 6
CHOICE = 7
VISIT = 8
STAY = 9
REFERRAL = 10
AGAIN = 11
BILL = 12
CONTRACT = 13
SAMPLE = 14
DOOR = 16
ROAD = 17
RETURN = 18
CLAIMS = 19

PURPOSES = {
    PERSON: "resident; occasion 0: age, sex, employees' scheme, migrant; 1: chronic conditions, four words; 2: two more, compliance",
    HOUSEHOLD: "household; occasion 0: size, poverty registration, enrolled elsewhere, spare",
    EPISODES: "resident; occasion 0: how many episodes, word 0; chronic clocks 1..: phase, admissions, spare",
    EPISODE: "resident, episode: day, condition group, visits, admissions",
    FOLLOW_UP: "resident, visit of an episode: gap, spare",
    THIN: "resident, episode: kept at the present rate, averted by follow-up, spare",
    CHOICE: "resident, occasion: 64 bits mixed with each option's key",
    VISIT: "resident, occasion and leg: minute of the day, service, size of the bill, patience",
    STAY: "resident, occasion: hour of the request, length, spare, patience",
    REFERRAL: "resident, occasion: gatekeeping, how hard, sent up, arrives at once (visits) or accepts to go down (stays)",
    AGAIN: "resident, occasion and attempt: tries again, elsewhere, spare",
    BILL: "resident, stay and leg: size of the bill, spare",
    CONTRACT: "household; year: order, says yes, paid, time kept for it at the start; month from 65536 on: renews, spare",
    SAMPLE: "household; which households stay when a run is scaled down",
    DOOR: "resident, stay: the referral desk keeps him, a record is sought, going down is offered, spare",
    ROAD: "place; where a generated village stands",
    RETURN: "resident, stay: comes back, how soon, is followed up, that averts it",
    CLAIMS: "resident; occasion 0: whether his bills are kept in a sample of claims, spare",
}

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MULTIPLY_0, _MULTIPLY_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_STEP_0, _STEP_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_MIX_0, _MIX_1 = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT = np.uint64(33)
_UNIT = 1.0 / 4294967296.0


def key(seed: int) -> np.uint64:
    """Turn a seed into the 64-bit key of all its draws."""
    return np.uint64(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0])


@inlined
def words(key, purpose, resident, occasion):  # type: ignore[no-untyped-def]
    """Draw the four 32-bit words (as uint64) of one occasion."""
    c0, c1 = np.uint64(resident) & _LOW, np.uint64(occasion) & _LOW
    c2, c3 = np.uint64(purpose) & _LOW, np.uint64(0)
    a, b = np.uint64(key) & _LOW, np.uint64(key) >> _HALF
    for _ in range(10):
        p0, p1 = _MULTIPLY_0 * c0, _MULTIPLY_1 * c2
        c0, c1, c2, c3 = ((p1 >> _HALF) ^ c1 ^ a) & _LOW, p1 & _LOW, ((p0 >> _HALF) ^ c3 ^ b) & _LOW, p0 & _LOW
        a, b = (a + _STEP_0) & _LOW, (b + _STEP_1) & _LOW
    return c0, c1, c2, c3


BLOCK = 208
"""Occasions drawn side by side: scratch that fits the nearest cache, and whose rows do not fall on the same lines of it."""


@njit
def draw(key, purpose, person, occasion, first, count, drawn):  # type: ignore[no-untyped-def]
    """Draw the words of `count` (at most BLOCK) occasions from `first` on, side by side: as `words` does, in a fifth of the time.

    drawn : (4 * BLOCK,) uint32, filled: word w of the i-th occasion at w * BLOCK + i
    """
    for i in range(count):
        c0, c1 = np.uint64(person[first + i]), np.uint64(occasion[first + i])
        c2, c3 = np.uint64(purpose), np.uint64(0)
        a, b = np.uint64(key) & _LOW, np.uint64(key) >> _HALF
        for _ in literal_unroll((0, 1, 2, 3, 4, 5, 6, 7, 8, 9)):  # unrolled, or the compiler would not work on several at once
            p0, p1 = _MULTIPLY_0 * c0, _MULTIPLY_1 * c2
            c0, c1, c2, c3 = ((p1 >> _HALF) ^ c1 ^ a) & _LOW, p1 & _LOW, ((p0 >> _HALF) ^ c3 ^ b) & _LOW, p0 & _LOW
            a, b = (a + _STEP_0) & _LOW, (b + _STEP_1) & _LOW
        drawn[i], drawn[BLOCK + i] = np.uint32(c0), np.uint32(c1)
        drawn[2 * BLOCK + i], drawn[3 * BLOCK + i] = np.uint32(c2), np.uint32(c3)


@inlined
def unit(word):  # type: ignore[no-untyped-def]
    """Map a 32-bit word to the open interval (0, 1)."""
    return (np.float64(word) + 0.5) * _UNIT


@inlined
def mixed(bits, place_key):  # type: ignore[no-untyped-def]
    """Mix 64 random bits with the key of a place into one uniform: cheap, and the same wherever the place stands in a list."""
    x = bits ^ place_key
    x ^= x >> _SHIFT
    x *= _MIX_0
    x ^= x >> _SHIFT
    x *= _MIX_1
    return unit(x >> _HALF)


@inlined
def exponential(mean, u):  # type: ignore[no-untyped-def]
    """Draw from the exponential distribution."""
    return -mean * log64(u)


@inlined
def lognormal(mean, log_sd, u):  # type: ignore[no-untyped-def]
    """Draw from the lognormal distribution with this mean and this standard deviation of the logarithm."""
    return mean * exp64(log_sd * (normal_quantile(u) - 0.5 * log_sd))


@inlined
def spread(mean, cv2, u):  # type: ignore[no-untyped-def]
    """Draw a positive quantity by its mean and squared coefficient of variation: 0 constant, 1 exponential, else lognormal."""
    if cv2 == 0.0:
        return mean
    if cv2 == 1.0:
        return exponential(mean, u)
    return lognormal(mean, math.sqrt(log64(1.0 + cv2)), u)


@inlined
def poisson_from(none, mean, u):  # type: ignore[no-untyped-def]
    """Count by inversion of one uniform, given the probability exp(-mean) that there is none; for means up to about 50."""
    count, term, total = 0, none, none
    while u > total and count < 1000:
        count += 1
        term *= mean / count
        total += term
    return count


@inlined
def poisson(mean, u):  # type: ignore[no-untyped-def]
    """Count by inversion of one uniform; for means up to about 50."""
    return poisson_from(exp64(-mean), mean, u)


@njit
def _fill(key, purpose, resident, occasion, out):  # type: ignore[no-untyped-def]
    for i in range(len(resident)):
        c0, c1, c2, c3 = words(key, purpose, resident[i], occasion[i])
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = unit(c0), unit(c1), unit(c2), unit(c3)


def uniforms(key: np.uint64, purpose: int, resident: NDArray[Any], occasion: NDArray[Any] | int = 0) -> NDArray[np.float64]:
    """Draw the four uniforms of each (resident, occasion) as an array of shape (n, 4)."""
    rows = np.asarray(resident, np.uint64)
    out = np.empty((len(rows), 4))
    _fill(np.uint64(key), purpose, rows, np.broadcast_to(np.asarray(occasion, np.uint64), rows.shape).copy(), out)
    return out


def place_key(name: str) -> np.uint64:
    """Give a place its own 64-bit key by its name, so that the order of a list never matters."""
    return np.uint64(np.random.SeedSequence(list(name.encode())).generate_state(1, np.uint64)[0])

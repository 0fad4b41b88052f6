"""Binary heaps in plain arrays, for kernels: of (time, code) pairs, and of the times at which servers come free.

They take whole arrays and indices: a tuple of arrays or a slice would count references at every call.
"""

from sim.arithmetic.compiled import njit
from sim.care.engine.lines import Reals, Wholes


@njit
def push(times: Reals, what: Wholes, count: int, time: float, code: int) -> None:
    """Put (time, code) into the heap of `count` entries; equal times come in the order of their codes."""
    i = count
    while i > 0:
        above = (i - 1) >> 1
        if times[above] < time or (times[above] == time and what[above] <= code):
            break
        times[i] = times[above]
        what[i] = what[above]
        i = above
    times[i] = time
    what[i] = code


@njit
def drop(times: Reals, what: Wholes, count: int) -> None:
    """Take the first entry out of the heap; `count` entries are left."""
    time, code = times[count], what[count]
    i = 0
    while True:
        k = 2 * i + 1
        if k >= count:
            break
        if k + 1 < count and (times[k + 1] < times[k] or (times[k + 1] == times[k] and what[k + 1] < what[k])):
            k += 1
        if time < times[k] or (time == times[k] and code <= what[k]):
            break
        times[i] = times[k]
        what[i] = what[k]
        i = k
    times[i] = time
    what[i] = code


@njit
def occupy(free_at: Reals, a: int, b: int, end: float) -> None:
    """Let the server of a..b who is free first be busy until `end`."""
    n = b - a
    i = 0
    while True:
        k = 2 * i + 1
        if k >= n:
            break
        if k + 1 < n and free_at[a + k + 1] < free_at[a + k]:
            k += 1
        if end <= free_at[a + k]:
            break
        free_at[a + i] = free_at[a + k]
        i = k
    free_at[a + i] = end

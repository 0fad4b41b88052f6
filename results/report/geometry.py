"""Draw a county for which no boundary is at hand: a smooth hull around its villages, parted into the cells nearest to each town."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from results.plane import Point

Ring = list[Point]

AROUND = 24
"""Points of a circle."""


def hull(points: Iterable[Point]) -> Ring:
    """Find the convex hull, by Andrew's monotone chain (1979)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return [*_chain(ordered)[:-1], *_chain(ordered[::-1])[:-1]]


def _chain(points: Sequence[Point]) -> Ring:
    """Walk along one side of the points, turning one way only."""
    kept: Ring = []
    for point in points:
        while len(kept) > 1 and _turn(kept[-2], kept[-1], point) <= 0:
            kept.pop()
        kept.append(point)
    return kept


def _turn(a: Point, b: Point, c: Point) -> float:
    """Say which way the path a, b, c turns: above 0 to the left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def outline(points: Sequence[Point], margin: float) -> Ring:
    """Draw a smooth line around points that keeps a margin from each: the hull of circles around them."""
    turns = [(math.cos(2 * math.pi * i / AROUND), math.sin(2 * math.pi * i / AROUND)) for i in range(AROUND)]
    return hull((x + margin * east, y + margin * south) for x, y in points for east, south in turns)


def cells(seats: Sequence[Point], around: Ring) -> list[Ring]:
    """Part a convex ring among seats: each gets what is nearer to it than to any other (its Voronoi cell, clipped)."""
    found = []
    for seat in seats:
        cell = around
        for other in seats:
            if other != seat:
                cell = _nearer(cell, seat, other)
        found.append(cell)
    return found


def _nearer(ring: Ring, seat: Point, other: Point) -> Ring:
    """Cut off the part of a ring that is nearer to the other seat (Sutherland and Hodgman, 1974)."""
    middle = ((seat[0] + other[0]) / 2, (seat[1] + other[1]) / 2)
    towards = (other[0] - seat[0], other[1] - seat[1])

    def beyond(point: Point) -> float:
        return (point[0] - middle[0]) * towards[0] + (point[1] - middle[1]) * towards[1]

    kept: Ring = []
    for a, b in pairwise([*ring, *ring[:1]]):
        here, there = beyond(a), beyond(b)
        if here <= 0:
            kept.append(a)
        if (here < 0 < there) or (there < 0 < here):
            part = here / (here - there)
            kept.append((a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])))
    return kept


def spread(middle: Point, count: int, radius: float) -> list[Point]:
    """Place some points on a circle around the middle: the first above or, where there are more, at the left, the others clockwise."""
    first = -math.pi / 2 if count < 3 else math.pi
    turns = [first + 2 * math.pi * i / max(count, 1) for i in range(count)]
    return [(middle[0] + radius * math.cos(turn), middle[1] + radius * math.sin(turn)) for turn in turns]


def border(around: Ring, middle: Point, towards: Point) -> Point:
    """Find where the way from the middle towards a place far off leaves a convex ring."""
    east, south = towards[0] - middle[0], towards[1] - middle[1]
    best = math.inf
    for a, b in pairwise([*around, *around[:1]]):
        side = (b[0] - a[0], b[1] - a[1])
        cross = east * side[1] - south * side[0]
        if cross:
            ahead = ((a[0] - middle[0]) * side[1] - (a[1] - middle[1]) * side[0]) / cross
            along = ((a[0] - middle[0]) * south - (a[1] - middle[1]) * east) / cross
            if ahead > 0 and 0 <= along <= 1:
                best = min(best, ahead)
    return (middle[0] + best * east, middle[1] + best * south) if best < math.inf else towards

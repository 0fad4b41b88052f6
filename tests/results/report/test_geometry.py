"""Outlines and cells on paper are what geometry says they are."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.report.geometry import Point, Ring, border, cells, hull, outline, spread

SQUARE = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]
PLACES = st.lists(st.tuples(st.integers(-30, 30), st.integers(-30, 30)), min_size=3, max_size=12, unique=True)


def area(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], *ring[:1]], strict=True))) / 2


def test_a_hull_leaves_out_what_lies_within() -> None:
    assert sorted(hull([*SQUARE, (2.0, 2.0), (2.0, 0.0), (0.0, 0.0)])) == sorted(SQUARE)
    assert hull([(1.0, 1.0)]) == [(1.0, 1.0)]


def test_two_seats_share_a_square_in_the_middle() -> None:
    left, right = cells([(1.0, 2.0), (3.0, 2.0)], SQUARE)
    assert {x for x, _ in left} == {0.0, 2.0} and {x for x, _ in right} == {2.0, 4.0}


@given(PLACES)
def test_cells_fill_the_outline_without_overlap(places: list[tuple[int, int]]) -> None:
    seats: list[Point] = [(float(x), float(y)) for x, y in places]
    around = outline(seats, 3.0)
    assert sum(area(cell) for cell in cells(seats, around)) == pytest.approx(area(around), rel=1e-6)


def test_the_outline_keeps_its_margin() -> None:
    ring = outline([(0.0, 0.0), (10.0, 0.0), (0.0, 10.0)], 2.0)
    assert min(x for x, _ in ring) == pytest.approx(-2) and max(y for _, y in ring) == pytest.approx(12)


def test_a_way_leaves_the_ring_on_its_side() -> None:
    assert border(SQUARE, (2.0, 2.0), (100.0, 2.0)) == pytest.approx((4.0, 2.0))
    assert border(SQUARE, (2.0, 2.0), (2.0, -100.0)) == pytest.approx((2.0, 0.0))


def test_points_around_a_place_keep_their_distance_from_it() -> None:
    for count in (1, 2, 7):
        assert [math.hypot(x - 1, y - 1) for x, y in spread((1.0, 1.0), count, 3.0)] == pytest.approx([3.0] * count)

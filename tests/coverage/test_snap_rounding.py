"""Noding in whole numbers: lines that meet in their ends only, as near as the grain allows to what they were."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.coverage import PRECISION_M, noded, noded_faces

POINT = st.tuples(st.integers(0, 14), st.integers(0, 14))
"""A crowded place of some grains, where everything is snapped to everything."""
FAR = st.tuples(st.integers(0, 4_000_000), st.integers(0, 4_000_000))
LINES = st.lists(st.lists(st.one_of(POINT, FAR), min_size=2, max_size=5), min_size=1, max_size=14)
BOXES = st.lists(st.tuples(POINT, POINT).filter(lambda p: p[0][0] != p[1][0] and p[0][1] != p[1][1]), max_size=8)

Pair = tuple[int, int]
Segment = tuple[Pair, Pair]


def lines_of(rows: list[list[Pair]]) -> np.ndarray:
    return np.array([shapely.LineString(np.array(row) * PRECISION_M) for row in rows], dtype=object)


def segments_of(lines: np.ndarray) -> list[Segment]:
    """Straight pieces in grains, lower end first."""
    found: list[Segment] = []
    for line in lines:
        points = shapely.get_coordinates(line) / PRECISION_M
        assert (points == np.round(points)).all(), "off the grain"
        ends = [(int(x), int(y)) for x, y in points]
        found += [(min(a, b), max(a, b)) for a, b in pairwise(ends)]
    return found


def turn(a: Pair, b: Pair, c: Pair) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def is_inside(point: Pair, segment: Segment) -> bool:
    """Whether a point lies on a segment and is none of its ends."""
    a, b = segment
    return point not in segment and turn(a, b, point) == 0 and min(a, b) < point < max(a, b)


def cross(one: Segment, other: Segment) -> bool:
    first, second = turn(*one, other[0]) * turn(*one, other[1]), turn(*other, one[0]) * turn(*other, one[1])
    return first < 0 and second < 0


def assert_noded(lines: np.ndarray) -> None:
    segments = segments_of(lines)
    assert len(set(segments)) == len(segments), "a piece twice"
    assert all(a != b for a, b in segments)
    for one, other in combinations(segments, 2):
        assert not cross(one, other)
        assert not any(is_inside(end, one) for end in other)
        assert not any(is_inside(end, other) for end in one)


@given(LINES)
@settings(max_examples=300, deadline=None)
def test_pieces_meet_in_their_ends_only(rows: list[list[Pair]]) -> None:
    out = noded(lines_of(rows))
    assert_noded(out)
    ends = {point for segment in segments_of(out) for point in segment}
    assert all(a in ends and b in ends for a, b in segments_of(lines_of(rows)) if a != b)


@given(LINES)
@settings(max_examples=100, deadline=None)
def test_nothing_moves_far_and_nothing_is_lost(rows: list[list[Pair]]) -> None:
    given_lines = lines_of(rows)
    out = noded(given_lines)
    before, after = shapely.union_all(given_lines), shapely.multilinestrings(out)
    if len(out):
        assert shapely.hausdorff_distance(before, after, densify=0.05) <= 1.5 * PRECISION_M


@given(LINES)
@settings(max_examples=100, deadline=None)
def test_what_is_noded_stays_as_it_is(rows: list[list[Pair]]) -> None:
    once = noded(lines_of(rows))
    assert set(segments_of(noded(once))) == set(segments_of(once))


@given(BOXES)
@settings(max_examples=100, deadline=None)
def test_faces_are_those_of_geos_where_nothing_has_to_be_rounded(boxes: list[tuple[Pair, Pair]]) -> None:
    outlines = np.array([shapely.box(*a, *b).exterior for a, b in boxes], dtype=object)
    scaled = np.array([shapely.transform(ring, lambda c: c * 1000 * PRECISION_M) for ring in outlines], dtype=object)
    ours = noded_faces(scaled)
    theirs = shapely.get_parts(shapely.polygonize([shapely.union_all(scaled)]))
    assert sorted(shapely.area(ours)) == pytest.approx(sorted(shapely.area(theirs)))


def test_a_corner_within_its_square_cuts_and_one_beyond_does_not() -> None:
    flat = [(0, 0), (1000, 0)]
    assert len(segments_of(noded(lines_of([[(0, 0), (1000, 1)], [(400, 0), (400, 90)]])))) == 3
    assert len(segments_of(noded(lines_of([flat, [(500, 1), (500, 90)]])))) == 2
    assert len(segments_of(noded(lines_of([flat, [(500, 0), (500, 90)]])))) == 3


def test_lines_on_each_other_become_one() -> None:
    out = segments_of(noded(lines_of([[(0, 0), (100, 0)], [(40, 0), (160, 0)], [(160, 0), (40, 0)]])))
    assert sorted(out) == [((0, 0), (40, 0)), ((40, 0), (100, 0)), ((100, 0), (160, 0))]


def test_a_line_goes_on_where_no_other_meets_it() -> None:
    out = noded(lines_of([[(0, 0), (50, 10), (100, 0), (150, 10)], [(100, 0), (100, 90)]]))
    assert sorted(shapely.get_num_coordinates(out)) == [2, 2, 3]


def test_points_and_nothing_make_no_line() -> None:
    assert len(noded(lines_of([[(5, 5), (5, 5)]]))) == 0
    assert len(noded(np.empty(0, dtype=object))) == 0
    assert len(noded_faces(np.empty(0, dtype=object))) == 0


def test_a_crowd_beside_a_long_way_is_noded() -> None:
    """Buckets fit the middle length; a way across all of them must be found in each."""
    comb = [[(k * 40, -30), (k * 40, 30)] for k in range(2_000)]
    out = noded(lines_of([[(-10, 0), (80_010, 0)], *comb]))
    assert len(segments_of(out)) == 2_001 + 4_000

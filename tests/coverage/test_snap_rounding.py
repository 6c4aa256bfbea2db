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


@given(LINES)
@settings(max_examples=150, deadline=None)
def test_faces_are_as_near_to_those_of_geos_as_two_roundings_are(rows: list[list[Pair]]) -> None:
    """GEOS rounds the crossings of all lines on the same grid; it may choose another of two squares, never one farther off."""
    given_lines = lines_of(rows)
    ours = shapely.union_all(noded(given_lines))
    theirs = shapely.union_all(given_lines, grid_size=PRECISION_M)
    if ours.is_empty or theirs.is_empty:
        assert ours.is_empty == theirs.is_empty
        return
    assert shapely.hausdorff_distance(ours, theirs, densify=0.05) <= 3 * PRECISION_M
    one, other = (shapely.unary_union(shapely.get_parts(shapely.polygonize([lines]))) for lines in (ours, theirs))
    assert shapely.buffer(shapely.symmetric_difference(one, other), -3 * PRECISION_M).is_empty


@given(st.lists(st.lists(POINT, min_size=2, max_size=4), min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_where_crossings_need_no_rounding_pieces_are_those_of_geos(rows: list[list[Pair]]) -> None:
    """Lines along the axes and diagonals on even steps cross on the grid."""
    even = [[(2 * x, 2 * y) for x, y in row] for row in rows]
    steps = [(a, (b[0], a[1])) for row in even for a, b in pairwise(row)] + [
        ((b[0], a[1]), b) for row in even for a, b in pairwise(row)
    ]
    lines = lines_of([list(step) for step in steps])
    theirs = shapely.get_parts(shapely.union_all(lines, grid_size=PRECISION_M))
    pieces = theirs[shapely.length(theirs) > 0]
    assert set(segments_of(noded(lines))) == set(segments_of(pieces))

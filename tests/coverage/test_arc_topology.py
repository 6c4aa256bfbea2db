"""Arcs of a coverage: each border once, with its two sides, and every group of polygons made of whole arcs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.coverage import SharedArcs, is_exact, shared_arcs


def coverage_at_random(seed: int, number: int = 30) -> npt.NDArray[np.object_]:
    """Cells round random points, some of them united: single parts, holes and parts that touch in a point may come."""
    random = np.random.default_rng(seed)
    points = shapely.multipoints(random.uniform(0, 100, (number, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=shapely.box(0, 0, 100, 100)))
    group = random.integers(0, max(2, number // 3), number)
    return np.array([shapely.coverage_union_all(cells[group == k]) for k in np.unique(group)], dtype=object)


def lines_of(arcs: SharedArcs) -> npt.NDArray[np.object_]:
    """Each arc as a line."""
    return np.asarray(shapely.linestrings(arcs.points, indices=arcs.arc), dtype=object)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), number=st.integers(2, 60))
def test_polygons_come_back_from_the_arcs_beside_them(seed: int, number: int) -> None:
    polygons = coverage_at_random(seed, number)
    arcs = shared_arcs(polygons)
    lines = lines_of(arcs)
    for row, polygon in enumerate(polygons):
        own = lines[(arcs.left == row) | (arcs.right == row)]
        assert shapely.equals(shapely.boundary(polygon), shapely.union_all(own))
        assert np.isclose(shapely.length(own).sum(), shapely.length(polygon))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), number=st.integers(2, 60))
def test_each_border_stands_once_with_its_left_side_on_the_left(seed: int, number: int) -> None:
    polygons = coverage_at_random(seed, number)
    arcs = shared_arcs(polygons)
    everything = shapely.union_all(shapely.boundary(polygons))
    assert np.isclose(shapely.length(lines_of(arcs)).sum(), shapely.length(everything))
    a, b = arcs.points[arcs.start[:-1]], arcs.points[arcs.start[:-1] + 1]
    ahead = (b - a) / np.hypot(*(b - a).T)[:, None] * 1e-6
    middle, side = (a + b) / 2, np.column_stack([-ahead[:, 1], ahead[:, 0]])
    assert shapely.contains_xy(polygons[arcs.left], *(middle + side).T).all()
    within = arcs.right >= 0
    assert shapely.contains_xy(polygons[arcs.right[within]], *(middle - side)[within].T).all()


def test_nodes_are_where_borders_meet_or_the_other_side_changes() -> None:
    polygons = np.array([shapely.box(0, 0, 2, 1), shapely.box(2, 0, 3, 1)])
    arcs = shared_arcs(polygons)
    assert sorted(zip(arcs.left.tolist(), arcs.right.tolist(), strict=True)) == [(0, -1), (0, 1), (1, -1)]
    ends = np.concatenate([arcs.points[arcs.start[:-1]], arcs.points[arcs.start[1:] - 1]])
    assert set(map(tuple, ends.tolist())) == {(2.0, 0.0), (2.0, 1.0)}


def test_a_ring_without_neighbours_and_a_hole_that_is_filled_are_one_arc_each() -> None:
    inner = shapely.box(2, 2, 3, 3)
    arcs = shared_arcs(np.array([shapely.box(0, 0, 9, 9) - inner, inner]))
    assert sorted(zip(arcs.left.tolist(), arcs.right.tolist(), strict=True)) == [(0, -1), (0, 1)]
    assert np.diff(arcs.start).tolist() == [5, 5]


def test_polygons_that_overlap_keep_all_their_borders() -> None:
    polygons = np.array(
        [shapely.box(0, 0, 2, 2), shapely.box(0, 0, 2, 1), shapely.box(2, 0, 3, 2), shapely.box(0, 0, 2, 2)]
    )
    arcs = shared_arcs(polygons)
    lines = lines_of(arcs)
    for row, polygon in enumerate(polygons):
        own = lines[(arcs.left == row) | (arcs.right == row)]
        assert shapely.equals(shapely.boundary(polygon), shapely.union_all(own))


def test_nothing_has_no_arcs() -> None:
    assert len(shared_arcs(np.array([], dtype=object)).left) == 0
    assert len(shared_arcs(np.array([None, shapely.Polygon()], dtype=object)).left) == 0


FAULTS = ("none", "gap", "moved", "doubled", "inside", "askew", "vertex", "hole")


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), number=st.integers(3, 40), fault=st.sampled_from(FAULTS))
def test_coverages_are_told_from_what_is_none_as_geos_tells_them(seed: int, number: int, fault: str) -> None:
    polygons = coverage_at_random(seed, number)
    one = polygons[seed % len(polygons)]
    if fault == "gap":
        polygons = polygons[np.arange(len(polygons)) != seed % len(polygons)]
    elif fault == "moved":
        polygons[seed % len(polygons)] = shapely.affinity.translate(one, 0.25)
    elif fault == "doubled":
        polygons = np.append(polygons, [one])
    elif fault == "inside":
        polygons = np.append(polygons, [shapely.Point(shapely.point_on_surface(one).coords[0]).buffer(1e-3)])
    elif fault == "askew":
        polygons[seed % len(polygons)] = shapely.buffer(one, 0.01, join_style="mitre")
    elif fault == "vertex":
        polygons[seed % len(polygons)] = shapely.segmentize(one, 7.0)
    elif fault == "hole":
        polygons[seed % len(polygons)] = one - shapely.point_on_surface(one).buffer(1e-3)
    assert is_exact(polygons) == bool(shapely.is_valid(polygons).all() and shapely.coverage_is_valid(polygons))


def test_nothing_and_single_polygons_are_coverages() -> None:
    assert is_exact(np.array([], dtype=object))
    assert is_exact(np.array([shapely.box(0, 0, 1, 1)]))
    assert is_exact(np.array([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)]))

"""Points in a coverage, against shapely's own predicates."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.coverage import Asking, Grouped, nearest_of, rows_at
from tests.coverage.test_arc_topology import coverage_at_random


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), number=st.integers(2, 60), east=st.sampled_from((0.0, 463_000.0)))
def test_points_are_in_the_polygon_that_holds_them(seed: int, number: int, east: float) -> None:
    polygons = shapely.transform(coverage_at_random(seed, number)[1:], lambda xy: xy + east)
    random = np.random.default_rng(seed)
    points = east + random.uniform(-10, 110, (500, 2))
    found = rows_at(polygons, points)
    point, polygon = shapely.STRtree(polygons).query(shapely.points(points), predicate="intersects")
    expected = np.full(len(points), -1)
    expected[point] = polygon
    assert (found.row == expected)[~found.unsure].all()
    assert found.unsure.mean() < 0.01


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), number=st.integers(2, 60))
def test_points_on_borders_and_corners_are_marked(seed: int, number: int) -> None:
    polygons = coverage_at_random(seed, number)
    corners = shapely.get_coordinates(polygons)
    between = (corners[1:] + corners[:-1]) / 2
    on_border = shapely.dwithin(shapely.union_all(shapely.boundary(polygons)), shapely.points(between), 1e-9)
    upright = shapely.get_coordinates(np.array([shapely.box(k, 0, k + 1, 1) for k in range(3)], dtype=object))
    assert rows_at(polygons, np.vstack([corners, between[on_border]])).unsure.all()
    assert rows_at(np.array([shapely.box(k, 0, k + 1, 1) for k in range(3)], dtype=object), upright).unsure.all()


def test_no_points_no_polygons_and_points_nowhere() -> None:
    square = np.array([shapely.box(0, 0, 1, 1)], dtype=object)
    assert rows_at(square, np.empty((0, 2))).row.tolist() == []
    assert rows_at(square[:0], np.array([[0.5, 0.5]])).row.tolist() == [-1]
    nowhere = rows_at(square, np.array([[np.nan, 0.5], [np.inf, 0.5], [0.5, 0.5], [5.0, 0.5], [0.5, -3.0]]))
    assert nowhere.row.tolist() == [-1, -1, 0, -1, -1]
    assert not nowhere.unsure.any()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_nearest_shape_of_a_group_is_found(seed: int) -> None:
    random = np.random.default_rng(seed)
    shapes = np.concatenate(
        [
            coverage_at_random(seed, 12),
            shapely.points(random.uniform(0, 100, (8, 2))),
            shapely.linestrings(random.uniform(0, 100, (5, 3, 2))),
            np.array([shapely.Polygon(), None], dtype=object),
        ]
    )
    group, points, wanted = (
        random.integers(0, 4, len(shapes)),
        random.uniform(-20, 120, (60, 2)),
        random.integers(-1, 6, 60),
    )
    found = nearest_of(Grouped(shapes, group), Asking(points, wanted))
    for row, (point, wish) in enumerate(zip(map(shapely.Point, points), wanted, strict=True)):
        far = np.where(group == wish, shapely.distance(shapes, point), np.nan)
        if np.isnan(far).all():
            assert found.row[row] == -1
            assert np.isnan(found.distance_m[row])
        else:
            assert np.isclose(found.distance_m[row], np.nanmin(far), atol=1e-9)
            assert np.isclose(far[found.row[row]], np.nanmin(far), atol=1e-9)

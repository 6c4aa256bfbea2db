"""Numbers in reading order, and the codes that they make."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.errors import CodeError
from gridgeo.model.codes import number, reading_order
from gridgeo.model.scheme import Tier


def squares(columns: int, rows: int, *, dedicated: tuple[int, ...] = ()) -> gpd.GeoDataFrame:
    """Squares of 100 m, row by row from the south-west."""
    shapes = [shapely.box(100 * x, 100 * y, 100 * x + 100, 100 * y + 100) for y in range(rows) for x in range(columns)]
    flags = [k in dedicated for k in range(len(shapes))]
    return gpd.GeoDataFrame({"parent": "410102013190", "dedicated": flags}, geometry=shapes, crs="EPSG:4547")


def test_numbers_run_from_west_to_east_and_from_north_to_south() -> None:
    codes = number(squares(3, 2), Tier("grid", 300, 500, width=3))
    assert list(codes) == [f"410102013190{n:03d}" for n in (4, 5, 6, 1, 2, 3)]


def test_dedicated_zones_take_the_top_tenth() -> None:
    codes = number(squares(3, 2, dedicated=(0, 4)), Tier("grid", 300, 500, width=3))
    assert list(codes.str[-3:]) == ["902", "003", "004", "001", "901", "002"]
    assert number(squares(1, 1, dedicated=(0,)), Tier("micro", 50, 70)).str[-2:].tolist() == ["91"]


def test_each_parent_counts_for_itself() -> None:
    parts = squares(2, 2).assign(parent=["1" * 12, "1" * 12, "2" * 12, "2" * 12])
    assert list(number(parts, Tier("grid", 300, 500, width=3)).str[-3:]) == ["001", "002", "001", "002"]


def test_a_width_that_is_too_narrow_is_an_error() -> None:
    with pytest.raises(CodeError, match=r"91 zones.*number only 90"):
        number(squares(91, 1), Tier("micro", 50, 70))
    assert number(squares(90, 1), Tier("micro", 50, 70)).is_unique


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(columns: int, rows: int, random: object) -> None:
    parts = squares(columns, rows)
    shuffled = parts.sample(frac=1, random_state=random.randrange(1000))  # type: ignore[attr-defined]
    tier = Tier("grid", 300, 500, width=3)
    assert number(parts, tier).equals(number(shuffled, tier).sort_index())


def test_neighbouring_numbers_are_near_each_other() -> None:
    generator = np.random.default_rng(7)
    points = generator.uniform(0, 1000, (60, 2))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=shapely.box(0, 0, 1000, 1000))
    )
    middle = shapely.get_coordinates(shapely.point_on_surface(cells))
    steps = np.hypot(*np.diff(middle[reading_order(cells)], axis=0).T)
    assert np.median(steps) < 2.5 * np.sqrt(1000 * 1000 / 60)


def test_reading_order_of_a_chessboard() -> None:
    shapes = np.array([shapely.box(10 * i, 10 * j, 10 * i + 10, 10 * j + 10) for j in range(3) for i in range(3)])
    assert reading_order(shapes).tolist() == [6, 7, 8, 3, 4, 5, 0, 1, 2]

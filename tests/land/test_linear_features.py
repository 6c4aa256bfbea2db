"""Long land without buildings is cut in pieces."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.land.tessellation.linear_features import LEAST_COMPACT, SHORTEST_M, cut_linear_features


def bent_strip(length_m: float, width_m: float, bend: float, corners: int) -> shapely.Polygon:
    """A strip along an arc, with corners on both sides."""
    t = np.linspace(0, 1, corners)
    line = np.column_stack([length_m * np.cos(bend * t), length_m * np.sin(bend * t) + length_m * t])
    return shapely.LineString(line).buffer(width_m / 2, cap_style="flat", join_style="bevel")


def cut(*lands: shapely.Geometry, long: bool = True) -> tuple[np.ndarray, np.ndarray]:
    return cut_linear_features(np.array(lands, dtype=object), np.full(len(lands), long))


@settings(max_examples=40, deadline=None)
@given(
    length_m=st.floats(300, 5000),
    width_m=st.floats(4, 60),
    bend=st.floats(0, 1.5),
    corners=st.integers(5, 60),
)
def test_pieces_make_up_the_land_and_no_border_gets_a_point(
    length_m: float, width_m: float, bend: float, corners: int
) -> None:
    land = bent_strip(length_m, width_m, bend, corners)
    pieces, of = cut(land)
    assert set(of) == {0}
    assert shapely.is_valid(pieces).all()
    assert shapely.coverage_is_valid(pieces)
    assert shapely.area(pieces).sum() == pytest.approx(land.area)
    corner = {tuple(point) for point in shapely.get_coordinates(land)}
    assert {tuple(point) for point in shapely.get_coordinates(pieces)} <= corner


def test_a_long_strip_is_cut_where_it_has_corners_until_its_pieces_are_compact() -> None:
    pieces, _ = cut(bent_strip(3000, 40, 0.3, 60))
    assert len(pieces) > 4
    for piece in pieces:
        assert piece.length < SHORTEST_M or 4 * np.pi * piece.area / piece.length**2 >= LEAST_COMPACT


@pytest.mark.parametrize(
    ("land", "why"),
    [
        (shapely.box(0, 0, 2000, 2000), "compact"),
        (shapely.box(0, 0, 250, 10), "short"),
        (shapely.box(0, 0, 3000, 10), "no corners between its ends"),
    ],
)
def test_what_stays_whole(land: shapely.Polygon, why: str) -> None:
    pieces, _ = cut(land)
    assert len(pieces) == 1, why


def test_only_what_may_be_cut_is_cut_and_islands_stay_where_they_are() -> None:
    strip = bent_strip(3000, 40, 0.3, 60)
    assert len(cut(strip, long=False)[0]) == 1
    island = shapely.Point(shapely.get_coordinates(strip.point_on_surface())[0]).buffer(2)
    holed = strip.difference(island)
    pieces, _ = cut(strip, holed)
    own = pieces[len(cut(strip)[0]) :]
    assert len(own) > 4
    assert shapely.coverage_is_valid(own)
    assert shapely.area(own).sum() == pytest.approx(holed.area)
    assert shapely.get_num_interior_rings(own).sum() == 1

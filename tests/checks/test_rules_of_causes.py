"""Many faults that come of one thing have a headline, with how far off or how coarse the drawing is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gridgeo.checks import check
from gridgeo.model import Zones
from tests.checks.made_zones import CRS, EAST, M1, NORTH, SITE, ZONES, at, hole_in, rectangle, site_of


def wavy() -> Zones:
    """The zones with borders that swing by 3 m, every point of them shared."""

    def bent(points: np.ndarray) -> np.ndarray:
        x, y = points[:, 0] - EAST, points[:, 1] - NORTH
        return points + 3 * np.column_stack([np.sin(y / 7) + np.sin(x / 5), np.sin(x / 7) + np.cos(y / 6)])

    shapes = shapely.transform(shapely.segmentize(ZONES.table.geometry.to_numpy(), 1.0), bent)
    return replace(ZONES, table=ZONES.table.set_geometry(gpd.GeoSeries(shapes, crs=CRS)), buildings=None)


WAVY = wavy()
PLACE = site_of({}, {}, land=shapely.union_all(WAVY.tier("grid").geometry.to_numpy()))


def drawn(change: Callable[[gpd.GeoSeries], gpd.GeoSeries]) -> Zones:
    return replace(WAVY, table=WAVY.table.set_geometry(change(WAVY.table.geometry)))


def rounded(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    degrees = shapes.to_crs(4490)
    return gpd.GeoSeries(shapely.transform(degrees.to_numpy(), lambda points: np.round(points, 6)), crs=4490).to_crs(
        CRS
    )


def jagged(shape: shapely.Geometry, k: int) -> shapely.Geometry:
    """Corners moved by chance, in another way for each zone."""

    def moved(points: np.ndarray) -> np.ndarray:
        return points + 0.5 * np.sin(997.1 * points + k)

    return shapely.transform(shape, moved)


@pytest.mark.parametrize(("east", "north"), [(0.4, -0.3), (12.0, 5.0), (-60.0, 25.0)])
def test_a_shift_is_told_with_its_vector(east: float, north: float) -> None:
    report = check(drawn(lambda shapes: shapes.translate(east, north)), PLACE, lang="en")
    cause = report.findings[report.findings["rule"] == "one_cause"]
    assert cause["value"].tolist() == [pytest.approx(np.hypot(east, north), abs=0.05)]
    assert cause["measure"].tolist() == ["offset_m"]
    assert f"east {east:.3g}" in cause["message"].item()


def test_rounded_degrees_are_told_with_their_decimals() -> None:
    report = check(drawn(rounded), PLACE, lang="en")
    cause = report.findings[report.findings["rule"] == "one_cause"]
    assert "6 decimals" in cause["message"].item()
    assert 0.01 < cause["value"].item() < 0.3


@pytest.mark.parametrize("tolerance", [0.5, 1.5])
def test_simplified_borders_are_told_with_their_tolerance(tolerance: float) -> None:
    report = check(drawn(lambda shapes: shapes.simplify(tolerance)), PLACE, lang="en")
    cause = report.findings[report.findings["rule"] == "one_cause"]
    assert cause["measure"].tolist() == ["tolerance_m"]
    assert "simplified" in cause["message"].item()
    assert 0.4 * tolerance < cause["value"].item() < 2 * tolerance


def test_what_is_sound_or_truly_damaged_has_no_one_cause() -> None:
    damaged = hole_in(at(M1), rectangle(40, 210, 48, 215))
    moved = [jagged(shape, k) for k, shape in enumerate(WAVY.table.geometry)]
    for zones, site in (
        (WAVY, PLACE),
        (damaged, SITE),
        (drawn(lambda _: gpd.GeoSeries(moved, crs=CRS)), PLACE),
        (replace(WAVY, table=WAVY.table.drop(index=[3, 7])), PLACE),
    ):
        assert "one_cause" not in set(check(zones, site).findings["rule"])

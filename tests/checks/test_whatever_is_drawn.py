"""What must hold whatever is drawn."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from shapely.affinity import scale, translate

from gridgeo.checks import check
from tests.checks.made_zones import EAST, NORTH, PLAN, SITE, ZONES, changed, rules, shape, with_cells

FEW = settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate], database=None, derandomize=True)


MICRO = [int(row) for row in ZONES.table.index[ZONES.table["tier"] == "micro"]]


@FEW
@given(st.sampled_from(MICRO), st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 30), st.floats(0, 180))
def test_a_hole_is_found_with_its_area(row: int, x: float, y: float, size: float, angle: float) -> None:
    zone = shape(row)
    west, south, east, north = zone.bounds
    square = shapely.affinity.rotate(box(0, 0, size, size), angle)
    hole = translate(square, west + x * (east - west), south + y * (north - south)).intersection(zone)
    left = zone.difference(hole)
    report = check(
        replace(changed(row, geometry=left), buildings=None), replace(SITE, layers={"communities": SITE.communities})
    )
    found = report.findings[report.findings["rule"] == "gap"]
    assert set(rules(report)) <= {"gap", "multipart"}
    if hole.buffer(-0.006).area > 0:
        assert found["value"].sum() == pytest.approx(hole.area, rel=1e-3, abs=1e-3)
        assert shapely.union_all(found.geometry).symmetric_difference(hole).area < 1e-3 * hole.area + 1e-3


@FEW
@given(st.sampled_from(MICRO), st.sampled_from([(1, 0), (-1, 0), (0, 1), (0, -1)]), st.floats(0.02, 40))
def test_a_zone_that_grows_overlaps_or_goes_outside(row: int, way: tuple[int, int], by: float) -> None:
    zone = shape(row)
    grown = zone.union(translate(zone, way[0] * by, way[1] * by))
    zones = replace(changed(row, geometry=grown), buildings=None)
    report = check(zones, replace(SITE, layers={"communities": SITE.communities}))
    assert len(report.findings) == 1
    inside = shapely.union_all(SITE.communities.geometry).covers(grown)
    assert rules(report) == ["overlap" if inside else "outside"]
    assert report.findings["value"].item() == pytest.approx(100 * by, rel=1e-3, abs=1e-3)


@FEW
@given(st.sampled_from(MICRO), st.integers(0, 3), st.floats(-20, 20), st.floats(-20, 20))
def test_a_shifted_vertex_is_told_to_the_square_metre(row: int, corner: int, dx: float, dy: float) -> None:
    zone = shape(row)
    points = list(zone.exterior.coords)[:-1]
    points[corner] = (points[corner][0] + dx, points[corner][1] + dy)
    moved = Polygon(points)
    zones = replace(changed(row, geometry=moved), buildings=None)
    report = check(zones, replace(SITE, layers={"communities": SITE.communities}))
    assert set(rules(report)) <= {"gap", "overlap", "outside"}
    told = report.findings.groupby("rule")["value"].sum().reindex(["gap", "overlap", "outside"], fill_value=0)
    lost, gained = zone.difference(moved).area, moved.difference(zone).area
    slack = 0.02 * zone.length
    assert told["gap"] == pytest.approx(lost, abs=slack)
    assert told["overlap"] + told["outside"] == pytest.approx(gained, abs=slack)


@FEW
@given(st.sampled_from(MICRO), st.integers(-10, 30).filter(lambda n: n != 0))
def test_a_wrong_figure_is_found_with_its_difference(row: int, by: int) -> None:
    report = check(changed(row, households=10 + by), SITE)
    assert rules(report) == ["households_unassigned" if by < 0 else "households_twice"]
    assert report.findings["value"].item() == abs(by)


@FEW
@given(st.data())
def test_cells_dealt_out_at_random_leave_no_land_out(data: st.DataObject) -> None:
    codes = sorted(set(PLAN.cells["code"]))
    code = {cell: data.draw(st.sampled_from(codes)) for cell in PLAN.cells.index[:10]}
    report = check(with_cells(code=code))
    assert set(rules(report)) <= {"multipart", "enclave", "size"}


@FEW
@given(st.floats(0.5, 2), st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_moving_the_whole_place_changes_nothing(factor: float, dx: float, dy: float) -> None:
    def moved(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        shapes = [translate(scale(s, factor, factor, origin=(EAST, NORTH)), dx, dy) for s in table.geometry]
        return table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))

    site = replace(SITE, layers={role: moved(SITE.layers[role]) for role in ("communities", "buildings")})
    assert rules(check(replace(ZONES, table=moved(ZONES.table)), site)) == []

"""Rings that are invalid, in several parts, or inside another zone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import Point, Polygon

from gridgeo.checks import check
from gridgeo.model import Zones
from tests.checks.made_zones import (
    CRS,
    EAST,
    LAX,
    LEFT,
    M1,
    NORTH,
    R1,
    RIGHT,
    SITE,
    ZONES,
    at,
    changed,
    rectangle,
    rules,
    shape,
)


def test_a_zone_without_shape_is_named_and_its_land_is_a_gap() -> None:
    with np.errstate(invalid="ignore"):
        unmeasured = Polygon([(EAST, NORTH), (EAST + 1, np.nan), (EAST, NORTH + 1)])
    for empty in (None, Polygon(), Point(EAST, NORTH), unmeasured):
        report = check(changed(at(M1), geometry=empty), SITE)
        assert rules(report) == ["building_uncovered", "building_uncovered", "gap", "invalid_ring"]


def test_a_bundle_of_shapes_is_no_polygon() -> None:
    bundle = shapely.GeometryCollection([shape(at(M1)), shapely.LineString([(EAST, NORTH), (EAST + 9, NORTH)])])
    assert rules(check(changed(at(M1), geometry=bundle), SITE)) == ["invalid_ring"]


def test_height_is_ignored() -> None:
    raised = replace(ZONES, table=ZONES.table.set_geometry(shapely.force_3d(ZONES.table.geometry, 5.0)))
    assert rules(check(raised, SITE)) == []


def test_an_enclave_of_two_tiers_is_reported_once() -> None:
    """A grid of one micro-grid in the middle of a grid of one micro-grid."""
    inner = rectangle(100, 100, 150, 170)
    shapes = [rectangle(0, 0, 400, 300).difference(inner), inner] * 2
    codes = [LEFT, RIGHT, M1, R1]
    table = ZONES.table.iloc[[at(LEFT, "grid"), at(RIGHT, "grid"), at(M1), at(R1)]].reset_index(drop=True)
    table = table.assign(code=codes, households=pd.array([pd.NA] * 4, "Int64"), geometry=shapes)
    report = check(Zones(table.set_crs(CRS), None, LAX), SITE)
    assert rules(report) == ["enclave"]
    assert report.findings["code"].item() == R1


def test_a_ring_fault_hides_no_other_fault() -> None:
    """A crossed border of 3 cm at the edge of a zone with a large hole elsewhere."""
    west, south, east, north = shape(at(M1)).bounds
    spike = [(east, north - 40), (east + 0.03, north - 40.02), (east + 0.03, north - 39.98), (east, north - 40.01)]
    outline = [(west, south), (east, south), *spike, (east, north), (west, north)]
    crossed = Polygon(outline, [rectangle(20, 240, 60, 282).exterior.coords])
    assert not crossed.is_valid
    report = check(replace(changed(at(M1), geometry=crossed), buildings=None), SITE)
    assert "invalid_ring" in rules(report)
    found = report.findings.set_index("rule")["value"]
    assert found["gap"] == pytest.approx(40 * 42 - 300, abs=0.5)
    assert found["building_uncovered"] == pytest.approx(300, abs=0.5)

"""What is exact in degrees stays exact in the plane."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import box

import gridgeo as gg
from gridgeo.coverage import brought_to
from gridgeo.files.atomic import write_layers

CODE = "110108001001"


@pytest.mark.parametrize("latitude", [1.0, 25.0, 40.0, 55.0, 70.0])
@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:3857"])
def test_a_parallel_and_parts_of_it_stay_together(latitude: float, crs: str) -> None:
    west, east = 116.3, 116.36
    cuts = np.array([west, west + 0.0017, west + 0.0263, west + 0.0391, east])
    whole = shapely.LineString([(west, latitude), (east, latitude)])
    parts = [shapely.LineString([(a, latitude), (b, latitude)]) for a, b in pairwise(cuts.tolist())]
    table = gpd.GeoDataFrame(geometry=[whole, *parts], crs="EPSG:4490").to_crs(crs)
    moved = brought_to(table, "EPSG:4527").geometry.to_numpy()
    united = shapely.union_all(moved[1:])
    assert shapely.hausdorff_distance(moved[0], united, densify=0.01) < 1.5e-3
    assert shapely.get_num_coordinates(moved).max() > 2


def test_short_edges_and_points_are_only_moved() -> None:
    shapes = [box(116, 40, 116.001, 40.001), shapely.Point(116, 40), None, shapely.Polygon()]
    table = gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4490")
    assert brought_to(table, "EPSG:4527").equals(table.to_crs("EPSG:4527"))
    plane = table.to_crs("EPSG:4527")
    assert brought_to(plane, "EPSG:4547").equals(plane.to_crs("EPSG:4547"))


@pytest.mark.parametrize("km", [0.4, 1.2, 2.5, 9.0])
def test_an_exact_drawing_in_degrees_is_found_exact(tmp_path: object, km: float) -> None:
    """Two grids that meet at a vertex on a straight border of the community."""
    wide, west, south, high = km / 85.4, 116.30, 40.0, 0.004
    middle, land = west + wide / 2, box(west, south, west + wide, south + high)
    homes = [(west + 0.0004, west + 0.0006), (west + wide - 0.0006, west + wide - 0.0004)]
    layers = {
        "communities": gpd.GeoDataFrame({"code": [CODE], "name": ["x"]}, geometry=[land], crs=4490),
        "buildings": gpd.GeoDataFrame(
            {"id": ["1", "2"], "households": [400, 400]},
            geometry=[box(x0, south + 0.001, x1, south + 0.0012) for x0, x1 in homes],
            crs=4490,
        ),
    }
    site = gg.read_site(write_layers(f"{tmp_path}/site.gpkg", layers))
    halves = [box(west, south, middle, south + high), box(middle, south, west + wide, south + high)]
    drawn = gpd.GeoDataFrame({"code": [CODE + "001", CODE + "002"]}, geometry=halves, crs=4490)
    zones = gg.read_zones(write_layers(f"{tmp_path}/drawn.gpkg", {"grid": drawn}))
    report = gg.check(replace(zones, scheme=gg.Scheme((gg.Tier("grid", 300, 500, 400, 3),))), site)
    assert report.findings.empty, report.findings["message"].tolist()
    assert pd.isna(zones.table["households"]).all()

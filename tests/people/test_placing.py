"""Where points, buildings and addresses are, against geopandas' own spatial join."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import gridgeo as gg
from gridgeo.errors import CrsError
from gridgeo.model import Plan
from tests.conftest import EAST, NORTH
from tests.made import SCHEME, Town, build


@pytest.fixture(scope="module")
def town() -> Plan:
    return gg.divide(
        build(Town(5, 4, 3, per_block=8, school=True, towers=True)), SCHEME, split_large=True, effort="fast"
    )


def points_at(plan: Plan, xy: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"n": np.arange(len(xy))}, geometry=gpd.points_from_xy(*xy.T), crs=plan.cells.crs)


def test_points_are_where_a_spatial_join_finds_them(town: Plan) -> None:
    west, south, east, north = town.cells.total_bounds
    xy = np.random.default_rng(2).uniform((west - 20, south - 20), (east + 20, north + 20), (10_000, 2))
    points = points_at(town, xy)
    found = gg.locate(town, points)
    joined = gpd.sjoin(points, town.zones("micro"), predicate="within", how="left")["code"].astype("string")
    joined = joined[~joined.index.duplicated()]
    pd.testing.assert_series_equal(found["micro"], joined, check_names=False)
    assert (found["grid"].dropna() == found["micro"].dropna().str[:15]).all()
    assert found.loc[found["where"] == "outside", ["cell", "building", "micro"]].isna().all(axis=None)
    rows = found["building"].notna().to_numpy()
    footprints = town.site.buildings.geometry.reindex(found["building"][rows])
    assert (
        found["distance_m"][rows] >= footprints.distance(points.geometry[rows], align=False).to_numpy() - 6e-4
    ).all()


def test_a_point_on_a_border_belongs_to_the_smaller_code(plan: Plan) -> None:
    found = gg.locate(
        plan, points_at(plan, np.array([[EAST + 100, NORTH + 50], [EAST + 200, NORTH + 100], [EAST, NORTH]]))
    )
    assert found["where"].tolist() == ["inside", "border", "inside"] or found["where"].tolist() == ["border"] * 2 + [
        "inside"
    ]
    touching = plan.cells[plan.cells.touches(shapely.Point(EAST + 200, NORTH + 100))]
    assert found["micro"].iloc[1] == touching["code"].min()


def test_degrees_lines_and_places_without_coordinates(plan: Plan) -> None:
    middle = plan.cells.geometry.representative_point()
    there = gg.locate(plan, middle.to_crs("EPSG:4326"))
    assert there["cell"].tolist() == plan.cells.index.tolist()
    assert gg.locate(plan, plan.cells.geometry)["cell"].tolist() == plan.cells.index.tolist()
    none = gg.locate(plan, gpd.GeoSeries([None, shapely.Point(), shapely.Point(1e6, 1e6)], crs=plan.cells.crs))
    assert none["where"].tolist() == ["unknown", "unknown", "outside"]
    with pytest.raises(CrsError, match="reference system"):
        gg.locate(plan, gpd.GeoSeries([shapely.Point(0, 0)]))


def test_buildings_are_found_by_id_unit_and_name(town: Plan) -> None:
    parts = town.members[town.members["unit"].notna()]
    building, unit = parts["building"].iloc[0], parts["unit"].iloc[0]
    found = gg.locate(town, pd.Series([building, f"{building}/{unit}", "", "no such house"], index=list("abcd")))
    assert found.index.tolist() == list("abcd")
    assert found["match"].tolist() == ["id", "id", "unknown", "unknown"]
    assert found["where"].tolist() == ["inside", "inside", "unknown", "unknown"]
    assert found.loc["b", "cell"] == parts["cell"].iloc[0]
    cells = parts.loc[parts["building"] == building, "cell"]
    codes = town.cells["code"][cells]
    assert found["micro"].isna()["a"] == (len(set(codes)) > 1)
    assert found["cell"].isna()["a"] == (len(set(cells)) > 1)


def test_names_may_be_written_a_little_differently(plan: Plan) -> None:
    first = plan.site.buildings["name"].iloc[0]
    found = gg.locate(plan, [str(first), f" {str(first).upper()} ", f"{first}x"])
    assert found["match"].tolist() == ["name", "name", "similar"]
    assert len(set(found["building"])) == 1
    assert found["alike"].iloc[2] < 1

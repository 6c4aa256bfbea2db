"""Land of real places, judged by sums and samples of its own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.land import lost, made_town, share_nearest
from gridgeo.contiguity.rook import HARD, adjacency
from gridgeo.files.reading import read_site
from gridgeo.land import blocks, cells
from gridgeo.land.voronoi.footprint_faces import disjoint_faces
from gridgeo.model.site import Site
from tests.land.test_cells import assert_counted, assert_exact, assert_same, shapes_of, shuffled

DATA = Path(__file__).parents[3] / "shared/data"
PLACES = ("bubenec_prague", "nanjing_xinjiekou", "helsinki_centre", "olemps_fr")
LIMIT = 70


@cache
def place(name: str) -> tuple[Site, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """A place with its blocks and cells."""
    path = DATA / name / f"{name}.gpkg"
    if name != "made" and not path.exists():
        pytest.skip(f"the real place {name} is not beside the project")
    site = made_town(500) if name == "made" else read_site(path)
    enclosed = blocks(site)
    return site, enclosed, cells(site, enclosed).cells


@pytest.mark.parametrize("name", [*PLACES, "made"])
def test_land_is_covered_exactly(name: str) -> None:
    site, enclosed, table = place(name)
    assert_exact(site, enclosed)
    assert_exact(site, table)
    assert_counted(site, table)
    land = shapely.coverage_union_all(shapes_of(enclosed))
    assert shapely.buffer(
        shapely.symmetric_difference(shapely.coverage_union_all(shapes_of(table)), land), -0.001
    ).is_empty


@pytest.mark.parametrize("name", [*PLACES, "made"])
def test_each_building_is_held_by_one_cell_with_most_of_it(name: str) -> None:
    site, _, table = place(name)
    assert lost(site, table) == 0
    held = [(member.building, cell) for cell, members in table["members"].items() for member in members]
    buildings, homes = (list(column) for column in zip(*held, strict=True))
    assert len(set(buildings)) == len(buildings)
    footprints = shapely.make_valid(site.buildings.geometry.loc[buildings].to_numpy())
    inside = shapely.intersection(footprints, shapely.union_all(shapes_of(site.communities)))
    share = shapely.area(shapely.intersection(footprints, table.geometry.loc[homes].to_numpy()))
    assert (share > shapely.area(inside) / 2).all()


@pytest.mark.parametrize("name", [*PLACES, "made"])
def test_land_goes_to_the_nearest_building(name: str) -> None:
    straight, _ = share_nearest(*place(name), count=10_000)
    assert straight > 0.999


@pytest.mark.parametrize("name", ["nanjing_xinjiekou", "helsinki_centre"])
def test_towers_are_cut_and_no_household_is_lost(name: str) -> None:
    site, enclosed, _ = place(name)
    floors = site.buildings.assign(units=pd.array((np.arange(len(site.buildings)) % 5).tolist(), dtype="Int64"))
    towers = Site({**site.layers, "buildings": floors}, site.unit_households, site.account)
    table = cells(towers, enclosed, max_households=LIMIT, split_large=True).cells
    assert_exact(site, table)
    assert_counted(towers, table)
    members = [member for members in table["members"] for member in members]
    assert {member.cut for member in members} >= {None, "units", "equal"}
    large = [member for member in members if (member.households or 0) > LIMIT]
    assert all(member.cut == "floors" for member in large)


def test_a_place_comes_out_the_same_whatever_the_order_of_rows() -> None:
    site, enclosed, table = place("helsinki_centre")
    other = blocks(shuffled(site, 3))
    assert_same(enclosed, other)
    assert_same(table, cells(shuffled(site, 4), other).cells)


def test_batches_cannot_change_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    site, enclosed, table = place("olemps_fr")
    monkeypatch.setattr("gridgeo.land.voronoi.batching._BATCH", (50, 50))
    assert_same(table, cells(site, enclosed).cells)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_number_of_processors_cannot_change_the_result(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    site, enclosed, table = place("olemps_fr")
    monkeypatch.setattr("gridgeo.land.voronoi.batching._BATCH", (100, 100))
    monkeypatch.setattr("gridgeo.coverage.workers.processors", lambda: count)
    assert_same(enclosed, blocks(site))
    assert_same(table, cells(site, enclosed).cells)


def test_party_walls_are_noded_only_where_they_must_be() -> None:
    walls = np.arange(0.0, 70, 10)
    row = np.asarray(shapely.box(walls, np.zeros(7), walls + 10, np.full(7, 10.0)))
    row[4] = shapely.Polygon([(40, 0), (50, 0), (50, 10), (40, 10), (40, 4)])
    row[5] = shapely.box(49, 0, 60, 10)
    faces = disjoint_faces(row, np.arange(7))
    assert shapely.coverage_is_valid(faces.polygons)
    assert shapely.area(faces.polygons).sum() == pytest.approx(70 * 10)
    assert all(faces.polygons[k] is row[k] for k in (0, 1))
    assert shapely.area(faces.polygons[faces.owner == 4]).sum() == pytest.approx(100)
    assert len(shapely.get_coordinates(faces.polygons[3])) == len(shapely.get_coordinates(row[3])) + 1


def test_bridges_of_a_town_of_canals_join_its_land() -> None:
    site, enclosed, table = place("maassluis_nl")
    assert enclosed["deck"].sum() > 50
    assert set(enclosed.loc[enclosed["deck"], "kind"]) == {"land"}
    land = table[~table["kind"].isin(["water", "railway"])]
    edges = adjacency(table, site)
    edges = edges[~edges["across"].isin(HARD) & edges["a"].isin(land.index) & edges["b"].isin(land.index)]
    a, b = land.index.get_indexer(edges["a"]), land.index.get_indexer(edges["b"])
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(len(land), len(land)))
    together = land["households"].groupby(connected_components(graph, directed=False)[1]).sum()
    assert together.max() > 0.99 * table["households"].sum()

"""Land of each block goes to the nearest footprint, whatever the footprints are like; what fails in a block stays there."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import affinity

import gridgeo as gg
from gridgeo.coverage.planar import to_precision_grid
from gridgeo.coverage.precision import PRECISION_M, Floats, Ints, Shapes
from gridgeo.coverage.triangulation import constrained_triangles
from gridgeo.errors import LandError
from gridgeo.files.reading import read_site
from gridgeo.land import blocks, cells, divide_land
from gridgeo.land.enclosures import PlacedFootprints, place_footprints
from gridgeo.land.inputs import Generators
from gridgeo.land.towers.footprint_cuts import cut_across
from gridgeo.land.voronoi import sharing
from gridgeo.land.voronoi.batching import Batch
from gridgeo.land.voronoi.footprint_faces import disjoint_faces
from gridgeo.land.voronoi.land_shares import share_land
from gridgeo.land.voronoi.sharing import NEAREST, WAYS, BatchBorder, Shares
from gridgeo.model.site import Site
from tests.land.made_blocks import made_blocks
from tests.land.test_cells import assert_counted, assert_exact, assert_same, shapes_of
from tests.land.test_land_places import DATA, place

ROOT = Path(__file__).parents[2]
TRIALS = ROOT.parent / "shared/trials"
ALL_PLACES = (
    *("bubenec_prague", "nanjing_xinjiekou", "helsinki_centre", "olemps_fr", "maassluis_nl", "shenzhen_south"),
    "haaglanden_nl",
)
SLOWER = list(WAYS)[1:]


def shared(footprints: Shapes, land: Shapes) -> tuple[PlacedFootprints, Shares]:
    owner = np.arange(len(footprints))
    settled = place_footprints(Generators(footprints, owner), land, np.arange(len(land)))
    return settled, share_land(settled, footprints, owner)


def farther(points: Shapes, shares: Shares, own: Shapes, all_: Shapes) -> Floats:
    """How much farther each point is from the footprint to which its land went than from the nearest one [m]."""
    cell, at = shapely.STRtree(points).query(shares.polygons, predicate="contains")
    held = shares.owner[cell] >= 0
    cell, at = cell[held], at[held]
    least = shapely.distance(points[at], all_[shapely.STRtree(all_).query_nearest(points[at], all_matches=False)[1]])
    distance: Floats = shapely.distance(points[at], own[shares.owner[cell]]) - least
    return distance


# ---------------------------------------------------------------- causes


@pytest.mark.parametrize("twice", [False, True])
def test_a_corner_given_twice_does_not_keep_overlapping_footprints_apart(*, twice: bool) -> None:
    wide = [(0, 0), (10, 0), (10, 6), (0, 6)]
    pair = np.array(
        [shapely.Polygon([*wide[:2], *wide[1:]] if twice else wide), shapely.box(4, -3, 5, 9)], dtype=object
    )
    faces = disjoint_faces(pair, np.arange(2))
    assert faces.owner.tolist() == [0, 0, 1]
    assert shapely.coverage_is_valid(faces.polygons)
    assert shapely.area(faces.polygons).sum() == pytest.approx(60 + 6)


def test_no_shape_on_the_precision_grid_gives_a_corner_twice() -> None:
    ring, hole = [(0, 0), (0, 0), (9, 0), (9, 9), (9, 9), (9, 9), (0, 9), (0, 0)], [(2, 2), (2, 4), (2, 4), (4, 4)]
    near = [(0, 0), (9, 0), (9 + PRECISION_M / 5, PRECISION_M / 5), (9, 9)]
    plain = shapely.box(0, 0, 9, 9)
    given = np.array(
        [
            shapely.Polygon(ring, [hole]),
            shapely.MultiPolygon([shapely.Polygon(ring), shapely.box(20, 0, 21, 1)]),
            shapely.Polygon(near),
            shapely.LineString(ring),
            plain,
        ],
        dtype=object,
    )
    out = to_precision_grid(given)
    for shape in shapely.get_parts(out):
        for line in shapely.get_rings(shape) if shape.geom_type == "Polygon" else [shape]:
            points = shapely.get_coordinates(line)
            assert (points[1:] != points[:-1]).any(axis=1).all()
    assert shapely.is_valid(out).all()
    assert shapely.area(out[:2]) == pytest.approx(shapely.area(given[:2]))
    assert out[4].wkb == plain.wkb


def test_a_corner_twice_in_every_footprint_changes_nothing() -> None:
    site, enclosed, table = place("helsinki_centre")
    again = with_buildings(site, with_a_corner_twice)
    assert_same(enclosed, blocks(again))
    assert_same(table, cells(again, enclosed).cells)


@pytest.mark.parametrize(("houses", "pitch"), [(60, 12.0), (64, 12.0), (200, 5.0), (1500, 4.0)])
def test_a_row_of_any_length_along_a_straight_border(houses: int, pitch: float) -> None:
    """Each house of a row makes a break of the label along one edge of the border, and along edges beside it."""
    x, y = 80_000.0, 440_000.0
    k = np.arange(houses)
    west, south = x + pitch * k, np.full(houses, y)
    row = to_precision_grid(shapely.box(west, south, west + 0.75 * pitch, south + 8))
    land = np.array([shapely.box(x - 5, y - 6, x + pitch * houses + 5, y + 24)], dtype=object)
    _, shares = shared(row, land)
    generator = np.random.default_rng(0)
    at = generator.uniform((x - 5, y - 6), (x + pitch * houses + 5, y + 24), (3000, 2))
    assert len(shares.polygons) == houses
    assert farther(np.asarray(shapely.points(at)), shares, row, row).max() < 0.01


def test_edges_that_cross_are_told_by_the_place_of_the_crossing() -> None:
    points = np.array([(0, 0), (10, 0), (10, 10), (0, 10), (7, -1), (7, 11)], dtype=float)
    edges = np.array([(0, 1), (1, 2), (2, 3), (3, 0), (4, 5)])
    with pytest.raises(LandError, match=r"7\.00, 0\.00|7\.00, 10\.00"):
        constrained_triangles(points, edges)
    with pytest.raises(LandError) as caught:
        constrained_triangles(points, np.array([(0, 1), (1, 2), (2, 3), (3, 0), (0, 2), (1, 3)]))
    assert caught.value.where == (5.0, 5.0)


def test_edges_on_each_other_and_points_alone_are_no_error() -> None:
    points = np.array([(0, 0), (10, 0), (10, 10), (0, 10), (5, 0), (4, 4)], dtype=float)
    edges = np.array([(0, 4), (0, 1), (1, 2), (2, 3), (3, 0), (5, 5)])
    assert len(constrained_triangles(points, edges)) > 4


def test_outlines_of_many_corners_are_compared_where_they_may_meet_only() -> None:
    angle = np.linspace(0, 2 * np.pi, 20_000, endpoint=False)
    toothed = np.column_stack([np.cos(angle), np.sin(angle)]) * (100 + 0.5 * (np.arange(20_000) % 2))[:, None]
    for other in (toothed + np.array([150.003, 0.5]), toothed + np.array([202, 0]), 1.01 * toothed):
        pair = to_precision_grid(np.array([shapely.Polygon(toothed), shapely.Polygon(other)], dtype=object))
        start = time.process_time()
        faces = disjoint_faces(pair, np.arange(2))
        assert time.process_time() - start < 5
        assert shapely.coverage_is_valid(faces.polygons)
        assert shapely.area(faces.polygons).sum() == pytest.approx(shapely.union_all(pair).area, rel=1e-6)


def test_a_tower_that_cannot_be_triangulated_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def crossing(*_: object) -> None:
        raise LandError("crossing")

    tower = shapely.Polygon([(0, 0), (40, 0), (40, 10), (10, 10), (10, 40), (0, 40)])
    assert len(cut_across(tower, [1, 1])) == 2
    monkeypatch.setattr("gridgeo.land.towers.footprint_mesh.constrained_triangles", crossing)
    assert len(cut_across(tower, [1, 1])) == 0


# ---------------------------------------------------------------- blocks as city models have them


def faults_of(numbers: Ints, seed: int) -> tuple[list[str], Floats]:
    """What is wrong with the land of made blocks, and how much farther than need be some points of it are [m]."""
    land, footprints, owner = made_blocks(numbers, seed)
    settled = place_footprints(Generators(footprints, owner), land, np.arange(len(land)))
    shares = share_land(settled, footprints, owner)
    area = np.bincount(settled.origin[shares.block], shapely.area(shares.polygons), minlength=len(land))
    found = {
        "slower way": settled.origin[shares.retried.block],
        "invalid": settled.origin[shares.block[~shapely.is_valid(shares.polygons)]],
        "of another area": np.flatnonzero(np.abs(area - shapely.area(land)) > 1e-3),
        "no coverage": [] if shapely.coverage_is_valid(shares.polygons) else numbers[:1],
        "two cells": settled.origin[shares.block[np.bincount(shares.owner[shares.owner >= 0], minlength=1).max() > 1]],
    }
    faults = [f"{name}: {numbers[row]}" for name, rows in found.items() for row in np.unique(rows)]
    return faults, _nearness(settled, shares, footprints, owner)


def _nearness(settled: PlacedFootprints, shares: Shares, footprints: Shapes, owner: Ints) -> Floats:
    """Two points in each cell of a block, measured against what of the footprints lies in it."""
    there = np.flatnonzero(settled.block_of >= 0)
    parts = shapely.intersection(footprints[there], settled.blocks[settled.block_of[there]])
    of_owner, of_block = collected(parts, owner[there]), collected(parts, settled.block_of[there])
    cell = np.repeat(np.flatnonzero(shares.owner >= 0), 2)
    low, high = np.split(shapely.bounds(shares.polygons[cell]), 2, axis=1)
    points = np.asarray(shapely.points(np.random.default_rng(0).uniform(low, high)))
    inside = shapely.contains(shares.polygons[cell], points)
    cell, points = cell[inside], points[inside]
    apart: Floats = shapely.distance(points, of_owner[shares.owner[cell]])
    apart -= shapely.distance(points, of_block[shares.block[cell]])
    return apart


def collected(shapes: Shapes, key: Ints) -> Shapes:
    """All shapes of each key, by key."""
    order = np.argsort(key, kind="stable")
    out = np.full(key.max() + 1, None, dtype=object)
    keys = np.unique(key)
    out[keys] = shapely.geometrycollections(shapes[order], indices=np.searchsorted(keys, key[order]))
    return out


def test_made_blocks_are_shared_out_at_once() -> None:
    faults, apart = faults_of(np.arange(2000), 7)
    assert faults == []
    assert (apart > 0.15).mean() < 0.005, "what is cut off by overlaps goes to a neighbour; no other land is astray"


@pytest.mark.long
def test_a_hundred_thousand_made_blocks_are_shared_out_at_once() -> None:
    for first in range(0, 100_000, 2000):
        faults, apart = faults_of(np.arange(first, first + 2000), 7)
        assert faults == []
        assert (apart > 0.15).mean() < 0.005


@pytest.mark.parametrize("name", [f"outline_open{k}.gpkg" for k in ("", "_2", "_3", "_4", "_5")])
def test_party_walls_drawn_into_each_other_give_a_plan_whose_proof_passes(name: str) -> None:
    if not (TRIALS / name).exists():
        pytest.skip("the trial is not beside the project")
    plan = gg.divide(read_site(TRIALS / name), gg.Scheme.preset("wide"), effort="fast")
    assert gg.check(plan).state != "fail"
    assert not plan.site.account["reason"].isin(SLOWER).any()


# ---------------------------------------------------------------- what fails stays in its block


def divided(site: Site) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Cells, and the lines of the account."""
    land = divide_land(site)
    assert land.account is not None
    return land.cells, land.account


def fail(*_: object) -> Shares:
    raise RuntimeError("made to fail")


def only(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all ways before this one fail."""
    for other in list(WAYS)[: list(WAYS).index(way)]:
        monkeypatch.setitem(sharing.WAYS, other, fail)


@pytest.mark.parametrize("way", SLOWER)
def test_each_slower_way_divides_a_whole_place(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    site, _, table = place("olemps_fr")
    only(way, monkeypatch)
    again, lines = divided(site)
    assert_exact(site, again)
    assert_counted(site, again)
    built = table.groupby("block")["members"].agg(lambda members: any(map(len, members)))
    told = lines[lines["reason"] == way]
    assert sorted(told["id"]) == sorted(built.index[built])
    assert told["detail"].str.fullmatch(r"\(-?\d+\.\d\d, -?\d+\.\d\d\)").all()
    if way == "block_noded_anew":
        assert_same(table, again)
    elif way == "block_without_walls":
        common = table.index.intersection(again.index)
        shared_land = table.geometry[common].intersection(again.geometry[common]).area.sum()
        assert shared_land > 0.99 * table.area.sum()
    else:
        assert (again.loc[again["members"].map(len) > 0].groupby("block").size() == 1).all()


def test_a_block_that_fails_leaves_all_others_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    site, enclosed, table = place("helsinki_centre")
    nearest, bad = WAYS[NEAREST], np.argmax(table.groupby("block").size())
    land = shapes_of(enclosed)[enclosed.index.get_loc(table.groupby("block").size().index[bad])]

    def picky(batch: Batch, outline: BatchBorder) -> Shares:
        if shapely.intersects(batch.faces.polygons, shapely.point_on_surface(land).buffer(30)).any():
            raise shapely.errors.GEOSException("made to fail")
        return nearest(batch, outline)

    monkeypatch.setitem(sharing.WAYS, NEAREST, picky)
    monkeypatch.setitem(sharing.WAYS, "block_noded_anew", fail)
    monkeypatch.setitem(sharing.WAYS, "block_without_walls", fail)
    again, lines = divided(site)
    assert_exact(site, again)
    blocks_told = set(lines.loc[lines["reason"] == "block_one_cell", "id"])
    assert 1 <= len(blocks_told) < 6
    assert_same(table[~table["block"].isin(blocks_told)], again[~again["block"].isin(blocks_told)])


def test_the_account_names_the_crossing_and_the_proof_tells_land_that_is_not_nearest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site, _, _ = place("helsinki_centre")

    def crossing(*_: object) -> Shares:
        raise LandError("made to cross", (12.0, 34.0))

    for way in SLOWER[:2]:
        monkeypatch.setitem(sharing.WAYS, way, fail)
    monkeypatch.setitem(sharing.WAYS, NEAREST, crossing)
    plan = gg.divide(site, gg.Scheme.preset("wide"), effort="fast")
    assert set(plan.site.account.loc[plan.site.account["reason"] == "block_one_cell", "detail"]) == {"(12.00, 34.00)"}
    found = gg.check(plan).findings
    assert (found["rule"] == "not_nearest").sum() > 20
    assert not (found["severity"] == "error").any()


def test_without_memory_nothing_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(*_: object) -> Shares:
        raise MemoryError

    site, enclosed, _ = place("bubenec_prague")
    monkeypatch.setitem(sharing.WAYS, NEAREST, greedy)
    with pytest.raises(MemoryError):
        cells(site, enclosed)


def test_footprints_that_cannot_be_noded_fail_for_their_block_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    site, _, table = place("helsinki_centre")

    def noder(footprints: Shapes, owner: Ints) -> object:
        if len(footprints) > 20:
            raise shapely.errors.GEOSException("made to fail")
        return disjoint_faces(footprints, owner)

    monkeypatch.setattr("gridgeo.land.voronoi.batching.disjoint_faces", noder)
    again, told = divided(site)
    assert_exact(site, again)
    assert_same(table, again)
    named = set(told.loc[told["reason"] == "block_noded_anew", "id"])
    assert 0 < len(named) < table["block"].nunique()


# ---------------------------------------------------------------- all places, however they are given


def with_buildings(site: Site, changed: Callable[[Shapes], Shapes]) -> Site:
    """A site with other shapes of its polygons of buildings."""
    shapes = site.buildings.geometry.to_numpy().copy()
    rows = np.flatnonzero(shapely.get_type_id(shapes) == 3)
    shapes[rows] = changed(shapes[rows])
    buildings = site.buildings.set_geometry(gpd.GeoSeries(shapes, index=site.buildings.index, crs=site.crs))
    return Site({**site.layers, "buildings": buildings}, site.unit_households, site.account)


def with_a_corner_twice(polygons: Shapes) -> Shapes:
    generator = np.random.default_rng(0)

    def twice(polygon: shapely.Polygon) -> shapely.Polygon:
        points = list(polygon.exterior.coords)
        k = generator.integers(len(points))
        return shapely.Polygon([*points[: k + 1], *points[k:]], [ring.coords for ring in polygon.interiors])

    return np.array([twice(polygon) for polygon in polygons], dtype=object)


def real_site(name: str) -> Site:
    path = DATA / name / f"{name}.gpkg"
    path = path if path.exists() else path.parent
    if not path.exists():
        pytest.skip(f"the real place {name} is not beside the project")
    return read_site(path)


def turned(site: Site) -> Site:
    layers = {
        role: table.set_geometry(
            [affinity.rotate(shape, 17.3, origin=(0, 0)) for shape in table.geometry], crs=site.crs
        )
        for role, table in site.layers.items()
        if len(table)
    }
    return Site(layers, site.unit_households, site.account)


@pytest.mark.long
@pytest.mark.parametrize("name", ALL_PLACES)
def test_places_given_otherwise_need_no_slower_way(name: str) -> None:
    site = real_site(name)
    kinds: list[Callable[[Site], Site]] = [
        lambda site: site,
        lambda site: with_buildings(site, with_a_corner_twice),
        turned,
        *(
            lambda site, step=step: with_buildings(site, lambda shapes: shapely.set_precision(shapes, step))
            for step in (0.001, 0.01, 0.1)
        ),
    ]
    for kind in kinds:
        other = kind(site)
        table, lines = divided(other)
        assert not lines["reason"].isin(SLOWER).any()
        assert shapely.coverage_is_valid(shapes_of(table))


@pytest.mark.long
def test_a_ward_whose_footprints_give_corners_twice_has_a_plan_whose_proof_passes(tmp_path: Path) -> None:
    ward = DATA / "shibuya_tokyo"
    if not ward.exists():
        pytest.skip("the real place shibuya_tokyo is not beside the project")
    buildings = pd.concat([gpd.read_parquet(part) for part in sorted((ward / "buildings.parquet").iterdir())])
    buildings.to_parquet(tmp_path / "buildings.parquet")
    for layer in ward.glob("*.parquet"):
        if layer.is_file():
            (tmp_path / layer.name).symlink_to(layer)
    plan = gg.divide(read_site(tmp_path), gg.Scheme.preset("wide"), effort="fast")
    assert gg.check(plan).state != "fail"
    assert not plan.site.account["reason"].isin(SLOWER).any()


@pytest.mark.long
@pytest.mark.parametrize("tests", ["tests/land", "tests/partition"])
def test_no_compiled_kernel_reads_or_writes_beyond_an_array(tests: str, tmp_path: Path) -> None:
    """All kernels compiled anew with their bounds checked, in a process and with a cache of their own."""
    checked = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", "-m", "not long", tests],
        cwd=ROOT,
        env={**os.environ, **checked},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:]

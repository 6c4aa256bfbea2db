"""Real places, from files to a plan file by the command line, judged from the plan file alone.

The places lie beside the project and are not part of it; where they are missing, these tests are skipped.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

DATA = Path(__file__).parents[2] / "shared" / "data"
LIMITS = {"grid": (300, 500), "micro": (30, 100)}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real places are not there: {DATA}")


def source(place: str) -> Path:
    """The files of a place."""
    return DATA / place if place == "haaglanden_nl" else DATA / place / f"{place}.gpkg"


def read(place: str, layer: str) -> gpd.GeoDataFrame:
    """A layer as it stands in the place's files."""
    path = source(place)
    return gpd.read_parquet(path / f"{layer}.parquet") if path.is_dir() else pyogrio.read_dataframe(path, layer=layer)


def divide(place: str, folder: Path, *options: str) -> tuple[Path, int]:
    """Divide a place with the command line."""
    plan = folder / "plan.gpkg"
    command = [
        sys.executable,
        "-c",
        "from gridgeo.cli import main; main()",
        "divide",
        str(source(place)),
        "--preset",
        "wide",
    ]
    command += ["--households", "households", "--seed", "7", "-o", str(plan), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    return plan, done.returncode


def assert_exact(place: str, path: Path) -> None:
    """Land, buildings and households of a plan file, against the files that it was made from."""
    cells = gpd.read_file(path, layer="cells")
    tiers = {name: gpd.read_file(path, layer=name) for name in LIMITS}
    members = gpd.read_file(path, layer="buildings")
    boundary = read(place, "boundary")
    if boundary.crs.is_geographic:
        # a straight line in degrees is a curve in the plane: points every 50 m or so
        boundary["geometry"] = shapely.segmentize(boundary.geometry.to_numpy(), 0.0005)
    land = shapely.union_all(boundary.to_crs(cells.crs).geometry.to_numpy())
    assert shapely.coverage_is_valid(cells.geometry.to_numpy())
    for zones in tiers.values():
        shapes = zones.geometry.to_numpy()
        assert (zones.geom_type == "Polygon").all()
        assert shapely.is_valid(shapes).all()
        assert shapely.coverage_is_valid(shapes)
        assert abs(shapely.area(shapes).sum() - shapely.union_all(shapes).area) < 1e-3
        difference = shapely.symmetric_difference(shapely.coverage_union_all(shapes), land)
        assert shapely.buffer(difference, -0.005).is_empty, f"{place}: land differs by {difference.area} m2"
        assert zones["code"].is_unique
        assert all(isinstance(code, str) for code in zones["code"])
    assert_nested(tiers["micro"], tiers["grid"])
    assert_people(read(place, "buildings").to_crs(cells.crs), land, members, tiers)


def assert_nested(children: gpd.GeoDataFrame, parents: gpd.GeoDataFrame) -> None:
    """Children lie in their parents, and their households sum up."""
    outline = parents.set_index("code").geometry.reindex(children["parent"]).to_numpy()
    assert shapely.area(shapely.difference(children.geometry.to_numpy(), outline)).max() < 1e-3
    sums = children.groupby("parent")["households"].sum()
    pd.testing.assert_series_equal(
        sums, parents.set_index("code")["households"].reindex(sums.index), check_names=False, check_dtype=False
    )


def assert_people(
    buildings: gpd.GeoDataFrame, land: shapely.Geometry, members: gpd.GeoDataFrame, tiers: dict[str, gpd.GeoDataFrame]
) -> None:
    """Nobody is lost, and everybody has the code of a micro-grid that covers most of the building."""
    shapely.prepare(land)
    shapes = buildings.geometry.to_numpy()
    touching = shapely.intersects(land, shapes)
    share = np.zeros(len(shapes))
    within = shapely.contains_properly(land, shapes)
    share[within] = 1
    edge = touching & ~within
    share[edge] = shapely.area(shapely.intersection(shapes[edge], land)) / shapely.area(shapes[edge])
    inside = buildings[share > 0.5]
    assert set(inside["id"].astype(str)) <= set(members["id"])
    known = buildings[buildings["id"].astype(str).isin(members["id"])]["households"].sum()
    assert members["households"].sum() == known
    assert tiers["grid"]["households"].sum() == tiers["micro"]["households"].sum() == known
    whole = members[members["unit"].isna()].set_index("id")
    ids = inside["id"].astype(str)
    ids = ids[ids.isin(whole.index)]
    footprint = inside.geometry.loc[ids.index].to_numpy()
    zone = tiers["micro"].set_index("code").geometry.reindex(whole["code"].reindex(ids)).to_numpy()
    covered = shapely.area(shapely.intersection(footprint, zone))
    within_land = shapely.area(shapely.intersection(footprint, land))
    assert (covered > 0.5 * within_land).all(), ids[covered <= 0.5 * within_land].tolist()


def share_within(path: Path, tier: str) -> float:
    """Share of zones within their limits, of those that hold no single building over the limit."""
    low, high = LIMITS[tier]
    zones = gpd.read_file(path, layer=tier)
    members = gpd.read_file(path, layer="buildings")
    large = members[members["households"] > high]["code"].str[: len(zones["code"].iloc[0])]
    free = zones[(zones["kind"] == "grid") & ~zones["code"].isin(large)]
    return float(free["households"].between(low, high).mean())


SLOW = tuple(pytest.param(place, marks=pytest.mark.long) for place in ("maassluis_nl", "shenzhen_south"))


@pytest.mark.parametrize("place", ["bubenec_prague", "nanjing_xinjiekou", "helsinki_centre", "olemps_fr", *SLOW])
def test_a_place_is_divided_exactly_and_within_limits(place: str, tmp_path: Path) -> None:
    path, _ = divide(place, tmp_path)
    assert_exact(place, path)
    assert share_within(path, "grid") >= 0.95
    assert share_within(path, "micro") >= 0.97


@pytest.mark.long
def test_a_large_town_is_divided_exactly(tmp_path: Path) -> None:
    path, _ = divide("haaglanden_nl", tmp_path, "--split-large")
    assert_exact("haaglanden_nl", path)
    assert share_within(path, "grid") >= 0.97


@pytest.mark.parametrize("place", ["bubenec_prague", pytest.param("nanjing_xinjiekou", marks=pytest.mark.long)])
def test_bytes_are_the_same_under_another_hash_seed_and_thread_count(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    for seed, threads in (("1", "1"), ("2", "2")):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
            monkeypatch.setenv(name, threads)
        (tmp_path / seed).mkdir()
        files.append(divide(place, tmp_path / seed)[0].read_bytes())
    assert files[0] == files[1]

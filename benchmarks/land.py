"""How fast and how exactly land is divided: ``python benchmarks/land.py [PLACE ...] [--made N]``.

A place is a file or folder that gridgeo reads, or the name of one of the real places beside the project. Each runs in
a process of its own, so that its peak of memory is its own; compiling comes before the clock. If momepy is installed,
its enclosures and enclosed tessellation run on the same place in the same process.
"""

from __future__ import annotations

import argparse
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.land import blocks, cells
from gridgeo.load import read_site
from gridgeo.site import ROLES, Site

DATA = Path(__file__).parents[2] / "shared" / "data"
PLACES = ("nanjing_xinjiekou", "helsinki_centre", "olemps_fr", "maassluis_nl", "shenzhen_south")
TIE = 0.02
"""Distances that differ by less are equal [m]."""
CRS = "EPSG:4547"
CORNER = np.array([463_000.0, 3_845_000.0])
BLOCK = np.array([160.0, 110.0])
SLOTS = (6, 4)


def main() -> None:
    """Measure each place and print one line for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="*", default=PLACES)
    parser.add_argument("--made", type=int, help="a made town of about so many buildings")
    arguments = parser.parse_args()
    names = [f"made:{arguments.made}"] if arguments.made else list(arguments.places)
    if find_spec("momepy") is None:
        print("momepy is not installed: nothing to compare with")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for name in names:
            print(
                " · ".join(f"{key} {value}" for key, value in pool.submit(measure, name).result().items()), flush=True
            )


def measure(name: str) -> dict[str, Any]:
    """Seconds, memory and quality of one place."""
    _divide(made_town(60))
    site = _read(name)
    start = time.perf_counter()
    enclosed, table = _divide(site)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    straight, overall = share_nearest(site, enclosed, table)
    return {
        "place": name,
        "buildings": len(site.buildings),
        "seconds": round(seconds, 2),
        "peak MB": round(peak),
        "nearest %": f"{100 * straight:.2f} (of all points {100 * overall:.2f})",
        "lost": lost(site, table),
        "valid": is_exact(site, table),
    } | _peer(site)


def lost(site: Site, table: gpd.GeoDataFrame) -> int:
    """Buildings inside the communities that no cell holds."""
    land = shapely.union_all(site.communities.geometry.to_numpy())
    held = {member.building for members in table["members"] for member in members}
    inside = shapely.area(shapely.intersection(shapely.make_valid(site.buildings.geometry.to_numpy()), land)) > 0
    return int((inside & ~site.buildings.index.isin(held)).sum())


def is_exact(site: Site, table: gpd.GeoDataFrame) -> bool:
    """Whether cells are a valid coverage by single polygons, and their union the communities but for slivers below 2 mm."""
    shapes = table.geometry.to_numpy()
    land = shapely.union_all(site.communities.geometry.to_numpy())
    difference = shapely.symmetric_difference(shapely.coverage_union_all(shapes), land)
    single = bool((table.geom_type == "Polygon").all())
    return (
        single
        and bool(shapely.coverage_is_valid(shapes))
        and bool(shapely.is_empty(shapely.buffer(difference, -0.001)))
    )


def share_nearest(
    site: Site, enclosed: gpd.GeoDataFrame, table: gpd.GeoDataFrame, count: int = 20_000
) -> tuple[float, float]:
    """Share of random points in built blocks that lie in the cell of the nearest building of their block.

    First of the points from which the straight way to that building stays in the block, then of all.
    """
    held = pd.DataFrame(
        [(m.building, cell) for cell, members in table["members"].items() for m in members],
        columns=["building", "cell"],
    )
    held["block"] = table["block"].reindex(held["cell"]).to_numpy()
    footprints = shapely.make_valid(site.buildings.geometry.reindex(held["building"]).to_numpy())
    built = enclosed.loc[np.unique(held["block"])]
    points, block = _points_in(built, count)
    rows_of = held.groupby("block").indices
    nearest, line = np.empty(len(points)), np.empty(len(points), dtype=object)
    for name, mine in pd.Series(np.arange(len(points))).groupby(built.index.to_numpy()[block]).indices.items():
        own = footprints[rows_of[name]]
        (_, at), nearest[mine] = shapely.STRtree(own).query_nearest(
            points[mine], return_distance=True, all_matches=False
        )
        line[mine] = shapely.shortest_line(points[mine], own[at])
    straight = shapely.covers(shapely.buffer(built.geometry.to_numpy(), TIE / 2)[block], line)
    right = _own_distance(points, table, held, footprints) <= nearest + TIE
    return float(right[straight].mean()), float(right.mean())


def _points_in(built: gpd.GeoDataFrame, count: int) -> tuple[Any, Any]:
    """Random points, and the row of the block of each."""
    generator = np.random.default_rng(1)
    west, south, east, north = built.total_bounds
    tree = shapely.STRtree(built.geometry.to_numpy())
    tries = int(count * (east - west) * (north - south) / built.area.sum())
    points = shapely.points(generator.uniform((west, south), (east, north), (tries, 2)))
    point, block = tree.query(points, predicate="within")
    return points[point], block


def _own_distance(points: Any, table: gpd.GeoDataFrame, held: pd.DataFrame, footprints: Any) -> Any:
    """Distance of each point to the nearest member of the cell that it lies in [m]."""
    point, cell = shapely.STRtree(table.geometry.to_numpy()).query(points, predicate="intersects")
    members = pd.DataFrame({"cell": held["cell"], "row": np.arange(len(held))})
    pairs = pd.DataFrame({"point": point, "cell": table.index.to_numpy()[cell]}).merge(members, on="cell", how="inner")
    out = np.full(len(points), np.inf)
    np.minimum.at(out, pairs["point"], shapely.distance(points[pairs["point"]], footprints[pairs["row"]]))
    return out


def made_town(count: int) -> Site:
    """A town of bent streets and small houses: party walls, overlaps, houses on streets among them."""
    generator = np.random.default_rng(0)
    columns = max(1, round(np.sqrt(count / np.prod(SLOTS) * BLOCK[1] / BLOCK[0])))
    rows = max(1, round(count / np.prod(SLOTS) / columns))
    grid = np.stack(np.meshgrid(np.arange(columns + 1), np.arange(rows + 1), indexing="ij"), axis=-1) * BLOCK
    corners = CORNER + grid + generator.uniform(-10, 10, grid.shape)
    streets = [shapely.linestrings(line) for way in (corners, corners.swapaxes(0, 1)) for line in way]
    ring = np.concatenate([corners[:, 0], corners[-1, 1:], corners[::-1, -1][1:], corners[0, ::-1][1:]])
    community = shapely.buffer(shapely.Polygon(ring), 20, join_style="mitre")
    return _site([community], _houses(corners, generator), streets)


def _houses(corners: Any, generator: np.random.Generator) -> Any:
    """Turned rectangles in the slots of each block."""
    i, j, a, b = (axis.ravel() for axis in np.indices((corners.shape[0] - 1, corners.shape[1] - 1, *SLOTS)))
    u, v = ((a + 0.5) / SLOTS[0] * 0.8 + 0.1)[:, None], ((b + 0.5) / SLOTS[1] * 0.8 + 0.1)[:, None]
    south, north = (corners[i, j + k] * (1 - u) + corners[i + 1, j + k] * u for k in (0, 1))
    middle = south * (1 - v) + north * v + generator.normal(0, 3, (len(i), 2))
    half = generator.uniform((8, 7), (20, 13), (len(i), 2)) / 2
    angle = generator.normal(0, 0.05, len(i))
    turn = np.stack([np.cos(angle), np.sin(angle), -np.sin(angle), np.cos(angle)], axis=1).reshape(-1, 2, 2)
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    return shapely.polygons(middle[:, None] + (square * half[:, None]) @ turn)


def _site(communities: Any, buildings: Any, streets: Any) -> Site:
    shapes = {"communities": communities, "buildings": buildings, "streets": streets}
    layers = {}
    for role, geometry in shapes.items():
        columns = {name: pd.array([None] * len(geometry), dtype=dtype) for name, dtype in ROLES[role].columns.items()}
        index = pd.Index(
            [f"{k + 1:012d}" for k in range(len(geometry))], name="code" if role == "communities" else "id"
        )
        layers[role] = gpd.GeoDataFrame(columns, index=index, geometry=geometry, crs=CRS)
    return Site(layers, pd.DataFrame({"building": [], "unit": [], "households": []}), pd.DataFrame())


def _read(name: str) -> Site:
    if name.startswith("made:"):
        return made_town(int(name.removeprefix("made:")))
    for path in (DATA / name / f"{name}.gpkg", DATA / name, Path(name)):
        if path.exists():
            return read_site(path)
    raise SystemExit(f"there is no place {name}")


def _divide(site: Site) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    enclosed = blocks(site)
    return enclosed, cells(site, enclosed)


def _peer(site: Site) -> dict[str, Any]:
    """The same land by momepy."""
    if find_spec("momepy") is None:
        return {}
    import momepy

    start = time.perf_counter()
    limit = gpd.GeoSeries([site.communities.union_all()], crs=site.crs)
    streets = site.layer("streets").geometry.explode()
    enclosures = momepy.enclosures(streets, limit=limit)
    found = momepy.enclosed_tessellation(site.buildings.geometry, enclosures.geometry, n_jobs=1)
    seconds = time.perf_counter() - start
    valid = shapely.coverage_is_valid(found.geometry.to_numpy())
    missing = len(set(site.buildings.index) - set(found.index))
    return {"momepy": f"{seconds:.2f} s, valid {valid}, lost {missing}"}


if __name__ == "__main__":
    main()

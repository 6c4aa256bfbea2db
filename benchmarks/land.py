"""How fast and how exactly land is divided, beside momepy: ``python benchmarks/land.py [PLACE ...] [--made N ...]``.

A place is a file or folder that gridgeo reads, or the name of one of the real places beside the project; a made town
has about so many buildings. If momepy is installed, its enclosures and enclosed tessellation, with its defaults, run
on the same lines and footprints. Each tool runs in a process of its own, so that its peak of memory is its own; what
is compiled on first use, and a pool of processes, come before the clock. The best of several runs counts.
"""

from __future__ import annotations

import argparse
import gc
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.barriers import walls_of
from gridgeo.files.reading import read_site
from gridgeo.land import UNBOUNDING
from gridgeo.land.enclosures import enclose
from gridgeo.land.inputs import bounding_lines, read_inputs
from gridgeo.land.tessellation import tessellate
from gridgeo.land.towers import TowerLimit
from gridgeo.model.site import Site
from gridgeo.model.tables import ROLES

DATA = Path(__file__).parents[2] / "shared" / "data"
PLACES = ("nanjing_xinjiekou", "helsinki_centre", "olemps_fr", "maassluis_nl", "shenzhen_south")
ROW = "{:20} {:>9} {:8} {:>8.2f} {:>8.0f} {:>22} {:>5} {!s:>5}"
TIE = 0.02
"""Distances that differ by less are equal [m]."""
SLIVER = 0.001
"""Half width of what may lie between cells and the border of the communities [m]."""
PORTION = 20_000
"""Cells whose edges are looked at together."""
CRS = "EPSG:4547"
CORNER = np.array([463_000.0, 3_845_000.0])
BLOCK = np.array([160.0, 110.0])
SLOTS = (6, 4)

FIGURES = ("buildings", "tool", "seconds", "peak_mb", "nearest", "lost", "exact")
Figures = tuple[int, str, float, float, str, int, bool]
Result = TypeVar("Result")


def main() -> None:
    """Measure each place and print a line for each tool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="*")
    parser.add_argument("--made", type=int, nargs="+", default=[], help="made towns of about so many buildings")
    parser.add_argument("--keep", action="store_true", help="add lines to results/land.jsonl")
    parser.add_argument("--alone", action="store_true", help="without momepy")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each, of which the best counts")
    arguments = parser.parse_args()
    names = [*arguments.places, *(f"made:{count}" for count in arguments.made)] or PLACES
    peer = not arguments.alone and find_spec("momepy") is not None
    if not peer:
        print("without momepy")
    print(
        ROW.replace(".2f", "")
        .replace(".0f", "")
        .format("place", "buildings", "tool", "seconds", "peak MB", "nearest % (all points)", "lost", "exact")
    )
    for name in names:
        ours = _apart(measure, name, arguments.repeat)
        _show(name, ours, kept=arguments.keep)
        if peer:
            theirs = _apart(measure_peer, name, arguments.repeat)
            _show(name, theirs, kept=arguments.keep)
            print(f"  {name}: {theirs[2] / ours[2]:.1f} times as fast as momepy", flush=True)


def _show(name: str, figures: Figures, *, kept: bool) -> None:
    """Print a line, and keep it if asked for."""
    print(ROW.format(name, *figures), flush=True)
    if kept:
        from keeping import keep  # beside this file, which tests import too

        keep("land", {"place": name, **dict(zip(FIGURES, figures, strict=True))})


def _apart(function: Callable[[str, int], Figures], name: str, repeat: int) -> Figures:
    """A function's result, from a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, name, repeat).result()


def measure(name: str, repeat: int = 1) -> Figures:
    """Buildings, tool, seconds, peak memory [MB], share nearest, buildings lost, whether exact."""
    gc.disable()  # as the command line does
    _divide(made_town(60))
    site = _read(name)
    seconds, (enclosed, table) = _timed(lambda: _divide(site), repeat)
    peak = _peak()
    straight, overall = share_nearest(site, enclosed, table)
    nearest = f"{100 * straight:.2f} ({100 * overall:.2f})"
    return len(site.buildings), "gridgeo", seconds, peak, nearest, lost(site, table), is_exact(site, table)


def measure_peer(name: str, repeat: int = 1) -> Figures:
    """The same of momepy, but for the share nearest."""
    from joblib.externals.loky import get_reusable_executor

    gc.disable()
    _tessellate(made_town(60))
    site = _read(name)
    seconds, table = _timed(lambda: _tessellate(site), repeat)
    get_reusable_executor().shutdown()  # what momepy leaves running, and would be waited for
    peak = _peak()
    missing = len(set(site.buildings.index) - set(table.index))
    exact = bool(shapely.coverage_is_valid(table.geometry.to_numpy()))
    return len(site.buildings), "momepy", seconds, peak, "", missing, exact


def _timed(function: Callable[[], Result], repeat: int) -> tuple[float, Result]:
    """Least time of some runs, and the result of the last; no earlier one is kept, since that would count as memory."""
    seconds: list[float] = []
    result: Result | None = None
    while len(seconds) < repeat:
        del result
        start = time.perf_counter()
        result = function()
        seconds.append(time.perf_counter() - start)
    assert result is not None
    return min(seconds), result


def _peak() -> float:
    """Most memory that this process held, and the largest that it started [MB]."""
    usage = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage) / 1024


def lost(site: Site, table: gpd.GeoDataFrame) -> int:
    """Buildings inside the communities that no cell holds."""
    land = shapely.union_all(site.communities.geometry.to_numpy())
    held = {member.building for members in table["members"] for member in members}
    missing = shapely.make_valid(site.buildings.geometry[~site.buildings.index.isin(held)].to_numpy())
    return int((shapely.area(shapely.intersection(missing, land)) > 0).sum())


def is_exact(site: Site, table: gpd.GeoDataFrame) -> bool:
    """Whether cells cover the communities exactly, but for slivers below 2 mm along their border.

    Cells are valid single polygons, and each edge of one is an edge of another, the other way round, but for edges on
    the communities' border. So the number of cells over a point changes nowhere but there; and the areas are equal.
    """
    land = shapely.union_all(site.communities.geometry.to_numpy())
    border = shapely.boundary(land)
    kept = []
    for rows in np.array_split(np.argsort(table["block"].to_numpy(dtype=object)), 1 + len(table) // PORTION):
        shapes = table.geometry.to_numpy()[rows]
        if not (shapely.is_valid(shapes) & (shapely.get_type_id(shapes) == 3)).all():
            return False
        kept.append(_lone_edges(_directed_edges(shapes)))
    lone = _lone_edges(np.concatenate(kept))
    lines = shapely.linestrings(lone.view(np.float64).reshape(-1, 2, 2))
    near = shapely.buffer(border, 2 * SLIVER)
    shapely.prepare(near)
    difference = abs(float(table.area.sum()) - land.area)
    return bool(shapely.covers(near, lines).all()) and difference <= SLIVER * border.length


def _directed_edges(shapes: Any) -> Any:
    """Tails and heads of edges, as complex numbers, with their polygon on the left."""
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.orient_polygons(shapes)), return_index=True)
    ends = points.view(np.complex128).ravel()
    edge = np.flatnonzero(ring[1:] == ring[:-1])
    return np.stack([ends[edge], ends[edge + 1]], axis=1)


def _lone_edges(edges: Any) -> Any:
    """Edges that their reverse does not cancel, each as often as it is left."""
    points, number = np.unique(edges, return_inverse=True)
    tail, head = number.reshape(-1, 2).T
    key, where = np.unique(np.minimum(tail, head) * len(points) + np.maximum(tail, head), return_inverse=True)
    left = np.bincount(where, np.where(tail < head, 1, -1), minlength=len(key)).astype(np.int64)
    low, high = points[key // len(points)], points[key % len(points)]
    way = np.where((left > 0)[:, None], np.stack([low, high], axis=1), np.stack([high, low], axis=1))
    return np.repeat(way, np.abs(left), axis=0)


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
    points = np.asarray(shapely.points(generator.uniform((west, south), (east, north), (tries, 2))))
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
        index = pd.Index(
            [f"{k + 1:012d}" for k in range(len(geometry))], name="code" if role == "communities" else "id"
        )
        columns = {name: pd.Series(None, index=index, dtype=dtype) for name, dtype in ROLES[role].columns.items()}
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
    """Blocks and cells, as momepy makes them; what the account tells of them is not its task."""
    inputs = read_inputs(site)
    enclosed = enclose(inputs)
    return enclosed, tessellate(inputs, enclosed, TowerLimit(None, split_large=False), along=None).cells


def _tessellate(site: Site) -> gpd.GeoDataFrame:
    """The same land by momepy."""
    import momepy

    limit = gpd.GeoSeries([site.communities.union_all()], crs=site.crs)
    lines = gpd.GeoSeries(np.concatenate([*bounding_lines(site, UNBOUNDING, walls_of(site)).values()]), crs=site.crs)
    enclosures = momepy.enclosures(lines, limit=limit)
    return momepy.enclosed_tessellation(site.buildings.geometry, enclosures.geometry)


if __name__ == "__main__":
    main()

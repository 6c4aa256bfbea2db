"""Which cells border which, over how many metres, and across what.

Cells are an exact coverage, so neighbours share edges vertex for vertex: adjacency is a join on equal edges, without any geometric
test. What lies on an edge is looked up by its midpoint among the lines of the site.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.barriers import (
    GATE_M,
    Walls,
    are_bounding,
    are_closed,
    are_walked,
    off_ground,
    segments_of,
    shapes_of,
    walls_of,
)
from gridgeo.coverage import Floats, Ints, Shapes, SharedEdges, in_order, shared_edges
from gridgeo.model import LAND, Land, Site

if TYPE_CHECKING:
    import networkx as nx


HARD = frozenset({"motorway", "railway", "waterway", "barrier"})
"""What separates neighbours unless a link leads across."""

_ARTERIAL = ("trunk", "primary", "secondary", "trunk_link", "primary_link", "secondary_link")
_MOTORWAY = ("motorway", "motorway_link")
_RANK = ("land", "outline", "street", "arterial", "motorway", "barrier", "link", "waterway", "railway")
"""Where several lines lie on one edge, the last of these counts."""

_BY_NAME = tuple(sorted(_RANK))
_NUMBER = np.array([_BY_NAME.index(name) for name in _RANK])
"""Place of each rank in the order of names, in which a table has them."""

ON_LINE_M = 0.01
"""A line runs along an edge if the edge's midpoint is this near [m]; noding moves a line by a tenth of it at most."""

COLUMNS: Mapping[str, str] = MappingProxyType({"a": "str", "b": "str", "shared_m": "float64", "across": "str"})


class _BlockingLines(NamedTuple):
    """What can lie between two blocks."""

    ground: shapely.STRtree
    """Segments of lines on the ground."""
    rank: Ints
    """What each of them is."""
    way: npt.NDArray[np.bool_]
    """Whether each of them is a street that leads through a wall which it crosses."""
    gates: shapely.STRtree
    """Gates of walls given as points."""
    across: tuple[tuple[shapely.STRtree, str], ...]
    """Segments of lines that lead across others, or close the way, and what they make of it."""


class _CellRows(NamedTuple):
    """What is known of cells, row by row."""

    block: Ints
    plain: npt.NDArray[np.bool_]
    """Whether a cell is neither water nor railway land nor an institution's."""
    lines: _BlockingLines | None


def adjacency(cells: Land | gpd.GeoDataFrame, site: Site | None = None) -> pd.DataFrame:
    """Border lengths between cells of one community.

    Parameters
    ----------
    cells
        Exact coverage, indexed by cell: a table, or land with its walls. Reads: community, block, kind, geometry.
    site
        Its streets, railways, waterways, barriers and links tell what lies between two blocks. Without it every line between two
        blocks is taken for a street.

    Returns
    -------
    adjacency
        One row for each pair of cells and each thing that lies between them: `a`, `b` (cell ids, a < b), `shared_m` (length of
        their common border with that on it [m]), `across`: land (nothing), outline (edge of water, railway land or an institution),
        link (a barrier, where a bridge, an underpass or a line of `links` leads across; the opening of a wall), street, arterial,
        motorway, barrier, waterway, railway. Cells that touch in a point are no neighbours.
    """
    table, walls = (cells.cells, cells.walls) if isinstance(cells, Land) else (cells, None)
    lines = None if site is None else _lines_of(site, walls or walls_of(site))
    names = table.index.to_numpy(dtype=str)
    by_name = np.argsort(names, kind="stable")
    names, shapes = names[by_name], table.geometry.to_numpy()[by_name]
    community, block, kind = (table[name].to_numpy(dtype=str)[by_name] for name in ("community", "block", "kind"))
    land = _CellRows(np.unique(block, return_inverse=True)[1], kind == LAND, lines)
    # Each community by itself: no border leads out of one, and all edges of one take much memory.
    rows = [np.flatnonzero(community == name) for name in np.unique(community)]
    metres = in_order(lambda own: _metres(shapes, own, land), rows)
    borders = pd.concat(metres or [_metres(shapes, np.arange(0), land)]).sort_values(["a", "b", "across"])
    for name, texts in (("a", names), ("b", names), ("across", np.array(_BY_NAME))):
        borders[name] = texts[borders[name].to_numpy()]
    return borders.reset_index(drop=True)[list(COLUMNS)]


def to_networkx(cells: Land | gpd.GeoDataFrame, edges: pd.DataFrame) -> nx.Graph:
    """The graph for people who want to look at it.

    Nodes carry households and code (if the cells have one), edges `shared_m` and `across` (a table from what to metres).
    """
    import networkx as nx

    graph = nx.Graph()
    cells = cells.cells if isinstance(cells, Land) else cells
    columns = [name for name in ("households", "code", "kind") if name in cells]
    graph.add_nodes_from(
        (cell, dict(zip(columns, row, strict=True)))
        for cell, row in zip(cells.index, cells[columns].to_numpy(), strict=True)
    )
    for a, b, shared_m, across in edges[list(COLUMNS)].itertuples(index=False):
        if not graph.has_edge(a, b):
            graph.add_edge(a, b, shared_m=0.0, across={})
        graph[a][b]["shared_m"] += shared_m
        graph[a][b]["across"][across] = shared_m
    return graph


def _metres(shapes: Shapes, rows: Ints, land: _CellRows) -> pd.DataFrame:
    """Border lengths of the cells in some rows: a, b (rows, a < b), across (as numbered in `_BY_NAME`), shared_m."""
    edges = shared_edges(shapes[rows])
    edges = edges._replace(left=rows[edges.left], right=rows[edges.right])
    across = np.zeros(len(edges.left), dtype=np.int64)
    between = np.flatnonzero(land.block[edges.left] != land.block[edges.right])
    across[between] = _across(edges.at(between), land)
    border = (edges.left * len(shapes) + edges.right) * len(_RANK) + _NUMBER[across]
    metres = pd.Series(edges.lengths()).groupby(border, sort=True).sum()
    pair, what = np.divmod(metres.index.to_numpy(), len(_RANK))
    a, b = np.divmod(pair, len(shapes))
    return pd.DataFrame({"a": a, "b": b, "across": what, "shared_m": metres.to_numpy()})


def _across(edges: SharedEdges, land: _CellRows) -> Ints:
    """Rank of what lies on each edge between two blocks."""
    one, other = land.block[edges.left], land.block[edges.right]
    pair = np.minimum(one, other) * (land.block.max(initial=0) + 1) + np.maximum(one, other)
    plain = land.plain[edges.left] & land.plain[edges.right]
    if land.lines is None:
        return np.where(plain, _RANK.index("street"), _RANK.index("outline"))
    found = _on_lines(edges, land.lines)
    # Round a building that stands across a line, a border leaves the line: what is on the rest of it counts there too.
    metres = pd.DataFrame({"pair": pair, "rank": found, "length": edges.lengths()})
    known = metres[metres["rank"] > 0].groupby(["pair", "rank"])["length"].sum().reset_index()
    usual = known.sort_values(["pair", "length", "rank"]).groupby("pair")["rank"].last()
    fallback = metres["pair"].map(usual).fillna(_RANK.index("street")).to_numpy(dtype=np.int64)
    found = np.where(found > 0, found, np.where(plain, fallback, _RANK.index("outline")))
    return _open_links(edges, _open_walls(edges, found, land.lines), land.lines)


def _on_lines(edges: SharedEdges, lines: _BlockingLines) -> Ints:
    middle = np.asarray(shapely.points((edges.ends[:, :2] + edges.ends[:, 2:]) / 2))
    found = np.zeros(len(middle), dtype=np.int64)
    edge, line = lines.ground.query(middle, predicate="dwithin", distance=ON_LINE_M)
    np.maximum.at(found, edge, lines.rank[line])
    return found


def _lines_of(site: Site, walls: Walls) -> _BlockingLines:
    streets, links = site.layer("streets"), site.layer("links")
    crossing, closed = streets[off_ground(streets) & are_walked(streets)], are_closed(links)
    lines, rank, way = _classed_lines(site, walls)
    across = (crossing, "link"), (links[~closed], "link"), (links[closed], "barrier")
    trees = tuple((shapely.STRtree(segments_of(shapes_of(layer))[0]), what) for layer, what in across)
    return _BlockingLines(shapely.STRtree(lines), rank, way, shapely.STRtree(walls.posts), trees)


def _classed_lines(site: Site, walls: Walls) -> tuple[Shapes, Ints, npt.NDArray[np.bool_]]:
    """Single segments of all lines on the ground, the rank of what they are, and whether each leads through walls."""
    streets = site.layer("streets")
    ranks = {"streets": _street_class(streets["highway"])} | {
        role: np.where(are_bounding(site.layer(role), role), name, "outline")
        for role, name in (("railways", "railway"), ("waterways", "waterway"), ("barriers", "barrier"))
    }
    shapes, rank, way = [], [], []
    for role, names in ranks.items():
        table = site.layer(role)
        ground = np.flatnonzero(~off_ground(table) & ~table.geometry.isna().to_numpy())
        parts, row = segments_of(np.asarray(table.geometry.array, dtype=object)[ground])
        shapes.append(parts)
        rank.append(np.array([_RANK.index(name) for name in names[ground]], dtype=np.int64)[row])
        way.append(are_walked(table)[ground][row] if role == "streets" else np.zeros(len(parts), dtype=bool))
    openings, _ = segments_of(walls.openings)
    shapes.append(openings)
    rank.append(np.full(len(openings), _RANK.index("link")))
    way.append(np.zeros(len(openings), dtype=bool))
    return np.concatenate(shapes), np.concatenate(rank), np.concatenate(way)


def _open_walls(edges: SharedEdges, rank: Ints, lines: _BlockingLines) -> Ints:
    """Turn walls into links where a gate stands in them, or a street crosses them."""
    walls = np.flatnonzero(rank == _RANK.index("barrier"))
    ends = edges.ends[walls]
    shapes = edges.at(walls).lines()
    gate, _ = lines.gates.query(shapes, predicate="dwithin", distance=GATE_M) if len(lines.gates) else ([], [])
    edge, line = lines.ground.query(shapes, predicate="dwithin", distance=ON_LINE_M)
    edge, line = edge[lines.way[line]], line[lines.way[line]]
    street = shapely.get_coordinates(lines.ground.geometries[line]).reshape(-1, 4)
    rank = rank.copy()
    rank[walls[np.unique(np.concatenate([gate, edge[_crossing(ends[edge], street)]]).astype(np.int64))]] = _RANK.index(
        "link"
    )
    return rank


def _crossing(edges: Floats, streets: Floats) -> npt.NDArray[np.bool_]:
    """Which pieces of streets cross the edge that they are given with, by themselves or with another one that goes on from its end.

    Parameters
    ----------
    edges, streets
        Pairs that meet: x0, y0, x1, y1.
    """
    along = edges[:, 2:] - edges[:, :2]
    away = (streets - np.tile(edges[:, :2], 2)).reshape(-1, 2, 2)
    length = np.hypot(*along.T)[:, None]
    off = (along[:, None, 0] * away[:, :, 1] - along[:, None, 1] * away[:, :, 0]) / length
    at = (along[:, None] * away).sum(axis=2) / length
    side = np.where(np.abs(off) <= ON_LINE_M, 0, np.sign(off)).astype(np.int64)
    onto = (side == 0) & (at >= -ON_LINE_M) & (at <= length + ON_LINE_M)
    crosses = side[:, 0] * side[:, 1] < 0
    # Streets that end on the edge, or have a corner there, cross it where they lead to both of its sides from one point.
    pair, end = np.nonzero(onto)
    spot = np.column_stack([edges[pair], streets.reshape(-1, 2, 2)[pair, end]])
    _, spot_of = np.unique(spot, axis=0, return_inverse=True)
    to = side[pair, 1 - end]
    least, most = np.zeros((2, spot_of.max(initial=-1) + 1), dtype=np.int64)
    np.minimum.at(least, spot_of, to)
    np.maximum.at(most, spot_of, to)
    crosses[pair[(least < 0)[spot_of] & (most > 0)[spot_of]]] = True
    return crosses


def _open_links(edges: SharedEdges, rank: Ints, lines: _BlockingLines) -> Ints:
    """Turn barriers into links where something leads across; and links into barriers where `links` says closed."""
    hard = np.flatnonzero(np.isin(rank, [_RANK.index(name) for name in HARD]))
    rank = rank.copy()
    for tree, what in lines.across:
        among = np.arange(len(rank)) if what == "barrier" else hard
        rank[among[_met(edges.at(among), tree)]] = _RANK.index(what)
    return rank


def _met(edges: SharedEdges, tree: shapely.STRtree) -> Ints:
    if len(tree) == 0:
        return np.zeros(0, dtype=np.int64)
    return np.unique(tree.query(edges.lines(), predicate="intersects")[0])


def _street_class(highway: pd.Series) -> npt.NDArray[np.str_]:
    known = highway.fillna("").to_numpy(dtype=str)
    return np.where(np.isin(known, _MOTORWAY), "motorway", np.where(np.isin(known, _ARTERIAL), "arterial", "street"))

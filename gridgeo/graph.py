"""Which cells border which, over how many metres, and across what.

Cells are an exact coverage, so neighbours share edges vertex for vertex: adjacency is a join on equal edges, without any geometric
test. What lies on an edge is looked up by its midpoint among the lines of the site.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.site import Site

if TYPE_CHECKING:
    import networkx as nx

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

HARD = frozenset({"motorway", "railway", "waterway", "barrier"})
"""What separates neighbours unless a link leads across."""

_NO_WAY = ("motorway", "motorway_link", "construction", "proposed")
"""Classes of bridges and tunnels that link nobody: no access to what lies beside them, or not yet built."""

_ARTERIAL = ("trunk", "primary", "secondary", "trunk_link", "primary_link", "secondary_link")
_MOTORWAY = ("motorway", "motorway_link")
_SOFT_WATER = ("stream", "ditch", "drain", "tidal_channel")
_SOFT_BARRIERS = ("hedge", "kerb", "bollard", "handrail", "gate", "entrance", "lift_gate")

_RANK = ("land", "outline", "link", "street", "arterial", "motorway", "barrier", "waterway", "railway")
"""Where several lines lie on one edge, the last of these counts."""

ON_LINE_M = 0.01
"""A line runs along an edge if the edge's midpoint is this near [m]; noding moves a line by a tenth of it at most."""

COLUMNS: Mapping[str, str] = MappingProxyType({"a": "str", "b": "str", "shared_m": "float64", "across": "str"})


def adjacency(cells: gpd.GeoDataFrame, site: Site | None = None) -> pd.DataFrame:
    """Border lengths between cells of one community.

    Parameters
    ----------
    cells
        Exact coverage, indexed by cell. Reads: community, block, geometry.
    site
        Its streets, railways, waterways, barriers and links tell what lies between two blocks. Without it every line between two
        blocks is taken for a street.

    Returns
    -------
    adjacency
        One row for each pair of cells and each thing that lies between them: `a`, `b` (cell ids, a < b), `shared_m` (length of
        their common border with that on it [m]), `across`: land (nothing), outline (edge of water, railway land or an institution),
        link (a barrier, where a bridge, an underpass or a line of `links` leads across), street, arterial, motorway, barrier,
        waterway, railway. Cells that touch in a point are no neighbours.
    """
    edges = _shared_edges(cells.geometry.to_numpy())
    community, block = (
        np.unique(cells[name].to_numpy(dtype=str), return_inverse=True)[1] for name in ("community", "block")
    )
    edges = edges[community[edges["left"]] == community[edges["right"]]]
    left, right = edges["left"].to_numpy(), edges["right"].to_numpy()
    across = np.zeros(len(edges), dtype=np.int64)
    between = np.flatnonzero(block[left] != block[right])
    kinds = cells["kind"].to_numpy(dtype=str)
    across[between] = _across(edges.iloc[between], block, kinds, site)
    names = cells.index.to_numpy(dtype=str)
    swap = names[left] > names[right]
    table = pd.DataFrame(
        {
            "a": names[np.where(swap, right, left)],
            "b": names[np.where(swap, left, right)],
            "across": np.array(_RANK)[across],
            "shared_m": edges["length"].to_numpy(),
        }
    )
    table = table.groupby(["a", "b", "across"], sort=True, as_index=False)["shared_m"].sum()
    return table[list(COLUMNS)]


def to_networkx(cells: gpd.GeoDataFrame, edges: pd.DataFrame) -> nx.Graph:
    """The graph for people who want to look at it.

    Nodes carry households and code (if the cells have one), edges `shared_m` and `across` (a table from what to metres).
    """
    import networkx as nx

    graph = nx.Graph()
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


def _shared_edges(polygons: npt.NDArray[np.object_]) -> pd.DataFrame:
    """Edges that two polygons have in common: left, right (positions of polygons), x0, y0, x1, y1, length."""
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    start = np.flatnonzero(ring[1:] == ring[:-1])
    first, second = points[start], points[start + 1]
    flip = (first[:, 0] > second[:, 0]) | ((first[:, 0] == second[:, 0]) & (first[:, 1] > second[:, 1]))
    first[flip], second[flip] = second[flip], first[flip].copy()
    owner = polygon[ring[start]]
    order = np.lexsort((owner, second[:, 1], second[:, 0], first[:, 1], first[:, 0]))
    ends = np.hstack([first, second])[order]
    same = np.flatnonzero((ends[1:] == ends[:-1]).all(axis=1))
    left, right = owner[order][same], owner[order][same + 1]
    ends = ends[same]
    length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    table = pd.DataFrame(ends, columns=["x0", "y0", "x1", "y1"]).assign(left=left, right=right, length=length)
    return table[left != right]


def _across(edges: pd.DataFrame, block: Ints, kind: npt.NDArray[np.str_], site: Site | None) -> Ints:
    """Rank of what lies on each edge between two blocks."""
    left, right = edges["left"].to_numpy(), edges["right"].to_numpy()
    pair = np.minimum(block[left], block[right]) * (block.max(initial=0) + 1) + np.maximum(block[left], block[right])
    plain = (kind[left] == "land") & (kind[right] == "land")
    if site is None:
        return np.where(plain, _RANK.index("street"), _RANK.index("outline"))
    lines, rank = _classed_lines(site)
    found = _on_lines(edges, lines, rank)
    # Round a building that stands across a line, a border leaves the line: what is on the rest of it counts there too.
    metres = pd.DataFrame({"pair": pair, "rank": found, "length": edges["length"].to_numpy()})
    known = metres[metres["rank"] > 0].groupby(["pair", "rank"])["length"].sum().reset_index()
    usual = known.sort_values(["pair", "length", "rank"]).groupby("pair")["rank"].last()
    fallback = metres["pair"].map(usual).fillna(_RANK.index("street")).to_numpy(dtype=np.int64)
    found = np.where(found > 0, found, np.where(plain, fallback, _RANK.index("outline")))
    return _open_links(edges, found, site)


def _on_lines(edges: pd.DataFrame, lines: npt.NDArray[np.object_], rank: Ints) -> Ints:
    middle = shapely.points((edges["x0"] + edges["x1"]) / 2, (edges["y0"] + edges["y1"]) / 2)
    found = np.zeros(len(edges), dtype=np.int64)
    edge, line = shapely.STRtree(lines).query(middle, predicate="dwithin", distance=ON_LINE_M)
    np.maximum.at(found, edge, rank[line])
    return found


def _classed_lines(site: Site) -> tuple[npt.NDArray[np.object_], Ints]:
    """Single segments of all lines on the ground, with the rank of what they are."""
    shapes, ranks = [], []
    for layer, names in (
        (site.layer("streets"), _street_class(site.layer("streets")["highway"])),
        (site.layer("railways"), "railway"),
        (site.layer("waterways"), _hard(site.layer("waterways")["waterway"], _SOFT_WATER, "waterway")),
        (site.layer("barriers"), _hard(site.layer("barriers")["barrier"], _SOFT_BARRIERS, "barrier")),
    ):
        named = pd.Series(names, index=layer.index, dtype="str")
        ground = layer[~_off_ground(layer)]
        parts, row = _segments(ground.geometry.to_numpy())
        shapes.append(parts)
        ranks.append(named.loc[ground.index].map(_RANK.index).to_numpy(dtype=np.int64)[row])
    return np.concatenate(shapes), np.concatenate(ranks)


def _open_links(edges: pd.DataFrame, rank: Ints, site: Site) -> Ints:
    """Turn barriers into links where something leads across; and links into barriers where `links` says closed."""
    hard = np.flatnonzero(np.isin(rank, [_RANK.index(name) for name in HARD]))
    streets, links = site.layer("streets"), site.layer("links")
    crossing = streets[_off_ground(streets) & ~streets["highway"].isin(_NO_WAY).fillna(value=False)]
    closed = links["kind"].isin(["closed", "remove"]).fillna(value=False)
    rank = rank.copy()
    for lines, value in ((crossing, "link"), (links[~closed], "link"), (links[closed], "barrier")):
        among = np.arange(len(rank)) if value == "barrier" else hard
        rank[among[_met(edges.iloc[among], lines.geometry.to_numpy())]] = _RANK.index(value)
    return rank


def _met(edges: pd.DataFrame, lines: npt.NDArray[np.object_]) -> Ints:
    ends = edges[["x0", "y0", "x1", "y1"]].to_numpy().reshape(-1, 2, 2)
    parts, _ = _segments(lines)
    if not len(ends) or not len(parts):
        return np.zeros(0, dtype=np.int64)
    return np.unique(shapely.STRtree(parts).query(shapely.linestrings(ends), predicate="intersects")[0])


def _segments(shapes: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], Ints]:
    """Lines, and outlines of polygons, cut at their points; and the row that each segment is of."""
    points, part = shapely.get_coordinates(shapely.get_parts(_as_lines(shapes)), return_index=True)
    _, row = shapely.get_parts(_as_lines(shapes), return_index=True)
    start = np.flatnonzero(part[1:] == part[:-1])
    return shapely.linestrings(np.stack([points[start], points[start + 1]], axis=1)), row[part[start]]


def _as_lines(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    area = shapely.get_dimensions(shapes) == 2
    return np.where(area, shapely.boundary(shapes), shapes)


def _off_ground(layer: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    """Rows on a bridge or in a tunnel."""
    off = np.zeros(len(layer), dtype=bool)
    for column in ("bridge", "tunnel"):
        if column in layer:
            off |= layer[column].fillna(value=False).to_numpy(dtype=bool)
    return off


def _street_class(highway: pd.Series) -> npt.NDArray[np.str_]:
    known = highway.fillna("").to_numpy(dtype=str)
    return np.where(np.isin(known, _MOTORWAY), "motorway", np.where(np.isin(known, _ARTERIAL), "arterial", "street"))


def _hard(kind: pd.Series, soft: tuple[str, ...], name: str) -> npt.NDArray[np.str_]:
    return np.where(kind.isin(soft).fillna(value=False).to_numpy(dtype=bool), "outline", name)

"""Colours for zones of one tier, such that no two neighbours are alike."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.style.palette import fill, tint


def colours(zones: gpd.GeoDataFrame) -> pd.Series:
    """Colour of each zone, such that no two with a common border are alike.

    Parameters
    ----------
    zones
        One tier, indexed by code; reads geometry. The order of the rows plays no part.

    Returns
    -------
    colours
        Code -> ``#rrggbb``, in the order of the rows.
    """
    return colour_numbers(zones).map(fill)


def nested_colours(zones: gpd.GeoDataFrame, outer: pd.Series) -> pd.Series:
    """Colours of zones inside coarser ones: the hue of the coarser zone, in a shade that no neighbour inside it has.

    Parameters
    ----------
    zones
        One tier, indexed by code; reads geometry.
    outer
        Code of a coarser tier -> colour.
    """
    digits = len(outer.index[0]) if len(outer) else 0
    numbers = colour_numbers(zones)
    picked = [tint(outer[str(code)[:digits]], number) for code, number in numbers.items()]
    return pd.Series(picked, index=zones.index, dtype="object")


def colour_numbers(zones: gpd.GeoDataFrame) -> pd.Series:
    """Number of a colour for each zone, from 0, by greedy colouring; six are enough for zones in one piece."""
    import networkx as nx

    codes = zones.index.to_numpy(dtype=str)
    order = np.argsort(codes, kind="stable")
    graph = nx.Graph()
    graph.add_nodes_from(range(len(zones)))
    graph.add_edges_from(map(tuple, neighbours(zones.geometry.to_numpy()[order]).tolist()))
    numbers = nx.greedy_color(graph, strategy=_smallest_last)
    at = np.empty(len(zones), dtype=np.int64)
    at[order] = [numbers[rank] for rank in range(len(zones))]
    return pd.Series(at, index=zones.index)


def neighbours(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """Pairs of polygons (positions, smaller first, sorted) that share a border or overlap; a common corner does not count."""
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    borders = shapely.boundary(shapes)
    shared = shapely.length(shapely.intersection(borders[left], borders[right])) > 0
    shared |= shapely.overlaps(shapes[left], shapes[right])
    pairs = np.column_stack([left[shared], right[shared]])
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].astype(np.int64)


def _smallest_last(graph: object, _numbers: object) -> list[int]:
    """Order for greedy colouring that needs at most six colours in the plane; ties go to the higher code.

    Source: D. W. Matula, L. L. Beck, Smallest-last ordering and clustering and graph coloring algorithms, 1983. The version in
    networkx walks over sets, whose order is nobody's promise.
    """
    import heapq

    adjacent: dict[int, set[int]] = {node: set(graph.adj[node]) for node in graph}  # type: ignore[attr-defined]
    heap = [(len(others), -node) for node, others in adjacent.items()]
    heapq.heapify(heap)
    last: list[int] = []
    while adjacent:
        degree, node = heapq.heappop(heap)
        if -node not in adjacent or degree != len(adjacent[-node]):
            continue
        for other in sorted(adjacent.pop(-node)):
            adjacent[other].discard(-node)
            heapq.heappush(heap, (len(adjacent[other]), -other))
        last.append(-node)
    return last[::-1]

"""Getting about inside a zone: how far it is from one building to another, and whether one gets there at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from gridgeo.comparison.common_cells import CommonCells
from gridgeo.coverage import Ints

_AT_ONCE = 500
"""Buildings from which ways are searched at once; bounds the memory that a large zone takes."""


class ZoneGraph(NamedTuple):
    """One zone as a graph of cells in which one can walk."""

    ways: csr_array
    """Metres between neighbours."""
    built: Ints
    """Cells with buildings, by their place in the zone."""


def zone_graphs(land: CommonCells, number: Ints) -> Iterator[ZoneGraph]:
    """Graph of each zone.

    Parameters
    ----------
    number
        Number of the zone of each cell, -1 for cells that are left out.
    """
    order = np.argsort(number, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    ways = land.passable
    ways = ways[number[ways["at"]] == number[ways["to"]]]
    at, to = place[ways["at"]], place[ways["to"]]
    # An edge of no length would be no edge in a sparse matrix.
    metres = np.maximum(ways["walk_m"].to_numpy(), 1e-9)
    whole = coo_array((metres, (at, to)), shape=(len(order), len(order))).tocsr()
    zones, start = np.unique(number[order], return_index=True)
    ends = [*start[1:], len(order)]
    for zone, low, high in zip(zones, start, ends, strict=True):
        if zone >= 0:
            yield ZoneGraph(whole[low:high, low:high], np.flatnonzero(land.built[order[low:high]]))


def longest_walk(zone: ZoneGraph) -> float:
    """Longest of the shortest ways between two buildings of a zone [m].

    A way leads from neighbour to neighbour, in straight lines between a point in the first building of each cell, or of its land,
    and never across a barrier, water or railway land. Where a zone is in several pieces, each counts for itself.
    """
    longest = 0.0
    for some in np.array_split(zone.built, max(1, -(-len(zone.built) // _AT_ONCE))):
        if len(some):
            metres = dijkstra(zone.ways, directed=False, indices=some)[:, zone.built]
            longest = max(longest, float(metres[np.isfinite(metres)].max()))
    return longest


def is_cut(zone: ZoneGraph) -> bool:
    """Whether one cannot walk from each building of a zone to each other without crossing a barrier, water or railway land."""
    _, piece = connected_components(zone.ways, directed=False)
    return len(np.unique(piece[zone.built])) > 1

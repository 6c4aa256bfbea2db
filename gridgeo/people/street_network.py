"""Walking over the streets: a graph of all walked streets, and the way from each building or post to the nearest of them.

A way to a street is a straight line from the footprint's edge; it may cross neither walls, but for their openings, nor water or
railways. Streets meet where they cross, but bridges and tunnels only at their ends; where they lead through a wall there is a gate.
"""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array, csr_array
from shapely import STRtree

from gridgeo.barriers import Walls, are_walked, lines_of, off_ground, segments_of, shapes_of, walls_of
from gridgeo.coverage import Flags, Floats, Ints, Shapes, as_complex
from gridgeo.model import Site

FARTHEST_M = 150.0
"""No way to a street is longer [m]."""

_RADII_M = (25.0, 60.0, FARTHEST_M)
"""Streets are looked for so far round a place, and farther only if no way is found [m]."""

_TRIED = 12
"""Nearest pieces of streets that are tried for each place."""
_LEAST_M = 1e-6
"""An edge of no length would be no edge in a sparse matrix [m]."""

REACHED, NO_STREET, BARRIER = range(3)
"""Of a place: it has a way to a street; no street is near; walls, water or railways lie before every street."""


class Network(NamedTuple):
    """Streets and places as a graph."""

    ways: csr_array
    """Metres between nodes, each way once."""
    node: Ints
    """Node of each place."""
    access: Ints
    """REACHED, NO_STREET or BARRIER, for each place."""


class _Access(NamedTuple):
    """How places come to streets."""

    segment: Ints
    """Piece of a street; -1: none."""
    along_m: Floats
    """Metres from its beginning."""
    way_m: Floats
    """Metres to it."""
    state: Ints


def network_of(site: Site, places: Shapes) -> Network:
    """The streets of a site, and places beside them; who is walled in leaves by an opening.

    Parameters
    ----------
    places
        Footprints or points, in the system of the site.
    """
    streets, walls = site.layer("streets"), walls_of(site)
    segments = _walked(streets)
    barred = _barred(site, walls)
    openings = np.concatenate([shapely.line_interpolate_point(walls.openings, 0.5, normalized=True), walls.posts])
    access = _ways_out(segments, np.concatenate([places, openings]), barred)
    by_gate = _ways_to(openings, places, access, barred=barred)
    ends = shapely.get_coordinates(segments).reshape(-1, 4)
    points, node = np.unique(as_complex(ends.reshape(-1, 2)), return_inverse=True)
    first = len(points)
    streets_ways = _along_streets(segments, node.reshape(-1, 2), access, first=first)
    gate_ways = (first + by_gate.place, first + len(places) + by_gate.opening, by_gate.way_m)
    edges = tuple(np.concatenate(both) for both in zip(streets_ways, gate_ways, strict=True))
    state = access.state[: len(places)].copy()
    state[by_gate.place] = REACHED
    nodes = first + len(access.state) + int((access.segment >= 0).sum())
    return Network(_graph((edges[0], edges[1], edges[2]), nodes), first + np.arange(len(places)), state)


def _walked(streets: gpd.GeoDataFrame) -> Shapes:
    """Pieces of walked streets; those on the ground meet where they cross, whether or not they share a point there."""
    walked, above = are_walked(streets), off_ground(streets)
    ground = shapely.get_parts(shapely.union_all(lines_of(shapes_of(streets, walked & ~above))))
    return segments_of(np.concatenate([ground, lines_of(shapes_of(streets, walked & above))]))[0]


def _along_streets(segments: Shapes, node: Ints, access: _Access, *, first: int) -> tuple[Ints, Ints, Floats]:
    """Ways along pieces of streets, cut where ways of places meet them, and these ways: from, to, metres.

    A place is a node, from `first` on; so is the spot where its way meets the street, which it shares with none.
    """
    inside = np.flatnonzero(access.segment >= 0)
    spot = first + len(access.state) + np.arange(len(inside))
    every = np.arange(len(segments))
    segment = np.concatenate([every, access.segment[inside], every])
    along = np.concatenate([np.zeros(len(segments)), access.along_m[inside], shapely.length(segments)])
    at = np.concatenate([node[:, 0], spot, node[:, 1]])
    order = np.lexsort((np.arange(len(along)), along, segment))
    same = segment[order][1:] == segment[order][:-1]
    return (
        np.concatenate([at[order][:-1][same], first + inside]),
        np.concatenate([at[order][1:][same], spot]),
        np.concatenate([np.diff(along[order])[same], access.way_m[inside]]),
    )


class _ByGate(NamedTuple):
    """Straight ways from places without a way to a street to openings that have one."""

    place: Ints
    opening: Ints
    way_m: Floats


def _ways_to(openings: Shapes, places: Shapes, access: _Access, *, barred: Shapes) -> _ByGate:
    closed = np.flatnonzero(access.state[: len(places)] != REACHED)
    open_ = np.flatnonzero(access.state[len(places) :] == REACHED)
    place, opening = shapely.STRtree(openings[open_]).query(places[closed], predicate="dwithin", distance=FARTHEST_M)
    place, opening = closed[place], open_[opening]
    lines = np.asarray(shapely.shortest_line(places[place], openings[opening]))
    free = ~_crosses(lines, shapely.STRtree(barred))
    return _ByGate(place[free], opening[free], shapely.length(lines[free]))


def _graph(edges: tuple[Ints, Ints, Floats], nodes: int) -> csr_array:
    """The shortest edge between each two nodes, in both directions; no sum of parallel ones."""
    low, high = np.minimum(edges[0], edges[1]), np.maximum(edges[0], edges[1])
    order = np.lexsort((edges[2], high, low))
    low, high, metres = low[order], high[order], np.maximum(edges[2][order], _LEAST_M)
    first = np.append(True, (low[1:] != low[:-1]) | (high[1:] != high[:-1]))[: len(low)]
    return coo_array((metres[first], (low[first], high[first])), shape=(nodes, nodes)).tocsr()


def _barred(site: Site, walls: Walls) -> Shapes:
    """Lines that nobody crosses on the way to a street."""
    water, railways = site.layer("water"), site.layer("railways")
    shores = shapely.boundary(shapes_of(water))
    return np.concatenate([walls.lines, lines_of(shores), lines_of(shapes_of(railways))])


def _ways_out(segments: Shapes, places: Shapes, barred: Shapes) -> _Access:
    """The nearest piece of a street to which a straight line leads from each place."""
    n = len(places)
    out = _Access(np.full(n, -1), np.full(n, np.nan), np.full(n, np.nan), np.full(n, NO_STREET))
    left = np.flatnonzero(~(shapely.is_missing(places) | shapely.is_empty(places)))
    tree, walls = shapely.STRtree(segments), shapely.STRtree(barred)
    for radius in _RADII_M:
        place, segment = tree.query(places[left], predicate="dwithin", distance=radius)
        _leave(_Leaving(places, tree, walls), (left[place], segment), out)
        left = left[out.state[left] != REACHED]
    return out


class _Leaving(NamedTuple):
    """Who leaves, for which streets, past what."""

    places: Shapes
    streets: STRtree
    barred: STRtree


def _leave(leaving: _Leaving, pairs: tuple[Ints, Ints], out: _Access) -> None:
    """Note the nearest free way of each place among pairs of a place and a piece of a street."""
    place, segment = pairs
    places, segments = leaving.places, leaving.streets.geometries
    far = shapely.distance(places[place], segments[segment])
    order = np.lexsort((segment, far, place))
    place, segment = place[order], segment[order]
    near = np.arange(len(place)) - np.searchsorted(place, place) < _TRIED
    place, segment = place[near], segment[near]
    lines = np.asarray(shapely.shortest_line(places[place], segments[segment]))
    free = ~_crosses(lines, leaving.barred)
    out.state[place] = BARRIER
    taken, first = np.unique(place[free], return_index=True)
    chosen = np.flatnonzero(free)[first]
    out.segment[taken] = segment[chosen]
    out.way_m[taken] = shapely.length(lines[chosen])
    out.along_m[taken] = shapely.line_locate_point(segments[segment[chosen]], shapely.get_point(lines[chosen], -1))
    out.state[taken] = REACHED


def _crosses(lines: Shapes, barred: STRtree) -> Flags:
    """Lines that cross a barrier; to begin or end at one is no crossing."""
    crossed: npt.NDArray[np.bool_] = np.zeros(len(lines), dtype=bool)
    crossed[barred.query(lines, predicate="crosses")[0]] = True
    return crossed

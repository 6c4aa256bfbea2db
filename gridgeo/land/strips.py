"""Cut a footprint along its long axis into pieces of equal area, each in one part."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, depth_first_order, dijkstra

from gridgeo.land.noding import noded_faces
from gridgeo.land.planar import Floats, Ints, Shapes, first_by, none, shared_edges, united

_FINE = 16
"""Slices for each piece of a footprint that no straight cuts divide: L, U, ring."""
_NARROWEST = 0.05
"""A footprint that would have pieces narrower than this is not cut [m]."""
_HALVINGS = 60


def strips(footprint: shapely.Polygon, count: int) -> Shapes:
    """Pieces from the western (southern) end on, on the grain; none where the footprint is too small.

    Straight cuts across the long axis of the smallest rectangle around it. Where these would tear a piece apart (L,
    U, ring) thin slices are strung together along the footprint.
    """
    pieces, number = _sliced(footprint, count)
    if len(pieces) == count:
        return pieces[np.argsort(number)]
    slices, _ = _sliced(footprint, count * _FINE)
    if len(slices) < count:
        return none()
    return _strung(slices, count)


def _sliced(footprint: shapely.Polygon, count: int) -> tuple[Shapes, Ints]:
    """Single polygons cut across the long axis at equal areas, and the number of the strip of each."""
    axis = _long_axis(footprint)
    points = shapely.get_coordinates(footprint)
    along, across = points @ axis, points @ np.array([-axis[1], axis[0]])
    if np.ptp(along) / count < _NARROWEST:
        return none(), np.empty(0, dtype=np.int64)
    cuts = _equal_cuts(footprint, axis, count)
    ends = np.array([across.min() - 1, across.max() + 1])
    lines = cuts[:, None, None] * axis + ends[None, :, None] * np.array([-axis[1], axis[0]])
    faces = noded_faces(np.concatenate([[shapely.boundary(footprint)], shapely.linestrings(lines)]))
    middles = shapely.point_on_surface(faces)
    own = shapely.intersects(footprint, middles)
    return united(faces[own], np.searchsorted(cuts, shapely.get_coordinates(middles[own]) @ axis))


def _long_axis(footprint: shapely.Polygon) -> Floats:
    """Unit vector along the long side of the smallest rectangle around a footprint, towards east (or north)."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(footprint))
    sides = np.diff(corners[:3], axis=0)
    length = np.round(np.hypot(*sides.T), 3)
    east = np.abs(sides[:, 0]) / np.hypot(*sides.T)
    side = sides[np.lexsort((-east, -length))[0]]
    axis: Floats = side / np.hypot(*side)
    backwards = axis[0] < -1e-9 or (abs(axis[0]) <= 1e-9 and axis[1] < 0)
    return -axis if backwards else axis


def _equal_cuts(footprint: shapely.Polygon, axis: Floats, count: int) -> Floats:
    """Places along an axis that cut a footprint into equal areas, by halving.

    The area before place t is the integral of v du along the outline (Green), for the cut itself has du = 0.
    """
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.orient_polygons(footprint)), return_index=True)
    base = points[0]
    u, v = (points - base) @ axis, (points - base) @ np.array([-axis[1], axis[0]])
    edge = np.flatnonzero(ring[1:] == ring[:-1])
    u0, v0, u1, v1 = u[edge], v[edge], u[edge + 1], v[edge + 1]
    slope = np.divide(v1 - v0, u1 - u0, out=np.zeros(len(edge)), where=u1 != u0)

    def area_before(place: Floats) -> Floats:
        a, b = np.minimum(u0, place[:, None]), np.minimum(u1, place[:, None])
        return -((b - a) * (v0 + slope * ((a + b) / 2 - u0))).sum(axis=1)

    wanted = np.arange(1, count) / count * area_before(np.array([u.max()]))
    low, high = np.full(count - 1, u.min()), np.full(count - 1, u.max())
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        short = area_before(middle) < wanted
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return base @ axis + (low + high) / 2


def _strung(slices: Shapes, count: int) -> Shapes:
    """Pieces of about equal area made of slices in the order in which one walks through the footprint from one end."""
    one, other, length = shared_edges(slices)
    size = len(slices)
    ways = csr_array(coo_array((np.ones(len(one)), (one, other)), shape=(size, size)))
    one_end = _farthest(ways, 0)
    start = min(one_end, _farthest(ways, one_end))  # slices are numbered from the western end on
    order = depth_first_order(ways, start, directed=False, return_predecessors=False)
    area = shapely.area(slices[order])
    piece = np.full(size, count - 1)
    piece[order] = np.minimum((np.cumsum(area) - area / 2) / area.sum() * count, count - 1).astype(np.int64)
    pieces, number = united(slices, _in_one_part(piece, shapely.area(slices), (one, other, length)))
    if len(pieces) != count:
        return none()
    return pieces[np.argsort(number)]


def _farthest(ways: csr_array, start: int) -> int:
    """Slice that is most steps away."""
    return int(np.argmax(dijkstra(ways, directed=False, unweighted=True, indices=start)))


def _in_one_part(piece: Ints, area: Floats, edges: tuple[Ints, Ints, Floats]) -> Ints:
    """Numbers of pieces after their smaller parts have joined the neighbour with the longest common edge."""
    one, other, length = edges
    size = len(piece)
    while True:
        same = piece[one] == piece[other]
        graph = coo_array((np.ones(same.sum()), (one[same], other[same])), shape=(size, size))
        _, part = connected_components(graph, directed=False)
        parts, first = np.unique(part, return_index=True)
        of = piece[first]
        largest = first_by(of, -np.bincount(part, area), parts)
        stray = np.delete(parts, largest)
        ends = np.concatenate([part[one[~same]], part[other[~same]]])
        beyond = np.concatenate([piece[other[~same]], piece[one[~same]]])
        joins = np.flatnonzero(np.isin(ends, stray))
        if len(joins) == 0:
            return piece
        pair, where = np.unique(np.stack([ends[joins], beyond[joins]]), axis=1, return_inverse=True)
        shared = np.bincount(where.ravel(), np.concatenate([length[~same]] * 2)[joins])
        best = pair[:, np.argmax(shared)]
        piece = np.where(part == best[0], best[1], piece)

"""A steady flow through a footprint from one end to the other, the potential of which tells how far along a place lies.

The potential solves Laplace's equation between the two ends of the longest way inside, walls letting nothing through (finite
elements on triangles, Courant 1943). Its levels cross the footprint from wall to wall, at right angles to it. In a footprint
without holes no level has a dead end, so the land between two levels is in one part, and next to that of the levels before and
after (principle of the maximum). A hole is opened by a slit to the nearest wall; the flow goes round it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pythoncdt
import shapely
from scipy.sparse import coo_array, csc_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.sparse.linalg import spsolve

from gridgeo.land.noding import noded
from gridgeo.land.planar import Flags, Floats, Ints, Shapes, as_complex

_ACROSS = 4
"""Triangles across a footprint of which the width is that of a long strip with its area and outline."""
_CLEAR = 0.4
"""Points inside keep from the walls by this share of the length of a side."""
_ALONG_WALLS = 1.5
"""How well walls conduct beside the land [widths]: so the potential does not come to rest in a long bay, as it would to some
twenty digits in one seven times as long as wide."""
_LEAST = 1e-3
"""Least weight of a side: where all are above 0, each value is a mean of those around it [1]."""


class Flow(NamedTuple):
    """Triangles of a footprint with the potential at their corners, and the slits that open its holes."""

    corners: Floats
    """Coordinates of the corners of each triangle [m]."""
    node: Ints
    """Number of the place at each corner; a place on a slit has one for each side."""
    value: Floats
    """Potential at each corner."""
    slits: Shapes


class _Mesh(NamedTuple):
    corners: Floats
    """Coordinates of the corners of each triangle, anticlockwise; side k runs from corner k to the next."""
    node: Ints
    """Place at each corner."""
    wall: Ints
    """Wall along each side: its number, twice, and 1 if it runs backwards; -1: none."""
    wall_length: Floats
    """Of each wall [m]."""
    one: Ints
    other: Ints
    """Pairs of places that share a side, the lower first."""
    length: Floats
    """Length of each such side [m]."""
    weight: Floats
    """How well it conducts [1]."""


def flow(footprint: shapely.Polygon, axis: Floats) -> Flow:
    """Potential from the end that lies first along an axis to the other.

    Parameters
    ----------
    footprint
        On the grain.
    axis
        Unit vector; the triangles lie along it.
    """
    slits = _slits(footprint)
    mesh = _mesh(footprint, slits, axis)
    value = _potential(mesh, *_ends(mesh))[mesh.node]
    area, middle = _areas(mesh.corners), mesh.corners.mean(axis=1) @ axis
    if (area * (middle - np.average(middle, weights=area)) * value.mean(axis=1)).sum() < 0:
        value = 1 - value
    return Flow(mesh.corners, mesh.node, value, slits)


def levels(flow: Flow, shares: Floats) -> Floats:
    """Levels of the potential below which these shares of the area lie."""
    value = np.sort(flow.value, axis=1)
    area = _areas(flow.corners)
    return reached(np.unique(value), lambda level: _area_below(level, value, area), shares)


def reached(known: Floats, area_before: Callable[[Floats], Floats], shares: Floats) -> Floats:
    """Places before which these shares of an area lie.

    Parameters
    ----------
    known
        Places, ascending, between which the area is a quadratic function of the place.
    area_before
        Area before places.
    shares
        Of the area before the last place.
    """
    wanted = shares * area_before(known[-1:])
    low, high = np.zeros(len(wanted), dtype=np.int64), np.full(len(wanted), len(known) - 1)
    while (high - low > 1).any():
        middle = (low + high) // 2
        short = area_before(known[middle]) <= wanted
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    first, last = known[low], known[high]
    below, half, above = (area_before(place) for place in (first, (first + last) / 2, last))
    bend = 2 * (above - below) - 4 * (half - below)
    slope = above - below - bend
    part = 2 * (wanted - below) / (slope + np.sqrt(np.maximum(slope**2 + 4 * bend * (wanted - below), 0)))
    out: Floats = first + np.clip(part, 0, 1) * (last - first)
    return out


def level_lines(flow: Flow, level: Floats) -> Shapes:
    """Straight pieces of the lines of these levels."""
    beyond = flow.value[:, :, None] >= level
    crossed = np.stack([beyond[:, k] != beyond[:, (k + 1) % 3] for k in range(3)], axis=1)
    t, at, side = np.nonzero(crossed.transpose(0, 2, 1))
    after = (side + 1) % 3
    swapped = flow.node[t, side] > flow.node[t, after]  # the same point from both sides
    one, other = np.where(swapped, after, side), np.where(swapped, side, after)
    low, high = flow.value[t, one], flow.value[t, other]
    share = ((level[at] - low) / (high - low))[:, None]
    points = (1 - share) * flow.corners[t, one] + share * flow.corners[t, other]
    lines: Shapes = shapely.linestrings(points.reshape(-1, 2, 2))
    return lines


def value_at(flow: Flow, points: Shapes) -> Floats:
    """Potential at points of the footprint."""
    p = shapely.get_coordinates(points)[:, None]
    a, b, c = flow.corners.transpose(1, 0, 2)
    weights = np.stack([_cross(b - p, c - p), _cross(c - p, a - p), _cross(a - p, b - p)]) / _cross(b - a, c - a)
    found = np.argmax(weights.min(axis=0), axis=1)
    out: Floats = (weights[:, np.arange(len(points)), found] * flow.value[found].T).sum(axis=0)
    return out


def _cross(a: Floats, b: Floats) -> Floats:
    out: Floats = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return out


def _areas(corners: Floats) -> Floats:
    return _cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2


def _area_below(level: Floats, value: Floats, area: Floats) -> Floats:
    """Area with a potential below each level; values of each triangle in order."""
    low, middle, high = value.T[:, None, :]
    at = np.clip(level[:, None], low, high)
    rising, falling = (middle - low) * (high - low), (high - middle) * (high - low)
    start = np.divide((at - low) ** 2, rising, out=np.zeros(at.shape), where=rising > 0)
    rest = np.divide((high - at) ** 2, falling, out=np.zeros(at.shape), where=falling > 0)
    flat = np.where(high > low, 1 - rest, level[:, None] > low)
    out: Floats = np.where(at < middle, start, flat) @ area
    return out


def _slits(footprint: shapely.Polygon) -> Shapes:
    """Shortest lines that join all rings into one outline."""
    rest = list(
        shapely.get_rings(footprint)[::-1]
    )  # holes first, so that they are opened to each other where that is as short
    joined, slits = rest.pop(0), []
    while rest:
        lines = shapely.shortest_line(rest, joined)
        nearest = int(np.argmin(np.round(shapely.length(lines), 3)))
        slits.append(lines[nearest])
        joined = shapely.union_all([joined, rest.pop(nearest)])
    out = np.empty(len(slits), dtype=object)
    out[:] = slits
    return out


def _mesh(footprint: shapely.Polygon, slits: Shapes, axis: Floats) -> _Mesh:
    outline = np.concatenate([shapely.get_rings(footprint), slits])
    ends, line = shapely.get_coordinates(noded(outline) if len(slits) else outline, return_index=True)
    step = np.flatnonzero(line[1:] == line[:-1])
    walls = shapely.linestrings(np.stack([ends[step], ends[step + 1]], axis=1))
    width = 2 * footprint.area / footprint.length
    found, wall = shapely.get_coordinates(shapely.segmentize(walls, width / _ACROSS), return_index=True)
    step = np.flatnonzero(wall[1:] == wall[:-1])
    inside = _inside(footprint, width / _ACROSS, axis)
    places, number = np.unique(as_complex(np.concatenate([found, inside])), return_inverse=True)
    points: Floats = places.view(np.float64).reshape(-1, 2)
    edges = np.stack([number[step], number[step + 1]], axis=1)
    triangles, across = _triangles(points, edges, footprint)
    corners, along = points[triangles], _walls(triangles, edges, wall[step])
    node = _nodes(triangles, across, along)
    one, other, length, weight = _conductors(corners, node, along >= 0, width)
    return _Mesh(corners, node, along, shapely.length(walls), one, other, length, weight)


def _conductors(corners: Floats, node: Ints, walled: Flags, width: float) -> tuple[Ints, Ints, Floats, Floats]:
    """Pairs of places, length and weight of the side between them.

    The weight is half the cotangents of the angles opposite to the side (finite elements), and more along a wall.
    """
    sides = np.roll(corners, -1, axis=1) - corners
    length = np.hypot(sides[..., 0], sides[..., 1])
    cotangent = -(sides * np.roll(sides, 1, axis=1)).sum(axis=2) / (2 * _areas(corners)[:, None])
    weight = np.roll(cotangent, -2, axis=1) / 2 + walled * _ALONG_WALLS * width / length  # corner k + 2 is opposite
    tail, head = node, np.roll(node, -1, axis=1)
    size = node.max() + 1
    key = np.minimum(tail, head) * size + np.maximum(tail, head)
    pair, first, where = np.unique(key, return_index=True, return_inverse=True)
    weight = np.bincount(where.ravel(), weight.ravel())
    return pair // size, pair % size, length.ravel()[first], np.maximum(weight, _LEAST)


def _inside(footprint: shapely.Polygon, side: float, axis: Floats) -> Floats:
    """Points of equal triangles along an axis, clear of the walls."""
    turn = np.array([axis, [-axis[1], axis[0]]])
    points = shapely.get_coordinates(footprint) @ turn.T
    (u0, v0), (u1, v1) = points.min(axis=0), points.max(axis=0)
    u, v = np.meshgrid(np.arange(u0, u1, side), np.arange(v0, v1, side))
    grid = np.stack([u.ravel(), v.ravel()], axis=1) @ turn
    core = shapely.buffer(footprint, -_CLEAR * side, quad_segs=1)
    shapely.prepare(core)
    return grid[shapely.contains_xy(core, *grid.T)]


def _triangles(points: Floats, edges: Ints, footprint: shapely.Polygon) -> tuple[Ints, Ints]:
    """Corners of the triangles of a footprint, and the triangle across each side; -1: none."""
    mesh = pythoncdt.Triangulation(
        pythoncdt.VertexInsertionOrder.AUTO, pythoncdt.IntersectingConstraintEdges.NOT_ALLOWED, 0.0
    )
    mesh.insert_vertices(points)
    mesh.insert_edges(edges.astype(np.uint32))
    mesh.erase_outer_triangles()
    found = mesh.triangles_array()
    corners = found["vertices"].astype(np.int64)
    shapely.prepare(footprint)
    kept = shapely.contains_xy(footprint, *points[corners].mean(axis=1).T)
    number = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
    across = number[np.minimum(found["neighbors"].astype(np.int64), len(corners))]
    return corners[kept], across[kept]


def _walls(corners: Ints, edges: Ints, wall: Ints) -> Ints:
    """Wall along each side of the triangles."""
    size = corners.max() + 1
    keys = np.concatenate([edges @ [size, 1], edges @ [1, size]])
    order = np.argsort(keys)
    tail, head = corners, np.roll(corners, -1, axis=1)
    place = np.minimum(np.searchsorted(keys[order], tail * size + head), len(keys) - 1)
    marks = np.concatenate([2 * wall, 2 * wall + 1])[order]
    return np.where(keys[order][place] == tail * size + head, marks[place], -1)


def _nodes(corners: Ints, across: Ints, wall: Ints) -> Ints:
    """Number of the place at each corner: corners of triangles are one place if no wall parts them."""
    t, side = np.nonzero((across >= 0) & (wall < 0))
    own = np.concatenate([3 * t + side, 3 * t + (side + 1) % 3])
    beyond = np.tile(across[t, side], 2)
    same = corners[beyond] == corners.ravel()[own][:, None]
    other = 3 * beyond + np.argmax(same, axis=1)
    size = corners.size
    _, node = connected_components(coo_array((np.ones(len(own)), (own, other)), shape=(size, size)), directed=False)
    return node.reshape(-1, 3).astype(np.int64)


def _ends(mesh: _Mesh) -> tuple[Ints, Ints]:
    """Places at the two ends of the longest way inside."""
    size = mesh.node.max() + 1
    ways = csr_array((mesh.length, (mesh.one, mesh.other)), shape=(size, size))

    def far_from(start: int) -> Floats:
        out: Floats = dijkstra(ways, directed=False, indices=start)
        return out

    start = int(np.argmax(far_from(0)))
    from_start = far_from(start)
    end = int(np.argmax(from_start))
    starts, ends = _end(mesh, start, far_from(end)), _end(mesh, end, from_start)
    return starts, np.setdiff1d(ends, starts)


def _end(mesh: _Mesh, place: int, distance: Floats) -> Ints:
    """Places along the wall that closes the way at its last place; that alone where walls only lead to it."""
    tail, head = mesh.node, np.roll(mesh.node, -1, axis=1)
    best, reach = np.array([place]), -np.inf
    for wall in np.unique(mesh.wall[(mesh.wall >= 0) & ((tail == place) | (head == place))]):
        on = mesh.wall == wall
        nodes = np.union1d(tail[on], head[on])
        nearest = distance[nodes].min()
        if nearest > reach and distance[place] - nearest <= mesh.wall_length[wall // 2] / 2:
            best, reach = nodes, nearest
    return best


def _potential(mesh: _Mesh, start: Ints, end: Ints) -> Floats:
    """Potential of each place: 0 at the start, 1 at the end, elsewhere a mean of those around it."""
    tail, head = np.concatenate([mesh.one, mesh.other]), np.concatenate([mesh.other, mesh.one])
    weight = np.tile(mesh.weight, 2)
    size = mesh.node.max() + 1
    free: Flags = np.ones(size, dtype=bool)
    free[start] = free[end] = False
    number = np.cumsum(free) - 1
    whole = np.bincount(tail, weight)[free]
    inner = free[tail] & free[head]
    rows = np.concatenate([number[tail[inner]], np.arange(len(whole))])
    columns = np.concatenate([number[head[inner]], np.arange(len(whole))])
    system = csc_array((np.concatenate([-weight[inner], whole]), (rows, columns)))
    value = np.zeros(size)
    value[end] = 1
    value[free] = spsolve(system, np.bincount(tail, weight * value[head], size)[free])
    return value

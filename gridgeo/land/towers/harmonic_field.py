"""A harmonic field in a footprint, from one end to the other: its potential tells how far along a place lies.

The potential solves Laplace's equation between the two ends of the longest way inside, walls letting nothing through (finite
elements on triangles, Courant 1943). Its levels cross the footprint from wall to wall, about at right angles. In a footprint
without holes no level has a dead end, so the land between two levels is in one part, and next to that of the levels before and
after (principle of the maximum). A hole is opened by a slit to the nearest wall; the field goes round it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import shapely
from scipy.sparse import csc_array, csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.sparse.linalg import spsolve

from gridgeo.coverage import Flags, Floats, Ints, Shapes
from gridgeo.errors import LandError
from gridgeo.land.towers.footprint_mesh import FootprintMesh, areas, cross, footprint_mesh, outline_of


class HarmonicField(NamedTuple):
    """Triangles of a footprint with the potential at their corners, and the outline on which they lie."""

    corners: Floats
    """Coordinates of the corners of each triangle [m]."""
    node: Ints
    """Number of the place at each corner; a place on a slit has one for each side."""
    value: Floats
    """Potential at each corner."""
    outline: Shapes
    """Noded, with the slits that open its holes; level lines end on it, not on the rings as they were given."""


def harmonic_field(footprint: shapely.Polygon, axis: Floats) -> HarmonicField | None:
    """Potential from the end that lies first along an axis to the other.

    None where the footprint is hardly in one part, or where its outline crosses itself, as none has been seen to do.

    Parameters
    ----------
    footprint
        On the precision grid.
    axis
        Unit vector; the triangles lie along it.
    """
    outline = outline_of(footprint)
    try:
        mesh = footprint_mesh(footprint, outline, axis)
    except LandError:
        return None
    ends = _ends(mesh)
    if ends is None:
        return None
    value = _potential(mesh, *ends)[mesh.node]
    area, middle = areas(mesh.corners), mesh.corners.mean(axis=1) @ axis
    if (area * (middle - np.average(middle, weights=area)) * value.mean(axis=1)).sum() < 0:
        value = 1 - value
    return HarmonicField(mesh.corners, mesh.node, value, outline)


def isolevels(field: HarmonicField, shares: Floats) -> Floats:
    """Levels of the potential below which these shares of the area lie."""
    value = np.sort(field.value, axis=1)
    area = areas(field.corners)
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
    rest = wanted - below
    root = slope + np.sqrt(np.maximum(slope**2 + 4 * bend * rest, 0))
    part = np.divide(2 * rest, root, out=np.zeros(len(rest)), where=root > 0)
    out: Floats = first + np.clip(part, 0, 1) * (last - first)
    return out


def isolines(field: HarmonicField, level: Floats) -> Shapes:
    """Straight pieces of the lines of these levels."""
    beyond = field.value[:, :, None] >= level
    crossed = np.stack([beyond[:, k] != beyond[:, (k + 1) % 3] for k in range(3)], axis=1)
    t, at, side = np.nonzero(crossed.transpose(0, 2, 1))
    after = (side + 1) % 3
    swapped = field.node[t, side] > field.node[t, after]  # the same point from both sides
    one, other = np.where(swapped, after, side), np.where(swapped, side, after)
    low, high = field.value[t, one], field.value[t, other]
    share = ((level[at] - low) / (high - low))[:, None]
    points = (1 - share) * field.corners[t, one] + share * field.corners[t, other]
    return np.asarray(shapely.linestrings(points.reshape(-1, 2, 2)))


def value_at(field: HarmonicField, points: Shapes) -> Floats:
    """Potential at points of the footprint."""
    p = shapely.get_coordinates(points)[:, None]
    a, b, c = field.corners.transpose(1, 0, 2)
    weights = np.stack([cross(b - p, c - p), cross(c - p, a - p), cross(a - p, b - p)]) / cross(b - a, c - a)
    found = np.argmax(weights.min(axis=0), axis=1)
    out: Floats = (weights[:, np.arange(len(points)), found] * field.value[found].T).sum(axis=0)
    return out


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


def _ends(mesh: FootprintMesh) -> tuple[Ints, Ints] | None:
    """Places at the two ends of the longest way inside; None if there are places between which there is no way."""
    size = mesh.node.max() + 1
    ways = csr_array((mesh.length, (mesh.one, mesh.other)), shape=(size, size))

    def far_from(start: int) -> Floats:
        out: Floats = dijkstra(ways, directed=False, indices=start)
        return out

    reach = far_from(0)
    if not np.isfinite(reach).all():
        return None
    start = int(np.argmax(reach))
    from_start = far_from(start)
    end = int(np.argmax(from_start))
    starts, ends = _end(mesh, start, far_from(end)), _end(mesh, end, from_start)
    return starts, np.setdiff1d(ends, starts)


def _end(mesh: FootprintMesh, place: int, distance: Floats) -> Ints:
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


def _potential(mesh: FootprintMesh, start: Ints, end: Ints) -> Floats:
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

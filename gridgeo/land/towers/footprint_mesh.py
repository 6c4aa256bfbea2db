"""Triangles of a footprint, slit open where it has holes, and what weight each side has in the field."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import PRECISION_M, Floats, Ints, Shapes, as_complex, components, constrained_triangles, noded

_ACROSS = 4
"""Triangles across a footprint of which the width is that of a long strip with its area and outline."""
_MOST = 2000
"""Sides along the outline, about, at most."""
_CLEAR = 0.4
"""Points inside keep from the walls by this share of the length of a side."""
_ALONG_WALLS = 1.5
"""Weight of walls beside the land [widths]: round the tip of a bay, where the potential would else come to rest."""
_LEAST = 1e-3
"""Least weight of a side: where all are above 0, each value is a mean of those around it [1]."""


class FootprintMesh(NamedTuple):
    """Triangles, and the places at their corners; a place on a slit is two, one for each side."""

    corners: Floats
    """Coordinates of the corners of each triangle, anticlockwise [m]; side k runs from corner k to the next."""
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
    """Of each such side [1]."""


def footprint_mesh(footprint: shapely.Polygon, outline: Shapes, axis: Floats) -> FootprintMesh:
    """Triangles of a footprint.

    Parameters
    ----------
    footprint
        On the precision grid.
    outline
        What `outline_of` gives.
    axis
        Unit vector; the triangles inside lie along it.

    Raises
    ------
    LandError
        If the outline crosses itself.
    """
    walls = _straight_pieces(*shapely.get_coordinates(outline, return_index=True))
    width = 2 * footprint.area / footprint.length
    side = max(width / _ACROSS, footprint.length / _MOST)
    found, wall = shapely.get_coordinates(shapely.segmentize(walls, side), return_index=True)
    step = np.flatnonzero(wall[1:] == wall[:-1])
    places = np.concatenate([found, _inside(footprint, side, axis)])
    unique, number = np.unique(as_complex(places), return_inverse=True)
    points: Floats = unique.view(np.float64).reshape(-1, 2)
    edges = np.stack([number[step], number[step + 1]], axis=1)
    triangles, across = _triangles(points, edges, footprint)
    corners, along = points[triangles], _walls(triangles, edges, wall[step])
    node = _nodes(triangles, across, along)
    one, other, length, weight = _sides(corners, node, np.where(along >= 0, _ALONG_WALLS * width, 0.0))
    return FootprintMesh(corners, node, along, shapely.length(walls), one, other, length, weight)


def _straight_pieces(points: Floats, line: Ints) -> Shapes:
    """Straight pieces of lines, one by one."""
    step = np.flatnonzero(line[1:] == line[:-1])
    return np.asarray(shapely.linestrings(np.stack([points[step], points[step + 1]], axis=1)))


def outline_of(footprint: shapely.Polygon) -> Shapes:
    """Rings, and the slits that join them, noded; a slit bends the ring in which it ends, by less than the precision.

    Rings are led to the ends of slits, for the grid point of an end half-way between two may lie beside its wall.
    """
    slits = shapely.set_precision(_slits(footprint), PRECISION_M, mode="pointwise")
    ends = shapely.multipoints(np.asarray(shapely.points(shapely.get_coordinates(slits))))
    return noded(np.concatenate([shapely.snap(shapely.get_rings(footprint), ends, PRECISION_M), slits]))


def _slits(footprint: shapely.Polygon) -> Shapes:
    """Shortest lines that join all rings into one outline."""
    rest = list(shapely.get_rings(footprint)[::-1])  # holes first: of slits as short, one to another hole is taken
    joined, slits = rest.pop(0), []
    while rest:
        lines = shapely.shortest_line(rest, joined)
        nearest = int(np.argmin(np.round(shapely.length(lines), 3)))
        slits.append(lines[nearest])
        joined = shapely.union_all([joined, rest.pop(nearest)])
    out = np.empty(len(slits), dtype=object)
    out[:] = slits
    return out


def _sides(corners: Floats, node: Ints, wall_weight: Floats) -> tuple[Ints, Ints, Floats, Floats]:
    """Pairs of places, length and weight of the side between them.

    The weight is half the cotangents of the angles opposite to the side (finite elements), and `wall_weight` by its length more.
    """
    sides = np.roll(corners, -1, axis=1) - corners
    length = np.hypot(sides[..., 0], sides[..., 1])
    cotangent = -(sides * np.roll(sides, 1, axis=1)).sum(axis=2) / (2 * areas(corners)[:, None])
    weight = np.roll(cotangent, -2, axis=1) / 2 + wall_weight / length  # corner k + 2 is opposite
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
    found = constrained_triangles(points, edges)
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
    return components(own, other, corners.size).reshape(-1, 3)


def cross(a: Floats, b: Floats) -> Floats:
    """Areas between vectors [m2]."""
    out: Floats = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return out


def areas(corners: Floats) -> Floats:
    """Areas of triangles [m2]."""
    return cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2

"""Triangulate the land of each block between its border and its footprints; no point is added."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Flags, Floats, Ints, as_complex, constrained_triangles, inlined, lean

FREE = -1
"""Region of a triangle on free land, and label of a side that is not yet known."""
HOLE = -3
"""Region of a triangle in a hole of its block."""
SEVERAL = -2
"""Label of a point where the land of several buildings meets."""


class MeshEdges(NamedTuple):
    """Directed edges that the mesh must keep: borders of blocks and walls of footprints.

    An edge from a point to itself is a mere vertex of the mesh.
    """

    tail: Floats
    head: Floats
    label: Ints
    """Building on the left of each edge; -1: free land."""
    block: Ints
    is_border: Flags


class Mesh(NamedTuple):
    """Triangles of several blocks, each triangulated by itself."""

    points: Floats
    corners: Ints
    """Three points of each triangle, anticlockwise; side k runs from corner k to the next."""
    across: Ints
    """Triangle across each side; -1: none."""
    block: Ints
    """Block of each triangle."""
    region: Ints
    """Building over each triangle, FREE or HOLE."""
    walled: Flags
    """Sides that are borders or walls."""


class _Numbered(NamedTuple):
    """Edges between points that are numbered block by block, sorted by x and y within each."""

    points: Floats
    block: Ints
    """Block of each point."""
    tail: Ints
    head: Ints


class _EdgesByTail(NamedTuple):
    """Edges from point v are the rows start[v] to start[v + 1]."""

    start: Ints
    head: Ints
    label: Ints
    is_border: Flags


class _Flooding(NamedTuple):
    """Memory for what lies over the triangles."""

    seed: Ints
    """Region of each triangle as its own walls tell it, FREE where it has none that does."""
    stack: Ints
    """Triangles whose neighbours are still to be looked at."""


def triangulate(walls: MeshEdges) -> Mesh:
    """Constrained Delaunay triangulation of each block, with what lies over each triangle."""
    numbered = _number_points(walls)
    points, _, tail, head = numbered
    corners, across, block = _triangles(numbered)
    rows = np.argsort(tail, kind="stable")
    start = np.searchsorted(tail[rows], np.arange(len(points) + 1))
    count = len(corners)
    mesh = Mesh(points, corners, across, block, np.full(count, FREE), np.zeros((count, 3), dtype=bool))
    edges = _EdgesByTail(start, head[rows], walls.label[rows], walls.is_border[rows])
    _find_regions(mesh, edges, _Flooding(np.full(count, FREE), np.empty(count, dtype=np.int64)))
    return mesh


def _number_points(walls: MeshEdges) -> _Numbered:
    ends = as_complex(np.concatenate([walls.tail, walls.head]))
    points, place = np.unique(ends, return_inverse=True)
    key, number = np.unique(np.concatenate([walls.block] * 2) * len(points) + place, return_inverse=True)
    block, place = np.divmod(key, len(points))
    numbered = points[place].view(np.float64).reshape(-1, 2)
    return _Numbered(numbered, block, number[: len(walls.tail)], number[len(walls.tail) :])


def _triangles(numbered: _Numbered) -> tuple[Ints, Ints, Ints]:
    """Corners, triangles across, block of each triangle."""
    points, block_of, tail, head = numbered
    count = len(points)
    key = np.unique(np.minimum(tail, head) * count + np.maximum(tail, head))
    edges = np.stack([key // count, key % count], axis=1)
    blocks, start = np.unique(block_of, return_index=True)
    ends = np.append(start, count)
    edge_ends = np.searchsorted(edges[:, 0], ends)
    edges -= np.repeat(start, np.diff(edge_ends))[:, None]
    found = [
        constrained_triangles(points[low:high], edges[first:last])
        for (low, high), (first, last) in zip(pairwise(ends), pairwise(edge_ends), strict=True)
    ]
    sizes = np.array([len(triangles) for triangles in found])
    triangles = np.concatenate(found)
    corners = triangles["vertices"].astype(np.int64) + np.repeat(start, sizes)[:, None]
    across = triangles["neighbors"].astype(np.int64)
    outside = across >= np.repeat(sizes, sizes)[:, None]
    across += np.repeat(np.cumsum(sizes) - sizes, sizes)[:, None]
    across[outside] = -1
    return corners, across, np.repeat(blocks, sizes)


@lean
def _find_regions(mesh: Mesh, edges: _EdgesByTail, memory: _Flooding) -> None:
    """Find what lies over each triangle, and which sides are walls.

    Before, all triangles are FREE and no side is a wall. Afterwards triangles on both sides of a side that is no wall have the same
    region, that which all their walls tell, and neighbours in holes are struck out of `across`.
    """
    across, region = mesh.across, mesh.region
    count = len(mesh.corners)
    for t in range(count):
        for side in range(3):
            v = mesh.corners[t, side]
            w = mesh.corners[t, (side + 1) % 3]
            memory.seed[t], mesh.walled[t, side] = _read_side((v, w), memory.seed[t], edges)
    for first in range(count):
        if memory.seed[first] != FREE and region[first] == FREE:
            _flood(first, mesh, memory)
    for t in range(count):
        for side in range(3):
            if across[t, side] >= 0 and region[across[t, side]] == HOLE:
                across[t, side] = -1


@inlined
def _read_side(ends: tuple[int, int], seed: int, edges: _EdgesByTail) -> tuple[int, bool]:
    """Region of a triangle as one of its sides tells it, or as known before; whether the side is a wall."""
    start, head, label, is_border = edges
    v, w = ends
    wall = False
    for k in range(start[w], start[w + 1]):
        if head[k] == v:
            wall = True
            if is_border[k]:
                seed = HOLE
    for k in range(start[v], start[v + 1]):
        if head[k] == w:
            wall = True
            if label[k] >= 0:
                seed = label[k]
    return seed, wall


@inlined
def _flood(first: int, mesh: Mesh, memory: _Flooding) -> None:
    """Give a triangle, and all FREE ones that it reaches without passing a wall, the region that its walls tell.

    A triangle is given its region as it is put on the stack, so each is put there once.
    """
    across, region, walled = mesh.across, mesh.region, mesh.walled
    stack = memory.stack
    value = memory.seed[first]
    region[first] = value
    stack[0] = first
    waiting = 1
    while waiting:
        waiting -= 1
        t = stack[waiting]
        for side in range(3):
            u = across[t, side]
            if not walled[t, side] and u >= 0 and region[u] == FREE:
                region[u] = value
                stack[waiting] = u
                waiting += 1

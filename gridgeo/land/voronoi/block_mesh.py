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


def triangulate(walls: MeshEdges) -> Mesh:
    """Constrained Delaunay triangulation of each block, with what lies over each triangle."""
    points, block_of, tail, head = _number_points(walls)
    corners, across, block = _triangles(points, block_of, tail, head)
    rows = np.argsort(tail, kind="stable")
    start = np.searchsorted(tail[rows], np.arange(len(points) + 1))
    mesh = Mesh(points, corners, across, block, np.full(len(corners), FREE), np.zeros((len(corners), 3), dtype=bool))
    memory = (np.full(len(corners), FREE), np.empty(len(corners), dtype=np.int64))
    _find_regions(mesh, start, (head[rows], walls.label[rows], walls.is_border[rows]), memory)
    return mesh


def _number_points(walls: MeshEdges) -> tuple[Floats, Ints, Ints, Ints]:
    """Points of each block by themselves, sorted, and the block of each; number of each edge's tail and head."""
    ends = as_complex(np.concatenate([walls.tail, walls.head]))
    points, place = np.unique(ends, return_inverse=True)
    key, number = np.unique(np.concatenate([walls.block] * 2) * len(points) + place, return_inverse=True)
    block, place = np.divmod(key, len(points))
    numbered = points[place].view(np.float64).reshape(-1, 2)
    return numbered, block, number[: len(walls.tail)], number[len(walls.tail) :]


def _triangles(points: Floats, block_of: Ints, tail: Ints, head: Ints) -> tuple[Ints, Ints, Ints]:
    """Corners, triangles across, block of each triangle."""
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
def _find_regions(mesh: Mesh, start: Ints, edges: tuple[Ints, Ints, Flags], memory: tuple[Ints, Ints]) -> None:
    """Find what lies over each triangle, and which sides are walls.

    MeshEdges are directed edges from point v to head[start[v] : start[v + 1]]. Between walls, the mesh is what any of its
    sides says. Neighbours in holes are struck out of `across`.
    """
    _, corners, across, _, region, walled = mesh
    seed, stack = memory
    count = len(corners)
    for t in range(count):
        for side in range(3):
            v = corners[t, side]
            w = corners[t, (side + 1) % 3]
            seed[t], walled[t, side] = _read_side(v, w, seed[t], start, edges)
    for first in range(count):
        if seed[first] != FREE and region[first] == FREE:
            _flood(first, seed[first], mesh, stack)
    for t in range(count):
        for side in range(3):
            if across[t, side] >= 0 and region[across[t, side]] == HOLE:
                across[t, side] = -1


@inlined
def _read_side(v: int, w: int, seed: int, start: Ints, edges: tuple[Ints, Ints, Flags]) -> tuple[int, bool]:
    """Region of a triangle as its side v-w tells it, or as known before; whether the side is a wall."""
    head, label, is_border = edges
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
def _flood(first: int, value: int, mesh: Mesh, stack: Ints) -> None:
    """Give a triangle and all it reaches without passing a wall the same region."""
    _, _, across, _, region, walled = mesh
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

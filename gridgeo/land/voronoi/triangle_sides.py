"""Sides of all triangles of a mesh, with the breaks of each: found once, for both triangles of an edge."""

from __future__ import annotations

import numpy as np

from gridgeo.coverage import Ints, inlined, lean
from gridgeo.land.voronoi.arc_buffer import (
    BREAKS,
    COUNT,
    FIRST,
    LABEL,
    WAY,
    MeshCut,
    Side,
    add_arc,
    add_breaks,
    has_room,
)
from gridgeo.land.voronoi.block_mesh import FREE, HOLE, SEVERAL
from gridgeo.land.voronoi.envelope import BreakSearch, envelope, label_after
from gridgeo.land.voronoi.nearest import BlockTree, nearest


def break_sides(work: MeshCut) -> bool:
    """Find the sides of all triangles: their breaks are written down, with the arcs along borders and party walls.

    False if there is no room for them.
    """
    work.sides[:] = 0
    work.sides[:, :, LABEL] = -1
    work.sides[:, :, WAY] = 1
    corner_label = np.full(len(work.mesh.points), -1)
    _outline(work, corner_label)
    return _break_all(work, corner_label)


@lean
def _outline(work: MeshCut, corner_label: Ints) -> None:
    """Write down arcs along borders and party walls; labels that are known without cutting.

    The label of a side that is a wall, a border or inside a footprint: a border edge has one label, for its breaks
    are already points of it. The label of a point of walls: SEVERAL where several meet.
    """
    mesh, sides = work.mesh, work.sides
    for t in range(len(mesh.corners)):
        region = mesh.region[t]
        if region == HOLE:
            continue
        guess = -1
        for k in range(3):
            if region >= 0:
                sides[t, k, LABEL] = region
            if not mesh.walled[t, k]:
                continue
            v = mesh.corners[t, k]
            w = mesh.corners[t, (k + 1) % 3]
            u = mesh.across[t, k]
            if region < 0 and u >= 0:
                sides[t, k, LABEL] = mesh.region[u]
            elif region < 0:
                x = (mesh.points[v, 0] + mesh.points[w, 0]) / 2
                y = (mesh.points[v, 1] + mesh.points[w, 1]) / 2
                guess = nearest((x, y), guess, BlockTree(work.bvh, mesh.block[t]))
                sides[t, k, LABEL] = guess
            label = sides[t, k, LABEL]
            for corner in (v, w):
                corner_label[corner] = label if corner_label[corner] in (-1, label) else SEVERAL
            if u < 0 or (region >= 0 and mesh.region[u] >= 0 and mesh.region[u] != region):
                add_arc(work.buffer, (v, w), label)


@lean
def _break_all(work: MeshCut, corner_label: Ints) -> bool:
    """Find the breaks of all sides on free land; False if there is no room for them in the buffer, or for those of one side."""
    mesh, found = work.mesh, work.found
    most = 3 * len(found.share)
    for t in range(len(mesh.corners)):
        if mesh.region[t] == FREE:
            if not has_room(work.buffer, most):
                return False
            for k in range(3):
                if not mesh.walled[t, k]:
                    _break_side(work, (t, k), corner_label)
            if found.full[0]:
                return False
    return True


@inlined
def _break_side(work: MeshCut, side: Side, corner_label: Ints) -> None:
    """Find the breaks of a side, or take over those that the triangle across, if its number is lower, has found."""
    mesh, buffer, sides = work.mesh, work.buffer, work.sides
    t, k = side
    u = mesh.across[t, k]
    v = mesh.corners[t, k]
    w = mesh.corners[t, (k + 1) % 3]
    if u < t:
        for j in range(3):
            if mesh.across[u, j] == t and mesh.corners[u, j] == w:
                for column in (FIRST, COUNT, LABEL):
                    sides[t, k, column] = sides[u, j, column]
                sides[t, k, WAY] = -1
        return
    a = (mesh.points[v, 0], mesh.points[v, 1])
    b = (mesh.points[w, 0], mesh.points[w, 1])
    tree = BlockTree(work.bvh, mesh.block[t])
    first = corner_label[v] if corner_label[v] >= 0 else label_after((a, b), tree)
    last = corner_label[w] if corner_label[w] >= 0 else label_after((b, a), tree)
    sides[t, k, FIRST] = buffer.used[BREAKS]
    envelope((a, b), (first, last), BreakSearch(tree, work.found))
    add_breaks(buffer, (a, b), work.found)
    sides[t, k, COUNT] = work.found.number[0]
    sides[t, k, LABEL] = first

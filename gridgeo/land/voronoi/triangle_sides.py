"""Sides of all triangles of a mesh, with the breaks of each: found once, for both triangles of an edge."""

from __future__ import annotations

import numpy as np

from gridgeo.coverage import Ints, inlined, lean
from gridgeo.land.voronoi.arc_buffer import BREAKS, COUNT, FIRST, LABEL, WAY, ArcBuffer, add_arc, add_breaks, has_room
from gridgeo.land.voronoi.block_mesh import FREE, HOLE, SEVERAL, Mesh
from gridgeo.land.voronoi.envelope import Breaks, envelope, label_after
from gridgeo.land.voronoi.nearest import Bvh, nearest


def broken_sides(mesh: Mesh, tree: Bvh, buffer: ArcBuffer, found: Breaks) -> Ints | None:
    """Sides of all triangles, their breaks written down with the arcs along borders and party walls; None: no room for them."""
    sides = np.zeros((len(mesh.corners), 3, 4), dtype=np.int64)
    sides[:, :, LABEL] = -1
    corner_label = np.full(len(mesh.points), -1)
    _outline(mesh, tree, buffer, sides, corner_label)
    return sides if _break_all(mesh, tree, buffer, (sides, corner_label), found) else None


@lean
def _outline(mesh: Mesh, tree: Bvh, buffer: ArcBuffer, sides: Ints, corner_label: Ints) -> None:
    """Write down arcs along borders and party walls; labels that are known without cutting.

    The label of a side that is a wall, a border or inside a footprint: a border edge has one label, for its breaks
    are already points of it. The label of a point of walls: SEVERAL where several meet.
    """
    for t in range(len(mesh.corners)):
        region = mesh.region[t]
        if region == HOLE:
            continue
        guess = -1
        for side in range(3):
            if region >= 0:
                sides[t, side, LABEL] = region
            if not mesh.walled[t, side]:
                continue
            v = mesh.corners[t, side]
            w = mesh.corners[t, (side + 1) % 3]
            u = mesh.across[t, side]
            if region < 0 and u >= 0:
                sides[t, side, LABEL] = mesh.region[u]
            elif region < 0:
                x = (mesh.points[v, 0] + mesh.points[w, 0]) / 2
                y = (mesh.points[v, 1] + mesh.points[w, 1]) / 2
                guess = nearest(x, y, mesh.block[t], guess, tree)
                sides[t, side, LABEL] = guess
            label = sides[t, side, LABEL]
            for corner in (v, w):
                corner_label[corner] = label if corner_label[corner] in (-1, label) else SEVERAL
            if u < 0 or (region >= 0 and mesh.region[u] >= 0 and mesh.region[u] != region):
                add_arc(buffer, v, w, label)


@lean
def _break_all(mesh: Mesh, tree: Bvh, buffer: ArcBuffer, known: tuple[Ints, Ints], found: Breaks) -> bool:
    """Find the breaks of all sides on free land; False if the buffer is too small for them, or `found` is full."""
    most = 3 * len(found.share)
    for t in range(len(mesh.corners)):
        if mesh.region[t] == FREE:
            if not has_room(buffer, most):
                return False
            _break_sides(t, mesh, tree, buffer, known, found)
            if found.full[0]:
                return False
    return True


@inlined
def _break_sides(
    t: int,
    mesh: Mesh,
    tree: Bvh,
    buffer: ArcBuffer,
    known: tuple[Ints, Ints],
    found: Breaks,
) -> None:
    """Find the breaks of a triangle's sides, or take over those that the triangle across has found."""
    sides, corner_label = known
    for side in range(3):
        sides[t, side, FIRST] = buffer.used[BREAKS]
        sides[t, side, WAY] = 1
        if mesh.walled[t, side]:
            continue
        u = mesh.across[t, side]
        v = mesh.corners[t, side]
        w = mesh.corners[t, (side + 1) % 3]
        if u < t:
            for k in range(3):
                if mesh.across[u, k] == t and mesh.corners[u, k] == w:
                    for place in (FIRST, COUNT, LABEL):
                        sides[t, side, place] = sides[u, k, place]
                    sides[t, side, WAY] = -1
            continue
        a = (mesh.points[v, 0], mesh.points[v, 1])
        b = (mesh.points[w, 0], mesh.points[w, 1])
        first = corner_label[v] if corner_label[v] >= 0 else label_after(a, b, mesh.block[t], tree)
        last = corner_label[w] if corner_label[w] >= 0 else label_after(b, a, mesh.block[t], tree)
        count = envelope(a, b, (first, last), mesh.block[t], tree, found)
        add_breaks(buffer, a, b, count, found)
        sides[t, side, COUNT] = count
        sides[t, side, LABEL] = first

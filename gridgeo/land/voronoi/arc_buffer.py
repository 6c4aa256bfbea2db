"""What cutting the mesh writes down: points, arcs of cells, breaks of sides; and the sides of triangles.

A side is a row of four numbers: first break, number of breaks, label before the first, and 1 or -1 for reading on or
back. So the two triangles of an edge share its breaks. Sides lie in an array by triangle and place in it; the loops
hand on the array and these two numbers, for a view of a row would cost more than what is done with it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Floats, Ints, inner
from gridgeo.land.voronoi.block_mesh import Mesh
from gridgeo.land.voronoi.envelope import Breaks, Segment, between
from gridgeo.land.voronoi.nearest import Bvh, Labels, Point

POINTS, ARCS, BREAKS = range(3)
"""What the numbers used of a buffer count."""
FIRST, COUNT, LABEL, WAY = range(4)
"""Columns of sides."""
X, Y = range(2)
TAIL, HEAD, LEFT = range(3)
"""Columns of points and arcs."""

Side = tuple[int, int]
"""A triangle, and which of its sides."""
Ends = tuple[int, int]
"""Points in which an arc begins and ends."""


class ArcBuffer(NamedTuple):
    """Arrays with room to grow into, and how much of each is used. What is once written down is never changed."""

    points: Floats
    arcs: Ints
    """Tail, head, label on the left."""
    break_point: Ints
    break_label: Ints
    """Label after each break, read on."""
    used: Ints
    """Number of points, arcs, breaks."""


class MeshCut(NamedTuple):
    """All that the kernels which cut a mesh work on."""

    mesh: Mesh
    bvh: Bvh
    buffer: ArcBuffer
    sides: Ints
    """Sides of the triangles of the mesh."""
    found: Breaks


def make_buffer(points: Floats, room: int) -> ArcBuffer:
    """A buffer that holds these points and has room for more of everything."""
    space = np.empty((len(points) + room, 2))
    space[: len(points)] = points
    arcs = np.empty((2 * room, 3), dtype=np.int64)
    used = np.array([len(points), 0, 0])
    return ArcBuffer(space, arcs, np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64), used)


@inner
def has_room(buffer: ArcBuffer, more: int) -> bool:
    """Whether that many more points, arcs and breaks fit in."""
    return (
        buffer.used[POINTS] + more <= len(buffer.points)
        and buffer.used[ARCS] + more <= len(buffer.arcs)
        and buffer.used[BREAKS] + more <= len(buffer.break_point)
    )


@inner
def point_at(buffer: ArcBuffer, n: int) -> Point:
    """Point of a number."""
    return buffer.points[n, X], buffer.points[n, Y]


@inner
def add_point(buffer: ArcBuffer, point: Point) -> int:
    """Write down a point; its number."""
    n = buffer.used[POINTS]
    buffer.points[n, X], buffer.points[n, Y] = point
    buffer.used[POINTS] += 1
    return n


@inner
def add_arc(buffer: ArcBuffer, ends: Ends, label: int) -> None:
    """Write down a piece of a cell's outline, with the cell of a label on its left."""
    n = buffer.used[ARCS]
    buffer.arcs[n, TAIL], buffer.arcs[n, HEAD] = ends
    buffer.arcs[n, LEFT] = label
    buffer.used[ARCS] += 1


@inner
def add_border(buffer: ArcBuffer, ends: Ends, labels: Labels) -> None:
    """Write down the border of two cells, from both sides: the first lies on the left."""
    add_arc(buffer, ends, labels[0])
    add_arc(buffer, (ends[1], ends[0]), labels[1])


@inner
def add_breaks(buffer: ArcBuffer, segment: Segment, found: Breaks) -> None:
    """Write down the breaks found along a segment."""
    for k in range(found.number[0]):
        n = buffer.used[BREAKS]
        buffer.break_point[n] = add_point(buffer, between(segment, found.share[k]))
        buffer.break_label[n] = found.label[k]
        buffer.used[BREAKS] += 1


@inner
def first_label(buffer: ArcBuffer, sides: Ints, side: Side) -> int:
    """Label at the start of a side."""
    t, k = side
    count = sides[t, k, COUNT]
    if sides[t, k, WAY] == 1 or count == 0:
        return sides[t, k, LABEL]
    return buffer.break_label[sides[t, k, FIRST] + count - 1]


@inner
def last_label(buffer: ArcBuffer, sides: Ints, side: Side) -> int:
    """Label at the end of a side."""
    t, k = side
    count = sides[t, k, COUNT]
    if sides[t, k, WAY] == -1 or count == 0:
        return sides[t, k, LABEL]
    return buffer.break_label[sides[t, k, FIRST] + count - 1]


@inner
def break_at(buffer: ArcBuffer, sides: Ints, at: tuple[Side, int]) -> tuple[int, int]:
    """Point of the break met k-th along a side, and the label after it."""
    (t, place), k = at
    first = sides[t, place, FIRST]
    count = sides[t, place, COUNT]
    if sides[t, place, WAY] == 1:
        return buffer.break_point[first + k], buffer.break_label[first + k]
    n = first + count - 1 - k
    return buffer.break_point[n], (buffer.break_label[n - 1] if k < count - 1 else sides[t, place, LABEL])

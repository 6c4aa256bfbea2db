"""What cutting the mesh writes down: points, arcs of cells, breaks of sides; and the sides of triangles.

A side is a row of four numbers: first break, number of breaks, label before the first, and 1 or -1 for reading on or
back. So the two triangles of an edge share its breaks. Sides lie in an array by triangle and place in it; the loops
hand on the array and two numbers, for a view of a row would cost more than what is done with it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Floats, Ints, lean
from gridgeo.land.voronoi.envelope import Breaks, Point

POINTS, ARCS, BREAKS = 0, 1, 2
FIRST, COUNT, LABEL, WAY = 0, 1, 2, 3


class ArcBuffer(NamedTuple):
    """Arrays with room to grow into, and how much of each is used."""

    points: Floats
    arcs: Ints
    """Tail, head, label on the left."""
    break_point: Ints
    break_label: Ints
    """Label after each break, read on."""
    used: Ints
    """Number of points, arcs, breaks."""


def make_buffer(points: Floats, room: int) -> ArcBuffer:
    """A buffer that holds these points and has room for more of everything."""
    space = np.empty((len(points) + room, 2))
    space[: len(points)] = points
    arcs = np.empty((2 * room, 3), dtype=np.int64)
    used = np.array([len(points), 0, 0])
    return ArcBuffer(space, arcs, np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64), used)


@lean
def has_room(buffer: ArcBuffer, more: int) -> bool:
    """Whether that many more points, arcs and breaks fit in."""
    return (
        buffer.used[POINTS] + more <= len(buffer.points)
        and buffer.used[ARCS] + more <= len(buffer.arcs)
        and buffer.used[BREAKS] + more <= len(buffer.break_point)
    )


@lean
def add_point(buffer: ArcBuffer, x: float, y: float) -> int:
    """Write down a point; its number."""
    n = buffer.used[POINTS]
    buffer.points[n, 0] = x
    buffer.points[n, 1] = y
    buffer.used[POINTS] += 1
    return n


@lean
def add_arc(buffer: ArcBuffer, tail: int, head: int, label: int) -> None:
    """Write down a piece of a cell's outline."""
    n = buffer.used[ARCS]
    buffer.arcs[n, 0] = tail
    buffer.arcs[n, 1] = head
    buffer.arcs[n, 2] = label
    buffer.used[ARCS] += 1


@lean
def add_border(buffer: ArcBuffer, a: int, b: int, left: int, right: int) -> None:
    """Write down the border of two cells, from both sides."""
    add_arc(buffer, a, b, left)
    add_arc(buffer, b, a, right)


@lean
def add_breaks(buffer: ArcBuffer, a: Point, b: Point, count: int, found: Breaks) -> None:
    """Write down breaks found along a-b."""
    for k in range(count):
        n = buffer.used[BREAKS]
        buffer.break_point[n] = add_point(
            buffer, a[0] + found.share[k] * (b[0] - a[0]), a[1] + found.share[k] * (b[1] - a[1])
        )
        buffer.break_label[n] = found.label[k]
        buffer.used[BREAKS] += 1


@lean
def first_label(buffer: ArcBuffer, sides: Ints, triangle: int, side: int) -> int:
    """Label at the start of a side."""
    count = sides[triangle, side, COUNT]
    if sides[triangle, side, WAY] == 1 or count == 0:
        return sides[triangle, side, LABEL]
    return buffer.break_label[sides[triangle, side, FIRST] + count - 1]


@lean
def last_label(buffer: ArcBuffer, sides: Ints, triangle: int, side: int) -> int:
    """Label at the end of a side."""
    count = sides[triangle, side, COUNT]
    if sides[triangle, side, WAY] == -1 or count == 0:
        return sides[triangle, side, LABEL]
    return buffer.break_label[sides[triangle, side, FIRST] + count - 1]


@lean
def break_at(buffer: ArcBuffer, sides: Ints, triangle: int, side: int, k: int) -> tuple[int, int]:
    """Point of the break met k-th along a side, and the label after it."""
    first = sides[triangle, side, FIRST]
    count = sides[triangle, side, COUNT]
    if sides[triangle, side, WAY] == 1:
        return buffer.break_point[first + k], buffer.break_label[first + k]
    n = first + count - 1 - k
    return buffer.break_point[n], (buffer.break_label[n - 1] if k < count - 1 else sides[triangle, side, LABEL])

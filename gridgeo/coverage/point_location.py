"""Points in a coverage: which polygon holds each, and which of some shapes is nearest to it.

Below a point, along its meridian, lies an edge; the polygon on that edge's upper side holds the point. Edges stand in the buckets
of a grid, about two to a bucket, so a point looks at a handful of them, where a tree of boxes asks a predicate of whole polygons.
Points so near to an edge that rounding could decide are only marked: who asks decides them exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.coverage.compilation import inlined, inner, lean
from gridgeo.coverage.edge_matching import directed_edges
from gridgeo.coverage.planar import single_parts
from gridgeo.coverage.precision import Flags, Floats, Ints, Shapes

_UNSURE_M = 1e-6
"""Two heights nearer than this are not told apart [m]; far more than rounding, far less than the precision grid."""
_MOST_SQUARES = 4_000_000


class PointRows(NamedTuple):
    """Where points are."""

    row: Ints
    """Row of the polygon that holds each point; -1: none."""
    unsure: Flags
    """Points on an edge, or so near to one that the row may be wrong."""


class Nearest(NamedTuple):
    """What is nearest to points."""

    row: Ints
    """Row of the shape; -1 where the group has none."""
    distance_m: Floats
    """Distance to it, 0 inside; NaN where there is none [m]."""


class _Squares(NamedTuple):
    """A grid of squares, and the edges whose boxes meet each: those of square k are edge[start[k] : start[k + 1]]."""

    start: Ints
    edge: Ints
    shape: Ints
    """Number of columns, number of rows."""
    frame: Floats
    """Its lower left corner, and the width of a square [m]."""


class _Under(NamedTuple):
    """Edges square by square, and the polygon on the upper side of each; -1: none."""

    ends: Floats
    owner: Ints
    squares: _Squares


def rows_at(polygons: Shapes, points: Floats) -> PointRows:
    """The polygon of a coverage that holds each point.

    Parameters
    ----------
    polygons
        Polygons or multipolygons without common inside.
    points
        x, y.
    """
    parts, row = single_parts(polygons)
    tail, head, part = directed_edges(parts)
    found = np.full(len(points), -1, dtype=np.int64)
    unsure = np.zeros(len(points), dtype=bool)
    if len(tail) and len(points):
        ends = _west_first(tail, head)
        owner = np.where(tail[:, 0] < head[:, 0], row[part], -1)
        squares = _into_squares(ends)
        # Points of one column after the other, and edges of a square side by side, so that what is looked at is at hand.
        order = np.argsort(_column(points, squares), kind="stable")
        row_of, doubt = found[order], unsure[order]
        _look_down(points[order], _Under(ends[squares.edge], owner[squares.edge], squares), (row_of, doubt))
        found[order], unsure[order] = row_of, doubt
    return PointRows(found, unsure)


def _column(points: Floats, squares: _Squares) -> npt.NDArray[np.uint16]:
    """Column of squares of each point; numbers of 16 bits are sorted by counting them."""
    at = (points[:, 0] - squares.frame[0]) / squares.frame[2]
    return np.nan_to_num(at).clip(0, squares.shape[0]).astype(np.uint16)


def _west_first(tail: Floats, head: Floats) -> Floats:
    """x0, y0, x1, y1 with the western end first, so that both sides of an edge are the same numbers."""
    swap = (tail[:, 0] > head[:, 0])[:, np.newaxis]
    return np.column_stack([np.where(swap, head, tail), np.where(swap, tail, head)])


def _into_squares(ends: Floats) -> _Squares:
    low = np.minimum(ends[:, :2], ends[:, 2:]).min(axis=0)
    size = np.maximum(ends[:, :2], ends[:, 2:]).max(axis=0) - low
    width = np.sqrt(max(size[0] * size[1], 1.0) / min(len(ends), _MOST_SQUARES))
    width = max(width, size.max() / _MOST_SQUARES)
    shape = np.maximum(np.ceil(size / width).astype(np.int64), 1)
    frame = np.array([low[0], low[1], width])
    count = np.zeros(shape[0] * shape[1] + 1, dtype=np.int64)
    _fill(ends, (shape, frame), (count, np.empty(0, dtype=np.int64)))
    start = np.append(0, np.cumsum(count[:-1]))
    edge = np.empty(start[-1], dtype=np.int64)
    _fill(ends, (shape, frame), (start[:-1].copy(), edge))
    return _Squares(start, edge, shape, frame)


@lean
def _fill(ends: Floats, grid: tuple[Ints, Floats], out: tuple[Ints, Ints]) -> None:
    """Count the edges of each square, or, where there is room for them, put them there from the places given on."""
    shape, frame = grid
    place, edge = out
    for e in range(len(ends)):
        i0 = min(int((ends[e, 0] - frame[0]) / frame[2]), shape[0] - 1)
        i1 = min(int((ends[e, 2] - frame[0]) / frame[2]), shape[0] - 1)
        j0 = min(int((min(ends[e, 1], ends[e, 3]) - frame[1]) / frame[2]), shape[1] - 1)
        j1 = min(int((max(ends[e, 1], ends[e, 3]) - frame[1]) / frame[2]), shape[1] - 1)
        for i in range(i0, i1 + 1):
            for j in range(j0, j1 + 1):
                k = i * shape[1] + j
                if len(edge):
                    edge[place[k]] = e
                place[k] += 1


@lean
def _look_down(points: Floats, edges: _Under, out: tuple[Ints, Flags]) -> None:
    """For each point the highest edge below it; the polygon on its upper side is on the left of an edge that runs east.

    Invariant: when a square has been looked at, every edge below the point and above the square's foot has been seen.
    """
    shape, frame = edges.squares.shape, edges.squares.frame
    row, unsure = out
    for p in range(len(points)):
        x, y = points[p, 0], points[p, 1]
        i, top = (x - frame[0]) / frame[2], (y - frame[1]) / frame[2]
        if not (0.0 <= i <= shape[0] and top >= 0.0):
            unsure[p] = min(i, shape[0] - i, top) * frame[2] >= -_UNSURE_M
            continue
        row[p], unsure[p] = _highest_below((x, y), (min(int(i), shape[0] - 1), min(int(top), shape[1] - 1)), edges)


@inner
def _highest_below(point: tuple[float, float], square: tuple[int, int], edges: _Under) -> tuple[int, bool]:
    """What lies on the upper side of the highest edge below a point, and whether another one is as near as rounding."""
    ends, owner, squares = edges
    best, second, at_end, doubt, row = -np.inf, -np.inf, False, False, -1
    for j in range(square[1], -1, -1):
        k = square[0] * squares.shape[1] + j
        for at in range(squares.start[k], squares.start[k + 1]):
            doubt |= _touches(ends, at, point)
            here = _below(ends, at, point)
            if here > best:
                second, best, row, at_end = best, here, owner[at], _ends_near(ends, at, point[0])
            elif here == best and here > -np.inf:
                row, at_end = max(row, owner[at]), at_end or _ends_near(ends, at, point[0])
            elif here > second:
                second = here
        if best >= squares.frame[1] + j * squares.frame[2]:
            break
    return row, doubt or at_end or best - second <= _UNSURE_M


@inlined
def _height(ends: Floats, at: int, x: float) -> float:
    """Where the line of an edge crosses a meridian."""
    return ends[at, 1] + (ends[at, 3] - ends[at, 1]) * ((x - ends[at, 0]) / (ends[at, 2] - ends[at, 0]))


@inlined
def _touches(ends: Floats, at: int, point: tuple[float, float]) -> bool:
    """Whether an edge passes so near to a point that rounding could move it to the other side."""
    x, y = point
    if ends[at, 0] - x > _UNSURE_M or x - ends[at, 2] > _UNSURE_M:
        return False
    if ends[at, 2] - ends[at, 0] <= 2 * _UNSURE_M:
        low, high = min(ends[at, 1], ends[at, 3]), max(ends[at, 1], ends[at, 3])
        return low - y <= _UNSURE_M and y - high <= _UNSURE_M
    return abs(_height(ends, at, x) - y) <= _UNSURE_M


@inlined
def _below(ends: Floats, at: int, point: tuple[float, float]) -> float:
    """Height of an edge under or at a point; minus infinity of one that is above, beside, or upright."""
    x, y = point
    if ends[at, 2] - ends[at, 0] <= 2 * _UNSURE_M or not (ends[at, 0] <= x < ends[at, 2]):
        return -np.inf
    here = _height(ends, at, x)
    return here if here <= y else -np.inf


@inlined
def _ends_near(ends: Floats, at: int, x: float) -> bool:
    """Whether one end of an edge is on the meridian of a point, as far as rounding tells."""
    return x - ends[at, 0] <= _UNSURE_M or ends[at, 2] - x <= _UNSURE_M


class Grouped(NamedTuple):
    """Polygons, lines or points, and the group of each; empty and missing ones are near nothing."""

    shapes: Shapes
    group: Ints


class Asking(NamedTuple):
    """Points as x, y, and the group at which each looks; -1: none."""

    points: Floats
    group: Ints


def nearest_of(given: Grouped, asking: Asking) -> Nearest:
    """The shape nearest to each point among those of one group; of two as near, the earlier one."""
    (shapes, group), (points, wanted) = given, asking
    found, distance = np.full(len(points), -1, dtype=np.int64), np.full(len(points), np.nan)
    order = np.argsort(group, kind="stable")
    lines = shapely.boundary(shapes[order])
    flat = shapely.get_dimensions(shapes[order]) < 2
    lines[flat] = shapes[order][flat]
    parts, of = shapely.get_parts(lines, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    segments = _Segments(xy, np.append(part[1:] == part[:-1], False)[: len(part)], of[part])
    groups = np.arange(max(int(group.max(initial=-1)), int(wanted.max(initial=-1))) + 2)
    first = np.searchsorted(group[order][segments.shape], groups)
    areas = ~flat
    if len(points):
        exact = np.ascontiguousarray(points, dtype=np.float64)
        _find_nearest(Asking(exact, wanted), (segments, first, areas), (found, distance))
    found[found >= 0] = order[found[found >= 0]]
    return Nearest(found, distance)


class _Segments(NamedTuple):
    """Outlines point by point."""

    xy: Floats
    goes_on: Flags
    """Whether a segment leads on to the next point."""
    shape: Ints
    """Shape of each point."""


@lean
def _find_nearest(asking: Asking, given: tuple[_Segments, Ints, Flags], out: tuple[Ints, Floats]) -> None:
    """Distance to each segment of the group; inside an area a point's upward ray crosses the outline an odd number of times."""
    points, wanted = asking
    segments, first, areas = given
    found, distance = out
    shape = segments.shape
    for p in range(len(points)):
        if wanted[p] < 0:
            continue
        best, at, odd = np.inf, -1, False
        last = first[wanted[p] + 1]
        for s in range(first[wanted[p]], last):
            far, crosses = _to_segment(segments, s, (points[p, 0], points[p, 1]))
            odd ^= crosses
            if far < best:
                best, at = far, shape[s]
            if s + 1 == last or shape[s + 1] != shape[s]:
                if odd and areas[shape[s]] and best > 0.0:
                    best, at = 0.0, shape[s]
                odd = False
        if at >= 0:
            found[p], distance[p] = at, best


@inlined
def _to_segment(segments: _Segments, s: int, point: tuple[float, float]) -> tuple[float, bool]:
    """Distance of a point to a segment, or to the last point of a line, and whether an upward ray crosses it."""
    x, y = point
    ax, ay = segments.xy[s, 0], segments.xy[s, 1]
    if not segments.goes_on[s]:
        return np.hypot(ax - x, ay - y), False
    dx, dy = segments.xy[s + 1, 0] - ax, segments.xy[s + 1, 1] - ay
    length2 = dx * dx + dy * dy
    t = min(max(((x - ax) * dx + (y - ay) * dy) / length2, 0.0), 1.0) if length2 > 0.0 else 0.0
    crosses = (ax > x) != (ax + dx > x) and y < ay + dy * ((x - ax) / dx)
    return np.hypot(ax + t * dx - x, ay + t * dy - y), crosses

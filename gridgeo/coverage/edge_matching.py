"""Edges of polygons: those of each with its land on the left, and those that two polygons of a coverage share.

Neighbours of an exact coverage share their edges vertex for vertex, so shared edges are a join on equal ends, without any
geometric test. Each edge gets a number mixed from the bits of its ends; sorting by one number costs a fraction of sorting
by four coordinates, and what a number cannot tell apart is compared in full.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.coverage.compilation import lean
from gridgeo.coverage.planar import as_complex, single_parts
from gridgeo.coverage.precision import Flags, Floats, Ints, Shapes


class SharedEdges(NamedTuple):
    """Edges that two polygons share, in the order of their ends: sums over them do not depend on the order of polygons."""

    left: Ints
    """Rows of the polygons, the lesser first."""
    right: Ints
    ends: Floats
    """x0, y0, x1, y1; the lesser end first."""

    def at(self, rows: Ints) -> SharedEdges:
        """Some of them."""
        return SharedEdges(self.left[rows], self.right[rows], self.ends[rows])

    def lengths(self) -> Floats:
        """Length of each [m]."""
        return np.hypot(self.ends[:, 2] - self.ends[:, 0], self.ends[:, 3] - self.ends[:, 1])

    def lines(self) -> Shapes:
        """Each as a line."""
        return np.asarray(shapely.linestrings(self.ends.reshape(-1, 2, 2)))


class _RingSizes(NamedTuple):
    """Rings of polygons, as they come in the array of all coordinates."""

    size: npt.NDArray[np.int32]
    """Number of points of each, the first counted again at the end."""
    polygon: Ints
    """Row of the polygon of each; its shell comes first."""

    def starts(self) -> Ints:
        """Places where edges start, among all points."""
        return np.delete(np.arange(self.size.sum()), np.cumsum(self.size) - 1)


def shared_edges(polygons: Shapes) -> SharedEdges:
    """Edges that two polygons of a coverage share.

    Parameters
    ----------
    polygons
        Polygons or multipolygons that fit edge to edge.
    """
    polygons, row = single_parts(polygons)
    points, rings = shapely.get_coordinates(polygons), _rings_of(polygons)
    start, owner = rings.starts(), row[np.repeat(rings.polygon, np.maximum(rings.size - 1, 0))]
    mixed = _mixed(points)
    key = mixed[start] + mixed[start + 1]
    order = np.argsort(key)
    key = key[order]
    same = np.flatnonzero(key[1:] == key[:-1])
    one, other = order[same], order[same + 1]
    # A number may stand for several edges, and an edge that is there three times makes two pairs in the order of its owners.
    thrice = (same[1:] == same[:-1] + 1).any()
    ends = _ends(points, start[one])
    if thrice or not (ends == _ends(points, start[other])).all():
        order = order[np.union1d(same, same + 1)]
        ends = _ends(points, start[order])
        ranked = np.lexsort((owner[order], *ends.T[::-1]))
        order, ends = order[ranked], ends[ranked]
        same = np.flatnonzero((ends[1:] == ends[:-1]).all(axis=1))
        one, other, ends = order[same], order[same + 1], ends[same]
    left, right = np.minimum(owner[one], owner[other]), np.maximum(owner[one], owner[other])
    edges = SharedEdges(left, right, ends).at(np.flatnonzero(left != right))
    return edges.at(_place_order(edges.ends))


def directed_edges(polygons: Shapes) -> tuple[Floats, Floats, Ints]:
    """Edges with their polygon on the left: coordinates of tails and of heads, rows of the polygons.

    All from one array of coordinates, for an object a ring would cost more, and collecting garbage more still.
    """
    size, polygon = _rings_of(polygons)
    is_hole = np.append(False, polygon[1:] == polygon[:-1])[: len(polygon)]
    edges = np.maximum(size - 1, 0)
    tail, head = np.empty((2, edges.sum(), 2))
    _direct(shapely.get_coordinates(polygons), (size, is_hole), (tail, head))
    return tail, head, np.repeat(polygon, edges)


def _rings_of(polygons: Shapes) -> _RingSizes:
    """Rings of single polygons; from numbers of points where one has one ring, for an object a ring costs more than all else."""
    holes = shapely.get_num_interior_rings(polygons)
    polygon = np.repeat(np.arange(len(polygons)), 1 + holes)
    size = shapely.get_num_coordinates(polygons)[polygon]
    size[holes[polygon] > 0] = shapely.get_num_coordinates(shapely.get_rings(polygons[holes > 0]))
    return _RingSizes(size, polygon)


@lean
def _direct(points: Floats, rings: tuple[npt.NDArray[np.int32], Flags], ends: tuple[Floats, Floats]) -> None:
    """Write down the edges of rings, shells anticlockwise and holes clockwise.

    Areas are taken near each ring's first point; there those of polygons on the precision grid are exact.
    `rings` are numbers of points, and whether each is a hole; `ends` tails and heads.
    """
    size, is_hole = rings
    tail, head = ends
    first = 0
    edge = 0
    for ring in range(len(size)):
        last = first + size[ring] - 1
        area2 = 0.0
        for k in range(first, last):
            area2 += (points[k, 0] - points[first, 0]) * (points[k + 1, 1] - points[first, 1])
            area2 -= (points[k + 1, 0] - points[first, 0]) * (points[k, 1] - points[first, 1])
        onward = (area2 > 0) != is_hole[ring]
        for k in range(first, last):
            a, b = (k, k + 1) if onward else (first + last - k, first + last - k - 1)
            tail[edge, 0], tail[edge, 1] = points[a, 0], points[a, 1]
            head[edge, 0], head[edge, 1] = points[b, 0], points[b, 1]
            edge += 1
        first = last + 1


def _ends(points: Floats, start: Ints) -> Floats:
    """x0, y0, x1, y1 of edges, the lesser end first."""
    place = as_complex(points)
    first, second = place[start], place[start + 1]
    return np.stack([np.minimum(first, second), np.maximum(first, second)], axis=1).view(np.float64)


def _mixed(points: Floats) -> npt.NDArray[np.uint64]:
    """A number for each point, the same for equal ones and hardly for others: its bits, mixed (the last steps of SplitMix64)."""
    bits = (points + 0.0).view(np.uint64)  # one zero, not two
    mixed = bits[:, 0] * np.uint64(0x9E3779B97F4A7C15) + bits[:, 1]
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


def _place_order(ends: Floats) -> Ints:
    """Rows of edges in the order of x0, y0, x1, y1. Sorted by one number, which is fast, and then only where that is equal."""
    order = np.argsort(ends[:, 0])
    first = ends[order, 0]
    same = np.append(False, first[1:] == first[:-1])[: len(first)]
    tied = np.flatnonzero(same | np.append(same[1:], False)[: len(first)])
    rows = order[tied]
    order[tied] = rows[np.lexsort(ends[rows, ::-1].T)]
    return order

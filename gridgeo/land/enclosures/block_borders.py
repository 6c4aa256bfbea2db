"""The edges of all blocks. Both blocks of an edge see the same points, always."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gridgeo.coverage import Flags, Floats, Ints, Shapes, as_complex, directed_edges

_APART = 0.02
"""A break nearer than this to another point of the border is left out [m]."""


class Borders(NamedTuple):
    """Directed edges with their block on the left; a border between two blocks is two of them, on one undirected edge."""

    points: npt.NDArray[np.complex128]
    tail: Ints
    head: Ints
    block: Ints
    wall: Ints
    """Owner of the footprint whose wall the edge is, for borders go round footprints; -1: none."""

    def tails(self, rows: Ints) -> Floats:
        """Coordinates of tails."""
        return self.coordinates[self.tail[rows]]

    def heads(self, rows: Ints) -> Floats:
        """Coordinates of heads."""
        return self.coordinates[self.head[rows]]

    @property
    def coordinates(self) -> Floats:
        """Coordinates of all points."""
        return self.points.view(np.float64).reshape(-1, 2)


class BorderEdges(NamedTuple):
    """Undirected edges of borders: what both blocks of a border share."""

    number: Ints
    """Undirected edge of each directed one."""
    low: Ints
    high: Ints
    """End points of the undirected edges."""
    forward: Flags
    """Whether each directed edge runs from low to high."""


class EdgePoints(NamedTuple):
    """Points on edges."""

    edge: Ints
    share: Floats
    """Place of each [share of the edge's length]."""


def borders_of(blocks: Shapes, walled: Shapes, walled_by: Ints) -> Borders:
    """Borders of blocks that are noded with each other and with the footprints on them."""
    tail_point, head_point, block = directed_edges(blocks)
    ends = np.concatenate([as_complex(tail_point), as_complex(head_point)])
    points, number = np.unique(ends, return_inverse=True)
    tail, head = number[: len(block)], number[len(block) :]
    face = _faces(points, tail * len(points) + head, walled)
    return Borders(points, tail, head, block, np.append(walled_by, -1)[face])


def undirected(borders: Borders) -> BorderEdges:
    """Edges without direction."""
    low, high = np.minimum(borders.tail, borders.head), np.maximum(borders.tail, borders.head)
    key, number = np.unique(low * len(borders.points) + high, return_inverse=True)
    return BorderEdges(number, key // len(borders.points), key % len(borders.points), borders.tail < borders.head)


def with_breaks(borders: Borders, edges: BorderEdges, breaks: EdgePoints) -> Borders:
    """Borders with new points on undirected edges; every directed edge gets them.

    From then on no point of a border is added, moved or dropped, so no seam can open.
    """
    low, high = borders.points[edges.low], borders.points[edges.high]
    edge, share = _spaced(np.abs(high - low), breaks)
    pieces = np.bincount(edge, minlength=len(low)) + 1
    first = len(borders.points) + np.cumsum(pieces - 1) - (pieces - 1)
    points = np.concatenate([borders.points, low[edge] + share * (high[edge] - low[edge])])
    count = pieces[edges.number]
    old = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(old)) - np.repeat(np.cumsum(count) - count, count)
    on, forward = edges.number[old], edges.forward[old]

    def point(place: Ints) -> Ints:
        """Point of an undirected edge by its place, counted from the low end."""
        inner = first[on] + place - 1
        return np.where(place == 0, edges.low[on], np.where(place == pieces[on], edges.high[on], inner))

    tail = point(np.where(forward, nth, pieces[on] - nth))
    head = point(np.where(forward, nth + 1, pieces[on] - nth - 1))
    return Borders(points, tail, head, borders.block[old], borders.wall[old])


def _faces(points: npt.NDArray[np.complex128], key: Ints, walled: Shapes) -> Ints:
    """Row of the face whose edge each directed edge is, too, by the key of its ends; -1: none."""
    out = np.full(len(key), -1)
    tail_point, head_point, face = directed_edges(walled)
    if len(face) == 0:
        return out
    rows = np.argsort(key)
    tail, head = as_complex(tail_point), as_complex(head_point)
    last = len(points) - 1
    a = np.minimum(np.searchsorted(points, tail), last)
    b = np.minimum(np.searchsorted(points, head), last)
    at = rows[np.minimum(np.searchsorted(key[rows], a * len(points) + b), len(key) - 1)]
    same = (points[a] == tail) & (points[b] == head) & (key[at] == a * len(points) + b)
    out[at[same]] = face[same]
    return out


def _spaced(length: Floats, points: EdgePoints) -> EdgePoints:
    """Points in order along each edge, of the given lengths, without those too near to another or to an end."""
    rows = np.lexsort((points.share, points.edge))
    edge, share = points.edge[rows], points.share[rows]
    along = share * length[edge]
    inner = (along > _APART) & (length[edge] - along > _APART)
    edge, share, along = edge[inner], share[inner], along[inner]
    clear = np.ones(len(edge), dtype=bool)
    clear[1:] = (edge[1:] != edge[:-1]) | (np.diff(along) > _APART)
    return EdgePoints(edge[clear], share[clear])

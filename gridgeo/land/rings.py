"""Trace arcs to polygons, and see to it that each cell is one part. No point moves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.land.compiled import compiled
from gridgeo.land.planar import Flags, Floats, Ints, Shapes, first_by, not_closed

_TURN = 2 * np.pi
_SAME_WAY = 1e-12


class Arcs(NamedTuple):
    """Pieces of outlines with their label on the left."""

    points: Floats
    tail: Ints
    head: Ints
    label: Ints


class _Parts(NamedTuple):
    """Single polygons traced from arcs."""

    polygons: Shapes
    label: Ints
    area: Floats
    part_of_arc: Ints


def polygons_of(arcs: Arcs) -> tuple[Shapes, Ints]:
    """Polygons of arcs, and the label of each."""
    parts = _trace(arcs)
    return parts.polygons, parts.label


def single_polygons_of(arcs: Arcs, inside: Floats) -> tuple[Shapes, Ints]:
    """Polygons of arcs, one for each label that has any.

    Each label keeps the part over its point `inside`; its other parts go to the neighbour with the longest common
    edge.
    """
    while True:
        parts = _trace(arcs)
        stray = _strays(parts, inside)
        if not stray.any():
            return parts.polygons, parts.label
        arcs = _relabelled(arcs, parts, stray)


def _trace(arcs: Arcs) -> _Parts:
    order, ring_of, count = _rings(arcs.points, arcs.tail, arcs.head, arcs.label)
    if len(order) < len(arcs.tail):
        raise not_closed(arcs.points[np.delete(arcs.tail, order)[0]])
    start = np.searchsorted(ring_of, np.arange(count))
    tail, head = arcs.points[arcs.tail[order]], arcs.points[arcs.head[order]]
    near = tail[start][ring_of]  # areas are taken near each ring's start, where no digits are lost
    cross = (tail[:, 0] - near[:, 0]) * (head[:, 1] - near[:, 1]) - (head[:, 0] - near[:, 0]) * (
        tail[:, 1] - near[:, 1]
    )
    area2 = np.add.reduceat(cross, start)
    rings = shapely.linearrings(tail, indices=ring_of)
    shell, hole = np.flatnonzero(area2 > 0), np.flatnonzero(area2 <= 0)
    polygons = shapely.polygons(rings[shell])
    label = arcs.label[order[start]]
    middles = shapely.points((tail + head)[start[hole]] / 2)
    holder = _holders(polygons, area2[shell], label[shell], middles, label[hole])
    for k in np.unique(holder):
        polygons[k] = shapely.Polygon(shapely.get_exterior_ring(polygons[k]), list(rings[hole[holder == k]]))
    part_of_ring = np.empty(count, dtype=np.int64)
    part_of_ring[shell] = np.arange(len(shell))
    part_of_ring[hole] = holder
    part_of_arc = np.empty(len(order), dtype=np.int64)
    part_of_arc[order] = part_of_ring[ring_of]
    return _Parts(polygons, label[shell], area2[shell], part_of_arc)


def _holders(shells: Shapes, area2: Floats, label: Ints, middles: Shapes, hole_label: Ints) -> Ints:
    """For each hole, given by the middle of one of its arcs, the smallest shell of its label that it lies in."""
    hole, shell = shapely.STRtree(shells).query(middles, predicate="dwithin", distance=1e-8)
    own = label[shell] == hole_label[hole]
    hole, shell = hole[own], shell[own]
    first = first_by(hole, area2[shell], shell)
    if len(first) < len(middles):
        lost = np.setdiff1d(np.arange(len(middles)), hole)[0]
        raise not_closed(shapely.get_coordinates(middles[lost])[0])
    return shell[first]


def _strays(parts: _Parts, inside: Floats) -> Flags:
    """Parts of labels with several, but for the one over the label's point (the largest, where none is)."""
    stray = np.zeros(len(parts.label), dtype=bool)
    many = np.flatnonzero(np.bincount(parts.label)[parts.label] > 1)
    over = shapely.intersects_xy(parts.polygons[many], *inside[parts.label[many]].T)
    stray[many] = True
    stray[many[first_by(parts.label[many], ~over, -parts.area[many], many)]] = False
    return stray


def _relabelled(arcs: Arcs, parts: _Parts, stray: Flags) -> Arcs:
    """Arcs after each stray part has got the label of a neighbour; arcs between equal labels are struck out."""
    twin = _twins(arcs)
    joined = _joined_labels(arcs, parts, stray, twin)
    if (joined == parts.label).all():
        raise not_closed(arcs.points[arcs.tail[stray[parts.part_of_arc]]][0])
    label = joined[parts.part_of_arc]
    kept = (twin < 0) | (label != label[twin])
    return Arcs(arcs.points, arcs.tail[kept], arcs.head[kept], label[kept])


def _twins(arcs: Arcs) -> Ints:
    """Row of the same arc seen from the other side; -1 on the border of a block."""
    key = arcs.tail * len(arcs.points) + arcs.head
    back = arcs.head * len(arcs.points) + arcs.tail
    rows = np.argsort(key)
    at = rows[np.minimum(np.searchsorted(key[rows], back), len(key) - 1)]
    return np.where(key[at] == back, at, -1)


def _joined_labels(arcs: Arcs, parts: _Parts, stray: Flags, twin: Ints) -> Ints:
    """Label of each part; what has joined can be joined in turn, so a bay of strays fills from its mouth."""
    label, stray = parts.label.copy(), stray.copy()
    count = label.max() + 1
    rows = np.flatnonzero(stray[parts.part_of_arc] & (twin >= 0))
    own, other = parts.part_of_arc[rows], parts.part_of_arc[twin[rows]]
    length = np.hypot(*(arcs.points[arcs.tail[rows]] - arcs.points[arcs.head[rows]]).T)
    while True:
        mouth = np.flatnonzero(stray[own] & ~stray[other])
        if len(mouth) == 0:
            return label
        pair, where = np.unique(own[mouth] * count + label[other[mouth]], return_inverse=True)
        best = pair[first_by(pair // count, -np.bincount(where, length[mouth]), pair)]
        label[best // count] = best % count
        stray[best // count] = False


@compiled
def _rings(points: Floats, tail: Ints, head: Ints, label: Ints) -> tuple[Ints, Ints, int]:
    """Closed rings of each label: rows of arcs in order, ring of each, number of rings.

    At a point met twice by one label the ring turns sharpest, so that it closes there: parts that touch in a point
    come out as rings of their own.
    """
    start, leaving = _arcs_by_tail(len(points), tail)
    used = np.zeros(len(tail), np.bool_)
    order = np.empty(len(tail), np.int64)
    ring_of = np.empty(len(tail), np.int64)
    arcs = (tail, head, label)
    by_tail = (start, leaving)
    path = np.empty(len(tail) + 1, np.int64)
    place = np.full(len(points), -1, np.int64)
    done = 0
    rings = 0
    for first in range(len(tail)):
        arc = first
        length = 0
        while not used[first] or length > 0:
            v = tail[arc]
            at = place[v]
            if 0 <= at < length and tail[path[at]] == v:
                for k in range(at, length):
                    order[done] = path[k]
                    ring_of[done] = rings
                    done += 1
                rings += 1
                length = at
                if length == 0:
                    break
            used[arc] = True
            place[v] = length
            path[length] = arc
            length += 1
            onward = _sharpest(points, arc, first, arcs, by_tail, used)
            if onward < 0:
                break
            arc = onward
    return order[:done], ring_of[:done], rings


@compiled
def _arcs_by_tail(count: int, tail: Ints) -> tuple[Ints, Ints]:
    """Arcs that leave point v are leaving[start[v] : start[v + 1]]."""
    start = np.zeros(count + 1, np.int64)
    for v in tail:
        start[v + 1] += 1
    for v in range(count):
        start[v + 1] += start[v]
    place = start[:-1].copy()
    leaving = np.empty(len(tail), np.int64)
    for arc in range(len(tail)):
        leaving[place[tail[arc]]] = arc
        place[tail[arc]] += 1
    return start, leaving


@compiled
def _sharpest(
    points: Floats, arc: int, first: int, arcs: tuple[Ints, Ints, Ints], by_tail: tuple[Ints, Ints], used: Flags
) -> int:
    """Arc of the same label that goes on from the head of an arc with the sharpest turn to the right; -1: none."""
    tail, head, label = arcs
    start, leaving = by_tail
    v = tail[arc]
    w = head[arc]
    best = -1
    count = 0
    for k in range(start[w], start[w + 1]):
        onward = leaving[k]
        if label[onward] == label[arc] and (not used[onward] or onward == first):
            count += 1
            best = onward
    if count <= 1:
        return best
    back = np.arctan2(points[v, 1] - points[w, 1], points[v, 0] - points[w, 0])
    smallest = np.inf
    for k in range(start[w], start[w + 1]):
        onward = leaving[k]
        if label[onward] == label[arc] and (not used[onward] or onward == first):
            x = head[onward]
            turn = (back - np.arctan2(points[x, 1] - points[w, 1], points[x, 0] - points[w, 0])) % _TURN
            if turn < _SAME_WAY:
                turn = _TURN
            if turn < smallest:
                smallest = turn
                best = onward
    return best

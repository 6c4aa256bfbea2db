"""Trace arcs to polygons, and see to it that each cell is one part. No point moves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.land.compiled import lean
from gridgeo.land.planar import Flags, Floats, Ints, Shapes, first_by, not_closed

_TURN = 2 * np.pi
_SAME_WAY = 1e-12
_TOUCHING = 1e-8
"""The middle of an arc lies on its line up to this [m]."""


class Arcs(NamedTuple):
    """Pieces of outlines with their label on the left."""

    points: Floats
    tail: Ints
    head: Ints
    label: Ints


class _Rings(NamedTuple):
    """Closed rings traced from arcs."""

    arc: Ints
    """Rows of arcs, ring by ring."""
    start: Ints
    """Place in `arc` of each ring's first."""
    area2: Floats
    """Twice the area of each ring; not above zero: a hole [m2]."""
    label: Ints
    shell: Ints
    """Ring that each ring is, or is a hole in: the key of a part."""
    points: Floats
    """Tails of the arcs, ring by ring."""


def polygons_of(arcs: Arcs) -> tuple[Shapes, Ints]:
    """Polygons of arcs, and the label of each."""
    return _polygons(_trace(arcs))


def single_polygons_of(arcs: Arcs, inside: Floats) -> tuple[Shapes, Ints]:
    """Polygons of arcs, one for each label that has any.

    Each label keeps the part over its point `inside`; its other parts go to the neighbour with the longest common
    edge.
    """
    while True:
        rings = _trace(arcs)
        stray = _strays(rings, inside)
        if not stray.any():
            return _polygons(rings)
        arcs = _relabelled(arcs, rings, stray)


def _trace(arcs: Arcs) -> _Rings:
    order, ring_of, count = _closed(arcs)
    if len(order) < len(arcs.tail):
        raise not_closed(arcs.points[np.delete(arcs.tail, order)[0]])
    start = np.searchsorted(ring_of, np.arange(count))
    tail, head = arcs.points[arcs.tail[order]], arcs.points[arcs.head[order]]
    near = tail[start][ring_of]  # areas are taken near each ring's start, where no digits are lost
    cross = (tail[:, 0] - near[:, 0]) * (head[:, 1] - near[:, 1]) - (head[:, 0] - near[:, 0]) * (
        tail[:, 1] - near[:, 1]
    )
    area2 = np.add.reduceat(cross, start)
    middles = (tail[start] + head[start]) / 2
    label = arcs.label[order[start]]
    rings = _Rings(order, start, area2, label, np.arange(count), tail)
    return rings._replace(shell=_shells(rings, middles))


def _shells(rings: _Rings, middles: Floats) -> Ints:
    """For each shell itself; for each hole the smallest shell of its label over the middle of one of its arcs."""
    shell = np.flatnonzero(rings.area2 > 0)
    hole = np.flatnonzero(rings.area2 <= 0)
    out = np.arange(len(rings.start))
    out[hole] = -1
    shells = np.bincount(rings.label[shell], minlength=rings.label.max(initial=-1) + 1)
    only = np.full(len(shells), -1)
    only[rings.label[shell]] = shell
    single = hole[shells[rings.label[hole]] == 1]
    out[single] = only[rings.label[single]]
    hole = np.flatnonzero(out < 0)
    shell = shell[np.isin(rings.label[shell], rings.label[hole])]
    at, over = shapely.STRtree(_outlines(rings, shell)).query(
        shapely.points(middles[hole]), predicate="dwithin", distance=_TOUCHING
    )
    own = rings.label[shell[over]] == rings.label[hole[at]]
    at, over = at[own], over[own]
    first = first_by(at, rings.area2[shell[over]], over)
    out[hole[at[first]]] = shell[over[first]]
    if (out < 0).any():
        raise not_closed(middles[np.argmin(out)])
    return out


def _outlines(rings: _Rings, some: Ints) -> Shapes:
    """Polygons of some rings, without holes."""
    return shapely.polygons(_linear_rings(rings, some))


def _linear_rings(rings: _Rings, some: Ints) -> Shapes:
    size = np.diff(rings.start, append=len(rings.arc))
    wanted = np.zeros(len(rings.start), dtype=bool)
    wanted[some] = True
    count = size[some]
    out: Shapes = shapely.linearrings(
        rings.points[np.repeat(wanted, size)], indices=np.repeat(np.arange(len(some)), count)
    )
    return out


def _polygons(rings: _Rings) -> tuple[Shapes, Ints]:
    """Polygons with their holes, and the label of each."""
    shell = np.unique(rings.shell)
    hole = np.flatnonzero(rings.area2 <= 0)
    polygons = _outlines(rings, shell)
    inner = _linear_rings(rings, hole)
    holder = np.searchsorted(shell, rings.shell[hole])
    for k in np.unique(holder):
        polygons[k] = shapely.Polygon(shapely.get_exterior_ring(polygons[k]), list(inner[holder == k]))
    return polygons, rings.label[shell]


def _strays(rings: _Rings, inside: Floats) -> Flags:
    """Shells of labels with several, but for the one over the label's point (the largest, where none is)."""
    shell = np.unique(rings.shell)
    many = shell[np.bincount(rings.label[shell])[rings.label[shell]] > 1]
    over = shapely.intersects_xy(_outlines(rings, many), *inside[rings.label[many]].T)
    stray = np.zeros(len(rings.start), dtype=bool)
    stray[many] = True
    stray[many[first_by(rings.label[many], ~over, -rings.area2[many], many)]] = False
    return stray


def _relabelled(arcs: Arcs, rings: _Rings, stray: Flags) -> Arcs:
    """Arcs after each stray part has got the label of a neighbour; arcs between equal labels are struck out."""
    part = np.empty(len(arcs.tail), dtype=np.int64)
    part[rings.arc] = np.repeat(rings.shell, np.diff(rings.start, append=len(rings.arc)))
    twin = _twins(arcs)
    joined = _joined_labels(arcs, rings.label, part, stray, twin)
    if (joined == rings.label).all():
        raise not_closed(arcs.points[arcs.tail[stray[part]]][0])
    label = joined[part]
    kept = (twin < 0) | (label != label[twin])
    return Arcs(arcs.points, arcs.tail[kept], arcs.head[kept], label[kept])


def _twins(arcs: Arcs) -> Ints:
    """Row of the same arc seen from the other side; -1 on the border of a block."""
    key = arcs.tail * len(arcs.points) + arcs.head
    back = arcs.head * len(arcs.points) + arcs.tail
    rows = np.argsort(key)
    at = rows[np.minimum(np.searchsorted(key[rows], back), len(key) - 1)]
    return np.where(key[at] == back, at, -1)


def _joined_labels(arcs: Arcs, label: Ints, part: Ints, stray: Flags, twin: Ints) -> Ints:
    """Label of each part; what has joined can be joined in turn, so a bay of strays fills from its mouth."""
    label, stray = label.copy(), stray.copy()
    count = label.max() + 1
    rows = np.flatnonzero(stray[part] & (twin >= 0))
    own, other = part[rows], part[twin[rows]]
    length = np.hypot(*(arcs.points[arcs.tail[rows]] - arcs.points[arcs.head[rows]]).T)
    while True:
        mouth = np.flatnonzero(stray[own] & ~stray[other])
        if len(mouth) == 0:
            return label
        pair, where = np.unique(own[mouth] * count + label[other[mouth]], return_inverse=True)
        best = pair[first_by(pair // count, -np.bincount(where, length[mouth]), pair)]
        label[best // count] = best % count
        stray[best // count] = False


def _closed(arcs: Arcs) -> tuple[Ints, Ints, int]:
    """Closed rings of each label: rows of arcs in order, ring of each, number of rings."""
    count, points = len(arcs.tail), len(arcs.points)
    leaving = np.argsort(arcs.tail, kind="stable")
    by_tail = (np.searchsorted(arcs.tail[leaving], np.arange(points + 1)), leaving)
    order, ring_of, path = (np.empty(count + 1, dtype=np.int64) for _ in range(3))
    used, place = np.zeros(count, dtype=bool), np.full(points, -1)
    done, rings = _close_rings(arcs, by_tail, used, (path, place), (order, ring_of))
    return order[:done], ring_of[:done], rings


@lean
def _close_rings(
    arcs: Arcs, by_tail: tuple[Ints, Ints], used: Flags, walk: tuple[Ints, Ints], out: tuple[Ints, Ints]
) -> tuple[int, int]:
    """Write down the arcs of closed rings and the ring of each; returns how many arcs and rings.

    At a point met twice by one label the ring turns sharpest, so that it closes there: parts that touch in a point
    come out as rings of their own.
    """
    path, place = walk
    order, ring_of = out
    tail = arcs.tail
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
            onward = _sharpest(arc, first, arcs, by_tail, used)
            if onward < 0:
                break
            arc = onward
    return done, rings


@lean
def _sharpest(arc: int, first: int, arcs: Arcs, by_tail: tuple[Ints, Ints], used: Flags) -> int:
    """Arc of the same label that goes on from the head of an arc with the sharpest turn to the right; -1: none.

    Arcs that leave point v are leaving[start[v] : start[v + 1]].
    """
    points, tail, head, label = arcs
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

"""Trace arcs to polygons, and see to it that each cell is one part. No point moves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage.compilation import inlined, inner, lean
from gridgeo.coverage.planar import first_by, not_closed
from gridgeo.coverage.precision import Flags, Floats, Ints, Shapes

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
    """Tails of the arcs, ring by ring, each ring in normal form: from its lowest x and y, shells clockwise."""


class _Walk(NamedTuple):
    """Memory for tracing: what has been walked, and what came of it."""

    start: Ints
    leaving: Ints
    """Arcs that leave point v are leaving[start[v] : start[v + 1]]."""
    used: Flags
    """Arcs that have been walked."""
    path: Ints
    """Arcs walked that are in no ring yet, one after the other."""
    place: Ints
    """Where in the path each point was left last; it says nothing where the path has changed since."""
    order: Ints
    """Arcs of the rings, one ring after the other."""
    ring_of: Ints
    """Ring of each of these."""


class _Parts(NamedTuple):
    """Parts of cells, and which of them are to join a neighbour; all other land of a label is one part more."""

    label: Ints
    stray: Flags
    of_arc: Ints
    """Part of each arc."""


def polygons_of(arcs: Arcs) -> tuple[Shapes, Ints]:
    """Polygons of arcs in normal form, and the label of each."""
    rings = _trace(arcs, np.arange(len(arcs.tail)))
    return _polygons(rings, np.ones(len(rings.start), dtype=bool))


def single_polygons_of(arcs: Arcs, cores: Shapes) -> tuple[Shapes, Ints]:
    """Polygons of arcs in normal form, one for each label that has any.

    Each label keeps the part over a point inside its core; its other parts go to the neighbour with the longest common
    edge. Then only the labels that gave or took a part are traced again.
    """
    out = np.full(len(cores), None, dtype=object)
    open_ = np.ones(len(cores), dtype=bool)
    while open_.any():
        rings = _trace(arcs, np.flatnonzero(open_[arcs.label]))
        arcs, open_ = _relabelled(arcs, rings, _strays(rings, cores))
        polygons, label = _polygons(rings, ~open_[rings.label])
        out[label] = polygons
    label = np.flatnonzero(shapely.is_geometry(out))
    return out[label], label


def _trace(arcs: Arcs, rows: Ints) -> _Rings:
    """Rings of some arcs: all those of their labels."""
    order, ring_of, count = _closed(Arcs(arcs.points, arcs.tail[rows], arcs.head[rows], arcs.label[rows]))
    if len(order) < len(rows):
        raise not_closed(arcs.points[np.delete(arcs.tail[rows], order)[0]])
    order = rows[order]
    start = np.searchsorted(ring_of, np.arange(count))
    ends = np.append(start, len(order))
    area2, normal = np.empty(count), np.empty(len(order), dtype=np.int64)
    tail, head = arcs.points[arcs.tail[order]], arcs.points[arcs.head[order]]
    _measure((tail, head), ends, area2)
    _order_normally(tail, ends, normal)
    first = order[start]
    middles = (tail[start] + head[start]) / 2
    rings = _Rings(order, start, area2, arcs.label[first], np.arange(count), tail[normal])
    return rings._replace(shell=_shells(rings, middles))


@lean
def _measure(ends: tuple[Floats, Floats], start: Ints, area2: Floats) -> None:
    """Twice the area of each ring, taken near its start, where no digits are lost."""
    a, b = ends
    for ring in range(len(start) - 1):
        x, y = a[start[ring], 0], a[start[ring], 1]
        area2[ring] = 0.0
        for k in range(start[ring], start[ring + 1]):
            area2[ring] += (a[k, 0] - x) * (b[k, 1] - y) - (b[k, 0] - x) * (a[k, 1] - y)


@lean
def _order_normally(points: Floats, start: Ints, normal: Ints) -> None:
    """Rows of the points of each ring in normal form; shells are traced anticlockwise, holes clockwise."""
    for ring in range(len(start) - 1):
        lowest = start[ring]
        for k in range(start[ring], start[ring + 1]):
            if points[k, 0] < points[lowest, 0] or (
                points[k, 0] == points[lowest, 0] and points[k, 1] < points[lowest, 1]
            ):
                lowest = k
        size = start[ring + 1] - start[ring]
        for k in range(size):
            back = lowest - k
            normal[start[ring] + k] = back if back >= start[ring] else back + size


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
    return np.asarray(shapely.polygons(_linear_rings(rings, some)))


def _linear_rings(rings: _Rings, some: Ints) -> Shapes:
    size = np.diff(rings.start, append=len(rings.arc))
    wanted = np.zeros(len(rings.start), dtype=bool)
    wanted[some] = True
    count = size[some]
    out: Shapes = shapely.linearrings(
        rings.points[np.repeat(wanted, size)], indices=np.repeat(np.arange(len(some)), count)
    )
    return out


def _polygons(rings: _Rings, wanted: Flags) -> tuple[Shapes, Ints]:
    """Polygons of the wanted rings with their holes, in normal form, and the label of each."""
    shell = np.flatnonzero(wanted & (rings.area2 > 0))
    hole = np.flatnonzero(wanted & (rings.area2 <= 0))
    polygons = _outlines(rings, shell)
    inner = _linear_rings(rings, hole)
    order = np.argsort(rings.shell[hole], kind="stable")
    holder, first = np.unique(rings.shell[hole][order], return_index=True)
    for k, own in zip(np.searchsorted(shell, holder), np.split(order, first[1:]), strict=False):
        polygons[k] = shapely.normalize(shapely.Polygon(shapely.get_exterior_ring(polygons[k]), list(inner[own])))
    return polygons, rings.label[shell]


def _strays(rings: _Rings, cores: Shapes) -> Flags:
    """Shells of labels with several, but for the one over a point inside the label's core (the largest, where none is)."""
    shell = np.flatnonzero(rings.area2 > 0)
    many = shell[np.bincount(rings.label[shell])[rings.label[shell]] > 1]
    inside = shapely.get_coordinates(shapely.point_on_surface(cores[rings.label[many]]))
    over = shapely.intersects_xy(_outlines(rings, many), *inside.T)
    stray = np.zeros(len(rings.start), dtype=bool)
    stray[many] = True
    stray[many[first_by(rings.label[many], ~over, -rings.area2[many], many)]] = False
    return stray


def _relabelled(arcs: Arcs, rings: _Rings, stray: Flags) -> tuple[Arcs, Flags]:
    """Arcs after each stray part has got the label of a neighbour, and which labels gave or took one.

    Arcs between equal labels are struck out.
    """
    labels = arcs.label.max(initial=-1) + 1
    of_arc = len(rings.label) + arcs.label
    of_arc[rings.arc] = np.repeat(rings.shell, np.diff(rings.start, append=len(rings.arc)))
    label = np.concatenate([rings.label, np.arange(labels)])  # a label that was not traced counts as one part
    parts = _Parts(label, np.append(stray, np.zeros(labels, dtype=bool)), of_arc)
    rows = np.flatnonzero(parts.stray[of_arc])
    twin = _twins(arcs, rows)
    joined = _joined_labels(arcs, parts, (rows, twin))
    if stray.any() and (joined == label).all():
        raise not_closed(arcs.points[arcs.tail[rows]][0])
    changed = np.zeros(labels, dtype=bool)
    changed[label[parts.stray]] = changed[joined[parts.stray]] = True
    label = joined[of_arc]
    kept = np.ones(len(of_arc), dtype=bool)
    within = label[rows] == np.where(twin < 0, -1, label[twin])
    kept[rows[within]] = kept[twin[within]] = False
    return Arcs(arcs.points, arcs.tail[kept], arcs.head[kept], label[kept]), changed


def _twins(arcs: Arcs, rows: Ints) -> Ints:
    """Row of the same arc seen from the other side, of some arcs; -1 on the border of a block."""
    back = arcs.head[rows] * len(arcs.points) + arcs.tail[rows]
    order = np.argsort(back)
    starts = np.zeros(len(arcs.points), dtype=bool)
    starts[arcs.head[rows]] = True
    some = np.flatnonzero(starts[arcs.tail])
    key = arcs.tail[some] * len(arcs.points) + arcs.head[some]
    twins = np.isin(key, back)
    found, key = some[twins], key[twins]
    out = np.full(len(rows), -1)
    out[order[np.searchsorted(back[order], key)]] = found
    return out


def _joined_labels(arcs: Arcs, parts: _Parts, twins: tuple[Ints, Ints]) -> Ints:
    """Label of each part; what has joined can be joined in turn, so a bay of strays fills from its mouth.

    `twins` are the rows of arcs of stray parts, and of the same arcs seen from the other side.
    """
    label, stray = parts.label.copy(), parts.stray.copy()
    count = label.max() + 1
    rows, twin = twins[0][twins[1] >= 0], twins[1][twins[1] >= 0]
    own, other = parts.of_arc[rows], parts.of_arc[twin]
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
    start = np.zeros(points + 2, dtype=np.int64)
    leaving, path, order, ring_of = (np.empty(count + 1, dtype=np.int64) for _ in range(4))
    walk = _Walk(start, leaving, np.zeros(count, dtype=bool), path, np.full(points, -1), order, ring_of)
    done, rings = _close_rings(arcs, walk)
    return order[:done], ring_of[:done], rings


@lean
def _close_rings(arcs: Arcs, walk: _Walk) -> tuple[int, int]:
    """Write down the arcs of closed rings and the ring of each; returns how many arcs and rings.

    At a point met twice by one label the ring turns sharpest, so that it closes there: parts that touch in a point
    come out as rings of their own. So no point is left twice on the path, and its arcs are all of one label.
    """
    tail, path, place = arcs.tail, walk.path, walk.place
    _sort_by_tail(tail, walk)
    done = 0
    rings = 0
    for first in range(len(tail)):
        arc = first
        length = 0
        while not walk.used[first] or length > 0:
            v = tail[arc]
            at = place[v]
            if 0 <= at < length and tail[path[at]] == v:
                for k in range(at, length):
                    walk.order[done] = path[k]
                    walk.ring_of[done] = rings
                    done += 1
                rings += 1
                length = at
                if length == 0:
                    break
            walk.used[arc] = True
            place[v] = length
            path[length] = arc
            length += 1
            onward = _sharpest(arcs, walk, (arc, first))
            if onward < 0:
                break
            arc = onward
    return done, rings


@inner
def _sort_by_tail(tail: Ints, walk: _Walk) -> None:
    """Find the arcs that leave each point, by counting; before, `start` is 0."""
    start = walk.start
    for arc in range(len(tail)):
        start[tail[arc] + 2] += 1
    for v in range(2, len(start)):
        start[v] += start[v - 1]
    for arc in range(len(tail)):
        walk.leaving[start[tail[arc] + 1]] = arc
        start[tail[arc] + 1] += 1


@inlined
def _sharpest(arcs: Arcs, walk: _Walk, way: tuple[int, int]) -> int:
    """Arc of the same label that goes on from the head of an arc with the sharpest turn to the right; -1: none.

    `way` is this arc and the first of the path, with which it may close.
    """
    points, tail, head, label = arcs
    start, leaving, used = walk.start, walk.leaving, walk.used
    arc, first = way
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

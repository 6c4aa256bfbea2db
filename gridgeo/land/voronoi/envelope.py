"""Where along a segment the nearest footprint changes: a recursive lower envelope of distances in one dimension.

Such a point is called a break. A segment is cut where the labels of its ends are equally far. If a third label is nearer there,
both pieces are cut in turn; if not, it is a break. A piece between two ends of one label is asked in its middle, for another may be
nearer there. So the search follows the envelope without knowing which labels are on it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Flags, Floats, Ints, inlined, inner, lean
from gridgeo.land.enclosures import EdgePoints
from gridgeo.land.voronoi.nearest import (
    BlockTree,
    Bvh,
    Labels,
    Point,
    distance2,
    gap,
    nearest,
    nearest_within,
)

FEW_BREAKS = 64
"""Breaks of one segment for which there is room at first; where that is not enough, all is done again with more."""
MORE = 4
"""How many times the room there is where it was not enough."""
_NEARER = 0.02
"""A third building must be nearer by this much before it gets a piece of its own [m]."""
_STEP = 0.02
"""How far from a corner shared by two buildings the label of a segment is read [m]."""
_SHORT = 2.0
"""A piece whose two ends are one building's is not looked into below this length [m] ..."""
_LONG = 20.0
"""... and is looked into at more than its middle above this [m]."""
_SHORTEST = 0.5
"""A piece below this length gets no third building [m]."""
_EVEN = 3e-3
"""Distances that differ by less than this are equal [m]."""
_END_SHARE = 0.02
"""A break keeps away from the ends of its piece by this share of its length."""

Segment = tuple[Point, Point]
"""Tail and head."""


class Breaks(NamedTuple):
    """Breaks of one segment, and memory for the search, which is made once; all arrays but the last two are of one length.

    Each piece that waits becomes one break at most, and is looked into only where two more fit in. So what waits and what is found
    are together never more than the arrays hold.
    """

    share: Floats
    """Place of each [share of the length], ascending."""
    label: Ints
    """Label after each."""
    todo_share: Floats
    todo_label: Ints
    """Ends of pieces that are still to be looked into."""
    number: Ints
    """One number: how many breaks the last segment has."""
    full: Flags
    """One flag: there was no room for all breaks of some segment. Then what was found is worth nothing."""


class BreakSearch(NamedTuple):
    """Where breaks are looked for, and where they are written down."""

    tree: BlockTree
    found: Breaks


class BlockEdges(NamedTuple):
    """Edges of borders, each as its block sees it."""

    tail: Floats
    head: Floats
    block: Ints


def room_for_breaks(count: int) -> Breaks:
    """Room for so many breaks of one segment."""
    return Breaks(
        np.empty(count),
        np.empty(count, np.int64),
        np.empty((count, 2)),
        np.empty((count, 2), np.int64),
        np.zeros(1, np.int64),
        np.zeros(1, bool),
    )


@inlined
def between(segment: Segment, share: float) -> Point:
    """Point of a segment at a share of its length."""
    a, b = segment
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


@inlined
def length_of(segment: Segment) -> float:
    """Length of a segment [m]."""
    a, b = segment
    return np.hypot(b[0] - a[0], b[1] - a[1])


@inner
def _tied_level(at_start: float, at_end: float) -> float:
    """Difference of distances to look for where the two labels are equally far for a while.

    At a corner that two buildings share both are equally far, and may stay so. Then the end of what is plainly one's
    is looked for.
    """
    if at_start >= 0 and at_end <= 0:
        return 0.0
    return _EVEN if at_start >= 0 else -_EVEN


@inlined
def _crossing(segment: Segment, labels: Labels, bvh: Bvh) -> float:
    """Where on a segment, which begins on the land of one label and ends on another's, both are equally far [share of its length].

    Regula falsi in the Illinois variant (Dowell and Jarratt 1971); halving where the labels are tied at an end. Between `low` and
    `high` the difference of the distances passes the level that is looked for.
    """
    low_value = gap(segment[0], labels, bvh)
    high_value = gap(segment[1], labels, bvh)
    length = length_of(segment)
    tied = low_value >= 0 or high_value <= 0
    level = _tied_level(low_value, high_value) if tied else 0.0
    low = 0.0
    high = 1.0
    share = 0.5
    side = 0
    for _ in range(40):
        share = (low + high) / 2 if tied else (low * high_value - high * low_value) / (high_value - low_value)
        value = gap(between(segment, share), labels, bvh)
        if (high - low) * length < _EVEN or (abs(value) < _EVEN and not tied):
            break
        if value < level:
            low = share
            low_value = value
            if side == -1:
                high_value *= 0.5
            side = -1
        else:
            high = share
            high_value = value
            if side == 1:
                low_value *= 0.5
            side = 1
    return min(max(share, _END_SHARE), 1 - _END_SHARE)


@inlined
def envelope(segment: Segment, ends: Labels, search: BreakSearch) -> None:
    """Find the breaks of a segment whose ends have the given labels; without room for all, none, and it is told that it is full.

    Pieces that wait follow each other from the last to the first, and each ends with the label with which the next begins; all
    before them is found.
    """
    tree, found = search
    todo_share = found.todo_share
    todo_label = found.todo_label
    todo_share[0, 0], todo_share[0, 1] = 0.0, 1.0
    todo_label[0, 0], todo_label[0, 1] = ends
    length = length_of(segment)
    todo = 1
    count = 0
    while todo:
        todo -= 1
        low, high = todo_share[todo, 0], todo_share[todo, 1]
        first, last = todo_label[todo, 0], todo_label[todo, 1]
        piece = (high - low) * length
        if first == last:
            if piece < _SHORT:
                continue
            at = (low + high) / 2
        else:
            part = (between(segment, low), between(segment, high))
            at = low + _crossing(part, (first, last), tree.bvh) * (high - low)
        middle = first
        if piece > _SHORTEST:
            middle = _third(between(segment, at), (first, last), tree)
        known = middle in (first, last)
        if known and first != last:
            found.share[count] = at
            found.label[count] = last
            count += 1
        elif not known or piece > _LONG:
            if todo + count + 2 > len(todo_share):
                found.full[0] = True
                count = 0
                break
            todo_share[todo, 0], todo_share[todo, 1] = at, high
            todo_label[todo, 0], todo_label[todo, 1] = middle, last
            todo_share[todo + 1, 0], todo_share[todo + 1, 1] = low, at
            todo_label[todo + 1, 0], todo_label[todo + 1, 1] = first, middle
            todo += 2
    found.number[0] = count


@inlined
def _third(point: Point, labels: Labels, tree: BlockTree) -> int:
    """A third label that is plainly nearer to a point between the land of two; if there is none, the first of the two."""
    first, last = labels
    nearer = min(distance2(point, first, tree.bvh), distance2(point, last, tree.bvh)) ** 0.5 - _NEARER
    if nearer <= 0:
        return first
    return nearest_within(point, (first, nearer * nearer), tree)


@inlined
def label_after(segment: Segment, tree: BlockTree) -> int:
    """Label of a segment just after its tail."""
    length = length_of(segment)
    share = min(_STEP, 0.1 * length) / length if length > 0 else 0.0
    return nearest(between(segment, share), -1, tree)


def border_breaks(edges: BlockEdges, bvh: Bvh) -> EdgePoints:
    """Breaks of border edges as seen from their block."""
    room, found = 2 * len(edges.block) + FEW_BREAKS, room_for_breaks(FEW_BREAKS)
    while True:
        points = EdgePoints(np.empty(room, dtype=np.int64), np.empty(room))
        count = _break_borders(edges, (bvh, found), points)
        if count >= 0:
            return EdgePoints(points.edge[:count], points.share[:count])
        if found.full[0]:
            found = room_for_breaks(MORE * len(found.share))
        else:
            room *= MORE


@lean
def _break_borders(edges: BlockEdges, work: tuple[Bvh, Breaks], points: EdgePoints) -> int:
    """Number of breaks written down; -1 if there is no room for them."""
    bvh, found = work
    count = 0
    for i in range(len(edges.block)):
        block = edges.block[i]
        if bvh.first_label[block + 1] - bvh.first_label[block] < 2:
            continue
        tree = BlockTree(bvh, block)
        a = (edges.tail[i, 0], edges.tail[i, 1])
        b = (edges.head[i, 0], edges.head[i, 1])
        first = nearest(a, -1, tree)
        last = nearest(b, first, tree)
        envelope((a, b), (first, last), BreakSearch(tree, found))
        fresh = found.number[0]
        if found.full[0] or count + fresh > len(points.edge):
            return -1
        for k in range(fresh):
            points.edge[count + k] = i
            points.share[count + k] = found.share[k]
        count += fresh
    return count

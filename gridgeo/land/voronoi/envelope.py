"""Where along a segment the nearest footprint changes: a recursive lower envelope of distances in one dimension.

Such a point is called a break. A segment is cut where the labels of its ends are equally far. If a third label is nearer there,
both pieces are cut in turn; if not, it is a break. A piece between two ends of one label is asked in its middle, for another may be
nearer there. So the search follows the envelope without knowing which labels are on it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Flags, Floats, Ints, inlined, lean
from gridgeo.land.voronoi.nearest import Bvh, distance2, gap, nearest, nearest_within

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


Point = tuple[float, float]
"""x, y: two numbers cost compiled loops nothing, a row of an array does."""


class Breaks(NamedTuple):
    """Breaks of one segment, and memory for the search, which is made once; all arrays are of one length.

    Each piece that waits becomes one break at most, and is looked into only where two more fit in. So what waits and what is found
    are together never more than the arrays hold.
    """

    share: Floats
    """Place of each [share of the length]."""
    label: Ints
    """Label after each."""
    todo_share: Floats
    todo_label: Ints
    """Ends of pieces that are still to be looked into."""
    full: Flags
    """One flag: there was no room for all breaks of some segment. Then what was found is worth nothing."""


def room_for_breaks(count: int) -> Breaks:
    """Room for so many breaks of one segment."""
    return Breaks(
        np.empty(count),
        np.empty(count, np.int64),
        np.empty((count, 2)),
        np.empty((count, 2), np.int64),
        np.zeros(1, bool),
    )


@lean
def _tied_level(at_start: float, at_end: float) -> float:
    """Difference of distances to look for where the two labels are equally far for a while.

    At a corner that two buildings share both are equally far, and may stay so. Then the end of what is plainly one's
    is looked for.
    """
    if at_start >= 0 and at_end <= 0:
        return 0.0
    return _EVEN if at_start >= 0 else -_EVEN


@inlined
def _crossing(ax: float, ay: float, bx: float, by: float, labels: tuple[int, int], tree: Bvh) -> float:
    """Where on a-b, which begins on the land of one label and ends on another's, both are equally far [share of its length].

    Regula falsi in the Illinois variant (Dowell and Jarratt 1971); halving where the labels are tied at an end.
    """
    first, second = labels
    low_value = gap(ax, ay, first, second, tree)
    high_value = gap(bx, by, first, second, tree)
    length = np.hypot(bx - ax, by - ay)
    tied = low_value >= 0 or high_value <= 0
    level = _tied_level(low_value, high_value) if tied else 0.0
    low = 0.0
    high = 1.0
    share = 0.5
    side = 0
    for _ in range(40):
        share = (low + high) / 2 if tied else (low * high_value - high * low_value) / (high_value - low_value)
        value = gap(ax + share * (bx - ax), ay + share * (by - ay), first, second, tree)
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
def envelope(a: Point, b: Point, ends: tuple[int, int], block: int, tree: Bvh, found: Breaks) -> int:
    """Breaks from a to b, whose ends have the given labels.

    They go into `found`; returns their number. Without room for all, none, and `found` says that it is full.
    """
    todo_share = found.todo_share
    todo_label = found.todo_label
    todo_share[0, 0], todo_share[0, 1] = 0.0, 1.0
    todo_label[0, 0], todo_label[0, 1] = ends
    length = np.hypot(b[0] - a[0], b[1] - a[1])
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
            low_x, low_y = a[0] + low * (b[0] - a[0]), a[1] + low * (b[1] - a[1])
            high_x, high_y = a[0] + high * (b[0] - a[0]), a[1] + high * (b[1] - a[1])
            at = low + _crossing(low_x, low_y, high_x, high_y, (first, last), tree) * (high - low)
        middle = first
        if piece > _SHORTEST:
            middle = _third(a[0] + at * (b[0] - a[0]), a[1] + at * (b[1] - a[1]), first, last, block, tree)
        known = middle in (first, last)
        if known and first != last:
            found.share[count] = at
            found.label[count] = last
            count += 1
        elif not known or piece > _LONG:
            if todo + count + 2 > len(todo_share):
                found.full[0] = True
                return 0
            todo_share[todo, 0], todo_share[todo, 1] = at, high
            todo_label[todo, 0], todo_label[todo, 1] = middle, last
            todo_share[todo + 1, 0], todo_share[todo + 1, 1] = low, at
            todo_label[todo + 1, 0], todo_label[todo + 1, 1] = first, middle
            todo += 2
    return count


@inlined
def _third(x: float, y: float, first: int, last: int, block: int, tree: Bvh) -> int:
    """A third label that is plainly nearer to a point between the land of two; if there is none, the first of the two."""
    nearer = min(distance2(x, y, first, tree), distance2(x, y, last, tree)) ** 0.5 - _NEARER
    if nearer <= 0:
        return first
    return nearest_within(x, y, block, (first, nearer * nearer), tree)


@inlined
def label_after(a: Point, b: Point, block: int, tree: Bvh) -> int:
    """Label of the segment a-b just after a."""
    length = np.hypot(b[0] - a[0], b[1] - a[1])
    share = min(_STEP, 0.1 * length) / length if length > 0 else 0.0
    return nearest(a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), block, -1, tree)


def border_breaks(tail: Floats, head: Floats, block: Ints, tree: Bvh) -> tuple[Ints, Floats]:
    """Breaks of border edges as seen from their block: rows of the edges, shares of their length."""
    room, found = 2 * len(tail) + FEW_BREAKS, room_for_breaks(FEW_BREAKS)
    while True:
        row, share = np.empty(room, dtype=np.int64), np.empty(room)
        count = _break_borders(tail, head, block, tree, (row, share, found))
        if count >= 0:
            return row[:count], share[:count]
        if found.full[0]:
            found = room_for_breaks(MORE * len(found.share))
        else:
            room *= MORE


@lean
def _break_borders(tail: Floats, head: Floats, block: Ints, tree: Bvh, out: tuple[Ints, Floats, Breaks]) -> int:
    """Number of breaks written down; -1 if there is no room for them."""
    row, share, found = out
    count = 0
    for i in range(len(tail)):
        if tree.first_label[block[i] + 1] - tree.first_label[block[i]] < 2:
            continue
        a = (tail[i, 0], tail[i, 1])
        b = (head[i, 0], head[i, 1])
        first = nearest(a[0], a[1], block[i], -1, tree)
        last = nearest(b[0], b[1], block[i], first, tree)
        fresh = envelope(a, b, (first, last), block[i], tree, found)
        if found.full[0] or count + fresh > len(row):
            return -1
        for k in range(fresh):
            row[count + k] = i
            share[count + k] = found.share[k]
        count += fresh
    return count

"""Land that is attached last: water, railway land, and pockets that touch nothing else."""

from __future__ import annotations

from collections import defaultdict
from heapq import heappop, heappush

import numpy as np

from gridgeo.coverage import Flags, Ints
from gridgeo.division.solve.border_prices import PricedBorders
from gridgeo.partition import Shape


def attach(labels: Ints, edges: PricedBorders, *, closed: Flags) -> Ints:
    """Give every cell without a part (-1) to the neighbouring part with the longest common border.

    The longest border of all comes first, and what was attached counts for what lies beyond; a cell is attached to one part, so
    it never connects two. Parts that are closed take nothing as long as there is another; what touches no part at all becomes
    one by itself. So land that touches nothing but an institution, which is closed, goes to it.

    Parameters
    ----------
    labels
        Part of each cell, -1 for none; the largest number is below twice the number of cells.
    edges
        Borders of the cells.
    closed
        Cells whose part takes nothing.
    """
    labels = labels.copy()
    open_ends = edges.keep(~closed[edges.a] & ~closed[edges.b])
    for borders in (open_ends, edges):
        _grow(labels, borders)
    left = labels < 0
    if left.any():
        alone = edges.among(left).components(len(labels))
        labels[left] = 2 * len(labels) + alone[left]
    return labels


def with_attached(shape: Shape, edges: PricedBorders, searched: Flags, *, closed: Flags) -> Shape:
    """Shape of each cell that is searched, with what would be attached to it alone; other cells have none.

    To the search a canal beside a zone would look like the zone's end on both banks, and every zone along it like a bad one.

    Parameters
    ----------
    shape
        Areas, outlines and common borders of all cells.
    edges, closed
        As `attach` takes them.
    searched
        Cells to which others are attached.
    """
    n = len(searched)
    host = attach(np.where(searched | closed, np.arange(n), -1), edges, closed=closed)
    whole = shape.merged(host, 3 * n)
    return Shape(whole.area[:n], whole.outline[:n], whole.a, whole.b, whole.shared)


def _grow(labels: Ints, edges: PricedBorders) -> None:
    """Attach, in place, what can be reached."""
    waiting: list[tuple[float, int, int]] = []
    border: dict[tuple[int, int], float] = defaultdict(float)
    near = _neighbours(edges.keep((labels[edges.a] < 0) | (labels[edges.b] < 0)))

    def reach(start: int) -> None:
        for cell, metres in near[start]:
            if labels[cell] < 0:
                part = int(labels[start])
                border[cell, part] += metres
                # a millimetre decides nothing: sums of the same metres in another order differ in the last bits
                heappush(waiting, (-round(border[cell, part], 3), cell, part))

    for start in sorted(near):
        if labels[start] >= 0:
            reach(start)
    while waiting:
        _, cell, part = heappop(waiting)
        if labels[cell] < 0:
            labels[cell] = part
            reach(cell)


def _neighbours(edges: PricedBorders) -> dict[int, list[tuple[int, float]]]:
    """Neighbours of each cell, and the metres of border with each."""
    near: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for a, b, metres in zip(edges.a.tolist(), edges.b.tolist(), edges.shared_m.tolist(), strict=True):
        near[a].append((b, metres))
        near[b].append((a, metres))
    return near

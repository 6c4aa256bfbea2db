"""Land that is attached last: water, railway land, and pockets that touch nothing else."""

from __future__ import annotations

import numpy as np

from gridgeo.division.borders import Edges, Flags, Ints, components, longest


def attach(labels: Ints, edges: Edges, *, closed: Flags) -> Ints:
    """Give every cell without a part (-1) to the neighbouring part with the longest common border.

    Round by round from the parts outwards; a cell is attached to one part, so it never connects two. Parts that are closed take
    nothing as long as there is another; what touches no part at all becomes one by itself.

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
        alone = components(len(labels), edges.among(left))
        labels[left] = 2 * len(labels) + alone[left]
    return labels


def _grow(labels: Ints, edges: Edges) -> None:
    """Attach, in place, round by round, what can be reached."""
    while True:
        free_a, free_b = labels[edges.a] < 0, labels[edges.b] < 0
        one = free_a != free_b
        if not one.any():
            return
        free = np.where(free_a, edges.a, edges.b)[one]
        part = labels[np.where(free_a, edges.b, edges.a)[one]]
        cell, best = longest(free, part, edges.shared_m[one])
        labels[cell] = best

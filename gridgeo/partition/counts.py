"""Numbers of parts: which are possible, which suits the target, and how many are too small."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Flags, Ints
from gridgeo.partition.problem import Graph, Limits, number_of, pieces, summed


def possible_counts(graph: Graph, limits: Limits) -> tuple[int, int]:
    """Least and most parts that the limits allow, by the totals of what is connected.

    Parameters
    ----------
    graph
        Nodes and edges.
    limits
        What a part may hold.

    Returns
    -------
    least, most
        A node over the limit is one part; empty land that borders on nothing else joins it, and is no part where it can join
        anything. What cannot be cut into parts within limits at all is taken for the number that keeps to the upper one.
    """
    least, most = _possible(_pieces(graph, limits), limits)
    return int(least.sum()), int(most.sum())


def parts_between(load: Ints, second: Ints, limits: Limits) -> tuple[Ints, Ints]:
    """Least and most parts into which the limits let these totals be cut; none if the least is more than the most.

    Parameters
    ----------
    load, second
        Totals of both loads.
    limits
        What a part may hold.
    """
    firm = limits.firm
    least = np.maximum(-(-load // max(1, limits.high)), -(-second // max(1, firm.high)))
    most = np.full_like(load, np.iinfo(load.dtype).max)
    for total, low in ((load, limits.low), (second, firm.low)):
        if low > 0:
            most = np.minimum(most, total // low)
    return np.maximum(1, least), most


def suiting_count(graph: Graph, limits: Limits) -> int:
    """Number of parts that brings the mean load nearest to the target, in each piece of the graph by itself."""
    land = _pieces(graph, limits)
    count = np.clip(np.rint(land.total / max(1, limits.target)), *_possible(land, limits))
    # enclosed land joins its neighbour only after the search
    return int(count.sum() + land.enclosed.sum())


def with_target(graph: Graph, limits: Limits) -> Limits:
    """Limits with a fixed number that the totals allow, and what follows from it as the target; others as they are."""
    if limits.count is None:
        return limits
    count = int(np.clip(limits.count, *possible_counts(graph, limits)))
    over = limits.is_over(graph)
    target = int(
        np.clip(round(int(graph.load[~over].sum()) / max(1, count - int(over.sum()))), limits.low, limits.high)
    )
    return replace(limits, target=target, count=count)


def short_parts(graph: Graph, labels: Ints, limits: Limits) -> int:
    """Parts that hold something, but less than a lower limit."""
    parts = number_of(labels)
    load, second = summed(graph.load, labels, parts), summed(graph.second, labels, parts)
    short = (load < limits.low) | (second < limits.firm.low)
    return int((((load > 0) | (second > 0)) & short).sum())


def enclosed_pieces(graph: Graph, limits: Limits) -> tuple[Ints, Flags]:
    """Piece of each node, and which pieces are empty land among nodes over the limit: one of these takes them after the search.

    Parameters
    ----------
    graph, limits
        What is divided, and what a part may hold.
    """
    land = _pieces(graph, limits)
    return land.of, land.enclosed


class _Pieces(NamedTuple):
    """What hangs together without nodes over the limit, and each of these by itself.

    `of` is the piece of each node; the rest is one row a piece: totals of both loads, nodes that can each bear a part, whether it
    is a node over the limit, whether it is empty and borders on such a node.
    """

    of: Ints
    total: Ints
    second: Ints
    bearing: Ints
    over: Flags
    enclosed: Flags


def _possible(land: _Pieces, limits: Limits) -> tuple[Ints, Ints]:
    """Least and most parts of each piece."""
    least, most = parts_between(land.total, land.second, limits)
    most = np.maximum(least, np.minimum(land.bearing, most))
    least[land.over] = most[land.over] = 1
    least[land.enclosed] = most[land.enclosed] = 0
    return least, most


def _pieces(graph: Graph, limits: Limits) -> _Pieces:
    blocked = limits.is_over(graph)
    apart = blocked[graph.a] | blocked[graph.b]
    of = pieces(graph.kept(~apart))
    count = number_of(of)
    total, second = summed(graph.load, of, count), summed(graph.second, of, count)
    loads, seconds = graph.load > 0, graph.second > 0
    # each part needs a node with all that has a lower limit, and one that is not empty
    needed = [loads | (seconds & limits.firm.hard), *([loads] * (limits.low > 0)), *([seconds] * (limits.firm.low > 0))]
    bearing = np.min([np.bincount(of, flags, count) for flags in needed], axis=0).astype(np.int64)
    over, beside = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    over[of[blocked]] = True
    beside[of[graph.a[apart]]] = beside[of[graph.b[apart]]] = True
    empty = (total == 0) & ((second == 0) | (not limits.firm.hard))
    return _Pieces(of, total, second, bearing, over, beside & empty)

"""A tier whose number of parts is fixed: which numbers are possible, and the search for the nearest of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gridgeo.partition.nouns import Graph, Ints, Limits, numbered

Search = Callable[[Graph, Limits, Ints | None], Ints]
Flags = npt.NDArray[np.bool_]


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
        A node over the limit is one part; empty land that borders on nothing else joins it. What cannot be cut into parts
        within limits at all is taken for the number that keeps to the upper one.
    """
    pieces = _pieces(graph, limits)
    least = np.maximum(1, -(-pieces.total // max(1, limits.high)))
    most = np.maximum(least, np.minimum(pieces.bearing, pieces.total // max(1, limits.low)))
    least[pieces.over] = most[pieces.over] = 1
    least[pieces.enclosed] = most[pieces.enclosed] = 0
    return int(least.sum()), int(most.sum())


def meet_count(search: Search, graph: Graph, limits: Limits, start: Ints | None = None) -> Ints:
    """Divide a graph into a fixed number of parts, or into the nearest number that leaves no more parts short.

    Parameters
    ----------
    search
        Divides a graph by limits, from a start if there is one.
    graph, limits, start
        As the search takes them; the number in `limits` is not None.

    Returns
    -------
    labels
        Part of each node. Where the number is out of reach, the distance from a division free to choose its number is halved
        again and again.
    """
    pieces = _pieces(graph, limits)
    lands = numbered(np.where(pieces.enclosed[pieces.of], len(graph) + pieces.of, np.arange(len(graph))))
    # enclosed land, which joins its neighbour only after the search, must not make up for a part
    small, first = graph.merged(lands), np.unique(lands, return_index=True)[1]
    begin = None if start is None else numbered(start[first])
    later = int(pieces.enclosed.sum()) if start is None else 0
    aim = _aim(graph, limits, later, int(pieces.over.sum()))
    labels = search(small, aim, begin)
    if _short(small, labels, limits):
        labels = _nearest(search, small, aim, begin, labels)
    return numbered(labels[lands])


def _aim(graph: Graph, limits: Limits, later: int, over: int) -> Limits:
    """Limits with a number that the totals allow, and what follows from it as the target."""
    count = int(np.clip(0 if limits.count is None else limits.count, *possible_counts(graph, limits)))
    load = int(graph.load[graph.load <= limits.high].sum())
    target = int(np.clip(round(load / max(1, count - over)), limits.low, limits.high))
    return replace(limits, target=target, count=count + later)


def _nearest(search: Search, graph: Graph, aim: Limits, start: Ints | None, labels: Ints) -> Ints:
    """Go from the number that a free search finds towards the one aimed at, as far as no more parts get short."""
    best = search(graph, replace(aim, count=None), start)
    fewest = _short(graph, best, aim)
    if _short(graph, labels, aim) <= fewest:
        return labels
    met, missed = _number(best), _number(labels)
    while abs(met - missed) > 1:
        between = (met + missed) // 2
        labels = search(graph, replace(aim, count=between), start)
        if _number(labels) == between and _short(graph, labels, aim) <= fewest:
            best, met = labels, between
        else:
            missed = between
    return best


def _number(labels: Ints) -> int:
    return int(labels.max(initial=-1)) + 1


def _short(graph: Graph, labels: Ints, limits: Limits) -> int:
    """Parts with some load, but less than the lower limit."""
    load = np.zeros(_number(labels), np.int64)
    np.add.at(load, labels, graph.load)
    return int(((load > 0) & (load < limits.low)).sum())


class _Pieces(NamedTuple):
    """What hangs together without nodes over the limit, and each of these by itself.

    `of` is the piece of each node; the rest is one row a piece: total load, nodes that bear load, whether it is a node over the
    limit, whether it is empty and borders on such a node.
    """

    of: Ints
    total: Ints
    bearing: Ints
    over: Flags
    enclosed: Flags


def _pieces(graph: Graph, limits: Limits) -> _Pieces:
    blocked = graph.load > limits.high
    apart = blocked[graph.a] | blocked[graph.b]
    ends = (graph.a[~apart], graph.b[~apart])
    ones = np.ones(len(ends[0]), np.int8)
    count, of = connected_components(coo_array((ones, ends), shape=(len(graph), len(graph))), directed=False)
    total, bearing = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.add.at(total, of, graph.load)
    np.add.at(bearing, of, (graph.load > 0).astype(np.int64))
    over, beside = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    over[of[blocked]] = True
    beside[of[graph.a[apart]]] = beside[of[graph.b[apart]]] = True
    return _Pieces(of.astype(np.int64), total, bearing, over, beside & (total == 0))

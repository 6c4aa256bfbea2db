"""What the solver is asked: household land as a graph, with compounds glued together where they are to be kept whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gridgeo.division.borders import Edges, Flags, Ints, components
from gridgeo.partition import Graph, Limits, solve
from gridgeo.scheme import Scheme


@dataclass(frozen=True)
class Options:
    """How to search.

    Parameters
    ----------
    seed, effort
        Start of chance, and how long.
    keep_compounds
        Whether a compound is never divided where the limits of a tier admit it.
    interrupted
        Asked again and again; once it says yes, the search ends with the best so far.
    """

    seed: int
    effort: str
    keep_compounds: bool = False
    interrupted: Callable[[], bool] | None = None


def search(
    load: Ints, edges: Edges, searched: Flags, compound: Ints, fixed: Ints, scheme: Scheme, options: Options
) -> list[Ints]:
    """Parts of every tier, coarse to fine, of the cells that are searched; -1 for the others.

    A compound to be kept that fits into a finest zone is one node from the start. A larger one that fits into a coarser zone is
    divided, and the finer zones that hold its cells are one node in the coarser tier.

    Parameters
    ----------
    load
        Households of each cell.
    edges
        Borders that a zone may cross.
    compound
        Number of the compound of each cell, -1 for none.
    fixed
        Number of the finest zone of each cell that stays as it is, -1 for cells that are free. The zones above take it as a whole.
    """
    at = np.flatnonzero(searched)
    place = np.full(len(load), -1)
    place[at] = np.arange(len(at))
    inner = edges.among(searched)
    graph = Graph(load[at], place[inner.a], place[inner.b], inner.price)
    limits = [Limits(tier.low, tier.high, tier.aim, tier.count) for tier in reversed(scheme.tiers)]
    whole = _pieces(graph, compound[at] if options.keep_compounds else np.full(len(at), -1))
    nodes = _glued(np.arange(len(at)), whole, graph.load, limits[0].high)
    tiers = _solved_around(graph, nodes, fixed[at], limits, options)
    for depth in range(1, len(limits)):
        nodes = _glued(tiers[depth - 1], whole, graph.load, limits[depth].high)
        if (nodes != tiers[depth - 1]).any():
            tiers[depth:] = _solved(graph, nodes, limits[depth:], options)
    return [_spread(labels, at, len(load)) for labels in reversed(tiers)]


def _solved_around(graph: Graph, nodes: Ints, fixed: Ints, limits: list[Limits], options: Options) -> list[Ints]:
    """Parts of every tier, fine to coarse, where some finest ones are fixed."""
    if (fixed < 0).all():
        return _solved(graph, nodes, limits, options)
    count = limits[0].count
    free = np.flatnonzero(fixed < 0)
    finest = fixed + len(graph)
    if len(free):
        rest = replace(limits[0], count=None if count is None else max(1, count - int(fixed.max()) - 1))
        parts = np.unique(nodes[free], return_inverse=True)[1]
        finest[free] = _solved(_induced(graph, free), parts, [rest, *limits[1:]], options)[0]
    finest = np.unique(finest, return_inverse=True)[1]
    return [finest, *(_solved(graph, finest, limits[1:], options) if len(limits) > 1 else [])]


def _induced(graph: Graph, nodes: Ints) -> Graph:
    """Some of the nodes, ascending, with the edges between them."""
    place = np.full(len(graph), -1)
    place[nodes] = np.arange(len(nodes))
    inner = graph.kept((place[graph.a] >= 0) & (place[graph.b] >= 0))
    return Graph(graph.load[nodes], place[inner.a], place[inner.b], inner.cost)


def _solved(graph: Graph, nodes: Ints, limits: list[Limits], options: Options) -> list[Ints]:
    solution = solve(
        graph.merged(nodes), limits, seed=options.seed, effort=options.effort, interrupted=options.interrupted
    )
    return [labels[nodes] for labels in solution.labels]


def _spread(labels: Ints, at: Ints, count: int) -> Ints:
    whole = np.full(count, -1)
    whole[at] = labels
    return whole


def _pieces(graph: Graph, compound: Ints) -> Ints:
    """Number of the connected piece of a compound that each node lies in; -1 for none."""
    same = (compound[graph.a] == compound[graph.b]) & (compound[graph.a] >= 0)
    inner = Edges(graph.a[same], graph.b[same], graph.cost[same], graph.cost[same], same[same])
    return np.where(compound >= 0, components(len(graph), inner), -1)


def _glued(parts: Ints, piece: Ints, load: Ints, high: int) -> Ints:
    """Parts joined where a piece of a compound lies in several, large pieces first, as long as they hold no more than the limit.

    Parameters
    ----------
    parts
        Part of each node, numbered 0 to k-1 by their first node.

    Returns
    -------
    parts
        Numbered in the same way.
    """
    total = np.bincount(parts, load).astype(np.int64)
    joined = np.arange(len(total))
    held = np.bincount(piece[piece >= 0], load[piece >= 0])
    for number in np.argsort(-held, kind="stable"):
        own = np.unique(joined[parts[piece == number]])
        if len(own) > 1 and total[own].sum() <= high:
            joined[np.isin(joined, own)] = own[0]
            total[own[0]] = total[own].sum()
    return np.unique(joined, return_inverse=True)[1][parts]

"""What the solver is asked: household land as a graph, with compounds glued together where they are to be kept whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gridgeo.coverage.precision import Flags, Ints
from gridgeo.division.borders import Edges, components
from gridgeo.model.scheme import Scheme
from gridgeo.partition import Bounds, Effort, Graph, Limits, Shape, solve

COMPACT = 2.0
"""Weight of shape; see `price_of_shape`. Below 1 coarse zones still follow cheap streets round many corners; above 3 borders leave
the streets, and sizes get less equal."""


NECK_M = 5.0
"""A border shorter than this holds a zone together only where nothing else does [m]: on a map it looks like two zones that touch in
a point. A choice; a lane for fire engines has 4 m in the clear."""


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
    effort: str | Effort
    keep_compounds: bool = False
    interrupted: Callable[[], bool] | None = None


@dataclass(frozen=True)
class Land:
    """What the cells of one community hold, by position.

    Parameters
    ----------
    load
        What the tiers balance.
    more
        Second load, which some tiers limit; None if none does.
    compound
        Number of the compound, -1 for none.
    fixed
        Number of the finest zone that stays as it is, -1 for cells that are free. The zones above take it as a whole.
    shape
        Areas and outlines [m2, m], with all that goes where a cell goes.
    """

    load: Ints
    more: Ints | None
    compound: Ints
    fixed: Ints
    shape: Shape


def search(land: Land, edges: Edges, searched: Flags, scheme: Scheme, options: Options) -> list[Ints]:
    """Parts of every tier, coarse to fine, of the cells that are searched; -1 for the others.

    A compound to be kept that fits into a finest zone is one node from the start. A larger one that fits into a coarser zone is
    divided, and the finer zones that hold its cells are one node in the coarser tier.

    Parameters
    ----------
    edges
        Borders that a zone may cross.
    """
    at = np.flatnonzero(searched)
    graph = graph_of(land, edges, searched)
    limits = with_shape(limits_of(scheme), graph)
    whole = _pieces(graph, land.compound[at] if options.keep_compounds else np.full(len(at), -1))
    nodes = _glued(np.arange(len(at)), whole, graph, limits[0])
    tiers = _solved_around(graph, nodes, land.fixed[at], limits, options)
    for depth in range(1, len(limits)):
        nodes = _glued(tiers[depth - 1], whole, graph, limits[depth])
        if (nodes != tiers[depth - 1]).any():
            tiers[depth:] = _solved(graph, nodes, limits[depth:], options)
    return [_spread(labels, at, len(searched)) for labels in reversed(tiers)]


def graph_of(land: Land, edges: Edges, searched: Flags) -> Graph:
    """Cells that are searched, in their order, and the borders among them that a zone may cross."""
    at = np.flatnonzero(searched)
    place = np.full(len(searched), -1)
    place[at] = np.arange(len(at))
    inner = edges.among(searched)
    more = None if land.more is None else land.more[at]
    return Graph(land.load[at], place[inner.a], place[inner.b], inner.price, more, land.shape.among(searched))


def limits_of(scheme: Scheme) -> list[Limits]:
    """Limits of the tiers, from fine to coarse."""
    second = [None if tier.also is None else Bounds(tier.also.low, tier.also.high, tier.also.hard) for tier in scheme]
    return [
        Limits(tier.low, tier.high, tier.aim, tier.count, more)
        for tier, more in reversed(list(zip(scheme, second, strict=True)))
    ]


def with_shape(limits: list[Limits], graph: Graph) -> list[Limits]:
    """Limits with the price of shape, and no necks, in every tier but the finest: that one is held together by its blocks."""
    shape = graph.shape
    if shape is None or not shape.shared.any():
        return limits
    # each border is one of two zones
    per_m = graph.cost.sum() / shape.shared.sum() / 2
    size = [shape.area.sum() * limit.target / max(1, graph.load.sum()) for limit in limits]
    above = [
        replace(limit, compact=price_of_shape(per_m, area), neck=NECK_M)
        for limit, area in zip(limits[1:], size[1:], strict=True)
    ]
    return [limits[0], *above]


def price_of_shape(per_m: float, area_m2: float) -> float:
    """Price of a zone without any area: `COMPACT` times what the border of a square zone of the mean size would cost.

    So it is the same however finely land is cut into cells.

    Parameters
    ----------
    per_m
        Mean price of a metre of border, for each of the zones at it.
    area_m2
        Mean size of a zone.
    """
    return float(COMPACT * per_m * 4 * np.sqrt(area_m2))


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
        finest[free] = _solved(graph.among(fixed < 0), parts, [rest, *limits[1:]], options)[0]
    finest = np.unique(finest, return_inverse=True)[1]
    return [finest, *(_solved(graph, finest, limits[1:], options) if len(limits) > 1 else [])]


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


def _glued(parts: Ints, piece: Ints, graph: Graph, limits: Limits) -> Ints:
    """Parts joined where a piece of a compound lies in several, large pieces first, as long as they hold no more than the limits.

    Parameters
    ----------
    parts
        Part of each node, numbered 0 to k-1 by their first node.

    Returns
    -------
    parts
        Numbered in the same way.
    """
    total = np.bincount(parts, graph.load).astype(np.int64)
    second = np.bincount(parts, graph.second).astype(np.int64)
    joined = np.arange(len(total))
    held = np.bincount(piece[piece >= 0], graph.load[piece >= 0])
    for number in np.argsort(-held, kind="stable"):
        own = np.unique(joined[parts[piece == number]])
        fits = total[own].sum() <= limits.high and second[own].sum() <= limits.firm.high
        if len(own) > 1 and fits:
            joined[np.isin(joined, own)] = own[0]
            total[own[0]], second[own[0]] = total[own].sum(), second[own].sum()
    return np.unique(joined, return_inverse=True)[1][parts]

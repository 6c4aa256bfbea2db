"""What the solver is asked: household land as a graph, with compounds glued together where they are to be kept whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Flags, Ints
from gridgeo.division.solve.border_prices import PricedBorders
from gridgeo.model import Preferences, Scheme
from gridgeo.partition import Bounds, Effort, Graph, Limits, Shape, made_even, solve

COMPACT = 2.0
"""Weight of shape; see `price_of_shape`. Below 1 coarse zones still follow cheap streets round many corners; above 3 borders leave
the streets, and sizes get less equal."""


NECK_M = 5.0
"""A border shorter than this holds a zone together only where nothing else does [m]: on a map it looks like two zones that touch in
a point. A choice; a lane for fire engines has 4 m in the clear."""


class Search(NamedTuple):
    """How to search.

    Parameters
    ----------
    seed, effort
        Start of chance, and how long.
    keep_compounds
        Whether a compound is never divided where the limits of a tier admit it.
    interrupted
        Asked again and again; once it says yes, the search ends with the best so far.
    progress
        Told the share that is done.
    """

    seed: int
    effort: str | Effort
    keep_compounds: bool = False
    interrupted: Callable[[], bool] | None = None
    progress: Callable[[float], None] | None = None


@dataclass(frozen=True)
class SearchedLand:
    """What is asked of the solver, by position of the cell.

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
    ways
        Borders that a zone may cross.
    searched
        Cells that take part in the search.
    """

    load: Ints
    more: Ints | None
    compound: Ints
    fixed: Ints
    shape: Shape
    ways: PricedBorders
    searched: Flags

    @property
    def at(self) -> Ints:
        """Positions of the cells that are searched: the nodes of the graph."""
        return np.flatnonzero(self.searched)

    def graph(self) -> Graph:
        """Cells that are searched, in their order, and the borders among them that a zone may cross."""
        at, n = self.at, len(self.searched)
        place = np.full(n, -1)
        place[at] = np.arange(len(at))
        inner = self.ways.among(self.searched)
        more = None if self.more is None else self.more[at]
        shape = self.shape.among(self.searched)
        return Graph(self.load[at], place[inner.a], place[inner.b], inner.price, more, shape)


def search_tiers(land: SearchedLand, scheme: Scheme, search: Search) -> list[Ints]:
    """Parts of every tier, coarse to fine, of the cells that are searched; -1 for the others.

    A compound to be kept that fits into a finest zone is one node from the start. A larger one that fits into a coarser zone is
    divided, and the finer zones that hold its cells are one node in the coarser tier.
    """
    at, graph = land.at, land.graph()
    task = _TierTask(graph, with_shape(limits_of(scheme), graph), search, lean_of(scheme.prefer))
    whole = _pieces(graph, land.compound[at] if search.keep_compounds else np.full(len(at), -1))
    nodes = task.glued(np.arange(len(at)), whole)
    tiers = task.solved_around(nodes, land.fixed[at])
    for depth in range(1, len(task.limits)):
        above = task.above(depth)
        nodes = above.glued(tiers[depth - 1], whole)
        if (nodes != tiers[depth - 1]).any():
            tiers[depth:] = above.solved(nodes)
    return [_spread(labels, at, len(land.searched)) for labels in reversed(tiers)]


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


def lean_of(prefer: Preferences) -> float:
    """How many times dearer than usual borders are against sizes."""
    return prefer.compact / prefer.equal


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


@dataclass(frozen=True)
class _TierTask:
    """Tiers, from fine to coarse, that the solver is asked for, and how it shall search.

    Parameters
    ----------
    graph, limits, search
        As they stand.
    lean
        As `lean_of` gives it; None where the finest tier is not among them, for only its sizes need to be made even.
    """

    graph: Graph
    limits: list[Limits]
    search: Search
    lean: float | None

    def above(self, depth: int) -> _TierTask:
        """The same without so many of the finest tiers."""
        return replace(self, limits=self.limits[depth:], lean=self.lean if depth == 0 else None)

    def solved(self, nodes: Ints) -> list[Ints]:
        """Parts of every tier, fine to coarse, where nodes of one number stay together."""
        graph, search = self.graph.merged(nodes), self.search
        seed, effort, _, interrupted, progress = search
        solution = solve(
            graph, self._evened(graph), seed=seed, effort=effort, interrupted=interrupted, progress=progress
        )
        return [labels[nodes] for labels in solution.labels]

    def _evened(self, graph: Graph) -> list[Limits]:
        """The limits, with what makes the finest sizes even."""
        if self.lean is None:
            return self.limits
        return [made_even(graph, self.limits[0], seed=self.search.seed, lean=self.lean), *self.limits[1:]]

    def solved_around(self, nodes: Ints, fixed: Ints) -> list[Ints]:
        """Parts of every tier, where some finest ones are fixed."""
        if (fixed < 0).all():
            return self.solved(nodes)
        graph, limits, count = self.graph, self.limits, self.limits[0].count
        free = np.flatnonzero(fixed < 0)
        finest = fixed + len(graph)
        if len(free):
            rest = replace(limits[0], count=None if count is None else max(1, count - int(fixed.max()) - 1))
            parts = np.unique(nodes[free], return_inverse=True)[1]
            own = replace(self, graph=graph.among(fixed < 0), limits=[rest, *limits[1:]])
            finest[free] = own.solved(parts)[0]
        finest = np.unique(finest, return_inverse=True)[1]
        return [finest, *(self.above(1).solved(finest) if len(limits) > 1 else [])]

    def glued(self, parts: Ints, piece: Ints) -> Ints:
        """Parts joined where a piece of a compound lies in several, large pieces first, as long as they keep to the finest limits.

        Parameters
        ----------
        parts
            Part of each node, numbered 0 to k-1 by their first node.
        piece
            As `_pieces` gives it.

        Returns
        -------
        parts
            Numbered in the same way.
        """
        graph, limits = self.graph, self.limits[0]
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


def _spread(labels: Ints, at: Ints, count: int) -> Ints:
    whole = np.full(count, -1)
    whole[at] = labels
    return whole


def _pieces(graph: Graph, compound: Ints) -> Ints:
    """Number of the connected piece of a compound that each node lies in; -1 for none."""
    same = (compound[graph.a] == compound[graph.b]) & (compound[graph.a] >= 0)
    inner = PricedBorders(graph.a[same], graph.b[same], graph.cost[same], graph.cost[same], same[same])
    return np.where(compound >= 0, inner.components(len(graph)), -1)

"""What the room takes and gives: a graph, limits, a budget, a solution."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gridgeo.coverage import Flags, Floats, Ints

Interrupted = Callable[[], bool]
"""Asked again and again; once it says yes, the best so far is returned."""


@dataclass(frozen=True)
class Shape:
    """Figures from which it follows how compact a part is, in any unit of length.

    The outline of a part is the sum of its nodes' outlines without, on both sides, the common borders inside. These are there
    whether or not an edge leads across: what cannot be crossed at one place may lie inside a part that goes round it.

    Parameters
    ----------
    area, outline
        Area and length of the outline of each node.
    a, b
        Nodes with a common border, a < b, each pair once.
    shared
        Its length.
    """

    area: Floats
    outline: Floats
    a: Ints
    b: Ints
    shared: Floats

    def among(self, nodes: Flags) -> Shape:
        """Some of the nodes, in their order.

        Parameters
        ----------
        nodes
            True for each node that stays.
        """
        place, inner = np.cumsum(nodes) - 1, nodes[self.a] & nodes[self.b]
        borders = place[self.a[inner]], place[self.b[inner]], self.shared[inner]
        return Shape(self.area[nodes], self.outline[nodes], *borders)

    def merged(self, labels: Ints, parts: int) -> Shape:
        """One node for each part.

        Parameters
        ----------
        labels, parts
            Part of each node; their number.
        """
        first, last = labels[self.a], labels[self.b]
        inside = np.bincount(first, self.shared * (first == last), parts)
        outline = np.bincount(labels, self.outline, parts) - 2 * inside
        area = np.bincount(labels, self.area, parts).astype(np.float64)
        return Shape(area, outline.astype(np.float64), *_added((first, last), self.shared, parts))


@dataclass(frozen=True)
class Graph:
    """A weighted graph whose nodes are 0 to n-1, in an order that keeps near things near.

    Parameters
    ----------
    load
        What is balanced, for each node [households]; never negative.
    a, b
        Ends of the edges, a < b, each pair once.
    cost
        Price of cutting each edge [zones' worth of deviation; see the room's objective]; never negative.
    more
        Second load of each node, in a unit of its own; never negative. None stands for 0 everywhere.
    shape
        What is needed where a tier prefers compact parts.
    """

    load: Ints
    a: Ints
    b: Ints
    cost: Floats
    more: Ints | None = None
    shape: Shape | None = None

    def __len__(self) -> int:
        """Number of nodes."""
        return len(self.load)

    @property
    def second(self) -> Ints:
        """Second load of each node."""
        return np.zeros(len(self), np.int64) if self.more is None else self.more

    def kept(self, edges: Flags) -> Graph:
        """The same nodes with some of the edges.

        Parameters
        ----------
        edges
            True for each edge that stays.
        """
        return replace(self, a=self.a[edges], b=self.b[edges], cost=self.cost[edges])

    def among(self, nodes: Flags) -> Graph:
        """Some of the nodes, in their order, with the edges between them.

        Parameters
        ----------
        nodes
            True for each node that stays.
        """
        place = np.cumsum(nodes) - 1
        inner = self.kept(nodes[self.a] & nodes[self.b])
        more = None if self.more is None else self.more[nodes]
        shape = None if self.shape is None else self.shape.among(nodes)
        return Graph(self.load[nodes], place[inner.a], place[inner.b], inner.cost, more, shape)

    def merged(self, labels: Ints) -> Graph:
        """One node for each part; costs of parallel edges are added.

        Parameters
        ----------
        labels
            Part of each node, numbered 0 to k-1 without gaps.
        """
        parts = number_of(labels)
        load = summed(self.load, labels, parts)
        more = None if self.more is None else summed(self.more, labels, parts)
        edges = _added((labels[self.a], labels[self.b]), self.cost, parts)
        return Graph(load, *edges, more, None if self.shape is None else self.shape.merged(labels, parts))


@dataclass(frozen=True)
class Bounds:
    """What a part may hold of the second load, both ends inclusive [its unit].

    Parameters
    ----------
    low, high
        Least and most.
    hard
        Whether these are limits as those of the first load are; otherwise being outside only has its price.
    weight
        Factor of that price.
    """

    low: int
    high: int
    hard: bool = False
    weight: float = 1.0


ANYTHING = Bounds(0, 2**62)
"""No limits at all."""


class Evenness(NamedTuple):
    """How sizes and the number of parts are weighed against the borders of one land, so that neither many nor few parts pay.

    Parameters
    ----------
    weight
        Factor of the deviation from the target.
    credit
        What each part gets back for the border that it cannot help having.
    wanted
        Number of parts that suits the target.
    stray
        Price of each part more or less.
    """

    weight: float
    credit: float
    wanted: int
    stray: float


@dataclass(frozen=True)
class Limits:
    """What a part of one tier may hold, both ends inclusive [units of load], and how many parts there are.

    Parameters
    ----------
    low, high
        Least and most load of a part.
    target
        Load aimed at; need not be whole. Where the number is fixed, what is divided by it takes this place.
    count
        Number of parts of this tier in the whole graph, those over the limit included, if it is fixed.
    more
        What a part may hold of the second load, if that matters.
    compact
        Weight of shape; see the room's objective. Without figures of shape in the graph it means nothing.
    neck
        Length from which on a common border holds a part together; a shorter one does only where nothing else does [unit of shape].
    even
        How sizes and number are weighed against borders; see `evenness.made_even`. None weighs a target's worth of deviation as 1.
    """

    low: int
    high: int
    target: float
    count: int | None = None
    more: Bounds | None = None
    compact: float = 0.0
    neck: float = 0.0
    even: Evenness | None = None

    @property
    def firm(self) -> Bounds:
        """The hard limits of the second load."""
        return self.more if self.more is not None and self.more.hard else ANYTHING

    def shapes(self, graph: Graph) -> bool:
        """Whether shape has a price."""
        return self.compact > 0 and graph.shape is not None

    def is_over(self, graph: Graph) -> Flags:
        """Which nodes are over an upper limit by themselves."""
        over: Flags = (graph.load > self.high) | (graph.second > self.firm.high)
        return over

    def is_under(self, graph: Graph) -> Flags:
        """Which nodes are under a lower limit by themselves."""
        under: Flags = (graph.load < self.low) | (graph.second < self.firm.low)
        return under


@dataclass(frozen=True)
class Effort:
    """A budget, counted in steps and never in seconds, so that the result is the same on any machine.

    Parameters
    ----------
    sweeps
        Proposals for each node in the finest tier.
    coarse_sweeps
        The same in every coarser tier; its graph is small, so they cost little.
    passes
        How often all tiers are searched again, each inside the next coarser one, with a part of the sweeps.
    """

    sweeps: int
    coarse_sweeps: int
    passes: int

    def at(self, nodes: int) -> Effort:
        """The budget for a graph of a certain size: on a large one each node gets less, on a tiny one more.

        Parameters
        ----------
        nodes
            Number of nodes: 2,500 cut the sweeps by the square root of 2, 20,000 by that of 9, 200,000 by that of 81.
            Under 200 nodes there are as many proposals in all as for 200; the smallest graphs need none (`exact.MOST_NODES`).
        """
        factor = max((1 + nodes / LARGE) ** -0.5, TINY / max(1, nodes))
        return Effort(round(self.sweeps * factor), round(self.coarse_sweeps * factor), self.passes)


LARGE = 2_500
TINY = 200
"""Sizes of a graph from which on a sweep becomes dear, and below which it costs nothing [nodes]."""

EFFORTS: Mapping[str, Effort] = MappingProxyType(
    {
        "fast": Effort(sweeps=600, coarse_sweeps=1_500, passes=1),
        "standard": Effort(sweeps=5_000, coarse_sweeps=10_000, passes=2),
        "best": Effort(sweeps=20_000, coarse_sweeps=40_000, passes=3),
        "max": Effort(sweeps=80_000, coarse_sweeps=160_000, passes=4),
    }
)
"""Budgets by name, for graphs of some thousand nodes; `Effort.at` suits them to other sizes."""


class TierTask(NamedTuple):
    """What a search of one tier is asked.

    Parameters
    ----------
    graph, limits
        What is divided, and what a part may hold.
    start
        Parts to improve on; None where there are none yet.
    """

    graph: Graph
    limits: Limits
    start: Ints | None


class TierBudget(NamedTuple):
    """How long one tier is searched.

    Parameters
    ----------
    sweeps
        Proposals for each node.
    seed
        Start of chance.
    interrupted
        Asked before each reheat.
    """

    sweeps: int
    seed: int
    interrupted: Interrupted


@dataclass(frozen=True)
class Solution:
    """Parts of every tier.

    Parameters
    ----------
    labels
        For each tier, from fine to coarse, the part of every node; parts are numbered 0 to k-1 by their first node.
    """

    labels: tuple[Ints, ...]


def _added(ends: tuple[Ints, Ints], value: Floats, parts: int) -> tuple[Ints, Ints, Floats]:
    """Pairs of different parts, a < b, each once, and the sum of the values of each."""
    first, last = ends
    cut = first != last
    low, high = np.minimum(first, last)[cut], np.maximum(first, last)[cut]
    pairs, which = np.unique(low * parts + high, return_inverse=True)
    total = np.bincount(which, value[cut], len(pairs)).astype(np.float64)
    return pairs // max(1, parts), pairs % max(1, parts), total


def summed(load: Ints, labels: Ints, parts: int) -> Ints:
    """Load of each part.

    Parameters
    ----------
    load, labels
        Load and part of each node.
    parts
        Number of parts.
    """
    total = np.zeros(parts, np.int64)
    np.add.at(total, labels, load)
    return total


def number_of(labels: Ints) -> int:
    """How many parts there are, numbered from 0.

    Parameters
    ----------
    labels
        Part of each node.
    """
    return int(labels.max(initial=-1)) + 1


def numbered(labels: npt.NDArray[np.integer]) -> Ints:
    """The same parts, numbered 0 to k-1 by their first node.

    Parameters
    ----------
    labels
        Any whole numbers, one a node, equal within a part.
    """
    _, first, part = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    result: Ints = rank[part]
    return result


def pieces(graph: Graph) -> Ints:
    """Connected pieces of a graph, numbered 0 to k-1 by their first node."""
    ones = np.ones(len(graph.a), np.int8)
    matrix = coo_array((ones, (graph.a, graph.b)), shape=(len(graph), len(graph)))
    return numbered(connected_components(matrix, directed=False)[1])

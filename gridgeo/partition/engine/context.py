"""What the compiled search works on: one value for all kernels.

A `Context` holds what a run reads (the graph and the prices), what it changes (the zones and the state of chance) and room to work
in, one tuple for each kind of work. Numbers that change stand alone in arrays of length 1, for a compiled function cannot change a
field. A run that is given another context shares nothing with it but what is only read, so two can run at a time.

Inside the search a part is called a zone. Zones bear the numbers of nodes, so that there are never more numbers than nodes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Flags, Floats, Ints
from gridgeo.partition.objective import OBJECTIVE, NumberTerm, TierPrices, TotalsTable, empty_totals
from gridgeo.partition.problem import Graph, Limits, Shape

RECOMBINED_NODES = 120
"""Most nodes of two zones that are merged and split anew."""
RECOMBINED_ENDS = 1_200
"""Most edge ends of these nodes: one node with very many neighbours must not stop the search."""
DISSOLVED_NODES = 60
"""Most nodes of a zone that is shared out."""

SHORT = 1.0
SHORT_EDGES = 10.0
"""At the objective's own price a few households missing are cheaper than a longer border; this makes them as dear as so many
edges, and no less than a part without load."""
FIRST = 100.0
"""Price of a short part where soft bounds of the second load would outweigh it."""
FIXED_NUMBER = 1_000.0
"""More than any heat allows: a fixed number of zones, once reached, is never left."""


class EdgeLists(NamedTuple):
    """Neighbours of node v: ``near[start[v]:start[v + 1]]``, ascending, with the costs of cutting them off."""

    start: Ints
    near: Ints
    cost: Floats


class BorderLists(NamedTuple):
    """Nodes with a common border: ``near[start[v]:start[v + 1]]``, with its length, whether or not an edge leads there."""

    start: Ints
    near: Ints
    shared: Floats


class Net(NamedTuple):
    """The graph, and what each node holds."""

    edges: EdgeLists
    borders: BorderLists
    held: TotalsTable


class Assignment(NamedTuple):
    """Which node belongs to which zone.

    Between two moves it always holds that

    * ``label[v]`` is the zone of node v, and each zone hangs together by edges (unless the labels that a run began with did not);
    * the members of a zone form a ring: ``after`` and ``before`` lead from each to the next, ``head`` is one of them, ``size`` is
      their number; a zone without members has no head (-1);
    * row z of ``held`` is what the members of zone z hold, with common borders inside taken off the outline;
    * ``unused[:n_unused[0]]`` are the numbers that no zone bears.
    """

    label: Ints
    after: Ints
    before: Ints
    head: Ints
    size: Ints
    held: TotalsTable
    unused: Ints
    n_unused: Ints


class Walk(NamedTuple):
    """Room for a breadth-first search inside a zone.

    ``queue`` holds nodes in the order in which they are reached; ``stamp`` the number of the last walk that reached a node, and
    minus that number where a walk is still to come by; ``number[0]`` that of the latest walk.
    """

    queue: Ints
    stamp: Ints
    number: Ints


class SpanningTree(NamedTuple):
    """Room for a spanning tree of one or two zones, whose nodes are counted in the order of visit: parents come before children.

    ``member`` lists the nodes to be spanned; ``stamp[v]`` is the number of the last tree that was to span node v, ``number[0]``
    that of the latest; ``place[v]`` says where in the tree it stands, -1 as long as it is not visited.

    By place: ``node``; ``parent``, a place, -1 for the root; ``held``, ``shared``, ``cut``, what the node adds to each subtree with
    it, and once summed up what its subtree holds, and length and cost of its border with the rest; ``below``, whether it lies below
    the cut. The frontier is a bag of ``open_node``, each with the place from which it was seen, ``open_parent``.
    """

    member: Ints
    stamp: Ints
    number: Ints
    place: Ints
    node: Ints
    parent: Ints
    held: TotalsTable
    shared: Floats
    cut: Floats
    below: Flags
    open_node: Ints
    open_parent: Ints


class Sharing(NamedTuple):
    """Room to share out a zone: its ``member`` nodes, and the zone that takes each, its ``taker``; -1 for none."""

    member: Ints
    taker: Ints


class Context(NamedTuple):
    """Everything that a kernel needs; see the module's docstring."""

    net: Net
    prices: TierPrices
    zones: Assignment
    chance: Ints
    walk: Walk
    tree: SpanningTree
    sharing: Sharing


class Proposal(NamedTuple):
    """A move that is tried: at a node, towards the zone of a neighbour, if the price rises by no more than `allowed`.

    Where one zone is enough, `near` is -1.
    """

    node: int
    near: int
    allowed: float


def make_context(net: Net, prices: TierPrices, seed: int) -> Context:
    """Zones without members, a fresh state of chance, and room to work in.

    Parameters
    ----------
    net, prices
        What is read, of `make_net` and `search_prices`; contexts may share it.
    seed
        Start of chance.
    """
    n = len(net.held.load)
    chance = np.array([(seed * 2654435761 + 88172645463325252) % 2**48], np.int64)
    return Context(
        net, prices, _no_zones(n), chance, Walk(_zeros(n), _zeros(n), _zeros(1)), _no_tree(n), _no_sharing(n)
    )


def _no_zones(n: int) -> Assignment:
    rings = {name: _zeros(n) for name in ("label", "after", "before", "head", "size")}
    return Assignment(**rings, held=empty_totals(n), unused=_zeros(n), n_unused=_zeros(1))


def _no_tree(n: int) -> SpanningTree:
    places, ends = min(n, RECOMBINED_NODES), RECOMBINED_ENDS + 1
    return SpanningTree(
        member=_zeros(places),
        stamp=_zeros(n),
        number=_zeros(1),
        place=_zeros(n),
        node=_zeros(places),
        parent=_zeros(places),
        held=empty_totals(places),
        shared=np.zeros(places),
        cut=np.zeros(places),
        below=np.zeros(places, np.bool_),
        open_node=_zeros(ends),
        open_parent=_zeros(ends),
    )


def _no_sharing(n: int) -> Sharing:
    return Sharing(*(_zeros(min(n, DISSOLVED_NODES)) for _ in range(2)))


def _zeros(n: int) -> Ints:
    return np.zeros(n, np.int64)


def make_net(graph: Graph) -> Net:
    """The graph as kernels read it.

    Parameters
    ----------
    graph
        Nodes and edges; without figures of shape these are 0.
    """
    n = len(graph)
    nobody = np.zeros(0, np.int64)
    shape = graph.shape or Shape(np.zeros(n), np.zeros(n), nobody, nobody, np.zeros(0))
    held = TotalsTable(graph.load.astype(np.int64), graph.second.astype(np.int64), shape.area, shape.outline)
    return Net(edge_lists(graph), BorderLists(*_lists(n, (shape.a, shape.b), shape.shared)), held)


def edge_lists(graph: Graph) -> EdgeLists:
    """Neighbours of each node.

    Parameters
    ----------
    graph
        Nodes and edges.
    """
    return EdgeLists(*_lists(len(graph), (graph.a, graph.b), graph.cost))


def _lists(n: int, pairs: tuple[Ints, Ints], value: Floats) -> tuple[Ints, Ints, Floats]:
    """Where the list of each node begins; the other ends of its pairs; their values."""
    source, target = np.concatenate(pairs), np.concatenate(pairs[::-1])
    order = np.argsort(source * n + target, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n))]).astype(np.int64)
    return start, target[order].astype(np.int64), np.tile(value, 2)[order]


def search_prices(graph: Graph, limits: Limits, wrong_number: float = FIXED_NUMBER) -> TierPrices:
    """The objective's terms, with what the search adds lest a limit or a fixed number be traded for a shorter border.

    Parameters
    ----------
    graph, limits
        What is divided, and what a part may hold.
    wrong_number
        Price of each part more or less than a fixed number.
    """
    plain = OBJECTIVE.prices(limits, shaped=graph.shape is not None)
    # a move changes the shape of two parts: no limit is traded for both
    spare = 2 * plain.shape.weight if plain.shape.counts else 0.0
    edges = SHORT_EDGES * float(graph.cost.mean()) if len(graph.cost) else 0.0
    short = max(SHORT, edges) + spare
    soft = limits.more is not None and not limits.more.hard
    # what is outside soft bounds may cost more than a short part, but shall never be bought with one
    size = plain.size._replace(short=max(short, FIRST) if soft else short)
    second = plain.second._replace(short=short if limits.firm.hard else 0.0)
    number = plain.number if limits.count is None else NumberTerm(limits.count, wrong_number + spare)
    return plain._replace(size=size, second=second, number=number)

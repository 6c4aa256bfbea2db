"""Why a tier cannot meet its limits, found in linear time before any search.

Four reasons are certain. A node is over the upper limit. What is connected (without such nodes, which stand alone) has a
total that is no sum of parts within limits. A node too small to stand alone has only neighbours too large to join it. A cut
node has branches too small to stand alone, so they must join it, and together they are over the limit. A fixed number of
parts adds a fifth: the totals of what is connected tell how few or many there can be. Hard limits of a second load count like
those of the first; for soft ones nothing is ever impossible. Cut nodes come from depth-first search
(Hopcroft and Tarjan 1973), without recursion. That none is found proves nothing: the question as a whole is NP-hard.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from gridgeo.coverage import Flags, Ints, inner, lean
from gridgeo.partition.counts import parts_between, possible_counts
from gridgeo.partition.engine import EdgeLists, edge_lists
from gridgeo.partition.problem import Graph, Limits, summed

Reason = Literal["over", "component", "wedged", "pocket", "count"]


@dataclass(frozen=True)
class Obstacle:
    """Nodes that no division puts within limits.

    Parameters
    ----------
    kind
        ``over``: one node over the upper limit; ``component``: connected nodes whose total cannot be cut into parts within
        limits; ``wedged``: one node under the lower limit that exceeds the upper one with any neighbour; ``pocket``: a cut
        node (the first of `nodes`) and its branches below the lower limit, which must join it; ``count``: the number of parts
        that is asked for, all nodes together.
    nodes
        The nodes, ascending but for the cut node.
    total
        Their load.
    counts
        Least and most parts that are possible, where a number is the reason.
    second
        Whether the limits of the first load alone would be no obstacle; then `total` is of the second load.
    beside
        Of a component: nodes over the upper limit that border it, without which it would be joined to more.
    """

    kind: Reason
    nodes: Ints
    total: int
    counts: tuple[int, int] | None = None
    second: bool = False
    beside: Ints = field(default_factory=lambda: np.empty(0, np.int64))


def explain(graph: Graph, limits: Limits) -> list[Obstacle]:
    """List what keeps a division from meeting the limits everywhere.

    Parameters
    ----------
    graph
        Nodes and edges.
    limits
        What a part may hold.

    Returns
    -------
    obstacles
        A number that cannot be met; over-limit nodes, then components, wedged nodes, pockets, each by first node. Every verdict
        is certain; the list may be incomplete. For a coarser tier over parts of a finer one, pass `Graph.merged`.
    """
    blocked = limits.is_over(graph)
    found = _wrong_count(graph, limits)
    found += [_told("over", graph, [v], second=graph.load[v] <= limits.high) for v in np.flatnonzero(blocked)]
    if len(graph) == 0 or max(limits.low, limits.firm.low) <= 0:
        return found
    first = replace(limits, more=None)
    forest = _make_forest(graph, blocked)
    hopeless = _is_hopeless(forest, limits) & ~blocked
    alone = _is_hopeless(forest, first)
    near, over = _blocked_beside(graph, forest, blocked)
    for root in np.flatnonzero(hopeless & (forest.root == np.arange(len(graph)))):
        told = _told("component", graph, np.sort(forest.below(int(root))), second=not alone[root])
        found.append(replace(told, beside=np.unique(over[slice(*np.searchsorted(near, [root, root + 1]))])))
    rest = ~blocked & ~hopeless
    wedged, alone = _is_wedged(graph, limits), _is_wedged(graph, first)
    found += [_told("wedged", graph, [v], second=not alone[v]) for v in np.flatnonzero(rest & wedged)]
    return found + _pockets(graph, limits, forest, candidates=np.flatnonzero(rest))


def _told(kind: Reason, graph: Graph, nodes: npt.ArrayLike, *, second: bool | np.bool_) -> Obstacle:
    nodes = np.asarray(nodes, np.int64)
    load = graph.second if second else graph.load
    return Obstacle(kind, nodes, int(load[nodes].sum()), second=bool(second))


def _wrong_count(graph: Graph, limits: Limits) -> list[Obstacle]:
    least, most = possible_counts(graph, limits)
    if limits.count is None or least <= limits.count <= most:
        return []
    return [Obstacle("count", np.arange(len(graph)), int(graph.load.sum()), (least, most))]


def _is_hopeless(forest: _Forest, limits: Limits) -> Flags:
    """Whether no number of parts, each within limits, has the total of what is connected with a node."""
    least, most = parts_between(forest.total[forest.root], forest.second[forest.root], limits)
    hopeless: Flags = least > most
    return hopeless


def _blocked_beside(graph: Graph, forest: _Forest, blocked: Flags) -> tuple[Ints, Ints]:
    """Roots of what is connected, ascending, and a blocked node that borders it, for each such edge."""
    a, b = np.concatenate([graph.a, graph.b]), np.concatenate([graph.b, graph.a])
    at = np.flatnonzero(~blocked[a] & blocked[b])
    at = at[np.argsort(forest.root[a[at]], kind="stable")]
    return forest.root[a[at]], b[at]


def _is_wedged(graph: Graph, limits: Limits) -> Flags:
    """Whether a node is too small to stand alone, and each neighbour too large to join it."""
    second = graph.second
    room = graph.load[graph.a] + graph.load[graph.b] <= limits.high
    room &= second[graph.a] + second[graph.b] <= limits.firm.high
    wedged = limits.is_under(graph)
    wedged[graph.a[room]] = False
    wedged[graph.b[room]] = False
    return wedged


class _Forest(NamedTuple):
    """Depth-first trees: nodes in order of visit, and for each node its place, parent, root and what hangs below it.

    `place` is -1 for blocked nodes; `total`, `second` (its second load) and `size` are of the node's subtree; `apart` tells
    whether the subtree is connected to the rest of the graph only through the node's parent.
    """

    visited: Ints
    place: Ints
    parent: Ints
    root: Ints
    total: Ints
    second: Ints
    size: Ints
    apart: Flags

    def below(self, v: int) -> Ints:
        """Nodes of the subtree of a node."""
        return self.visited[self.place[v] : self.place[v] + self.size[v]]


def _pockets(graph: Graph, limits: Limits, forest: _Forest, *, candidates: Ints) -> list[Obstacle]:
    has_parent, firm = forest.parent >= 0, limits.firm
    small = forest.apart & has_parent & ((forest.total < limits.low) | (forest.second < firm.low))
    joined, rest = _beside(forest, graph.load, forest.total, small=small)
    more_joined, more_rest = _beside(forest, graph.second, forest.second, small=small)
    rest_joins = has_parent & ((rest < limits.low) | (more_rest < firm.low))
    over = joined + np.where(rest_joins, rest, 0) > limits.high
    more_over = more_joined + np.where(rest_joins, more_rest, 0) > firm.high
    return [
        _told("pocket", graph, _pocket_nodes(forest, v, small=small, rest_joins=rest_joins[v]), second=not over[v])
        for v in candidates[(over | more_over)[candidates]].tolist()
    ]


def _beside(forest: _Forest, own: Ints, below: Ints, *, small: Flags) -> tuple[Ints, Ints]:
    """Load of each node with its small branches, and of the one branch beyond it: all that is not below it."""
    branches = forest.apart & (forest.parent >= 0)
    joined = summed(below[small], forest.parent[small], len(own))
    cut_off = summed(below[branches], forest.parent[branches], len(own))
    return own + joined, below[forest.root] - own - cut_off


def _pocket_nodes(forest: _Forest, v: int, *, small: Flags, rest_joins: bool) -> Ints:
    """The cut node, then the nodes of the branches that must join it."""
    below = forest.below(v)
    children = below[forest.parent[below] == v]
    parts = [forest.below(c) for c in children[small[children]].tolist()]
    if rest_joins:
        own = [forest.below(c) for c in children[forest.apart[children]].tolist()]
        parts.append(np.setdiff1d(forest.below(int(forest.root[v])), np.concatenate([np.array([v]), *own])))
    return np.concatenate([np.array([v]), np.sort(np.concatenate(parts))])


class _Visit(NamedTuple):
    """A depth-first search: the edges, the forest that it fills, and room.

    `low` is the earliest place reached from each subtree, `edge` the next edge of each node, `entered` (of length 1) the number of
    nodes that are visited.
    """

    edges: EdgeLists
    forest: _Forest
    low: Ints
    edge: Ints
    entered: Ints


def _make_forest(graph: Graph, blocked: Flags) -> _Forest:
    n = len(graph)
    edges = edge_lists(graph)
    visited, parent, root = (np.full(n, -1, np.int64) for _ in range(3))
    place, low = np.where(blocked, -2, -1), np.zeros(n, np.int64)
    totals = graph.load.astype(np.int64), graph.second.astype(np.int64), np.ones(n, np.int64)
    forest = _Forest(visited, place, parent, root, *totals, np.zeros(n, np.bool_))
    _visit_all(_Visit(edges, forest, low, edges.start[:-1].copy(), np.zeros(1, np.int64)))
    return forest


@lean
def _visit_all(visit: _Visit) -> None:
    """Fill a forest; nodes on the way from the root to v are those that are entered and not left (no recursion: paths are long)."""
    edges, forest, edge = visit.edges, visit.forest, visit.edge
    for first in range(len(visit.low)):
        # -2 is a blocked node, 0 and more one of an earlier tree
        if forest.place[first] != -1:
            continue
        _enter(visit, first, first)
        v = first
        while v >= 0:
            if edge[v] < edges.start[v + 1]:
                u = edges.near[edge[v]]
                edge[v] += 1
                if forest.place[u] == -1:
                    forest.parent[u] = v
                    _enter(visit, u, first)
                    v = u
                elif forest.place[u] >= 0 and u != forest.parent[v]:
                    visit.low[v] = min(visit.low[v], forest.place[u])
            else:
                v = _leave(visit, v)


@inner
def _enter(visit: _Visit, v: int, root: int) -> None:
    """Give a node the next place of the forest; its totals are its own as yet."""
    forest, count = visit.forest, visit.entered[0]
    forest.visited[count] = v
    forest.place[v] = count
    forest.root[v] = root
    visit.low[v] = count
    visit.entered[0] = count + 1


@inner
def _leave(visit: _Visit, v: int) -> int:
    """Add a finished subtree, whose totals are complete, to its parent's; returns the parent, -1 for that of a root."""
    forest, low = visit.forest, visit.low
    p = forest.parent[v]
    if p >= 0:
        forest.total[p] += forest.total[v]
        forest.second[p] += forest.second[v]
        forest.size[p] += forest.size[v]
        low[p] = min(low[p], low[v])
        # nothing below reaches a node above the parent
        forest.apart[v] = low[v] >= forest.place[p]
    return p

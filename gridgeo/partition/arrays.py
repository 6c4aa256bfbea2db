"""The arrays on which the compiled search works.

Zones bear the numbers of nodes, so that there are never more numbers than nodes. The members of a zone form a ring:
`after` and `before` lead from each member to the next, and `head` is one of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gridgeo.partition.nouns import ANYTHING, Floats, Graph, Ints, Limits

N_FREE = 0
TICK = 1
CHANCE = 2

RESPLIT_NODES = 120
"""Most nodes of two zones that are merged and split anew."""
RESPLIT_ENDS = 1_200
"""Most edge ends of these nodes: one node with very many neighbours must not stop the search."""


class Net(NamedTuple):
    """Neighbours of node v: ``near[start[v]:start[v + 1]]``, with the costs of cutting them off."""

    start: Ints
    near: Ints
    cost: Floats
    load: Ints
    more: Ints


class Rule(NamedTuple):
    """Limits of one tier, as the search prices them.

    `share` is one unit of load as a part of the target; `short` is paid once by each zone under `low`, `astray` for each zone
    more or less than `wanted`. If `second` is set, the second load counts too: `more_high` is never exceeded; a unit under
    `more_least` or over `more_most` costs `more_share`; `more_short` is paid once by each zone under `more_least`.
    """

    low: int
    high: int
    target: int
    share: float
    short: float
    wanted: int
    astray: float
    second: bool
    more_high: int
    more_least: int
    more_most: int
    more_share: float
    more_short: float


class State(NamedTuple):
    """Zones: label, ring neighbours of each node; loads, size, head of each zone; unused zone numbers; counters.

    `counter` holds the number of unused zone numbers, the last stamp that was used, and the state of chance.
    """

    label: Ints
    after: Ints
    before: Ints
    load: Ints
    more: Ints
    size: Ints
    head: Ints
    free: Ints
    counter: Ints


class Work(NamedTuple):
    """Room to work in: stamps and positions of nodes, and a tree whose nodes are counted in the order of visit."""

    stamp: Ints
    queue: Ints
    position: Ints
    node: Ints
    parent: Ints
    tree_load: Ints
    tree_more: Ints
    tree_cut: Floats
    inside: npt.NDArray[np.bool_]
    open_node: Ints
    open_parent: Ints
    chill: Floats


def make_net(graph: Graph) -> Net:
    """Neighbour lists of a graph, each in ascending order."""
    n = len(graph)
    source = np.concatenate([graph.a, graph.b])
    target = np.concatenate([graph.b, graph.a])
    order = np.argsort(source * n + target, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n))]).astype(np.int64)
    near, cost = target[order].astype(np.int64), np.tile(graph.cost, 2)[order]
    return Net(start, near, cost, graph.load.astype(np.int64), graph.second.astype(np.int64))


def make_rule(graph: Graph, limits: Limits) -> Rule:
    """Limits as the search prices them."""
    short = max(SHORT, SHORT_EDGES * float(graph.cost.mean())) if len(graph.cost) else SHORT
    share = 1.0 / max(1, limits.target)
    wanted, astray = (0, 0.0) if limits.count is None else (limits.count, ASTRAY)
    first = (limits.low, limits.high, limits.target, share, short, wanted, astray)
    more = limits.more or ANYTHING
    if limits.more is not None and not more.hard:
        # What is outside soft bounds may cost more than a short part, but shall never be bought with one.
        first = (*first[:4], max(short, FIRST), *first[5:])
    more_share = 10 * more.weight / max(1.0, (more.low + more.high) / 2)
    more_short = short if more.hard else 0.0
    return Rule(*first, limits.more is not None, limits.firm.high, more.low, more.high, more_share, more_short)


SHORT = 1.0
SHORT_EDGES = 10.0
"""At the objective's own price a few households missing are cheaper than a longer border; this makes them as dear as so many
edges, and no less than a part without load."""
FIRST = 100.0
"""Price of a short part where soft bounds of the second load would outweigh it."""
ASTRAY = 1_000.0
"""More than any heat allows: a fixed number of zones, once reached, is never left."""


def make_state(nodes: int, seed: int) -> State:
    """Empty zones and a fresh state of chance."""
    label, after, before, load, more, size, head, free = (np.zeros(nodes, np.int64) for _ in range(8))
    counter = np.array([0, 0, (seed * 2654435761 + 88172645463325252) % 2**48], np.int64)
    return State(label, after, before, load, more, size, head, free, counter)


def make_work(nodes: int) -> Work:
    """Room for zones of a graph with this many nodes."""
    tree = min(nodes, RESPLIT_NODES)
    stamp, queue, position = (np.zeros(nodes, np.int64) for _ in range(3))
    node, parent, load, more = (np.zeros(tree, np.int64) for _ in range(4))
    open_node, open_parent = (np.zeros(RESPLIT_ENDS + 1, np.int64) for _ in range(2))
    cut, inside = np.zeros(tree), np.zeros(tree, np.bool_)
    chill = -np.log((np.arange(4096) + 0.5) / 4096)
    return Work(stamp, queue, position, node, parent, load, more, cut, inside, open_node, open_parent, chill)

"""The arrays on which the compiled search works.

Zones bear the numbers of nodes, so that there are never more numbers than nodes. The members of a zone form a ring:
`after` and `before` lead from each member to the next, and `head` is one of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gridgeo.partition.problem import ANYTHING, Floats, Graph, Ints, Limits, Shape

N_FREE = 0
TICK = 1
CHANCE = 2

RESPLIT_NODES = 120
"""Most nodes of two zones that are merged and split anew."""
RESPLIT_ENDS = 1_200
"""Most edge ends of these nodes: one node with very many neighbours must not stop the search."""


class Borders(NamedTuple):
    """Common borders of node v, with ``near[start[v]:start[v + 1]]``, whether or not an edge leads there."""

    start: Ints
    near: Ints
    shared: Floats


class Net(NamedTuple):
    """Neighbours of node v: ``near[start[v]:start[v + 1]]``, with the costs of cutting them off."""

    start: Ints
    near: Ints
    cost: Floats
    load: Ints
    more: Ints
    area: Floats
    outline: Floats
    borders: Borders


class Held(NamedTuple):
    """What a node or a zone holds: its loads, area and outline. What the rule does not look at is 0."""

    load: int
    more: int
    area: float
    outline: float


class Rule(NamedTuple):
    """Limits of one tier, as the search prices them.

    `share` is one unit of load as a part of the target; `short` is paid once by each zone under `low`, `astray` for each zone
    more or less than `wanted`. If `second` is set, the second load counts too: `more_high` is never exceeded; a unit under
    `more_least` or over `more_most` costs `more_share`; `more_short` is paid once by each zone under `more_least`. If `shaped` is
    set, shape counts too, with the weight `compact`.
    """

    low: int
    high: int
    target: float
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
    shaped: bool
    compact: float


class State(NamedTuple):
    """Zones: label, ring neighbours of each node; what each zone holds, its size, its head; unused zone numbers; counters.

    `counter` holds the number of unused zone numbers, the last stamp that was used, and the state of chance.
    """

    label: Ints
    after: Ints
    before: Ints
    load: Ints
    more: Ints
    area: Floats
    outline: Floats
    size: Ints
    head: Ints
    free: Ints
    counter: Ints


class Tree(NamedTuple):
    """What each node of a tree adds to the subtrees that hold it, and, once summed up, what its subtree holds.

    Parameters
    ----------
    load, more, area, outline
        As a zone has them.
    shared, cut
        Length, and cost, of the subtree's border with the rest of the tree.
    """

    load: Ints
    more: Ints
    area: Floats
    outline: Floats
    shared: Floats
    cut: Floats


class Sets(NamedTuple):
    """What each of some sets of nodes holds; a set is a whole number: that of a zone, or one bit a node."""

    load: Ints
    more: Ints
    area: Floats
    outline: Floats


class Work(NamedTuple):
    """Room to work in: stamps and positions of nodes, and a tree whose nodes are counted in the order of visit."""

    stamp: Ints
    queue: Ints
    position: Ints
    node: Ints
    parent: Ints
    tree: Tree
    inside: npt.NDArray[np.bool_]
    open_node: Ints
    open_parent: Ints
    chill: Floats


def make_net(graph: Graph) -> Net:
    """Neighbour lists of a graph, each in ascending order."""
    n = len(graph)
    nobody = np.zeros(0, np.int64)
    shape = graph.shape or Shape(np.zeros(n), np.zeros(n), nobody, nobody, np.zeros(0))
    loads = graph.load.astype(np.int64), graph.second.astype(np.int64)
    borders = Borders(*_lists(n, shape.a, shape.b, shape.shared))
    return Net(*_lists(n, graph.a, graph.b, graph.cost), *loads, shape.area, shape.outline, borders)


def _lists(n: int, a: Ints, b: Ints, value: Floats) -> tuple[Ints, Ints, Floats]:
    """Where the list of each node begins; the other ends of its pairs; their values."""
    source, target = np.concatenate([a, b]), np.concatenate([b, a])
    order = np.argsort(source * n + target, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n))]).astype(np.int64)
    return start, target[order].astype(np.int64), np.tile(value, 2)[order]


def make_rule(graph: Graph, limits: Limits, astray: float) -> Rule:
    """Limits as the search prices them; `astray` for each part more or less than a fixed number."""
    short = max(SHORT, SHORT_EDGES * float(graph.cost.mean())) if len(graph.cost) else SHORT
    share = 1.0 / max(1, limits.target)
    # a move changes the shape of two parts: no limit is traded for both
    spare = 2 * limits.compact if limits.shapes(graph) else 0.0
    short += spare
    wanted, astray = (0, 0.0) if limits.count is None else (limits.count, astray + spare)
    first = (limits.low, limits.high, limits.target, share, short, wanted, astray)
    more = limits.more or ANYTHING
    if limits.more is not None and not more.hard:
        # What is outside soft bounds may cost more than a short part, but shall never be bought with one.
        first = (*first[:4], max(short, FIRST), *first[5:])
    more_share = 10 * more.weight / max(1.0, (more.low + more.high) / 2)
    more_short = short if more.hard else 0.0
    second = limits.more is not None, limits.firm.high, more.low, more.high, more_share, more_short
    return Rule(*first, *second, limits.shapes(graph), limits.compact)


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
    area, outline = np.zeros(nodes), np.zeros(nodes)
    counter = np.array([0, 0, (seed * 2654435761 + 88172645463325252) % 2**48], np.int64)
    return State(label, after, before, load, more, area, outline, size, head, free, counter)


def make_work(nodes: int) -> Work:
    """Room for zones of a graph with this many nodes."""
    tree = min(nodes, RESPLIT_NODES)
    stamp, queue, position = (np.zeros(nodes, np.int64) for _ in range(3))
    node, parent, load, more = (np.zeros(tree, np.int64) for _ in range(4))
    open_node, open_parent = (np.zeros(RESPLIT_ENDS + 1, np.int64) for _ in range(2))
    area, outline, shared, cut = (np.zeros(tree) for _ in range(4))
    inside = np.zeros(tree, np.bool_)
    chill = -np.log((np.arange(4096) + 0.5) / 4096)
    sums = Tree(load, more, area, outline, shared, cut)
    return Work(stamp, queue, position, node, parent, sums, inside, open_node, open_parent, chill)

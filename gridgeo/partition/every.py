"""Small graphs: every division is weighed, so that the best of all is certain and costs no search.

Dynamic programming over sets of nodes (Held and Karp 1962): what is best for the nodes that are divided already does not depend
on the rest, and the next part holds the first node that is left. This takes a third of 3^n steps for n nodes. A set of nodes is a
whole number, one bit a node.
"""

from __future__ import annotations

import numpy as np

from gridgeo.partition.arrays import Net, Rule, Sets, make_net, make_rule
from gridgeo.partition.compiled import maker
from gridgeo.partition.kernels import fits, held_by, joined, put, worth
from gridgeo.partition.nouns import Flags, Floats, Graph, Ints, Limits

MOST_NODES = 15
"""Each node more triples the steps; these take 5 million."""

TIE = 1e-12


def cheapest(graph: Graph, limits: Limits) -> Ints:
    """The division with the least price of all there are.

    Parameters
    ----------
    graph
        At most `MOST_NODES` nodes.
    limits
        What a part may hold, and how many there are.

    Returns
    -------
    labels
        Part of each node.
    """
    net, rule = make_net(graph), make_rule(graph, limits)
    return _cover(_prices(net, rule), rule, len(graph))


@maker
def _prices(net: Net, rule: Rule) -> Floats:
    """What each set of nodes costs as a part, with half of the edges that it cuts; infinite if it cannot be one."""
    n = len(net.load)
    sets = Sets(*(np.zeros(1 << n, np.int64), np.zeros(1 << n, np.int64), np.zeros(1 << n), np.zeros(1 << n)))
    whole, cut, price = np.zeros(1 << n, np.bool_), np.zeros(1 << n), np.full(1 << n, np.inf)
    for own in range(1, 1 << n):
        v = _last(own)
        rest = own ^ (1 << v)
        shared = 0.0
        for e in range(net.borders.start[v], net.borders.start[v + 1]):
            shared += net.borders.shared[e] * (rest >> net.borders.near[e] & 1)
        put(sets, own, joined(held_by(sets, rest, rule), held_by(net, v, rule), shared), rule)
        cut[own] = cut[rest]
        for e in range(net.start[v], net.start[v + 1]):
            # what was cut to reach this node is inside now
            cut[own] += net.cost[e] * (1 - 2 * (rest >> net.near[e] & 1))
        whole[own] = rest == 0 or _hangs_together(net, whole, own)
        held = held_by(sets, own, rule)
        if whole[own] and (rest == 0 or fits(held, rule)):
            price[own] = worth(held, rule) + cut[own] / 2
    return price


@maker
def _last(own: int) -> int:
    """The last node of a set."""
    v = 0
    while own >> (v + 1) > 0:
        v += 1
    return v


@maker
def _hangs_together(net: Net, whole: Flags, own: int) -> bool:
    """Whether some node hangs on others that hang together themselves, as one does in all that is connected."""
    for v in range(len(net.load)):
        if own >> v & 1 and whole[own ^ (1 << v)]:
            for e in range(net.start[v], net.start[v + 1]):
                if own >> net.near[e] & 1:
                    return True
    return False


@maker
def _cover(price: Floats, rule: Rule, n: int) -> Ints:
    """Parts that hold each node once, at the least price; where their number is fixed, it has its price too."""
    everything, step = (1 << n) - 1, 1 if rule.astray > 0 else 0
    numbers = np.arange(step * n + 1)
    least = np.full((1 << n, len(numbers)), np.inf)
    last = np.zeros(least.shape, np.int64)
    least[0, 0] = 0.0
    for done in range(everything):
        if least[done].min() == np.inf:
            continue
        first = (done + 1) & ~done
        others = everything & ~done ^ first
        # the first node that is left goes with any of the others
        beside = others
        while beside >= 0:
            part = beside | first
            if price[part] < np.inf:
                for k in range(len(numbers) - step):
                    if least[done, k] + price[part] < least[done | part, k + step] - TIE:
                        least[done | part, k + step] = least[done, k] + price[part]
                        last[done | part, k + step] = part
            beside = (beside - 1) & others if beside > 0 else -1
    return _labels(last, int(np.argmin(least[everything] + rule.astray * np.abs(numbers - rule.wanted))), step, n)


@maker
def _labels(last: Ints, parts: int, step: int, n: int) -> Ints:
    """The parts that led to a division of all nodes, one taken off after the other."""
    labels = np.zeros(n, np.int64)
    done = (1 << n) - 1
    while done > 0:
        part = last[done, parts]
        for v in range(n):
            if part >> v & 1:
                labels[v] = _last(part)
        done, parts = done ^ part, parts - step
    return labels

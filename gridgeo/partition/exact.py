"""Small graphs: every division is weighed, so that the best of all is certain and costs no search.

Dynamic programming over sets of nodes (Held and Karp 1962): what is best for the nodes that are divided already does not depend
on the rest, and the next part holds the first node that is left. This takes a third of 3^n steps for n nodes. A set of nodes is a
whole number, one bit a node.
"""

from __future__ import annotations

import numpy as np

from gridgeo.partition.compiled import kernel
from gridgeo.partition.engine.arrays import ASTRAY, Net, Rule, Sets, make_net, make_rule
from gridgeo.partition.engine.kernels import fits, held_by, joined, put, worth
from gridgeo.partition.problem import Flags, Floats, Graph, Ints, Limits

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
    n, net, rule = len(graph), make_net(graph), make_rule(graph, limits, ASTRAY)
    load, more = np.zeros((2, 1 << n), np.int64)
    area, outline, cut = np.zeros((3, 1 << n))
    price = np.full(1 << n, np.inf)
    _weigh(net, rule, Sets(load, more, area, outline), cut, np.zeros(1 << n, np.bool_), price)
    numbers = np.arange(n + 1 if rule.astray > 0 else 1)
    least = np.full((1 << n, len(numbers)), np.inf)
    last = np.zeros(least.shape, np.int64)
    least[0, 0] = 0.0
    _cover(price, least, last)
    parts = int(np.argmin(least[-1] + rule.astray * np.abs(numbers - rule.wanted)))
    return _labels(last, parts, n)


def _labels(last: Ints, parts: int, n: int) -> Ints:
    """The parts that led to a division of all nodes, one taken off after the other."""
    labels = np.zeros(n, np.int64)
    done, step = (1 << n) - 1, int(last.shape[1] > 1)
    while done > 0:
        part = int(last[done, parts])
        labels[[v for v in range(n) if part >> v & 1]] = part
        done, parts = done ^ part, parts - step
    return labels


@kernel
def _weigh(net: Net, rule: Rule, sets: Sets, cut: Floats, whole: Flags, price: Floats) -> None:
    """Fill in what each set of nodes holds and cuts, whether it hangs together, and what it costs as a part.

    That is infinite if it cannot be one, and has half of what it cuts.
    """
    last = 0
    for own in range(1, len(price)):
        if own >> (last + 1) > 0:
            last += 1
        rest = own ^ (1 << last)
        shared = 0.0
        for e in range(net.borders.start[last], net.borders.start[last + 1]):
            shared += net.borders.shared[e] * (rest >> net.borders.near[e] & 1)
        put(sets, own, joined(held_by(sets, rest, rule), held_by(net, last, rule), shared), rule)
        cut[own] = cut[rest]
        for e in range(net.start[last], net.start[last + 1]):
            # what was cut to reach this node is inside now
            cut[own] += net.cost[e] * (1 - 2 * (rest >> net.near[e] & 1))
        whole[own] = rest == 0 or _hangs_together(net, whole, own)
        held = held_by(sets, own, rule)
        if whole[own] and (rest == 0 or fits(held, rule)):
            price[own] = worth(held, rule) + cut[own] / 2


@kernel
def _hangs_together(net: Net, whole: Flags, own: int) -> bool:
    """Whether some node hangs on others that hang together themselves, as one does in all that is connected."""
    for v in range(len(net.load)):
        if own >> v & 1 and whole[own ^ (1 << v)]:
            for e in range(net.start[v], net.start[v + 1]):
                if own >> net.near[e] & 1:
                    return True
    return False


@kernel
def _cover(price: Floats, least: Floats, last: Ints) -> None:
    """Fill in the least price at which each set of nodes is divided into so many parts, and the part that was added last.

    There is one column for each number of parts, or a single one where their number does not matter.
    """
    everything, step = len(price) - 1, min(1, least.shape[1] - 1)
    for done in range(everything):
        first = (done + 1) & ~done
        others = (everything & ~done) ^ first
        # the first node that is left goes with any of the others
        beside = others
        while beside >= 0:
            part = beside | first
            if price[part] < np.inf:
                for k in range(least.shape[1] - step):
                    total = least[done, k] + price[part]
                    if total < least[done | part, k + step] - TIE:
                        least[done | part, k + step] = total
                        last[done | part, k + step] = part
            beside = (beside - 1) & others if beside > 0 else -1

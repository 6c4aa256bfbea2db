"""Small graphs: every division is weighed, so that the best of all is certain and costs no search.

Dynamic programming over sets of nodes (Held and Karp 1962): what is best for the nodes that are divided already does not depend
on the rest, and the next part holds the first node that is left. This takes a third of 3^n steps for n nodes. A set of nodes is a
whole number, one bit a node.

Two tiers together take two such programmes: what it costs at best to divide each set into fine parts, then the same with coarse
parts that bring this price with them. The fewest parts outside limits come before all prices.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Flags, Floats, Ints, inner, lean
from gridgeo.partition.engine import Net, make_net, search_prices
from gridgeo.partition.objective import (
    NumberTerm,
    Row,
    TierPrices,
    TotalsTable,
    empty_totals,
    fits,
    joined,
    part_price,
    put_totals,
    totals_of,
)
from gridgeo.partition.problem import Graph, Limits

MOST_NODES = 15
"""Each node more triples the steps; these take 5 million."""

FAULT = 1e6
"""Price of a limit that is missed where the fewest shall be; more than all other prices of so few nodes."""

TIE = 1e-12


class Subsets(NamedTuple):
    """The graph and prices; and of each set of nodes what it holds and cuts, whether it hangs together, its price as a part."""

    net: Net
    prices: TierPrices
    held: TotalsTable
    cut: Floats
    whole: Flags
    price: Floats


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
    sets = _weighed(graph, search_prices(graph, limits))
    return _labels(*_covered(sets.price, sets.prices.number, len(graph)), len(graph))


def cheapest_nested(graph: Graph, fine: Limits, coarse: Limits) -> tuple[Ints, Ints]:
    """The division into two tiers with the fewest parts outside limits, and of these the one with the least price.

    A part over its limit is a single node. What a number of fine parts costs is left out.

    Parameters
    ----------
    graph
        At most `MOST_NODES` nodes.
    fine, coarse
        What a part of each tier may hold; how many coarse ones there are.

    Returns
    -------
    labels
        Fine and coarse part of each node.
    """
    below, above = _weighed(graph, search_prices(graph, fine)), _weighed(graph, search_prices(graph, coarse))
    inside, part = np.full(len(below.price), np.inf), np.zeros(len(below.price), np.int64)
    inside[0] = 0.0
    _divide_all(_with_faults(below, fine), inside, part)
    price = _with_faults(above, coarse) + inside
    labels = _labels(*_covered(price, above.prices.number, len(graph)), len(graph))
    finer = np.zeros(len(graph), np.int64)
    for whole in np.unique(labels).tolist():
        rest = whole
        while rest > 0:
            own = int(part[rest])
            finer[_members(own, len(graph))] = own
            rest ^= own
    return finer, labels


def _weighed(graph: Graph, prices: TierPrices) -> Subsets:
    """What is known of each set of nodes."""
    n = len(graph)
    cut, price, whole = np.zeros(1 << n), np.full(1 << n, np.inf), np.zeros(1 << n, np.bool_)
    sets = Subsets(make_net(graph), prices, empty_totals(1 << n), cut, whole, price)
    _weigh(sets)
    return sets


def _with_faults(sets: Subsets, limits: Limits) -> Floats:
    """Price of each set as a part, with one that no others outweigh for each limit that it is outside of."""
    load, second, firm = sets.held.load, sets.held.second, limits.firm
    faults = (load < limits.low).astype(np.int64) + (load > limits.high) + (second < firm.low) + (second > firm.high)
    return sets.price + FAULT * faults


def _labels(last: Ints, parts: int, n: int) -> Ints:
    """The parts that led to a division of all nodes, one taken off after the other."""
    labels = np.zeros(n, np.int64)
    done, step = (1 << n) - 1, int(last.shape[1] > 1)
    while done > 0:
        part = int(last[done, parts])
        labels[_members(part, n)] = part
        done, parts = done ^ part, parts - step
    return labels


def _members(own: int, n: int) -> list[int]:
    """The nodes of a set."""
    return [v for v in range(n) if own >> v & 1]


def _covered(price: Floats, number: NumberTerm, n: int) -> tuple[Ints, int]:
    """The part added last to each set of nodes in each number of parts, and the number that is best for all nodes."""
    numbers = np.arange(n + 1 if number.each > 0 else 1)
    least = np.full((len(price), len(numbers)), np.inf)
    last = np.zeros(least.shape, np.int64)
    least[0, 0] = 0.0
    _cover(price, least, last)
    return last, int(np.argmin(least[-1] + number.each * np.abs(numbers - number.wanted)))


@lean
def _weigh(sets: Subsets) -> None:
    """Fill in what is known of each set of nodes; the price is infinite if it cannot be a part, and has half of what it cuts.

    Sets come after their subsets, so each is its last node and a set that is known already.
    """
    net, prices, cut = sets.net, sets.prices, sets.cut
    last = 0
    for own in range(1, len(sets.price)):
        if own >> (last + 1) > 0:
            last += 1
        rest = own ^ (1 << last)
        added = totals_of(net.held, last, prices)
        grown = joined(totals_of(sets.held, rest, prices), added, _shared_with(net, last, rest))
        put_totals(Row(sets.held, own), grown, prices)
        cut[own] = cut[rest]
        for e in range(net.edges.start[last], net.edges.start[last + 1]):
            # what was cut to reach this node is inside now
            cut[own] += net.edges.cost[e] * (1 - 2 * (rest >> net.edges.near[e] & 1))
        sets.whole[own] = rest == 0 or _hangs_together(net, sets.whole, own)
        held = totals_of(sets.held, own, prices)
        # a single node is a part whatever it holds
        if sets.whole[own] and (rest == 0 or fits(held, prices)):
            sets.price[own] = part_price(held, prices) + cut[own] / 2


@inner
def _shared_with(net: Net, v: int, own: int) -> float:
    """Common border of a node and a set that it does not belong to."""
    shared = 0.0
    for e in range(net.borders.start[v], net.borders.start[v + 1]):
        shared += net.borders.shared[e] * (own >> net.borders.near[e] & 1)
    return shared


@inner
def _hangs_together(net: Net, whole: Flags, own: int) -> bool:
    """Whether some node hangs on others that hang together themselves, as one does in all that is connected.

    All smaller sets must be known.
    """
    edges = net.edges
    for v in range(len(edges.start) - 1):
        if own >> v & 1 and whole[own ^ (1 << v)]:
            for e in range(edges.start[v], edges.start[v + 1]):
                if own >> edges.near[e] & 1:
                    return True
    return False


@lean
def _divide_all(price: Floats, least: Floats, part: Ints) -> None:
    """Fill in the least price at which each set of nodes is divided into parts, and the one of them that holds its first node.

    A set comes after its subsets, so what is left without that part is known.
    """
    for own in range(1, len(price)):
        first = own & -own
        others = own ^ first
        beside = others
        while beside >= 0:
            total = price[beside | first] + least[others ^ beside]
            if total < least[own] - TIE:
                least[own] = total
                part[own] = beside | first
            beside = (beside - 1) & others if beside > 0 else -1


@lean
def _cover(price: Floats, least: Floats, last: Ints) -> None:
    """Fill in the least price at which each set of nodes is divided into so many parts, and the part that was added last.

    There is one column for each number of parts, or a single one where their number does not matter. What is done grows as a
    number, so all ways to a set are known before it is added to.
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

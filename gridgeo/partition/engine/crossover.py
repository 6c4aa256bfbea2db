"""The better of two divisions, region by region.

Zones of two divisions that overlap belong to one region. The price is a sum over regions, so the cheaper side of each may be
kept, and the result is better than both. Only a fixed number of zones is a matter of the whole: regions are taken in turn, and
one that would lead away from the number is left as it is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Floats, Ints, inner, lean
from gridgeo.partition.engine.context import Context, Net
from gridgeo.partition.objective import (
    PartTotals,
    Row,
    TierPrices,
    TotalsTable,
    empty_totals,
    joined,
    part_price,
    put_totals,
    totals_of,
)

NOTHING = PartTotals(0, 0, 0.0, 0.0)
NO_GAIN = -1e-12
"""Above this a change is the last bits of a sum."""


class Regions(NamedTuple):
    """What a change of division would bring in each region, and room to reckon it.

    ``root[v]`` leads towards the first node of the region of node v (a disjoint-set forest). Under that node stand ``change``, how
    much the price would rise, and ``more``, how many zones more there would be. ``held`` is room for what zones hold.
    """

    net: Net
    prices: TierPrices
    root: Ints
    change: Floats
    more: Ints
    held: TotalsTable


def keep_cheaper(context: Context, labels: Ints, other: Ints) -> float:
    """Put into `labels`, for each region of both divisions, the side that costs less.

    Parameters
    ----------
    context
        Graph and prices; nothing else of it is looked at.
    labels, other
        Both labelled by the first node of each zone; so is the result.

    Returns
    -------
    gain
        By how much the price falls.
    """
    n = len(labels)
    room = np.arange(n), np.zeros(n), np.zeros(n, np.int64), empty_totals(n)
    return _keep_cheaper(Regions(context.net, context.prices, *room), labels, other)


@lean
def _keep_cheaper(regions: Regions, labels: Ints, other: Ints) -> float:
    """Whole regions change sides, so zones stay whole; the price never rises, and the number never leads away from a fixed one."""
    root, change = regions.root, regions.change
    for v in range(len(labels)):
        _unite(root, v, labels[v])
        _unite(root, v, other[v])
    _add_prices(regions, labels, -1.0)
    _add_prices(regions, other, 1.0)
    _add_cuts(regions, labels, -1.0)
    _add_cuts(regions, other, 1.0)
    zones = _add_zones(regions, labels, -1)
    _add_zones(regions, other, 1)
    gain = _choose(regions, zones)
    for v in range(len(labels)):
        if change[_find(root, v)] < NO_GAIN:
            labels[v] = other[v]
    return gain


@inner
def _choose(regions: Regions, zones: int) -> float:
    """Add the price of the number to each region in turn, given those that changed before it; returns the gain of all that do."""
    change, number = regions.change, regions.prices.number
    excess = zones - number.wanted
    gain = 0.0
    for v in range(len(change)):
        if regions.root[v] == v:
            change[v] += number.each * (abs(excess + regions.more[v]) - abs(excess))
            if change[v] < NO_GAIN:
                gain -= change[v]
                excess += regions.more[v]
    return gain


def by_first(labels: Ints) -> Ints:
    """The same zones, each labelled by its first node.

    Parameters
    ----------
    labels
        Numbers below that of the nodes.
    """
    first, result = np.full(len(labels), -1, np.int64), np.empty(len(labels), np.int64)
    _name_by_first(labels, first, result)
    return result


@lean
def _name_by_first(labels: Ints, first: Ints, result: Ints) -> None:
    """Fill in the result; ``first`` holds -1, and then the first node of each label that occurs."""
    for v in range(len(labels)):
        if first[labels[v]] < 0:
            first[labels[v]] = v
        result[v] = first[labels[v]]


@inner
def _find(root: Ints, v: int) -> int:
    """First node of the region of a node; on the way each node is led past the next (path halving), regions stay the same."""
    while root[v] != v:
        root[v] = root[root[v]]
        v = root[v]
    return v


@inner
def _unite(root: Ints, v: int, u: int) -> None:
    """Make one region of those of two nodes. Its root is its first node, so regions have one order whatever was united first."""
    v, u = _find(root, v), _find(root, u)
    root[max(v, u)] = min(v, u)


@inner
def _add_prices(regions: Regions, labels: Ints, sign: float) -> None:
    """Add what zones cost for what they hold to their region."""
    net, prices, held = regions.net, regions.prices, regions.held
    n = len(labels)
    for v in range(n):
        put_totals(Row(held, v), NOTHING, prices)
    for v in range(n):
        grown = joined(totals_of(held, labels[v], prices), totals_of(net.held, v, prices), 0.0)
        put_totals(Row(held, labels[v]), grown, prices)
    if prices.shape.counts:
        for v in range(n):
            for e in range(net.borders.start[v], net.borders.start[v + 1]):
                # from both of its nodes, as an outline loses a border on both sides
                if labels[net.borders.near[e]] == labels[v]:
                    held.outline[labels[v]] -= net.borders.shared[e]
    for v in range(n):
        if labels[v] == v:
            regions.change[_find(regions.root, v)] += sign * part_price(totals_of(held, v, prices), prices)


@inner
def _add_zones(regions: Regions, labels: Ints, sign: int) -> int:
    """Count the zones of each region; returns their number in all."""
    zones = 0
    for v in range(len(labels)):
        if labels[v] == v:
            regions.more[_find(regions.root, v)] += sign
            zones += 1
    return zones


@inner
def _add_cuts(regions: Regions, labels: Ints, sign: float) -> None:
    """Add what is cut to the region of the edge's first end.

    An edge between regions is cut in both divisions, so it cancels.
    """
    edges = regions.net.edges
    for v in range(len(labels)):
        for e in range(edges.start[v], edges.start[v + 1]):
            u = edges.near[e]
            if u > v and labels[u] != labels[v]:
                regions.change[_find(regions.root, v)] += sign * edges.cost[e]

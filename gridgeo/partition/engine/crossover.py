"""The better of two divisions, region by region.

Zones of two divisions that overlap belong to one region. The price is a sum over regions, so the cheaper side of each may be
kept, and the result is better than both. Only a fixed number of zones is a matter of the whole: regions are taken in turn, and
one that would lead away from the number is left as it is.
"""

from __future__ import annotations

import numpy as np

from gridgeo.partition.compiled import kernel
from gridgeo.partition.engine.arrays import Held, Net, Rule, Sets
from gridgeo.partition.engine.kernels import held_by, joined, put, worth
from gridgeo.partition.problem import Floats, Ints


def keep_cheaper(net: Net, rule: Rule, labels: Ints, other: Ints) -> float:
    """Put into `labels`, for each region of both divisions, the side that costs less.

    Both must be labelled by the first node of each zone; so is the result. Returns by how much the price falls.
    """
    n = len(labels)
    root, (change, area, outline), (more, load, second) = np.arange(n), np.zeros((3, n)), np.zeros((3, n), np.int64)
    return _keep_cheaper(net, rule, (labels, other), (root, change, more), Sets(load, second, area, outline))


@kernel
def _keep_cheaper(
    net: Net, rule: Rule, both: tuple[Ints, Ints], regions: tuple[Ints, Floats, Ints], zones: Sets
) -> float:
    labels, other = both
    root, change, more = regions
    n = len(labels)
    for v in range(n):
        _unite(root, v, labels[v])
        _unite(root, v, other[v])
    _add_worth(net, rule, labels, root, change, -1.0, zones)
    _add_worth(net, rule, other, root, change, 1.0, zones)
    _add_cuts(net, labels, root, change, -1.0)
    _add_cuts(net, other, root, change, 1.0)
    astray = _add_zones(labels, root, more, -1) - rule.wanted
    _add_zones(other, root, more, 1)
    gain = 0.0
    for v in range(n):
        if root[v] == v:
            change[v] += rule.astray * (abs(astray + more[v]) - abs(astray))
            if change[v] < -1e-12:
                gain -= change[v]
                astray += more[v]
    for v in range(n):
        if change[_find(root, v)] < -1e-12:
            labels[v] = other[v]
    return gain


def by_first(labels: Ints) -> Ints:
    """The same zones, each labelled by its first node."""
    first, result = np.full(len(labels), -1, np.int64), np.empty(len(labels), np.int64)
    _name_by_first(labels, first, result)
    return result


@kernel
def _name_by_first(labels: Ints, first: Ints, result: Ints) -> None:
    for v in range(len(labels)):
        if first[labels[v]] < 0:
            first[labels[v]] = v
        result[v] = first[labels[v]]


@kernel
def _find(root: Ints, v: int) -> int:
    while root[v] != v:
        root[v] = root[root[v]]
        v = root[v]
    return v


@kernel
def _unite(root: Ints, v: int, u: int) -> None:
    v, u = _find(root, v), _find(root, u)
    root[max(v, u)] = min(v, u)


@kernel
def _add_worth(net: Net, rule: Rule, labels: Ints, root: Ints, change: Floats, sign: float, zones: Sets) -> None:
    """Add what zones are worth to their region; `zones` is room for what each holds."""
    n = len(labels)
    for v in range(n):
        put(zones, v, Held(0, 0, 0.0, 0.0), rule)
    for v in range(n):
        put(zones, labels[v], joined(held_by(zones, labels[v], rule), held_by(net, v, rule), 0.0), rule)
    if rule.shaped:
        borders = net.borders
        for v in range(n):
            for e in range(borders.start[v], borders.start[v + 1]):
                if labels[borders.near[e]] == labels[v]:
                    zones.outline[labels[v]] -= borders.shared[e]
    for v in range(n):
        if labels[v] == v:
            change[_find(root, v)] += sign * worth(held_by(zones, v, rule), rule)


@kernel
def _add_zones(labels: Ints, root: Ints, more: Ints, sign: int) -> int:
    """Count the zones of each region; returns their number in all."""
    zones = 0
    for v in range(len(labels)):
        if labels[v] == v:
            more[_find(root, v)] += sign
            zones += 1
    return zones


@kernel
def _add_cuts(net: Net, labels: Ints, root: Ints, change: Floats, sign: float) -> None:
    """Add what is cut to the region of the edge's first end; edges between regions are cut on both sides and cancel."""
    for v in range(len(labels)):
        for e in range(net.start[v], net.start[v + 1]):
            u = net.near[e]
            if u > v and labels[u] != labels[v]:
                change[_find(root, v)] += sign * net.cost[e]

"""The rarest move: a small zone is shared out among its neighbours."""

from __future__ import annotations

from gridgeo.partition.compiled import kernel
from gridgeo.partition.engine.arrays import Net, Rule, State, Work
from gridgeo.partition.engine.kernels import (
    fits,
    held_by,
    join,
    joined,
    put,
    recount,
    retire,
    shared_with,
    without,
    worth,
)

DISSOLVE_NODES = 60
DISSOLVE_NEIGHBOURS = 64
"""Nodes with more neighbours are not offered around: that takes the square of their number."""


@kernel
def dissolve(net: Net, rule: Rule, state: State, work: Work, zone: int, allowed: float) -> float:
    """Share out a zone below target, each node to its best neighbour in turn; undone if the price rises too much."""
    members = state.size[zone]
    if state.load[zone] >= rule.target or members > DISSOLVE_NODES:
        return 0.0
    v = state.head[zone]
    for i in range(members):
        work.node[i] = v
        work.parent[i] = -1
        v = state.after[v]
    left, change = _share_out(net, rule, state, work, zone)
    change += recount(state, rule, -1)
    if left == 0 and change <= allowed:
        for i in range(members):
            join(state, work.node[i], work.parent[i])
        retire(state, zone)
        return change
    _take_back(net, rule, state, work, zone)
    return 0.0


@kernel
def _share_out(net: Net, rule: Rule, state: State, work: Work, zone: int) -> tuple[int, float]:
    """Label the nodes anew, going round until no more find a place; the rings stay as they are."""
    members = state.size[zone]
    left = members
    change = -worth(held_by(state, zone, rule), rule)
    moved = 1
    while left > 0 and moved > 0:
        moved = 0
        for i in range(members):
            if work.parent[i] >= 0:
                continue
            v = work.node[i]
            to, price = _best_taker(net, rule, state, v)
            if to >= 0:
                work.parent[i] = to
                shared = shared_with(net, state, v, to, rule)
                put(state, to, joined(held_by(state, to, rule), held_by(net, v, rule), shared), rule)
                state.label[v] = to
                state.size[to] += 1
                change += price
                moved += 1
        left -= moved
    return left, change


@kernel
def _best_taker(net: Net, rule: Rule, state: State, v: int) -> tuple[int, float]:
    """The neighbouring zone in which a node costs least, and the change of price."""
    zone = state.label[v]
    best, best_price = -1, 1e18
    if net.start[v + 1] - net.start[v] > DISSOLVE_NEIGHBOURS:
        return best, best_price
    own = held_by(net, v, rule)
    for e in range(net.start[v], net.start[v + 1]):
        to = state.label[net.near[e]]
        there = held_by(state, to, rule)
        grown = joined(there, own, shared_with(net, state, v, to, rule))
        if to == zone or not fits(grown, rule):
            continue
        price = worth(grown, rule) - worth(there, rule)
        for f in range(net.start[v], net.start[v + 1]):
            other = state.label[net.near[f]]
            if other == zone:
                price += net.cost[f]
            elif other == to:
                price -= net.cost[f]
        if price < best_price:
            best, best_price = to, price
    return best, best_price


@kernel
def _take_back(net: Net, rule: Rule, state: State, work: Work, zone: int) -> None:
    for i in range(state.size[zone]):
        to = work.parent[i]
        if to >= 0:
            v = work.node[i]
            state.label[v] = zone
            shared = shared_with(net, state, v, to, rule)
            put(state, to, without(held_by(state, to, rule), held_by(net, v, rule), shared), rule)
            state.size[to] -= 1

"""The commonest move: one node goes over to a neighbouring zone."""

from __future__ import annotations

from gridgeo.partition.arrays import Net, Rule, State, Work
from gridgeo.partition.compiled import hot, kernel
from gridgeo.partition.kernels import balance, join, leave, recount, retire, stays_whole


@hot
def shift(net: Net, rule: Rule, state: State, work: Work, v: int, to: int, allowed: float) -> float:
    """Move a node to a neighbouring zone if the price rises by no more than allowed; returns the change made."""
    zone = state.label[v]
    load = net.load[v]
    if state.load[to] + load > rule.high:
        return 0.0
    change = balance(state.load[to] + load, rule) - balance(state.load[zone], rule) - balance(state.load[to], rule)
    if state.size[zone] > 1:
        change += balance(state.load[zone] - load, rule)
    else:
        change += recount(state, rule, -1)
    for e in range(net.start[v], net.start[v + 1]):
        other = state.label[net.near[e]]
        if other == zone:
            change += net.cost[e]
        elif other == to:
            change -= net.cost[e]
    # the costly test comes last: most proposals fail on their price
    if change > allowed or not stays_whole(net, state, work, v):
        return 0.0
    _move(net, state, v, to)
    return change


@kernel
def _move(net: Net, state: State, v: int, to: int) -> None:
    zone = state.label[v]
    leave(state, v, zone)
    join(state, v, to)
    state.label[v] = to
    state.load[zone] -= net.load[v]
    state.load[to] += net.load[v]
    state.size[zone] -= 1
    state.size[to] += 1
    if state.size[zone] == 0:
        retire(state, zone)

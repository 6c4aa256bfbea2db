"""The commonest move: one node goes over to a neighbouring zone."""

from __future__ import annotations

from gridgeo.partition.arrays import Net, Rule, State, Work
from gridgeo.partition.compiled import hot, kernel
from gridgeo.partition.kernels import balance, fits, join, leave, recount, retire, second_of, stays_whole


@hot
def shift(net: Net, rule: Rule, state: State, work: Work, v: int, to: int, allowed: float) -> float:
    """Move a node to a neighbouring zone if the price rises by no more than allowed; returns the change made."""
    zone = state.label[v]
    load, more = net.load[v], second_of(net.more, v, rule)
    here, there = second_of(state.more, zone, rule), second_of(state.more, to, rule)
    if not fits(state.load[to] + load, there + more, rule):
        return 0.0
    change = balance(state.load[to] + load, there + more, rule)
    change = change - balance(state.load[zone], here, rule) - balance(state.load[to], there, rule)
    if state.size[zone] > 1:
        change += balance(state.load[zone] - load, here - more, rule)
    else:
        change += recount(state, rule, -1)
    for e in range(net.start[v], net.start[v + 1]):
        other = state.label[net.near[e]]
        # without branches, of which no processor could foretell the next
        change += net.cost[e] * ((other == zone) - (other == to))
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
    state.more[zone] -= net.more[v]
    state.more[to] += net.more[v]
    state.size[zone] -= 1
    state.size[to] += 1
    if state.size[zone] == 0:
        retire(state, zone)

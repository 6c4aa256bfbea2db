"""The commonest move: one node goes over to a neighbouring zone."""

from __future__ import annotations

from gridgeo.partition.compiled import hot, kernel
from gridgeo.partition.engine.arrays import Net, Rule, State, Work
from gridgeo.partition.engine.kernels import (
    fits,
    held_by,
    join,
    joined,
    leave,
    put,
    recount,
    retire,
    shared_with,
    stays_whole,
    without,
    worth,
)


@hot
def shift(net: Net, rule: Rule, state: State, work: Work, v: int, to: int, allowed: float) -> float:
    """Move a node to a neighbouring zone if the price rises by no more than allowed; returns the change made."""
    zone = state.label[v]
    own, here, there = held_by(net, v, rule), held_by(state, zone, rule), held_by(state, to, rule)
    grown = joined(there, own, shared_with(net, state, v, to, rule))
    if not fits(grown, rule):
        return 0.0
    rest = without(here, own, shared_with(net, state, v, zone, rule))
    change = worth(grown, rule) - worth(here, rule) - worth(there, rule)
    change += worth(rest, rule) if state.size[zone] > 1 else recount(state, rule, -1)
    for e in range(net.start[v], net.start[v + 1]):
        other = state.label[net.near[e]]
        # without branches, of which no processor could foretell the next
        change += net.cost[e] * ((other == zone) - (other == to))
    # the costly test comes last: most proposals fail on their price
    if change > allowed or not stays_whole(net, state, work, v):
        return 0.0
    put(state, zone, rest, rule)
    put(state, to, grown, rule)
    _move(state, v, to)
    return change


@kernel
def _move(state: State, v: int, to: int) -> None:
    zone = state.label[v]
    leave(state, v, zone)
    join(state, v, to)
    state.label[v] = to
    state.size[zone] -= 1
    state.size[to] += 1
    if state.size[zone] == 0:
        retire(state, zone)

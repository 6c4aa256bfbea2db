"""A first division: zones grow from single nodes, each joining the neighbour with which the price falls most."""

from __future__ import annotations

import numpy as np

from gridgeo.partition.compiled import kernel
from gridgeo.partition.engine.arrays import TICK, Net, Rule, State, Work
from gridgeo.partition.engine.kernels import draw, enlist, fits, held_by, joined, put, splice, worth
from gridgeo.partition.problem import Floats, Ints

ROUNDS = 40


def grow(net: Net, rule: Rule, state: State, work: Work) -> None:
    """Merge zones, starting from single nodes, until no merger pays; the order of the turns is drawn anew each round.

    Shape has no price here: that is for a number of zones which is settled.
    """
    n = len(state.label)
    state.label[:] = np.arange(n)
    _grow(net, rule._replace(shaped=False), state, work, (np.arange(n), np.zeros(n)))


@kernel
def _grow(net: Net, rule: Rule, state: State, work: Work, memory: tuple[Ints, Floats]) -> None:
    order, border = memory
    n = len(state.label)
    enlist(net, rule, state)
    for _ in range(ROUNDS):
        _shuffle(state, order)
        merged = 0
        for i in range(n):
            v = order[i]
            if state.size[v] > 0:
                partner = _best_partner(net, rule, state, work, v, border)
                if partner >= 0:
                    _absorb(rule, state, v, partner)
                    merged += 1
        if merged == 0:
            break


@kernel
def _shuffle(state: State, order: Ints) -> None:
    for i in range(len(order) - 1, 0, -1):
        j = draw(state.counter, i + 1)
        order[i], order[j] = order[j], order[i]


@kernel
def _best_partner(net: Net, rule: Rule, state: State, work: Work, zone: int, border: Floats) -> int:
    """The neighbouring zone with which a merger lowers the price most, or -1; `border` is room for border costs."""
    found = _measure_borders(net, rule, state, work, zone, border)
    own = held_by(state, zone, rule)
    best, best_gain = -1, -1e-9
    for i in range(found):
        other = work.queue[i]
        theirs = held_by(state, other, rule)
        together = worth(joined(own, theirs, 0.0), rule)
        gain = together - worth(own, rule) - worth(theirs, rule) - border[other]
        if gain < best_gain:
            best, best_gain = other, gain
    return best


@kernel
def _measure_borders(net: Net, rule: Rule, state: State, work: Work, zone: int, border: Floats) -> int:
    """Collect in the queue the neighbouring zones with room for this one, with the costs of the common borders."""
    state.counter[TICK] += 1
    tick = state.counter[TICK]
    found = 0
    own = held_by(state, zone, rule)
    v = state.head[zone]
    for _ in range(state.size[zone]):
        for e in range(net.start[v], net.start[v + 1]):
            other = state.label[net.near[e]]
            if other == zone or not fits(joined(own, held_by(state, other, rule), 0.0), rule):
                continue
            if work.stamp[other] != tick:
                work.stamp[other] = tick
                border[other] = 0.0
                work.queue[found] = other
                found += 1
            border[other] += net.cost[e]
        v = state.after[v]
    return found


@kernel
def _absorb(rule: Rule, state: State, zone: int, partner: int) -> None:
    """Give all members of a zone to its partner."""
    v = state.head[zone]
    for _ in range(state.size[zone]):
        state.label[v] = partner
        v = state.after[v]
    splice(state, v, state.head[partner])
    put(state, partner, joined(held_by(state, partner, rule), held_by(state, zone, rule), 0.0), rule)
    state.size[partner] += state.size[zone]
    state.load[zone] = 0
    state.more[zone] = 0
    state.size[zone] = 0

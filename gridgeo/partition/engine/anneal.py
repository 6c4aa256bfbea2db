"""Simulated annealing in windows of the canonical order, so small that they stay in a processor's cache."""

from __future__ import annotations

from typing import NamedTuple

from gridgeo.partition.compiled import hot, kernel
from gridgeo.partition.engine.arrays import Net, Rule, State, Work
from gridgeo.partition.engine.dissolve import dissolve
from gridgeo.partition.engine.flip import shift
from gridgeo.partition.engine.kernels import draw, enlist
from gridgeo.partition.engine.recombine import resplit
from gridgeo.partition.problem import Floats, Ints

WINDOW = 1024
LEAST_PROPOSALS = 64
"""Proposals a window gets at each temperature even if it is tiny."""


class Plan(NamedTuple):
    """Temperatures in turn [price]; proposals for each node at each of them; and what is proposed.

    `odds` says below which of 65,536 equally likely numbers two zones are divided anew, one is split, one is dissolved; all
    others shift a node.
    """

    heats: Floats
    sweeps: float
    odds: Ints


@kernel
def anneal(net: Net, rule: Rule, state: State, work: Work, nodes: Ints, plan: Plan) -> None:
    """Improve the labels in place, at falling temperatures, with moves that start at the nodes listed.

    Only labels and chance are read from the state; all else in it is made anew. Windows of the list lie elsewhere at each
    temperature, so that no border between them is special.
    """
    enlist(net, rule, state)
    n = len(nodes)
    for heat in plan.heats:
        low = -draw(state.counter, WINDOW) if n > WINDOW else 0
        while low < n:
            first, last = max(low, 0), min(low + WINDOW, n)
            for _ in range(max(int(plan.sweeps * (last - first)), LEAST_PROPOSALS)):
                v = nodes[first + draw(state.counter, last - first)]
                _propose(net, rule, state, work, v, heat, plan.odds)
            low += WINDOW


@hot
def _propose(net: Net, rule: Rule, state: State, work: Work, v: int, heat: float, odds: Ints) -> None:
    """Draw a move at a node, and make it if it pays or the heat allows it (Metropolis)."""
    if net.start[v + 1] == net.start[v]:
        return
    dice = draw(state.counter, 1 << 28)
    kind, allowed = dice >> 12, heat * work.chill[dice & 4095]
    u = _random_neighbour(net, state, v)
    if kind >= odds[2]:
        if u >= 0:
            shift(net, rule, state, work, v, state.label[u], allowed)
    elif kind >= odds[1]:
        dissolve(net, rule, state, work, state.label[v], allowed)
    elif kind >= odds[0]:
        resplit(net, rule, state, work, v, -1, allowed)
    elif u >= 0:
        resplit(net, rule, state, work, v, u, allowed)


@hot
def _random_neighbour(net: Net, state: State, v: int) -> int:
    """A neighbour at random, or -1 if that lies in the same zone: so every piece of border has the same chance."""
    u = net.near[net.start[v] + draw(state.counter, net.start[v + 1] - net.start[v])]
    return u if state.label[u] != state.label[v] else -1

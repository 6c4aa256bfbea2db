"""Search of one tier: grow, anneal, then reheat again and again and keep what became better, region by region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridgeo.partition.anneal import Plan, anneal
from gridgeo.partition.arrays import Net, Rule, State, Work, make_net, make_rule, make_state, make_work
from gridgeo.partition.crossing import by_first, keep_cheaper
from gridgeo.partition.growth import grow
from gridgeo.partition.nouns import Graph, Ints, Limits, numbered


@dataclass(frozen=True)
class Cooling:
    """One run from hot to cold.

    Parameters
    ----------
    heat
        Temperature at its start [unit of heat; see `_unit_of_heat`].
    sweeps
        Proposals for each node.
    steps
        Number of temperatures.
    """

    heat: float
    sweeps: int
    steps: int


FIRST = Cooling(heat=5.6, sweeps=20, steps=15)
REHEATS = (
    Cooling(heat=1.4, sweeps=30, steps=10),
    Cooling(heat=4.0, sweeps=60, steps=10),
    Cooling(heat=11.2, sweeps=120, steps=12),
)
"""Wide limits want mild reheats; narrow ones want hot and long ones, for every move there is a step over a high wall."""
COLD = 0.1
"""Temperature at the end of a cooling [part of that at its start]."""
FROZEN = 1e-9
FREEZING_SWEEPS = 3.0
ODDS = (0.06, 0.05, 0.003)
"""Chances that a proposal divides two zones anew, splits one, dissolves one."""

TRIAL_NODES = 512
MENDINGS = 2
"""Times that the surroundings of parts under the lower limit are searched again."""
MENDING_HOPS = 4
"""How far these surroundings reach [edges]."""


def search(graph: Graph, limits: Limits, *, sweeps: int, seed: int, start: Ints | None = None) -> Ints:
    """Divide a graph into contiguous parts.

    Parameters
    ----------
    graph
        Nodes and edges.
    limits
        What a part may hold.
    sweeps
        Budget [proposals for each node].
    seed
        Start of chance.
    start
        Parts to improve on; without them, parts are grown from single nodes.

    Returns
    -------
    labels
        Part of each node, numbered by the parts' first nodes.
    """
    bench = Bench.of(graph, limits, seed)
    everywhere = np.arange(len(graph), dtype=np.int64)
    if start is None:
        grow(bench.net, bench.rule, bench.state, bench.work)
        bench.cool(FIRST, everywhere)
        sweeps -= FIRST.sweeps
    else:
        bench.state.label[:] = start
    best = by_first(bench.state.label)
    bench.reheat(best, everywhere, sweeps)
    for _ in range(MENDINGS):
        bench.reheat(best, bench.near_short(best), sweeps)
    return numbered(best)


@dataclass(frozen=True)
class Bench:
    """A graph and limits laid out for the compiled search."""

    net: Net
    rule: Rule
    state: State
    work: Work
    unit: float

    @classmethod
    def of(cls, graph: Graph, limits: Limits, seed: int) -> Bench:
        """Lay out a graph and limits."""
        n = len(graph)
        return cls(make_net(graph), make_rule(limits), make_state(n, seed), make_work(n), _unit_of_heat(graph, limits))

    def cool(self, cooling: Cooling, nodes: Ints) -> None:
        """Anneal around these nodes from hot to cold, then freeze."""
        odds = (np.cumsum(ODDS) * 65536).astype(np.int64)
        heats = self.unit * np.geomspace(cooling.heat, cooling.heat * COLD, cooling.steps)
        for plan in (
            Plan(heats, cooling.sweeps / cooling.steps, odds),
            Plan(np.array([FROZEN]), FREEZING_SWEEPS, odds),
        ):
            anneal(self.net, self.rule, self.state, self.work, nodes, plan)

    def reheat(self, best: Ints, nodes: Ints, sweeps: float) -> None:
        """Improve labels in place around these nodes until the sweeps are used up.

        Always takes the reheat that gained most when last tried; at first, each is tried on a few of the nodes.
        """
        middle = max(0, (len(nodes) - TRIAL_NODES) // 2)
        trial = nodes[middle : middle + TRIAL_NODES]
        if len(nodes) == 0 or sweeps <= 0:
            return
        gains = [self._gain(best, trial, cooling) for cooling in REHEATS]
        sweeps -= sum(cooling.sweeps for cooling in REHEATS) * len(trial) / len(nodes)
        while sweeps > 0:
            k = int(np.argmax(gains))
            gains[k] = self._gain(best, nodes, REHEATS[k])
            sweeps -= REHEATS[k].sweeps

    def _gain(self, best: Ints, nodes: Ints, cooling: Cooling) -> float:
        """Reheat once, keep what became better; returns by how much the price fell, for each proposal."""
        self.state.label[:] = best
        self.cool(cooling, nodes)
        return keep_cheaper(self.net, self.rule, best, by_first(self.state.label)) / (cooling.sweeps * len(nodes))

    def near_short(self, labels: Ints) -> Ints:
        """Nodes in or near a part under the lower limit."""
        load = np.zeros(len(labels), np.int64)
        np.add.at(load, labels, self.net.load)
        near = load[labels] < self.rule.low
        source = np.repeat(np.arange(len(labels)), np.diff(self.net.start))
        for _ in range(MENDING_HOPS):
            near[self.net.near[near[source]]] = True
        return np.flatnonzero(near)


def _unit_of_heat(graph: Graph, limits: Limits) -> float:
    """What a typical move costs: the mean price of an edge; where edges cost little, a tenth of a node's load in targets."""
    edge = float(graph.cost.mean()) if len(graph.cost) else 0.0
    node = float(graph.load.mean()) / max(1, limits.target) if len(graph) else 0.0
    return max(edge, node / 10, FROZEN)

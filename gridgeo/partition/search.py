"""Search of one tier: grow, anneal, then reheat again and again and keep what became better, region by region."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from gridgeo.partition.counts import number_of, short_parts
from gridgeo.partition.engine.anneal import Plan, anneal
from gridgeo.partition.engine.arrays import (
    ASTRAY,
    CHANCE,
    Net,
    Rule,
    State,
    Work,
    make_net,
    make_rule,
    make_state,
    make_work,
)
from gridgeo.partition.engine.crossover import by_first, keep_cheaper
from gridgeo.partition.engine.growth import grow
from gridgeo.partition.exact import MOST_NODES, cheapest
from gridgeo.partition.objective import OBJECTIVE
from gridgeo.partition.problem import Graph, Ints, Limits, numbered, summed


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


FIRST = Cooling(heat=5.6, sweeps=35, steps=15)
REHEATS = (
    Cooling(heat=1.4, sweeps=50, steps=10),
    Cooling(heat=2.2, sweeps=80, steps=10),
    Cooling(heat=11.2, sweeps=200, steps=12),
)
"""Wide limits want mild reheats; narrow ones want hot and long ones, for every move there is a step over a high wall."""
COLD = 0.1
"""Temperature at the end of a cooling [part of that at its start]."""
FROZEN = 1e-9
FREEZING_SWEEPS = 5.0
ODDS = (0.03, 0.05, 0.003)
"""Chances that a proposal divides two zones anew, splits one, dissolves one, where zones have up to `FEW_NODES`."""
FEW_NODES = 4
"""Nodes of a zone from which on these proposals are made the more rarely, the more nodes it has.

For each of them looks at all nodes of a zone, and a move at few. So they take about the same part of the time everywhere: with 30
to 100 nodes a zone, as where houses have one household or two, a division that is as good is there in a third of the time.
"""

LANES = 2
"""Shares of the nodes that are reheated at a time, on two cores. Fixed, so that the number of cores changes no result."""
SHARED_NODES = 1_024
"""Nodes from which on they are shared: the shares may not be so small that most zones lie across their border."""

TRIAL_NODES = 512
MENDINGS = 2
"""Times that the surroundings of parts under the lower limit are searched again."""
MENDING_HOPS = 4
"""How far these surroundings reach [edges]."""

TRIED_NODES, MOST_TRIES = 2_000, 16
"""Graphs are searched so often from the start that about so many nodes are, each time with a part of the sweeps: where few moves
are possible, as on a path, chance decides early where a search ends."""
ASTRAYS = (ASTRAY, 2.0)
"""Prices of a part more or less than a fixed number, in turn. At the lower one the search gets from one good division with this
number to another by way of other numbers, but it may not come back where the number is far from what suits."""
TRY = 15_485_863
"""Step between the seeds of these tries; far from those of passes."""

Interrupted = Callable[[], bool]


def search(
    graph: Graph, limits: Limits, start: Ints | None = None, *, sweeps: int, seed: int, interrupted: Interrupted
) -> Ints:
    """Divide a graph into contiguous parts.

    Parameters
    ----------
    graph
        Nodes and edges.
    limits
        What a part may hold, and how many there are; empty parts count.
    start
        Parts to improve on; without them, parts are grown from single nodes, on small graphs several times, and the best counts.
    sweeps
        Budget [proposals for each node].
    seed
        Start of chance.
    interrupted
        Asked before each reheat; once it says yes, the best so far is returned.

    Returns
    -------
    labels
        Part of each node, numbered by the parts' first nodes.
    """
    if len(graph) <= MOST_NODES:
        return numbered(cheapest(graph, limits))
    tries = 1 if start is not None else min(MOST_TRIES, max(1, TRIED_NODES // len(graph)))
    found = [
        _search_once(graph, limits, start, sweeps // tries, seed + TRY * k, ASTRAYS[k % 2], interrupted)
        for k in range(tries)
    ]
    return found[0] if tries == 1 else min(found, key=lambda labels: _flaws(graph, labels, limits))


def _flaws(graph: Graph, labels: Ints, limits: Limits) -> tuple[int, int, float]:
    """What makes a division the worse one: parts too many or too few, parts that are short, then the objective."""
    missed = 0 if limits.count is None else abs(number_of(labels) - limits.count)
    # rounded, for the last bits of a sum are no reason to choose
    return missed, short_parts(graph, labels, limits), round(OBJECTIVE.of_division(graph, [labels], [limits]), 6)


def _search_once(
    graph: Graph, limits: Limits, start: Ints | None, sweeps: int, seed: int, astray: float, interrupted: Interrupted
) -> Ints:
    """One of the tries of `search`; with the price for each part more or less than a fixed number."""
    with make_bench(graph, limits, seed, astray, interrupted) as bench:
        everywhere = np.arange(len(graph), dtype=np.int64)
        if start is None:
            best = bench.first(everywhere)
            sweeps -= FIRST.sweeps
        else:
            best = by_first(start)
        bench.reheat(best, everywhere, sweeps)
        for _ in range(MENDINGS):
            bench.reheat(best, bench.near_short(best), sweeps)
    return numbered(best)


class Lane(NamedTuple):
    """What one run of the search changes."""

    state: State
    work: Work


@dataclass(frozen=True)
class Bench:
    """A graph and limits laid out for the compiled search."""

    net: Net
    rule: Rule
    lanes: tuple[Lane, ...]
    unit: float
    odds: tuple[float, ...]
    at_a_time: Callable[..., Iterable[Ints]]
    interrupted: Interrupted

    def first(self, nodes: Ints) -> Ints:
        """Grow parts from single nodes and anneal them."""
        lane = self.lanes[0]
        grow(self.net, self.rule, lane.state, lane.work)
        self.cool(lane, FIRST, nodes)
        return by_first(lane.state.label)

    def cool(self, lane: Lane, cooling: Cooling, nodes: Ints) -> None:
        """Anneal around these nodes from hot to cold, then freeze."""
        for plan in _plans(cooling, self.unit, self.odds):
            anneal(self.net, self.rule, lane.state, lane.work, nodes, plan)

    def reheat(self, best: Ints, nodes: Ints, sweeps: float) -> None:
        """Improve labels in place around these nodes until the sweeps are used up.

        Always takes the reheat that gained most when last tried, and of equals the one on which least was spent, where long
        reheats count more than they last: they rarely find what mild ones do not. At first, each is tried on a few of the nodes.
        """
        middle = max(0, (len(nodes) - TRIAL_NODES) // 2)
        trial = nodes[middle : middle + TRIAL_NODES]
        if len(nodes) == 0 or sweeps <= 0 or self.interrupted():
            return
        gains = [self._gain(best, trial, cooling) for cooling in REHEATS]
        sweeps -= sum(cooling.sweeps for cooling in REHEATS) * len(trial) / len(nodes)
        spent = [0] * len(REHEATS)
        while sweeps > 0 and not self.interrupted():
            k = max(range(len(REHEATS)), key=lambda k: (gains[k], -spent[k]))
            gains[k] = self._gain(best, nodes, REHEATS[k])
            sweeps -= REHEATS[k].sweeps
            spent[k] += REHEATS[k].sweeps ** 2

    def _gain(self, best: Ints, nodes: Ints, cooling: Cooling) -> float:
        """Reheat once, keep what became better; returns by how much the price fell, for each proposal."""

        def run(lane: Lane, share: Ints) -> Ints:
            lane.state.label[:] = best
            self.cool(lane, cooling, share)
            return by_first(lane.state.label)

        # the shares begin elsewhere each time, so that no border between them is special
        begin = -(int(self.lanes[0].state.counter[CHANCE]) >> 16) % len(nodes)
        turned = np.concatenate([nodes[begin:], nodes[:begin]])
        shares = np.array_split(turned, LANES) if len(nodes) >= SHARED_NODES else [turned]
        # all begin with the same labels, so none may be crossed before every one has ended
        others = list(self.at_a_time(run, self.lanes, shares))
        gain = sum(keep_cheaper(self.net, self.rule, best, other) for other in others)
        return gain / (cooling.sweeps * len(nodes))

    def near_short(self, labels: Ints) -> Ints:
        """Nodes in or near a part under the lower limit."""
        load, more = (summed(each, labels, len(labels)) for each in (self.net.load, self.net.more))
        short = (load < self.rule.low) | ((more < self.rule.more_least) & (self.rule.more_short > 0))
        near = short[labels]
        source = np.repeat(np.arange(len(labels)), np.diff(self.net.start))
        for _ in range(MENDING_HOPS):
            near[self.net.near[near[source]]] = True
        return np.flatnonzero(near)


@contextmanager
def make_bench(graph: Graph, limits: Limits, seed: int, astray: float, interrupted: Interrupted) -> Iterator[Bench]:
    """Lay out a graph and limits."""
    n = len(graph)
    lanes = tuple(Lane(make_state(n, LANES * seed + k), make_work(n)) for k in range(LANES))
    with ThreadPoolExecutor(LANES) as pool:
        at_a_time = pool.map if n >= SHARED_NODES else map
        unit, odds = _unit_of_heat(graph, limits), _odds(graph, limits)
        yield Bench(make_net(graph), make_rule(graph, limits, astray), lanes, unit, odds, at_a_time, interrupted)


@lru_cache
def _plans(cooling: Cooling, unit: float, chances: tuple[float, ...]) -> tuple[Plan, Plan]:
    """Temperatures of one run, and those of freezing; a short run takes no longer than to make these."""
    odds = (np.cumsum(chances) * 65536).astype(np.int64)
    heats = unit * np.geomspace(cooling.heat, cooling.heat * COLD, cooling.steps)
    return Plan(heats, cooling.sweeps / cooling.steps, odds), Plan(np.array([FROZEN]), FREEZING_SWEEPS, odds)


def _odds(graph: Graph, limits: Limits) -> tuple[float, ...]:
    """Chances of proposals that look at whole zones."""
    zones = limits.count or int(graph.load.sum()) / max(1, limits.target)
    rarer = min(1.0, FEW_NODES * zones / max(1, len(graph)))
    return tuple(chance * rarer for chance in ODDS)


def _unit_of_heat(graph: Graph, limits: Limits) -> float:
    """What a typical move costs: the mean price of an edge; where edges cost little, a third of a node's load in targets."""
    edge = float(graph.cost.mean()) if len(graph.cost) else 0.0
    node = float(graph.load.mean()) / max(1, limits.target) if len(graph) else 0.0
    return max(edge, node / 3, FROZEN)

"""The search of one tier: grow, anneal, then reheat again and again and keep what became better, region by region."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridgeo.coverage import Ints
from gridgeo.partition.engine.anneal import CHILL, CoolingSchedule, Odds, anneal
from gridgeo.partition.engine.context import Context, make_context, make_net, search_prices
from gridgeo.partition.engine.crossover import by_first, keep_cheaper
from gridgeo.partition.engine.growth import grow
from gridgeo.partition.problem import Graph, Interrupted, Limits, TierBudget, TierTask, summed


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


FIRST_COOLING = Cooling(heat=5.6, sweeps=35, steps=15)
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
"""Chances that a proposal recombines two zones, splits one, dissolves one, where zones have up to `FEW_NODES`."""
FEW_NODES = 4
"""Nodes of a zone from which on these proposals are made the more rarely, the more nodes it has.

For each of them looks at all nodes of a zone, and a flip at few. So they take about the same part of the time everywhere: with 30
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


def improve(task: TierTask, wrong_number: float, budget: TierBudget) -> Ints:
    """Search the parts of one tier, from its start or from single nodes.

    Parameters
    ----------
    task, budget
        What is divided, and how long to search.
    wrong_number
        Price of each part more or less than a fixed number.

    Returns
    -------
    labels
        Part of each node, labelled by the part's first node.
    """
    with _make_annealer(task, wrong_number, budget) as annealer:
        nodes = np.arange(len(task.graph), dtype=np.int64)
        sweeps = budget.sweeps
        if task.start is None:
            best = annealer.first(nodes)
            sweeps -= FIRST_COOLING.sweeps
        else:
            best = by_first(task.start)
        annealer.reheat(best, nodes, sweeps)
        for _ in range(MENDINGS):
            annealer.reheat(best, annealer.near_short(best), sweeps)
    return best


@dataclass(frozen=True)
class Annealer:
    """A graph and limits laid out for the compiled search, and one context for each lane."""

    lanes: tuple[Context, ...]
    unit: float
    chances: tuple[float, ...]
    at_a_time: Callable[..., Iterable[Ints]]
    interrupted: Interrupted

    def first(self, nodes: Ints) -> Ints:
        """Grow parts from single nodes and anneal them."""
        lane = self.lanes[0]
        grow(lane)
        self.cool(lane, FIRST_COOLING, nodes)
        return by_first(lane.zones.label)

    def cool(self, lane: Context, cooling: Cooling, nodes: Ints) -> None:
        """Anneal around these nodes from hot to cold, then freeze."""
        for schedule in _schedules(cooling, self.unit, self.chances):
            anneal(lane, nodes, schedule)

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

        def run(lane: Context, share: Ints) -> Ints:
            lane.zones.label[:] = best
            self.cool(lane, cooling, share)
            return by_first(lane.zones.label)

        # the shares begin elsewhere each time, so that no border between them is special
        begin = -(int(self.lanes[0].chance[0]) >> 16) % len(nodes)
        turned = np.concatenate([nodes[begin:], nodes[:begin]])
        shares = np.array_split(turned, LANES) if len(nodes) >= SHARED_NODES else [turned]
        # all begin with the same labels, so none may be crossed before every one has ended
        others = list(self.at_a_time(run, self.lanes, shares))
        gain = sum(keep_cheaper(self.lanes[0], best, other) for other in others)
        return gain / (cooling.sweeps * len(nodes))

    def near_short(self, labels: Ints) -> Ints:
        """Nodes in or near a part under the lower limit."""
        net, prices, _ = self.lanes[0][:3]
        load, second = (summed(each, labels, len(labels)) for each in (net.held.load, net.held.second))
        short = (load < prices.size.low) | ((second < prices.second.low) & (prices.second.short > 0))
        near = short[labels]
        source = np.repeat(np.arange(len(labels)), np.diff(net.edges.start))
        for _ in range(MENDING_HOPS):
            near[net.edges.near[near[source]]] = True
        return np.flatnonzero(near)


@contextmanager
def _make_annealer(task: TierTask, wrong_number: float, budget: TierBudget) -> Iterator[Annealer]:
    """Lay out a graph and limits."""
    graph, limits, n = task.graph, task.limits, len(task.graph)
    net, prices = make_net(graph), search_prices(graph, limits, wrong_number)
    lanes = tuple(make_context(net, prices, LANES * budget.seed + k) for k in range(LANES))
    with ThreadPoolExecutor(LANES) as pool:
        at_a_time = pool.map if n >= SHARED_NODES else map
        yield Annealer(lanes, _unit_of_heat(graph, limits), _chances(graph, limits), at_a_time, budget.interrupted)


@lru_cache
def _schedules(cooling: Cooling, unit: float, chances: tuple[float, ...]) -> tuple[CoolingSchedule, CoolingSchedule]:
    """Temperatures of one run, and those of freezing; a short run takes no longer than to make these."""
    odds = Odds(*(np.cumsum(chances) * 65536).astype(np.int64).tolist())
    heats = unit * np.geomspace(cooling.heat, cooling.heat * COLD, cooling.steps)
    freezing = CoolingSchedule(np.array([FROZEN]), FREEZING_SWEEPS, odds, CHILL)
    return CoolingSchedule(heats, cooling.sweeps / cooling.steps, odds, CHILL), freezing


def _chances(graph: Graph, limits: Limits) -> tuple[float, ...]:
    """Chances of proposals that look at whole zones."""
    zones = limits.count or int(graph.load.sum()) / max(1, limits.target)
    rarer = min(1.0, FEW_NODES * zones / max(1, len(graph)))
    return tuple(chance * rarer for chance in ODDS)


def _unit_of_heat(graph: Graph, limits: Limits) -> float:
    """What a typical move costs: the mean price of an edge; where edges cost little, a third of a node's load in targets."""
    edge = float(graph.cost.mean()) if len(graph.cost) else 0.0
    node = float(graph.load.mean()) / max(1, limits.target) if len(graph) else 0.0
    return max(edge, node / 3, FROZEN)

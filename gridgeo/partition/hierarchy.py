"""All tiers together: from fine to coarse, then each again inside the next coarser one; two tiers of small land exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gridgeo.coverage import Ints
from gridgeo.partition.counts import suiting_count, with_target
from gridgeo.partition.exact import MOST_NODES, cheapest_nested
from gridgeo.partition.objective import OBJECTIVE
from gridgeo.partition.problem import (
    EFFORTS,
    Effort,
    Graph,
    Interrupted,
    Limits,
    Solution,
    TierBudget,
    TierTask,
    numbered,
    pieces,
    summed,
)
from gridgeo.partition.tier_search import PRICE_DIGITS, Rank, search_tier
from gridgeo.partition.verify import BROKEN, recheck

AGAIN = 1 / 3
"""Part of the sweeps in each further pass, which starts from what is good already."""
CONTRAST = 1.5
"""Exponent of edge costs in the first search of a tier that is not the coarsest."""
BOTH_WAYS = 20_000
"""Nodes up to which each further pass goes down as well as up; coarse parts on as many nodes take as long as fine ones."""
OTHER_STARTS = 4
"""How often a fixed number of parts that was missed is tried for again, from above and from below in turn."""
REHEAT_SWEEPS = 90
"""Proposals for each node between two questions whether to stop, about; only progress rests on it."""
NODES_OF_A_PART = 4
"""Nodes of one tier that are a part of it, about; only progress rests on it."""
TWO = 2
"""Tiers that are weighed together."""
OTHER_SEEDS = 1_000_003
"""Step between the seeds of these tries; far from those of the passes."""


def solve(
    graph: Graph,
    limits: Sequence[Limits],
    *,
    seed: int,
    effort: str | Effort = "standard",
    interrupted: Interrupted | None = None,
    progress: Callable[[float], None] | None = None,
) -> Solution:
    """Divide a graph into contiguous parts, and these into larger ones, tier by tier.

    Parameters
    ----------
    graph
        Nodes and edges; need not be connected, may have nodes without load.
    limits
        What the parts of each tier may hold, from fine to coarse, and how many there are, if that is fixed.
    seed
        Start of chance; the same graph, limits, seed and effort give the same parts on any machine.
    effort
        Budget: ``"fast"``, ``"standard"``, ``"best"``, ``"max"``, each suited to the size of the graph, or an `Effort`.
    interrupted
        Asked again and again; once it says yes, the best so far is returned.
    progress
        Called again and again with the share of the search that is done, as far as it can be told beforehand.

    Returns
    -------
    solution
        One array of labels for each tier.

    Raises
    ------
    AssertionError
        If the proof fails, which is a fault of this room and never of the data.
    """
    budget = effort if isinstance(effort, Effort) else EFFORTS[effort].at(len(graph))
    course = _Course(_planned(len(graph), len(limits), budget), progress or _nobody)
    task = _Climber(graph, tuple(limits), budget, interrupted or _never, course)
    tiers = task.polish(task.climb(seed), seed)
    for k in range(OTHER_STARTS if len(limits) > 1 else 0):
        if not task.misses_counts(tiers):
            break
        # from below a number may be out of reach that is met easily where the coarser tier has the first word; or by other chance
        chance = seed + OTHER_SEEDS * k
        start = task.climb(chance) if k % 2 else task.descend(chance)
        tiers = min(tiers, task.polish(start, chance), key=task.faults)
    if is_weighed(graph, limits):
        tiers = min(tiers, task.weighed(), key=task.faults)
    solution = Solution(tuple(tiers))
    broken = [flaw for flaw in recheck(graph, solution.labels, limits) if flaw.kind in BROKEN]
    if broken:
        raise AssertionError(broken)
    return solution


def is_weighed(graph: Graph, limits: Sequence[Limits]) -> bool:
    """Whether `solve` weighs every division into all tiers, so that none has fewer parts outside limits than what it finds.

    Parameters
    ----------
    graph, limits
        As `solve` takes them.
    """
    return 0 < len(graph) <= MOST_NODES and len(limits) == TWO and all(limit.count is None for limit in limits)


@dataclass(frozen=True)
class _Climber:
    """What is asked, as `solve` takes it."""

    graph: Graph
    limits: tuple[Limits, ...]
    budget: Effort
    interrupted: Interrupted
    course: _Course

    def faults(self, tiers: list[Ints]) -> tuple[int, float]:
        """What makes a solution the worse one: parts outside limits and numbers missed, each a fault, then the price."""
        rank = self._rank(tiers)
        return rank.number + rank.outside, rank.price

    def _rank(self, tiers: list[Ints]) -> Rank:
        found = recheck(self.graph, tiers, self.limits)
        number = sum(flaw.kind == "count" for flaw in found)
        price = OBJECTIVE.of_division(self.graph, tiers, self.limits)
        return Rank(number, len(found) - number, round(price, PRICE_DIGITS))

    def misses_counts(self, tiers: Sequence[Ints]) -> bool:
        """Whether a fixed number of parts was missed that totals and limits do not forbid."""
        missed = (flaw.tier for flaw in recheck(self.graph, tiers, self.limits) if flaw.kind == "count")
        return any(with_target(self.graph, self.limits[k]).count == self.limits[k].count for k in missed)

    def weighed(self) -> list[Ints]:
        """The two tiers with the fewest parts outside limits; short borders hold parts together only where they must."""
        fine, coarse = (_without_empty(limits, self.graph) for limits in self.limits)
        if coarse.shapes(self.graph):
            coarse = replace(coarse, count=suiting_count(self.graph, coarse))
        graphs = [self.graph, _without_necks(self.graph, coarse.neck, None)]
        return min((self._filled(*cheapest_nested(graph, fine, coarse)) for graph in graphs), key=self.faults)

    def _filled(self, fine: Ints, coarse: Ints) -> list[Ints]:
        """Two tiers in which parts that hold nothing have joined others: first inside coarse parts, then these themselves."""
        graph = _counted(self.graph, self.limits[0])
        fine = join_empty(_inside(graph, coarse), fine)
        coarse = join_empty(graph, coarse)
        return [numbered(join_empty(_inside(graph, coarse), fine)), numbered(coarse)]

    def polish(self, tiers: list[Ints], seed: int) -> list[Ints]:
        """Search all tiers again, as often as the budget says: from below, and from above where that gives a better solution.

        From below, borders of coarse parts move by whole finer parts. From above they move by nodes, and the finer parts follow.
        """
        for k in range(self.budget.passes if len(self.limits) > 1 else 0):
            if self.interrupted():
                break
            tiers = self.climb(seed + k + 1, tiers)
            if len(self.graph) <= BOTH_WAYS:
                tiers = min(tiers, self.descend(seed + k + 1, tiers), key=self.faults)
        return tiers

    def climb(self, seed: int, before: Sequence[Ints] | None = None) -> list[Ints]:
        """Search every tier on the parts of the finer one; with an earlier result, only inside its next coarser parts."""
        tiers: list[Ints] = []
        finer = np.arange(len(self.graph), dtype=np.int64)
        for k in range(len(self.limits)):
            parts = self.graph.merged(finer)
            first = np.unique(finer, return_index=True)[1]
            coarser = k + 1 < len(self.limits)
            if before is None:
                start, parts = None, _contrasted(parts) if coarser else parts
            else:
                start, parts = numbered(before[k][first]), _inside(parts, before[k + 1][first]) if coarser else parts
            sweeps = self.budget.sweeps if k == 0 else self.budget.coarse_sweeps
            labels = self._searched(TierTask(parts, self.limits[k], start), sweeps, seed)
            finer = numbered(labels[finer])
            tiers.append(finer)
        return tiers

    def descend(self, seed: int, before: Sequence[Ints] | None = None) -> list[Ints]:
        """Search the coarsest tier on the nodes, then each finer one inside it; with an earlier result, from its parts."""
        tiers: list[Ints] = []
        inner = self.graph
        for k in reversed(range(len(self.limits))):
            start = None if before is None else pieces(_inside(inner, before[k]))
            labels = self._searched(TierTask(inner, self.limits[k], start), self.budget.sweeps, seed)
            tiers.insert(0, labels)
            inner = _inside(self.graph, labels)
        return tiers

    def _searched(self, task: TierTask, sweeps: int, seed: int) -> Ints:
        """Parts of one tier; with a start, by a part of the sweeps."""
        limits = _without_empty(task.limits, task.graph)
        graph = _without_necks(task.graph, limits.neck, task.start)
        sweeps = round(sweeps * (1 if task.start is None else AGAIN))
        asked = self.course.watched(self.interrupted, len(graph), sweeps)
        labels = search_tier(TierTask(graph, limits, task.start), TierBudget(sweeps, seed, asked))
        return numbered(join_empty(_counted(graph, limits), labels))


class _Course:
    """How far a search has come, in proposals made of those that are planned.

    Parameters
    ----------
    planned
        Proposals of all searches together.
    tell
        Told the share that is done.
    """

    def __init__(self, planned: float, tell: Callable[[float], None]) -> None:
        self._planned, self._tell = planned, tell
        self._done = 0.0

    def watched(self, interrupted: Interrupted, nodes: int, sweeps: int) -> Interrupted:
        """A question that counts how often it is asked in one search: before each reheat."""
        before, self._done = self._done, self._done + nodes * sweeps
        asked = 0

        def stopped() -> bool:
            nonlocal asked
            asked += 1
            self._tell(min(1.0, (before + nodes * min(sweeps, asked * REHEAT_SWEEPS)) / self._planned))
            return interrupted()

        return stopped


def _planned(nodes: int, tiers: int, budget: Effort) -> float:
    """Proposals of all searches: from below on ever fewer nodes, from above always on all."""
    fine, coarse = nodes * budget.sweeps, nodes * budget.coarse_sweeps / NODES_OF_A_PART
    climb = fine + coarse * (tiers - 1)
    again = climb + (fine * tiers if nodes <= BOTH_WAYS else 0)
    return max(1.0, climb + (AGAIN * again * budget.passes if tiers > 1 else 0))


def _never() -> bool:
    return False


def _nobody(_: float) -> None:
    pass


def join_empty(graph: Graph, labels: Ints) -> Ints:
    """Give parts that hold nothing to the neighbouring part with the dearest common border.

    The search leaves such a part alone only where all its neighbours are over their limit already; there it harms no limit.
    """
    labels = labels.copy()
    load = summed(graph.load, labels, int(labels.max(initial=0)) + 1)
    while True:
        border = graph.merged(numbered(labels))
        names = labels[np.unique(numbered(labels), return_index=True)[1]]
        ends, others = names[np.r_[border.a, border.b]], names[np.r_[border.b, border.a]]
        empty = (load[ends] == 0) & (load[others] > 0)
        if not empty.any():
            return labels
        order = np.lexsort((others[empty], -np.tile(border.cost, 2)[empty], ends[empty]))
        joins, first = np.unique(ends[empty][order], return_index=True)
        goes = np.arange(len(load))
        goes[joins] = others[empty][order][first]
        labels = goes[labels]


def _counted(graph: Graph, limits: Limits) -> Graph:
    """The graph with as load all that a limit forbids to join where it is too much."""
    return replace(graph, load=graph.load + graph.second) if limits.firm.hard else graph


def _without_empty(limits: Limits, graph: Graph) -> Limits:
    """Limits under which an empty part is short: what holds nothing is no part, so the search must not count on it."""
    return replace(limits, low=1) if limits.low == 0 and not limits.firm.hard and graph.load.any() else limits


def _inside(graph: Graph, labels: Ints) -> Graph:
    """The graph without the edges between parts."""
    return graph.kept(labels[graph.a] == labels[graph.b])


def _without_necks(graph: Graph, neck: float, start: Ints | None) -> Graph:
    """The graph without edges along short borders, but for those that join what no others do, or what is one part of a start."""
    shape = graph.shape
    if shape is None or neck <= 0:
        return graph
    key, wanted = (one * len(graph) + other for one, other in ((shape.a, shape.b), (graph.a, graph.b)))
    order = np.argsort(key)
    long = shape.shared[order][np.searchsorted(key[order], wanted)] >= neck
    piece = pieces(graph.kept(long))
    kept = long | (piece[graph.a] != piece[graph.b])
    return graph.kept(kept if start is None else kept | (start[graph.a] == start[graph.b]))


def _contrasted(graph: Graph) -> Graph:
    """The graph with cheap edges made cheaper still and dear ones dearer.

    Borders of a coarser tier can only run along those of this one: the more of these follow cheap edges, the better.
    """
    mean = float(graph.cost.mean()) if len(graph.cost) else 0.0
    cost = mean * (graph.cost / mean) ** CONTRAST if mean > 0 else graph.cost
    return replace(graph, cost=cost)

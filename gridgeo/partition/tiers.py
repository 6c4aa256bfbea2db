"""All tiers together: from fine to coarse, then each again inside the next coarser one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from gridgeo.partition.counting import meet_count
from gridgeo.partition.nouns import EFFORTS, Effort, Graph, Ints, Limits, Solution, numbered, summed
from gridgeo.partition.proof import BROKEN, recheck
from gridgeo.partition.search import Interrupted, search

AGAIN = 1 / 3
"""Part of the sweeps in each further pass, which starts from what is good already."""
CONTRAST = 1.5
"""Exponent of edge costs in the first search of a tier that is not the coarsest."""
OTHER_STARTS = 4
"""How often a fixed number of parts that was missed is tried for again, from above and from below in turn."""
OTHER_SEEDS = 1_000_003
"""Step between the seeds of these tries; far from those of the passes."""


def solve(
    graph: Graph,
    limits: Sequence[Limits],
    *,
    seed: int,
    effort: str | Effort = "standard",
    interrupted: Interrupted | None = None,
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
    stop = interrupted or _never
    tiers = _polish(graph, limits, budget, seed, stop, _climb(graph, limits, budget, seed, stop))
    for k in range(OTHER_STARTS if len(limits) > 1 else 0):
        if not _missed_counts(graph, tiers, limits):
            break
        # from below a number may be out of reach that is met easily where the coarser tier has the first word; or by other chance
        way, chance = (_climb if k % 2 else _descend), seed + OTHER_SEEDS * k
        found = _polish(graph, limits, budget, chance, stop, way(graph, limits, budget, chance, stop))
        tiers = min(tiers, found, key=lambda tiers: len(recheck(graph, tiers, limits)))
    solution = Solution(tuple(tiers))
    broken = [fault for fault in recheck(graph, solution.labels, limits) if fault.kind in BROKEN]
    if broken:
        raise AssertionError(broken)
    return solution


def _missed_counts(graph: Graph, tiers: Sequence[Ints], limits: Sequence[Limits]) -> bool:
    return any(fault.kind == "count" for fault in recheck(graph, tiers, limits))


def _polish(
    graph: Graph,
    limits: Sequence[Limits],
    budget: Effort,
    seed: int,
    interrupted: Interrupted,
    tiers: list[Ints],
) -> list[Ints]:
    """Search all tiers again, each inside the next coarser one, as often as the budget says."""
    for k in range(budget.passes if len(limits) > 1 else 0):
        if not interrupted():
            tiers = _climb(graph, limits, budget, seed + k + 1, interrupted, tiers)
    return tiers


def _descend(graph: Graph, limits: Sequence[Limits], budget: Effort, seed: int, interrupted: Interrupted) -> list[Ints]:
    """Search the coarsest tier on the nodes, then each finer one inside it."""
    tiers: list[Ints] = []
    inner = graph
    for limit in reversed(limits):
        labels = _search_tier(inner, limit, None, sweeps=budget.sweeps, seed=seed, interrupted=interrupted)
        tiers.insert(0, labels)
        inner = _inside(graph, labels)
    return tiers


def _search_tier(
    graph: Graph, limits: Limits, start: Ints | None, *, sweeps: int, seed: int, interrupted: Interrupted
) -> Ints:
    run = partial(search, sweeps=sweeps, seed=seed, interrupted=interrupted)
    labels = run(graph, limits, start) if limits.count is None else meet_count(run, graph, limits, start)
    return numbered(join_empty(_counted(graph, limits), labels))


def _climb(
    graph: Graph,
    limits: Sequence[Limits],
    budget: Effort,
    seed: int,
    interrupted: Interrupted,
    before: Sequence[Ints] | None = None,
) -> list[Ints]:
    """Search every tier on the parts of the finer one; with an earlier result, only inside its next coarser parts."""
    tiers: list[Ints] = []
    finer = np.arange(len(graph), dtype=np.int64)
    for k, limit in enumerate(limits):
        parts = graph.merged(finer)
        first = np.unique(finer, return_index=True)[1]
        coarser = k + 1 < len(limits)
        if before is None:
            start, parts = None, _contrasted(parts) if coarser else parts
        else:
            start, parts = numbered(before[k][first]), _inside(parts, before[k + 1][first]) if coarser else parts
        sweeps = round((budget.sweeps if k == 0 else budget.coarse_sweeps) * (1 if before is None else AGAIN))
        labels = _search_tier(parts, limit, start, sweeps=sweeps, seed=seed, interrupted=interrupted)
        finer = numbered(labels[finer])
        tiers.append(finer)
    return tiers


def _never() -> bool:
    return False


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


def _inside(graph: Graph, labels: Ints) -> Graph:
    """The graph without the edges between parts."""
    return graph.kept(labels[graph.a] == labels[graph.b])


def _contrasted(graph: Graph) -> Graph:
    """The graph with cheap edges made cheaper still and dear ones dearer.

    Borders of a coarser tier can only run along those of this one: the more of these follow cheap edges, the better.
    """
    mean = float(graph.cost.mean()) if len(graph.cost) else 0.0
    cost = mean * (graph.cost / mean) ** CONTRAST if mean > 0 else graph.cost
    return replace(graph, cost=cost)

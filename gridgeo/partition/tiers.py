"""All tiers together: from fine to coarse, then each again inside the next coarser one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gridgeo.partition.nouns import EFFORTS, Effort, Graph, Ints, Limits, Solution, numbered
from gridgeo.partition.proof import BROKEN, recheck
from gridgeo.partition.search import search

CONTRAST = 1.5
"""Exponent of edge costs in the first search of a tier that is not the coarsest."""


def solve(graph: Graph, limits: Sequence[Limits], *, seed: int, effort: str | Effort = "standard") -> Solution:
    """Divide a graph into contiguous parts, and these into larger ones, tier by tier.

    Parameters
    ----------
    graph
        Nodes and edges; need not be connected, may have nodes without load.
    limits
        What the parts of each tier may hold, from fine to coarse.
    seed
        Start of chance; the same graph, limits, seed and effort give the same parts on any machine.
    effort
        Budget: ``"fast"``, ``"standard"``, ``"best"``, ``"max"`` or an `Effort`.

    Returns
    -------
    solution
        One array of labels for each tier.

    Raises
    ------
    AssertionError
        If the proof fails, which is a fault of this room and never of the data.
    """
    budget = effort if isinstance(effort, Effort) else EFFORTS[effort]
    tiers = _climb(graph, limits, budget, seed)
    for k in range(budget.passes if len(limits) > 1 else 0):
        tiers = _climb(graph, limits, budget, seed + k + 1, tiers)
    solution = Solution(tuple(tiers))
    broken = [fault for fault in recheck(graph, solution.labels, limits) if fault.kind in BROKEN]
    if broken:
        raise AssertionError(broken)
    return solution


def _climb(
    graph: Graph, limits: Sequence[Limits], budget: Effort, seed: int, before: Sequence[Ints] | None = None
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
        sweeps = budget.sweeps if k == 0 else budget.coarse_sweeps
        labels = join_empty(parts, search(parts, limit, sweeps=sweeps, seed=seed, start=start))
        finer = numbered(labels[finer])
        tiers.append(finer)
    return tiers


def join_empty(graph: Graph, labels: Ints) -> Ints:
    """Give parts without load to the neighbouring part with the dearest common border.

    The search leaves such a part alone only where all its neighbours are over their limit already; there it harms no limit.
    """
    labels = labels.copy()
    load = np.zeros(int(labels.max(initial=0)) + 1, np.int64)
    np.add.at(load, labels, graph.load)
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


def _inside(graph: Graph, labels: Ints) -> Graph:
    """The graph without the edges between parts."""
    return graph.kept(labels[graph.a] == labels[graph.b])


def _contrasted(graph: Graph) -> Graph:
    """The graph with cheap edges made cheaper still and dear ones dearer.

    Borders of a coarser tier can only run along those of this one: the more of these follow cheap edges, the better.
    """
    mean = float(graph.cost.mean()) if len(graph.cost) else 0.0
    cost = mean * (graph.cost / mean) ** CONTRAST if mean > 0 else graph.cost
    return Graph(graph.load, graph.a, graph.b, cost)

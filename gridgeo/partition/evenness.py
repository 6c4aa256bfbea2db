"""What makes sizes even: the price of a zone's border in some land, and the number of zones that its members allow.

Borders are priced by the outline of a cell. So the more cells a zone has, the more its border outweighs its size; and one zone
more costs half a zone's border, so that fewer and larger zones would pay. Where a tier shall be even, each part gets that half
back, deviation is weighed against the border of a part, and a soft price holds the number. A short search tells what the border
of a part costs here: what is cut in all, by the number of parts.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gridgeo.partition.objective import OBJECTIVE
from gridgeo.partition.packing import packed_number
from gridgeo.partition.problem import EFFORTS, Evenness, Graph, Limits, TierBudget, TierTask, number_of
from gridgeo.partition.tier_search import search_tier

TRIAL_EFFORT = 0.4
"""Part of the standard effort for the search that tells the border of a part; less would find it too dear."""


def made_even(graph: Graph, limits: Limits, *, seed: int, lean: float = 1.0) -> Limits:
    """Limits with what makes the sizes of this land even.

    Parameters
    ----------
    graph, limits
        What is divided, and what a part may hold.
    seed
        Start of chance.
    lean
        How many times dearer than usual borders are by wish: so much less is asked of sizes.
    """
    number = packed_number(graph, limits) if limits.count is None else limits.count
    border = _border_of_part(graph, limits, number, seed=seed)
    weight = max(OBJECTIVE.least_even, OBJECTIVE.even * border / lean if lean > 0 else 0.0)
    even = Evenness(weight, OBJECTIVE.given_back * border, number, max(OBJECTIVE.stray, border))
    return replace(limits, even=even)


def _border_of_part(graph: Graph, limits: Limits, number: int, *, seed: int) -> float:
    """What the border of a part costs, if there are so many; what is cut in all grows as the square root of their number."""
    if len(graph.a) == 0 or number == 0:
        return 0.0
    task = TierTask(graph, replace(limits, count=None, compact=0.0), None)
    sweeps = round(TRIAL_EFFORT * EFFORTS["standard"].at(len(graph)).sweeps)
    labels = search_tier(task, TierBudget(sweeps, seed, _never))
    cut = graph.cost[labels[graph.a] != labels[graph.b]].sum()
    return float(cut / np.sqrt(number_of(labels) * number))


def _never() -> bool:
    return False

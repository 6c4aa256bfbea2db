"""What a solution costs by the room's objective; shares nothing with the search."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gridgeo.partition.counts import number_of, with_target
from gridgeo.partition.problem import Floats, Graph, Ints, Limits, Shape, summed

MISSING = 10.0
"""Price of a target's worth of load that is missing at the lower limit, or of a second load outside its bounds."""


def objective(graph: Graph, labels: Sequence[Ints], limits: Sequence[Limits]) -> float:
    """Sum over the tiers of J, as the room's docstring has it.

    Parameters
    ----------
    graph
        Nodes and edges.
    labels, limits
        For each tier: part of each node, numbered from 0; what a part may hold.
    """
    return sum(_tier(graph, label, with_target(graph, limit)) for label, limit in zip(labels, limits, strict=True))


def _tier(graph: Graph, label: Ints, limits: Limits) -> float:
    parts = number_of(label)
    load = summed(graph.load, label, parts)
    off = np.abs(load - limits.target) + MISSING * np.maximum(0, limits.low - load)
    total = off.sum() / max(1, limits.target) + graph.cost[label[graph.a] != label[graph.b]].sum()
    if limits.more is not None:
        second, bounds = summed(graph.second, label, parts), limits.more
        outside = np.maximum(0, bounds.low - second) + np.maximum(0, second - bounds.high)
        total += MISSING * bounds.weight * outside.sum() / max(1.0, (bounds.low + bounds.high) / 2)
    if graph.shape is not None and limits.compact > 0:
        total += limits.compact * (1 - _roundness(graph.shape.merged(label, parts))).sum()
    return float(total)


def _roundness(shape: Shape) -> Floats:
    """Area over that of the circle with the same outline, of each part."""
    return 4 * np.pi * shape.area / np.maximum(shape.outline, np.finfo(float).tiny) ** 2

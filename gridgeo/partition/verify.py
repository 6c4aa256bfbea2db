"""Proof of a solution, by code that shares nothing with the search: connected components of what is not cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gridgeo.coverage import Flags, Ints
from gridgeo.partition.problem import Graph, Limits

FlawKind = Literal["incomplete", "torn", "not_nested", "under", "over", "count"]


@dataclass(frozen=True)
class Flaw:
    """What is wrong with one part of one tier.

    Parameters
    ----------
    kind
        ``incomplete``: labels are missing, negative or of the wrong number (a flaw of the whole tier; `part` is -1);
        ``torn``: the part is not contiguous (`measure` is the number of pieces); ``not_nested``: it reaches into several
        parts of the next coarser tier (`measure`: how many); ``under``, ``over``: its load is outside the limits
        (`measure`: the load); ``count``: the tier's number of parts is fixed, and it has another (`measure`; `part` is -1).
    tier
        Position of the tier, 0 for the finest.
    part
        Label of the part.
    measure
        A number that says how bad it is.
    second
        Whether ``under`` and ``over`` speak of the second load, which is looked at only where its limits are hard.
    """

    kind: FlawKind
    tier: int
    part: int
    measure: int
    second: bool = False


BROKEN: frozenset[FlawKind] = frozenset({"incomplete", "torn", "not_nested"})
"""Flaws that no input excuses."""


def recheck(graph: Graph, labels: Sequence[Ints], limits: Sequence[Limits]) -> list[Flaw]:
    """Verify that parts are contiguous, nested and within limits, and that every node belongs to one part of each tier.

    Parameters
    ----------
    graph
        Nodes and edges.
    labels, limits
        For each tier, from fine to coarse: the part of each node; what a part may hold.

    Returns
    -------
    flaws
        Empty if all is well. A part that is one single piece of the next finer tier (or one node) and over the limit is
        ``over`` too: nobody but the caller can know that it could not be cut.
    """
    flaws: list[Flaw] = []
    for tier, (label, limit) in enumerate(zip(labels, limits, strict=True)):
        if len(label) != len(graph) or (len(label) > 0 and int(np.min(label)) < 0):
            flaws.append(Flaw("incomplete", tier, -1, len(label)))
            continue
        flaws += _torn(graph, label, tier) + _outside(graph, label, limit, tier=tier)
        flaws += _miscounted(label, limit, tier)
        if tier + 1 < len(labels) and len(labels[tier + 1]) == len(label):
            flaws += _not_nested(label, labels[tier + 1], tier)
    return flaws


def _miscounted(label: Ints, limit: Limits, tier: int) -> list[Flaw]:
    number = len(np.unique(label))
    return [] if limit.count in (None, number) else [Flaw("count", tier, -1, number)]


def _torn(graph: Graph, label: Ints, tier: int) -> list[Flaw]:
    inner = label[graph.a] == label[graph.b]
    ones = np.ones(int(inner.sum()), np.int8)
    matrix = coo_array((ones, (graph.a[inner], graph.b[inner])), shape=(len(graph), len(graph)))
    _, piece = connected_components(matrix, directed=False)
    pieces = _distinct_per_part(label, piece)
    return [Flaw("torn", tier, int(part), int(count)) for part, count in pieces if count > 1]


def _not_nested(label: Ints, coarser: Ints, tier: int) -> list[Flaw]:
    parents = _distinct_per_part(label, coarser)
    return [Flaw("not_nested", tier, int(part), int(count)) for part, count in parents if count > 1]


def _distinct_per_part(label: Ints, other: Ints) -> Ints:
    """Pairs of part and number of distinct values of `other` in it."""
    pairs = np.unique(np.stack([label, other.astype(np.int64)]), axis=1)
    return np.stack(np.unique(pairs[0], return_counts=True), axis=1)


def _outside(graph: Graph, label: Ints, limit: Limits, *, tier: int) -> list[Flaw]:
    parts, position = np.unique(label, return_inverse=True)
    rules = [(graph.load, limit.low, limit.high)]
    if limit.more is not None and limit.more.hard:
        rules.append((graph.second, limit.more.low, limit.more.high))
    flaws = []
    for second, (each, low, high) in enumerate(rules):
        load = np.zeros(len(parts), np.int64)
        np.add.at(load, position, each)
        outside: list[tuple[FlawKind, Flags]] = [("under", load < low), ("over", load > high)]
        for kind, wrong in outside:
            flaws += [Flaw(kind, tier, int(parts[k]), int(load[k]), bool(second)) for k in np.flatnonzero(wrong)]
    return flaws

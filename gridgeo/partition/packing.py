"""The number of parts that sizes of members allow: their best packing, whoever is neighbour to whom.

The total by the target is a wrong number where large members stand alone, or two of them fill no part well. The packing is a linear
programme over patterns, each the content of one part, of least deviation from the target; patterns are made as they are needed, by
dynamic programming over totals (Gilmore and Gomory 1961).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog

from gridgeo.coverage import Floats, Ints
from gridgeo.partition.problem import Graph, Limits

MOST_UNITS = 200
"""Units into which the upper limit is divided at most: what is larger is rounded, for the number is a wish and no limit."""
LEFT_OVER = 50.0
"""Price of a member that is in no part, in targets' worth of deviation."""
PATTERNS, ROUNDS = 12, 100
"""Patterns added at a time, and how often."""
PAYS = 1e-7


class _Sizes(NamedTuple):
    """Different sizes of members, ascending, and how many members have each."""

    size: Ints
    members: Ints


def packed_number(graph: Graph, limits: Limits) -> int:
    """Number of parts in the best packing of the members; those over the upper limit stand alone.

    Parameters
    ----------
    graph, limits
        What is divided, and what a part may hold.
    """
    over = limits.is_over(graph)
    load = graph.load[~over & (graph.load > 0)]
    unit = max(1, -(-limits.high // MOST_UNITS))
    size, members = np.unique(np.maximum(1, load // unit), return_counts=True)
    if len(size) == 0 or limits.high < 1:
        return int(over.sum())
    low, high = max(1, -(-limits.low // unit)), limits.high // unit
    target = limits.target / unit
    return round(_parts(_Sizes(size, members), np.abs(np.arange(low, high + 1) - target) / target, low)) + int(
        over.sum()
    )


def _parts(sizes: _Sizes, price: Floats, low: int) -> float:
    """Parts of the best packing, which need not be whole; `price` is that of each total from `low` on."""
    patterns, prices = np.zeros((len(sizes.size), 0)), np.zeros(0)
    for _ in range(ROUNDS):
        every = np.hstack([patterns, np.eye(len(sizes.size))])
        cost = np.concatenate([prices, np.full(len(sizes.size), LEFT_OVER)])
        packed = linprog(cost, A_eq=every, b_eq=sizes.members, method="highs")
        worth, last = _worths(sizes, packed.eqlin.marginals, low + len(price) - 1)
        gain = worth[low:] - price
        best = [k for k in np.argsort(-gain, kind="stable")[:PATTERNS] if gain[k] > PAYS]
        if not best:
            break
        patterns = np.hstack([patterns, *(_pattern(sizes, last, low + k)[:, None] for k in best)])
        prices = np.concatenate([prices, price[best]])
    return float(packed.x[: len(prices)].sum())


def _worths(sizes: _Sizes, worth: Floats, most: int) -> tuple[Floats, Ints]:
    """Most that members of each total are worth together, and which size was added last; the worth of one is given by size."""
    best, last = np.full(most + 1, -np.inf), np.zeros(most + 1, np.int64)
    best[0] = 0.0
    for total in range(1, most + 1):
        fitting = np.searchsorted(sizes.size, total, side="right")
        if fitting:
            found = best[total - sizes.size[:fitting]] + worth[:fitting]
            last[total] = np.argmax(found)
            best[total] = found[last[total]]
    return best, last


def _pattern(sizes: _Sizes, last: Ints, total: int) -> Floats:
    """How many members of each size make up a total."""
    pattern = np.zeros(len(sizes.size))
    while total > 0:
        pattern[last[total]] += 1
        total -= int(sizes.size[last[total]])
    return pattern

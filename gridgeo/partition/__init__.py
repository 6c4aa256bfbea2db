"""Contiguous parts of a weighted graph within limits; knows no geometry, no codes and no files.

A tier with parts of load h, target T and lower limit L costs

    J = sum over parts of (|h - T| / T  +  10 max(0, L - h) / T)  +  sum over cut edges of their costs,

and a solution the sum over its tiers. A tier that balances a second load, with the bounds l and u and the weight w, adds

    sum over parts of 10 w max(0, l - m, m - u) / ((l + u) / 2)

where m is the part's second load. The upper limit is never exceeded, save by a node that exceeds it alone (in a coarser
tier: by a part of the finer one): it stands alone, or with empty land that could join nothing else. Hard bounds of the second
load are limits of the same kind; soft ones have only their price. The search adds a fixed price for each part under a lower
limit, which the objective does not have, so that no limit is traded for a shorter border.

A tier that prefers compact parts, with the weight c, adds

    sum over parts of c (1 - 4 pi A / P^2)

where A and P are the part's area and the length of its outline (Polsby and Popper 1991). This would pay for every part that is
saved; so the number of parts of such a tier is the one that brings their mean load nearest to the target.

Of a graph of up to 15 nodes every division is weighed; larger ones are searched, and what is found need not be the best.

A tier may fix its number of parts. Then T is what is divided by that number, and the number comes after the limits and before
the objective: it is met, or the nearest that leaves no more parts under the lower limit.
"""

from __future__ import annotations

from gridgeo.partition.budget import budget_for
from gridgeo.partition.hierarchy import solve
from gridgeo.partition.infeasibility import Obstacle, explain
from gridgeo.partition.objective import OBJECTIVE, Objective, TotalsTable
from gridgeo.partition.problem import EFFORTS, Bounds, Effort, Graph, Limits, Shape, Solution
from gridgeo.partition.verify import Fault, recheck

__all__ = [
    "EFFORTS",
    "OBJECTIVE",
    "Bounds",
    "Effort",
    "Fault",
    "Graph",
    "Limits",
    "Objective",
    "Obstacle",
    "Shape",
    "Solution",
    "TotalsTable",
    "budget_for",
    "explain",
    "recheck",
    "solve",
]

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

Of a graph of up to 15 nodes every division is weighed, into two tiers together where their numbers are free: none has fewer parts
outside limits. Larger ones are searched, and what is found need not be the best.

A tier that shall be even costs

    J = w sum |h - T| / T  +  10 max(0, L - h) / T  -  b/2 K  +  max(2, b) |K - K0|  +  borders,     w = max(3, 2 b)

where K is the number of parts, K0 the one in the best packing of the members, and b what the border of a part costs in this land.
One part more costs half a part's border: each gets that back, so that neither many nor few pay. A tier that prefers compact parts
has a number that suits, and needs none of this.

A tier may fix its number of parts. Then T is what is divided by that number, and the number comes after the limits and before
the objective: it is met, or the nearest that leaves no more parts under the lower limit.

How a graph walks through the room::

    Graph, [Limits, fine to coarse]
      |
      +--> infeasibility.explain      what cannot be, in linear time; its depth-first search walks the engine's edge lists
      |
      +--> hierarchy.solve            climb: each tier on the parts of the finer one (Graph.merged); descend: the other way round;
             |                        again inside what was found, as often as the effort says; of several the best `Rank` counts
             |   TierTask, TierBudget
             +--> exact               up to 15 nodes and two tiers: every division into both
             |
             +--> tier_search         the number of parts: asked for, suiting the target (counts), or free
             |      |
             |      +--> exact        up to 15 nodes: every division, by dynamic programming over sets
             |      +--> engine       more: Context (Net, TierPrices, Assignment, scratch), made once for each of two lanes
             |             |
             |             growth     zones from single nodes
             |             reheat     anneal -> flip | recombine | dissolve_zone, by Metropolis, window by window;
             |             |          after each cooling crossover keeps the cheaper side of every region
             |
             +--> verify.recheck      the proof, by code that shares nothing with the above
      |
    Solution

    objective                         asked for a price by all of them: kernels (part_price), tier_search and hierarchy
                                      (Objective.of_division), and those who compare plans (Objective.of_parts)

Arrays are made where they are needed and handed down; nothing is kept between two calls of `solve`, and chance is an array in the
context. The next terms of the objective are fields of `objective.TierPrices`, the next moves functions of a `Context` and a
`Proposal`; labels of an earlier year would be a further array of the context's `Net`, with a term that reads it.

Steps
-----
problem
    What the room takes and gives: graph, limits, effort, solution.
objective
    The price of a division, written once.
counts
    Which numbers of parts are possible, and which suits.
infeasibility
    What keeps a division from its limits, for certain.
exact
    Small graphs: every division is weighed.
engine
    The compiled search of one tier.
packing
    The number of parts that the sizes of members allow.
evenness
    What the border of a part costs in some land, and what follows for sizes and number: `made_even`.
tier_search
    One tier, with a number of parts or without.
hierarchy
    All tiers together: `solve`.
verify
    The proof of a solution.
budget
    Seconds turned into an effort.
"""

from __future__ import annotations

from gridgeo.partition.budget import budget_for
from gridgeo.partition.evenness import made_even
from gridgeo.partition.hierarchy import is_weighed, solve
from gridgeo.partition.infeasibility import Obstacle, explain
from gridgeo.partition.objective import OBJECTIVE, Objective, TotalsTable
from gridgeo.partition.problem import EFFORTS, Bounds, Effort, Evenness, Graph, Limits, Shape, Solution
from gridgeo.partition.verify import Flaw, recheck

__all__ = [
    "EFFORTS",
    "OBJECTIVE",
    "Bounds",
    "Effort",
    "Evenness",
    "Flaw",
    "Graph",
    "Limits",
    "Objective",
    "Obstacle",
    "Shape",
    "Solution",
    "TotalsTable",
    "budget_for",
    "explain",
    "is_weighed",
    "made_even",
    "recheck",
    "solve",
]

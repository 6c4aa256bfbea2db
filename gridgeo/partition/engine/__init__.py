"""The compiled search: moves on one context, cooled down, and what is better kept.

Steps
-----
context
    The one value that kernels work on: graph, prices, zones, room to work in.
bookkeeping
    What all moves share: chance, totals, rings of members, whether a zone holds together.
growth
    A first division, from single nodes.
flip, recombine, dissolve_zone
    The moves; each takes a context and a proposal, and returns the change of price that it made.
anneal
    Draws moves at falling temperatures.
crossover
    Of two divisions the cheaper side, region by region.
reheat
    Reheats on two lanes until the budget is used up, and crosses each result with the best so far: `improve`, all that the room
    around asks for.
"""

from __future__ import annotations

from gridgeo.partition.engine.context import FIXED_NUMBER, EdgeLists, Net, edge_lists, make_net, search_prices
from gridgeo.partition.engine.reheat import improve

__all__ = ["FIXED_NUMBER", "EdgeLists", "Net", "edge_lists", "improve", "make_net", "search_prices"]

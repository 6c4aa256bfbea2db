"""The number of parts of a tier where shape has a price: it is settled beforehand, for the fewer parts, the less they would pay."""

from __future__ import annotations

from dataclasses import replace

from gridgeo.partition.counts import Search, number_of, short_parts, suiting_count
from gridgeo.partition.objective import OBJECTIVE
from gridgeo.partition.problem import Graph, Ints, Limits


def settle_count(search: Search, graph: Graph, limits: Limits, start: Ints | None = None) -> Ints:
    """Divide a graph into the number of parts that suits the target, or into the number of the start, if so fewer are short.

    Parameters
    ----------
    search
        Divides a graph by limits, from a start if there is one.
    graph, limits, start
        As the search takes them. Without a start, what a search without regard for shape finds is one.

    Returns
    -------
    labels
        Part of each node.
    """
    if start is None:
        start = search(graph, replace(limits, compact=0.0), None)
    wanted, found = suiting_count(graph, limits), number_of(start)
    ways = [search(graph, replace(limits, count=wanted), start)]
    if found != wanted:
        # a number, once reached, is never left: a start with another one may have reached it in a bad way
        ways += [search(graph, replace(limits, count=wanted), None), search(graph, replace(limits, count=found), start)]

    def flaws(labels: Ints) -> tuple[int, bool, float]:
        missed = number_of(labels) != wanted
        return short_parts(graph, labels, limits), missed, OBJECTIVE.of_division(graph, [labels], [limits])

    return min(ways, key=flaws)

"""Search of one tier: with the number of parts that is asked for, with the one that suits the target, or with any.

Small graphs are weighed exactly, others searched, those up to `TRIED_NODES` several times; `Rank` says which result counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Ints
from gridgeo.partition.counts import enclosed_pieces, short_parts, suiting_count, with_target
from gridgeo.partition.engine import FIXED_NUMBER, improve
from gridgeo.partition.exact import MOST_NODES, cheapest
from gridgeo.partition.objective import OBJECTIVE
from gridgeo.partition.problem import TierBudget, TierTask, number_of, numbered

TRIED_NODES, MOST_TRIES = 2_000, 16
"""Graphs are searched so often from the start that about so many nodes are, each time with a part of the sweeps: where few moves
are possible, as on a path, chance decides early where a search ends."""
WRONG_NUMBERS = (FIXED_NUMBER, 2.0)
"""Prices of a part more or less than a fixed number, in turn. At the lower one the search gets from one good division with this
number to another by way of other numbers, but it may not come back where the number is far from what suits."""
TRY = 15_485_863
"""Step between the seeds of these tries; far from those of passes."""
PRICE_DIGITS = 6
"""Digits to which prices are compared, for the last bits of a sum are no reason to choose."""


class Rank(NamedTuple):
    """What makes one division worse than another: of several the one with the least counts.

    `number` counts parts more or less than are asked for, `outside` those outside limits; `price` is J. Who chooses says what comes
    first. As they stand here, the number does: tries for a number are for that. Where a number is only what suits the target,
    limits come first. Over all tiers, each number missed is a fault like each part outside limits.
    """

    number: int
    outside: int
    price: float


def search_tier(task: TierTask, budget: TierBudget) -> Ints:
    """Divide a graph into contiguous parts.

    Parameters
    ----------
    task
        What is divided; empty parts count. Without a start, parts are grown from single nodes.
    budget
        How long to search, from which start of chance.

    Returns
    -------
    labels
        Part of each node, numbered by the parts' first nodes.
    """
    if task.limits.count is not None:
        return _meet_count(task, budget)
    if task.limits.shapes(task.graph):
        return _suit_count(task, budget)
    return _search(task, budget)


def _search(task: TierTask, budget: TierBudget) -> Ints:
    """The best of several tries, with the number of parts that is asked for before all else.

    What a number is worth that can only be had with parts under a lower limit is decided by who asks for it.
    """
    nodes = len(task.graph)
    if nodes <= MOST_NODES:
        return numbered(cheapest(task.graph, task.limits))
    tries = 1 if task.start is not None else min(MOST_TRIES, max(1, TRIED_NODES // nodes))
    shares = [budget._replace(sweeps=budget.sweeps // tries, seed=budget.seed + TRY * k) for k in range(tries)]
    found = [numbered(improve(task, WRONG_NUMBERS[k % 2], share)) for k, share in enumerate(shares)]
    return found[0] if tries == 1 else min(found, key=lambda labels: _rank(task, labels, task.limits.count))


def _rank(task: TierTask, labels: Ints, wanted: int | None) -> Rank:
    """How a division ranks for which a number may be wanted."""
    missed = 0 if wanted is None else abs(number_of(labels) - wanted)
    price = OBJECTIVE.of_division(task.graph, [labels], [task.limits])
    return Rank(missed, short_parts(task.graph, labels, task.limits), round(price, PRICE_DIGITS))


def _suit_count(task: TierTask, budget: TierBudget) -> Ints:
    """Parts where shape has a price: it would pay for every part that is saved, so their number is decided beforehand.

    It is the one that suits the target, or that of the start, if so fewer parts are short. Without a start, what a search without
    regard for shape finds is one.
    """
    start = task.start
    if start is None:
        start = _search(task._replace(limits=replace(task.limits, compact=0.0)), budget)
        task = task._replace(start=start)
    wanted, found = suiting_count(task.graph, task.limits), number_of(start)
    ways = [_search(_with_count(task, wanted), budget)]
    if found != wanted:
        # a number, once reached, is never left: a start with another one may have reached it in a bad way
        ways += [
            _search(_with_count(task, wanted)._replace(start=None), budget),
            _search(_with_count(task, found), budget),
        ]

    def key(labels: Ints) -> tuple[int, bool, float]:
        rank = _rank(task, labels, wanted)
        return rank.outside, rank.number > 0, rank.price

    return min(ways, key=key)


def _with_count(task: TierTask, count: int | None) -> TierTask:
    return task._replace(limits=replace(task.limits, count=count))


def _meet_count(task: TierTask, budget: TierBudget) -> Ints:
    """Parts of the number that is asked for, or of the nearest that leaves no more of them short.

    Where the number is out of reach, the distance from a division free to choose its number is halved again and again.
    """
    graph, limits = task.graph, task.limits
    piece, enclosed = enclosed_pieces(graph, limits)
    lands = numbered(np.where(enclosed[piece], len(graph) + piece, np.arange(len(graph))))
    # enclosed land, which joins its neighbour only after the search, must not make up for a part
    small, first = graph.merged(lands), np.unique(lands, return_index=True)[1]
    start = None if task.start is None else numbered(task.start[first])
    later = int(enclosed.sum()) if start is None else 0
    aim = with_target(graph, limits)
    aim = replace(aim, count=int(aim.count or 0) + later)
    labels = _search(TierTask(small, aim, start), budget)
    if short_parts(small, labels, limits):
        labels = _nearest(TierTask(small, aim, start), budget, labels)
    return numbered(labels[lands])


def _nearest(task: TierTask, budget: TierBudget, labels: Ints) -> Ints:
    """Go from the number that a free search finds towards the one aimed at, as far as no more parts get short."""
    best = _search(_with_count(task, None), budget)
    fewest = short_parts(task.graph, best, task.limits)
    if short_parts(task.graph, labels, task.limits) <= fewest:
        return labels
    met, missed = number_of(best), number_of(labels)
    while abs(met - missed) > 1:
        between = (met + missed) // 2
        labels = _search(_with_count(task, between), budget)
        if number_of(labels) == between and short_parts(task.graph, labels, task.limits) <= fewest:
            best, met = labels, between
        else:
            missed = between
    return best

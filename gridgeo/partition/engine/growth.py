"""A first division: zones grow from single nodes, each joining the neighbour with which the price falls most."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Floats, Ints, inner, lean
from gridgeo.partition.engine.bookkeeping import draw, enlist, held_by_zone, put_zone, splice
from gridgeo.partition.engine.context import Context
from gridgeo.partition.objective import ShapeTerm, fits, joined, part_price

ROUNDS = 40


class Mergers(NamedTuple):
    """Room to find the best partner of a zone.

    ``order`` is the order of turns in a round. ``partner`` lists the zones with room for the one whose turn it is; each of them has
    in ``border`` the cost of the common border, in ``stamp`` the number of the turn in which it was last found. ``turn[0]`` is the
    number of the latest.
    """

    order: Ints
    partner: Ints
    border: Floats
    stamp: Ints
    turn: Ints


def grow(context: Context) -> None:
    """Merge zones, starting from single nodes, until no merger pays; the order of the turns is drawn anew each round.

    Shape has no price here: that is for a number of zones which is settled. Labels and chance are what counts afterwards; numbers
    of zones that were merged are not noted as unused.

    Parameters
    ----------
    context
        Changed in place.
    """
    n = len(context.zones.label)
    context.zones.label[:] = np.arange(n)
    plain = context._replace(prices=context.prices._replace(shape=ShapeTerm(counts=False, weight=0.0)))
    _grow(
        plain, Mergers(np.arange(n), np.zeros(n, np.int64), np.zeros(n), np.zeros(n, np.int64), np.zeros(1, np.int64))
    )


@lean
def _grow(context: Context, mergers: Mergers) -> None:
    """Let zones take turns; after each of them all zones hang together, and fit if they have more than one node."""
    size, order = context.zones.size, mergers.order
    enlist(context)
    for _ in range(ROUNDS):
        _shuffle(context.chance, order)
        merged = 0
        for i in range(len(order)):
            v = order[i]
            # a zone bears the number of one of its first nodes, so numbers of nodes will do as turns
            if size[v] > 0:
                partner = _best_partner(context, mergers, v)
                if partner >= 0:
                    _absorb(context, v, partner)
                    merged += 1
        if merged == 0:
            break


@inner
def _shuffle(chance: Ints, order: Ints) -> None:
    """Put numbers into a random order (Fisher and Yates)."""
    for i in range(len(order) - 1, 0, -1):
        j = draw(chance, i + 1)
        order[i], order[j] = order[j], order[i]


@inner
def _best_partner(context: Context, mergers: Mergers, zone: int) -> int:
    """The neighbouring zone with which a merger lowers the price most, or -1 if none does. Zones stay as they are."""
    prices = context.prices
    found = _find_partners(context, mergers, zone)
    own = held_by_zone(context, zone)
    best, best_gain = -1, -1e-9
    for i in range(found):
        other = mergers.partner[i]
        theirs = held_by_zone(context, other)
        together = part_price(joined(own, theirs, 0.0), prices)
        gain = together - part_price(own, prices) - part_price(theirs, prices) - mergers.border[other]
        if gain < best_gain:
            best, best_gain = other, gain
    return best


@inner
def _find_partners(context: Context, mergers: Mergers, zone: int) -> int:
    """List the neighbouring zones with room for this one, with the costs of the common borders; returns their number."""
    edges, zones = context.net.edges, context.zones
    mergers.turn[0] += 1
    turn = mergers.turn[0]
    found = 0
    own = held_by_zone(context, zone)
    v = zones.head[zone]
    for _ in range(zones.size[zone]):
        for e in range(edges.start[v], edges.start[v + 1]):
            other = zones.label[edges.near[e]]
            if other == zone or not fits(joined(own, held_by_zone(context, other), 0.0), context.prices):
                continue
            if mergers.stamp[other] != turn:
                mergers.stamp[other] = turn
                mergers.border[other] = 0.0
                mergers.partner[found] = other
                found += 1
            mergers.border[other] += edges.cost[e]
        v = zones.after[v]
    return found


@inner
def _absorb(context: Context, zone: int, partner: int) -> None:
    """Give all members of a zone to its partner: labels, ring, size, totals. The number of the zone is not noted as unused."""
    zones = context.zones
    v = zones.head[zone]
    for _ in range(zones.size[zone]):
        zones.label[v] = partner
        v = zones.after[v]
    splice(zones, v, zones.head[partner])
    put_zone(context, partner, joined(held_by_zone(context, partner), held_by_zone(context, zone), 0.0))
    zones.size[partner] += zones.size[zone]
    zones.held.load[zone] = 0
    zones.held.second[zone] = 0
    zones.size[zone] = 0

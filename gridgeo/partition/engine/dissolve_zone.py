"""The rarest move: a small zone is shared out among its neighbours."""

from __future__ import annotations

from typing import NamedTuple

from gridgeo.coverage import inlined, inner
from gridgeo.partition.engine.bookkeeping import (
    held_by_node,
    held_by_zone,
    join,
    number_change,
    put_zone,
    retire,
    shared_with,
)
from gridgeo.partition.engine.context import DISSOLVED_NODES, Context, Proposal
from gridgeo.partition.objective import PartTotals, fits, joined, part_price, without

OFFERED_NEIGHBOURS = 64
"""Nodes with more neighbours are not offered around: that takes the square of their number."""


class Offer(NamedTuple):
    """A node that looks for another zone, and what it holds."""

    node: int
    zone: int
    own: PartTotals


@inner
def dissolve(context: Context, proposal: Proposal) -> float:
    """Share out the zone of a node, if it is below target, each member to its best neighbour in turn.

    Returns the change of price made; where the price would rise too much, or a member finds no place, all is as it was.
    """
    zones, sharing = context.zones, context.sharing
    zone = zones.label[proposal.node]
    members = zones.size[zone]
    if zones.held.load[zone] >= context.prices.size.target or members > DISSOLVED_NODES:
        return 0.0
    v = zones.head[zone]
    for i in range(members):
        sharing.member[i] = v
        sharing.taker[i] = -1
        v = zones.after[v]
    left, change = _share_out(context, zone)
    change += number_change(context, -1)
    if left == 0 and change <= proposal.allowed:
        # the old ring need not be undone: every member gets new neighbours in it
        for i in range(members):
            join(zones, sharing.member[i], sharing.taker[i])
        retire(zones, zone)
        return change
    _take_back(context, zone)
    return 0.0


@inner
def _share_out(context: Context, zone: int) -> tuple[int, float]:
    """Give members to other zones, going round until no more find a place; returns how many are left, and the change of price.

    Labels, sizes and totals of the takers are as if the move were made; rings, and size and totals of the zone itself, as before.
    """
    zones, sharing = context.zones, context.sharing
    members = zones.size[zone]
    left = members
    change = -part_price(held_by_zone(context, zone), context.prices)
    moved = 1
    while left > 0 and moved > 0:
        moved = 0
        for i in range(members):
            if sharing.taker[i] < 0:
                to, price = _best_taker(context, sharing.member[i])
                if to >= 0:
                    _give(context, i, to)
                    change += price
                    moved += 1
        left -= moved
    return left, change


@inlined
def _give(context: Context, i: int, to: int) -> None:
    """Let a zone take the i-th member: its label, and the zone's size and totals."""
    v = context.sharing.member[i]
    context.sharing.taker[i] = to
    shared = shared_with(context, v, to)
    put_zone(context, to, joined(held_by_zone(context, to), held_by_node(context, v), shared))
    context.zones.label[v] = to
    context.zones.size[to] += 1


@inner
def _best_taker(context: Context, v: int) -> tuple[int, float]:
    """The neighbouring zone in which a node fits and costs least, and the change of price; -1 if there is none. Changes nothing."""
    edges, label = context.net.edges, context.zones.label
    best, best_price = -1, 1e18
    if edges.start[v + 1] - edges.start[v] > OFFERED_NEIGHBOURS:
        return best, best_price
    offer = Offer(v, label[v], held_by_node(context, v))
    for e in range(edges.start[v], edges.start[v + 1]):
        price = _price_with(context, offer, label[edges.near[e]])
        if price < best_price:
            best, best_price = label[edges.near[e]], price
    return best, best_price


@inlined
def _price_with(context: Context, offer: Offer, to: int) -> float:
    """Change of price if a zone takes a node; more than anything where that is the node's own, or it does not fit."""
    edges, label, prices = context.net.edges, context.zones.label, context.prices
    there = held_by_zone(context, to)
    grown = joined(there, offer.own, shared_with(context, offer.node, to))
    if to == offer.zone or not fits(grown, prices):
        return 1e18
    price = part_price(grown, prices) - part_price(there, prices)
    for e in range(edges.start[offer.node], edges.start[offer.node + 1]):
        other = label[edges.near[e]]
        if other == offer.zone:
            price += edges.cost[e]
        elif other == to:
            price -= edges.cost[e]
    return price


@inner
def _take_back(context: Context, zone: int) -> None:
    """Undo `_share_out`: every member that another zone took bears the label of its own again."""
    zones, sharing = context.zones, context.sharing
    for i in range(zones.size[zone]):
        to = sharing.taker[i]
        if to >= 0:
            v = sharing.member[i]
            # first the label: the border inside is one with nodes that are still there
            zones.label[v] = zone
            shared = shared_with(context, v, to)
            put_zone(context, to, without(held_by_zone(context, to), held_by_node(context, v), shared))
            zones.size[to] -= 1

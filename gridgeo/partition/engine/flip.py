"""The commonest move: one node goes over to the zone of a neighbour."""

from __future__ import annotations

from gridgeo.coverage import inlined, inner
from gridgeo.partition.engine.bookkeeping import (
    held_by_node,
    held_by_zone,
    join,
    leave,
    number_change,
    put_zone,
    retire,
    shared_with,
    stays_whole,
)
from gridgeo.partition.engine.context import Assignment, Context, Proposal
from gridgeo.partition.objective import fits, joined, part_price, without


@inlined
def flip(context: Context, proposal: Proposal) -> float:
    """Move a node to the zone of its neighbour, which is another one; returns the change of price made, 0 if it was not.

    Both zones hang together afterwards, and fit, if they did before.
    """
    zones, prices = context.zones, context.prices
    v, zone, to = proposal.node, zones.label[proposal.node], zones.label[proposal.near]
    own, here, there = held_by_node(context, v), held_by_zone(context, zone), held_by_zone(context, to)
    grown = joined(there, own, shared_with(context, v, to))
    if not fits(grown, prices):
        return 0.0
    rest = without(here, own, shared_with(context, v, zone))
    change = part_price(grown, prices) - part_price(here, prices) - part_price(there, prices)
    change += part_price(rest, prices) if zones.size[zone] > 1 else number_change(context, -1)
    edges = context.net.edges
    for e in range(edges.start[v], edges.start[v + 1]):
        other = zones.label[edges.near[e]]
        # without branches, of which no processor could foretell the next
        change += edges.cost[e] * ((other == zone) - (other == to))
    # the costly test comes last: most proposals fail on their price
    if change > proposal.allowed or not stays_whole(context, v):
        return 0.0
    put_zone(context, zone, rest)
    put_zone(context, to, grown)
    _move(zones, v, to)
    return change


@inner
def _move(zones: Assignment, v: int, to: int) -> None:
    """Change label, rings and sizes; a zone whose last node leaves is retired. What zones hold is the caller's."""
    zone = zones.label[v]
    leave(zones, v, zone)
    join(zones, v, to)
    zones.label[v] = to
    zones.size[zone] -= 1
    zones.size[to] += 1
    if zones.size[zone] == 0:
        retire(zones, zone)

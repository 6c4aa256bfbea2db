"""The strongest move: two zones become one set of nodes and are split anew, at the best edge of a random spanning tree.

The same move on a single zone splits it. The cut of every subtree is summed up along the tree, as in the spanning-tree
recombination of DeFord, Duchin and Solomon (2021), but here the best edge is taken by price, not any balanced one.
"""

from __future__ import annotations

from typing import NamedTuple

from gridgeo.coverage import Ints, inlined, inner
from gridgeo.partition.engine.bookkeeping import (
    draw,
    held_by_node,
    held_by_zone,
    number_change,
    put_zone,
    retire,
    splice,
)
from gridgeo.partition.engine.context import RECOMBINED_ENDS, RECOMBINED_NODES, Assignment, Context, Proposal
from gridgeo.partition.objective import PartTotals, Row, fits, joined, part_price, put_totals, totals_of, without

NOTHING = PartTotals(0, 0, 0.0, 0.0)


class Pair(NamedTuple):
    """The zones that are divided anew, and how many nodes they have; `other` is -1 where there is but one.

    `old` is their price without the border between; for a single zone, with the price of one zone more taken off.
    """

    zone: int
    other: int
    nodes: int
    one: PartTotals
    theirs: PartTotals
    old: float


class Cut(NamedTuple):
    """Where a tree is cut: off goes the subtree of this place, 0 for none, -1 where no cut is possible. And what that costs."""

    place: int
    price: float


@inner
def recombine(context: Context, proposal: Proposal) -> float:
    """Divide the zones of two neighbours anew, or only that of the node if `near` is -1; returns the change of price made.

    Both zones hang together afterwards, and fit. Two zones may become one; a single zone never vanishes. Nothing but chance has
    changed where 0 is returned.
    """
    pair = _pair_at(context, proposal)
    if _is_hopeless(context, proposal, pair) or not _collect(context, proposal):
        return 0.0
    between, shared = _random_tree(context, pair.nodes)
    whole = joined(pair.one, pair.theirs, shared)
    cut = _best_cut(context, pair.nodes, whole)
    if pair.other >= 0 and fits(whole, context.prices):
        together = part_price(whole, context.prices) + number_change(context, -1)
        if together <= cut.price:
            cut = Cut(0, together)
    change = cut.price - (pair.old + between)
    # a move that changes nothing would only shuffle the rings
    if cut.place < 0 or change > proposal.allowed or abs(change) < 1e-12:
        return 0.0
    if cut.place == 0:
        put_zone(context, pair.zone, whole)
        _merge(context.zones, proposal)
    else:
        other = _divide(context, pair, cut.place)
        part = totals_of(context.tree.held, cut.place, context.prices)
        put_zone(context, other, part)
        put_zone(context, pair.zone, without(whole, part, context.tree.shared[cut.place]))
    return change


@inlined
def _pair_at(context: Context, proposal: Proposal) -> Pair:
    """The zones of the node and of its neighbour, if it has one."""
    zones, prices = context.zones, context.prices
    zone, other = zones.label[proposal.node], -1
    one, theirs = held_by_zone(context, zone), NOTHING
    old, nodes = part_price(one, prices), zones.size[zone]
    if proposal.near >= 0:
        other = zones.label[proposal.near]
        theirs = held_by_zone(context, other)
        old += part_price(theirs, prices)
        nodes += zones.size[other]
    else:
        old -= number_change(context, 1)
    return Pair(zone, other, nodes, one, theirs, old)


@inlined
def _is_hopeless(context: Context, proposal: Proposal, pair: Pair) -> bool:
    """Whether it is clear without a tree that no cut is possible, or none that is cheap enough."""
    size = context.prices.size
    load = pair.one.load + pair.theirs.load
    if pair.nodes < 2 or pair.nodes > RECOMBINED_NODES or load > 2 * size.high:
        return True
    # Two parts are off the target by at least this much together, and all other terms but the credit add to it; a single zone
    # has no border inside that could be saved.
    least = abs(load - 2 * size.target) * size.each - 2.0 * size.credit
    return pair.other < 0 and least - pair.old > proposal.allowed


@inner
def _collect(context: Context, proposal: Proposal) -> bool:
    """Make the members of the zones those of a new tree, none visited yet; False if they have too many edges.

    There are no more members than places in a tree.
    """
    edges, after, tree = context.net.edges, context.zones.after, context.tree
    tree.number[0] += 1
    number = tree.number[0]
    nodes, ends = 0, 0
    for first in (proposal.node, proposal.near):
        x = first
        while x >= 0:
            tree.member[nodes] = x
            tree.stamp[x] = number
            tree.place[x] = -1
            nodes += 1
            ends += edges.start[x + 1] - edges.start[x]
            x = after[x]
            if x == first or ends > RECOMBINED_ENDS:
                break
    return ends <= RECOMBINED_ENDS


@inner
def _random_tree(context: Context, nodes: int) -> tuple[float, float]:
    """Grow a spanning tree of the members along frontier edges drawn at random; zones stay as they are.

    Leaves in the tree what each node adds to the subtrees that hold it: what it holds, and the cost and length of its edges at both
    ends, taken off twice at the lowest common ancestor, where an edge stops leaving the subtree. Returns the cost and the length of
    the border between the zones.
    """
    tree = context.tree
    tree.node[0], tree.parent[0] = tree.member[draw(context.chance, nodes)], -1
    tree.cut[0] = tree.shared[0] = 0.0
    waiting = _visit(context, 0, 0)
    between, shared = 0.0, 0.0
    visited = 1
    while visited < nodes:
        k = draw(context.chance, waiting)
        y, parent = tree.open_node[k], tree.open_parent[k]
        waiting -= 1
        # the last one fills the gap: the frontier is a bag, and draws from it are all its order
        tree.open_node[k], tree.open_parent[k] = tree.open_node[waiting], tree.open_parent[waiting]
        if tree.place[y] < 0:
            tree.node[visited], tree.parent[visited] = y, parent
            between += _close_loops(context, visited)
            if context.prices.shape.counts:
                shared += _close_borders(context, visited)
            waiting = _visit(context, visited, waiting)
            visited += 1
    return between, shared


@inner
def _visit(context: Context, place: int, waiting: int) -> int:
    """Note what a new node of the tree holds, and add its edges to members not visited yet to the frontier.

    Returns how many wait there now: no more than edge ends of members, each end being added once.
    """
    edges, tree = context.net.edges, context.tree
    x = tree.node[place]
    number = tree.stamp[x]
    tree.place[x] = place
    put_totals(Row(tree.held, place), held_by_node(context, x), context.prices)
    for e in range(edges.start[x], edges.start[x + 1]):
        y = edges.near[e]
        if tree.stamp[y] == number and tree.place[y] < 0:
            tree.open_node[waiting] = y
            tree.open_parent[waiting] = place
            waiting += 1
    return waiting


@inner
def _close_loops(context: Context, place: int) -> float:
    """Enter the costs of a new leaf's edges to visited nodes; returns the part that crosses the old border."""
    edges, label, tree = context.net.edges, context.zones.label, context.tree
    x = tree.node[place]
    number = tree.stamp[x]
    own, between = 0.0, 0.0
    for e in range(edges.start[x], edges.start[x + 1]):
        y = edges.near[e]
        if tree.stamp[y] != number or tree.place[y] < 0:
            continue
        cost = edges.cost[e]
        own += cost
        if label[x] != label[y]:
            between += cost
        tree.cut[tree.place[y]] += cost
        tree.cut[_meeting(tree.parent, tree.place[y], tree.parent[place])] -= 2 * cost
    tree.cut[place] = own
    return between


@inner
def _close_borders(context: Context, place: int) -> float:
    """Enter the common borders of a new leaf with visited nodes; returns the length of those between the old zones."""
    borders, label, tree = context.net.borders, context.zones.label, context.tree
    x = tree.node[place]
    number = tree.stamp[x]
    own, between = 0.0, 0.0
    for e in range(borders.start[x], borders.start[x + 1]):
        y = borders.near[e]
        if tree.stamp[y] != number or tree.place[y] < 0:
            continue
        length = borders.shared[e]
        own += length
        if label[x] != label[y]:
            between += length
        meeting = _meeting(tree.parent, tree.place[y], tree.parent[place])
        tree.shared[tree.place[y]] += length
        tree.shared[meeting] -= 2 * length
        tree.held.outline[meeting] -= 2 * length
    tree.shared[place] = own
    return between


@inlined
def _meeting(parent: Ints, i: int, j: int) -> int:
    """Place of the lowest common ancestor of two places."""
    # parents are visited before their children, so the later of the two is never above the other
    while i != j:
        if i > j:
            i = parent[i]
        else:
            j = parent[j]
    return i


@inner
def _best_cut(context: Context, nodes: int, whole: PartTotals) -> Cut:
    """The place whose subtree is best cut off, and the price of the two zones with the border between.

    Sums up along the tree: afterwards each place has what its subtree holds, and its border with the rest.
    """
    prices, tree = context.prices, context.tree
    best, best_price = -1, 1e18
    for i in range(nodes - 1, 0, -1):
        part, above = totals_of(tree.held, i, prices), tree.parent[i]
        # children come after their parents, so this subtree is complete
        put_totals(Row(tree.held, above), joined(totals_of(tree.held, above, prices), part, 0.0), prices)
        tree.cut[above] += tree.cut[i]
        shared = 0.0
        if prices.shape.counts:
            shared = tree.shared[i]
            tree.shared[above] += shared
        rest = without(whole, part, shared)
        if not fits(part, prices) or not fits(rest, prices):
            continue
        price = tree.cut[i] + (part_price(part, prices) + part_price(rest, prices))
        if price < best_price:
            best, best_price = i, price
    return Cut(best, best_price)


@inner
def _merge(zones: Assignment, proposal: Proposal) -> None:
    """Make the members of the neighbour's zone those of the node's: labels, ring, size. What it holds is the caller's."""
    zone, other = zones.label[proposal.node], zones.label[proposal.near]
    x = proposal.near
    for _ in range(zones.size[other]):
        zones.label[x] = zone
        x = zones.after[x]
    splice(zones, proposal.node, proposal.near)
    zones.size[zone] += zones.size[other]
    retire(zones, other)


@inner
def _divide(context: Context, pair: Pair, cut: int) -> int:
    """Give the subtree of a place to the other zone, the rest to the first: labels, rings, sizes. What they hold is the caller's.

    Returns the zone of the subtree, an unused number if there was only one zone.
    """
    zones, tree, other = context.zones, context.tree, pair.other
    if other < 0:
        zones.n_unused[0] -= 1
        other = zones.unused[zones.n_unused[0]]
    for part in (pair.zone, other):
        zones.size[part] = 0
        zones.head[part] = -1
    for i in range(pair.nodes):
        # nodes of the subtree come after its root
        tree.below[i] = i == cut or (i > cut and tree.below[tree.parent[i]])
        _append(zones, tree.node[i], other if tree.below[i] else pair.zone)
    return other


@inner
def _append(zones: Assignment, x: int, zone: int) -> None:
    """Make a node the last of a ring that may be empty, and of its zone."""
    head = zones.head[zone]
    if head < 0:
        zones.head[zone] = zones.after[x] = zones.before[x] = x
    else:
        last = zones.before[head]
        zones.after[last] = x
        zones.before[x] = last
        zones.after[x] = head
        zones.before[head] = x
    zones.label[x] = zone
    zones.size[zone] += 1

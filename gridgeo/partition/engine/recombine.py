"""The strongest move: two zones become one set of nodes and are split anew, at the best edge of a random spanning tree.

The same move on a single zone splits it. The cut of every subtree is summed up along the tree, as in the spanning-tree
recombination of DeFord, Duchin and Solomon (2021), but here the best edge is taken by price, not any balanced one.
"""

from __future__ import annotations

from gridgeo.partition.compiled import hot, kernel
from gridgeo.partition.engine.arrays import N_FREE, RESPLIT_ENDS, RESPLIT_NODES, TICK, Held, Net, Rule, State, Work
from gridgeo.partition.engine.kernels import (
    draw,
    fits,
    held_by,
    joined,
    put,
    recount,
    retire,
    splice,
    without,
    worth,
)

NOTHING = Held(0, 0, 0.0, 0.0)


@kernel
def resplit(net: Net, rule: Rule, state: State, work: Work, v: int, u: int, allowed: float) -> float:
    """Divide the zones of two neighbours anew, or only the zone of v if u is -1; returns the change of price made."""
    zone, other = state.label[v], -1
    one, theirs = held_by(state, zone, rule), NOTHING
    old, nodes = worth(one, rule), state.size[zone]
    if u >= 0:
        other = state.label[u]
        theirs = held_by(state, other, rule)
        old += worth(theirs, rule)
        nodes += state.size[other]
    else:
        old -= recount(state, rule, 1)
    load = one.load + theirs.load
    # two parts cost at least this much; a single zone has no border inside that could be saved
    hopeless = u < 0 and abs(load - 2 * rule.target) * rule.share - old > allowed
    if hopeless or nodes < 2 or nodes > RESPLIT_NODES or load > 2 * rule.high or not _collect(net, state, work, v, u):
        return 0.0
    between, shared = _random_tree(net, rule, state, work, nodes)
    whole = joined(one, theirs, shared)
    cut, price = _best_cut(rule, work, nodes, whole)
    if u >= 0 and fits(whole, rule) and worth(whole, rule) + recount(state, rule, -1) <= price:
        cut, price = 0, worth(whole, rule) + recount(state, rule, -1)
    change = price - (old + between)
    if cut < 0 or change > allowed or abs(change) < 1e-12:
        return 0.0
    if cut == 0:
        put(state, zone, whole, rule)
        _merge(state, v, u)
    else:
        other = _divide(state, work, zone, other, cut, nodes)
        part = held_by(work.tree, cut, rule)
        put(state, other, part, rule)
        put(state, zone, without(whole, part, work.tree.shared[cut]), rule)
    return change


@kernel
def _collect(net: Net, state: State, work: Work, v: int, u: int) -> bool:
    """List the members of one or two zones in the queue and stamp them; False if they have too many edges."""
    state.counter[TICK] += 1
    tick = state.counter[TICK]
    nodes, ends = 0, 0
    for first in (v, u):
        x = first
        while x >= 0:
            work.queue[nodes] = x
            work.stamp[x] = tick
            work.position[x] = -1
            nodes += 1
            ends += net.start[x + 1] - net.start[x]
            x = state.after[x]
            if x == first or ends > RESPLIT_ENDS:
                break
    return ends <= RESPLIT_ENDS


@kernel
def _random_tree(net: Net, rule: Rule, state: State, work: Work, nodes: int) -> tuple[float, float]:
    """Grow a spanning tree of the stamped nodes along frontier edges drawn at random.

    Leaves in the arrays of the tree what each node adds to the subtrees that hold it: what it holds, and the cost and length of
    its edges at both ends, taken off twice at the lowest common ancestor, where an edge stops leaving the subtree. Returns the
    cost and the length of the border between the zones.
    """
    work.node[0], work.parent[0] = work.queue[draw(state.counter, nodes)], -1
    work.tree.cut[0] = work.tree.shared[0] = 0.0
    waiting = _visit(net, rule, work, 0, 0)
    between, shared = 0.0, 0.0
    visited = 1
    while visited < nodes:
        k = draw(state.counter, waiting)
        y, parent = work.open_node[k], work.open_parent[k]
        waiting -= 1
        work.open_node[k], work.open_parent[k] = work.open_node[waiting], work.open_parent[waiting]
        if work.position[y] < 0:
            work.node[visited], work.parent[visited] = y, parent
            between += _close_loops(net, state, work, visited)
            if rule.shaped:
                shared += _close_borders(net, state, work, visited)
            waiting = _visit(net, rule, work, visited, waiting)
            visited += 1
    return between, shared


@kernel
def _visit(net: Net, rule: Rule, work: Work, place: int, waiting: int) -> int:
    """Note what a new node of the tree holds, and add its edges to unvisited stamped nodes to the frontier."""
    x = work.node[place]
    tick = work.stamp[x]
    work.position[x] = place
    put(work.tree, place, held_by(net, x, rule), rule)
    for e in range(net.start[x], net.start[x + 1]):
        y = net.near[e]
        if work.stamp[y] == tick and work.position[y] < 0:
            work.open_node[waiting] = y
            work.open_parent[waiting] = place
            waiting += 1
    return waiting


@kernel
def _close_loops(net: Net, state: State, work: Work, place: int) -> float:
    """Enter the costs of a new leaf's edges to visited nodes; returns the part that crosses the old border."""
    x = work.node[place]
    tick = work.stamp[x]
    own, between = 0.0, 0.0
    for e in range(net.start[x], net.start[x + 1]):
        y = net.near[e]
        if work.stamp[y] != tick or work.position[y] < 0:
            continue
        cost = net.cost[e]
        own += cost
        if state.label[x] != state.label[y]:
            between += cost
        work.tree.cut[work.position[y]] += cost
        work.tree.cut[_meeting(work, work.position[y], work.parent[place])] -= 2 * cost
    work.tree.cut[place] = own
    return between


@kernel
def _close_borders(net: Net, state: State, work: Work, place: int) -> float:
    """Enter the common borders of a new leaf with visited nodes; returns the length of those between the old zones."""
    x, borders = work.node[place], net.borders
    tick = work.stamp[x]
    own, between = 0.0, 0.0
    for e in range(borders.start[x], borders.start[x + 1]):
        y = borders.near[e]
        if work.stamp[y] != tick or work.position[y] < 0:
            continue
        length = borders.shared[e]
        own += length
        if state.label[x] != state.label[y]:
            between += length
        meeting = _meeting(work, work.position[y], work.parent[place])
        work.tree.shared[work.position[y]] += length
        work.tree.shared[meeting] -= 2 * length
        work.tree.outline[meeting] -= 2 * length
    work.tree.shared[place] = own
    return between


@hot
def _meeting(work: Work, i: int, j: int) -> int:
    """Place of the lowest common ancestor."""
    # parents are visited before their children, so the later of the two is never above the other
    while i != j:
        if i > j:
            i = work.parent[i]
        else:
            j = work.parent[j]
    return i


@kernel
def _best_cut(rule: Rule, work: Work, nodes: int, whole: Held) -> tuple[int, float]:
    """Place of the node whose subtree is best cut off, and the price of the two zones with the border between; or -1.

    Sums up along the tree.
    """
    best, best_price = -1, 1e18
    for i in range(nodes - 1, 0, -1):
        part, above = held_by(work.tree, i, rule), work.parent[i]
        put(work.tree, above, joined(held_by(work.tree, above, rule), part, 0.0), rule)
        work.tree.cut[above] += work.tree.cut[i]
        shared = 0.0
        if rule.shaped:
            shared = work.tree.shared[i]
            work.tree.shared[above] += shared
        rest = without(whole, part, shared)
        if not fits(part, rule) or not fits(rest, rule):
            continue
        price = work.tree.cut[i] + (worth(part, rule) + worth(rest, rule))
        if price < best_price:
            best, best_price = i, price
    return best, best_price


@kernel
def _merge(state: State, v: int, u: int) -> None:
    zone, other = state.label[v], state.label[u]
    x = u
    for _ in range(state.size[other]):
        state.label[x] = zone
        x = state.after[x]
    splice(state, v, u)
    state.size[zone] += state.size[other]
    retire(state, other)


@kernel
def _divide(state: State, work: Work, zone: int, other: int, cut: int, nodes: int) -> int:
    """Make rings of the two sides of a cut tree; returns the zone of the subtree, a fresh number if there was only one zone."""
    if other < 0:
        state.counter[N_FREE] -= 1
        other = state.free[state.counter[N_FREE]]
    for part in (zone, other):
        state.size[part] = 0
        state.head[part] = -1
    for i in range(nodes):
        work.inside[i] = i == cut or (i > cut and work.inside[work.parent[i]])
        _append(state, work.node[i], other if work.inside[i] else zone)
    return other


@kernel
def _append(state: State, x: int, zone: int) -> None:
    """Make a node the last of a ring that may be empty."""
    head = state.head[zone]
    if head < 0:
        state.head[zone] = state.after[x] = state.before[x] = x
    else:
        last = state.before[head]
        state.after[last] = x
        state.before[x] = last
        state.after[x] = head
        state.before[head] = x
    state.label[x] = zone
    state.size[zone] += 1

"""The strongest move: two zones become one set of nodes and are split anew, at the best edge of a random spanning tree.

The same move on a single zone splits it. The cut of every subtree is summed up along the tree, as in the spanning-tree
recombination of DeFord, Duchin and Solomon (2021), but here the best edge is taken by price, not any balanced one.
"""

from __future__ import annotations

from gridgeo.partition.arrays import N_FREE, RESPLIT_ENDS, RESPLIT_NODES, TICK, Net, Rule, State, Work
from gridgeo.partition.compiled import kernel
from gridgeo.partition.kernels import balance, draw, fits, recount, retire, second_of, splice


@kernel
def resplit(net: Net, rule: Rule, state: State, work: Work, v: int, u: int, allowed: float) -> float:
    """Divide the zones of two neighbours anew, or only the zone of v if u is -1; returns the change of price made."""
    zone, other = state.label[v], -1
    load, more = state.load[zone], second_of(state.more, zone, rule)
    old = balance(load, more, rule)
    nodes = state.size[zone]
    if u >= 0:
        other = state.label[u]
        theirs = second_of(state.more, other, rule)
        old += balance(state.load[other], theirs, rule)
        load += state.load[other]
        more += theirs
        nodes += state.size[other]
    else:
        old -= recount(state, rule, 1)
    # two parts cost at least this much; a single zone has no border inside that could be saved
    hopeless = u < 0 and abs(load - 2 * rule.target) * rule.share - old > allowed
    if hopeless or nodes < 2 or nodes > RESPLIT_NODES or load > 2 * rule.high or not _collect(net, state, work, v, u):
        return 0.0
    old += _random_tree(net, state, work, nodes)
    cut, price = _best_cut(rule, work, nodes, load, more)
    if u >= 0 and fits(load, more, rule) and balance(load, more, rule) + recount(state, rule, -1) <= price:
        cut, price = 0, balance(load, more, rule) + recount(state, rule, -1)
    change = price - old
    if cut < 0 or change > allowed or abs(change) < 1e-12:
        return 0.0
    if cut == 0:
        _merge(state, v, u)
    else:
        _divide(net, state, work, zone, other, cut, nodes)
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
def _random_tree(net: Net, state: State, work: Work, nodes: int) -> float:
    """Grow a spanning tree of the stamped nodes along frontier edges drawn at random; returns the cost cut between the zones.

    Leaves in `tree_load`, `tree_more`, `tree_cut` what each node adds to the subtrees that hold it: its loads, and the cost of
    its edges at both ends, taken off twice at the lowest common ancestor, where an edge stops leaving the subtree.
    """
    root = work.queue[draw(state.counter, nodes)]
    waiting = _visit(net, work, root, -1, 0, 0)
    between = 0.0
    visited = 1
    while visited < nodes:
        k = draw(state.counter, waiting)
        y, parent = work.open_node[k], work.open_parent[k]
        waiting -= 1
        work.open_node[k], work.open_parent[k] = work.open_node[waiting], work.open_parent[waiting]
        if work.position[y] < 0:
            between += _close_loops(net, state, work, y, parent, visited)
            waiting = _visit(net, work, y, parent, visited, waiting)
            visited += 1
    return between


@kernel
def _visit(net: Net, work: Work, x: int, parent: int, place: int, waiting: int) -> int:
    """Give a node its place in the tree and add its edges to unvisited stamped nodes to the frontier."""
    tick = work.stamp[x]
    work.node[place] = x
    work.parent[place] = parent
    work.position[x] = place
    work.tree_load[place] = net.load[x]
    work.tree_more[place] = net.more[x]
    if parent < 0:
        work.tree_cut[place] = 0.0
    for e in range(net.start[x], net.start[x + 1]):
        y = net.near[e]
        if work.stamp[y] == tick and work.position[y] < 0:
            work.open_node[waiting] = y
            work.open_parent[waiting] = place
            waiting += 1
    return waiting


@kernel
def _close_loops(net: Net, state: State, work: Work, x: int, parent: int, place: int) -> float:
    """Enter the costs of a new leaf's edges to visited nodes; returns the part that crosses the old border."""
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
        i, j = work.position[y], parent
        work.tree_cut[i] += cost
        # parents are visited before their children, so the later of the two is never above the other
        while i != j:
            if i > j:
                i = work.parent[i]
            else:
                j = work.parent[j]
        work.tree_cut[i] -= 2 * cost
    work.tree_cut[place] = own
    return between


@kernel
def _best_cut(rule: Rule, work: Work, nodes: int, load: int, more: int) -> tuple[int, float]:
    """Place of the node whose subtree is best cut off, and the price of the two zones with the border between; or -1."""
    best, best_price = -1, 1e18
    for i in range(nodes - 1, 0, -1):
        part, second = work.tree_load[i], second_of(work.tree_more, i, rule)
        price = work.tree_cut[i]
        work.tree_load[work.parent[i]] += part
        work.tree_more[work.parent[i]] += second
        work.tree_cut[work.parent[i]] += price
        if not fits(part, second, rule) or not fits(load - part, more - second, rule):
            continue
        price += balance(part, second, rule) + balance(load - part, more - second, rule)
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
    state.load[zone] += state.load[other]
    state.more[zone] += state.more[other]
    state.size[zone] += state.size[other]
    retire(state, other)


@kernel
def _divide(net: Net, state: State, work: Work, zone: int, other: int, cut: int, nodes: int) -> None:
    """Write the two sides of a cut tree as zones; a fresh number is taken if there was only one zone."""
    if other < 0:
        state.counter[N_FREE] -= 1
        other = state.free[state.counter[N_FREE]]
    for part in (zone, other):
        state.load[part] = 0
        state.more[part] = 0
        state.size[part] = 0
        state.head[part] = -1
    for i in range(nodes):
        work.inside[i] = i == cut or (i > cut and work.inside[work.parent[i]])
        _append(net, state, work.node[i], other if work.inside[i] else zone)


@kernel
def _append(net: Net, state: State, x: int, zone: int) -> None:
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
    state.load[zone] += net.load[x]
    state.more[zone] += net.more[x]
    state.size[zone] += 1

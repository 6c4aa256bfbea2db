"""The smallest compiled pieces: chance, price, rings of members, and whether a zone holds together without a node."""

from __future__ import annotations

import numpy as np

from gridgeo.partition.compiled import hot, kernel
from gridgeo.partition.engine.arrays import CHANCE, N_FREE, TICK, Held, Net, Rule, Sets, State, Tree, Work
from gridgeo.partition.problem import Ints

ROUND = 4 * np.pi
"""Square of the outline of a circle, for each unit of its area."""

DETOUR_ENDS = 1_000
"""Most edge ends looked at to prove that a zone holds together; a longer search counts as not proven."""


@hot
def draw(counter: Ints, n: int) -> int:
    """A number from 0 to n-1, by the 48-bit linear congruential generator of POSIX ``drand48``."""
    counter[CHANCE] = (counter[CHANCE] * 25214903917 + 11) & 281474976710655
    return ((counter[CHANCE] >> 16) * n) >> 32


@hot
def worth(held: Held, rule: Rule) -> float:
    """Price of a zone for what it holds, without its border; what does not fit never comes here."""
    price = abs(held.load - rule.target) * rule.share
    if held.load < rule.low:
        price += rule.short + 10.0 * (rule.low - held.load) * rule.share
    if rule.second:
        if held.more < rule.more_least:
            price += rule.more_short + (rule.more_least - held.more) * rule.more_share
        elif held.more > rule.more_most:
            price += (held.more - rule.more_most) * rule.more_share
    if rule.shaped:
        circle, square = ROUND * held.area, held.outline * held.outline
        if circle < square:
            price += rule.compact * (1.0 - circle / square)
    return price


@hot
def fits(held: Held, rule: Rule) -> bool:
    """Whether the loads are within the upper limits."""
    return held.load <= rule.high and held.more <= rule.more_high


@hot
def held_by(holders: Net | State | Tree | Sets, k: int, rule: Rule) -> Held:
    """What a node, a zone, a subtree or a set of nodes holds; 0, without a look at it, for what does not matter."""
    more = holders.more[k] if rule.second else 0
    area, outline = (holders.area[k], holders.outline[k]) if rule.shaped else (0.0, 0.0)
    return Held(holders.load[k], more, area, outline)


@hot
def joined(one: Held, other: Held, shared: float) -> Held:
    """Both together, with their common border inside."""
    outline = one.outline + other.outline - 2.0 * shared
    return Held(one.load + other.load, one.more + other.more, one.area + other.area, outline)


@hot
def without(whole: Held, part: Held, shared: float) -> Held:
    """What is left if a part is taken off along a border of some length."""
    outline = whole.outline - part.outline + 2.0 * shared
    return Held(whole.load - part.load, whole.more - part.more, whole.area - part.area, outline)


@hot
def shared_with(net: Net, state: State, v: int, zone: int, rule: Rule) -> float:
    """Common border of a node and a zone; 0, without a look at it, where shape does not matter."""
    shared = 0.0
    if rule.shaped:
        borders = net.borders
        for e in range(borders.start[v], borders.start[v + 1]):
            shared += borders.shared[e] * (state.label[borders.near[e]] == zone)
    return shared


@hot
def put(holders: State | Tree | Sets, k: int, held: Held, rule: Rule) -> None:
    """Note what a zone, a subtree or a set of nodes holds now."""
    holders.load[k] = held.load
    if rule.second:
        holders.more[k] = held.more
    if rule.shaped:
        holders.area[k] = held.area
        holders.outline[k] = held.outline


@hot
def recount(state: State, rule: Rule, more: int) -> float:
    """Change of price if there are so many zones more; nothing where their number is free."""
    if rule.astray == 0.0:
        return 0.0
    astray = len(state.label) - state.counter[N_FREE] - rule.wanted
    return rule.astray * (abs(astray + more) - abs(astray))


@kernel
def leave(state: State, v: int, zone: int) -> None:
    """Take a node out of the ring of its zone."""
    before, after = state.before[v], state.after[v]
    state.after[before] = after
    state.before[after] = before
    if state.head[zone] == v:
        state.head[zone] = after


@kernel
def join(state: State, v: int, zone: int) -> None:
    """Put a node into the ring of a zone that has members."""
    head = state.head[zone]
    after = state.after[head]
    state.after[head] = v
    state.before[v] = head
    state.after[v] = after
    state.before[after] = v


@kernel
def splice(state: State, v: int, u: int) -> None:
    """Make one ring of the two rings to which these nodes belong."""
    v_after, u_after = state.after[v], state.after[u]
    state.after[v] = u_after
    state.before[u_after] = v
    state.after[u] = v_after
    state.before[v_after] = u


@kernel
def retire(state: State, zone: int) -> None:
    """Note that a zone has no members any more."""
    state.load[zone] = 0
    state.more[zone] = 0
    state.area[zone] = 0.0
    state.outline[zone] = 0.0
    state.size[zone] = 0
    state.head[zone] = -1
    state.free[state.counter[N_FREE]] = zone
    state.counter[N_FREE] += 1


@kernel
def enlist(net: Net, rule: Rule, state: State) -> None:
    """Make rings, totals and unused numbers from the labels."""
    n = len(state.label)
    state.load[:] = 0
    state.more[:] = 0
    state.area[:] = 0.0
    state.outline[:] = 0.0
    state.size[:] = 0
    state.head[:] = -1
    for v in range(n):
        zone = state.label[v]
        # each side of a border takes off its half
        inside = 0.5 * shared_with(net, state, v, zone, rule)
        put(state, zone, joined(held_by(state, zone, rule), held_by(net, v, rule), inside), rule)
        state.size[zone] += 1
        if state.head[zone] < 0:
            state.head[zone] = state.after[v] = state.before[v] = v
        else:
            join(state, v, zone)
    state.counter[N_FREE] = 0
    for zone in range(n - 1, -1, -1):
        if state.size[zone] == 0:
            retire(state, zone)


@kernel
def stays_whole(net: Net, state: State, work: Work, v: int) -> bool:
    """Whether the zone of a node would still hold together without it: one neighbour must reach all others."""
    zone = state.label[v]
    state.counter[TICK] += 1
    tick = state.counter[TICK]
    wanted = 0
    first = -1
    for e in range(net.start[v], net.start[v + 1]):
        u = net.near[e]
        if state.label[u] == zone:
            wanted += 1
            work.stamp[u] = -tick
            first = u
    if wanted <= 1:
        return True
    work.stamp[v] = tick
    work.stamp[first] = tick
    work.queue[0] = first
    return _reaches(net, state, work, wanted - 1)


@kernel
def _reaches(net: Net, state: State, work: Work, wanted: int) -> bool:
    """Breadth-first search from the node in the queue for nodes stamped -tick, inside their zone."""
    tick = state.counter[TICK]
    zone = state.label[work.queue[0]]
    done, waiting, ends = 0, 1, 0
    while done < waiting and ends < DETOUR_ENDS:
        x = work.queue[done]
        done += 1
        ends += net.start[x + 1] - net.start[x]
        for e in range(net.start[x], net.start[x + 1]):
            u = net.near[e]
            if state.label[u] == zone and work.stamp[u] != tick:
                wanted -= work.stamp[u] == -tick
                if wanted == 0:
                    return True
                work.stamp[u] = tick
                work.queue[waiting] = u
                waiting += 1
    return False

"""What all moves share: chance, what zones hold, their rings of members, and whether one holds together without a node.

The invariants of `context.Assignment` hold before each kernel of this module; each says what of them it changes.
"""

from __future__ import annotations

from gridgeo.coverage import Ints, inlined, inner
from gridgeo.partition.engine.context import Assignment, Context
from gridgeo.partition.objective import PartTotals, Row, joined, put_totals, totals_of

DETOUR_ENDS = 1_000
"""Most edge ends looked at to prove that a zone holds together; a longer search counts as not proven."""


@inlined
def draw(chance: Ints, n: int) -> int:
    """A number from 0 to n-1, by the 48-bit linear congruential generator of POSIX ``drand48``; n is below 2^31."""
    chance[0] = (chance[0] * 25214903917 + 11) & 281474976710655
    # the high bits, for the low ones of such a generator repeat soon; and no division, which would take as long as all else
    return ((chance[0] >> 16) * n) >> 32


@inlined
def held_by_node(context: Context, v: int) -> PartTotals:
    """What a node holds."""
    return totals_of(context.net.held, v, context.prices)


@inlined
def held_by_zone(context: Context, zone: int) -> PartTotals:
    """What a zone holds."""
    return totals_of(context.zones.held, zone, context.prices)


@inlined
def put_zone(context: Context, zone: int, held: PartTotals) -> None:
    """Note what a zone holds now; rings and labels are the caller's."""
    put_totals(Row(context.zones.held, zone), held, context.prices)


@inlined
def shared_with(context: Context, v: int, zone: int) -> float:
    """Common border of a node and the other nodes of a zone; 0, without a look at it, where shape does not matter."""
    shared = 0.0
    if context.prices.shape.counts:
        borders = context.net.borders
        for e in range(borders.start[v], borders.start[v + 1]):
            # times 0 or 1, for no processor could foretell the branches
            shared += borders.shared[e] * (context.zones.label[borders.near[e]] == zone)
    return shared


@inlined
def number_change(context: Context, more: int) -> float:
    """Change of price if there are so many zones more; nothing where their number is free."""
    number = context.prices.number
    if number.each == 0.0:
        return 0.0
    excess = len(context.zones.label) - context.zones.n_unused[0] - number.wanted
    return number.each * (abs(excess + more) - abs(excess))


@inner
def leave(zones: Assignment, v: int, zone: int) -> None:
    """Take a node out of the ring of its zone, which keeps a head as long as it has other members; size and label stay."""
    before, after = zones.before[v], zones.after[v]
    zones.after[before] = after
    zones.before[after] = before
    if zones.head[zone] == v:
        zones.head[zone] = after


@inner
def join(zones: Assignment, v: int, zone: int) -> None:
    """Put a node, which is in no ring, behind the head of a zone that has one; size and label stay."""
    head = zones.head[zone]
    after = zones.after[head]
    zones.after[head] = v
    zones.before[v] = head
    zones.after[v] = after
    zones.before[after] = v


@inner
def splice(zones: Assignment, v: int, u: int) -> None:
    """Make one ring of the two different rings to which these nodes belong; heads, sizes and labels stay."""
    v_after, u_after = zones.after[v], zones.after[u]
    zones.after[v] = u_after
    zones.before[u_after] = v
    zones.after[u] = v_after
    zones.before[v_after] = u


@inner
def retire(zones: Assignment, zone: int) -> None:
    """Note that a zone, whose number is in use, has no members any more: its number is free, and it holds nothing."""
    zones.held.load[zone] = 0
    zones.held.second[zone] = 0
    zones.held.area[zone] = 0.0
    zones.held.outline[zone] = 0.0
    zones.size[zone] = 0
    zones.head[zone] = -1
    zones.unused[zones.n_unused[0]] = zone
    zones.n_unused[0] += 1


@inner
def enlist(context: Context) -> None:
    """Make rings, totals and unused numbers from the labels alone; afterwards all invariants hold, whatever stood there before."""
    zones = context.zones
    n = len(zones.label)
    zones.held.load[:] = 0
    zones.held.second[:] = 0
    zones.held.area[:] = 0.0
    zones.held.outline[:] = 0.0
    zones.size[:] = 0
    zones.head[:] = -1
    for v in range(n):
        _admit(context, v, zones.label[v])
    zones.n_unused[0] = 0
    # downwards, so that the lowest number is taken first
    for zone in range(n - 1, -1, -1):
        if zones.size[zone] == 0:
            retire(zones, zone)


@inlined
def _admit(context: Context, v: int, zone: int) -> None:
    """Add a node to a zone, which may be its first; once all are added, each common border inside was taken off on both sides."""
    zones = context.zones
    # the other side takes off its half, when its turn comes
    inside = 0.5 * shared_with(context, v, zone)
    put_zone(context, zone, joined(held_by_zone(context, zone), held_by_node(context, v), inside))
    zones.size[zone] += 1
    if zones.head[zone] < 0:
        zones.head[zone] = zones.after[v] = zones.before[v] = v
    else:
        join(zones, v, zone)


@inner
def stays_whole(context: Context, v: int) -> bool:
    """Whether the zone of a node would hold together without it: one neighbour must reach all others. Changes nothing but the walk.

    Never true of a zone that would fall apart; may be false of one that would not, where the proof would take too long.
    """
    edges, label, walk = context.net.edges, context.zones.label, context.walk
    zone = label[v]
    walk.number[0] += 1
    number = walk.number[0]
    wanted = 0
    first = -1
    for e in range(edges.start[v], edges.start[v + 1]):
        u = edges.near[e]
        if label[u] == zone:
            wanted += 1
            walk.stamp[u] = -number
            first = u
    if wanted <= 1:
        return True
    # counts as reached, so that no walk leads through it
    walk.stamp[v] = number
    walk.stamp[first] = number
    walk.queue[0] = first
    return _reaches(context, wanted - 1)


@inner
def _reaches(context: Context, wanted: int) -> bool:
    """Whether a walk from the node in the queue, inside its zone, comes by this many nodes that bear its number with a minus."""
    edges, label, walk = context.net.edges, context.zones.label, context.walk
    number = walk.number[0]
    zone = label[walk.queue[0]]
    done, waiting, ends = 0, 1, 0
    while done < waiting and ends < DETOUR_ENDS:
        x = walk.queue[done]
        done += 1
        ends += edges.start[x + 1] - edges.start[x]
        for e in range(edges.start[x], edges.start[x + 1]):
            u = edges.near[e]
            if label[u] == zone and walk.stamp[u] != number:
                wanted -= walk.stamp[u] == -number
                if wanted == 0:
                    # most walks end here, after a few nodes: neighbours of a node are mostly neighbours of each other
                    return True
                walk.stamp[u] = number
                walk.queue[waiting] = u
                waiting += 1
    return False

"""Simulated annealing in windows of the canonical order, so small that they stay in a processor's cache."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Floats, Ints, inlined, lean
from gridgeo.partition.engine.bookkeeping import draw, enlist
from gridgeo.partition.engine.context import Context, Proposal
from gridgeo.partition.engine.dissolve_zone import dissolve
from gridgeo.partition.engine.flip import flip
from gridgeo.partition.engine.recombine import recombine

WINDOW = 1024
LEAST_PROPOSALS = 64
"""Proposals a window gets at each temperature even if it is tiny."""

CHILL = -np.log((np.arange(4096) + 0.5) / 4096)
"""How many times the temperature the price may rise, for each of 4,096 equally likely numbers (Metropolis): a logarithm looked up
takes a tenth of the time of one reckoned."""


class Odds(NamedTuple):
    """Below which of 65,536 equally likely numbers two zones are recombined, one is split, one is dissolved.

    The bounds ascend, and each kind lies between its own and the one before. All other proposals flip a node.
    """

    recombine: int
    split: int
    dissolve: int


class CoolingSchedule(NamedTuple):
    """Temperatures in turn [price]; proposals for each node at each of them; and what is proposed."""

    heats: Floats
    sweeps: float
    odds: Odds
    chill: Floats


class Climate(NamedTuple):
    """What holds at one temperature of a schedule."""

    heat: float
    odds: Odds
    chill: Floats


@lean
def anneal(context: Context, nodes: Ints, schedule: CoolingSchedule) -> None:
    """Improve the labels in place, at falling temperatures, with moves that start at the nodes listed.

    Only labels and chance are read of what the context changes; all else in it is made anew, so that all invariants hold before the
    first move and after each. Windows of the list lie elsewhere at each temperature, so that no border between them is special.
    """
    enlist(context)
    n = len(nodes)
    for heat in schedule.heats:
        climate = Climate(heat, schedule.odds, schedule.chill)
        low = -draw(context.chance, WINDOW) if n > WINDOW else 0
        while low < n:
            first, last = max(low, 0), min(low + WINDOW, n)
            for _ in range(max(int(schedule.sweeps * (last - first)), LEAST_PROPOSALS)):
                _propose(context, nodes[first + draw(context.chance, last - first)], climate)
            low += WINDOW


@inlined
def _propose(context: Context, v: int, climate: Climate) -> None:
    """Draw a move at a node, and make it if it pays or the heat allows it (Metropolis)."""
    start, odds = context.net.edges.start, climate.odds
    if start[v + 1] == start[v]:
        return
    # one draw for both: its upper bits choose the kind, its lower ones what is allowed
    dice = draw(context.chance, 1 << 28)
    kind, allowed = dice >> 12, climate.heat * climate.chill[dice & 4095]
    u = _random_neighbour(context, v)
    if kind >= odds.dissolve:
        if u >= 0:
            flip(context, Proposal(v, u, allowed))
    elif kind >= odds.split:
        dissolve(context, Proposal(v, -1, allowed))
    elif kind >= odds.recombine:
        recombine(context, Proposal(v, -1, allowed))
    elif u >= 0:
        recombine(context, Proposal(v, u, allowed))


@inlined
def _random_neighbour(context: Context, v: int) -> int:
    """A neighbour at random, or -1 if that lies in the same zone: so every piece of border has the same chance."""
    edges, label = context.net.edges, context.zones.label
    u = edges.near[edges.start[v] + draw(context.chance, edges.start[v + 1] - edges.start[v])]
    return u if label[u] != label[v] else -1

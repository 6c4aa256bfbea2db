"""Land shut in by barriers that holds too few households for a zone of its own."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from gridgeo.coverage.precision import Flags, Ints
from gridgeo.division.borders import Edges, components, longest
from gridgeo.division.reasons import Note
from gridgeo.messages import say
from gridgeo.model.loads import amount
from gridgeo.model.scheme import Scheme


@dataclass(frozen=True)
class Pockets:
    """What became of the parts of a community's land that no passable border joins.

    Parameters
    ----------
    edges
        Borders that a zone may cross.
    searched
        Cells that take part in the search; the others are attached afterwards.
    component
        Number of the joined land of each cell, -1 for cells that are no household land.
    total
        What the joined land of each cell holds [units of the load].
    joined
        Position of a cell of each pocket that was joined across a barrier, the one that holds most, and what the pocket holds.
    """

    edges: Edges
    searched: Flags
    component: Ints
    total: Ints
    joined: tuple[tuple[int, int], ...]

    def notes(self, cells: gpd.GeoDataFrame, scheme: Scheme) -> list[Note]:
        """One note for each pocket with a load that was joined across a barrier."""
        names, members = cells.index, cells["members"].to_numpy(dtype=object)
        return [
            Note(
                "pocket_joined",
                "warning",
                str(names[at]),
                say("pocket_joined", amount=amount(scheme.finest.load, load), building=members[at][0].building),
            )
            for at, load in self.joined
        ]


def join_pockets(edges: Edges, load: Ints, core: Flags, leaf: Flags, scheme: Scheme) -> Pockets:
    """Join land that holds less than a coarsest zone to the land beyond the barrier that it has most of, until all holds enough.

    Where only water or railway land lies around a pocket with households, that becomes ordinary land: a zone that reaches across
    has to hold what lies between, or it would be in two parts.

    Parameters
    ----------
    edges
        Borders among household land and leaves.
    load
        What the tiers balance, of each cell.
    core
        Cells that are household land.
    leaf
        Cells that are water or railway land.
    """
    low = scheme.tiers[0].low
    land, core = core, core.copy()
    passable = edges.passable & core[edges.a] & core[edges.b]
    shut_in = components(len(load), edges.keep(passable))
    while True:
        component = components(len(load), edges.keep(passable))
        total = np.bincount(component, load, len(load)).astype(np.int64)
        small = core & (total[component] < low)
        a, b = component[edges.a], component[edges.b]
        pocket, partner = _partners(edges, (a, b), small, core)
        if len(pocket):
            passable |= _between((a, b), pocket, partner, core[edges.a] & core[edges.b])
            continue
        pocket, partner = _partners(edges, (a, b), small & (total[component] > 0), leaf & ~core)
        if not len(pocket):
            break
        core |= np.isin(component, partner) & leaf
        passable |= _between((a, b), pocket, partner, core[edges.a] & core[edges.b])
    searched = core & _worth_searching(total[component], core, scheme)
    inner = edges.keep(passable)
    joined = _joined(shut_in, component, load, land, low)
    return Pockets(inner, searched, np.where(core, component, -1), np.where(core, total[component], 0), joined)


def _joined(before: Ints, after: Ints, load: Ints, land: Flags, low: int) -> tuple[tuple[int, int], ...]:
    """Pockets as barriers make them that hold something, but too little, and are joined to other land: as `Pockets` has them.

    Each is told for itself, however many others it was joined to on the way, and whether over a railway or through water.
    """
    total = np.bincount(before, load, len(load)).astype(np.int64)
    size, grown = np.bincount(before, land, len(load)), np.bincount(after, land, len(load))
    pocket = land & (total[before] > 0) & (total[before] < low) & (grown[after] > size[before])
    at = np.flatnonzero(pocket)
    at = at[np.lexsort((at, -load[at], before[at]))]
    at = at[np.unique(before[at], return_index=True)[1]]
    return tuple(zip(at.tolist(), total[before[at]].tolist(), strict=True))


def _partners(edges: Edges, ends: tuple[Ints, Ints], small: Flags, among: Flags) -> tuple[Ints, Ints]:
    """For each small component the component, of the cells allowed, with which it has the longest border."""
    a, b = ends
    one = (a != b) & small[edges.a] & among[edges.b]
    other = (a != b) & small[edges.b] & among[edges.a]
    return longest(
        np.concatenate([a[one], b[other]]),
        np.concatenate([b[one], a[other]]),
        np.concatenate([edges.shared_m[one], edges.shared_m[other]]),
    )


def _between(ends: tuple[Ints, Ints], pocket: Ints, partner: Ints, usable: Flags) -> Flags:
    """Edges between pockets and their partners."""
    a, b = ends
    goes = np.full(max(a.max(initial=0), b.max(initial=0)) + 1, -1)
    goes[pocket] = partner
    return usable & (a != b) & ((goes[a] == b) | (goes[b] == a))


def _worth_searching(total: Ints, core: Flags, scheme: Scheme) -> Flags:
    """Land that holds enough for a finest zone; the richest land if none does. What holds nothing is attached to what is there."""
    held = np.where(core, total, 0)
    return held >= max(1, min(scheme.finest.low, int(held.max(initial=0))))

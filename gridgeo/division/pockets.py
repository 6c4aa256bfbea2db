"""Land shut in by barriers that holds too few households for a zone of its own."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from gridgeo.division.borders import Edges, Flags, Ints, components, longest
from gridgeo.division.reasons import Note
from gridgeo.loads import amount
from gridgeo.messages import say
from gridgeo.scheme import Scheme


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
        Position of a cell of each pocket that was joined across a barrier, and what the pocket holds.
    """

    edges: Edges
    searched: Flags
    component: Ints
    total: Ints
    joined: tuple[tuple[int, int], ...]

    def notes(self, cells: gpd.GeoDataFrame, scheme: Scheme) -> list[Note]:
        """One note for each pocket with a load that was joined across a barrier."""
        return [
            Note("pocket_joined", "warning", str(cells.index[at]), say("pocket_joined", amount=held))
            for at, held in ((at, amount(scheme.finest.load, load)) for at, load in self.joined if load > 0)
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
    core = core.copy()
    passable = edges.passable & core[edges.a] & core[edges.b]
    joined: list[tuple[int, int]] = []
    while True:
        component = components(len(load), edges.keep(passable))
        total = np.bincount(component, load, len(load)).astype(np.int64)
        small = core & (total[component] < low)
        a, b = component[edges.a], component[edges.b]
        pocket, partner = _partners(edges, (a, b), small, core)
        if len(pocket):
            passable |= _between((a, b), pocket, partner, core[edges.a] & core[edges.b])
            joined += zip(_first_cells(component, pocket).tolist(), total[pocket].tolist(), strict=True)
            continue
        pocket, partner = _partners(edges, (a, b), small & (total[component] > 0), leaf & ~core)
        if not len(pocket):
            break
        core |= np.isin(component, partner) & leaf
        passable |= _between((a, b), pocket, partner, core[edges.a] & core[edges.b])
    searched = core & _worth_searching(total[component], core, scheme)
    inner = edges.keep(passable)
    return Pockets(inner, searched, np.where(core, component, -1), np.where(core, total[component], 0), tuple(joined))


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
    """Land that holds enough for a finest zone; the richest land if none does."""
    enough = total >= max(1, scheme.finest.low)
    return enough if enough[core].any() else total == total[core].max(initial=0)


def _first_cells(component: Ints, wanted: Ints) -> Ints:
    numbers, first = np.unique(component, return_index=True)
    return first[np.searchsorted(numbers, wanted)]

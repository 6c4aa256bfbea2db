"""Land shut in by barriers that holds too few households for a zone of its own."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from gridgeo.division.borders import Edges, Flags, Ints, components, longest
from gridgeo.division.reasons import Note
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
        Households of the joined land of each cell.
    joined
        Position of a cell of each pocket that was joined across a barrier, and the households of the pocket.
    """

    edges: Edges
    searched: Flags
    component: Ints
    total: Ints
    joined: tuple[tuple[int, int], ...]

    def notes(self, cells: gpd.GeoDataFrame) -> list[Note]:
        """One note for each pocket with households that was joined across a barrier."""
        return [
            Note("pocket_joined", "warning", str(cells.index[at]), say("pocket_joined", households=load))
            for at, load in self.joined
            if load > 0
        ]


def join_pockets(edges: Edges, load: Ints, core: Flags, scheme: Scheme) -> Pockets:
    """Join land that holds less than a coarsest zone to the land beyond the barrier that it has most of, until all holds enough.

    Parameters
    ----------
    edges
        Borders among household land.
    load
        Households of each cell.
    core
        Cells that are household land.
    """
    low = scheme.tiers[0].low
    passable = edges.passable.copy()
    joined: list[tuple[int, int]] = []
    while True:
        component = components(len(load), edges.keep(passable))
        total = np.bincount(component, load, len(load)).astype(np.int64)
        small = total[component] < low
        across = np.flatnonzero((component[edges.a] != component[edges.b]) & (small[edges.a] | small[edges.b]))
        if not len(across):
            break
        ends = np.concatenate([component[edges.a[across]], component[edges.b[across]]])
        others = np.concatenate([component[edges.b[across]], component[edges.a[across]]])
        metres = np.tile(edges.shared_m[across], 2)
        short = total[ends] < low
        pocket, partner = longest(ends[short], others[short], metres[short])
        goes = np.full(len(load), -1)
        goes[pocket] = partner
        a, b = component[edges.a], component[edges.b]
        passable |= (a != b) & ((goes[a] == b) | (goes[b] == a))
        first = _first_cells(component, pocket)
        joined += zip(first.tolist(), total[pocket].tolist(), strict=True)
    searched = core & _worth_searching(total[component], core, scheme)
    return Pockets(
        edges.keep(passable),
        searched,
        np.where(core, component, -1),
        np.where(core, total[component], 0),
        tuple(joined),
    )


def _worth_searching(total: Ints, core: Flags, scheme: Scheme) -> Flags:
    """Land that holds enough for a finest zone; the richest land if none does."""
    enough = total >= max(1, scheme.finest.low)
    return enough if enough[core].any() else total == total[core].max()


def _first_cells(component: Ints, wanted: Ints) -> Ints:
    numbers, first = np.unique(component, return_index=True)
    return first[np.searchsorted(numbers, wanted)]

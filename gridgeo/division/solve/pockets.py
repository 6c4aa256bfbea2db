"""Land shut in by barriers that holds too few households for a zone of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Flags, Ints
from gridgeo.division.solve.border_prices import PricedBorders, longest
from gridgeo.model import Scheme


@dataclass(frozen=True)
class Pockets:
    """What became of the parts of a community's land that no passable border joins.

    Parameters
    ----------
    edges
        Borders that a zone may cross.
    searched
        Cells that take part in the search; the others are attached afterwards.
    total
        What the joined land of each cell holds [units of the load]; 0 for cells that are no household land.
    joined
        Position of a cell of each pocket that was joined across a barrier, the one that holds most, and what the pocket holds.
    """

    edges: PricedBorders
    searched: Flags
    total: Ints
    joined: tuple[tuple[int, int], ...]


class OpenLand(NamedTuple):
    """Cells that are no institution's and in no kept zone.

    Parameters
    ----------
    load
        What the tiers balance, of each cell.
    core
        Cells that are household land.
    leaf
        Cells that are water or railway land.
    """

    load: Ints
    core: Flags
    leaf: Flags


def join_pockets(edges: PricedBorders, land: OpenLand, scheme: Scheme) -> Pockets:
    """Join land that holds less than a coarsest zone to the land beyond the barrier that it has most of, until all holds enough.

    Where only water or railway land lies around a pocket with households, that becomes ordinary land: a zone that reaches across
    has to hold what lies between, or it would be in two parts.

    Parameters
    ----------
    edges
        Borders among the cells of open land.
    """
    low, load, leaf = scheme.tiers[0].low, land.load, land.leaf
    core = land.core.copy()
    passable = edges.passable & core[edges.a] & core[edges.b]
    shut_in = edges.keep(passable).components(len(load))
    while True:
        component = edges.keep(passable).components(len(load))
        total = np.bincount(component, load, len(load)).astype(np.int64)
        small = core & (total[component] < low)
        joins = _partners(edges, component, (small, core))
        if not len(joins.pocket):
            joins = _partners(edges, component, (small & (total[component] > 0), leaf & ~core))
            if not len(joins.pocket):
                break
            core |= np.isin(component, joins.partner) & leaf
        passable |= _between(edges, component, joins) & core[edges.a] & core[edges.b]
    searched = core & _worth_searching(total[component], core, scheme)
    joined = _joined(shut_in, component, land, low=low)
    return Pockets(edges.keep(passable), searched, np.where(core, total[component], 0), joined)


def _joined(before: Ints, after: Ints, land: OpenLand, *, low: int) -> tuple[tuple[int, int], ...]:
    """Pockets as barriers make them that hold something, but too little, and are joined to other land: as `Pockets` has them.

    Each is told for itself, however many others it was joined to on the way, and whether over a railway or through water.
    """
    load, n = land.load, len(land.load)
    total = np.bincount(before, load, n).astype(np.int64)
    size, grown = np.bincount(before, land.core, n), np.bincount(after, land.core, n)
    pocket = land.core & (total[before] > 0) & (total[before] < low) & (grown[after] > size[before])
    at = np.flatnonzero(pocket)
    at = at[np.lexsort((at, -load[at], before[at]))]
    at = at[np.unique(before[at], return_index=True)[1]]
    return tuple(zip(at.tolist(), total[before[at]].tolist(), strict=True))


class _Joins(NamedTuple):
    """Components, and for each the one that it is joined to."""

    pocket: Ints
    partner: Ints


def _partners(edges: PricedBorders, component: Ints, cells: tuple[Flags, Flags]) -> _Joins:
    """For each small component the component with which it has the longest border.

    Parameters
    ----------
    cells
        Those of small components, and those that a partner's border may be with.
    """
    small, among = cells
    a, b = component[edges.a], component[edges.b]
    one = (a != b) & small[edges.a] & among[edges.b]
    other = (a != b) & small[edges.b] & among[edges.a]
    found = longest(
        np.concatenate([a[one], b[other]]),
        np.concatenate([b[one], a[other]]),
        np.concatenate([edges.shared_m[one], edges.shared_m[other]]),
    )
    return _Joins(*found)


def _between(edges: PricedBorders, component: Ints, joins: _Joins) -> Flags:
    """Borders between pockets and their partners."""
    a, b = component[edges.a], component[edges.b]
    goes = np.full(len(component), -1)
    goes[joins.pocket] = joins.partner
    between: Flags = (a != b) & ((goes[a] == b) | (goes[b] == a))
    return between


def _worth_searching(total: Ints, core: Flags, scheme: Scheme) -> Flags:
    """Land that holds enough for a finest zone; the richest land if none does. What holds nothing is attached to what is there."""
    held = np.where(core, total, 0)
    return held >= max(1, min(scheme.finest.low, int(held.max(initial=0))))

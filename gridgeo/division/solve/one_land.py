"""One community, or a given zone of it: its cells to parts of every tier."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridgeo.coverage import Flags, Ints
from gridgeo.division.solve.attached import attach, with_attached
from gridgeo.division.solve.border_prices import PricedBorders, priced_borders
from gridgeo.division.solve.lands import LandCells
from gridgeo.division.solve.obstacles import ObstacleCells, obstacle_cells
from gridgeo.division.solve.pockets import OpenLand, Pockets, join_pockets
from gridgeo.division.solve.tiers import Search, SearchedLand, lean_of, limits_of, search_tiers, with_shape
from gridgeo.model import Scheme, is_dedicated
from gridgeo.partition import Effort, Evenness, Obstacle, Shape, budget_for, made_even

Texts = npt.NDArray[np.str_]


class LandParts(NamedTuple):
    """How land is divided, by position of its cells.

    Parameters
    ----------
    tiers
        Number of the part of each cell, unique in the land; for each tier by name.
    dedicated
        Whether the cell's finest zone is an institution's.
    pocket_load
        What the land holds from which no barrier was crossed [units of the tiers' load]; 0 for what is no household land.
    obstacles
        For each tier by name.
    joined
        Pockets that were joined across a barrier, as `Pockets` has them.
    """

    tiers: dict[str, Ints]
    dedicated: Flags
    pocket_load: Ints
    obstacles: dict[str, ObstacleCells]
    joined: tuple[tuple[int, int], ...]


class AskedLand(NamedTuple):
    """What is asked of the search, and what is kept out of it.

    Parameters
    ----------
    edges
        All borders.
    owner
        Id of the institution whose zone each cell is, empty for the others.
    pockets
        What became of land behind barriers.
    searched
        What the solver is given.
    """

    edges: PricedBorders
    owner: Texts
    pockets: Pockets
    searched: SearchedLand


def asked_land(cells: LandCells, scheme: Scheme) -> AskedLand:
    """What of some land is searched, with institutions and what is attached last taken out, and pockets joined."""
    edges = priced_borders(cells, scheme.prefer)
    owner = _owners(cells.kept, cells.institution, scheme)
    institution = owner != ""
    fixed = _fixed_numbers(cells.kept, institution)
    kept = fixed >= 0
    free = ~institution & ~kept
    pockets = join_pockets(
        edges.among(free), OpenLand(cells.load, free & ~cells.attached, free & cells.attached), scheme
    )
    searched = pockets.searched | kept
    shape = Shape(cells.area_m2, cells.outline_m, edges.a, edges.b, edges.shared_m)
    shape = with_attached(shape, edges, searched, closed=institution | kept)
    ways = pockets.edges.and_also(edges.keep(_beside(edges, kept, searched & ~cells.attached)))
    land = SearchedLand(cells.load, cells.more, cells.compound, fixed, shape, ways, searched)
    return AskedLand(edges, owner, pockets, land)


def parts_of_land(asked: AskedLand, scheme: Scheme, search: Search, *, certain: list[Obstacle]) -> LandParts:
    """Divide land into parts of every tier.

    Parameters
    ----------
    certain
        As `certain_obstacles` gives them.
    """
    land, edges, institution = asked.searched, asked.edges, asked.owner != ""
    searched = land.searched
    nothing = [np.full(len(searched), -1) for _ in scheme]
    solved = search_tiers(land, scheme, search) if searched.any() else nothing
    finest = _with_all_land(asked, solved)
    # What touches nothing but an institution is attached to it, and the zone is dedicated all the same.
    dedicated = np.isin(finest, finest[institution])
    zones = _Zones(finest, dedicated, edges)
    tiers = {
        tier.name: _coarser(
            zones, labels, searched, above=scheme.depth(tier.name) < scheme.depth(scheme.dedicated.name)
        )
        for tier, labels in zip(scheme.tiers[:-1], solved[:-1], strict=True)
    }
    obstacles = obstacle_cells(land, scheme, certain=certain, free=not search.keep_compounds)
    tiers[scheme.finest.name] = finest
    return LandParts(tiers, dedicated, asked.pockets.total, obstacles, asked.pockets.joined)


def effort_within(seconds: float, cells: LandCells, scheme: Scheme) -> Effort:
    """The steps that take about so many seconds for this land on this machine."""
    graph = asked_land(cells, scheme).searched.graph()
    return budget_for(graph, with_shape(limits_of(scheme), graph), seconds)


def evenness_of(cells: LandCells, scheme: Scheme) -> Evenness | None:
    """How sizes and number of the finest zones are weighed against the borders of this land, whatever the start of chance."""
    graph = asked_land(cells, scheme).searched.graph()
    return made_even(graph, limits_of(scheme)[0], seed=0, lean=lean_of(scheme.prefer)).even


class _Zones(NamedTuple):
    """Finest zones: the number of each cell's, whether it is dedicated, and all borders."""

    finest: Ints
    dedicated: Flags
    edges: PricedBorders


def _with_all_land(asked: AskedLand, solved: list[Ints]) -> Ints:
    """Finest zones of all cells: those that were solved, those of institutions, and what is attached to them."""
    searched, edges, institution = asked.searched.searched, asked.edges, asked.owner != ""
    labels = np.where(searched, solved[-1], -1)
    labels = np.where(institution, _hanging_together(asked.owner, edges) + len(labels), labels)
    closed, inside = institution | (asked.searched.fixed >= 0), edges
    for above in solved[:-1]:
        # Land that is attached lies in the coarse zone that it borders most, and there in the finer one that it borders most.
        whole = attach(np.where(institution, labels, np.where(searched, above, -1)), inside, closed=closed)
        inside = inside.keep(whole[inside.a] == whole[inside.b])
    return attach(labels, inside, closed=closed)


def _coarser(zones: _Zones, labels: Ints, searched: Flags, *, above: bool) -> Ints:
    """Parts of a coarser tier: what was attached to a finest zone goes with it.

    Parameters
    ----------
    labels
        Parts of the tier, where it was searched.
    above
        Whether the tier is above the one at which dedicated zones stand.
    """
    finest, dedicated, edges = zones
    of_zone = pd.Series(labels[searched], index=finest[searched]).groupby(level=0).first()
    # A zone that was not searched (an institution, a pocket by itself) stands for itself; numbers above all searched ones.
    whole = pd.Series(finest).map(of_zone).to_numpy(dtype=float, copy=True)
    alone = np.isnan(whole)
    whole[alone] = finest[alone] + 2 * len(finest)
    part = whole.astype(np.int64)
    if not above:
        return part
    # Above the tier at which it stands, a dedicated zone lies in the neighbour with the longest common border.
    _, first, zone = np.unique(finest, return_index=True, return_inverse=True)
    seat = np.where(dedicated, first[zone], np.arange(len(finest)))
    whole_zones = replace(edges, a=seat[edges.a], b=seat[edges.b])
    return attach(np.where(dedicated, -1, part), whole_zones, closed=np.zeros(len(finest), dtype=bool))[seat]


def _beside(edges: PricedBorders, fixed: Flags, among: Flags) -> Flags:
    """Borders of kept zones that the zone above may cross."""
    return edges.passable & (fixed[edges.a] | fixed[edges.b]) & among[edges.a] & among[edges.b]


def _owners(kept: pd.Series, institution: pd.Series, scheme: Scheme) -> Texts:
    """Id of the institution whose zone each cell is, also of what its kept zone holds besides; empty for none."""
    dedicated = (kept != "") & is_dedicated(kept, scheme.finest)
    own = institution.astype("object")
    own[dedicated] = own[dedicated].fillna(own[dedicated].groupby(kept[dedicated]).transform("first"))
    return own.where(own.notna(), "").to_numpy(dtype=str)


def _fixed_numbers(kept: pd.Series, institution: Flags) -> Ints:
    """A number for each kept finest zone of household land, -1 for all other cells."""
    fixed = (kept != "").to_numpy(dtype=bool) & ~institution
    numbers = np.full(len(kept), -1)
    numbers[fixed] = np.unique(kept[fixed].to_numpy(dtype=str), return_inverse=True)[1]
    return numbers


def _hanging_together(owner: Texts, edges: PricedBorders) -> Ints:
    """Zones of institutions: cells of one institution that hang together."""
    return edges.keep((owner[edges.a] == owner[edges.b]) & (owner[edges.a] != "")).components(len(owner))

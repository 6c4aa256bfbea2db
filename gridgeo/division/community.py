"""One community, or a given zone of it: its cells to parts of every tier."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from gridgeo.coverage.precision import Flags, Ints
from gridgeo.division.borders import Edges, components, edges_of
from gridgeo.division.ground import Tell
from gridgeo.division.kept import fixed_numbers, owners
from gridgeo.division.leaves import attach, with_attached
from gridgeo.division.obstacles import certain_obstacles, foretold, obstacles
from gridgeo.division.pockets import Pockets, join_pockets
from gridgeo.division.reasons import Note
from gridgeo.division.search import Land, Options, graph_of, limits_of, search, with_shape
from gridgeo.model.scheme import Scheme
from gridgeo.partition import Effort, Shape, budget_for

Texts = npt.NDArray[np.str_]

LEAVES = ("water", "railway")
"""Kinds of cells that are attached last and never connect two others."""


def divide_community(
    code: str,
    cells: gpd.GeoDataFrame,
    borders: pd.DataFrame,
    kept: pd.Series,
    scheme: Scheme,
    options: Options,
    tell: Tell,
) -> tuple[pd.DataFrame, list[Note]]:
    """Divide the cells of one community, or of one given zone.

    Parameters
    ----------
    code
        Of the community, or of the given zone.
    cells
        In place order. Reads: kind, institution, compound, members, geometry and the loads of the scheme.
    borders
        Their adjacency: a, b, shared_m, across.
    kept
        Code of the finest zone of each cell that stays as it is, empty for the others.
    tell
        Called before the search with what no search can put within limits, if there is any.

    Returns
    -------
    parts
        Index of `cells`; a column a tier with the number of the cell's part, unique in the community; `pocket` (number of the land
        from which no barrier was crossed, -1 for what is no household land) and `pocket_load` [units of the tiers' load];
        `dedicated` (whether the cell's finest zone is an institution's); and the columns of `obstacles`.
    notes
        What was joined across a barrier.
    """
    asked = _prepare(cells, borders, kept, scheme)
    certain = certain_obstacles(asked.land, asked.ways, asked.searched, scheme)
    told = foretold(certain, asked.searched, scheme, cells.index, code)
    if told is not None:
        tell(told)
    edges, institution, searched = asked.edges, asked.owner != "", asked.searched
    if searched.any():
        solved = search(asked.land, asked.ways, searched, scheme, options)
    else:
        solved = [np.full(len(cells), -1) for _ in scheme]
    labels = np.where(searched, solved[-1], -1)
    labels = np.where(institution, _hanging_together(asked.owner, edges) + len(cells), labels)
    closed, inside = institution | (asked.land.fixed >= 0), edges
    for above in solved[:-1]:
        # Land that is attached lies in the coarse zone that it borders most, and there in the finer one that it borders most.
        whole = attach(np.where(institution, labels, np.where(searched, above, -1)), inside, closed=closed)
        inside = inside.keep(whole[inside.a] == whole[inside.b])
    labels = attach(labels, inside, closed=closed)
    # What touches nothing but an institution is attached to it, and the zone is dedicated all the same.
    dedicated = np.isin(labels, labels[institution])
    parts = _tiers(labels, solved, searched, dedicated, edges, scheme).set_index(cells.index)
    parts = parts.assign(pocket=asked.pockets.component, pocket_load=asked.pockets.total, dedicated=dedicated)
    stuck = obstacles(asked.land, asked.ways, searched, solved, scheme, cells.index, certain)
    return parts.join(stuck), asked.pockets.notes(cells, scheme)


def effort_within(
    seconds: float, cells: gpd.GeoDataFrame, borders: pd.DataFrame, kept: pd.Series, scheme: Scheme
) -> Effort:
    """The steps that take about so many seconds for this community on this machine; others as `divide_community`."""
    asked = _prepare(cells, borders, kept, scheme)
    graph = graph_of(asked.land, asked.ways, asked.searched)
    return budget_for(graph, with_shape(limits_of(scheme), graph), seconds)


class _Asked(NamedTuple):
    """What is asked of the search, and what is kept out of it.

    Parameters
    ----------
    edges
        All borders.
    ways
        Borders that a zone may cross.
    owner
        Id of the institution whose zone each cell is, empty for the others.
    searched
        Cells that take part in the search.
    pockets
        What became of land behind barriers.
    land
        What the cells hold.
    """

    edges: Edges
    ways: Edges
    owner: Texts
    searched: Flags
    pockets: Pockets
    land: Land


def _prepare(cells: gpd.GeoDataFrame, borders: pd.DataFrame, kept: pd.Series, scheme: Scheme) -> _Asked:
    edges = edges_of(cells, borders, scheme.prefer)
    owner = owners(kept, cells["institution"], scheme)
    institution = owner != ""
    fixed = fixed_numbers(kept, institution)
    free = ~institution & (fixed < 0)
    water = cells["kind"].isin(LEAVES).to_numpy(dtype=bool)
    leaf = free & water
    core = free & ~leaf
    load = _figures(cells, scheme.finest.load)
    pockets = join_pockets(edges.among(core | leaf), load, core, leaf, scheme)
    searched = pockets.searched | (fixed >= 0)
    shape = with_attached(_shape(cells, edges), edges, searched, closed=institution | (fixed >= 0))
    land = Land(load, _second(cells, scheme), _numbers(cells["compound"]), fixed, shape)
    ways = pockets.edges.and_also(edges.keep(_beside(edges, fixed >= 0, searched & ~water)))
    return _Asked(edges, ways, owner, searched, pockets, land)


def _shape(cells: gpd.GeoDataFrame, edges: Edges) -> Shape:
    return Shape(cells.area.to_numpy(), cells.length.to_numpy(), edges.a, edges.b, edges.shared_m)


def _beside(edges: Edges, fixed: Flags, among: Flags) -> Flags:
    """Borders of kept zones that the zone above may cross."""
    return edges.passable & (fixed[edges.a] | fixed[edges.b]) & among[edges.a] & among[edges.b]


def _figures(cells: gpd.GeoDataFrame, load: str) -> Ints:
    return cells[load].fillna(0).to_numpy(dtype=np.int64)


def _second(cells: gpd.GeoDataFrame, scheme: Scheme) -> Ints | None:
    loads = [tier.also.load for tier in scheme if tier.also is not None]
    return _figures(cells, loads[0]) if loads else None


def _numbers(names: pd.Series) -> Ints:
    """A number for each name, in the order of names; -1 for none."""
    return pd.Categorical(names.astype("object")).codes.astype(np.int64)


def _hanging_together(owner: Texts, edges: Edges) -> Ints:
    """Zones of institutions: cells of one institution that hang together."""
    return components(len(owner), edges.keep((owner[edges.a] == owner[edges.b]) & (owner[edges.a] != "")))


def _tiers(
    finest: Ints,
    solved: list[Ints],
    searched: Flags,
    dedicated: Flags,
    edges: Edges,
    scheme: Scheme,
) -> pd.DataFrame:
    """Parts of every tier, coarse to fine: what was attached to a finest zone goes with it into the coarser ones."""
    parts = {scheme.finest.name: finest}
    first = np.unique(finest, return_index=True, return_inverse=True)
    seat = np.where(dedicated, first[1][first[2]], np.arange(len(finest)))
    whole_zones = replace(edges, a=seat[edges.a], b=seat[edges.b])
    for tier, labels in zip(scheme.tiers[:-1], solved[:-1], strict=True):
        of_zone = pd.Series(labels[searched], index=finest[searched]).groupby(level=0).first()
        # A zone that was not searched (an institution, a pocket by itself) stands for itself; numbers above all searched ones.
        whole = pd.Series(finest).map(of_zone).to_numpy(dtype=float, copy=True)
        alone = np.isnan(whole)
        whole[alone] = finest[alone] + 2 * len(finest)
        part = whole.astype(np.int64)
        if scheme.depth(tier.name) < scheme.depth(scheme.dedicated.name):
            # Above the tier at which it stands, a dedicated zone lies in the neighbour with the longest common border.
            part = attach(np.where(dedicated, -1, part), whole_zones, closed=np.zeros(len(finest), dtype=bool))[seat]
        parts[tier.name] = part
    return pd.DataFrame({name: parts[name] for name in scheme.names})

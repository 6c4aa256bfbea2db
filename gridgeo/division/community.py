"""One community: its cells to parts of every tier."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from gridgeo.division.borders import Edges, components, edges_of
from gridgeo.division.leaves import attach
from gridgeo.division.pockets import join_pockets
from gridgeo.division.reasons import Note
from gridgeo.partition import Graph, Limits, solve
from gridgeo.scheme import Scheme, Tier

Ints = npt.NDArray[np.int64]

LEAVES = ("water", "railway")
"""Kinds of cells that are attached last and never connect two others."""


def divide_community(
    cells: gpd.GeoDataFrame, borders: pd.DataFrame, scheme: Scheme, *, seed: int, effort: str
) -> tuple[pd.DataFrame, list[Note]]:
    """Divide the cells of one community.

    Parameters
    ----------
    cells
        In place order. Reads: kind, institution, households, n_unknown.
    borders
        Their adjacency: a, b, shared_m, across.

    Returns
    -------
    parts
        Index of `cells`; a column a tier with the number of the cell's part, unique in the community; `pocket` (number of the land
        from which no barrier was crossed, -1 for what is no household land) and `pocket_load` [households].
    notes
        What was joined across a barrier.
    """
    edges = edges_of(cells, borders)
    institution = cells["institution"].notna().to_numpy()
    leaf = ~institution & cells["kind"].isin(LEAVES).to_numpy()
    core = ~institution & ~leaf
    if not core.any():
        # A community that is all water or all institution still needs a zone.
        core = leaf.copy() if leaf.any() else np.ones(len(cells), dtype=bool)
        institution &= ~core
    load = _load(cells, scheme.finest)
    pockets = join_pockets(edges.among(core | leaf), load, core, leaf, scheme)
    solved = _solve(load, pockets.edges, pockets.searched, scheme, seed=seed, effort=effort)
    dedicated = _dedicated(cells, edges, institution)
    labels = np.where(pockets.searched, solved[-1], -1)
    labels = np.where(institution, dedicated + len(cells), labels)
    labels = attach(labels, edges, closed=institution)
    parts = _tiers(labels, solved, pockets.searched, institution, edges, scheme)
    return parts.set_index(cells.index).assign(pocket=pockets.component, pocket_load=pockets.total), pockets.notes(
        cells
    )


def _load(cells: gpd.GeoDataFrame, tier: Tier) -> Ints:
    return cells[tier.load].fillna(0).to_numpy(dtype=np.int64)


def _solve(
    load: Ints, edges: Edges, searched: npt.NDArray[np.bool_], scheme: Scheme, *, seed: int, effort: str
) -> list[Ints]:
    """Parts of every tier, coarse to fine, of the cells that are searched; -1 for the others."""
    at = np.flatnonzero(searched)
    place = np.full(len(load), -1)
    place[at] = np.arange(len(at))
    inner = edges.among(searched)
    graph = Graph(load[at], place[inner.a], place[inner.b], inner.price)
    limits = [Limits(tier.low, tier.high, tier.aim) for tier in reversed(scheme.tiers)]
    solution = solve(graph, limits, seed=seed, effort=effort)
    out = []
    for labels in reversed(solution.labels):
        whole = np.full(len(load), -1)
        whole[at] = labels
        out.append(whole)
    return out


def _dedicated(cells: gpd.GeoDataFrame, edges: Edges, institution: npt.NDArray[np.bool_]) -> Ints:
    """Zones of institutions: cells of one institution that hang together."""
    name = cells["institution"].astype("object").where(cells["institution"].notna(), "").to_numpy(dtype=str)
    same = edges.among(institution)
    same = same.keep(name[same.a] == name[same.b])
    return components(len(cells), same)


def _tiers(
    finest: Ints,
    solved: list[Ints],
    searched: npt.NDArray[np.bool_],
    institution: npt.NDArray[np.bool_],
    edges: Edges,
    scheme: Scheme,
) -> pd.DataFrame:
    """Parts of every tier, coarse to fine: what was attached to a finest zone goes with it into the coarser ones."""
    parts = {scheme.finest.name: finest}
    for tier, labels in zip(scheme.tiers[:-1], solved[:-1], strict=True):
        of_zone = pd.Series(labels[searched], index=finest[searched]).groupby(level=0).first()
        # A zone that was not searched (an institution, a pocket by itself) stands for itself; numbers above all searched ones.
        whole = pd.Series(finest).map(of_zone).to_numpy(dtype=float, copy=True)
        alone = np.isnan(whole)
        whole[alone] = finest[alone] + 2 * len(finest)
        part = whole.astype(np.int64)
        if scheme.depth(tier.name) < scheme.depth(scheme.dedicated.name):
            # Above the tier at which it stands, a dedicated zone lies in the neighbour with the longest common border.
            part = attach(np.where(institution, -1, part), edges, closed=np.zeros(len(finest), dtype=bool))
        parts[tier.name] = part
    return pd.DataFrame({name: parts[name] for name in scheme.names})

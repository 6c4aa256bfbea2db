"""Cells that several plans group, and what is worked out of them once, if it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.contiguity import HARD, adjacency
from gridgeo.coverage import Flags
from gridgeo.land import compounds_of, held_by_compounds, seats
from gridgeo.model import ATTACHED_KINDS, Plan, Site

_WHOLE = 0.99
"""A compound lies inside its community if this share of its land does: outlines are drawn a little beyond borders."""


@dataclass(frozen=True)
class CommonCells:
    """Cells without their codes, and the place that they are of.

    Parameters
    ----------
    cells
        Reads: community, block, kind, institution, members, geometry.
    """

    cells: gpd.GeoDataFrame
    site: Site

    @cached_property
    def borders(self) -> pd.DataFrame:
        """Adjacency of the cells: a, b, shared_m, across; `at`, `to` are the positions of a and b."""
        edges = adjacency(self.cells, self.site)
        at, to = (self.cells.index.get_indexer(edges[end]) for end in ("a", "b"))
        return edges.assign(at=at, to=to)

    @cached_property
    def leaf(self) -> Flags:
        """Cells of water and railway land."""
        return self.cells["kind"].isin(ATTACHED_KINDS).to_numpy(dtype=bool)

    @cached_property
    def built(self) -> Flags:
        """Cells with buildings."""
        return self.cells["members"].map(bool).to_numpy(dtype=bool)

    @cached_property
    def passable(self) -> pd.DataFrame:
        """Pairs of neighbours between which one can walk: at, to, walk_m (between a building, or a point, of each)."""
        edges = self.borders[~self.borders["across"].isin(HARD)].drop_duplicates(["at", "to"])
        edges = edges[~(self.leaf[edges["at"]] | self.leaf[edges["to"]])]
        walk_m = shapely.distance(self.seats[edges["at"]], self.seats[edges["to"]])
        return edges[["at", "to"]].assign(walk_m=walk_m)

    @cached_property
    def seats(self) -> npt.NDArray[np.object_]:
        """A point of each cell: inside its first building, or inside its land."""
        return seats(self.cells, self.site)

    @cached_property
    def homes(self) -> pd.DataFrame:
        """Compounds in which the homes of a cell lie, without those that leave the community: cell (position), compound."""
        compounds = compounds_of(self.site)
        held = held_by_compounds(self.cells, self.site, compounds)
        lived_in = self.built & self.cells["institution"].isna().to_numpy(dtype=bool)
        held = held.assign(community=self.cells["community"].to_numpy()[held["cell"]])[lived_in[held["cell"]]]
        lies = held[["compound", "community"]].drop_duplicates()
        land = self.site.communities.geometry.reindex(lies["community"]).to_numpy()
        own = compounds.geometry.reindex(lies["compound"]).to_numpy()
        inside = shapely.area(shapely.intersection(own, land)) >= _WHOLE * shapely.area(own)
        return held.loc[held["compound"].isin(lies.loc[inside, "compound"]), ["cell", "compound"]]


def common_cells(plans: Sequence[Plan]) -> list[CommonCells]:
    """The cells of each plan; plans over the same cells share them. Ids of cells come from content and place."""
    known: list[CommonCells] = []
    out = []
    for plan in plans:
        same = next((land for land in known if land.cells.index.equals(plan.cells.index)), None)
        if same is None:
            same = CommonCells(plan.cells, plan.site)
            known.append(same)
        out.append(same)
    return out

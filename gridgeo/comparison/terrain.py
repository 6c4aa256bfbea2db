"""What all plans over the same cells share, worked out once and only if it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.contiguity.rook import HARD, adjacency
from gridgeo.coverage.precision import Flags
from gridgeo.division.community import LEAVES
from gridgeo.division.compounds import compound_of, held_by_compounds
from gridgeo.land import compounds_of
from gridgeo.model.plan import Plan
from gridgeo.model.site import Site

_WHOLE = 0.99
"""A compound lies inside its community if this share of its land does: outlines are drawn a little beyond borders."""


@dataclass(frozen=True)
class Terrain:
    """Cells without their codes, and the place.

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
        return self.cells["kind"].isin(LEAVES).to_numpy(dtype=bool)

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
        points = self.cells.geometry.representative_point().to_numpy().copy()
        first = [members[0].building for members in self.cells["members"] if members]
        points[self.built] = shapely.point_on_surface(self.site.buildings.geometry.reindex(first).to_numpy())
        return points

    @cached_property
    def compound(self) -> pd.Series:
        """Compound of each cell, as the division sees it."""
        return compound_of(self.cells, self.site)

    @cached_property
    def homes(self) -> pd.DataFrame:
        """Compounds in which the homes of a cell lie, without those that leave the community: cell (position), compound."""
        held = held_by_compounds(self.cells, self.site)
        lived_in = self.built & self.cells["institution"].isna().to_numpy(dtype=bool)
        held = held.assign(community=self.cells["community"].to_numpy()[held["cell"]])[lived_in[held["cell"]]]
        lies = held[["compound", "community"]].drop_duplicates()
        land = self.site.communities.geometry.reindex(lies["community"]).to_numpy()
        own = compounds_of(self.site).geometry.reindex(lies["compound"]).to_numpy()
        inside = shapely.area(shapely.intersection(own, land)) >= _WHOLE * shapely.area(own)
        return held.loc[held["compound"].isin(lies.loc[inside, "compound"]), ["cell", "compound"]]


def terrains(plans: Sequence[Plan]) -> list[Terrain]:
    """The terrain of each plan; plans over the same cells share it. Ids of cells come from content and place."""
    known: list[Terrain] = []
    out = []
    for plan in plans:
        same = next((terrain for terrain in known if terrain.cells.index.equals(plan.cells.index)), None)
        if same is None:
            same = Terrain(plan.cells, plan.site)
            known.append(same)
        out.append(same)
    return out

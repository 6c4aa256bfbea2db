"""The verb cells: all land of each block to its nearest building."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.land.enclosing import INSTITUTION, LAND, RAILWAY, WATER
from gridgeo.land.holding import NOWHERE, Holding, hold
from gridgeo.land.institutions import building_under, posts_of
from gridgeo.land.items import Items, claims_of, whole_items
from gridgeo.land.lines import lines_of, shapes_of
from gridgeo.land.names import place_names, unique_names
from gridgeo.land.nearland import share_land
from gridgeo.land.planar import Ints, Shapes, noded_faces, polygon_at
from gridgeo.land.settle import settle
from gridgeo.land.towers import divided_items
from gridgeo.plan import Member
from gridgeo.site import Site


class _Held(NamedTuple):
    """Items by cell."""

    item: Ints
    """Rows of items, cell by cell in order of their ids; first those that no cell holds."""
    start: Ints
    """Items of cell k are item[start[k]] to item[start[k + 1]]."""

    def of(self, cell: int) -> list[int]:
        """Rows of the items of a cell."""
        return self.item[self.start[cell] : self.start[cell + 1]].tolist()


def cells(
    site: Site,
    blocks: gpd.GeoDataFrame,
    *,
    max_households: int | None = None,
    split_large: bool = False,
    along: gpd.GeoSeries | None = None,
) -> gpd.GeoDataFrame:
    """Give all land of each block to its nearest building, by the distance to the footprint.

    Overlapping footprints: the smallest owns the land. A building without land of its own, or of which no cell would
    hold more than half, is a member of a cell with others. Land of a block without buildings is a cell without
    members.

    Parameters
    ----------
    site
        Layers in metres; reads buildings (levels, units, households), unit_households, institutions.
    blocks
        What `blocks` gives. Reads: community, kind, institution, geometry.
    max_households
        Buildings above this are cut into their entrances, or ranges of floors; None: none is cut.
    split_large
        Cut also buildings that nothing tells how to cut, into equal parts.
    along
        Lines along which cells are cut, and footprints too; an end that hangs inside a block cuts nothing.

    Returns
    -------
    cells
        Exact coverage of `blocks` by single polygons, indexed by cell: id of the building whose land it is (of a
        part: its building's id, ``#`` and a number), or kind and a point inside [cm]. Columns: community, block,
        kind, institution, households (sum of the known figures), n_unknown (members without figure), members (tuple
        of Member), geometry.

    Raises
    ------
    LandError
        If outlines cannot be closed; `where` is a point nearby.
    """
    blocks = blocks.sort_index()
    land = np.asarray(blocks.geometry.array, dtype=object)
    items = divided_items(whole_items(site.buildings), site, land, max_households, split_large=split_large)
    regions, block_of_region = _regions(land, along)
    claims = claims_of(items)
    settled = settle(claims.shapes, claims.item, regions, np.arange(len(regions)))
    shares = share_land(settled, claims.shapes, claims.item)
    holding = hold(shares, items)
    block = block_of_region[settled.origin[holding.block]]
    return _table(site, blocks, holding, items, block)


def _regions(land: Shapes, along: gpd.GeoSeries | None) -> tuple[Shapes, Ints]:
    """Blocks as cut by given lines, and the block of each."""
    lines = lines_of(shapes_of(along.to_frame("geometry"))) if along is not None else land[:0]
    if len(lines) == 0:
        return land, np.arange(len(land))
    faces = noded_faces(np.concatenate([shapely.boundary(land), lines]))
    block = polygon_at(faces, land)
    return faces[block >= 0], block[block >= 0]


def _table(site: Site, blocks: gpd.GeoDataFrame, holding: Holding, items: Items, block: Ints) -> gpd.GeoDataFrame:
    geometry = holding.polygons
    held = _held(holding)
    kind = blocks["kind"].to_numpy(dtype=object)[block]
    built = held.start[1:] > held.start[:-1]
    kind[built & np.isin(kind, (WATER, RAILWAY))] = LAND
    institution = blocks["institution"].to_numpy(dtype=object)[block]
    for cell, name in _posted(site, holding, items, held):
        if kind[cell] != INSTITUTION:
            kind[cell], institution[cell] = INSTITUTION, name
    names = np.empty(len(geometry), dtype=object)
    names[built] = items.ids[held.item[held.start[:-1][built]]]
    names[~built] = place_names(kind[~built], geometry[~built])
    table = {
        "community": pd.array(blocks["community"].to_numpy()[block], dtype="string"),
        "block": pd.array(blocks.index.to_numpy()[block], dtype="string"),
        "kind": pd.array(kind, dtype="string"),
        "institution": pd.array(institution, dtype="string"),
        "households": pd.array(_sum_by_cell(holding, [m.households or 0 for m in items.members]), dtype="Int64"),
        "n_unknown": pd.array(_sum_by_cell(holding, [m.households is None for m in items.members]), dtype="Int64"),
        "members": pd.Series(_members(held, items), dtype=object).to_numpy(),
    }
    index = pd.Index(unique_names(names.tolist(), geometry), name="cell", dtype="str")
    return gpd.GeoDataFrame(table, index=index, geometry=geometry, crs=site.crs).sort_index()


def _sum_by_cell(holding: Holding, numbers: list[int]) -> Ints:
    """Sum over the items of each cell."""
    held = holding.cell_of != NOWHERE
    out = np.zeros(len(holding.polygons), dtype=np.int64)
    np.add.at(out, holding.cell_of[held], np.array(numbers, dtype=np.int64)[held])
    return out


def _held(holding: Holding) -> _Held:
    """Items of each cell."""
    item = np.argsort(holding.cell_of, kind="stable")
    cell = holding.cell_of[item]
    return _Held(item, np.searchsorted(cell, np.arange(len(holding.polygons) + 1)))


def _members(held: _Held, items: Items) -> list[tuple[Member, ...]]:
    """Members of each cell."""
    members = [items.members[k] for k in held.item.tolist()]
    return [tuple(members[start:end]) for start, end in pairwise(held.start.tolist())]


def _posted(site: Site, holding: Holding, items: Items, held: _Held) -> list[tuple[int, str]]:
    """Cells that an institution given as a point takes: the one of the building under it, if nobody else lives there."""
    posts = posts_of(site.layer("institutions"))
    post, item = building_under(posts, items.shapes)
    out = []
    for p, k in zip(post.tolist(), item.tolist(), strict=True):
        cell = int(holding.cell_of[k])
        if cell != NOWHERE and not any(_lives(items.members[other]) for other in held.of(cell) if other != k):
            out.append((cell, posts.ids[p]))
    return out


def _lives(member: Member) -> bool:
    return bool(member.households)

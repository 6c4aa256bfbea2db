"""The verb cells: all land of each block to its nearest building."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.barriers import lines_of, shapes_of
from gridgeo.coverage import Flags, Ints, Shapes, noded_faces, polygon_at
from gridgeo.land.enclosures.block_table import INSTITUTION, LAND, RAILWAY, WATER
from gridgeo.land.enclosures.crossing_footprints import settle
from gridgeo.land.inputs.institution_land import building_under, posts_of
from gridgeo.land.inputs.land_inputs import Survey
from gridgeo.land.inputs.member_footprints import Items, claims_of, whole_items
from gridgeo.land.inputs.place_names import place_names, unique_names
from gridgeo.land.tessellation.cell_members import NOWHERE, Holding, hold
from gridgeo.land.tessellation.linear_features import stretches
from gridgeo.land.towers.tower_parts import divided_items
from gridgeo.land.voronoi import Retried, share_land
from gridgeo.model.members import Member
from gridgeo.model.site import Site

RETRIED = "retried"
"""Attribute of the cells, if there are any such blocks: block, reason and place of each that could not be shared out at once."""


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
    survey: Survey | None = None,
) -> gpd.GeoDataFrame:
    """Give all land of each block to its nearest building, by the distance to the footprint.

    Overlapping footprints: the smallest owns the land. A building without land of its own, or of which no cell would
    hold more than half, is a member of a cell with others. Land of a block without buildings is a cell without
    members; where it is long and thin, several.

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
    survey
        What `surveyed` gives of the site, if it is known already.

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
    whole = survey.items if survey else whole_items(site.buildings)
    items = divided_items(whole, site, land, max_households, split_large=split_large)
    regions, block_of_region = _regions(land, along)
    claims = survey.claims if survey and items is whole else claims_of(items)
    settled = settle(claims.shapes, claims.item, regions, np.arange(len(regions)))
    shares = share_land(settled, claims.shapes, claims.item)
    holding = hold(shares, items)
    block = block_of_region[settled.origin[holding.block]]
    holding, block = _in_stretches(holding, block, blocks["kind"].to_numpy(dtype=object)[block] != INSTITUTION)
    table = _table(site, blocks, holding, items, block)
    if len(shares.retried.block):
        table.attrs[RETRIED] = _told(
            shares.retried, blocks.index[block_of_region[settled.origin[shares.retried.block]]]
        )
    return table


def _told(retried: Retried, blocks: pd.Index) -> list[tuple[str, str, str]]:
    """Block, reason and place of each block whose land could not be shared out at once."""
    places = [f"({x:.2f}, {y:.2f})" for x, y in retried.place]
    return list(zip(map(str, blocks), retried.way.tolist(), places, strict=True))


def _regions(land: Shapes, along: gpd.GeoSeries | None) -> tuple[Shapes, Ints]:
    """Blocks as cut by given lines, and the block of each."""
    lines = lines_of(shapes_of(along.to_frame("geometry"))) if along is not None else land[:0]
    if len(lines) == 0:
        return land, np.arange(len(land))
    faces = noded_faces(np.concatenate([shapely.boundary(land), lines]))
    block = polygon_at(faces, land)
    return faces[block >= 0], block[block >= 0]


def _in_stretches(holding: Holding, block: Ints, free: Flags) -> tuple[Holding, Ints]:
    """Cells with long land without buildings cut, and the block of each."""
    empty = np.bincount(holding.cell_of[holding.cell_of != NOWHERE], minlength=len(holding.polygons)) == 0
    pieces, cell = stretches(holding.polygons, empty & free)
    held = holding.cell_of != NOWHERE
    cell_of = np.where(held, np.searchsorted(cell, holding.cell_of), NOWHERE)
    return Holding(pieces, holding.block[cell], cell_of), block[cell]


def _table(site: Site, blocks: gpd.GeoDataFrame, holding: Holding, items: Items, block: Ints) -> gpd.GeoDataFrame:
    geometry = holding.polygons
    held = _held(holding)
    kind = blocks["kind"].to_numpy(dtype=object)[block]
    built = held.start[1:] > held.start[:-1]
    kind[built & np.isin(kind, (WATER, RAILWAY))] = LAND
    institution = blocks["institution"].to_numpy(dtype=object)[block]
    for cell, name in _posted(site, holding, items, held):
        if kind[cell] == LAND:
            kind[cell], institution[cell] = INSTITUTION, name
    names = np.empty(len(geometry), dtype=object)
    names[built] = items.ids[held.item[held.start[:-1][built]]]
    names[~built] = place_names(kind[~built], geometry[~built])
    table = {
        "community": pd.array(blocks["community"].to_numpy()[block], dtype="string"),
        "block": pd.array(blocks.index.to_numpy()[block], dtype="string"),
        "kind": pd.array(kind, dtype="string"),
        "institution": pd.array(institution, dtype="string"),
        "households": pd.array(_sum_by_cell(holding, items.counted()), dtype="Int64"),
        "n_unknown": pd.array(_sum_by_cell(holding, items.households.isna()), dtype="Int64"),
        "members": pd.Series(_members(held, items), dtype=object).to_numpy(),
    }
    index = pd.Index(unique_names(names.tolist(), geometry), name="cell", dtype="str")
    return gpd.GeoDataFrame(table, index=index, geometry=geometry, crs=site.crs).sort_index()


def _sum_by_cell(holding: Holding, numbers: Ints | Flags) -> Ints:
    """Sum over the items of each cell."""
    held = holding.cell_of != NOWHERE
    out = np.zeros(len(holding.polygons), dtype=np.int64)
    np.add.at(out, holding.cell_of[held], numbers[held])
    return out


def _held(holding: Holding) -> _Held:
    """Items of each cell."""
    item = np.argsort(holding.cell_of, kind="stable")
    cell = holding.cell_of[item]
    return _Held(item, np.searchsorted(cell, np.arange(len(holding.polygons) + 1)))


def _members(held: _Held, items: Items) -> list[tuple[Member, ...]]:
    """Members of each cell."""
    of = items.at(held.item[held.start[0] :])
    households = of.households.to_numpy(dtype=object, na_value=None)
    members = list(map(Member._make, zip(of.building, of.unit, households, of.cut, strict=True)))
    return [tuple(members[start:end]) for start, end in pairwise((held.start - held.start[0]).tolist())]


def _posted(site: Site, holding: Holding, items: Items, held: _Held) -> list[tuple[int, str]]:
    """Cells that institutions given as points may take, those with a building under the point first.

    The cell of that building, if nobody else lives there; else the one in which the point lies, if nobody lives there.
    """
    posts = posts_of(site.layer("institutions"))
    if len(posts.ids) == 0:
        return []
    post, item = building_under(posts, items.shapes)
    alone = np.setdiff1d(np.arange(len(posts.ids)), post)
    rows, own = np.concatenate([post, alone]), np.concatenate([item, np.full(len(alone), NOWHERE)])
    at = np.concatenate([holding.cell_of[item], polygon_at(posts.points[alone], holding.polygons)])
    lived_in = items.counted() > 0
    return [
        (cell, posts.ids[p])
        for p, cell, mine in zip(rows.tolist(), at.tolist(), own.tolist(), strict=True)
        if cell >= 0 and not any(lived_in[other] for other in held.of(cell) if other != mine)
    ]

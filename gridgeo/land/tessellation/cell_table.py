"""Cells as a table: who is a member of each, what kind of land it is, and whose."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.barriers import lines_of, shapes_of
from gridgeo.coverage import Flags, Floats, Ints, Shapes, noded_faces, pair_sums, polygon_at
from gridgeo.land.account import AccountLine, places
from gridgeo.land.enclosures import place_footprints
from gridgeo.land.inputs import (
    InstitutionPoints,
    LandInputs,
    MemberFootprints,
    building_under,
    generators_of,
    place_names,
    unique_names,
)
from gridgeo.land.tessellation.cell_members import NOWHERE, MemberCells, assign_members
from gridgeo.land.tessellation.land_ownership import Memberships
from gridgeo.land.tessellation.linear_features import cut_linear_features
from gridgeo.land.towers import TowerLimit, cut_towers
from gridgeo.land.voronoi import Retried, share_land
from gridgeo.model import INSTITUTION, LAND, RAILWAY, WATER, members_table, with_members


class Tessellation(NamedTuple):
    """Cells, and what is known of the land under buildings."""

    cells: gpd.GeoDataFrame
    """As `gridgeo.cells` gives them."""
    members: pd.DataFrame
    """Columns of `MEMBER_COLUMNS`."""
    memberships: Memberships
    """Rows of whole buildings, and of cells."""
    known: Floats
    """Area of each whole building that lies in its cell for sure [m2]."""
    retried: tuple[AccountLine, ...] = ()
    """Lines of the account about blocks whose land could not be shared out at once."""


class _MembersByCell(NamedTuple):
    """Members, cell by cell."""

    member: Ints
    """Rows of members, cell by cell in order of their ids; first those that are in no cell."""
    start: Ints
    """Members of cell k are member[start[k]] to member[start[k + 1]]."""

    def of(self, cell: int) -> list[int]:
        """Rows of the members of a cell."""
        return self.member[self.start[cell] : self.start[cell + 1]].tolist()

    def has_any(self) -> Flags:
        """Whether each cell has members."""
        return self.start[1:] > self.start[:-1]


def tessellate(
    inputs: LandInputs, blocks: gpd.GeoDataFrame, limit: TowerLimit, *, along: gpd.GeoSeries | None
) -> Tessellation:
    """All land of each block to its nearest building; `along` and what is given back as `gridgeo.cells` has them.

    Parameters
    ----------
    blocks
        Reads: community, kind, institution, geometry.
    limit
        Which buildings are cut first.
    """
    blocks = blocks.sort_index()
    land = np.asarray(blocks.geometry.array, dtype=object)
    members = cut_towers(inputs.buildings, inputs.site, land, limit=limit)
    regions, block_of_region = _regions(land, along)
    generators = inputs.generators if members is inputs.buildings else generators_of(members)
    placed = place_footprints(generators, regions, np.arange(len(regions)))
    shares = share_land(placed, generators.shapes, generators.member)
    found = assign_members(shares, members)
    found = found._replace(block=block_of_region[placed.origin[found.block]])
    found = _with_linear_features_cut(found, blocks["kind"].to_numpy(dtype=object)[found.block] != INSTITUTION)
    return _with_names(inputs, blocks, found, members=members)._replace(
        retried=_retried(shares.retried, blocks.index[block_of_region[placed.origin[shares.retried.block]]])
    )


def _retried(retried: Retried, blocks: pd.Index) -> tuple[AccountLine, ...]:
    """Blocks whose land could not be shared out at once; `blocks` are the ids of theirs."""
    rows = zip(map(str, blocks), retried.way.tolist(), places(np.asarray(shapely.points(retried.place))), strict=True)
    return tuple(AccountLine("buildings", way, block, place) for block, way, place in sorted(rows))


def _regions(land: Shapes, along: gpd.GeoSeries | None) -> tuple[Shapes, Ints]:
    """Blocks as cut by given lines, and the block of each."""
    lines = lines_of(shapes_of(along.to_frame("geometry"))) if along is not None else land[:0]
    if len(lines) == 0:
        return land, np.arange(len(land))
    faces = noded_faces(np.concatenate([shapely.boundary(land), lines]))
    block = polygon_at(faces, land)
    return faces[block >= 0], block[block >= 0]


def _with_linear_features_cut(found: MemberCells, free: Flags) -> MemberCells:
    """Cells of which long ones without members are cut, if they may be."""
    held = found.cell_of != NOWHERE
    empty = np.bincount(found.cell_of[held], minlength=len(found.polygons)) == 0
    pieces, cell = cut_linear_features(found.polygons, empty & free)
    cell_of = np.where(held, np.searchsorted(cell, found.cell_of), NOWHERE)
    return found._replace(polygons=pieces, block=found.block[cell], cell_of=cell_of)


def _with_names(
    inputs: LandInputs, blocks: gpd.GeoDataFrame, found: MemberCells, *, members: MemberFootprints
) -> Tessellation:
    """Cells as a table, sorted by id."""
    by_cell = _members_by_cell(found)
    kind, institution = _kinds(inputs, blocks.iloc[found.block], (found, by_cell), members=members)
    table = {
        "community": pd.array(blocks["community"].to_numpy()[found.block], dtype="string"),
        "block": pd.array(blocks.index.to_numpy()[found.block], dtype="string"),
        "kind": pd.array(kind, dtype="string"),
        "institution": pd.array(institution, dtype="string"),
    }
    built, geometry = by_cell.has_any(), found.polygons
    names = np.empty(len(geometry), dtype=object)
    names[built] = members.ids[by_cell.member[by_cell.start[:-1][built]]]
    names[~built] = place_names(kind[~built], geometry[~built])
    index = pd.Index(unique_names(names.tolist(), geometry), name="cell", dtype="str")
    listed = _members(by_cell, members, index)
    cells = with_members(gpd.GeoDataFrame(table, index=index, geometry=geometry, crs=inputs.site.crs), listed)
    order = index.argsort()
    cells = cells.iloc[order][[*cells.columns.drop("geometry"), "geometry"]]
    return Tessellation(cells, listed, *_memberships(inputs.buildings, members, found, place=np.argsort(order)))


def _members_by_cell(found: MemberCells) -> _MembersByCell:
    member = np.argsort(found.cell_of, kind="stable")
    cell = found.cell_of[member]
    return _MembersByCell(member, np.searchsorted(cell, np.arange(len(found.polygons) + 1)))


def _memberships(
    buildings: MemberFootprints, members: MemberFootprints, found: MemberCells, *, place: Ints
) -> tuple[Memberships, Floats]:
    """Buildings in cells, and what of each lies there for sure; `place` is the row of each cell in the table."""
    rows = np.arange(len(members.ids))
    building = rows if members is buildings else pd.Index(buildings.ids).get_indexer(pd.Index(members.building))
    held = found.cell_of != NOWHERE
    cell, member, _ = pair_sums(place[found.cell_of[held]], building[held], np.zeros(held.sum()))
    known = np.zeros(len(buildings.ids))
    whole = pd.isna(members.cut)
    known[building[whole]] = found.core[whole]
    return Memberships(member, cell), known


def _members(by_cell: _MembersByCell, members: MemberFootprints, cells: pd.Index) -> pd.DataFrame:
    """The table of members, of those that are in a cell."""
    of = members.at(by_cell.member[by_cell.start[0] :])
    cell = np.repeat(cells.to_numpy(dtype=object), np.diff(by_cell.start))
    columns = {"building": of.building, "unit": of.unit, "cut": of.cut, "cell": cell, "households": of.households}
    return members_table(columns)


def _kinds(
    inputs: LandInputs, block: gpd.GeoDataFrame, found: tuple[MemberCells, _MembersByCell], *, members: MemberFootprints
) -> tuple[Shapes, Shapes]:
    """Kind and institution of each cell; `block` is the row of the block of each."""
    _, by_cell = found
    kind = block["kind"].to_numpy(dtype=object).copy()
    kind[by_cell.has_any() & np.isin(kind, (WATER, RAILWAY))] = LAND
    institution = block["institution"].to_numpy(dtype=object).copy()
    for cell, name in _cells_for_points(inputs.institution_points, found, members):
        if kind[cell] == LAND:
            kind[cell], institution[cell] = INSTITUTION, name
    return kind, institution


def _cells_for_points(
    points: InstitutionPoints, found: tuple[MemberCells, _MembersByCell], members: MemberFootprints
) -> list[tuple[int, str]]:
    """Cells that institutions given as points may take, those with a building under the point first.

    The cell of that building, if nobody else lives there; else the one in which the point lies, if nobody lives there.
    """
    if len(points.ids) == 0:
        return []
    cells, by_cell = found
    point, member = building_under(points, members.shapes)
    alone = np.setdiff1d(np.arange(len(points.ids)), point)
    rows, own = np.concatenate([point, alone]), np.concatenate([member, np.full(len(alone), NOWHERE)])
    at = np.concatenate([cells.cell_of[member], polygon_at(points.shapes[alone], cells.polygons)])
    lived_in = members.counted() > 0
    return [
        (cell, points.ids[p])
        for p, cell, mine in zip(rows.tolist(), at.tolist(), own.tolist(), strict=True)
        if cell >= 0 and not any(lived_in[other] for other in by_cell.of(cell) if other != mine)
    ]

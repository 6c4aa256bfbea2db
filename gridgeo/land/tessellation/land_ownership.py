"""Who owns the land under each building: what of it lies on land of others, and which buildings share a cell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import Flags, Floats, Ints, Shapes, first_by, in_order, meeting, pair_sums, portions, rows_by
from gridgeo.land.account import SHARING, noticed
from gridgeo.land.inputs import MemberFootprints, is_point

_AS_GOOD_AS = 1 - 1e-9
"""Share of an area from which on it is the whole."""


class CellLand(NamedTuple):
    """Cells as the land of buildings."""

    polygons: Shapes
    tree: shapely.STRtree
    """Of the polygons."""
    block: Shapes
    """Id of the block of each."""


class Memberships(NamedTuple):
    """Which buildings are members of which cells: each pair once, by cell."""

    building: Ints
    cell: Ints


class OverlapLand(NamedTuple):
    """Land under buildings that belongs to others that cover it too."""

    building: Ints
    owner: Ints
    area: Floats


class LandElsewhere(NamedTuple):
    """Parts of footprints that no other footprint covers, in another block than their own cells, or cut off; by building."""

    building: Ints
    here: Shapes
    """What lies in its own cells; where that is nothing, these cells."""
    there: Shapes
    own: Ints
    """A cell of its own."""
    cell: Ints
    """The cell that holds the part, or most of it."""


class _FootprintParts(NamedTuple):
    """Parts of footprints in cells of others."""

    building: Ints
    cell: Ints
    part: Shapes


class OutsideLand(NamedTuple):
    """Buildings of which a part lies in no cell; by building."""

    building: Ints
    share: Floats
    """Of the footprint; 1 for a point."""


class SharedCells(NamedTuple):
    """Buildings that are members of a cell of another; by building."""

    building: Ints
    other: Ints
    """The building whose cell it is, or that it is like."""
    why: Shapes


class Ownership(NamedTuple):
    """What of buildings lies not in their own cells, as far as it is noticed."""

    overlaps: OverlapLand
    elsewhere: LandElsewhere
    outside: OutsideLand


def land_ownership(footprints: Shapes, land: CellLand, of: Memberships, *, known: Floats) -> Ownership:
    """Who owns the land under buildings that does not lie in their own cells.

    Parameters
    ----------
    footprints
        Of whole buildings, on the precision grid; empty for a point.
    land
        The cells.
    of
        Members of the cells.
    known
        Area of each footprint that lies in its own cell for sure [m2]; nearly all are known to lie there whole.
    """
    whole = shapely.area(footprints)
    own = _own_area(footprints, land, of, known=known)
    open_ = np.flatnonzero(noticed(whole - own, whole))
    row, cell = meeting(land.tree, footprints[open_], "intersects")
    count = len(land.polygons)
    away = ~np.isin(open_[row] * count + cell, of.building * count + of.cell)
    building, cell = open_[row[away]], cell[away]
    part = _common_land(footprints[building], land.polygons[cell])
    inside = own + _sums(building, shapely.area(part), len(footprints))
    overlaps, rest = _without_covered(_FootprintParts(building, cell, part), footprints, of)
    there = _by_block(rest, whole, land.block)
    return Ownership(overlaps, _elsewhere(there, footprints, land, of=of), _outside(of, whole, inside))


def _own_area(footprints: Shapes, land: CellLand, of: Memberships, *, known: Floats) -> Floats:
    """Area of each footprint in its own cells; of those known to lie there whole nothing is measured."""
    whole = shapely.area(footprints)
    sure = known >= _AS_GOOD_AS * whole
    rows = np.flatnonzero(~sure[of.building])
    measured = _common(footprints[of.building[rows]], land.polygons[of.cell[rows]])
    return np.where(sure, whole, 0.0) + _sums(of.building[rows], measured, len(whole))


def shared_cells(buildings: MemberFootprints, of: Memberships) -> SharedCells:
    """Buildings in the cell of another, and why; each once, for the first such cell.

    Of a cell's members the first with a footprint is the one whose cell it is; of those alike, the first.
    """
    several = np.bincount(of.cell, minlength=of.cell.max(initial=-1) + 1)[of.cell] > 1
    member, cell = of.building[several], of.cell[several]
    point = is_point(buildings.shapes)
    used = np.unique(member)
    shape = np.full(len(buildings.ids), -1)
    marks = shapely.to_wkb(shapely.normalize(np.where(point[used], buildings.shapes[used], buildings.snapped[used])))
    shape[used] = np.unique(marks, return_inverse=True)[1]
    main = _first_of_group(cell, point[member], member)
    alike = _first_of_group(cell * (len(used) + 1) + shape[member], member)
    other = np.where(member == member[alike], member[main], member[alike])
    cover = np.full(len(member), -1)
    points = np.flatnonzero(point[member] & (member == member[alike]))
    at, mate = _mates(points, cell, ~point[member])
    over = shapely.intersects(buildings.shapes[member[at]], buildings.shapes[member[mate]])
    first = first_by(at[over], member[mate[over]])
    cover[at[over][first]] = member[mate[over][first]]
    other = np.where(cover >= 0, cover, other)
    why = np.select([cover >= 0, member == member[alike], point[member]], [2, 3, 1], 0)
    rows = first_by(member, cell)
    rows = rows[other[rows] != member[rows]]
    return SharedCells(member[rows], other[rows], np.array(SHARING, dtype=object)[why[rows]])


def _sums(row: Ints, amount: Floats, count: int) -> Floats:
    return np.bincount(row, amount, minlength=count).astype(np.float64)


def _common(one: Shapes, other: Shapes) -> Floats:
    """Area that shapes have in common with others, pair by pair; most are covered by them, which is told sooner."""

    def common(rows: Ints) -> Floats:
        shapes, around = one[rows], other[rows]
        area: Floats = shapely.area(shapes)
        open_ = ~shapely.covers(around, shapes)
        area[open_] = shapely.area(shapely.intersection(shapes[open_], around[open_]))
        return area

    return np.concatenate(in_order(common, portions(len(one), len(one))))


def _common_land(one: Shapes, other: Shapes) -> Shapes:
    """What shapes have in common with others, pair by pair; where they touch along a line or in a point besides, without that."""
    out = shapely.intersection(one, other)
    for k in np.flatnonzero(shapely.get_type_id(out) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(shapely.get_parts(out[k]))
        out[k] = shapely.multipolygons(parts[shapely.get_dimensions(parts) == 2])
    return out


def _mates(rows: Ints, cell: Ints, chosen: Flags) -> tuple[Ints, Ints]:
    """Pairs of a row and a chosen row of the same cell; `cell` is ascending."""
    mates = np.flatnonzero(chosen)
    start, end = (np.searchsorted(cell[mates], cell[rows], side) for side in ("left", "right"))
    return np.repeat(rows, end - start), mates[_ranges(start, end)]


def _ranges(start: Ints, end: Ints) -> Ints:
    """The numbers from each start up to its end, one range behind the other."""
    count = end - start
    return np.arange(count.sum()) + np.repeat(start - np.cumsum(count) + count, count)


def _first_of_group(key: Ints, *order: Ints | Flags) -> Ints:
    """For each row the one that comes first in its group."""
    _, number = np.unique(key, return_inverse=True)
    first: Ints = first_by(number, *order)[number]
    return first


def _without_covered(away: _FootprintParts, shapes: Shapes, of: Memberships) -> tuple[OverlapLand, _FootprintParts]:
    """What members of a cell with a footprint over a part of another building hold of it, and what is left of the parts."""
    start, end = (np.searchsorted(of.cell, away.cell, side) for side in ("left", "right"))
    row, to = np.repeat(np.arange(len(start)), end - start), of.building[_ranges(start, end)]
    area = shapely.area(shapely.intersection(away.part[row], shapes[to]))
    row, to, area = row[area > 0], to[area > 0], area[area > 0]
    left = away.part.copy()
    for k, rows in enumerate(rows_by(row, len(left))):
        if len(rows):
            left[k] = shapely.difference(left[k], shapely.union_all(shapes[to[rows]]))
    overlaps = OverlapLand(*pair_sums(away.building[row], to, area))
    told = noticed(overlaps.area, shapely.area(shapes)[overlaps.building])
    return OverlapLand(overlaps.building[told], overlaps.owner[told], overlaps.area[told]), away._replace(part=left)


def _by_block(rest: _FootprintParts, whole: Floats, blocks: Shapes) -> _FootprintParts:
    """Parts of a footprint in one block as one, those that are noticed."""
    block = np.unique(blocks, return_inverse=True)[1][rest.cell]
    area = shapely.area(rest.part)
    building, _, total = pair_sums(rest.building, block, area)
    number = np.unique(rest.building * (len(blocks) + 1) + block, return_inverse=True)[1]
    told = noticed(total, whole[building])
    rows = [those for those, large in zip(rows_by(number, len(building)), told, strict=True) if large]
    main = np.array([those[np.argmax(area[those])] for those in rows], dtype=np.int64)
    return _FootprintParts(rest.building[main], rest.cell[main], _unions(rest.part, rows))


def _elsewhere(there: _FootprintParts, shapes: Shapes, land: CellLand, *, of: Memberships) -> LandElsewhere:
    """Parts, each with what lies in the cells of its own building."""
    by_building = np.argsort(of.building, kind="stable")
    start, end = (np.searchsorted(of.building[by_building], there.building, side) for side in ("left", "right"))
    own = [by_building[a:b] for a, b in zip(start, end, strict=True)]
    home = _unions(land.polygons, [of.cell[rows] for rows in own])
    here = _common_land(home, shapes[there.building])
    first = np.array([of.cell[rows[0]] for rows in own], dtype=np.int64)
    return LandElsewhere(there.building, np.where(shapely.is_empty(here), home, here), there.part, first, there.cell)


def _unions(shapes: Shapes, rows: list[Ints]) -> Shapes:
    """The union of some of the shapes, for each choice of rows."""
    out = np.empty(len(rows), dtype=object)
    out[:] = [shapely.union_all(shapes[those]) for those in rows]
    return out


def _outside(of: Memberships, whole: Floats, inside: Floats) -> OutsideLand:
    """Footprints that reach beyond all cells, and buildings that are members of none."""
    nowhere = np.bincount(of.building, minlength=len(whole)) == 0
    rows = np.flatnonzero(nowhere | noticed(whole - inside, whole))
    share = np.divide(whole - inside, whole, where=whole > 0, out=np.ones(len(whole)))
    return OutsideLand(rows, share[rows])

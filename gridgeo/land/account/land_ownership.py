"""Who holds the land under each building: what of it lies on land of others, and which buildings share a cell."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage import Flags, Floats, Ints, Shapes, first_by, in_order, meeting, pair_sums, portions, rows_by
from gridgeo.land.inputs.member_footprints import Items, is_point

NOTICED_M2, NOTICED_SHARE = 1.0, 0.01
"""A part of a footprint is told from this area on [m2], and from this share of the footprint on; less is rounding."""

SHARING = ("footprint_duplicate", "points_together", "point_in_footprint", "cell_joined")
"""Why a building shares a cell with another: the same footprint, the same point, a point in a footprint, overlaps."""


class Held(NamedTuple):
    """Which items are members of which cells: each pair once, by cell."""

    item: Ints
    cell: Ints


class Yielded(NamedTuple):
    """Land that footprints yield to others that cover it too."""

    item: Ints
    to: Ints
    """Item that holds it."""
    area: Floats


class Elsewhere(NamedTuple):
    """Parts of footprints, as far as no other footprint covers them, in another block than their own cells, or cut off; by item."""

    item: Ints
    here: Shapes
    """What lies in its own cells; where that is nothing, these cells."""
    there: Shapes
    own: Ints
    """A cell of its own."""
    cell: Ints
    """The cell that holds the part, or most of it."""


class _Parts(NamedTuple):
    """Parts of footprints in cells of others."""

    item: Ints
    cell: Ints
    part: Shapes


class Outside(NamedTuple):
    """Items of which a part lies in no cell; by item."""

    item: Ints
    share: Floats
    """Of the footprint; 1 for a point."""


class Shared(NamedTuple):
    """Items that are members of a cell of another; by item."""

    item: Ints
    other: Ints
    """The building whose cell it is, or that it is like."""
    why: Shapes


def noticed(area: Floats, whole: Floats) -> Flags:
    """Whether parts of footprints are large enough to be told."""
    flags: Flags = (area >= NOTICED_M2) | ((area > 0) & (area >= NOTICED_SHARE * whole))
    return flags


def held(items: Items, cells: gpd.GeoDataFrame) -> Held:
    """Members of cells."""
    count = [len(members) for members in cells["members"]]
    names = [member.building for members in cells["members"] for member in members]
    item = pd.Index(items.ids).get_indexer(pd.Index(names, dtype=object))
    cell, item, _ = pair_sums(np.repeat(np.arange(len(cells)), count), item, np.zeros(len(item)))
    return Held(item, cell)


def parted(items: Items, cells: gpd.GeoDataFrame, of: Held) -> tuple[Yielded, Elsewhere, Outside]:
    """What of buildings lies not in their own cells, as far as it is noticed.

    Parameters
    ----------
    items
        Whole buildings.
    cells
        Reads: block, geometry.
    of
        Members of the cells.
    """
    land, shapes = np.asarray(cells.geometry.array, dtype=object), items.grained
    whole = shapely.area(shapes)
    own = _sums(of.item, _common(shapes[of.item], land[of.cell]), len(shapes))
    open_ = np.flatnonzero(noticed(whole - own, whole))
    row, cell = meeting(shapely.STRtree(land), shapes[open_], "intersects")
    away = ~np.isin(open_[row] * len(land) + cell, of.item * len(land) + of.cell)
    item, cell = open_[row[away]], cell[away]
    part = _common_land(shapes[item], land[cell])
    inside = own + _sums(item, shapely.area(part), len(shapes))
    yielded, rest = _without_covered(_Parts(item, cell, part), shapes, of)
    there = _by_block(rest, whole, cells["block"].to_numpy(dtype=object))
    return yielded, _elsewhere(there, shapes, land, of), _outside(of, whole, inside)


def sharing(items: Items, of: Held) -> Shared:
    """Buildings in the cell of another, and why; each once, for the first such cell.

    Of a cell's members the first with a footprint is the one whose cell it is; of those alike, the first.
    """
    several = np.bincount(of.cell, minlength=of.cell.max(initial=-1) + 1)[of.cell] > 1
    item, cell = of.item[several], of.cell[several]
    point = is_point(items.shapes)
    used = np.unique(item)
    shape = np.full(len(items.ids), -1)
    marks = shapely.to_wkb(shapely.normalize(np.where(point[used], items.shapes[used], items.grained[used])))
    shape[used] = np.unique(marks, return_inverse=True)[1]
    main = _first_of_group(cell, point[item], item)
    alike = _first_of_group(cell * (len(used) + 1) + shape[item], item)
    other = np.where(item == item[alike], item[main], item[alike])
    cover = np.full(len(item), -1)
    points = np.flatnonzero(point[item] & (item == item[alike]))
    at, mate = _mates(points, cell, ~point[item])
    over = shapely.intersects(items.shapes[item[at]], items.shapes[item[mate]])
    first = first_by(at[over], item[mate[over]])
    cover[at[over][first]] = item[mate[over][first]]
    other = np.where(cover >= 0, cover, other)
    why = np.select([cover >= 0, item == item[alike], point[item]], [2, 3, 1], 0)
    rows = first_by(item, cell)
    rows = rows[other[rows] != item[rows]]
    return Shared(item[rows], other[rows], np.array(SHARING, dtype=object)[why[rows]])


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


def _without_covered(away: _Parts, shapes: Shapes, of: Held) -> tuple[Yielded, _Parts]:
    """What members of a cell with a footprint over a part of another building hold of it, and what is left of the parts."""
    start, end = (np.searchsorted(of.cell, away.cell, side) for side in ("left", "right"))
    row, to = np.repeat(np.arange(len(start)), end - start), of.item[_ranges(start, end)]
    area = shapely.area(shapely.intersection(away.part[row], shapes[to]))
    row, to, area = row[area > 0], to[area > 0], area[area > 0]
    left = away.part.copy()
    for k, rows in enumerate(rows_by(row, len(left))):
        if len(rows):
            left[k] = shapely.difference(left[k], shapely.union_all(shapes[to[rows]]))
    yielded = Yielded(*pair_sums(away.item[row], to, area))
    told = noticed(yielded.area, shapely.area(shapes)[yielded.item])
    return Yielded(yielded.item[told], yielded.to[told], yielded.area[told]), away._replace(part=left)


def _by_block(rest: _Parts, whole: Floats, blocks: Shapes) -> _Parts:
    """Parts of a footprint in one block as one, those that are noticed."""
    block = np.unique(blocks, return_inverse=True)[1][rest.cell]
    area = shapely.area(rest.part)
    item, _, total = pair_sums(rest.item, block, area)
    number = np.unique(rest.item * (len(blocks) + 1) + block, return_inverse=True)[1]
    rows = [those for those, told in zip(rows_by(number, len(item)), noticed(total, whole[item]), strict=True) if told]
    main = np.array([those[np.argmax(area[those])] for those in rows], dtype=np.int64)
    return _Parts(rest.item[main], rest.cell[main], _unions(rest.part, rows))


def _elsewhere(there: _Parts, shapes: Shapes, land: Shapes, of: Held) -> Elsewhere:
    """Parts, each with what lies in the cells of its own building."""
    by_item = np.argsort(of.item, kind="stable")
    start, end = (np.searchsorted(of.item[by_item], there.item, side) for side in ("left", "right"))
    own = [by_item[a:b] for a, b in zip(start, end, strict=True)]
    home = _unions(land, [of.cell[rows] for rows in own])
    here = _common_land(home, shapes[there.item])
    first = np.array([of.cell[rows[0]] for rows in own], dtype=np.int64)
    return Elsewhere(there.item, np.where(shapely.is_empty(here), home, here), there.part, first, there.cell)


def _unions(shapes: Shapes, rows: list[Ints]) -> Shapes:
    """The union of some of the shapes, for each choice of rows."""
    out = np.empty(len(rows), dtype=object)
    out[:] = [shapely.union_all(shapes[those]) for those in rows]
    return out


def _outside(of: Held, whole: Floats, inside: Floats) -> Outside:
    """Footprints that reach beyond all cells, and buildings that are members of none."""
    nowhere = np.bincount(of.item, minlength=len(whole)) == 0
    rows = np.flatnonzero(nowhere | noticed(whole - inside, whole))
    share = np.divide(whole - inside, whole, where=whole > 0, out=np.ones(len(whole)))
    return Outside(rows, share[rows])

"""Members of cells before there are cells: buildings, or parts of divided ones, with the footprints or points that get land."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage import PRECISION_M, Flags, Ints, Shapes, single_parts, sound, to_precision_grid

_SEED = 2 * PRECISION_M
"""Half width of the square that stands for a building given as a point [m]."""


class MemberFootprints(NamedTuple):
    """Buildings, or parts of divided ones, sorted by id."""

    ids: Shapes
    """Building id; of a piece, its building's id and a suffix."""
    shapes: Shapes
    """Valid polygons, or a point where there is no footprint."""
    snapped: Shapes
    """The polygons on the precision grid; empty for a point."""
    building: Shapes
    """Building id."""
    unit: Shapes
    """Name of a part; None: the whole building."""
    households: pd.arrays.IntegerArray
    """`<NA>`: unknown."""
    cut: Shapes
    """How a part was cut, as the table of members has it; None: the whole building."""

    def at(self, rows: Ints) -> MemberFootprints:
        """Some of them, in the given order."""
        ids, shapes, snapped, building, unit, cut = (
            column[rows] for column in (self.ids, self.shapes, self.snapped, self.building, self.unit, self.cut)
        )
        return MemberFootprints(ids, shapes, snapped, building, unit, self.households[rows], cut)

    def counted(self) -> Ints:
        """Households, none where they are unknown."""
        return self.households.to_numpy(dtype=np.int64, na_value=0)


class Generators(NamedTuple):
    """Polygons to the nearest of which land goes: single ones on the precision grid, and the member of each."""

    shapes: Shapes
    member: Ints


def whole_buildings(buildings: gpd.GeoDataFrame) -> MemberFootprints:
    """Each building as one member; rows sorted by id, those without geometry left out."""
    rows = buildings[~(buildings.geometry.isna() | buildings.geometry.is_empty)].sort_index(kind="stable")
    shapes = np.asarray(rows.geometry.array, dtype=object)
    ids = rows.index.astype(str).to_numpy(dtype=object)
    none = np.full(len(ids), None)
    figures = pd.array(rows["households"], dtype="Int64")
    return MemberFootprints(ids, *_footprints_or_points(shapes), ids, none, figures, none)


def _footprints_or_points(shapes: Shapes) -> tuple[Shapes, Shapes]:
    """Valid polygons, with a point for whatever has no area on the precision grid; and these polygons on it."""
    whole = np.where(is_point(shapes), shapes, sound(shapes))
    polygons = whole.copy()
    polygons[is_point(shapes)] = shapely.Polygon()
    snapped = to_precision_grid(polygons)
    flat = np.flatnonzero((shapely.area(snapped) == 0) & ~is_point(shapes))
    middles = shapely.centroid(shapes[flat])
    corners, i = shapely.get_coordinates(shapes[flat], return_index=True)
    first = np.asarray(shapely.points(corners[np.searchsorted(i, np.arange(len(flat)))]))
    whole[flat] = np.where(shapely.is_empty(middles), first, middles)
    return whole, snapped


def is_point(shapes: Shapes) -> Flags:
    """Which are points."""
    flags: Flags = shapely.get_type_id(shapes) == 0
    return flags


def generators_of(members: MemberFootprints) -> Generators:
    """The parts of footprints, and a tiny square for each point that no footprint covers."""
    points = np.flatnonzero(is_point(members.shapes))
    polygons = np.flatnonzero(~is_point(members.shapes))
    covered, _ = shapely.STRtree(members.shapes[polygons if len(points) else points]).query(
        members.shapes[points], predicate="intersects"
    )
    open_points = np.delete(points, np.unique(covered))
    x, y = (np.round(shapely.get_coordinates(members.shapes[open_points]) / PRECISION_M) * PRECISION_M).T
    seeds = shapely.box(x - _SEED, y - _SEED, x + _SEED, y + _SEED)
    parts, k = single_parts(members.snapped[polygons])
    shapes, member = np.concatenate([parts, seeds]), np.concatenate([polygons[k], open_points])
    rows = np.argsort(member, kind="stable")
    return Generators(shapes[rows], member[rows])

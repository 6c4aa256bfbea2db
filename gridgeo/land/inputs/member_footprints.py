"""Buildings, or parts of divided ones, as the footprints and points that claim land."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage import PRECISION_M, Flags, Ints, Shapes, single_parts, sound, to_precision_grid

_SEED = 2 * PRECISION_M
"""Half width of the square that stands for a building given as a point [m]."""


class Items(NamedTuple):
    """Claimants of land, sorted by id."""

    ids: Shapes
    """Building id; of a piece, its building's id and a suffix."""
    shapes: Shapes
    """Valid polygons, or a point where there is no footprint."""
    grained: Shapes
    """The polygons on the grain; empty for a point."""
    building: Shapes
    """Building id."""
    unit: Shapes
    """Name of a part; None: the whole building."""
    households: pd.arrays.IntegerArray
    """`<NA>`: unknown."""
    cut: Shapes
    """How a part was cut, as `Member` has it; None: the whole building."""

    def at(self, rows: Ints) -> Items:
        """Some of them, in the given order."""
        return Items(*(column[rows] for column in self))

    def counted(self) -> Ints:
        """Households, none where they are unknown."""
        return self.households.to_numpy(dtype=np.int64, na_value=0)


class Claims(NamedTuple):
    """Single polygons on the grain, and the item of each."""

    shapes: Shapes
    item: Ints


def whole_items(buildings: gpd.GeoDataFrame) -> Items:
    """Each building as one item; rows sorted by id, those without geometry left out."""
    rows = buildings[~(buildings.geometry.isna() | buildings.geometry.is_empty)].sort_index(kind="stable")
    shapes = np.asarray(rows.geometry.array, dtype=object)
    ids = rows.index.astype(str).to_numpy(dtype=object)
    none = np.full(len(ids), None)
    return Items(ids, *_footprints_or_points(shapes), ids, none, pd.array(rows["households"], dtype="Int64"), none)


def _footprints_or_points(shapes: Shapes) -> tuple[Shapes, Shapes]:
    """Valid polygons, with a point for whatever has no area on the grain; and these polygons on the grain."""
    whole = np.where(is_point(shapes), shapes, sound(shapes))
    grained = to_precision_grid(np.where(is_point(shapes), shapely.Polygon(), whole))
    flat = np.flatnonzero((shapely.area(grained) == 0) & ~is_point(shapes))
    middles = shapely.centroid(shapes[flat])
    corners, i = shapely.get_coordinates(shapes[flat], return_index=True)
    first = shapely.points(corners[np.searchsorted(i, np.arange(len(flat)))])
    whole[flat] = np.where(shapely.is_empty(middles), first, middles)
    return whole, grained


def is_point(shapes: Shapes) -> Flags:
    """Which are points."""
    flags: Flags = shapely.get_type_id(shapes) == 0
    return flags


def claims_of(items: Items) -> Claims:
    """What claims land: the parts of footprints, and a tiny square for each point that no footprint covers."""
    points = np.flatnonzero(is_point(items.shapes))
    polygons = np.flatnonzero(~is_point(items.shapes))
    covered, _ = shapely.STRtree(items.shapes[polygons if len(points) else points]).query(
        items.shapes[points], predicate="intersects"
    )
    open_points = np.delete(points, np.unique(covered))
    x, y = (np.round(shapely.get_coordinates(items.shapes[open_points]) / PRECISION_M) * PRECISION_M).T
    seeds = shapely.box(x - _SEED, y - _SEED, x + _SEED, y + _SEED)
    parts, k = single_parts(items.grained[polygons])
    shapes, item = np.concatenate([parts, seeds]), np.concatenate([polygons[k], open_points])
    rows = np.argsort(item, kind="stable")
    return Claims(shapes[rows], item[rows])

"""Where buildings stand: how much of each footprint lies in which finest zone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gridgeo.checks.level import Level, largest_share
from gridgeo.checks.shapes import (
    HAIRLINE,
    NOWHERE,
    Mask,
    Numbers,
    Rows,
    Shapes,
    is_finite,
    overlay_area,
    repaired,
    totals,
)

SLIGHT_M2, SLIGHT_SHARE = 1.0, 0.05
"""A part of a footprint counts if it is larger than both: this area [m2], and this share of the footprint."""


@dataclass(frozen=True)
class Footings:
    """Buildings and their shares in the finest zones.

    Parameters
    ----------
    ids
        Id of each building, in order.
    shapes
        Footprint inside the communities, or point.
    size
        Its area [m2]; 1 for a point.
    inside
        Whether more than half of the building lies inside the communities.
    placed
        Whether the building has a shape at all.
    households
        Known figure; not a number if there is none.
    building, zone, share
        Pairs that meet: row of the building, row of the finest zone, area they share [m2] (1 for a point).
    """

    ids: list[str]
    shapes: Shapes
    size: Numbers
    inside: Mask
    placed: Mask
    households: Numbers
    building: Rows
    zone: Rows
    share: Numbers

    @cached_property
    def owner(self) -> Rows:
        """Zone with the largest share of each building; `NOWHERE` if it stands in none."""
        return largest_share(self.building, self.zone, self.share, len(self.ids))

    @cached_property
    def covered(self) -> Numbers:
        """Area of each building in zones [m2]; land of two zones counts twice."""
        return totals(self.building, self.share, len(self.ids))

    @cached_property
    def main(self) -> Numbers:
        """Largest share of each building [m2]."""
        main = np.zeros(len(self.ids))
        np.maximum.at(main, self.building, self.share)
        return main

    @cached_property
    def uncovered(self) -> Mask:
        """Inside, but more than half of it in no zone."""
        return self.inside & (self.covered < self.size / 2)

    @cached_property
    def contested(self) -> Mask:
        """More than a slight part lies in a zone other than the owner's, be it that the zones overlap."""
        rest = self.covered - self.main
        return self.inside & (rest > SLIGHT_M2) & (rest > SLIGHT_SHARE * self.size) & ~self.is_point

    @cached_property
    def is_point(self) -> Mask:
        """Whether the building is known as a point only."""
        return shapely.get_dimensions(self.shapes) < 2

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the footprints."""
        return shapely.STRtree(self.shapes)

    def share_in(self, building: Rows, zone: Rows) -> Numbers:
        """Area that each building shares with a given zone [m2]."""
        width = int(max(self.zone.max(initial=0), zone.max(initial=0))) + 2
        keys = self.building * width + self.zone
        order = np.argsort(keys)
        wanted = building * width + zone
        at = np.searchsorted(keys[order], wanted).clip(max=max(len(keys) - 1, 0))
        if not len(keys):
            return np.zeros(len(building))
        found = keys[order][at] == wanted
        return np.where(found & (zone != NOWHERE), self.share[order][at], 0.0)

    def other_footprints(self, building: int) -> Any:
        """Land under all other buildings that touch this one."""
        near = self.tree.query(self.shapes[building])
        return shapely.union_all(self.shapes[near[(near != building) & ~self.is_point[near]]])


def read_footings(buildings: gpd.GeoDataFrame, zones: Level, communities: Level) -> Footings:
    """Measure all buildings against the finest zones.

    Parameters
    ----------
    buildings
        Indexed by id; columns households, geometry (polygons or points), in the CRS of the zones.
    """
    buildings = buildings.sort_index(kind="stable")
    drawn = buildings.geometry.to_numpy()
    whole, placed = _footprints(drawn)
    full = np.where(shapely.get_dimensions(whole) < 2, 1.0, shapely.area(whole))
    shapes, size = _clip(whole, full, communities)
    building, zone, share = _pairs(shapes, zones)
    return Footings(
        ids=[str(name) for name in buildings.index],
        shapes=shapes,
        size=size,
        inside=placed & (size > full / 2),
        placed=placed,
        households=buildings["households"].to_numpy(dtype=float, na_value=np.nan),
        building=building,
        zone=zone,
        share=share,
    )


def _footprints(drawn: Shapes) -> tuple[Shapes, Mask]:
    """Valid footprints; a point for what has no area."""
    shapes, placed = repaired(drawn), is_finite(drawn)
    flat = placed & shapely.is_empty(shapes)
    shapes[flat] = shapely.centroid(drawn[flat])
    return shapes, placed


def _clip(whole: Shapes, full: Numbers, communities: Level) -> tuple[Shapes, Numbers]:
    """Footprints inside the communities, and their size; 0 for what lies outside."""
    building, community, share = overlay_area(shapely.STRtree(whole), whole, communities.shapes)
    share = np.where(shapely.get_dimensions(whole[building]) < 2, 1.0, share)
    size = np.minimum(totals(building, share, len(whole)), full)
    shapes = whole.copy()
    for row in np.flatnonzero((size > 0) & (size < full * (1 - 1e-9))):
        land = shapely.union_all(communities.shapes[community[building == row]])
        shapes[row] = shapely.intersection(whole[row], land)
    return shapes, size


def _pairs(shapes: Shapes, zones: Level) -> tuple[Rows, Rows, Numbers]:
    building, zone, share = overlay_area(shapely.STRtree(shapes), shapes, zones.shapes)
    points = np.flatnonzero((shapely.get_dimensions(shapes) < 2) & ~shapely.is_empty(shapes))
    # A point on a border that is a hairline off would stand nowhere, so it may stand that far from a zone.
    at_point, at_zone = zones.tree.query(shapes[points], predicate="dwithin", distance=HAIRLINE)
    flat = shapely.get_dimensions(shapes[building]) < 2
    return (
        np.concatenate([building[~flat], points[at_point]]),
        np.concatenate([zone[~flat], at_zone]),
        np.concatenate([share[~flat], np.ones(len(at_point))]),
    )

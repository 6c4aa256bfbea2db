"""Where buildings stand: how much of each footprint lies in which finest zone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from gridgeo.checks.check_input import CheckInput, derived
from gridgeo.checks.polygon_measures import (
    HAIRLINE_M,
    NOWHERE,
    Mask,
    Numbers,
    Rows,
    Shapes,
    is_finite,
    largest_share,
    repaired_polygons,
    shared_areas,
    sum_by_row,
)
from gridgeo.checks.tier_zones import TierZones

MINOR_M2, MINOR_SHARE = 1.0, 0.05
"""A part of a footprint counts if it is larger than both: this area [m2], and this share of the footprint."""

COVERED_SHARE = 0.5
"""A building counts as covered, or as inside the communities, from this share of its footprint on."""


class ZoneShares(NamedTuple):
    """Pairs of a building and a finest zone that meet."""

    building: Rows
    zone: Rows
    area: Numbers
    """What they share [m2]; 1 for a point."""


@dataclass(frozen=True)
class FootprintOverlay:
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
    shares
        Which finest zones hold how much of which building.
    """

    ids: list[str]
    shapes: Shapes
    size: Numbers
    inside: Mask
    placed: Mask
    households: Numbers
    shares: ZoneShares

    @cached_property
    def owner(self) -> Rows:
        """Zone with the largest share of each building; `NOWHERE` if it stands in none."""
        return largest_share(self.shares, len(self.ids))

    @cached_property
    def covered(self) -> Numbers:
        """Area of each building in zones [m2]; land of two zones counts twice."""
        return sum_by_row(self.shares.building, self.shares.area, len(self.ids))

    @cached_property
    def largest(self) -> Numbers:
        """Largest share of each building [m2]."""
        largest = np.zeros(len(self.ids))
        np.maximum.at(largest, self.shares.building, self.shares.area)
        return largest

    @cached_property
    def uncovered(self) -> Mask:
        """Inside, but more than half of it in no zone."""
        return self.inside & (self.covered < self.size * COVERED_SHARE)

    @cached_property
    def divided(self) -> Mask:
        """More than a minor part lies in a zone other than the owner's, be it that the zones overlap."""
        rest = self.covered - self.largest
        return self.inside & (rest > MINOR_M2) & (rest > MINOR_SHARE * self.size) & ~self.is_point

    @cached_property
    def is_point(self) -> Mask:
        """Whether the building is known as a point only."""
        return shapely.get_dimensions(self.shapes) < 2

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the footprints."""
        return shapely.STRtree(self.shapes)

    def zones_at(self, rows: Rows) -> list[Rows]:
        """For each of these buildings the zones in which it stands."""
        order = np.argsort(self.shares.building, kind="stable")
        start = np.searchsorted(self.shares.building[order], rows)
        end = np.searchsorted(self.shares.building[order], rows, side="right")
        return [self.shares.zone[order[a:b]] for a, b in zip(start, end, strict=True)]

    def share_in(self, building: Rows, zone: Rows) -> Numbers:
        """Area that each building shares with a given zone [m2]."""
        if not len(self.shares.building):
            return np.zeros(len(building))
        width = int(max(self.shares.zone.max(), zone.max(initial=0))) + 2
        keys = self.shares.building * width + self.shares.zone
        order = np.argsort(keys)
        wanted = building * width + zone
        at = np.searchsorted(keys[order], wanted).clip(max=len(keys) - 1)
        found = keys[order][at] == wanted
        return np.where(found & (zone != NOWHERE), self.shares.area[order][at], 0.0)

    def is_more_than_minor(self, row: int, part: Any) -> bool:
        """Whether a part of a building counts."""
        area = shapely.area(part)
        return bool(area > MINOR_M2 and area > MINOR_SHARE * self.size[row])

    def other_footprints(self, row: int) -> Any:
        """Land under all other buildings that touch this one."""
        near = self.tree.query(self.shapes[row])
        return shapely.union_all(self.shapes[near[(near != row) & ~self.is_point[near]]])


@derived
def footprint_overlay(given: CheckInput) -> FootprintOverlay | None:
    """Where the site's buildings stand; None if none are known."""
    if given.site is None or given.communities is None or given.site.buildings.empty:
        return None
    return overlay_footprints(given.site.buildings, given.finest, given.communities)


def overlay_footprints(buildings: gpd.GeoDataFrame, zones: TierZones, communities: TierZones) -> FootprintOverlay:
    """Measure all buildings against the finest zones.

    Parameters
    ----------
    buildings
        Indexed by id; columns households, geometry (polygons or points), in the CRS of the zones.
    """
    buildings = buildings.sort_index(kind="stable")
    whole, placed = _footprints(buildings.geometry.to_numpy())
    full = np.where(shapely.get_dimensions(whole) < 2, 1.0, shapely.area(whole))
    shapes, size = _clipped(whole, full, communities)
    return FootprintOverlay(
        ids=[str(name) for name in buildings.index],
        shapes=shapes,
        size=size,
        inside=placed & (size > full * COVERED_SHARE),
        placed=placed,
        households=buildings["households"].to_numpy(dtype=float, na_value=np.nan),
        shares=_shares(shapes, zones),
    )


def _footprints(drawn: Shapes) -> tuple[Shapes, Mask]:
    """Valid footprints, or a point for what has no area; and whether there is any shape."""
    shapes, placed = repaired_polygons(drawn), is_finite(drawn)
    flat = placed & shapely.is_empty(shapes)
    shapes[flat] = shapely.centroid(drawn[flat])
    return shapes, placed


def _clipped(whole: Shapes, full: Numbers, communities: TierZones) -> tuple[Shapes, Numbers]:
    """Footprints inside the communities, and their size; 0 for what lies outside."""
    building, community, share = shared_areas(whole, communities.shapes)
    share = np.where(shapely.get_dimensions(whole[building]) < 2, 1.0, share)
    size = np.minimum(sum_by_row(building, share, len(whole)), full)
    shapes = whole.copy()
    for row in np.flatnonzero((size > 0) & (size < full * (1 - 1e-9))):
        land = shapely.union_all(communities.shapes[community[building == row]])
        shapes[row] = shapely.intersection(whole[row], land)
    return shapes, size


def _shares(shapes: Shapes, zones: TierZones) -> ZoneShares:
    building, zone, area = shared_areas(shapes, zones.shapes)
    points = np.flatnonzero((shapely.get_dimensions(shapes) < 2) & ~shapely.is_empty(shapes))
    # A point on a border that is a hairline off would stand nowhere, so it may stand that far from a zone.
    at_point, at_zone = zones.tree.query(shapes[points], predicate="dwithin", distance=HAIRLINE_M)
    areal = shapely.get_dimensions(shapes[building]) == 2
    return ZoneShares(
        np.concatenate([building[areal], points[at_point]]),
        np.concatenate([zone[areal], at_zone]),
        np.concatenate([area[areal], np.ones(len(at_point))]),
    )

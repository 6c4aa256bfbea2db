"""Between which figures the households of each zone lie, tier by tier.

Two figures that are equal, unless a fault that another rule reports leaves open to which zone a building belongs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.checks.check_input import CheckInput, derived
from gridgeo.checks.footprint_overlay import FootprintOverlay, footprint_overlay
from gridgeo.checks.member_list import MemberList, member_list, members_elsewhere, rows_of, unassigned_buildings
from gridgeo.checks.parent_zones import summed_into
from gridgeo.checks.polygon_measures import NOWHERE, Mask, Numbers, Rows, positions, sum_by_row
from gridgeo.checks.tier_zones import TierZones


class HouseholdBounds(NamedTuple):
    """Least and most households of each zone of a tier; not a number where nothing is known."""

    low: Numbers
    high: Numbers

    @classmethod
    def of(cls, zones: TierZones, figure: float = 0.0) -> HouseholdBounds:
        """The same figure for each zone."""
        return cls(np.full(len(zones), figure), np.full(len(zones), figure))

    def add(self, zones: Rows, figures: Numbers, *, sure: Mask | bool) -> None:
        """Count figures for zones; those that are not sure may be there or not."""
        counted = (zones != NOWHERE) & ~np.isnan(figures)
        np.add.at(self.high, zones[counted], figures[counted])
        certain = counted & sure
        np.add.at(self.low, zones[certain], figures[certain])


class FigureDifference(NamedTuple):
    """A building for which the list has another number of households than the site."""

    building: int
    """Its row in the overlay of footprints."""
    households: float
    """How many more the list has."""


@derived
def household_bounds(given: CheckInput) -> tuple[HouseholdBounds, ...]:
    """Bounds of each tier, coarse to fine.

    A coarse zone may state the true sum of its members, or the sum of what its zones state: a fault is reported where it
    arises.
    """
    bounds = [_of_finest(given)]
    for tier in reversed(given.tiers[:-1]):
        bounds.insert(0, _of_coarser(given, tier, bounds[0]))
    return tuple(bounds)


def _of_coarser(given: CheckInput, tier: TierZones, below: HouseholdBounds) -> HouseholdBounds:
    finer = given.tiers[tier.depth + 1]
    parent = summed_into(given)[finer.depth]
    known = parent != NOWHERE
    stated = finer.households
    least = np.where(np.isnan(stated), below.low, np.fmin(stated, below.low))
    most = np.where(np.isnan(stated), below.high, np.fmax(stated, below.high))
    bounds = HouseholdBounds.of(tier)
    np.add.at(bounds.low, parent[known], least[known])
    np.add.at(bounds.high, parent[known], most[known])
    _add_uncovered(given, tier, bounds)
    childless = np.bincount(parent[known], minlength=len(tier)) == 0
    bounds.low[childless] = bounds.high[childless] = np.nan
    return bounds


def _add_uncovered(given: CheckInput, tier: TierZones, bounds: HouseholdBounds) -> None:
    """Buildings that no finest zone covers may still be counted by the coarse zone in which they stand."""
    footprints = footprint_overlay(given)
    if footprints is None:
        return
    uncovered = np.flatnonzero(footprints.uncovered)
    points = shapely.point_on_surface(footprints.shapes[uncovered])
    at, zone = tier.tree.query(points, predicate="intersects")
    bounds.add(zone, footprints.households[uncovered[at]], sure=False)


def _of_finest(given: CheckInput) -> HouseholdBounds:
    members, footprints = member_list(given), footprint_overlay(given)
    if members is not None:
        return _by_list(given, members)
    if footprints is not None:
        return _by_footprints(given.finest, footprints)
    return HouseholdBounds.of(given.finest, np.nan)


def _by_list(given: CheckInput, members: MemberList) -> HouseholdBounds:
    bounds, misplaced = HouseholdBounds.of(given.finest), members_elsewhere(given).found
    bounds.add(members.zone, members.households, sure=~members.repeated & ~misplaced)
    footprints = footprint_overlay(given)
    if footprints is not None:
        lying = members.zone_of_footprint(footprints)
        bounds.add(np.where(misplaced, lying, NOWHERE), members.households, sure=False)
        owner = np.where(unassigned_buildings(given), footprints.owner, NOWHERE)
        bounds.add(owner, footprints.households, sure=False)
        for difference in figure_differences(given):
            zones = _zones_of(difference.building, members, footprints)
            (bounds.high if difference.households < 0 else bounds.low)[zones] -= difference.households
    # Nobody can tell who belongs to these, so whatever they state may be right.
    unclear = members.unclear_zones
    bounds.low[unclear] = 0
    bounds.high[unclear] = np.nan_to_num(given.finest.households[unclear])
    return bounds


def _zones_of(building: int, members: MemberList, footprints: FootprintOverlay) -> Rows:
    """Zones in which a building is listed or stands."""
    stands = footprints.shares.zone[footprints.shares.building == building]
    zones = np.unique(np.append(members.zone[members.building == building], stands))
    return zones[zones != NOWHERE]


def _by_footprints(zones: TierZones, footprints: FootprintOverlay) -> HouseholdBounds:
    """Members by the largest share; a building that is divided or uncovered may be counted by any zone at it."""
    bounds = HouseholdBounds.of(zones)
    sure = footprints.inside & ~footprints.uncovered & ~footprints.divided
    bounds.add(np.where(sure, footprints.owner, NOWHERE), footprints.households, sure=True)
    building, zone, _ = footprints.shares
    divided = footprints.divided[building]
    bounds.add(zone[divided], footprints.households[building[divided]], sure=False)
    uncovered = np.flatnonzero(footprints.uncovered)
    at, near = zones.tree.query_nearest(footprints.shapes[uncovered])
    bounds.add(near, footprints.households[uncovered[at]], sure=False)
    return bounds


@derived
def figure_differences(given: CheckInput) -> tuple[FigureDifference, ...]:
    """Buildings for which the list has another number of households than the site."""
    members, footprints = member_list(given), footprint_overlay(given)
    if members is None or footprints is None:
        return ()
    count = len(footprints.ids)
    rows = (members.building != NOWHERE) & ~members.repeated & (members.zone != NOWHERE)
    listed = sum_by_row(members.building[rows], members.households[rows], count)
    # A tower has a figure of its own and figures of its entrances, which may differ: either will do.
    off, off_by_unit = listed - footprints.households, listed - _by_unit(given, footprints)
    other = np.isnan(off) | (np.abs(off_by_unit) < np.abs(off))
    off = np.where(other, off_by_unit, off)
    named = np.bincount(members.building[rows], minlength=count) > 0
    wrong = positions(named & footprints.inside & ~footprints.uncovered & ~np.isnan(off) & (off != 0))
    return tuple(FigureDifference(row, float(off[row])) for row in wrong)


def _by_unit(given: CheckInput, footprints: FootprintOverlay) -> Numbers:
    """Households of each building as the sum of its entrances; not a number where they are not stated."""
    assert given.site is not None
    units, count = given.site.unit_households, len(footprints.ids)
    building = rows_of(units["building"].astype(str).tolist(), footprints.ids)
    known = building != NOWHERE
    figures = units["households"].to_numpy(dtype=float, na_value=np.nan)[known]
    sums = sum_by_row(building[known], figures, count)
    sums[np.bincount(building[known], minlength=count) == 0] = np.nan
    return sums

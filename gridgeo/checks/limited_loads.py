"""What the zones of each tier hold: members, households and other loads that a tier limits, as this room counts them."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.checks.check_input import CheckInput, derived
from gridgeo.checks.footprint_overlay import footprint_overlay
from gridgeo.checks.household_bounds import HouseholdBounds, household_bounds
from gridgeo.checks.load_shares import shares_of_members, whole_figures
from gridgeo.checks.member_list import member_list
from gridgeo.checks.parent_zones import summed_into
from gridgeo.checks.polygon_measures import NOWHERE, Numbers
from gridgeo.checks.tier_zones import TierZones
from gridgeo.model import DEDICATED, GRID, HOUSEHOLDS, LISTED_COLUMNS, ZONE_COLUMNS, Also, Zones


class LimitedLoad(NamedTuple):
    """What the zones of a tier hold of a load that it limits."""

    tier: TierZones
    limits: Also
    held: Numbers
    """Of each zone; not a number where nothing is known."""
    members: pd.DataFrame
    """One row a member: zone (row of the tier), name, figure."""

    @property
    def is_known(self) -> bool:
        """Whether figures of members are known, so that zones need not be believed."""
        return bool((self.members["figure"].notna() & (self.members["zone"] != NOWHERE)).any())


class TierMembers(NamedTuple):
    """Who lives in the zones of a tier."""

    tier: TierZones
    bounds: HouseholdBounds
    members: pd.DataFrame
    """One row a member: zone (row of the tier), name, building, unit, households."""


@derived
def tier_members(given: CheckInput) -> tuple[TierMembers, ...]:
    """Members of each tier's zones, from the finest tier to the coarsest."""
    members, found = _members(given), []
    for tier, bounds in zip(reversed(given.tiers), reversed(household_bounds(given)), strict=True):
        if tier is not given.finest:
            parent = np.append(summed_into(given)[tier.depth + 1], NOWHERE)
            members = members.assign(zone=parent[members["zone"].to_numpy(dtype=int)])
        found.append(TierMembers(tier, bounds, members))
    return tuple(found)


@derived
def limited_loads(given: CheckInput) -> tuple[LimitedLoad, ...]:
    """What zones hold of what their tier limits, from the finest tier to the coarsest."""
    return tuple(
        _limited_load(given, own, limits)
        for own in tier_members(given)
        for limits in (own.tier.rules.definition.limits if own.tier.rules.definition else ())
    )


def _limited_load(given: CheckInput, own: TierMembers, limits: Also) -> LimitedLoad:
    figures = own.members.assign(figure=_figures(given, own.members, limits.load))
    return LimitedLoad(own.tier, limits, _held(own.tier, limits.load, figures, bounds=own.bounds), figures)


@derived
def counted_zones(given: CheckInput) -> Zones:
    """What each zone holds, whatever it states: households, members without a figure, buildings, area, other loads of the scheme.

    Its parent is the zone in which it lies. The list of buildings tells where each was counted.
    """
    tables = [_counted(given, own) for own in reversed(tier_members(given))]
    table = gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), crs=given.crs)
    return Zones(table, _listed(tier_members(given)[0]), given.zones.scheme)


def _listed(finest: TierMembers) -> pd.DataFrame | None:
    """Members with the code of their finest zone, empty if that has none; None if nothing is known of any member."""
    members = finest.members
    if members.empty:
        return None
    codes = pd.array([*finest.tier.codes, pd.NA], dtype="string")  # the last one is for those that are nowhere
    columns = {
        "id": members["building"],
        "unit": members["unit"].replace("", pd.NA),
        "households": members["households"],
    }
    table = pd.DataFrame({**columns, "code": codes[members["zone"].to_numpy(dtype=int)]})
    return table.astype(LISTED_COLUMNS).reset_index(drop=True)


def _counted(given: CheckInput, own: TierMembers) -> gpd.GeoDataFrame:
    tier, scheme = own.tier, given.zones.scheme
    columns = {
        "tier": tier.name,
        "code": [code or pd.NA for code in tier.codes],
        "parent": _parent_codes(given, tier),
        "kind": np.where(tier.dedicated, DEDICATED, GRID),
        "name": tier.table["name"].to_numpy(),
        **_members_counted(own),
        "area_m2": shapely.area(tier.shapes),
    }
    for load in (HOUSEHOLDS, *(scheme.loads if scheme else ())):
        figures = own.members.assign(figure=_figures(given, own.members, load))
        columns[load] = pd.Series(np.round(_held(tier, load, figures, bounds=own.bounds))).astype("Int64")
    return gpd.GeoDataFrame(columns, geometry=tier.shapes, crs=given.crs).astype(ZONE_COLUMNS)


def _members_counted(own: TierMembers) -> dict[str, object]:
    """Members without a figure, and buildings, of each zone; missing where no member is known at all."""
    if own.members.empty:
        return {"households": pd.NA, "n_unknown": pd.NA, "n_buildings": pd.NA}
    placed = own.members[own.members["zone"] != NOWHERE].groupby("zone")
    counts = placed["households"].size() - placed["households"].count(), placed["building"].nunique()
    unknown, buildings = (n.reindex(range(len(own.tier)), fill_value=0).to_numpy() for n in counts)
    return {"households": pd.NA, "n_unknown": unknown, "n_buildings": buildings}


def _parent_codes(given: CheckInput, tier: TierZones) -> list[object]:
    """Code of the zone or community in which each zone lies; missing where there is none."""
    up, parent = given.above(tier), summed_into(given)[tier.depth]
    return [pd.NA if up is None or row == NOWHERE else up.codes[row] or pd.NA for row in parent]


def _members(given: CheckInput) -> pd.DataFrame:
    """One row a member: zone (row of the finest tier), name, building, unit, households."""
    members, footprints = member_list(given), footprint_overlay(given)
    if members is not None:
        columns = {"zone": members.zone, "name": members.names, "building": members.ids, "unit": members.unit}
        return pd.DataFrame({**columns, "households": members.households})[~members.repeated]
    if footprints is None:
        return pd.DataFrame({"zone": [], "name": [], "building": [], "unit": [], "households": []})
    zone = np.where(footprints.inside, footprints.owner, NOWHERE)
    columns = {"zone": zone, "name": footprints.ids, "building": footprints.ids, "unit": ""}
    return pd.DataFrame({**columns, "households": footprints.households})


def _figures(given: CheckInput, members: pd.DataFrame, load: str) -> pd.Series:
    """What each member has of a load; not a number where it is unknown."""
    if load == HOUSEHOLDS:
        return members["households"]
    if given.site is None or load not in given.site.loads:
        return pd.Series(np.nan, index=members.index)
    return shares_of_members(members, whole_figures(given.site.buildings, load))


def _held(tier: TierZones, load: str, members: pd.DataFrame, *, bounds: HouseholdBounds) -> Numbers:
    """What each zone holds. A stated figure that is wrong, or none, is replaced by what the members have."""
    stated, placed = tier.stated(load), members[members["figure"].notna() & (members["zone"] != NOWHERE)]
    sums = placed.groupby("zone")["figure"].sum().reindex(range(len(tier)), fill_value=0.0).to_numpy(dtype=float)
    if load != HOUSEHOLDS:
        return stated if placed.empty else sums
    held: Numbers = np.where(np.isnan(stated) & ~np.isnan(bounds.low), sums, np.clip(stated, bounds.low, bounds.high))
    return np.where(np.isnan(bounds.low), stated, held)

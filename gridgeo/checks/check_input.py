"""What is checked, brought into one metric CRS and one order; and how what several rules derive from it is derived once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from gridgeo.checks.polygon_measures import is_finite
from gridgeo.checks.tier_zones import TierRules, TierZones, read_tier
from gridgeo.coverage import brought_to
from gridgeo.errors import CrsError, InputError
from gridgeo.messages import say
from gridgeo.model import COMMUNITY_DIGITS, Plan, Roster, Site, Staffing, Zones

_PSEUDO_MERCATOR = "Popular Visualisation Pseudo Mercator"

Derived = TypeVar("Derived")


@dataclass(frozen=True)
class CheckInput:
    """Zones and the site against which they are judged.

    Parameters
    ----------
    zones
        As they were given: their list of members, if they have one.
    tiers
        Tiers from coarse to fine.
    communities
        The site's communities as a tier; None without a site.
    site
        None if unknown.
    crs
        Metric; the site's.
    missing_tiers
        Tiers of the scheme of which there is no zone.
    cell_zones
        What the cells of the same plan file say; None if there is no such thing.
    plan
        What the zones were made of; None for drawings.
    own_codes
        Whether codes are an office's own, and meant so.
    roster, staffing
        Who answers for which zone, and how many of whom are wanted; None if that is not judged.
    """

    zones: Zones
    tiers: tuple[TierZones, ...]
    communities: TierZones | None
    site: Site | None
    crs: CRS
    missing_tiers: tuple[str, ...]
    cell_zones: Zones | None
    plan: Plan | None
    own_codes: bool
    roster: Roster | None = None
    staffing: Staffing | None = None
    _derived: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def manifest(self) -> Mapping[str, str]:
        """What the plan tells of how it was made; empty for drawings."""
        return {} if self.plan is None else self.plan.manifest

    @property
    def finest(self) -> TierZones:
        """The finest tier, to which buildings belong."""
        return self.tiers[-1]

    @property
    def land(self) -> Any:
        """Land of the communities; None without a site."""
        return None if self.communities is None else self.communities.land

    def above(self, tier: TierZones) -> TierZones | None:
        """The next coarser tier; for the coarsest tier the communities, if known."""
        return self.tiers[tier.depth - 1] if tier.depth > 0 else self.communities


def derived(function: Callable[[CheckInput], Derived]) -> Callable[[CheckInput], Derived]:
    """A function whose result is kept with the input, for the other rules that ask."""

    @wraps(function)
    def once(given: CheckInput) -> Derived:
        kept: dict[Callable[..., Any], Derived] = given._derived  # noqa: SLF001 (this is its only reader)
        if function not in kept:
            kept[function] = function(given)
        return kept[function]

    return once


def read_check_input(
    zones: Zones, site: Site | None, *, cell_zones: Zones | None, plan: Plan | None, own_codes: bool = False
) -> CheckInput:
    """Prepare zones for the rules.

    Raises
    ------
    InputError
        If there are no zones.
    CrsError
        If the zones have no CRS, or do not fit into the site's.
    """
    if zones.table.empty:
        raise InputError(say("check_no_zones"))
    if zones.table.crs is None:
        raise CrsError(say("check_no_crs"))
    crs = _metric(zones.table) if site is None else site.crs
    table = _brought_into(zones.table, crs)
    communities = None if site is None else _read_communities(site)
    land = None if communities is None else communities.land
    tiers = tuple(
        read_tier(_rules_of(zones, depth, name)._replace(own_codes=own_codes), table[table["tier"] == name], land)
        for depth, name in enumerate(zones.tiers)
    )
    names = zones.scheme.names if zones.scheme else ()
    missing = tuple(name for name in names if name not in zones.tiers)
    return CheckInput(zones, tiers, communities, site, crs, missing, cell_zones, plan, own_codes)


def _metric(table: gpd.GeoDataFrame) -> CRS:
    """The CRS of the zones if it measures in metres, otherwise that of the UTM zone in which they lie."""
    metric = table.crs.is_projected and {axis.unit_name for axis in table.crs.axis_info} == {"metre"}
    true = metric and _PSEUDO_MERCATOR not in table.crs.to_wkt()
    return table.crs if true else table.estimate_utm_crs()


def _brought_into(table: gpd.GeoDataFrame, crs: CRS) -> gpd.GeoDataFrame:
    projected = brought_to(table, crs).reset_index(drop=True)
    if (is_finite(table.geometry.to_numpy()) & ~is_finite(projected.geometry.to_numpy())).any():
        raise CrsError(say("check_crs_misfit", given=table.crs.name, site=crs.name))
    return projected


def _rules_of(zones: Zones, depth: int, name: str) -> TierRules:
    scheme = zones.scheme
    if scheme is None or name not in scheme.names:
        return TierRules(name, depth, None, None)
    return TierRules(name, depth, scheme.digits(name), scheme.tier(name))


def _read_communities(site: Site) -> TierZones:
    table = site.communities.rename_axis("code").reset_index()[["code", "geometry"]]
    table = table.assign(parent=pd.NA, kind=pd.NA, name=pd.NA, households=pd.array([pd.NA] * len(table), dtype="Int64"))
    return read_tier(TierRules("communities", -1, COMMUNITY_DIGITS, None), table, None)

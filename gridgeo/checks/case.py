"""What is checked, brought into one metric CRS and one order, with everything that several rules need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from gridgeo.checks.footings import Footings, read_footings
from gridgeo.checks.level import Kin, Level, lies_in, misparented, read_level
from gridgeo.checks.members import Roll, misplaced, read_roll
from gridgeo.checks.shapes import NOWHERE, Mask, Rows, is_finite
from gridgeo.errors import CrsError, InputError
from gridgeo.messages import say
from gridgeo.model.codes import COMMUNITY_DIGITS
from gridgeo.model.site import Site
from gridgeo.model.zones import Zones

_PSEUDO_MERCATOR = "Popular Visualisation Pseudo Mercator"


@dataclass(frozen=True)
class Case:
    """Zones and the site against which they are judged.

    Parameters
    ----------
    levels
        Tiers from coarse to fine.
    communities
        The site's communities as a level; None without a site.
    site
        None if unknown.
    listed
        Which building belongs to which zone (columns of `zones.MEMBER_COLUMNS`); None if the zones do not say.
    crs
        Metric; the site's.
    absent
        Tiers of the scheme of which there is no zone.
    twin
        What the cells of the same plan file say; None if there is no such thing.
    interrupted
        Whether the zones are what an interrupted search had found.
    given
        Whether the zones of the coarsest tier were given and kept to the letter.
    """

    levels: tuple[Level, ...]
    communities: Level | None
    site: Site | None
    listed: pd.DataFrame | None
    crs: CRS
    absent: tuple[str, ...] = ()
    twin: Zones | None = None
    interrupted: bool = False
    given: bool = False

    @property
    def finest(self) -> Level:
        """The finest tier, to which buildings belong."""
        return self.levels[-1]

    @property
    def land(self) -> Any:
        """Land of the communities; None without a site."""
        return None if self.communities is None else self.communities.land

    def above(self, level: Level) -> Level | None:
        """The next coarser level; for the coarsest tier the communities, if known."""
        return self.levels[level.depth - 1] if level.depth > 0 else self.communities

    @cached_property
    def kin(self) -> tuple[Kin | None, ...]:
        """For each tier, in which zone of the next coarser level each zone lies; None where there is no such level."""
        above = [self.above(level) for level in self.levels]
        return tuple(
            lies_in(level, up) if up is not None else None for level, up in zip(self.levels, above, strict=True)
        )

    @cached_property
    def footings(self) -> Footings | None:
        """Where the site's buildings stand; None if none are known."""
        if self.site is None or self.communities is None or self.site.buildings.empty:
            return None
        return read_footings(self.site.buildings, self.finest, self.communities)

    @cached_property
    def family(self) -> tuple[Rows, ...]:
        """For each tier, the parent of each zone: the one in which it lies, or failing that the one whose code it bears."""
        family = []
        for level, kin in zip(self.levels, self.kin, strict=True):
            up = self.above(level)
            if up is None or kin is None:
                family.append(np.full(len(level), NOWHERE))
                continue
            rows = {code: row for row, code in enumerate(up.codes)}
            named = [rows.get(str(parent), NOWHERE) for parent in level.table["parent"]]
            family.append(np.where(kin.parent == NOWHERE, named, kin.parent))
        return tuple(family)

    @cached_property
    def misparented(self) -> tuple[Mask, ...]:
        """For each tier, whether a zone's code does not begin with that of the parent in which it lies."""
        landed = self.communities is not None
        return tuple(
            misparented(level, self.above(level), kin, landed=landed)
            for level, kin in zip(self.levels, self.kin, strict=True)
        )

    @cached_property
    def roll(self) -> Roll | None:
        """The list of members; None if there is none."""
        if self.listed is None:
            return None
        faulty = self.finest.malformed | self.finest.repeated | self.misparented[-1]
        return read_roll(self.listed, self.finest, faulty, self.footings)

    @cached_property
    def misplaced(self) -> Mask:
        """Which rows of the list name another zone than the one in which most of the building stands."""
        return np.zeros(0, dtype=bool) if self.roll is None else misplaced(self.roll, self.footings)


def read_case(zones: Zones, site: Site | None, twin: Zones | None = None) -> Case:
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
    table = zones.table.to_crs(crs).reset_index(drop=True)
    if (is_finite(zones.table.geometry.to_numpy()) & ~is_finite(table.geometry.to_numpy())).any():
        raise CrsError(say("check_crs_misfit", given=zones.table.crs.name, site=crs.name))
    communities = None if site is None else _read_communities(site)
    levels = []
    for depth, name in enumerate(zones.tiers):
        known = zones.scheme is not None and name in zones.scheme.names
        levels.append(
            read_level(
                name,
                depth,
                table[table["tier"] == name],
                land=None if communities is None else communities.land,
                digits=zones.scheme.digits(name) if known and zones.scheme else None,
                tier=zones.scheme.tier(name) if known and zones.scheme else None,
            )
        )
    absent = tuple(name for name in zones.scheme.names if name not in zones.tiers) if zones.scheme else ()
    # Members name zones of the finest tier; where there is none, their list says nothing that is not said by its absence.
    listed = None if zones.scheme and zones.scheme.finest.name in absent else _listed(zones)
    return Case(tuple(levels), communities, site, listed, crs, absent, twin)


def _metric(table: gpd.GeoDataFrame) -> CRS:
    """The CRS of the zones if it measures in metres, otherwise that of the UTM zone in which they lie."""
    metric = table.crs.is_projected and {axis.unit_name for axis in table.crs.axis_info} == {"metre"}
    true = metric and _PSEUDO_MERCATOR not in table.crs.to_wkt()
    return table.crs if true else table.estimate_utm_crs()


def _read_communities(site: Site) -> Level:
    table = site.communities.rename_axis("code").reset_index()[["code", "geometry"]]
    table = table.assign(parent=pd.NA, kind=pd.NA, households=pd.array([pd.NA] * len(table), dtype="Int64"))
    return read_level("communities", -1, table, land=None, digits=COMMUNITY_DIGITS, tier=None)


def _listed(zones: Zones) -> pd.DataFrame | None:
    """The list of members, unless it is a layer of buildings in which no zone is named."""
    if zones.buildings is None or zones.buildings["code"].isna().all():
        return None
    order = ["id", "unit", "code", "households"]
    return zones.buildings[order].sort_values(order, kind="stable").reset_index(drop=True)

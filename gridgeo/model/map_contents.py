"""What maps draw: the zones of a plan, or of a drawing as a check has counted and mended them, with the layers of their site."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.errors import CrsError, InputError
from gridgeo.messages import say
from gridgeo.model.plan import Plan
from gridgeo.model.report import Report
from gridgeo.model.scheme import Scheme
from gridgeo.model.site import Site
from gridgeo.model.tables import GRID
from gridgeo.model.zones import Zones


@dataclass(frozen=True)
class ShownZones:
    """Zones with everything that a map shows beside them.

    Parameters
    ----------
    all_tiers
        The zones, every one with a code and a polygon.
    site
        Layers of the place; without rows where it is not known.
    buildings
        One row a member: id, name, unit, households, code, geometry.
    scheme
        By which codes are shortened; None where codes are an office's own.
    """

    all_tiers: Zones
    site: Site
    buildings: gpd.GeoDataFrame
    scheme: Scheme | None

    @property
    def tiers(self) -> tuple[str, ...]:
        """Names of the tiers, coarse to fine."""
        return self.all_tiers.tiers

    def zones(self, tier: str) -> gpd.GeoDataFrame:
        """Zones of one tier, indexed by code."""
        return self.all_tiers.tier(tier)


def shown_zones(plan_or_zones: Plan | Zones, report: Report | None = None, site: Site | None = None) -> ShownZones:
    """What a map of a plan or of a drawing shows.

    Parameters
    ----------
    report
        Of a drawing: the zones as they were counted and mended for measuring are taken from it.
    site
        The place that a drawing divides; a plan brings its own.

    Raises
    ------
    InputError
        If it is neither a plan nor zones.
    CrsError
        If a drawing has no CRS.
    """
    if isinstance(plan_or_zones, Plan):
        plan = plan_or_zones
        return ShownZones(plan.zones(), plan.site, plan.buildings, plan.scheme)
    if not isinstance(plan_or_zones, Zones):
        raise InputError(say("maps_need_plan", kind=type(plan_or_zones).__name__))
    drawn = _drawn(plan_or_zones, report, site)
    place = _place(drawn.table, site)
    return ShownZones(drawn, place, _standing(place.buildings, drawn), _fitting(drawn))


def _drawn(zones: Zones, report: Report | None, site: Site | None) -> Zones:
    """A drawing with a polygon and a code for each zone, in the CRS of its site."""
    counted = None if report is None else report.counted
    table = zones.table if counted is None else counted.table
    if table.crs is None:
        raise CrsError(say("check_no_crs"))
    table = table.to_crs(table.estimate_utm_crs() if site is None and not table.crs.is_projected else _crs(table, site))
    flat = shapely.force_2d(table.geometry.to_numpy())
    shapes = np.array([_areal(shape) for shape in flat], dtype=object)
    code = table["code"].fillna("-").astype("string")
    measured = pd.array(shapely.area(shapes), dtype="Float64")
    table = table.assign(code=code, kind=table["kind"].fillna(GRID), area_m2=measured).set_geometry(
        gpd.GeoSeries(shapes, index=table.index, crs=table.crs)
    )
    return Zones(table[~table.geometry.is_empty].reset_index(drop=True), zones.buildings, zones.scheme)


def _crs(table: gpd.GeoDataFrame, site: Site | None) -> object:
    return table.crs if site is None else site.crs


def _areal(shape: shapely.Geometry | None) -> shapely.Geometry:
    """The land of an outline, whatever is wrong with it."""
    if shape is None or not np.isfinite(shapely.get_coordinates(shape)).all():
        return shapely.Polygon()
    sound = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    return sound if sound.geom_type in ("Polygon", "MultiPolygon") else shapely.Polygon()


def _place(table: gpd.GeoDataFrame, site: Site | None) -> Site:
    """The site; of an unknown one, no more than its CRS."""
    if site is not None:
        return site
    communities = gpd.GeoDataFrame(
        {"name": pd.array([], dtype="string"), "level": pd.array([], dtype="string")},
        index=pd.Index([], dtype="str", name="code"),
        geometry=gpd.GeoSeries([], crs=table.crs),
    )
    units = pd.DataFrame({"building": [], "unit": [], "households": []})
    return Site({"communities": communities}, units, pd.DataFrame())


def _standing(buildings: gpd.GeoDataFrame, drawn: Zones) -> gpd.GeoDataFrame:
    """Buildings of the site as members, with the code of the finest zone in which each stands."""
    finest = drawn.table[drawn.table["tier"] == drawn.tiers[-1]]
    there = buildings[~(buildings.geometry.isna() | buildings.geometry.is_empty)]
    points = shapely.point_on_surface(there.geometry.to_numpy())
    at, zone = shapely.STRtree(finest.geometry.to_numpy()).query(points, predicate="intersects")
    at, first = np.unique(at, return_index=True)
    code = pd.Series(pd.NA, index=range(len(there)), dtype="string")
    code[at] = finest["code"].to_numpy()[zone[first]]
    columns = {"id": there.index.astype("str"), "name": there["name"].to_numpy(), "unit": pd.NA}
    columns |= {"households": there["households"].to_numpy(), "code": code.to_numpy()}
    table = gpd.GeoDataFrame(columns, geometry=there.geometry.to_numpy(), crs=buildings.crs)
    return table.astype({"unit": "string", "households": "Int64"})


def _fitting(drawn: Zones) -> Scheme | None:
    """The scheme, if the codes are built as it says."""
    scheme = drawn.scheme
    if scheme is None or set(drawn.tiers) - set(scheme.names):
        return None
    digits = drawn.table["tier"].map(scheme.digits)
    fits = (drawn.table["code"].str.len() == digits) & drawn.table["code"].str.isdigit()
    return scheme if fits.mean() > 0.5 else None

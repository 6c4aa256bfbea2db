"""What maps draw: the zones of a plan, or of a drawing as a check has counted and mended them, with the layers of their site."""

from __future__ import annotations

from collections.abc import Iterable
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
from gridgeo.model.tables import GRID, LISTED_COLUMNS
from gridgeo.model.zones import Zones

_NO_CODE = "-"
"""Stands for the code of a drawn zone that has none."""


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

    def n_buildings(self, tier: str, codes: Iterable[str]) -> int:
        """Different buildings in some zones of a tier together: one that is divided among them counts once."""
        inside = set(codes)
        for finer in self.tiers[self.tiers.index(tier) + 1 :]:
            zones = self.zones(finer)
            inside = set(zones.index[zones["parent"].isin(inside)])
        return different_buildings(self.buildings, inside)


def different_buildings(members: pd.DataFrame, finest: Iterable[str]) -> int:
    """How many buildings have a member in some of the finest zones.

    Parameters
    ----------
    members
        Reads: id, code.
    finest
        Codes of these zones.
    """
    return int(members.loc[members["code"].isin(list(finest)), "id"].nunique())


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
    code = table["code"].fillna(_NO_CODE).astype("string")
    measured = pd.array(shapely.area(shapes), dtype="Float64")
    table = table.assign(code=code, kind=table["kind"].fillna(GRID), area_m2=measured).set_geometry(
        gpd.GeoSeries(shapes, index=table.index, crs=table.crs)
    )
    listed = (
        None if counted is None or counted.buildings is None else counted.buildings.replace({"code": {"": _NO_CODE}})
    )
    return Zones(table[~table.geometry.is_empty].reset_index(drop=True), listed, zones.scheme)


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
    """Buildings of the site as members, with the code of their finest zone: as a check counted them, else where each stands."""
    there = buildings[~(buildings.geometry.isna() | buildings.geometry.is_empty)]
    listed = _by_place(there, drawn) if drawn.buildings is None else drawn.buildings
    known = listed[listed["id"].isin(there.index)]
    columns = {name: known[name].to_numpy() for name in LISTED_COLUMNS}
    table = gpd.GeoDataFrame(columns, geometry=there.geometry.reindex(known["id"]).to_numpy(), crs=buildings.crs)
    return table.astype(LISTED_COLUMNS).assign(name=there["name"].reindex(known["id"]).to_numpy())


def _by_place(buildings: gpd.GeoDataFrame, drawn: Zones) -> pd.DataFrame:
    """A list of buildings, each with the code of the finest zone that holds its middle."""
    finest = drawn.table[drawn.table["tier"] == drawn.tiers[-1]]
    points = shapely.point_on_surface(buildings.geometry.to_numpy())
    at, zone = shapely.STRtree(finest.geometry.to_numpy()).query(points, predicate="intersects")
    at, first = np.unique(at, return_index=True)
    code = pd.Series(pd.NA, index=range(len(buildings)), dtype="string")
    code[at] = finest["code"].to_numpy()[zone[first]]
    columns = {"id": buildings.index.astype("str"), "unit": pd.NA, "households": buildings["households"].to_numpy()}
    return pd.DataFrame({**columns, "code": code.to_numpy()})


def _fitting(drawn: Zones) -> Scheme | None:
    """The scheme, if the codes are built as it says."""
    scheme = drawn.scheme
    if scheme is None or set(drawn.tiers) - set(scheme.names):
        return None
    digits = drawn.table["tier"].map(scheme.digits)
    fits = (drawn.table["code"].str.len() == digits) & drawn.table["code"].str.isdigit()
    return scheme if fits.mean() > 0.5 else None

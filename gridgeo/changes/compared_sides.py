"""A plan or a drawing, as far as changes need it: who is in which finest zone, and what lies above it."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from gridgeo.coverage import Shapes, unite
from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.model import LISTED_COLUMNS, Plan, Site, Zones, refuse_other


class Side(NamedTuple):
    """One of the two that are compared."""

    members: pd.DataFrame
    """Columns of `LISTED_COLUMNS`: a row a building, or a part of a divided one."""
    buildings: gpd.GeoDataFrame
    """Indexed by id: name, geometry."""
    outlines: gpd.GeoSeries
    """Of the finest zones, indexed by code."""
    above: pd.DataFrame
    """Indexed by finest code: a column a tier with the code of its zone, coarse to fine."""

    def outlines_of(self, tier: str) -> gpd.GeoSeries:
        """Outlines of the zones of a tier."""
        if tier == self.above.columns[-1]:
            return self.outlines
        return unite(self.outlines, self.above[tier].reindex(self.outlines.index), exact=False)


def sides_of(old: Plan | Zones, new: Plan | Zones, site: Site | None) -> tuple[Side, Side]:
    """Both sides; buildings of a drawing are those of `site`, or else of the plan that is given beside it.

    Raises
    ------
    InputError
        If what is given is no plan and no zones, or nobody knows the buildings of a drawing.
    """
    for one in (old, new):
        if not isinstance(one, Plan):
            refuse_other("diff", Zones, one)
    known = site or next((one.site for one in (new, old) if isinstance(one, Plan)), None)
    return _side(old, known), _side(new, known)


def _side(one: Plan | Zones, site: Site | None) -> Side:
    return _of_plan(one) if isinstance(one, Plan) else _of_drawing(one, site)


def _of_plan(plan: Plan) -> Side:
    outlines = plan.zones(plan.scheme.finest.name).geometry
    above = {name: outlines.index.str[: plan.scheme.digits(name)] for name in plan.scheme.names}
    members = pd.DataFrame(plan.buildings[list(LISTED_COLUMNS)]).reset_index(drop=True)
    return Side(members, plan.site.buildings, outlines, pd.DataFrame(above, index=outlines.index))


def _of_drawing(zones: Zones, site: Site | None) -> Side:
    if site is None:
        raise InputError(say("diff_no_buildings"))
    tables = [_united(zones, name, site.buildings.crs) for name in zones.tiers]
    outlines = tables[-1]
    points = shapely.point_on_surface(outlines.to_numpy())
    above = {name: _where(points, table).to_numpy() for name, table in zip(zones.tiers[:-1], tables[:-1], strict=True)}
    above[zones.tiers[-1]] = outlines.index.to_numpy()  # where zones overlap, a point would not tell
    members = zones.buildings
    if members is None or members["code"].isna().all():
        members = _located(site.buildings, outlines)
    listed = members.dropna(subset="code").reset_index(drop=True)  # who is in no zone is in none here either
    return Side(listed, site.buildings, outlines, pd.DataFrame(above, index=outlines.index))


def _united(zones: Zones, tier: str, crs: object) -> gpd.GeoSeries:
    """Outlines by code, sound and in metres, whatever was drawn; a code that was drawn twice is one zone here."""
    shapes = zones.tier(tier).geometry.to_crs(crs).make_valid()
    united = shapes.groupby(level=0, sort=True).agg(lambda parts: parts.union_all())
    return gpd.GeoSeries(united, crs=crs)


def _where(points: Shapes, outlines: gpd.GeoSeries) -> pd.Series:
    """Code of the first zone in which each point lies."""
    at, zone = shapely.STRtree(outlines.to_numpy()).query(points, predicate="intersects")
    found = pd.Series(outlines.index.to_numpy()[zone], index=at, dtype="string").groupby(level=0).first()
    return found.reindex(range(len(points)))


def _located(buildings: gpd.GeoDataFrame, outlines: gpd.GeoSeries) -> pd.DataFrame:
    """Buildings as members of the zones in which they stand."""
    code = _where(shapely.point_on_surface(buildings.geometry.to_numpy()), outlines)
    table = {"id": buildings.index, "unit": pd.NA, "households": buildings["households"].array, "code": code.array}
    return pd.DataFrame(table).astype(LISTED_COLUMNS)

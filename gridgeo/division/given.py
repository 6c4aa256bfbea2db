"""Given zones: an outer division, drawn by somebody else, that is kept to the letter."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage.dissolve import unite
from gridgeo.coverage.precision import Shapes
from gridgeo.errors import CrsError, InputError, LandError
from gridgeo.messages import Text, say
from gridgeo.model.codes import COMMUNITY_DIGITS
from gridgeo.model.scheme import Scheme, refuse_other
from gridgeo.model.site import Site
from gridgeo.model.tables import CODE_NAMES
from gridgeo.model.zones import Zones

HAIRLINE_M = 0.01
"""Gaps, overlaps and overhangs of given zones that are narrower are the drawing's own blur [m]."""


class _Problem(NamedTuple):
    """One row of the table of an `InputError`."""

    layer: str
    row: int
    column: str
    value: str
    reason: str
    remedy: Text


def read_given(within: Zones | gpd.GeoDataFrame, site: Site, scheme: Scheme) -> gpd.GeoDataFrame:
    """Zones that are given as the coarsest tier of a scheme.

    Parameters
    ----------
    within
        Of zones the coarsest tier counts. A table has its codes in a column (code, 统一编码, 网格编码, 编码) or as its index.
    site
        Its communities have to be covered.

    Returns
    -------
    given
        In the CRS of the site, indexed by code, sorted: name, community, geometry (valid).

    Raises
    ------
    InputError
        If a code is no code of the tier under a community of the site, or the zones overlap, leave land uncovered or reach beyond
        their community by more than a hairline. `problems` tells which and where.
    CrsError
        If they state no CRS.
    """
    if len(scheme) < 2:
        raise InputError(say("within_one_tier", tier=scheme.finest.name))
    if not isinstance(within, Zones):
        refuse_other("within", gpd.GeoDataFrame, within)
    drawn = drawn_zones(within.tier(within.tiers[0]) if isinstance(within, Zones) else within)
    if drawn.crs is None:
        raise CrsError(say("within_no_crs"))
    drawn = drawn.to_crs(site.crs)
    shapes = np.asarray(drawn.geometry.array, dtype=object)
    _refuse(_wrong_codes(drawn, site, scheme) + _no_land(drawn))
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    given = gpd.GeoDataFrame(
        {"name": drawn["name"].to_numpy(), "community": drawn["code"].str[:COMMUNITY_DIGITS].to_numpy()},
        index=pd.Index(drawn["code"].to_numpy(dtype=str), name="code"),
        geometry=shapes,
        crs=site.crs,
    ).sort_index()
    _refuse(_overlaps(given) + _uncovered(given, site) + _overhangs(given, site))
    return given.astype({"name": "string", "community": "string"})


def place_in_given(cells: gpd.GeoDataFrame, given: gpd.GeoDataFrame) -> pd.Series:
    """Code of the given zone in which each cell lies, by a point inside the cell.

    Raises
    ------
    LandError
        If the cells of a zone do not make up the zone, but for a hairline; `where` is a point of the difference.
    """
    code = pd.Series("", index=cells.index, dtype="string")
    for community, rows in cells.groupby("community", sort=True).groups.items():
        zones = given[given["community"] == community]
        points = cells.loc[rows].geometry.representative_point().to_numpy()
        tree = shapely.STRtree(zones.geometry.to_numpy())
        # On the hairline between two zones there may be none, or two.
        at, zone = tree.query_nearest(points)
        first = np.unique(at, return_index=True)[1]
        code.loc[rows] = zones.index.to_numpy()[zone[first]]
    refuse_unmet(cells, code, given.geometry)
    return code


def refuse_unmet(cells: gpd.GeoDataFrame, code: pd.Series, zones: gpd.GeoSeries) -> None:
    """Refuse cells that do not make up the zones in which they lie.

    Parameters
    ----------
    code
        Zone of each cell.
    zones
        Indexed by code.

    Raises
    ------
    LandError
        If they differ by more than a hairline; `where` is a point of the difference.
    """
    land = unite(cells.geometry, code, exact=True).reindex(zones.index)
    for zone, differs in _difference(land, zones).items():
        wide = _wide(differs, 2 * HAIRLINE_M)
        if len(wide):
            x, y = shapely.get_coordinates(shapely.point_on_surface(wide[0]))[0]
            raise LandError(say("within_not_kept", code=zone, x=f"{x:.2f}", y=f"{y:.2f}"), (float(x), float(y)))


def _difference(one: gpd.GeoSeries, other: gpd.GeoSeries) -> pd.Series:
    """What lies in only one of two shapes, row by row; a missing shape is empty."""
    a, b = (np.where(s.isna(), shapely.Polygon(), s.to_numpy()) for s in (one, other))
    return pd.Series(shapely.symmetric_difference(a, b), index=one.index)


def drawn_zones(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A table of zones with the columns code, name, geometry; codes stand in a column (code, 统一编码 ...) or are the index."""
    known = [name for name in CODE_NAMES if name in table.columns]
    table = table.rename(columns={known[0]: "code"}) if known else table.rename_axis("code").reset_index()
    name = table["name"] if "name" in table.columns else pd.Series(pd.NA, index=table.index)
    code = table["code"].astype("string").fillna("")
    return gpd.GeoDataFrame({"code": code, "name": name.astype("string")}, geometry=table.geometry, crs=table.crs)


def _wrong_codes(drawn: gpd.GeoDataFrame, site: Site, scheme: Scheme) -> list[_Problem]:
    tier = scheme.tiers[0]
    digits = scheme.digits(tier.name)
    codes = drawn["code"]
    sound = codes.str.fullmatch(rf"\d{{{digits}}}") & ~codes.str[-tier.width :].str.fullmatch("0*")
    known = codes.str[:COMMUNITY_DIGITS].isin(site.communities.index)
    twice = codes.duplicated(keep=False) & sound & known
    remedies = (
        (~sound, "within_code", say("within_code", tier=tier.name, digits=digits)),
        (sound & ~known, "within_community", say("within_community", known=", ".join(site.communities.index[:3]))),
        (twice, "within_twice", say("within_twice")),
    )
    return [
        _Problem("within", int(row), "code", str(codes.iloc[row]), reason, remedy)
        for wrong, reason, remedy in remedies
        for row in np.flatnonzero(wrong.to_numpy(dtype=bool))
    ]


def _no_land(drawn: gpd.GeoDataFrame) -> list[_Problem]:
    flat = (shapely.get_dimensions(drawn.geometry.array) != 2) | drawn.geometry.is_empty.to_numpy()
    return [
        _Problem("within", int(row), "geometry", str(drawn["code"].iloc[row]), "within_no_land", say("within_no_land"))
        for row in np.flatnonzero(flat)
    ]


def _overlaps(given: gpd.GeoDataFrame) -> list[_Problem]:
    shapes = given.geometry.to_numpy()
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = sorted(zip(a[a < b].tolist(), b[a < b].tolist(), strict=True))
    return [
        problem
        for i, j in pairs
        for problem in _problems(
            "within_overlap", f"{given.index[i]}, {given.index[j]}", shapely.intersection(shapes[i], shapes[j]), i
        )
    ]


def _uncovered(given: gpd.GeoDataFrame, site: Site) -> list[_Problem]:
    covered = shapely.union_all(given.geometry.to_numpy())
    return [
        problem
        for community, land in site.communities.geometry.sort_index().items()
        for problem in _problems("within_gap", str(community), shapely.difference(land, covered), -1)
    ]


def _overhangs(given: gpd.GeoDataFrame, site: Site) -> list[_Problem]:
    land = site.communities.geometry.loc[given["community"]].to_numpy()
    beyond = shapely.difference(given.geometry.to_numpy(), land)
    return [
        problem
        for row, (code, shape) in enumerate(zip(given.index, beyond, strict=True))
        for problem in _problems("within_outside", str(code), shape, row)
    ]


def _problems(reason: str, value: str, shape: shapely.Geometry, row: int) -> list[_Problem]:
    """One problem for all of a shape that is wider than a hairline: how much there is, and where the largest part lies."""
    wide = _wide(shape, HAIRLINE_M)
    if not len(wide):
        return []
    area = shapely.area(wide)
    x, y = shapely.get_coordinates(shapely.point_on_surface(wide[np.argmax(area)]))[0]
    remedy = say(reason, area=f"{area.sum():.1f}", n=len(wide), x=f"{x:.2f}", y=f"{y:.2f}")
    return [_Problem("within", row, "geometry", value, reason, remedy)]


def _wide(shape: shapely.Geometry, width_m: float) -> Shapes:
    """Parts that are wider than this somewhere."""
    parts = shapely.get_parts(shape)
    wide: Shapes = parts[~shapely.is_empty(shapely.buffer(parts, -width_m / 2))]
    return wide


def _refuse(problems: list[_Problem]) -> None:
    if not problems:
        return
    table = pd.DataFrame(problems, columns=list(_Problem._fields))
    table["row"] = table["row"].astype("Int64").mask(table["row"] < 0)
    first = "; ".join(f"{problem.value}" for problem in problems[:5])
    raise InputError(say("within_unusable", n=len(problems), first=first), table)

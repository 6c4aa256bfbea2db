"""Zones that are drawn: an outer division that is kept to the letter, and zones that stay while the rest is divided anew."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage import Shapes
from gridgeo.division.request.asked import Request
from gridgeo.division.request.refusals import refuse_given_counts, refuse_unknown_codes
from gridgeo.errors import CrsError, InputError
from gridgeo.messages import Text, say
from gridgeo.model import BORDER_M, COLUMN_NAMES, COMMUNITY_DIGITS, ZONES, Scheme, Site, Zones, columns_named

HAIRLINE_M = BORDER_M
"""Gaps, overlaps and overhangs of given zones that are narrower are the drawing's own blur [m]."""


class Drawings(NamedTuple):
    """Zones of a request, in the CRS of the site.

    Parameters
    ----------
    given
        Zones that are kept to the letter, indexed by code, sorted: name, community, geometry; None if there are none.
    kept
        Zones to be kept that are drawn, indexed by code; None if they are told by code only.
    codes
        Codes of the zones to be kept.
    earlier
        Names of the zones of the plan whose cells are divided again, by code; None where there is no such plan.
    """

    given: gpd.GeoDataFrame | None
    kept: gpd.GeoDataFrame | None
    codes: tuple[str, ...]
    earlier: pd.Series | None = None

    @property
    def drawn(self) -> gpd.GeoSeries | None:
        """All shapes whose borders cells have to follow; None if there are none."""
        shapes = [zones.geometry for zones in (self.given, self.kept) if zones is not None]
        return gpd.GeoSeries(pd.concat(shapes)) if shapes else None

    @property
    def names(self) -> pd.Series | None:
        """Names of zones that are given or kept, by code; None where no name is known."""
        drawn = [zones["name"] for zones in (self.given, self.kept) if zones is not None]
        if self.earlier is not None and self.codes:
            below = self.earlier.index.astype("str").str.startswith(self.codes)
            drawn.append(self.earlier[below])
        names = pd.concat(drawn).dropna() if drawn else pd.Series([], dtype="string")
        return None if names.empty else names[~names.index.duplicated()].astype("string")


class _Problem(NamedTuple):
    """One row of the table of an `InputError`."""

    layer: str
    row: int
    column: str
    value: str
    reason: str
    remedy: Text


def read_drawings(request: Request, site: Site) -> Drawings:
    """Zones that are given or kept.

    Raises
    ------
    InputError, CrsError
        As `read_given` and `read_kept`; if the given tier has another count than there are zones in a community.
    """
    given = None if request.within is None else read_given(request.within, site, request.scheme)
    if given is not None:
        refuse_given_counts(given, request.scheme.tiers[0])
    if isinstance(request.keep, Zones | gpd.GeoDataFrame):
        kept = read_kept(request.keep, site, request.scheme)
        return Drawings(given, kept, tuple(kept.index))
    codes = tuple(request.keep)
    refuse_unknown_codes(codes, request.scheme)
    return Drawings(given, None, codes)


def read_given(within: Zones | gpd.GeoDataFrame, site: Site, scheme: Scheme) -> gpd.GeoDataFrame:
    """Zones that are given as the coarsest tier of a scheme.

    Parameters
    ----------
    within
        Of zones the coarsest tier counts. A table has its codes in a column (code, 统一编码, 网格编码 ...) or as its index.
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


def read_kept(keep: Zones | gpd.GeoDataFrame, site: Site, scheme: Scheme) -> gpd.GeoDataFrame:
    """Zones to be kept that are drawn, of any tier, in the CRS of the site, indexed by code, sorted.

    Raises
    ------
    InputError
        If their codes are none of the scheme.
    CrsError
        If they state no CRS.
    """
    drawn = drawn_zones(keep.table if isinstance(keep, Zones) else keep)
    if drawn.crs is None:
        raise CrsError(say("keep_no_crs"))
    kept = drawn.to_crs(site.crs).set_index("code")
    refuse_unknown_codes(kept.index, scheme)
    return kept.sort_index()


def drawn_zones(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A table of zones with the columns code, name, geometry; codes stand in a column (code, 统一编码 ...) or are the index."""
    known = columns_named(table.columns, COLUMN_NAMES[ZONES]["code"])
    table = table.rename(columns={known[0]: "code"}) if known else table.rename_axis("code").reset_index()
    named = columns_named(table.columns, COLUMN_NAMES[ZONES]["name"])
    name = table[named[0]] if named else pd.Series(pd.NA, index=table.index)
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
            "within_overlap", f"{given.index[i]}, {given.index[j]}", shapely.intersection(shapes[i], shapes[j]), row=i
        )
    ]


def _uncovered(given: gpd.GeoDataFrame, site: Site) -> list[_Problem]:
    covered = shapely.union_all(given.geometry.to_numpy())
    return [
        problem
        for community, land in site.communities.geometry.sort_index().items()
        for problem in _problems("within_gap", str(community), shapely.difference(land, covered), row=-1)
    ]


def _overhangs(given: gpd.GeoDataFrame, site: Site) -> list[_Problem]:
    land = site.communities.geometry.loc[given["community"]].to_numpy()
    beyond = shapely.difference(given.geometry.to_numpy(), land)
    return [
        problem
        for row, (code, shape) in enumerate(zip(given.index, beyond, strict=True))
        for problem in _problems("within_outside", str(code), shape, row=row)
    ]


def _problems(reason: str, value: str, shape: shapely.Geometry, *, row: int) -> list[_Problem]:
    """One problem for all of a shape that is wider than a hairline: how much there is, and where the largest part lies."""
    wide = wide_parts(shape, HAIRLINE_M)
    if not len(wide):
        return []
    area = shapely.area(wide)
    x, y = shapely.get_coordinates(shapely.point_on_surface(wide[np.argmax(area)]))[0]
    remedy = say(reason, area=f"{area.sum():.1f}", n=len(wide), x=f"{x:.2f}", y=f"{y:.2f}")
    return [_Problem("within", row, "geometry", value, reason, remedy)]


def wide_parts(shape: shapely.Geometry, width_m: float) -> Shapes:
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

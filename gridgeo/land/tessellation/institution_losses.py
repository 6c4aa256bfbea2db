"""What became of institutions: those that got no land, or less than their outline, and the footprints that they cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage import first_by, to_precision_grid
from gridgeo.land.account import NOTICED_SHARE, AccountLine
from gridgeo.land.inputs import (
    InstitutionPoints,
    LandInputs,
    MemberFootprints,
    building_under,
    institution_points,
    is_point,
    layer_and_id,
    polygons_of_layer,
    whole_buildings,
)
from gridgeo.model import LAND, Site


class _LandLoss(NamedTuple):
    """Why an institution has no land, in which community."""

    reason: str
    detail: str | None = None
    community: str | None = None


def institution_lines(inputs: LandInputs, cells: gpd.GeoDataFrame) -> Iterator[AccountLine]:
    """Lines of the account: institutions without land, or with less than their outline, and buildings on outlines.

    They stand in the layers that the institutions are from.
    """
    lost = without_land(inputs.site, cells, inputs.buildings)
    for institution, reason, detail in lost[["reason", "detail"]].itertuples():
        layer, key = layer_and_id(institution)
        yield AccountLine(layer, reason, key, detail)
    for institution, shares in _short_of_land(inputs.site, cells):
        layer, key = layer_and_id(institution)
        yield AccountLine(layer, "institution_part", key, shares)
    for building, shares in _cut_footprints(inputs, cells):
        yield AccountLine("buildings", "institution_footprint", building, shares)


def without_land(site: Site, cells: gpd.GeoDataFrame, buildings: MemberFootprints | None = None) -> pd.DataFrame:
    """Institutions that have no cell, and why.

    Parameters
    ----------
    site
        Reads: institutions, buildings.
    cells
        Reads: community, kind, institution, members, households, geometry.
    buildings
        Whole buildings; read from the site if left out.

    Returns
    -------
    lost
        Indexed by institution, sorted. `reason`: institution_outside (in no community), institution_small (nothing of it is left at
        the precision of the land), institution_taken (another's land; detail: which), institution_in_water, institution_homes (a
        point where people live; detail: cell, households), institution_in_building (a polygon in a footprint that lies elsewhere
        for the most part; detail: cell). `detail`; `community`, `<NA>` outside all.
    """
    layer = site.layer("institutions").sort_index(kind="stable")
    lost = layer[~layer.index.isin(cells["institution"].dropna())]
    polygons = lost[lost.geom_type != "Point"]
    points = institution_points(lost)
    rows: list[_LandLoss] = []
    if len(lost):
        land = shapely.STRtree(cells.geometry.to_numpy())
        rows += [_lost_polygon(shape, cells, land) for shape in polygons.geometry]
    if len(points.ids):
        rows += _lost_points(points, buildings or whole_buildings(site.buildings), cells)
    names = pd.Index([*polygons.index, *points.ids], dtype="str", name="id")
    return pd.DataFrame(rows, names, ["reason", "detail", "community"], dtype="string").sort_index()


def _short_of_land(site: Site, cells: gpd.GeoDataFrame) -> Iterable[tuple[str, str]]:
    """Institutions that have less land than their outline holds: their share of it, then those of other institutions.

    Parameters
    ----------
    site
        Reads: institutions.
    cells
        Reads: institution, geometry.
    """
    outlines = polygons_of_layer(site.layer("institutions"))
    land = cells[cells["institution"].notna()]
    row, cell = shapely.STRtree(land.geometry.to_numpy()).query(outlines.to_numpy(), predicate="intersects")
    shared = shapely.intersection(outlines.to_numpy()[row], land.geometry.to_numpy()[cell])
    table = pd.DataFrame(
        {
            "id": outlines.index.to_numpy(dtype=object)[row],
            "owner": land["institution"].to_numpy(dtype=object)[cell],
            "share": shapely.area(shared) / outlines.area.to_numpy()[row],
        }
    )
    table = table.groupby(["id", "owner"], sort=True)["share"].sum().reset_index()
    table["other"] = table["owner"] != table["id"]
    table = table[(table["share"] >= NOTICED_SHARE) | ~table["other"]]
    table = table.sort_values(["id", "other", "share", "owner"], ascending=[True, True, False, True])
    for institution, shares in table.groupby("id", sort=True):
        if not shares["other"].iloc[0] and shares["share"].iloc[0] < 1 - NOTICED_SHARE:
            names = shares["owner"].where(shares["other"], "")
            texts = [f"{name} {share:.0%}".strip() for name, share in zip(names, shares["share"], strict=True)]
            yield str(institution), "; ".join(texts)


def _cut_footprints(inputs: LandInputs, cells: gpd.GeoDataFrame) -> Iterable[tuple[str, str]]:
    """Buildings through which the outline of an institution leads, and the shares of their footprints inside and outside it.

    Parameters
    ----------
    cells
        Reads: institution.
    """
    buildings, institutions = inputs.buildings, inputs.institutions
    flat = is_point(buildings.shapes)
    ids, shapes = buildings.ids[~flat], buildings.shapes[~flat]
    landed = pd.Index(institutions.ids).isin(cells["institution"].dropna())
    names, outlines = institutions.ids[landed], institutions.shapes[landed]
    outline, k = shapely.STRtree(shapes).query(shapely.boundary(outlines), predicate="intersects")
    inside = shapely.area(shapely.intersection(shapes[k], outlines[outline])) / shapely.area(shapes[k])
    table = pd.DataFrame({"building": ids[k], "institution": names[outline], "share": inside})
    table = table[table["share"].between(NOTICED_SHARE, 1 - NOTICED_SHARE)].sort_values(["building", "institution"])
    for building, institution, share in table.itertuples(index=False):
        yield building, f"{institution} {share:.0%}; {1 - share:.0%}"


def _lost_polygon(shape: shapely.Geometry, cells: gpd.GeoDataFrame, land: shapely.STRtree) -> _LandLoss:
    """Why a polygon has no land; `land` is a tree of the cells."""
    outline = to_precision_grid(np.array([shape], dtype=object))[0]
    near = np.sort(land.query(shape, predicate="intersects"))
    area = shapely.area(shapely.intersection(cells.geometry.to_numpy()[near], outline))
    if len(near) == 0 or (area.sum() == 0 and shapely.area(outline) > 0):
        return _LandLoss("institution_outside")
    most = near[np.argmax(area)]
    community, owner = cells["community"].iloc[most], cells["institution"].iloc[near[area > 0]]
    if area.sum() == 0:
        return _LandLoss("institution_small", None, community)
    if 2 * area[area > 0][owner.notna()].sum() > area.sum():
        return _LandLoss("institution_taken", "; ".join(sorted(set(owner.dropna()))), community)
    return _LandLoss("institution_in_building", str(cells.index[most]), community)


def _lost_points(points: InstitutionPoints, buildings: MemberFootprints, cells: gpd.GeoDataFrame) -> list[_LandLoss]:
    """Why each institution given as a point has no land; none of them has any."""
    seat = {member.building: k for k, members in enumerate(cells["members"]) for member in members}
    at = np.full(len(points.ids), -1)
    point, cell = shapely.STRtree(cells.geometry.to_numpy()).query(points.shapes, predicate="intersects")
    first = first_by(point, cell)
    at[point[first]] = cell[first]
    point, building = building_under(points, buildings.shapes)
    at[point] = [seat.get(name, -1) for name in buildings.building[building]]
    return [_LandLoss("institution_outside") if k < 0 else _lost_in(cells, k) for k in at.tolist()]


def _lost_in(cells: gpd.GeoDataFrame, k: int) -> _LandLoss:
    """Why an institution given as a point does not have the cell, given by its row, in which it lies."""
    kind, owner, community, households = cells.iloc[k][["kind", "institution", "community", "households"]]
    if pd.notna(owner):
        return _LandLoss("institution_taken", str(owner), community)
    if kind == LAND:
        return _LandLoss("institution_homes", f"{cells.index[k]}: {households}", community)
    return _LandLoss("institution_in_water", str(cells.index[k]), community)

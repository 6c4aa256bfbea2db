"""Land of institutions: their own polygons, or the compound, the building or the cell under a point; and what became of them.

An institution given as a polygon has the land in its outline. Of overlapping ones the smallest has it; across a border of
communities, the community with most of it; and a footprint on the outline stays whole. One given as a point takes the cell of the
building under it, if nobody else lives there; where there is none, its compound, if nobody lives in it; else the cell in which it
lies (of the nearest building, or open land), if nobody lives in that. So it never takes land on which others live.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage import Flags, Ints, Shapes, first_by, to_precision_grid
from gridgeo.land.account.land_ownership import NOTICED_SHARE
from gridgeo.land.inputs.layer_geometry import polygons_of_layer
from gridgeo.land.inputs.member_footprints import Items, is_point, whole_items
from gridgeo.land.inputs.walled_compounds import compounds_of
from gridgeo.model.site import Site

PICKED = ("landuse", "pois")
"""Layers from which institutions are picked by class; their ids begin with the layer's name and a colon."""


class Grounds(NamedTuple):
    """Polygons that are cut out as the land of institutions."""

    ids: Shapes
    shapes: Shapes


class Posts(NamedTuple):
    """Institutions given as points, sorted by id."""

    ids: Shapes
    points: Shapes


class _Loss(NamedTuple):
    """Why an institution has no land, in which community."""

    reason: str
    detail: str | None = None
    community: str | None = None


def grounds_of(site: Site, items: Items) -> Grounds:
    """Polygons of institutions, and compounds that an institution given as a point takes.

    A compound is taken by the first point in it under which there is no building, if no household lives in the compound.
    """
    given = polygons_of_layer(site.layer("institutions"))
    posts = posts_of(site.layer("institutions"))
    if len(posts.ids) == 0:
        return Grounds(given.index.to_numpy(dtype=object), np.asarray(given.array, dtype=object))
    footprints = items.shapes[~is_point(items.shapes)]
    in_building, _ = shapely.STRtree(footprints).query(posts.points, predicate="intersects")
    free = np.delete(np.arange(len(posts.ids)), np.unique(in_building))
    compounds = polygons_of_layer(compounds_of(site))
    shapes = np.asarray(compounds.array, dtype=object)
    shapes = shapes[~_lived_in(shapes, items)]
    post, compound = shapely.STRtree(shapes).query(posts.points[free], predicate="intersects")
    smallest = first_by(post, shapely.area(shapes)[compound], compound)
    post, compound = post[smallest], compound[smallest]
    taken = first_by(compound, post)
    ids = np.concatenate([given.index.to_numpy(dtype=object), posts.ids[free[post[taken]]]])
    return Grounds(ids, np.concatenate([np.asarray(given.array, dtype=object), shapes[compound[taken]]]))


def posts_of(institutions: gpd.GeoDataFrame) -> Posts:
    """Institutions given as points."""
    rows = institutions[institutions.geom_type == "Point"].sort_index(kind="stable")
    return Posts(rows.index.to_numpy(dtype=object), np.asarray(rows.geometry.array, dtype=object))


def _lived_in(compounds: Shapes, items: Items) -> Flags:
    """Compounds in which at least half of a building with households lies."""
    lived = np.zeros(len(compounds), dtype=bool)
    homes = items.shapes[items.counted() > 0]
    home, compound = shapely.STRtree(compounds).query(homes, predicate="intersects")
    share = shapely.area(shapely.intersection(homes[home], compounds[compound]))
    lived[compound[2 * share >= shapely.area(homes[home])]] = True
    return lived


def building_under(posts: Posts, shapes: Shapes) -> tuple[Ints, Ints]:
    """Rows of posts and of the smallest footprint under each, where there is one."""
    polygons = np.flatnonzero(~is_point(shapes))
    post, k = shapely.STRtree(shapes[polygons]).query(posts.points, predicate="intersects")
    smallest = first_by(post, shapely.area(shapes[polygons])[k], k)
    return post[smallest], polygons[k[smallest]]


def layer_and_id(institution: str) -> tuple[str, str]:
    """The layer in which an institution stands, and its id there: one picked by class bears both (``pois:17``)."""
    layer, colon, key = institution.partition(":")
    return (layer, key) if colon and layer in PICKED else ("institutions", institution)


def without_land(site: Site, cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """Institutions that have no cell, and why.

    Parameters
    ----------
    site
        Reads: institutions, buildings.
    cells
        Reads: community, kind, institution, members, households, geometry.

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
    posts = posts_of(lost)
    land = shapely.STRtree(cells.geometry.to_numpy())
    rows = [_lost_polygon(shape, cells, land) for shape in polygons.geometry]
    rows += _lost_posts(posts, site, cells) if len(posts.ids) else []
    names = pd.Index([*polygons.index, *posts.ids], dtype="str", name="id")
    return pd.DataFrame(rows, names, ["reason", "detail", "community"], dtype="string").sort_index()


def short_of_land(site: Site, cells: gpd.GeoDataFrame) -> Iterable[tuple[str, str]]:
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


def cut_footprints(items: Items, grounds: Grounds, cells: gpd.GeoDataFrame) -> Iterable[tuple[str, str]]:
    """Buildings through which the outline of an institution leads, and the shares of their footprints inside and outside it.

    Parameters
    ----------
    cells
        Reads: institution.
    """
    flat = is_point(items.shapes)
    ids, shapes = items.ids[~flat], items.shapes[~flat]
    landed = pd.Index(grounds.ids).isin(cells["institution"].dropna())
    names, outlines = grounds.ids[landed], grounds.shapes[landed]
    ground, k = shapely.STRtree(shapes).query(shapely.boundary(outlines), predicate="intersects")
    inside = shapely.area(shapely.intersection(shapes[k], outlines[ground])) / shapely.area(shapes[k])
    table = pd.DataFrame({"building": ids[k], "institution": names[ground], "share": inside})
    table = table[table["share"].between(NOTICED_SHARE, 1 - NOTICED_SHARE)].sort_values(["building", "institution"])
    for building, institution, share in table.itertuples(index=False):
        yield building, f"{institution} {share:.0%}; {1 - share:.0%}"


def _lost_polygon(shape: shapely.Geometry, cells: gpd.GeoDataFrame, land: shapely.STRtree) -> _Loss:
    """Why a polygon has no land; `land` is a tree of the cells."""
    outline = to_precision_grid(np.array([shape], dtype=object))[0]
    near = np.sort(land.query(shape, predicate="intersects"))
    area = shapely.area(shapely.intersection(cells.geometry.to_numpy()[near], outline))
    if len(near) == 0 or (area.sum() == 0 and shapely.area(outline) > 0):
        return _Loss("institution_outside")
    most = near[np.argmax(area)]
    community, owner = cells["community"].iloc[most], cells["institution"].iloc[near[area > 0]]
    if area.sum() == 0:
        return _Loss("institution_small", None, community)
    if 2 * area[area > 0][owner.notna()].sum() > area.sum():
        return _Loss("institution_taken", "; ".join(sorted(set(owner.dropna()))), community)
    return _Loss("institution_in_building", str(cells.index[most]), community)


def _lost_posts(posts: Posts, site: Site, cells: gpd.GeoDataFrame) -> list[_Loss]:
    """Why each institution given as a point has no land; none of them has any."""
    seat = {member.building: k for k, members in enumerate(cells["members"]) for member in members}
    at = np.full(len(posts.ids), -1)
    post, cell = shapely.STRtree(cells.geometry.to_numpy()).query(posts.points, predicate="intersects")
    first = first_by(post, cell)
    at[post[first]] = cell[first]
    items = whole_items(site.buildings)
    post, item = building_under(posts, items.shapes)
    at[post] = [seat.get(building, -1) for building in items.building[item]]
    out = []
    for k in at.tolist():
        if k < 0:
            out.append(_Loss("institution_outside"))
            continue
        kind, owner, community, households = cells.iloc[k][["kind", "institution", "community", "households"]]
        if pd.notna(owner):
            out.append(_Loss("institution_taken", str(owner), community))
        elif kind == "land":
            out.append(_Loss("institution_homes", f"{cells.index[k]}: {households}", community))
        else:
            out.append(_Loss("institution_in_water", str(cells.index[k]), community))
    return out

"""What blocks and cells did to the layers, as lines of the account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.land.enclosing import dangles
from gridgeo.land.institutions import NOTICED, cut_footprints, layer_and_id, short_of_land, without_land
from gridgeo.land.items import Items, is_point
from gridgeo.land.planar import APART, meeting, rows_by
from gridgeo.land.survey import FEW, Survey, surveyed
from gridgeo.site import ACCOUNT_COLUMNS, Site

Line = tuple[str, str, object, object]
"""Layer, reason, id, detail."""

INSTITUTIONS = (
    "institution_outside",
    "institution_small",
    "institution_taken",
    "institution_in_water",
    "institution_homes",
    "institution_in_building",
    "institution_part",
    "institution_footprint",
)

REASONS = (
    "dead_ends",
    "strips_joined",
    "deck_cut",
    "footprint_shared",
    "in_water",
    "water_built_on",
    "hole_closed",
    *INSTITUTIONS,
)
"""Reasons of the lines that land adds to an account."""


def accounted(site: Site, blocks: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, *, survey: Survey | None = None) -> Site:
    """The site with what dividing its land did at the end of its account, in place of what an earlier division did."""
    read = site.account.reindex(columns=list(ACCOUNT_COLUMNS)).astype(ACCOUNT_COLUMNS)
    read = read[~read["reason"].isin(REASONS).fillna(value=False)]
    return replace(site, account=pd.concat([read, account(site, blocks, cells, survey=survey)], ignore_index=True))


def account(
    site: Site, blocks: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, *, survey: Survey | None = None
) -> pd.DataFrame:
    """Lines for what dividing the land did to what was read; they count no rows and no households.

    Parameters
    ----------
    site
        Layers in metres.
    blocks
        What `blocks` gives. Reads: community, absorbed, deck, geometry.
    cells
        What `cells` gives. Reads: community, block, kind, institution, households, members, geometry.
    survey
        What `surveyed` gives of the site, if it is known already.

    Returns
    -------
    lines
        Columns of `gridgeo.site.ACCOUNT_COLUMNS`, all accepted. Reasons: dead_ends (one line a community: number of loose ends of
        lines, metres), strips_joined (one a community: number of strips, of blocks that took them), deck_cut (one a deck: place,
        area), footprint_shared (one a building of which a hundredth or more lies in another block than its cell: blocks
        and shares, the one with its cell first, then by size), in_water (one a building on water or railway land that bears few:
        place), water_built_on (one a polygon that bears more: place, number of buildings), hole_closed (one a hole
        of a wall that a block is closed across: place, width). Of institutions, in the layers that they
        are from: the reasons of `without_land`; institution_part (one an institution with less than its outline: its share, others
        that have of it); institution_footprint (one a building on an outline: institution, shares of the footprint in and out).
    """
    survey = survey or surveyed(site)
    done = [
        _dead_ends(site, survey),
        _strips(blocks),
        _decks(blocks),
        _shared(survey.items, blocks, cells),
        _in_water(survey),
        _institutions(site, survey, cells),
        _holes(survey, blocks),
    ]
    lines = [line for part in done for line in part]
    table = pd.DataFrame(lines, columns=["layer", "reason", "id", "detail"])
    table = table.assign(status="accepted", row=pd.NA, rows=0, households=pd.NA)
    return table[list(ACCOUNT_COLUMNS)].astype(ACCOUNT_COLUMNS)


def _dead_ends(site: Site, survey: Survey) -> Iterable[Line]:
    for code, metres in dangles(site, survey=survey).groupby("community", sort=True)["length_m"]:
        yield "streets", "dead_ends", pd.NA, f"{code}: {len(metres)}, {metres.sum():.0f} m"


def _strips(blocks: gpd.GeoDataFrame) -> Iterable[Line]:
    taken = blocks[blocks["absorbed"] > 0]
    for code, strips in taken.groupby("community", sort=True)["absorbed"]:
        yield "streets", "strips_joined", pd.NA, f"{code}: {strips.sum()} / {len(strips)}"


def _decks(blocks: gpd.GeoDataFrame) -> Iterable[Line]:
    decks = blocks[blocks["deck"].to_numpy(dtype=bool)].sort_index()
    for point, area in zip(decks.representative_point(), decks.area, strict=True):
        yield "streets", "deck_cut", pd.NA, f"{_place(point)} {area:.0f} m2"


def _shared(items: Items, blocks: gpd.GeoDataFrame, cells: gpd.GeoDataFrame) -> Iterable[Line]:
    """Buildings of which a part lies in another block than their cell."""
    flat = is_point(items.shapes)
    ids, shapes = items.ids[~flat], items.shapes[~flat]
    land = np.asarray(blocks.geometry.array, dtype=object)
    block, near = meeting(shapely.STRtree(shapes), shapely.boundary(land), "intersects")
    share = shapely.area(shapely.intersection(shapes[near], land[block])) / shapely.area(shapes[near])
    parts = pd.DataFrame({"building": ids[near], "block": blocks.index.to_numpy(dtype=object)[block], "share": share})
    parts["own"] = parts["block"] == parts["building"].map(_homes(cells))
    parts = parts[parts["own"] | (parts["share"] >= NOTICED)]
    parts = parts[parts["building"].isin(parts.loc[~parts["own"], "building"])]
    parts = parts.sort_values(["building", "own", "share", "block"], ascending=[True, False, False, True])
    for building, shares in parts.groupby("building", sort=True):
        texts = [f"{block} {share:.0%}" for block, share in zip(shares["block"], shares["share"], strict=True)]
        yield "buildings", "footprint_shared", building, "; ".join(texts)


def _in_water(survey: Survey) -> Iterable[Line]:
    """Buildings, and polygons with more than a few of them, where water or railway land should be."""
    items = survey.items
    leaves = {"water": survey.leaves.water, "landuse": survey.leaves.railway}
    middles = shapely.point_on_surface(items.shapes)
    for layer, shapes in leaves.items():
        leaf, item = shapely.STRtree(middles).query(shapes, predicate="intersects")
        for k, rows in enumerate(rows_by(leaf, len(shapes))):
            if len(rows) > FEW:
                yield layer, "water_built_on", pd.NA, f"{_place(shapely.point_on_surface(shapes[k]))} {len(rows)}"
                continue
            for row in item[rows]:
                yield "buildings", "in_water", items.ids[row], _place(middles[row])


def _institutions(site: Site, survey: Survey, cells: gpd.GeoDataFrame) -> Iterable[Line]:
    """Institutions that have no land or less than their outline, in the layers that they are from, and buildings on outlines."""
    for institution, reason, detail in without_land(site, cells)[["reason", "detail"]].itertuples():
        layer, key = layer_and_id(institution)
        yield layer, reason, key, detail
    for institution, shares in short_of_land(site, cells):
        layer, key = layer_and_id(institution)
        yield layer, "institution_part", key, shares
    for building, shares in cut_footprints(survey.items, survey.grounds, cells):
        yield "buildings", "institution_footprint", building, shares


def _holes(survey: Survey, blocks: gpd.GeoDataFrame) -> Iterable[Line]:
    """Holes of walls across which the border of a block leads."""
    holes = survey.walls.holes
    middles = shapely.line_interpolate_point(holes, 0.5, normalized=True)
    borders = shapely.boundary(np.asarray(blocks.geometry.array, dtype=object))
    closed = np.unique(shapely.STRtree(middles).query(borders, predicate="dwithin", distance=APART)[1])
    for middle, width in zip(middles[closed], shapely.length(holes[closed]), strict=True):
        yield "barriers", "hole_closed", pd.NA, f"{_place(middle)} {width:.2f} m"


def _place(point: shapely.Point) -> str:
    return f"({point.x:.2f}, {point.y:.2f})"


def _homes(cells: gpd.GeoDataFrame) -> dict[str, str]:
    """Block of the cell of each building."""
    return {
        member.building: block
        for block, members in zip(cells["block"], cells["members"], strict=True)
        for member in members
    }

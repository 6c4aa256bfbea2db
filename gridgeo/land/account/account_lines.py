"""What blocks and cells did to the layers, as lines of the account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.barriers import are_closed, shapes_of
from gridgeo.coverage import APART, polygon_at
from gridgeo.land.account.land_ownership import SHARING, Elsewhere, Outside, Shared, Yielded, held, parted, sharing
from gridgeo.land.account.named_lines import Landmarks, across, between, landmarks_of, places
from gridgeo.land.enclosures.block_table import LAND, dangles
from gridgeo.land.inputs.institution_land import cut_footprints, layer_and_id, short_of_land, without_land
from gridgeo.land.inputs.land_inputs import Survey, surveyed
from gridgeo.land.inputs.member_footprints import Items
from gridgeo.land.tessellation.cell_table import RETRIED
from gridgeo.model.site import Site
from gridgeo.model.tables import ACCOUNT_COLUMNS

Line = tuple[str, str, object, object]
"""Layer, reason, id, detail."""

INSTITUTIONS = (
    *("institution_outside", "institution_small", "institution_taken", "institution_in_water"),
    *("institution_homes", "institution_in_building", "institution_part", "institution_footprint"),
)

REASONS = (
    *("dead_ends", "hole_closed", "strips_joined", "deck_cut", "water_built_on", "in_water", *INSTITUTIONS),
    *("footprint_crossed", "footprint_shared", "footprint_outside", "footprint_overlap"),
    *(*SHARING, "tower_cut", "block_noded_anew", "block_without_walls", "block_one_cell"),
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

    Parts of footprints are told from a hundredth of the footprint or 1 m2 on. Places are in metres; sides are N, NE, E and so on.

    Parameters
    ----------
    site
        Layers in metres.
    blocks
        What `blocks` gives. Reads: absorbed, deck, crossed, geometry.
    cells
        What `cells` gives. Reads: community, block, kind, institution, households, members, geometry.
    survey
        What `surveyed` gives of the site, if it is known already.

    Returns
    -------
    lines
        Columns of `gridgeo.model.site.ACCOUNT_COLUMNS`, all accepted. In this order, each reason by place or by id:

        * dead_ends, one a line that leads nowhere: place of its loose end, length; hole_closed, one a hole of a wall that a block
          is closed across: place, width; strips_joined, one a block that took strips of
          land: place, number of strips; deck_cut, one a deck: place, area
        * water_built_on, one a polygon of water or railway land that turned to land: place, number of buildings; in_water, one a
          building that was given land of its own in one: place
        * in the layers that institutions are from: the reasons of `without_land`; institution_part, one an institution with less
          than its outline: its share, others that have of it; institution_footprint, one a building on an outline: institution,
          shares of the footprint in and out
        * footprint_crossed, one a building that a border went round: shares on its own side and beyond, name of the line or
          place; footprint_shared, one a building that holds land in another block, or beyond a given line: its name, share in
          its own cells, and each share elsewhere with its side and the name of the line between, or its place, and its
          community if that is another; footprint_outside, one a building that reaches out of all communities: share
        * footprint_overlap, one a building of which others hold land: id of each, area, share
        * footprint_duplicate, points_together, point_in_footprint, cell_joined, one a building in the cell of another: id of that
        * tower_cut, one a building: number of its parts, and how many by units, floors or equal parts
        * block_noded_anew, block_without_walls, block_one_cell, one a block whose land could not be shared out at once, by the way
          that held (`gridgeo.land.voronoi.sharing`) and its id: place
    """
    survey = survey or surveyed(site)
    items, marks = survey.items, landmarks_of(site)
    of = held(items, cells)
    yielded, elsewhere, outside = parted(items, cells, of)
    done = [
        _dead_ends(site, survey),
        _holes(site, survey, blocks),
        _strips(blocks),
        _decks(blocks),
        _built_on(survey),
        _drained(survey, blocks, cells),
        _in_water(survey),
        _institutions(site, survey, cells),
        _crossed(items, blocks, marks),
        _elsewhere(site, items, cells, elsewhere, marks),
        _outside(items, outside),
        _overlaps(items, yielded),
        _sharing(items, sharing(items, of)),
        _towers(cells),
        _retried(cells),
    ]
    lines = [line for part in done for line in part]
    table = pd.DataFrame(lines, columns=["layer", "reason", "id", "detail"])
    table = table.assign(status="accepted", row=pd.NA, rows=0, households=pd.NA)
    return table[list(ACCOUNT_COLUMNS)].astype(ACCOUNT_COLUMNS)


def _dead_ends(site: Site, survey: Survey) -> Iterable[Line]:
    ends = dangles(site, survey=survey)
    lines = np.asarray(ends.geometry.array, dtype=object)
    for layer, place, metres in zip(ends["layer"], places(shapely.get_point(lines, 0)), ends["length_m"], strict=True):
        yield layer, "dead_ends", pd.NA, f"{place} {metres:.1f} m"


def _holes(site: Site, survey: Survey, blocks: gpd.GeoDataFrame) -> Iterable[Line]:
    """Holes of walls across which the border of a block leads, where no line of `links` says that one cannot pass."""
    links = site.layer("links")
    shut, _ = shapely.STRtree(shapes_of(links, are_closed(links))).query(survey.walls.holes, predicate="intersects")
    holes = np.delete(survey.walls.holes, shut)
    middles = shapely.line_interpolate_point(holes, 0.5, normalized=True)
    borders = shapely.boundary(np.asarray(blocks.geometry.array, dtype=object))
    closed = np.unique(shapely.STRtree(middles).query(borders, predicate="dwithin", distance=APART)[1])
    for place, width in zip(places(middles[closed]), shapely.length(holes[closed]), strict=True):
        yield "barriers", "hole_closed", pd.NA, f"{place} {width:.2f} m"


def _strips(blocks: gpd.GeoDataFrame) -> Iterable[Line]:
    taken = blocks[blocks["absorbed"] > 0].sort_index()
    for place, strips in zip(places(taken.representative_point()), taken["absorbed"], strict=True):
        yield "streets", "strips_joined", pd.NA, f"{place} {strips}"


def _decks(blocks: gpd.GeoDataFrame) -> Iterable[Line]:
    decks = blocks[blocks["deck"].to_numpy(dtype=bool)].sort_index()
    for place, area in zip(places(decks.representative_point()), decks.area, strict=True):
        yield "streets", "deck_cut", pd.NA, f"{place} {area:.0f} m2"


def _built_on(survey: Survey) -> Iterable[Line]:
    """Polygons that are no water or railway land, for all that is built on them."""
    leaves, (_, wrong, count) = survey.leaves, survey.standing
    shapes = np.concatenate([leaves.water, leaves.railway])[wrong]
    layers = np.repeat(["water", "landuse"], [len(leaves.water), len(leaves.railway)])[wrong]
    for layer, place, buildings in zip(layers, places(shapely.point_on_surface(shapes)), count[wrong], strict=True):
        yield layer, "water_built_on", pd.NA, f"{place} {buildings}"


def _drained(survey: Survey, blocks: gpd.GeoDataFrame, cells: gpd.GeoDataFrame) -> Iterable[Line]:
    """Blocks of water or railway land that are land as a building that is not mostly on it has its largest share there."""
    leaves, right = survey.leaves, ~survey.standing.wrong
    land = blocks[(blocks["kind"] == LAND) & ~blocks["deck"].astype(bool)].sort_index()
    land = land[polygon_at(np.asarray(land.geometry.array, dtype=object), leaves.afloat) < 0]
    shapes = np.asarray(land.geometry.array, dtype=object)
    layers = np.repeat(["water", "landuse"], [len(leaves.water), len(leaves.railway)])[right]
    leaf = polygon_at(shapes, np.concatenate([leaves.water, leaves.railway])[right])
    rows = np.flatnonzero(leaf >= 0)
    buildings = cells["members"].map(len).groupby(cells["block"]).sum().reindex(land.index[rows])
    where = places(shapely.point_on_surface(shapes[rows]))
    for layer, place, number in zip(layers[leaf[rows]], where, buildings, strict=True):
        yield layer, "water_built_on", pd.NA, f"{place} {number}"


def _in_water(survey: Survey) -> Iterable[Line]:
    items = survey.items.at(survey.standing.alone)
    for building, place in zip(items.ids, places(shapely.point_on_surface(items.shapes)), strict=True):
        yield "buildings", "in_water", building, place


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


def _crossed(items: Items, blocks: gpd.GeoDataFrame, marks: Landmarks) -> Iterable[Line]:
    """Buildings that a border goes round, so that they stay whole."""
    crossed = dict(sorted(one for those in blocks["crossed"] for one in those))
    rows = pd.Index(items.ids).get_indexer(pd.Index(list(crossed), dtype=object))
    for (building, share), where in zip(crossed.items(), across(items.grained[rows], marks), strict=True):
        yield "buildings", "footprint_crossed", building, f"{_percent(1 - share)}; {_percent(share)} {where}"


def _elsewhere(
    site: Site, items: Items, cells: gpd.GeoDataFrame, elsewhere: Elsewhere, marks: Landmarks
) -> Iterable[Line]:
    """Buildings that hold land in another block, or beyond a given line, than their own cells."""
    item, here, there, own, cell = elsewhere
    names = site.buildings["name"].reindex(items.ids[item]).fillna("").tolist()
    community = cells["community"].to_numpy(dtype=object)
    other = np.where(community[cell] == community[own], "", community[cell])
    share = shapely.area([here, there]) / shapely.area(items.grained[item])
    texts = pd.DataFrame(
        {"building": items.ids[item], "name": names, "here": share[0], "there": share[1], "other": other}
    )
    texts["where"] = between(here, there, marks)
    for building, parts in texts.sort_values("there", ascending=False, kind="stable").groupby("building", sort=True):
        first = parts.iloc[0]
        away = [f"{_percent(part.there)} {part.where} {part.other}".strip() for part in parts.itertuples()]
        yield (
            "buildings",
            "footprint_shared",
            building,
            "; ".join([f"{first['name']} {_percent(first['here'])}".strip(), *away]),
        )


def _outside(items: Items, outside: Outside) -> Iterable[Line]:
    for row, share in zip(*outside, strict=True):
        yield "buildings", "footprint_outside", items.ids[row], f"{_percent(share)}"


def _overlaps(items: Items, yielded: Yielded) -> Iterable[Line]:
    """Buildings of which others hold what they cover as well."""
    texts: dict[str, list[str]] = {}
    for row, to, area, whole in zip(*yielded, shapely.area(items.grained[yielded.item]), strict=True):
        texts.setdefault(items.ids[row], []).append(f"{items.ids[to]} {area:.1f} m2 {_percent(area / whole)}")
    for building, others in texts.items():
        yield "buildings", "footprint_overlap", building, "; ".join(others)


def _sharing(items: Items, found: Shared) -> Iterable[Line]:
    for reason in SHARING:
        rows = found.why == reason
        for row, other in zip(found.item[rows], found.other[rows], strict=True):
            yield "buildings", reason, items.ids[row], items.ids[other]


def _towers(cells: gpd.GeoDataFrame) -> Iterable[Line]:
    """Buildings with more households than a finest zone may hold, as far as they were cut."""
    cut: dict[str, Counter[str]] = {}
    for member in (member for those in cells["members"] for member in those if member.cut):
        cut.setdefault(member.building, Counter())[member.cut] += 1
    for building, ways in sorted(cut.items()):
        told = ", ".join(f"{way} {number}" for way, number in sorted(ways.items()))
        yield "buildings", "tower_cut", building, f"{ways.total()} ({told})"


def _retried(cells: gpd.GeoDataFrame) -> Iterable[Line]:
    """Blocks whose land could not be shared out at once."""
    for block, way, place in sorted(cells.attrs.get(RETRIED, [])):
        yield "buildings", way, block, place


def _percent(share: float) -> str:
    return f"{share:.0%}" if 0.01 <= share <= 0.99 else f"{share:.1%}"

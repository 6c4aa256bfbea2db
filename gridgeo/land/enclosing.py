"""The verb blocks: land enclosed by communities' borders, streets, railways, hard waterways and barriers."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.errors import LandError
from gridgeo.land.institutions import Grounds, grounds_of
from gridgeo.land.items import Claims, Items, claims_of, is_point, whole_items
from gridgeo.land.lines import (
    UNBOUNDING,
    bounding_lines,
    polygons_of_layer,
    railway_land_of,
    water_of,
)
from gridgeo.land.names import place_names, unique_names
from gridgeo.land.planar import Flags, Ints, Shapes, first_by, noded_faces, polygon_at, smallest_over, united
from gridgeo.land.settle import Settled, settle
from gridgeo.messages import say
from gridgeo.site import Site

LAND, WATER, RAILWAY, INSTITUTION = "land", "water", "railway", "institution"
"""Kinds of blocks and cells."""


class _Plain(NamedTuple):
    """Blocks as lines and outlines alone make them."""

    polygons: Shapes
    community: Ints
    ground: Ints
    """Row of the institution's ground; -1: none."""
    kind: Shapes


def blocks(site: Site, *, unbounding: Collection[str] = UNBOUNDING) -> gpd.GeoDataFrame:
    """Enclose land by lines that people do not just walk across.

    Borders are those of communities; streets, railways, rivers and canals, walls and fences; outlines of water, of
    railway land and of institutions. Bridges and tunnels do not bound. A building that crosses a line stays whole:
    the border goes round its footprint, on the side of its largest share, but never leaves its community.

    Parameters
    ----------
    site
        Layers in metres.
    unbounding
        Classes of streets (`highway`) that do not bound a block; streets without a class do.

    Returns
    -------
    blocks
        Exact coverage of the communities by single polygons, indexed by block (community's code and a point inside
        [cm]). Columns: community (code), kind (land, water, railway, institution), institution (id), geometry.

    Raises
    ------
    LandError
        If no land is left on the precision grid.
    """
    communities = polygons_of_layer(site.communities)
    items = whole_items(site.buildings)
    grounds = grounds_of(site, items)
    plain = _plain_blocks(site, np.asarray(communities.array, dtype=object), grounds, unbounding)
    claims = claims_of(items)
    footprints = ~is_point(items.shapes)[claims.item]
    claims = Claims(claims.shapes[footprints], claims.item[footprints])
    settled = settle(claims.shapes, claims.item, plain.polygons, plain.community)
    kind = plain.kind[settled.origin]
    swallowed = _built_on(settled, items) & np.isin(kind, (WATER, RAILWAY))
    kind[swallowed] = LAND
    ground = plain.ground[settled.origin]
    institution = np.array([*grounds.ids, None], dtype=object)[ground]  # row -1 is None
    community = communities.index.to_numpy()[plain.community[settled.origin]]
    geometry = shapely.normalize(settled.blocks)
    table = {
        "community": pd.array(community, dtype="string"),
        "kind": pd.array(kind, dtype="string"),
        "institution": pd.array(institution, dtype="string"),
    }
    index = pd.Index(unique_names(place_names(community, geometry), geometry), name="block", dtype="str")
    return gpd.GeoDataFrame(table, index=index, geometry=geometry, crs=site.crs).sort_index()


def _plain_blocks(site: Site, communities: Shapes, grounds: Grounds, unbounding: Collection[str]) -> _Plain:
    water, railway_land = water_of(site), railway_land_of(site)
    outlines = np.concatenate([communities, grounds.shapes, water, railway_land])
    lines = np.concatenate([bounding_lines(site, unbounding), shapely.boundary(outlines)])
    near, _ = shapely.STRtree(communities).query(lines, predicate="intersects")
    faces = noded_faces(lines[np.unique(near)])
    community = polygon_at(faces, communities)
    faces, community = faces[community >= 0], community[community >= 0]
    if len(faces) == 0:
        raise LandError(say("land_none"))
    ground = _ground_of(faces, community, grounds)
    # An institution's land is one block whatever lines run through it; any other face is a block of its own.
    key = np.where(ground >= 0, ground, len(grounds.ids) + np.arange(len(faces)))
    polygons, key = united(faces, key)
    at = polygon_at(polygons, faces)
    kind = np.full(len(polygons), LAND, dtype=object)
    kind[polygon_at(polygons, railway_land) >= 0] = RAILWAY
    kind[polygon_at(polygons, water) >= 0] = WATER
    kind[ground[at] >= 0] = INSTITUTION
    return _Plain(polygons, community[at], ground[at], kind)


def _ground_of(faces: Shapes, community: Ints, grounds: Grounds) -> Ints:
    """Ground in which each face lies, the smallest where they overlap; only in the community with the ground's largest share."""
    ground = smallest_over(faces, grounds.shapes)
    rows = np.flatnonzero(ground >= 0)
    pair, where = np.unique(np.stack([ground[rows], community[rows]]), axis=1, return_inverse=True)
    share = np.bincount(where.ravel(), shapely.area(faces[rows]), minlength=pair.shape[1])
    best = first_by(pair[0], -share, pair[1])
    home = np.full(len(grounds.ids), -1)
    home[pair[0, best]] = pair[1, best]
    elsewhere = rows[home[ground[rows]] != community[rows]]
    ground[elsewhere] = -1
    return ground


def _built_on(settled: Settled, items: Items) -> Flags:
    """Blocks in which a building has its largest share, or that hold a building given as a point."""
    built = np.zeros(len(settled.blocks), dtype=bool)
    built[settled.block_of[settled.block_of >= 0]] = True
    at = polygon_at(items.shapes[is_point(items.shapes)], settled.blocks)
    built[at[at >= 0]] = True
    return built

"""The verb blocks: land enclosed by communities' borders, streets, railways, hard waterways and barriers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.barriers import UNBOUNDING, Walls
from gridgeo.coverage import (
    APART,
    Flags,
    Ints,
    Shapes,
    first_by,
    noded_faces,
    none,
    polygon_at,
    rows_by,
    smallest_over,
    united,
)
from gridgeo.errors import LandError
from gridgeo.land.account.land_ownership import noticed
from gridgeo.land.enclosures.crossing_footprints import Settled, settle
from gridgeo.land.enclosures.narrow_faces import MIN_WIDTH_M, absorbing, built_on, hanging, narrow
from gridgeo.land.inputs.institution_land import Grounds
from gridgeo.land.inputs.land_inputs import Leaves, Survey, surveyed
from gridgeo.land.inputs.layer_geometry import bounding_lines, bridge_heads, polygons_of_layer
from gridgeo.land.inputs.member_footprints import Claims, Items, is_point
from gridgeo.land.inputs.place_names import place_names, unique_names
from gridgeo.messages import say
from gridgeo.model.site import Site

LAND, WATER, RAILWAY, INSTITUTION = "land", "water", "railway", "institution"
"""Kinds of blocks and cells."""


class _Plain(NamedTuple):
    """Blocks as lines and outlines alone make them."""

    polygons: Shapes
    community: Ints
    ground: Ints
    """Row of the institution's ground; -1: none."""
    kind: Shapes
    absorbed: Ints
    """Number of narrow strips that joined each."""
    deck: Flags
    """Land cut out of water or railway land below a way that crosses it."""


def blocks(
    site: Site,
    *,
    unbounding: Collection[str] = UNBOUNDING,
    min_width_m: float = MIN_WIDTH_M,
    survey: Survey | None = None,
) -> gpd.GeoDataFrame:
    """Enclose land by lines that people do not just walk across.

    Borders are those of communities; streets, railways, rivers and canals, walls and fences, closed across their gates
    and holes (see `gridgeo.barriers.walls`); outlines of water, of railway land and of institutions. Bridges and tunnels do not
    bound; where a street leads across water or railway land a strip of it is land, a block by itself, so that both
    banks are neighbours. A building that crosses a line stays whole: the border goes round its footprint, on the side
    of its largest share, but never leaves its community.
    Water or railway land with buildings is land, but where up to a dozen cover less than a hundredth of it: then each
    of them is a block by itself (a building given as a point: with a square round it).

    Parameters
    ----------
    site
        Layers in metres.
    unbounding
        Classes of streets (`highway`) that do not bound a block; streets without a class do.
    min_width_m
        Land without buildings in which no circle of this size fits, such as the strip between two carriageways, joins
        the neighbour in its community with the longest common edge on streets or openings of walls; water, railway and
        institutions' land neither joins nor takes any, and no land joins across a railway, waterway or barrier.
    survey
        What `surveyed` gives of the site, if it is known already.

    Returns
    -------
    blocks
        Exact coverage of the communities by single polygons, indexed by block (community's code and a point inside
        [cm]). Columns: community (code), kind (land, water, railway, institution), institution (id), absorbed
        (number of narrow strips that joined it), deck (whether it is a strip across water or railway land), crossed
        (buildings round which its border goes: tuple of id and share of the footprint beyond the line), geometry.

    Raises
    ------
    LandError
        If no land is left on the precision grid.
    """
    communities = polygons_of_layer(site.communities)
    items, claims, grounds, leaves, walls, _ = survey or surveyed(site)
    lines = bounding_lines(site, unbounding, walls)
    hard = np.concatenate([lines["railways"], lines["waterways"]])
    outlines = np.asarray(communities.array, dtype=object)
    plain = _plain_blocks(outlines, np.concatenate(list(lines.values())), grounds, leaves)
    plain = _without_slivers(plain, items.shapes, (hard, walls), min_width_m)
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
        "absorbed": pd.array(plain.absorbed[settled.origin], dtype="Int64"),
        "deck": pd.array(plain.deck[settled.origin], dtype="boolean"),
        "crossed": _crossed(settled, claims, items),
    }
    index = pd.Index(unique_names(place_names(community, geometry), geometry), name="block", dtype="str")
    return gpd.GeoDataFrame(table, index=index, geometry=geometry, crs=site.crs).sort_index()


def dangles(site: Site, *, unbounding: Collection[str] = UNBOUNDING, survey: Survey | None = None) -> gpd.GeoDataFrame:
    """Lines that should bound blocks and do not, as an end of them meets no other line or outline: a dead end, or a gap.

    A line that goes on over a bridge, or in a tunnel, has no loose end there.

    Parameters
    ----------
    site
        Layers in metres.
    unbounding
        Classes of streets (`highway`) that do not bound a block.
    survey
        What `surveyed` gives of the site, if it is known already.

    Returns
    -------
    dangles
        Numbered from 0. Columns: community (code), layer (streets, railways, waterways, barriers), length_m, geometry (the
        part of a line from its loose end to where it meets another, inside a community).
    """
    communities = polygons_of_layer(site.communities)
    shapes = np.asarray(communities.array, dtype=object)
    _, _, grounds, leaves, walls, _ = survey or surveyed(site)
    lines = bounding_lines(site, unbounding, walls)
    outlines = shapely.boundary(np.concatenate([shapes, grounds.shapes, leaves.outlines]))
    pieces, loose = hanging(np.concatenate([*lines.values(), outlines]), bridge_heads(site, lines))
    parts, layer = _by_layer(pieces, lines | {"barriers": np.concatenate([walls.lines, walls.gates])})
    parts = _from_loose_end(shapely.normalize(parts), loose)
    order = np.lexsort((shapely.to_wkb(parts), *shapely.get_coordinates(shapely.get_point(parts, 0)).T[::-1], layer))
    parts, layer = parts[order], layer[order]
    middles = shapely.line_interpolate_point(parts, 0.5, normalized=True)
    line, community = shapely.STRtree(shapes).query(middles, predicate="within")
    first = first_by(line, community)
    line, community = line[first], community[first]
    table = {
        "community": pd.array(communities.index.to_numpy()[community], dtype="string"),
        "layer": pd.array(layer[line], dtype="string"),
        "length_m": shapely.length(parts[line]),
    }
    return gpd.GeoDataFrame(table, geometry=parts[line], crs=site.crs)


def _by_layer(pieces: Shapes, lines: Mapping[str, Shapes]) -> tuple[Shapes, Shapes]:
    """Straight pieces merged, those of each layer for themselves, and the layer of each; what is of none is left out."""
    middles = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    of = np.full(len(pieces), "", dtype=object)
    for layer, shapes in lines.items():
        there = np.unique(shapely.STRtree(middles).query(shapes, predicate="dwithin", distance=APART)[1])
        of[there[of[there] == ""]] = layer
    merged = {
        layer: shapely.get_parts(shapely.line_merge(shapely.multilinestrings(pieces[of == layer]))) for layer in lines
    }
    parts = np.concatenate([none(), *merged.values()])
    return parts, np.repeat(list(merged), [len(own) for own in merged.values()]).astype(object)


def _from_loose_end(parts: Shapes, loose: Shapes) -> Shapes:
    """Lines that begin at a loose end, if they have one."""
    at, _ = shapely.STRtree(loose).query(shapely.get_point(parts, -1), predicate="dwithin", distance=0)
    begins, _ = shapely.STRtree(loose).query(shapely.get_point(parts, 0), predicate="dwithin", distance=0)
    backwards = np.setdiff1d(at, begins)
    out = parts.copy()
    out[backwards] = shapely.reverse(parts[backwards])
    return out


def _crossed(settled: Settled, claims: Claims, items: Items) -> Shapes:
    """For each block the buildings that a line crosses and that it holds whole, each with the share that lies beyond."""
    beyond = np.bincount(claims.item, settled.gained, minlength=len(items.ids)).astype(np.float64)
    whole = shapely.area(items.grained)
    block_of = np.full(len(items.ids), -1)
    there = settled.block_of >= 0
    block_of[claims.item[there]] = settled.block_of[there]
    told = np.flatnonzero(noticed(beyond, whole) & (block_of >= 0))
    out = np.empty(len(settled.blocks), dtype=object)
    for block, rows in enumerate(rows_by(block_of[told], len(out))):
        out[block] = tuple((items.ids[k], float(beyond[k] / whole[k])) for k in told[rows])
    return out


def _plain_blocks(communities: Shapes, lines: Shapes, grounds: Grounds, leaves: Leaves) -> _Plain:
    lines = np.concatenate([lines, shapely.boundary(np.concatenate([communities, grounds.shapes, leaves.outlines]))])
    near, _ = shapely.STRtree(communities).query(lines, predicate="intersects")
    faces = noded_faces(lines[np.unique(near)])
    community = polygon_at(faces, communities)
    faces, community = faces[community >= 0], community[community >= 0]
    if len(faces) == 0:
        raise LandError(say("land_none"))
    ground = _ground_of(faces, community, grounds)
    deck = _deck_of(faces, community, leaves)
    # An institution's land, or a deck, is one block whatever lines run through it; any other face is a block of its own.
    key = np.where(deck >= 0, len(grounds.ids) + deck, len(grounds.ids) + len(faces) + np.arange(len(faces)))
    polygons, key = united(faces, np.where(ground >= 0, ground, key))
    at = polygon_at(polygons, faces)
    kind = np.full(len(polygons), LAND, dtype=object)
    kind[polygon_at(polygons, leaves.railway) >= 0] = RAILWAY
    kind[polygon_at(polygons, leaves.water) >= 0] = WATER
    kind[polygon_at(polygons, leaves.afloat) >= 0] = LAND
    kind[deck[at] >= 0] = LAND
    kind[ground[at] >= 0] = INSTITUTION
    absorbed = np.zeros(len(polygons), dtype=np.int64)
    return _Plain(polygons, community[at], ground[at], kind, absorbed, (deck[at] >= 0) & (ground[at] < 0))


def _deck_of(faces: Shapes, community: Ints, leaves: Leaves) -> Ints:
    """Number of the deck, in one community, of which each face is a part; -1: none, or a building stands there alone."""
    deck = polygon_at(faces, leaves.decks)
    rows = np.flatnonzero((deck >= 0) & (polygon_at(faces, leaves.afloat) < 0))
    out = np.full(len(faces), -1)
    _, number = np.unique(np.stack([deck[rows], community[rows]]), axis=1, return_inverse=True)
    out[rows] = number.ravel()
    return out


def _without_slivers(plain: _Plain, buildings: Shapes, hard: tuple[Shapes, Walls], min_width_m: float) -> _Plain:
    """Blocks after narrow ones without buildings have joined others."""
    region = np.where((plain.kind == LAND) & ~plain.deck, plain.community, -1)
    sliver = narrow(plain.polygons, min_width_m) & (region >= 0)
    sliver[sliver] = ~built_on(plain.polygons[sliver], buildings)
    into = absorbing(plain.polygons, region, sliver, *hard)
    polygons, first = united(plain.polygons, into)
    absorbed = np.bincount(into, minlength=len(into)) - 1
    return _Plain(
        polygons, plain.community[first], plain.ground[first], plain.kind[first], absorbed[first], plain.deck[first]
    )


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

"""Crossings: strips of land where a street leads across water or railway land, so that its two banks are neighbours.

Water and railway land connect nothing, and a grid is one polygon. A grid that reaches across a bridge has to hold land on
the way, so a strip is cut out of the water below the bridge, or out of the railway land above an underpass.
"""

from __future__ import annotations

import numpy as np
import shapely

from gridgeo.barriers import line_parts
from gridgeo.coverage import (
    PRECISION_M,
    Flags,
    Ints,
    Shapes,
    components,
    first_by,
    in_order,
    narrow,
    none,
    rows_by,
    to_precision_grid,
)
from gridgeo.land.inputs.layer_geometry import MIN_WIDTH_M, crossing_lines, one_cover
from gridgeo.model import Site

CROSSING_M = 6.0
"""Width of such a strip [m]: a lane for each direction."""

_DETOUR = 2.0
"""A way is a crossing where one walks more than this many times as far round by the bank."""
_COMPARED = 64
"""Points on banks with which the others of one network are compared, so that a town in a false lake costs no square."""
_ON_BANK = 0.01
"""An end this near to the bank is on it [m]."""


def crossings_of(site: Site, water: Shapes) -> Shapes:
    """Land below the ways that lead from bank to bank, as disjoint polygons in an order of their own.

    A way is any street but a motorway or one not yet built, on a bridge, in a tunnel or on the ground, since many layers
    do not tell; or a line of `links`. A line of `links` with the kind closed or remove takes the ways away that it meets.
    Ways that end in the water, or clip a bank, are none.

    Parameters
    ----------
    site
        Layers in metres. Reads streets (highway) and links (kind).
    water
        Polygons of water and railway land; what touches is crossed as one.
    """
    ways, closed = crossing_lines(site)
    near, way = shapely.STRtree(ways).query(water, predicate="intersects")
    water, ways = one_cover(water[np.unique(near)]), ways[np.unique(way)]
    area, way = shapely.STRtree(ways).query(water, predicate="intersects")
    pieces, at = _inside(ways[way], area, water)
    shut = np.unique(shapely.STRtree(closed).query(pieces, predicate="intersects")[0])
    on_bank = _on_bank(pieces, water[at])
    on_bank[shut] = True
    pieces, at = pieces[~on_bank], at[~on_bank]
    crossing = _crossing(pieces, at, water)
    pieces, at = pieces[crossing], at[crossing]
    cut = in_order(lambda k: _cut_out(water[k], pieces[at == k]), np.unique(at).tolist())
    crossings = np.concatenate([none(), *cut])
    return crossings[np.argsort(shapely.to_wkb(crossings), kind="stable")]


def _inside(ways: Shapes, area: Ints, water: Shapes) -> tuple[Shapes, Ints]:
    """What of the ways lies in their water, noded and merged where no third one meets; row of the water of each piece."""
    lines, area = line_parts(ways, area)
    rows = np.unique(area)
    ways = np.array([shapely.multilinestrings(lines[area == k]) for k in rows], dtype=object)
    inside = shapely.intersection(ways, water[rows], grid_size=PRECISION_M)
    pieces, row = line_parts(inside, rows)
    merged = [shapely.line_merge(shapely.multilinestrings(pieces[row == k])) for k in rows]
    return line_parts(np.array(merged, dtype=object), rows)


def _on_bank(pieces: Shapes, water: Shapes) -> Flags:
    """Pieces that run along the outline of their water, by their middles."""
    middles = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    flags: Flags = shapely.dwithin(middles, shapely.boundary(water), _ON_BANK)
    return flags


def _crossing(pieces: Shapes, area: Ints, water: Shapes) -> Flags:
    """Pieces of the ways that hang together and lead from bank to bank."""
    ends = np.stack([shapely.get_point(pieces, 0), shapely.get_point(pieces, -1)], axis=1).ravel()
    way = np.repeat(_hanging_together(ends, area), 2)
    rings, ring_area = shapely.get_rings(water, return_index=True)
    end, ring = shapely.STRtree(rings).query(ends, predicate="dwithin", distance=_ON_BANK)
    first = first_by(end[ring_area[ring] == area[end // 2]])
    rows = np.flatnonzero(ring_area[ring] == area[end // 2])[first]
    end, ring = end[rows], ring[rows]
    touching = rows_by(way[end], way.max(initial=-1) + 1)
    leads = [k for k, at in enumerate(touching) if _lead_across(ends[end[at]], rings[ring[at]], ring[at])]
    return np.isin(way[::2], leads)


def _hanging_together(ends: Shapes, area: Ints) -> Ints:
    """Number of the network of each piece, of which the two ends are given; networks in two areas of water are two."""
    points = np.column_stack([shapely.get_coordinates(ends), np.repeat(area, 2)])
    node = np.unique(points, axis=0, return_inverse=True)[1].reshape(-1, 2)
    return components(node[:, 0], node[:, 1], node.max(initial=-1) + 1)[node[:, 0]]


def _lead_across(contacts: Shapes, rings: Shapes, ring: Ints) -> bool:
    """Whether two of some points on banks are on different rings, or far from each other along the one that they are on."""
    place, length = shapely.line_locate_point(rings, contacts), shapely.length(rings)
    some = slice(0, _COMPARED)
    along = np.abs(place[:, None] - place[None, some])
    around = np.where(ring[:, None] == ring[None, some], np.minimum(along, length[:, None] - along), np.inf)
    return bool((around > _DETOUR * shapely.distance(contacts[:, None], contacts[None, some])).any())


def _cut_out(area: shapely.Polygon, ways: Shapes) -> Shapes:
    """Strips along ways inside water, with what they leave of it in small rests or enclose between each other."""
    lines = shapely.multilinestrings(ways)
    strips = shapely.buffer(lines, CROSSING_M / 2, cap_style="square", join_style="mitre", mitre_limit=2.0)
    inside = shapely.get_parts(to_precision_grid(shapely.get_parts(shapely.intersection(strips, area))))
    crossings = shapely.union_all(inside[shapely.intersects(inside, lines)])
    rest = shapely.get_parts(shapely.difference(area, crossings))
    small = (shapely.area(rest) < CROSSING_M**2) | _enclosed(rest, crossings)
    whole = shapely.union_all([crossings, *rest[small]], grid_size=PRECISION_M)
    parts: Shapes = shapely.get_parts(whole)
    return parts[shapely.get_dimensions(parts) == 2]


def _enclosed(rest: Shapes, crossings: shapely.Geometry) -> Flags:
    """Narrow pieces that have at least half of their outline on crossings, such as water between two carriageways."""
    out = shapely.length(rest) < 2 * shapely.length(crossings)
    out[out] = narrow(rest[out], MIN_WIDTH_M)
    beside = shapely.intersection(shapely.boundary(rest[out]), shapely.buffer(crossings, _ON_BANK))
    out[out] = 2 * shapely.length(beside) >= shapely.length(rest[out])
    return out

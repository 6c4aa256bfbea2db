"""Lines along which cells are cut so that given zones are unions of cells.

An edge-matched drawing comes through unchanged, but for rounding. Where two zones, or a zone and its community, follow the same
border with a blur below a hairline, one line counts, and what ended at the other is led on to it: two lines a few millimetres apart
would enclose a sliver of land. What else meets the border of a community near by, such as a street, leads no line astray.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from gridgeo.coverage import PRECISION_M, Flags, Floats, Ints, Shapes, unite
from gridgeo.division.request import HAIRLINE_M

LED_M = 2 * HAIRLINE_M
"""Corners this near to a line that they are not on are led onto it: each of the two may be off by a hairline [m]."""
MOST_MOVED_M = 2 * PRECISION_M
"""How far from where it was drawn a line of an edge-matched drawing comes to lie, at most, if no corner has to be led [m].

Its ends are put on the precision grid, and noding moves a line by less than a cell of that grid.
"""

_BORDER = -1
"""Rank of the borders of communities; rings of given zones have theirs from 0 on, in the order of codes."""


def outlines(given: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Borders between given zones, without those that are borders of communities anyway.

    Parameters
    ----------
    given
        As `read_given` gives them. Reads: geometry.
    blocks
        The land that is to be cut, whose outer borders are on the precision grid. Reads: community, geometry.
    """
    land = unite(blocks.geometry, blocks["community"], exact=True)
    borders, rings = (shapely.boundary(shapes.to_numpy()) for shapes in (land, given.geometry))
    corners = np.asarray(shapely.points(np.unique(shapely.get_coordinates([*borders, *rings]), axis=0)))
    border, _ = _segments(borders)
    drawn, ring = _broken(*_segments(rings), corners)
    segments, rank = np.concatenate([border, drawn]), np.concatenate([np.full(len(border), _BORDER), ring])
    kept = _without_doubles(segments, rank)
    led = np.repeat(rank[kept] > _BORDER, 2) | _turning(shapely.get_coordinates(segments[kept]), borders)
    return gpd.GeoSeries(_met(segments[kept], rank[kept], led.reshape(-1, 2)), crs=given.crs)


def _turning(points: Floats, borders: Shapes) -> Flags:
    """Which points are corners of borders; where they go straight on something else meets them, such as a street."""
    rings = shapely.get_parts(borders)
    at, ring = shapely.get_coordinates(rings, return_index=True)
    first = np.searchsorted(ring, np.arange(len(rings)))
    before = np.arange(len(at)) - 1
    before[first] = np.append(first[1:], len(at)) - 2
    rows = np.flatnonzero(np.append(ring[1:] == ring[:-1], False))
    way = at[rows + 1] - at[before[rows]]
    off = np.abs(way[:, 0] * (at[rows] - at[before[rows]])[:, 1] - way[:, 1] * (at[rows] - at[before[rows]])[:, 0])
    turns = rows[off > PRECISION_M * np.hypot(*way.T)]
    corners = shapely.points(at[turns])
    flags = np.zeros(len(points), dtype=bool)
    flags[shapely.STRtree(corners).query(shapely.points(points), predicate="intersects")[0]] = True
    return flags


def _segments(lines: Shapes) -> tuple[Shapes, Ints]:
    """Segments of lines, and the row of the line of each."""
    parts, line = shapely.get_parts(lines, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    start = np.flatnonzero(part[1:] == part[:-1])
    return _linked(points, start), line[part[start]]


def _linked(points: Floats, start: Ints) -> Shapes:
    """Segments from some points to the ones that follow them."""
    return np.asarray(shapely.linestrings(np.stack([points[start], points[start + 1]], axis=1)))


def _broken(segments: Shapes, line: Ints, corners: Shapes) -> tuple[Shapes, Ints]:
    """Segments cut at the feet of the corners that are near, on the precision grid."""
    corner, row = shapely.STRtree(segments).query(corners, predicate="dwithin", distance=HAIRLINE_M)
    length = shapely.length(segments)
    foot = shapely.line_locate_point(segments[row], corners[corner])
    inner = (foot > HAIRLINE_M) & (foot < length[row] - HAIRLINE_M)
    feet = shapely.get_coordinates(shapely.line_interpolate_point(segments[row[inner]], foot[inner]))
    ends = shapely.get_coordinates(segments)
    rows = np.concatenate([np.repeat(np.arange(len(segments)), 2), row[inner]])
    along = np.concatenate([np.column_stack([0 * length, length]).ravel(), foot[inner]])
    points = _on_grid(np.concatenate([ends, feet]))
    order = np.lexsort((along, rows))
    rows, along, points = rows[order], along[order], points[order]
    start = np.flatnonzero((rows[1:] == rows[:-1]) & (points[1:] != points[:-1]).any(axis=1))
    return _linked(points, start), line[rows[start]]


def _without_doubles(segments: Shapes, rank: Ints) -> Flags:
    """Which segments do not follow, within a hairline, kept ones of a lower rank."""
    one, other = shapely.STRtree(segments).query(segments, predicate="dwithin", distance=HAIRLINE_M)
    lower = rank[other] < rank[one]
    one, other = one[lower], other[lower]
    kept = np.ones(len(segments), dtype=bool)
    for place in np.unique(rank[one]):
        mine = rank[one] == place
        rows, beside = np.unique(one[mine]), np.unique(other[mine])
        blur = shapely.buffer(shapely.union_all(segments[beside[kept[beside]]]), HAIRLINE_M)
        shapely.prepare(blur)
        kept[rows[shapely.covered_by(segments[rows], blur)]] = False
    return kept


def _met(lines: Shapes, rank: Ints, led: Flags) -> Shapes:
    """Lines that are no border, their points moved onto the line of the lowest rank that is near.

    There they are led to ends of lines that are near, of those that `led` tells.

    In the order of ranks, for what a point is moved onto may itself have been moved. From then on both are on the precision grid
    and stay where they are, and noding there joins what is nearer than half of it.
    """
    lines, points = lines.copy(), shapely.get_coordinates(lines)
    places, number = np.unique(np.column_stack([np.repeat(rank, 2), points]), axis=0, return_inverse=True)
    corners = np.asarray(shapely.points(places[:, 1:]))
    place, near = shapely.STRtree(lines).query(corners, predicate="dwithin", distance=LED_M)
    lower = rank[near] < places[place, 0]
    for row in np.unique(place[lower]):
        beside = near[lower & (place == row)]
        lowest = lines[beside[rank[beside] == rank[beside].min()]]
        own = np.flatnonzero(number.ravel() == row)
        ends = shapely.points(shapely.get_coordinates(lines[beside])[led[beside].ravel()])
        points[own] = _on_grid(_meeting(corners[row], lowest, ends))
        lines[own // 2] = shapely.linestrings(points.reshape(-1, 2, 2)[own // 2])
    drawn: Shapes = lines[(rank > _BORDER) & (shapely.length(lines) > 0)]
    return drawn


def _meeting(corner: shapely.Point, lines: Shapes, ends: Shapes) -> Floats:
    """Where a corner meets lines: one of some ends that lies on them and is within a hairline, else its foot.

    Without the first, corners a few millimetres apart would enclose a crumb.
    """
    ends = ends[
        shapely.dwithin(ends, corner, HAIRLINE_M) & shapely.dwithin(ends, shapely.union_all(lines), PRECISION_M)
    ]
    if len(ends):
        return shapely.get_coordinates(ends[np.argmin(shapely.distance(ends, corner))])[0]
    nearest = lines[np.argmin(shapely.distance(lines, corner))]
    return shapely.get_coordinates(shapely.shortest_line(nearest, corner))[0]


def _on_grid(points: Floats) -> Floats:
    gridded: Floats = np.round(points / PRECISION_M) * PRECISION_M
    return gridded

"""Lines along which cells are cut so that given zones are unions of cells.

An edge-matched drawing comes through unchanged. Where two zones, or a zone and its community, follow the same border with a blur
below a hairline, one line counts, and what ended at the other is led on to it: two lines a few millimetres apart would enclose a
sliver of land.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.division.given import HAIRLINE_M
from gridgeo.site import GRAIN
from gridgeo.zones import unite

Shapes = npt.NDArray[np.object_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_BORDER = -1
"""Rank of the borders of communities; rings of given zones have theirs from 0 on, in the order of codes."""


def outlines(given: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Borders between given zones, without those that are borders of communities anyway.

    Parameters
    ----------
    given
        As `read_given` gives them. Reads: geometry.
    blocks
        The land that is to be cut, whose outer borders are on the grain. Reads: community, geometry.
    """
    land = unite(blocks.geometry, blocks["community"], exact=True)
    borders, rings = (shapely.boundary(shapes.to_numpy()) for shapes in (land, given.geometry))
    corners = shapely.points(np.unique(shapely.get_coordinates([*borders, *rings]), axis=0))
    border, _ = _segments(borders)
    drawn, ring = _broken(*_segments(rings), corners)
    segments, rank = np.concatenate([border, drawn]), np.concatenate([np.full(len(border), _BORDER), ring])
    kept = _without_doubles(segments, rank)
    return gpd.GeoSeries(_met(segments[kept], rank[kept]), crs=given.crs)


def _segments(lines: Shapes) -> tuple[Shapes, Ints]:
    """Segments of lines, and the row of the line of each."""
    parts, line = shapely.get_parts(lines, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    start = np.flatnonzero(part[1:] == part[:-1])
    return shapely.linestrings(np.stack([points[start], points[start + 1]], axis=1)), line[part[start]]


def _broken(segments: Shapes, line: Ints, corners: Shapes) -> tuple[Shapes, Ints]:
    """Segments cut at the feet of the corners that are near, on the grain."""
    corner, row = shapely.STRtree(segments).query(corners, predicate="dwithin", distance=HAIRLINE_M)
    length = shapely.length(segments)
    foot = shapely.line_locate_point(segments[row], corners[corner])
    inner = (foot > HAIRLINE_M) & (foot < length[row] - HAIRLINE_M)
    feet = shapely.get_coordinates(shapely.line_interpolate_point(segments[row[inner]], foot[inner]))
    ends = shapely.get_coordinates(segments)
    rows = np.concatenate([np.repeat(np.arange(len(segments)), 2), row[inner]])
    along = np.concatenate([np.column_stack([0 * length, length]).ravel(), foot[inner]])
    points = _on_grain(np.concatenate([ends, feet]))
    order = np.lexsort((along, rows))
    rows, along, points = rows[order], along[order], points[order]
    start = np.flatnonzero((rows[1:] == rows[:-1]) & (points[1:] != points[:-1]).any(axis=1))
    return shapely.linestrings(np.stack([points[start], points[start + 1]], axis=1)), line[rows[start]]


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


def _met(lines: Shapes, rank: Ints) -> Shapes:
    """Lines that are no border, their points moved onto the line of the lowest rank that is within a hairline.

    In the order of ranks, for what a point is moved onto may itself have been moved. From then on both are on the grain and stay
    where they are, and noding on the grain joins what is nearer than half of it.
    """
    lines, points = lines.copy(), shapely.get_coordinates(lines)
    places, number = np.unique(np.column_stack([np.repeat(rank, 2), points]), axis=0, return_inverse=True)
    corners = shapely.points(places[:, 1:])
    place, near = shapely.STRtree(lines).query(corners, predicate="dwithin", distance=2 * HAIRLINE_M)
    lower = rank[near] < places[place, 0]
    for row in np.unique(place[lower]):
        beside = near[lower & (place == row)]
        lowest = lines[beside[rank[beside] == rank[beside].min()]]
        own = np.flatnonzero(number.ravel() == row)
        points[own] = _on_grain(_meeting(corners[row], lowest, lines[beside]))
        lines[own // 2] = shapely.linestrings(points.reshape(-1, 2, 2)[own // 2])
    drawn: Shapes = lines[(rank > _BORDER) & (shapely.length(lines) > 0)]
    return drawn


def _meeting(corner: shapely.Point, lines: Shapes, beside: Shapes) -> Floats:
    """Where a corner meets lines: an end of what is beside it that lies on them and is within a hairline, else its foot.

    Without the first, corners a few millimetres apart would enclose a crumb.
    """
    ends = shapely.points(shapely.get_coordinates(beside))
    ends = ends[shapely.dwithin(ends, corner, HAIRLINE_M) & shapely.dwithin(ends, shapely.union_all(lines), GRAIN)]
    if len(ends):
        return shapely.get_coordinates(ends[np.argmin(shapely.distance(ends, corner))])[0]
    nearest = lines[np.argmin(shapely.distance(lines, corner))]
    return shapely.get_coordinates(shapely.shortest_line(nearest, corner))[0]


def _on_grain(points: Floats) -> Floats:
    grained: Floats = np.round(points / GRAIN) * GRAIN
    return grained

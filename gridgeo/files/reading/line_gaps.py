"""Lines that should meet and do not: an end that misses another line by a hand's breadth encloses no block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.barriers import LINES, are_bounding, are_gates, off_ground
from gridgeo.coverage import PRECISION_M, Flags, Floats
from gridgeo.files.reading.reading_log import ReadingLog

REACH = 0.5
"""Widest gap that is closed [m]."""
OUTLINES = ("communities", "water")
"""Layers of polygons to whose outlines lines are led."""
_ON = PRECISION_M / 2
"""An end this near to a line is on it, once both stand on the grid of the land [m]."""

Ints = npt.NDArray[np.intp]
Shapes = npt.NDArray[Any]


class _GapLines(NamedTuple):
    """What bounds, layer after layer: lines, which may be lengthened, and outlines."""

    shapes: Shapes
    layer: Ints
    """Place of its layer in `LINES`, and after these in `OUTLINES`."""
    level: Ints
    """Ground, bridge or tunnel: lines of different levels pass over each other and do not miss."""
    bounds: Flags
    """Whether it bounds blocks."""
    row: Ints
    """Its place in the table of its layer."""


class _Gaps(NamedTuple):
    """Ends (2 x line, plus 1 for the last point) and the spots on lines that they miss."""

    end: Ints
    line: Ints
    spot: Floats
    distance: Floats


def join_gaps(tables: Mapping[str, gpd.GeoDataFrame], log: ReadingLog) -> dict[str, gpd.GeoDataFrame]:
    """Lengthen ends that miss another line, an outline or the other end of their own by up to `REACH`; no other point moves.

    All streets are led to each other; what bounds, gates among them, to all that bounds. Lines of its own layer come first
    for an end, then what is nearest.
    """
    lines = _lines(tables)
    ends = np.stack([shapely.get_point(lines.shapes, 0), shapely.get_point(lines.shapes, -1)], axis=1).ravel()
    gaps = _one_of_two(_find(lines, ends), ends)
    longer = _lengthen(lines.shapes, gaps)
    out = dict(tables)
    for layer, role in enumerate(LINES):
        mine = np.flatnonzero(lines.layer[gaps.end // 2] == layer)
        if not len(mine):
            continue
        table, at = tables[role], gaps.end[mine] // 2
        texts = [f"{gaps.distance[k]:.3f} m ({gaps.spot[k, 0]:.2f}, {gaps.spot[k, 1]:.2f})" for k in mine]
        log.of(role).repaired(table.index[lines.row[at]], "gap_joined", texts)
        shapes = table.geometry.to_numpy().copy()
        shapes[lines.row[at]] = longer[at]
        out[role] = table.set_geometry(shapes, crs=table.crs)
    return out


def _lines(tables: Mapping[str, gpd.GeoDataFrame]) -> _GapLines:
    """Lines and outlines; a polygon of a layer of lines is an outline too."""
    parts = [_lines_of(tables, layer, role) for layer, role in enumerate((*LINES, *OUTLINES)) if role in tables]
    numbers = np.arange(0)
    none = _GapLines(np.empty(0, dtype=object), numbers, numbers, numbers.astype(bool), numbers)
    return _GapLines(*(np.concatenate(column) for column in zip(none, *parts, strict=True)))


def _lines_of(tables: Mapping[str, gpd.GeoDataFrame], layer: int, role: str) -> _GapLines:
    """Lines of one layer, or outlines."""
    table = tables[role]
    bounds = are_bounding(table, role) if role in LINES else np.ones(len(table), dtype=bool)
    if role == "barriers":
        bounds |= are_gates(table)
    shapes = table.geometry.to_numpy()
    rows = np.flatnonzero((bounds | (role == "streets")) & (shapely.get_dimensions(shapes) > 0))
    area = shapely.get_dimensions(shapes[rows]) == 2
    shapes, part = shapely.get_parts(np.where(area, shapely.boundary(shapes[rows]), shapes[rows]), return_index=True)
    rows = rows[part]
    level = 2 * off_ground(table, ("bridge",)) + off_ground(table, ("tunnel",))
    return _GapLines(shapes, np.full(len(rows), layer), level[rows], bounds[rows], rows)


def _find(lines: _GapLines, ends: Shapes) -> _Gaps:
    """For each loose end the nearest line within reach, or the other end of its own; of those equally near the first."""
    # asked of the lines, which are prepared for many ends: an outline may be long
    line, end = shapely.STRtree(ends).query(lines.shapes, predicate="dwithin", distance=REACH)
    there = lines.layer[line] == lines.layer[end // 2]
    concerned = there | (lines.bounds[line] & lines.bounds[end // 2])
    end, line, there = end[concerned], line[concerned], there[concerned]
    own, aim = end // 2, lines.shapes[line]
    itself = line == own
    aim[itself] = ends[end[itself] ^ 1]
    distance = shapely.distance(ends[end], aim)
    near = (distance <= REACH) & (lines.level[line] == lines.level[own])
    held, held_here = np.zeros((2, len(ends)), dtype=bool)
    met = distance <= _ON
    held[end[met]], held_here[end[met & there]] = True, True
    missed = near & ~held_here[end] & (there | ~held[end])
    missed[missed] = ~_meeting_there(lines.shapes[own[missed]], ends[end[missed]], aim[missed], itself=itself[missed])
    end, line, aim, distance, there = (values[missed] for values in (end, line, aim, distance, there))
    order = np.lexsort((line, distance, ~there, end))
    first = order[np.flatnonzero(np.diff(end[order], prepend=-1))]
    end, line, aim, distance = end[first], line[first], aim[first], distance[first]
    return _Gaps(end, line, _spots(aim, ends[end]), distance)


def _meeting_there(own: Shapes, ends: Shapes, aim: Shapes, *, itself: Flags) -> Flags:
    """Which ends belong to lines that meet what they miss already, so near that they are stubs or reach beyond it.

    A line that misses its own other end is a ring, if it is long enough for one.
    """
    tails = shapely.intersection(own, shapely.buffer(ends, 2 * REACH))
    return np.where(itself, shapely.length(own) <= 4 * REACH, shapely.distance(tails, aim) <= _ON)


def _spots(aim: Shapes, ends: Shapes) -> Floats:
    """The points of what is aimed at that are nearest to ends."""
    spots = aim.copy()
    along = shapely.get_dimensions(aim) == 1
    spots[along] = shapely.line_interpolate_point(aim[along], shapely.line_locate_point(aim[along], ends[along]))
    return shapely.get_coordinates(spots)


def _one_of_two(gaps: _Gaps, ends: Shapes) -> _Gaps:
    """Where two ends miss each other, only the earlier line is lengthened."""
    towards = np.full(len(ends), -1)
    for side in (0, 1):
        goal = 2 * gaps.line + side
        there = shapely.distance(ends[goal], shapely.points(gaps.spot)) == 0
        towards[gaps.end[there]] = goal[there]
    goal = towards[gaps.end]
    mutual = (goal >= 0) & (towards[goal] == gaps.end)
    keep = ~mutual | (gaps.end < goal)
    return _Gaps(*(values[keep] for values in gaps))


def _lengthen(lines: Shapes, gaps: _Gaps) -> Shapes:
    """Lines with a further point before their first or after their last one."""
    changed = np.unique(gaps.end // 2)
    points, owner = shapely.get_coordinates(lines[changed], return_index=True)
    place = np.searchsorted(changed, gaps.end // 2)
    last = gaps.end % 2 == 1
    counts = np.bincount(owner, minlength=len(changed))
    stop = np.cumsum(counts)
    where = np.where(last, stop[place], (stop - counts)[place])
    # An end of one line and the beginning of the next are inserted at the same position: ends go first.
    order = np.lexsort((~last, where))
    points = np.insert(points, where[order], gaps.spot[order], axis=0)
    owner = np.insert(owner, where[order], place[order])
    out = lines.copy()
    out[changed] = shapely.linestrings(points, indices=owner)
    return out

"""Streets that should meet and do not: an end that misses another street by a hand's breadth encloses no block."""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.load.book import REPAIRED, Book
from gridgeo.site import GRAIN

REACH = 0.5
"""Widest gap that is closed [m]."""
_ON = GRAIN / 2
"""An end this near to a line is on it, once both stand on the grid of the land [m]."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


class _Gaps(NamedTuple):
    """Ends (2 x line, plus 1 for the last point) and the spots on other lines that they miss."""

    end: Ints
    line: Ints
    spot: Floats
    distance: Floats


def join_gaps(streets: gpd.GeoDataFrame, book: Book) -> gpd.GeoDataFrame:
    """Lengthen ends that miss another street of the same level by up to `REACH`; all other points stay where they are."""
    lines = streets.geometry.to_numpy()
    if len(lines) < 2:
        return streets
    ends = np.stack([shapely.get_point(lines, 0), shapely.get_point(lines, -1)], axis=1).ravel()
    gaps = _one_of_two(_find(lines, ends, _levels(streets)), ends)
    if not len(gaps.end):
        return streets
    at = gaps.end // 2
    texts = [f"{d:.3f} m ({x:.2f}, {y:.2f})" for d, (x, y) in zip(gaps.distance, gaps.spot, strict=True)]
    book.note("streets", streets.index[at], REPAIRED, "gap_joined", texts)
    return streets.set_geometry(_lengthen(lines, gaps), crs=streets.crs)


def _levels(streets: gpd.GeoDataFrame) -> Ints:
    """Ground, bridge or tunnel: streets of different levels pass over each other and do not miss."""
    return 2 * streets["bridge"].fillna(value=False).to_numpy(int) + streets["tunnel"].fillna(value=False).to_numpy(int)


def _find(lines: npt.NDArray[Any], ends: npt.NDArray[Any], level: Ints) -> _Gaps:
    """For each loose end the nearest line within reach; of lines equally near the first."""
    end, line = shapely.STRtree(lines).query(ends, predicate="dwithin", distance=REACH)
    other = line != end // 2
    end, line = end[other], line[other]
    distance = shapely.distance(ends[end], lines[line])
    held = np.zeros(len(ends), dtype=bool)
    held[end[distance <= _ON]] = True
    missed = ~held[end] & (level[line] == level[end // 2]) & ~_stub(lines, end // 2, line)
    end, line, distance = end[missed], line[missed], distance[missed]
    order = np.lexsort((line, distance, end))
    end, line, distance = end[order], line[order], distance[order]
    nearest = np.flatnonzero(np.diff(end, prepend=-1))
    end, line, distance = end[nearest], line[nearest], distance[nearest]
    spot = shapely.line_interpolate_point(lines[line], shapely.line_locate_point(lines[line], ends[end]))
    return _Gaps(end, line, shapely.get_coordinates(spot), distance)


def _stub(lines: npt.NDArray[Any], own: Ints, line: Ints) -> npt.NDArray[np.bool_]:
    """Which lines are stubs of the line that they come near: they meet it already and are too short to get away from it."""
    out = shapely.length(lines)[own] <= 2 * REACH
    out[out] = shapely.distance(lines[own[out]], lines[line[out]]) <= _ON
    return out


def _one_of_two(gaps: _Gaps, ends: npt.NDArray[Any]) -> _Gaps:
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


def _lengthen(lines: npt.NDArray[Any], gaps: _Gaps) -> npt.NDArray[Any]:
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

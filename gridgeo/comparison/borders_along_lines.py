"""How much of the borders between zones runs along something that is there to be seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely

from gridgeo.comparison.common_cells import CommonCells
from gridgeo.coverage import Flags, Floats, Ints, Shapes

NEAR_M = 3.0
"""A border runs along a line that is nowhere farther away than this [m]."""

_PIECE_M = 5.0
"""Borders are looked at in pieces no longer than this [m]; longer than `NEAR_M`, so that a border that only starts at a street
does not follow it."""


def borders_along_lines(land: CommonCells, numbers: Sequence[Ints]) -> pd.DataFrame:
    """Borders between cells that any of several divisions puts into different zones.

    Columns: at, to (positions of cells), length_m, followed_m.

    A border is followed where both ends of a piece lie within 3 m of a street, a railway or a waterway (not in a tunnel), and where
    water or railway land lies on one of its sides. Borders of communities are no borders between zones.

    Parameters
    ----------
    numbers
        For each division the number of the zone of each cell.
    """
    pairs = land.borders[["at", "to"]].drop_duplicates()
    ended = np.any([number[pairs["at"]] != number[pairs["to"]] for number in numbers], axis=0)
    pairs = pairs[ended].reset_index(drop=True)
    outlines = shapely.boundary(land.cells.geometry.to_numpy())
    # Merged first, so that there are few long lines and not many of one edge each.
    shared = shapely.line_merge(shapely.intersection(outlines[pairs["at"]], outlines[pairs["to"]]))
    points, pair = _points(shapely.segmentize(shared, _PIECE_M))
    near = _near(points[:, :2], land)
    length_m = np.hypot(*(points[1:] - points[:-1])[:, :2].T)
    one_line = points[1:, 2] == points[:-1, 2]
    beside_leaf = (land.leaf[pairs["at"]] | land.leaf[pairs["to"]])[pair[1:]]
    along = (near[1:] & near[:-1]) | beside_leaf
    lengths = (length_m * one_line, length_m * (one_line & along))
    sums = [np.bincount(pair[1:], metres, len(pairs)) for metres in lengths]
    return pairs.assign(length_m=sums[0], followed_m=sums[1])


def _points(shapes: Shapes) -> tuple[Floats, Ints]:
    """Points of lines: x, y, number of the line; and the row of the shape of which the line is a part."""
    members, row = shapely.get_parts(shapes, return_index=True)
    lines, member = shapely.get_parts(members, return_index=True)
    # Cells that meet in a point besides their common border share that point too; it is no line.
    is_line = shapely.get_type_id(lines) == 1
    points, line = shapely.get_coordinates(lines[is_line], return_index=True)
    return np.column_stack([points, line]), row[member][is_line][line].astype(np.int64)


def _near(points: Floats, land: CommonCells) -> Flags:
    """Which points lie within 3 m of a line."""
    layers = (land.site.layer(role) for role in ("streets", "railways", "waterways"))
    above = [layer[~layer["tunnel"].fillna(value=False).to_numpy(dtype=bool)].geometry.to_numpy() for layer in layers]
    corners, line = shapely.get_coordinates(shapely.get_parts(np.concatenate(above)), return_index=True)
    start = np.flatnonzero(line[1:] == line[:-1])
    # Single edges: their bounds are small, which makes the tree several times faster than one of whole lines.
    edges = np.asarray(shapely.linestrings(np.stack([corners[start], corners[start + 1]], axis=1)))
    near = np.zeros(len(points), dtype=bool)
    near[shapely.STRtree(edges).query(shapely.points(points), predicate="dwithin", distance=NEAR_M)[0]] = True
    return near

"""Where something is, so that it can be found: the side and name of the line between two pieces of land, else the place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from gridgeo.barriers import LINES, are_bounding, off_ground
from gridgeo.coverage import Floats, Shapes, first_by, meeting
from gridgeo.land.inputs.layer_geometry import pieces_of
from gridgeo.model.site import Site

_BESIDE_M = 1.0
"""Within this a line counts as the border between two pieces of land [m]."""
_TOUCHING_M = 0.1
"""Pieces this near to each other touch [m]."""
_SIDES = ("E", "NE", "N", "NW", "W", "SW", "S", "SE")


class Landmarks(NamedTuple):
    """Lines that have a name, by name."""

    names: Shapes
    lines: Shapes


def landmarks_of(site: Site) -> Landmarks:
    """Lines that bound blocks and have names, those of one name as one."""
    tables = {role: site.layer(role) for role in LINES}
    rows = pd.concat([table[are_bounding(table, role) & ~off_ground(table)] for role, table in tables.items()])
    named = rows["name"].notna().to_numpy() & rows.geometry.notna().to_numpy()
    names, number = np.unique(rows["name"].to_numpy(dtype=object)[named], return_inverse=True)
    lines, of = pieces_of(np.asarray(rows.geometry.array, dtype=object)[named], number)
    return Landmarks(
        names[np.unique(of)], shapely.multilinestrings(lines, indices=np.unique(of, return_inverse=True)[1])
    )


def places(points: Shapes) -> list[str]:
    """Coordinates of points, as texts [m]."""
    return [f"({x:.2f}, {y:.2f})" for x, y in shapely.get_coordinates(points)]


def between(here: Shapes, there: Shapes, marks: Landmarks) -> list[str]:
    """For pairs of land the side on which the other lies, and the name of what is between, or else its place."""
    seams = shapely.intersection(shapely.boundary(there), shapely.buffer(here, _TOUCHING_M))
    length = shapely.length(seams)
    apart = length < 2 * _BESIDE_M
    seams = np.where(apart, shapely.shortest_line(here, there), seams)
    way = shapely.get_coordinates(shapely.centroid(there)) - shapely.get_coordinates(shapely.centroid(here))
    sides = np.rint(np.arctan2(way[:, 1], way[:, 0]) / (np.pi / 4)).astype(int) % len(_SIDES)
    named = _named(seams, np.where(apart, 0.0, length / 2), there, marks)
    return [f"{_SIDES[side]} {name}" for side, name in zip(sides, named, strict=True)]


def across(shapes: Shapes, marks: Landmarks) -> list[str]:
    """The name of the line with most of its length in each shape, or else the place of the shape."""
    return _named(shapes, np.zeros(len(shapes)), shapes, marks)


def _named(shapes: Shapes, least: Floats, at: Shapes, marks: Landmarks) -> list[str]:
    """The name of the line that runs farthest along or in each shape, if at least so far; else the place of another shape."""
    near = shapely.buffer(shapes, _BESIDE_M)
    row, line = meeting(shapely.STRtree(marks.lines), near, "intersects")
    length = shapely.length(shapely.intersection(marks.lines[line], near[row]))
    row, line, length = (column[length >= least[row]] for column in (row, line, length))
    best = first_by(row, -length, line)
    names = np.array(places(shapely.point_on_surface(at)), dtype=object)
    names[row[best]] = marks.names[line[best]]
    return names.tolist()

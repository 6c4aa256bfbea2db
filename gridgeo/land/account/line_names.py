"""Where something is, so that it can be found: the side and name of the line between two pieces of land, else the place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from gridgeo.barriers import LINES, are_bounding, line_parts, off_ground
from gridgeo.coverage import Floats, Shapes, first_by, meeting
from gridgeo.land.account.account_lines import places
from gridgeo.model import Site

_BESIDE_M = 1.0
"""Within this a line counts as the border between two pieces of land [m]."""
_TOUCHING_M = 0.1
"""Pieces this near to each other touch [m]."""
_SIDES = ("E", "NE", "N", "NW", "W", "SW", "S", "SE")


class NamedLines(NamedTuple):
    """Lines that have a name, by name."""

    names: Shapes
    lines: Shapes


class _Seams(NamedTuple):
    """Shapes along or in which a line may run, and how far it has to, to give its name [m]."""

    shapes: Shapes
    least: Floats


def named_lines(site: Site) -> NamedLines:
    """Lines that bound blocks and have names, those of one name as one."""
    tables = {role: site.layer(role) for role in LINES}
    rows = pd.concat([table[are_bounding(table, role) & ~off_ground(table)] for role, table in tables.items()])
    named = rows["name"].notna().to_numpy() & rows.geometry.notna().to_numpy()
    names, number = np.unique(rows["name"].to_numpy(dtype=object)[named], return_inverse=True)
    lines, of = line_parts(np.asarray(rows.geometry.array, dtype=object)[named], number)
    present, number = np.unique(of, return_inverse=True)
    return NamedLines(names[present], np.asarray(shapely.multilinestrings(lines, indices=number)))


def names_between(here: Shapes, there: Shapes, named: NamedLines) -> list[str]:
    """For pairs of land the side on which the other lies, and the name of what is between, or else its place."""
    seams = shapely.intersection(shapely.boundary(there), shapely.buffer(here, _TOUCHING_M))
    length = shapely.length(seams)
    apart = length < 2 * _BESIDE_M
    seams = np.where(apart, shapely.shortest_line(here, there), seams)
    way = shapely.get_coordinates(shapely.centroid(there)) - shapely.get_coordinates(shapely.centroid(here))
    sides = np.rint(np.arctan2(way[:, 1], way[:, 0]) / (np.pi / 4)).astype(int) % len(_SIDES)
    names = _names(_Seams(seams, np.where(apart, 0.0, length / 2)), there, named)
    return [f"{_SIDES[side]} {name}" for side, name in zip(sides, names, strict=True)]


def names_across(shapes: Shapes, named: NamedLines) -> list[str]:
    """The name of the line with most of its length in each shape, or else the place of the shape."""
    return _names(_Seams(shapes, np.zeros(len(shapes))), shapes, named)


def _names(seams: _Seams, at: Shapes, named: NamedLines) -> list[str]:
    """The name of the line that runs farthest along or in each shape, if at least so far; else the place of another shape."""
    near = shapely.buffer(seams.shapes, _BESIDE_M)
    row, line = meeting(shapely.STRtree(named.lines), near, "intersects")
    length = shapely.length(shapely.intersection(named.lines[line], near[row]))
    far = np.flatnonzero(length >= seams.least[row])
    row, line = row[far], line[far]
    best = first_by(row, -length[far], line)
    names = np.array(places(shapely.point_on_surface(at)), dtype=object)
    names[row[best]] = named.names[line[best]]
    return names.tolist()

"""Walls and fences, and their openings: gates, and holes no wider than a gateway.

A wall is closed across its openings, so that what it goes round is land of its own; there one can pass. Streets that
cross a wall open it too, but close no ring, so only those who ask what lies between two cells need them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.barriers.classes import LINES, are_bounding, are_gates, lines_of, off_ground, segments_of, shapes_of
from gridgeo.coverage import PRECISION_M, Flags, Floats, Ints, Shapes
from gridgeo.model import Site

GATEWAY_M = 12.0
"""Widest hole that is a gateway [m]. A choice: a lane in and a lane out for fire engines, of 4 m each in the clear
(GB 50016-2014, 7.1.8), and as much for the guards' island and a way on foot."""

GATE_M = 0.5
"""A gate this near to a wall stands in it [m]."""

_MEETS = 4 * PRECISION_M
"""An end this near to a line meets it [m]."""
_ONWARD = 0.5
"""A wall goes on across a hole that lies at most 60 degrees off the way that the wall comes (cosine)."""
_BESIDE, _ALONG = 0.1, 0.3
"""A line that is this near to a building for more than so long runs along it, or through it [m]."""


class Walls(NamedTuple):
    """Lines of walls on the precision grid, and what one can pass."""

    lines: Shapes
    gates: Shapes
    """Lines of gates that stand in walls."""
    holes: Shapes
    """Lines across holes, in an order of their own."""
    posts: Shapes
    """Gates given as points."""

    @property
    def openings(self) -> Shapes:
        """Lines along which a wall is open."""
        return np.concatenate([self.gates, self.holes])

    @property
    def closed(self) -> Shapes:
        """All lines that close rings: walls, and lines across their openings."""
        return np.concatenate([self.lines, self.gates, self.holes])


class _EndPairs(NamedTuple):
    """Pairs of loose ends of walls that may be the two sides of a hole."""

    one: Ints
    other: Ints
    reach: Floats
    """How far it is from one to the other, more if not straight on [m]."""


def walls_of(site: Site) -> Walls:
    """Walls of a site and their openings.

    A hole is between two ends that meet no line that bounds, each other's nearest, and a wall goes on across it: between
    two walls side by side there is none. It does not lead through or along a building, nor across another line that bounds;
    but a street may lead through it, as through the main gate of an estate.

    Parameters
    ----------
    site
        Layers in metres. Reads barriers, and around holes all that bounds, and buildings.
    """
    barriers = site.layer("barriers")
    gates = are_gates(barriers)
    lines = _once(lines_of(shapes_of(barriers, are_bounding(barriers, "barriers"))))
    swung = _once(lines_of(shapes_of(barriers, gates)))
    swung = swung[np.unique(shapely.STRtree(swung).query(lines, predicate="dwithin", distance=GATE_M)[1])]
    points = shapely.get_parts(shapes_of(barriers, gates))
    posts = points[shapely.get_type_id(points) == shapely.GeometryType.POINT]
    return Walls(lines, swung, _holes(site, np.concatenate([lines, swung])), posts)


def _once(lines: Shapes) -> Shapes:
    """Lines without those that are there already, perhaps the other way round."""
    _, first = np.unique(shapely.to_wkb(shapely.normalize(lines)), return_index=True)
    return lines[np.sort(first)]


def _holes(site: Site, walls: Shapes) -> Shapes:
    """Lines across the holes of walls."""
    chains = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(walls))) if len(walls) else walls
    chains = chains[~shapely.is_closed(chains)]
    if len(chains) == 0:
        return chains
    ends = np.column_stack([shapely.get_point(chains, 0), shapely.get_point(chains, -1)]).ravel()
    streets, others = _around(site, ends)
    pairs = _pairs(chains, ends, _loose(ends, walls, np.concatenate([streets, others])))
    ways = np.stack([shapely.get_coordinates(ends[pairs.one]), shapely.get_coordinates(ends[pairs.other])], axis=1)
    across = np.asarray(shapely.linestrings(ways))
    free = ~(_blocked(across, np.concatenate([others, walls])) | _built(across, site))
    pairs, across = _EndPairs(pairs.one[free], pairs.other[free], pairs.reach[free]), across[free]
    chosen = shapely.normalize(across[_nearest_first(pairs, across)])
    return chosen[np.lexsort(shapely.get_coordinates(shapely.get_point(chosen, 0)).T[::-1])]


def _around(site: Site, ends: Shapes) -> tuple[Shapes, Shapes]:
    """What bounds near the ends of walls, walls aside: streets; other lines on the ground, and outlines."""
    tables = {role: site.layer(role) for role in LINES if role != "barriers"}
    lines = {role: shapes_of(table, are_bounding(table, role) & ~off_ground(table)) for role, table in tables.items()}
    outlines = [shapely.boundary(shapes_of(site.layer(role))) for role in ("communities", "water")]
    others = np.concatenate([*(lines[role] for role in tables if role != "streets"), *outlines])
    near = shapely.STRtree(ends)
    streets, others = (
        shapes[np.unique(near.query(shapes, predicate="dwithin", distance=GATEWAY_M)[0])]
        for shapes in (lines["streets"], others)
    )
    return streets, others


def _loose(ends: Shapes, walls: Shapes, around: Shapes) -> Ints:
    """Rows of ends that meet nothing but the piece of wall that they are an end of."""
    pieces, _ = segments_of(walls)
    end, _ = shapely.STRtree(pieces).query(ends, predicate="dwithin", distance=_MEETS)
    _, met = shapely.STRtree(ends).query(around, predicate="dwithin", distance=_MEETS)
    free = np.bincount(end, minlength=len(ends)) == 1
    free[met] = False
    return np.flatnonzero(free)


def _directions(chains: Shapes, ends: Ints) -> Floats:
    """Direction in which walls come to their ends, over the width of a gateway: x and y, of length 1."""
    walls, last = chains[ends // 2], ends % 2 == 1
    back = np.minimum(shapely.length(walls), GATEWAY_M)
    start = shapely.line_interpolate_point(walls, np.where(last, -back, back))
    end = np.where(last, shapely.get_point(walls, -1), shapely.get_point(walls, 0))
    way = shapely.get_coordinates(end) - shapely.get_coordinates(start)
    return way / np.maximum(np.hypot(*way.T), PRECISION_M)[:, None]


def _pairs(chains: Shapes, ends: Shapes, loose: Ints) -> _EndPairs:
    """Pairs of loose ends, from one of which at least a wall goes on to the other."""
    a, b = shapely.STRtree(ends[loose]).query(ends[loose], predicate="dwithin", distance=GATEWAY_M)
    a, b = a[a < b], b[a < b]
    points, direction = shapely.get_coordinates(ends[loose]), _directions(chains, loose)
    across = points[b] - points[a]
    width = np.hypot(*across.T)
    onward = np.maximum((direction[a] * across).sum(axis=1), -(direction[b] * across).sum(axis=1))
    goes_on = onward >= _ONWARD * width
    reach = width[goes_on] ** 2 / np.maximum(onward[goes_on], PRECISION_M)
    return _EndPairs(loose[a[goes_on]], loose[b[goes_on]], reach)


def _blocked(across: Shapes, lines: Shapes) -> Flags:
    """Lines that meet others elsewhere than at their ends."""
    inner = shapely.linestrings(
        shapely.get_coordinates(
            np.column_stack(
                [shapely.line_interpolate_point(across, at, normalized=True) for at in (0.01, 0.99)]
            ).ravel()
        ).reshape(-1, 2, 2)
    )
    blocked = np.zeros(len(across), dtype=bool)
    blocked[shapely.STRtree(lines).query(inner, predicate="intersects")[0]] = True
    return blocked


def _built(across: Shapes, site: Site) -> Flags:
    """Lines that run along or through a building."""
    built = np.zeros(len(across), dtype=bool)
    homes = shapes_of(site.buildings)
    home, line = shapely.STRtree(across).query(homes, predicate="dwithin", distance=_BESIDE)
    near = shapely.buffer(homes[home], _BESIDE)
    built[line[shapely.length(shapely.intersection(across[line], near)) > _ALONG]] = True
    return built


def _nearest_first(pairs: _EndPairs, across: Shapes) -> Ints:
    """Rows of pairs such that each end is in one at most, near ones first; of equal ones the first by place."""
    taken: set[int] = set()
    rows = []
    for row in np.lexsort((shapely.to_wkb(shapely.normalize(across)), pairs.reach.round(3))).tolist():
        pair = {int(pairs.one[row]), int(pairs.other[row])}
        if not taken & pair:
            taken |= pair
            rows.append(row)
    return np.array(rows, dtype=np.int64)

"""Narrow land: a strip between two lines of one road is no block of its own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.barriers import GATE_M, Walls
from gridgeo.coverage import APART, Flags, Floats, Ints, Shapes, first_by, narrow, shared_edges, united
from gridgeo.land.enclosures.block_faces import BlockFaces
from gridgeo.model import LAND

_LEAST_SHARE = 0.02
"""Share of a narrow face's outline that the edge must be along which it joins: strips that touch at their ends go no round trip."""


class HardLines(NamedTuple):
    """What narrow faces do not join across."""

    lines: Shapes
    walls: Walls
    """None joins across a wall, but those that an opening leads to."""


class _Joining(NamedTuple):
    """Faces of a coverage, and which of them must join others."""

    polygons: Shapes
    region: Ints
    """Key of the land within which faces may join; a negative one: joins nothing."""
    narrow: Flags


def join_narrow(faces: BlockFaces, buildings: Shapes, hard: HardLines, *, min_width_m: float) -> BlockFaces:
    """Blocks after narrow ones without buildings have joined others of their community.

    Parameters
    ----------
    buildings
        Footprints, and points.
    """
    region = np.where((faces.kind == LAND) & ~faces.crossing, faces.community, -1)
    chosen = narrow(faces.polygons, min_width_m) & (region >= 0)
    chosen[chosen] = ~_built_on(faces.polygons[chosen], buildings)
    into = joined_into(_Joining(faces.polygons, region, chosen), hard)
    polygons, first = united(faces.polygons, into)
    absorbed = np.bincount(into, minlength=len(into)) - 1
    institution, kind = faces.institution[first], faces.kind[first]
    return BlockFaces(polygons, faces.community[first], institution, kind, absorbed[first], faces.crossing[first])


def joined_into(faces: _Joining, hard: HardLines) -> Ints:
    """Row of the face that takes each face: its own, or, of a narrow one, that of the neighbour with the longest common edge.

    Along a wall with an opening the edge counts twice: the strip before an estate belongs to it, and not to the other side of
    the street. What has joined can be joined in turn, so the strips of a junction are taken from outside in; one without
    neighbours to join stays.
    """
    into, open_ = np.arange(len(faces.polygons)), faces.narrow & (faces.region >= 0)
    own, beside, length = _ways(faces, hard)
    least = _LEAST_SHARE * shapely.length(faces.polygons)
    while True:
        mouth = np.flatnonzero(open_[own] & ~open_[beside])
        if len(mouth) == 0:
            return into
        pair, total = _sums(own[mouth], into[beside[mouth]], length[mouth])
        wide = total >= least[pair[0]]
        if not wide.any():
            return into
        pair, total = pair[:, wide], total[wide]
        best = first_by(pair[0], -total, pair[1])
        into[pair[0, best]] = pair[1, best]
        open_[pair[0, best]] = False


def _ways(faces: _Joining, hard: HardLines) -> tuple[Ints, Ints, Floats]:
    """Edges across which narrow faces may join: row of the face, row of its neighbour, how much it counts [m]."""
    region, walls = faces.region, hard.walls
    shared = shared_edges(faces.polygons)
    own, beside = np.concatenate([shared.left, shared.right]), np.concatenate([shared.right, shared.left])
    rows = np.flatnonzero(faces.narrow[own] & (region[own] == region[beside]) & (region[own] >= 0))
    own, beside, edges = own[rows], beside[rows], shared.at(rows % len(shared.left)).lines()
    middles = shapely.line_interpolate_point(edges, 0.5, normalized=True)

    def near(shapes: Shapes, lines: Shapes, distance: float) -> Flags:
        found = np.zeros(len(shapes), dtype=bool)
        found[shapely.STRtree(lines).query(shapes, predicate="dwithin", distance=distance)[0]] = True
        return found

    walled = near(middles, walls.lines, APART)
    opened = near(middles, walls.openings, APART) | (walled & near(edges, walls.posts, GATE_M))
    pair = own * len(region) + beside
    led = np.isin(pair, pair[opened])
    kept = ~near(middles, hard.lines, APART) & (~walled | led)
    weight = np.where(walled | opened, 2.0, 1.0) * shapely.length(edges)
    return own[kept], beside[kept], weight[kept]


def _sums(own: Ints, other: Ints, length: Floats) -> tuple[Ints, Floats]:
    """Pairs, and the length of edges that each shares [m]."""
    pair, where = np.unique(np.stack([own, other]), axis=1, return_inverse=True)
    return pair, np.bincount(where.ravel(), length, minlength=pair.shape[1]).astype(np.float64)


def _built_on(faces: Shapes, shapes: Shapes) -> Flags:
    """Faces with at least half of a footprint, or with a building given as a point."""
    built = np.zeros(len(faces), dtype=bool)
    shape, face = shapely.STRtree(faces).query(shapes, predicate="intersects")
    share = shapely.area(shapely.intersection(shapes[shape], faces[face]))
    built[face[2 * share >= shapely.area(shapes[shape])]] = True
    return built

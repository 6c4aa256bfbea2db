"""Footprints of a batch of blocks as disjoint faces, each with one owner."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import (
    APART,
    Flags,
    Floats,
    Ints,
    Shapes,
    components,
    directed_edges,
    inner,
    lean,
    noded_faces,
    single_parts,
    smallest_over,
    united,
    wide_diagonals,
)

_OVERLAPPING = "T********"
"""Relation of shapes whose insides meet (DE-9IM)."""
_TOGETHER = 300
"""Footprints noded at a time; the cost of noding grows faster than what is noded."""
_MANY = 10_000_000
"""Pairs of walls of two footprints that are compared, at most; noding as many takes less time."""
_TINY2 = 1e-30
"""Least squared length, so that a wall of no length is a point and not a division by nothing [m2]."""
_LOW_X, _LOW_Y, _HIGH_X, _HIGH_Y = range(4)
"""Columns of boxes [m]."""

_NearWalls = tuple[int, int]
"""Row of the memory for near walls, and how many stand in it."""


class _Walls(NamedTuple):
    """Walls of footprints; those of footprint k are the rows first[k] to first[k + 1]."""

    first: Ints
    tail: Floats
    head: Floats
    boxes: Floats
    """Box of each footprint, wider by what is near: by columns _LOW_X to _HIGH_Y."""
    near: Ints
    """Memory: row i holds the walls of the i-th of a pair that come into the box which both have in common."""


class _Pairs(NamedTuple):
    """Pairs of footprints, and what is found out about each."""

    one: Ints
    other: Ints
    torn: Flags
    """They overlap, or have a corner of one near a wall of the other that is none of the other's corners."""
    joined: Flags
    """They have a corner in common."""
    doubtful: Flags
    """They may overlap all the same: no wall keeps them apart."""


class Faces(NamedTuple):
    """Single polygons of footprints, each with its owner."""

    polygons: Shapes
    owner: Ints

    def some(self, rows: Ints | Flags) -> Faces:
        """Those of the given rows."""
        return Faces(self.polygons[rows], self.owner[rows])


def joined_faces(faces: Iterable[Faces]) -> Faces:
    """Faces one after the other."""
    polygons, owner = zip(*faces, strict=True)
    return Faces(np.concatenate(polygons), np.concatenate(owner))


def disjoint_faces(footprints: Shapes, owner: Ints) -> Faces:
    """Disjoint faces of footprints that are clear of borders, by owner; where they overlap, the smallest owns the land.

    Only footprints that overlap, or whose walls meet elsewhere than in common corners, are noded, and with them those
    that touch one of these, for a noded wall may move by half a grid step. Party walls noded as given stay untouched.
    """
    a, b, torn = _near_pairs(footprints)
    moved = np.zeros(len(footprints), dtype=bool)
    moved[a[torn]] = moved[b[torn]] = True
    beside = moved[a] | moved[b]
    cluster = components(a[beside], b[beside], len(footprints))
    size = np.bincount(cluster, minlength=1)[cluster]
    alone = np.flatnonzero(size == 1)
    many = np.flatnonzero(size > 1)
    many = many[np.argsort(cluster[many], kind="stable")]
    out = [Faces(footprints[alone], owner[alone])]
    for rows in _portions(many, cluster[many]):
        faces = noded_faces(shapely.boundary(footprints[rows]))
        own = smallest_over(faces, footprints[rows])
        faces, own = united(faces[own >= 0], own[own >= 0])
        out.append(Faces(faces, owner[rows[own]]))
    return sorted_faces(joined_faces(out))


def sorted_faces(faces: Faces) -> Faces:
    """Faces sorted by owner, as single polygons."""
    parts, k = single_parts(faces.polygons)
    rows = np.argsort(faces.owner[k], kind="stable")
    return Faces(parts[rows], faces.owner[k][rows])


def _near_pairs(footprints: Shapes) -> tuple[Ints, Ints, Flags]:
    """Pairs of footprints that are torn or joined, and which are torn."""
    lines = wide_diagonals(footprints)
    a, b = shapely.STRtree(footprints).query(lines)
    a, b = a[a < b], b[a < b]
    tail, head, footprint = directed_edges(footprints)
    first = np.searchsorted(footprint, np.arange(len(footprints) + 1))
    near = np.empty((2, np.diff(first).max(initial=0)), dtype=np.int64)
    pairs = _Pairs(a, b, *np.zeros((3, len(a)), dtype=bool))
    _compare_corners(pairs, _Walls(first, tail, head, shapely.bounds(lines), near))
    doubtful = pairs.doubtful
    pairs.torn[doubtful] = shapely.relate_pattern(footprints[a[doubtful]], footprints[b[doubtful]], _OVERLAPPING)
    met = pairs.torn | pairs.joined
    return a[met], b[met], pairs.torn[met]


@lean
def _compare_corners(pairs: _Pairs, walls: _Walls) -> None:
    """Find out which pairs are torn, joined, doubtful.

    Only walls in the box that both have in common are looked at, which are at most as many as a footprint has. Where they are too
    many to compare each with each, the pair counts as torn, and noding tells.
    """
    for k in range(len(pairs.one)):
        pair = (pairs.one[k], pairs.other[k])
        back = (pair[1], pair[0])
        ones = (0, _find_near_walls(pair, walls, 0))
        others = (1, _find_near_walls(back, walls, 1))
        if ones[1] * others[1] > _MANY:
            pairs.torn[k] = True
            continue
        pairs.torn[k] = _is_torn(ones, others, walls) or _is_torn(others, ones, walls)
        pairs.joined[k] = _share_corner(ones, others, walls)
        if not pairs.torn[k]:
            pairs.doubtful[k] = not (_keeps_apart(pair, ones, walls) or _keeps_apart(back, others, walls))


@inner
def _find_near_walls(pair: tuple[int, int], walls: _Walls, row: int) -> int:
    """Write down the walls of the first of a pair that come into the box it has in common with the second; their number."""
    one, other = pair
    boxes = walls.boxes
    low_x, low_y = max(boxes[one, _LOW_X], boxes[other, _LOW_X]), max(boxes[one, _LOW_Y], boxes[other, _LOW_Y])
    high_x, high_y = min(boxes[one, _HIGH_X], boxes[other, _HIGH_X]), min(boxes[one, _HIGH_Y], boxes[other, _HIGH_Y])
    count = 0
    for k in range(walls.first[one], walls.first[one + 1]):
        x, y, to_x, to_y = walls.tail[k, 0], walls.tail[k, 1], walls.head[k, 0], walls.head[k, 1]
        if min(x, to_x) <= high_x and max(x, to_x) >= low_x and min(y, to_y) <= high_y and max(y, to_y) >= low_y:
            walls.near[row, count] = k
            count += 1
    return count


@inner
def _share_corner(ones: _NearWalls, others: _NearWalls, walls: _Walls) -> bool:
    """Whether two footprints have a corner in common."""
    tail = walls.tail
    for i in range(ones[1]):
        for j in range(others[1]):
            v, k = walls.near[ones[0], i], walls.near[others[0], j]
            if tail[v, 0] == tail[k, 0] and tail[v, 1] == tail[k, 1]:
                return True
    return False


@inner
def _keeps_apart(pair: tuple[int, int], ones: _NearWalls, walls: _Walls) -> bool:
    """Whether a near wall of the first of a pair has all corners of it on its left and all of the second on its right.

    Corners may lie on its line: insides are disjoint all the same. On the grid, differences and products are exact.
    A wall of no length has no sides, and keeps nothing apart.
    """
    row, count = ones
    first, tail, head = walls.first, walls.tail, walls.head
    for i in range(count):
        wall = walls.near[row, i]
        x, y = tail[wall, 0], tail[wall, 1]
        along_x, along_y = head[wall, 0] - x, head[wall, 1] - y
        parted = along_x != 0 or along_y != 0
        for footprint, side in ((pair[0], 1.0), (pair[1], -1.0)):
            for v in range(first[footprint], first[footprint + 1]):
                if not parted or side * (along_x * (tail[v, 1] - y) - along_y * (tail[v, 0] - x)) < 0:
                    parted = False
                    break
        if parted:
            return True
    return False


@inner
def _is_torn(ones: _NearWalls, others: _NearWalls, walls: _Walls) -> bool:
    """Whether a corner of a footprint comes near a wall of another's without being one of its ends."""
    tail, head, near = walls.tail, walls.head, walls.near
    for i in range(ones[1]):
        v = near[ones[0], i]
        x, y = tail[v, 0], tail[v, 1]
        for j in range(others[1]):
            k = near[others[0], j]
            if (x == tail[k, 0] and y == tail[k, 1]) or (x == head[k, 0] and y == head[k, 1]):
                continue
            along_x, along_y = head[k, 0] - tail[k, 0], head[k, 1] - tail[k, 1]
            from_x, from_y = x - tail[k, 0], y - tail[k, 1]
            length2 = max(along_x * along_x + along_y * along_y, _TINY2)
            share = min(max((from_x * along_x + from_y * along_y) / length2, 0.0), 1.0)
            away_x, away_y = from_x - share * along_x, from_y - share * along_y
            if away_x * away_x + away_y * away_y < APART * APART:
                return True
    return False


def _portions(rows: Ints, cluster: Ints) -> list[Ints]:
    """Whole clusters, some hundred footprints at a time."""
    ends = np.flatnonzero(np.diff(cluster, append=-1)) + 1
    cuts, start = [], 0
    for end in ends.tolist():
        if end - start >= _TOGETHER:
            cuts.append(end)
            start = end
    return [portion for portion in np.split(rows, cuts) if len(portion)]

"""Footprints of a batch of blocks as disjoint faces, each with one owner."""

from __future__ import annotations

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


class _Walls(NamedTuple):
    """Walls of footprints; those of footprint k are the rows first[k] to first[k + 1]."""

    first: Ints
    tail: Floats
    head: Floats
    boxes: Floats
    """Box of each footprint, wider by what is near: low x, low y, high x, high y."""


class Faces(NamedTuple):
    """Disjoint faces of footprints, sorted by owner."""

    polygons: Shapes
    owner: Ints


def disjoint_faces(footprints: Shapes, owner: Ints) -> Faces:
    """Faces of footprints that are clear of borders; where they overlap, the smallest owns the land.

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
    polygons, owners = [footprints[alone]], [owner[alone]]
    for rows in _portions(many, cluster[many]):
        faces = noded_faces(shapely.boundary(footprints[rows]))
        own = smallest_over(faces, footprints[rows])
        faces, own = united(faces[own >= 0], own[own >= 0])
        polygons.append(faces)
        owners.append(owner[rows[own]])
    return sorted_faces(np.concatenate(polygons), np.concatenate(owners))


def sorted_faces(polygons: Shapes, owner: Ints) -> Faces:
    """Faces sorted by owner, as single polygons."""
    parts, k = single_parts(polygons)
    rows = np.argsort(owner[k], kind="stable")
    return Faces(parts[rows], owner[k][rows])


def _near_pairs(footprints: Shapes) -> tuple[Ints, Ints, Flags]:
    """Pairs of footprints that touch, overlap or come near each other.

    And which of them overlap, or have a corner of one near a wall of the other that is none of the other's corners.
    """
    lines = wide_diagonals(footprints)
    a, b = shapely.STRtree(footprints).query(lines)
    a, b = a[a < b], b[a < b]
    tail, head, footprint = directed_edges(footprints)
    first = np.searchsorted(footprint, np.arange(len(footprints) + 1))
    walls = _Walls(first, tail, head, shapely.bounds(lines))
    near = np.empty((2, np.diff(first).max(initial=0)), dtype=np.int64)
    torn, joined, doubtful = np.zeros((3, len(a)), dtype=bool)
    _compare_corners(a, b, walls, near, (torn, joined, doubtful))
    torn[doubtful] = shapely.relate_pattern(footprints[a[doubtful]], footprints[b[doubtful]], _OVERLAPPING)
    met = torn | joined
    return a[met], b[met], torn[met]


@lean
def _compare_corners(a: Ints, b: Ints, walls: _Walls, near: Ints, found: tuple[Flags, Flags, Flags]) -> None:
    """Write down which pairs are torn, which have a corner in common, and which may overlap: those that no wall keeps apart.

    Only walls in the box that both have in common are looked at: row i of `near` holds those of the i-th of a pair, which are at
    most as many as it has. Where they are too many to compare each with each, the pair counts as torn, and noding tells.
    """
    torn, joined, doubtful = found
    for k in range(len(a)):
        one, other = a[k], b[k]
        ones = _find_near_walls(one, other, walls, near, 0)
        others = _find_near_walls(other, one, walls, near, 1)
        if ones * others > _MANY:
            torn[k] = True
            continue
        torn[k] = _is_torn((0, ones), (1, others), walls, near) or _is_torn((1, others), (0, ones), walls, near)
        joined[k] = _share_corner(ones, others, walls, near)
        if not torn[k]:
            apart = _keeps_apart(one, other, (0, ones), walls, near) or _keeps_apart(
                other, one, (1, others), walls, near
            )
            doubtful[k] = not apart


@lean
def _find_near_walls(one: int, other: int, walls: _Walls, near: Ints, row: int) -> int:
    """Write down the walls of a footprint that come into the box it has in common with another; their number."""
    boxes = walls.boxes
    low_x, low_y = max(boxes[one, 0], boxes[other, 0]), max(boxes[one, 1], boxes[other, 1])
    high_x, high_y = min(boxes[one, 2], boxes[other, 2]), min(boxes[one, 3], boxes[other, 3])
    count = 0
    for k in range(walls.first[one], walls.first[one + 1]):
        x, y, to_x, to_y = walls.tail[k, 0], walls.tail[k, 1], walls.head[k, 0], walls.head[k, 1]
        if min(x, to_x) <= high_x and max(x, to_x) >= low_x and min(y, to_y) <= high_y and max(y, to_y) >= low_y:
            near[row, count] = k
            count += 1
    return count


@lean
def _share_corner(ones: int, others: int, walls: _Walls, near: Ints) -> bool:
    """Whether two footprints have a corner in common."""
    tail = walls.tail
    for i in range(ones):
        for j in range(others):
            v, k = near[0, i], near[1, j]
            if tail[v, 0] == tail[k, 0] and tail[v, 1] == tail[k, 1]:
                return True
    return False


@lean
def _keeps_apart(one: int, other: int, own: tuple[int, int], walls: _Walls, near: Ints) -> bool:
    """Whether one of the near walls of a footprint has all corners of it on its left and all of another's on its right.

    Corners may lie on its line: insides are disjoint all the same. On the grid, differences and products are exact.
    A wall of no length has no sides, and keeps nothing apart.
    """
    row, count = own
    first, tail, head, _ = walls
    for i in range(count):
        wall = near[row, i]
        x, y = tail[wall, 0], tail[wall, 1]
        along_x, along_y = head[wall, 0] - x, head[wall, 1] - y
        parted = along_x != 0 or along_y != 0
        for footprint, side in ((one, 1.0), (other, -1.0)):
            for v in range(first[footprint], first[footprint + 1]):
                if not parted or side * (along_x * (tail[v, 1] - y) - along_y * (tail[v, 0] - x)) < 0:
                    parted = False
                    break
        if parted:
            return True
    return False


@lean
def _is_torn(own: tuple[int, int], others: tuple[int, int], walls: _Walls, near: Ints) -> bool:
    """Whether a corner of a footprint comes near a wall of another's without being one of its ends."""
    _, tail, head, _ = walls
    for i in range(own[1]):
        v = near[own[0], i]
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

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


class Faces(NamedTuple):
    """Disjoint faces of footprints, sorted by owner."""

    polygons: Shapes
    owner: Ints


def disjoint_faces(footprints: Shapes, owner: Ints) -> Faces:
    """Faces of footprints that are clear of borders; where they overlap, the smallest owns the land.

    Only footprints that overlap, or whose walls meet elsewhere than in common corners, are noded, and with them those
    that touch one of these, for a noded wall may move by half a grain. Party walls noded as given stay untouched.
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
    a, b = shapely.STRtree(footprints).query(wide_diagonals(footprints))
    a, b = a[a < b], b[a < b]
    tail, head, footprint = directed_edges(footprints)
    first = np.searchsorted(footprint, np.arange(len(footprints) + 1))
    torn, joined, doubtful = np.zeros((3, len(a)), dtype=bool)
    _compare_corners(a, b, (first, tail, head), (torn, joined, doubtful))
    torn[doubtful] = shapely.relate_pattern(footprints[a[doubtful]], footprints[b[doubtful]], _OVERLAPPING)
    near = torn | joined
    return a[near], b[near], torn[near]


@lean
def _compare_corners(a: Ints, b: Ints, walls: tuple[Ints, Floats, Floats], found: tuple[Flags, Flags, Flags]) -> None:
    """Write down which pairs are torn, which have a corner in common, and which may overlap: those that no wall keeps apart."""
    torn, joined, doubtful = found
    for k in range(len(a)):
        torn[k] = _is_torn(a[k], b[k], walls) or _is_torn(b[k], a[k], walls)
        joined[k] = _share_corner(a[k], b[k], walls)
        doubtful[k] = not (torn[k] or _keeps_apart(a[k], b[k], walls) or _keeps_apart(b[k], a[k], walls))


@lean
def _share_corner(a: int, b: int, walls: tuple[Ints, Floats, Floats]) -> bool:
    """Whether two footprints have a corner in common."""
    first, tail, _ = walls
    for v in range(first[a], first[a + 1]):
        for k in range(first[b], first[b + 1]):
            if tail[v, 0] == tail[k, 0] and tail[v, 1] == tail[k, 1]:
                return True
    return False


@lean
def _keeps_apart(a: int, b: int, walls: tuple[Ints, Floats, Floats]) -> bool:
    """Whether a wall of a footprint has all corners of it on one side and all of another's on the other; on the grain, exactly."""
    first, tail, head = walls
    for wall in range(first[a], first[a + 1]):
        x, y = tail[wall, 0], tail[wall, 1]
        along_x, along_y = head[wall, 0] - x, head[wall, 1] - y
        parted = True
        for other, side in ((a, 1.0), (b, -1.0)):
            for v in range(first[other], first[other + 1]):
                if side * (along_x * (tail[v, 1] - y) - along_y * (tail[v, 0] - x)) < 0:
                    parted = False
                    break
        if parted:
            return True
    return False


@lean
def _is_torn(a: int, b: int, walls: tuple[Ints, Floats, Floats]) -> bool:
    """Whether a corner of a footprint comes near a wall of another's without being one of its ends."""
    first, tail, head = walls
    for v in range(first[a], first[a + 1]):
        x, y = tail[v, 0], tail[v, 1]
        for k in range(first[b], first[b + 1]):
            if (x == tail[k, 0] and y == tail[k, 1]) or (x == head[k, 0] and y == head[k, 1]):
                continue
            along_x, along_y = head[k, 0] - tail[k, 0], head[k, 1] - tail[k, 1]
            from_x, from_y = x - tail[k, 0], y - tail[k, 1]
            share = (from_x * along_x + from_y * along_y) / (along_x * along_x + along_y * along_y)
            share = min(max(share, 0.0), 1.0)
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

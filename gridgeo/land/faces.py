"""Footprints of a batch of blocks as disjoint faces, each with one owner."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gridgeo.land.planar import APART, Ints, Shapes, noded_faces, smallest_over, united

_TOGETHER = 300
"""Footprints noded at a time; the cost of noding grows faster than what is noded."""


class Faces(NamedTuple):
    """Disjoint faces of footprints, sorted by owner."""

    polygons: Shapes
    owner: Ints


def disjoint_faces(footprints: Shapes, owner: Ints) -> Faces:
    """Faces of footprints that are clear of borders; where they overlap, the smallest owns the land."""
    cluster = _clusters(footprints)
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
    parts, k = shapely.get_parts(polygons, return_index=True)
    rows = np.argsort(owner[k], kind="stable")
    return Faces(parts[rows], owner[k][rows])


def _clusters(footprints: Shapes) -> Ints:
    """Number of the cluster of touching or overlapping footprints to which each belongs."""
    count = len(footprints)
    if count == 0:
        return np.empty(0, dtype=np.int64)
    low_x, low_y, high_x, high_y = shapely.bounds(footprints).T
    wide = shapely.box(low_x - APART, low_y - APART, high_x + APART, high_y + APART)
    a, b = shapely.STRtree(footprints).query(wide)
    a, b = a[a < b], b[a < b]
    near = shapely.dwithin(footprints[a], footprints[b], APART)
    graph = coo_array((np.ones(near.sum()), (a[near], b[near])), shape=(count, count))
    cluster: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return cluster


def _portions(rows: Ints, cluster: Ints) -> list[Ints]:
    """Whole clusters, some hundred footprints at a time."""
    ends = np.flatnonzero(np.diff(cluster, append=-1)) + 1
    cuts, start = [], 0
    for end in ends.tolist():
        if end - start >= _TOGETHER:
            cuts.append(end)
            start = end
    return [portion for portion in np.split(rows, cuts) if len(portion)]

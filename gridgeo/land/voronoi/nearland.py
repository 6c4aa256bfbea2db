"""Give all land of each block to the nearest of its footprints, exactly, a batch of blocks at a time.

Blocks are computed each by itself, so batches bound the memory and cannot change the result.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import (
    Arcs,
    Floats,
    Ints,
    Shapes,
    directed_edges,
    first_by,
    in_order,
    polygons_of,
    processors,
    rows_by,
    single_polygons_of,
)
from gridgeo.land.enclosures.crossing_footprints import Settled
from gridgeo.land.voronoi.borders import Borders, borders_of, undirected, with_breaks
from gridgeo.land.voronoi.cutting import cut
from gridgeo.land.voronoi.envelope import border_breaks
from gridgeo.land.voronoi.faces import Faces, disjoint_faces, sorted_faces
from gridgeo.land.voronoi.mesh import Walls, triangulate
from gridgeo.land.voronoi.nearest import Tree, search_tree

_BATCH = (500, 2000)
"""Footprints in a batch of blocks, about, at least and at most: each costs some milliseconds, and bounds the memory."""
_FEWEST = 200
"""Footprints that are worth a processor of their own, where there are not enough for a batch each."""
_TURNS = 4
"""Batches that each processor gets, if they are not too small or too large."""


class Shares(NamedTuple):
    """Land of each footprint that has any, and of blocks without footprints."""

    polygons: Shapes
    """Single polygons in normal form, an exact coverage of the blocks."""
    owner: Ints
    """Owner of the footprint whose land it is; -1: a block without any."""
    block: Ints
    core: Floats
    """Area of the owner's largest face, all of which lies in the polygon [m2]."""


class _Claimed(NamedTuple):
    """Footprints of a batch."""

    walled: Shapes
    walled_owner: Ints
    """Faces noded with the border."""
    clear: Shapes
    clear_owner: Ints
    """Footprints clear of it."""
    block_of_owner: Ints


class _Batch(NamedTuple):
    """Some whole blocks with their footprints."""

    blocks: Ints
    """Rows of its blocks; within the batch they are numbered from 0."""
    faces: Faces
    labels: Ints
    """Owner of each label, ascending."""
    label: Ints
    """Label of each face."""
    block: Ints
    """Block, within the batch, of each label."""
    tree: Tree
    broken: Ints
    """Row of the border edge on which each break lies."""
    share: Floats
    """Place of each break [share of the edge's length]."""


def share_land(settled: Settled, footprints: Shapes, owner: Ints) -> Shares:
    """Land of each owner: what is nearer to its footprints than to any other of the block.

    Parameters
    ----------
    settled
        Blocks, and where the footprints lie.
    footprints
        Single polygons on the grain.
    owner
        Owner of each footprint; all of an owner's footprints lie in one block.
    """
    batch_of, count = _batches(settled.block_of, len(settled.blocks))
    whole = borders_of(settled.blocks, settled.walled, owner[settled.walled_by])
    edges, blocks = rows_by(batch_of[whole.block], count), rows_by(batch_of, count)
    claimed = _claimed(settled, footprints, owner, batch_of, count)
    batches = dict(enumerate(in_order(lambda k: _batch(claimed[k], blocks[k], edges[k], whole), range(count))))
    borders = _with_all_breaks(whole, list(batches.values()))
    pieces = rows_by(batch_of[borders.block], count)

    def share(k: int) -> Shares:
        return _share_batch(batches.pop(k), borders, pieces[k], _edge_keys(whole, edges[k]))

    shares = in_order(share, range(count))
    return _sorted(shares + _empty_blocks(borders, batch_of))


def _batches(block_of: Ints, blocks: int) -> tuple[Ints, int]:
    """Number of the batch of each block, -1 where it has no footprint; number of batches."""
    count = np.bincount(block_of[block_of >= 0], minlength=blocks)
    built = np.flatnonzero(count)
    batch_of = np.full(blocks, -1)
    if len(built) == 0:
        return batch_of, 0
    least, most = _BATCH
    each = -(-int(count.sum()) // processors())
    size = int(np.clip(each // _TURNS, min(least, max(each, _FEWEST)), most))
    numbers, batch_of[built] = np.unique((np.cumsum(count[built]) - count[built]) // size, return_inverse=True)
    return batch_of, len(numbers)


def _claimed(settled: Settled, footprints: Shapes, owner: Ints, batch_of: Ints, count: int) -> list[_Claimed]:
    """Footprints of each batch."""
    block_of = settled.block_of
    in_batch = np.where(block_of >= 0, batch_of[block_of], -1)
    clear = rows_by(np.where(settled.on_border, -1, in_batch), count)
    walled = rows_by(in_batch[settled.walled_by], count)
    block_of_owner = np.full(owner.max(initial=-1) + 1, -1)
    block_of_owner[owner[block_of >= 0]] = block_of[block_of >= 0]
    return [
        _Claimed(settled.walled[faces], owner[settled.walled_by[faces]], footprints[rows], owner[rows], block_of_owner)
        for faces, rows in zip(walled, clear, strict=True)
    ]


def _batch(claimed: _Claimed, blocks: Ints, rows: Ints, borders: Borders) -> _Batch:
    """A batch with the breaks of its borders, which are the given rows."""
    own = disjoint_faces(claimed.clear, claimed.clear_owner)
    faces = sorted_faces(
        np.concatenate([claimed.walled, own.polygons]), np.concatenate([claimed.walled_owner, own.owner])
    )
    labels, label = np.unique(faces.owner, return_inverse=True)
    block = np.searchsorted(blocks, claimed.block_of_owner[labels])
    tree = search_tree(faces.polygons, label, block, len(blocks))
    border_block = np.searchsorted(blocks, borders.block[rows])
    row, share = border_breaks(borders.tails(rows), borders.heads(rows), border_block, tree)
    return _Batch(blocks, faces, labels, label, block, tree, rows[row], share)


def _with_all_breaks(borders: Borders, batches: list[_Batch]) -> Borders:
    """Borders with the breaks found from both sides."""
    sides = undirected(borders)
    row = np.concatenate([np.empty(0, dtype=np.int64), *(batch.broken for batch in batches)])
    share = np.concatenate([np.empty(0), *(batch.share for batch in batches)])
    return with_breaks(borders, sides, sides.number[row], np.where(sides.forward[row], share, 1 - share))


def _edge_keys(borders: Borders, rows: Ints) -> Shapes:
    """Edges of a border that are walls of footprints, comparable with others."""
    walls = rows[borders.wall[rows] >= 0]
    return _comparable(borders.tails(walls), borders.heads(walls))


def _comparable(tail: Floats, head: Floats) -> Shapes:
    return np.ascontiguousarray(np.column_stack([tail, head])).view("V32").ravel()


def _share_batch(batch: _Batch, borders: Borders, rows: Ints, border_walls: Shapes) -> Shares:
    """Land of each label of a batch; `border_walls` are walls that come with the border, in its final pieces."""
    tail, head, face = directed_edges(batch.faces.polygons)
    free = ~np.isin(_comparable(tail, head), border_walls)
    label = batch.label[face[free]]
    wall = borders.wall[rows]
    wall_label = np.where(wall >= 0, np.searchsorted(batch.labels, wall), -1)
    mesh = triangulate(
        Walls(
            np.concatenate([borders.tails(rows), tail[free]]),
            np.concatenate([borders.heads(rows), head[free]]),
            np.concatenate([wall_label, label]),
            np.concatenate([np.searchsorted(batch.blocks, borders.block[rows]), batch.block[label]]),
            np.arange(len(rows) + len(label)) < len(rows),
        )
    )
    points, arcs = cut(mesh, batch.tree)
    largest = first_by(batch.label, -shapely.area(batch.faces.polygons))
    cores = batch.faces.polygons[largest]
    polygons, found = single_polygons_of(Arcs(points, *arcs.T.copy()), cores)
    return Shares(polygons, batch.labels[found], batch.blocks[batch.block[found]], shapely.area(cores)[found])


def _empty_blocks(borders: Borders, batch_of: Ints) -> list[Shares]:
    """Blocks without footprints, with the points that their neighbours gave them."""
    rows = np.flatnonzero(batch_of[borders.block] < 0)
    if len(rows) == 0:
        return []
    polygons, block = polygons_of(
        Arcs(borders.coordinates, borders.tail[rows], borders.head[rows], borders.block[rows])
    )
    return [Shares(polygons, np.full(len(polygons), -1), block, np.zeros(len(polygons)))]


def _sorted(shares: list[Shares]) -> Shares:
    polygons, owner, block, core = (np.concatenate(column) for column in zip(*shares, strict=True))
    rows = np.lexsort((block, owner))
    return Shares(polygons[rows], owner[rows], block[rows], core[rows])

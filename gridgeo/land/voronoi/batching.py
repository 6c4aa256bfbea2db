"""Some whole blocks with their footprints: disjoint faces, labels, and a search tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import Flags, Ints, Shapes, processors, rows_by
from gridgeo.errors import LandError
from gridgeo.land.enclosures import PlacedFootprints
from gridgeo.land.voronoi.footprint_faces import Faces, disjoint_faces, sorted_faces
from gridgeo.land.voronoi.nearest import Bvh, search_tree

FAILURES = (LandError, shapely.errors.GEOSException, ValueError, IndexError, ArithmeticError, RuntimeError)
"""What a block can fail with: an outline that does not close, or what the libraries raise; never that memory is out."""

_BATCH = (500, 2000)
"""Footprints in a batch of blocks, about, at least and at most: each costs some milliseconds, and bounds the memory."""
_FEWEST = 200
"""Footprints that are worth a processor of their own, where there are not enough for a batch each."""
_TURNS = 4
"""Batches that each processor gets, if they are not too small or too large."""


class Claimed(NamedTuple):
    """Footprints of some blocks."""

    blocks: Ints
    """Rows of the blocks, ascending."""
    walled: Shapes
    walled_owner: Ints
    """Faces noded with the border."""
    clear: Shapes
    clear_owner: Ints
    """Footprints clear of it."""
    block_of_owner: Ints

    def single_blocks(self) -> Iterator[Claimed]:
        """Each block by itself."""
        for k in range(len(self.blocks)):
            block = self.blocks[k : k + 1]
            walled = self.block_of_owner[self.walled_owner] == block
            clear = self.block_of_owner[self.clear_owner] == block
            yield Claimed(
                block,
                self.walled[walled],
                self.walled_owner[walled],
                self.clear[clear],
                self.clear_owner[clear],
                self.block_of_owner,
            )


class Batch(NamedTuple):
    """Blocks that are shared out together, though each by itself; within the batch they are numbered from 0."""

    blocks: Ints
    """Rows of its blocks, ascending."""
    faces: Faces
    labels: Ints
    """Owner of each label, ascending."""
    label: Ints
    """Label of each face."""
    block: Ints
    """Block, within the batch, of each label."""
    tree: Bvh
    noded: Flags
    """Whether the faces of each block are disjoint."""
    block_of_owner: Ints

    def with_faces(self, faces: Faces) -> Batch:
        """The same blocks with other, disjoint faces of the same owners."""
        return _make_batch(self.blocks, faces, self.block_of_owner, np.ones(len(self.blocks), dtype=bool))

    def single_blocks(self) -> Iterator[Batch]:
        """Each block as a batch by itself."""
        for k, rows in enumerate(rows_by(self.block[self.label], len(self.blocks))):
            faces = Faces(self.faces.polygons[rows], self.faces.owner[rows])
            yield _make_batch(self.blocks[k : k + 1], faces, self.block_of_owner, self.noded[k : k + 1])


def batch_numbers(block_of: Ints, blocks: int) -> tuple[Ints, int]:
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


def claimed_by(placed: PlacedFootprints, footprints: Shapes, owner: Ints, batch_of: Ints, count: int) -> list[Claimed]:
    """Footprints of each batch."""
    block_of = placed.block_of
    in_batch = np.where(block_of >= 0, batch_of[block_of], -1)
    clear = rows_by(np.where(placed.on_border, -1, in_batch), count)
    walled = rows_by(in_batch[placed.walled_by], count)
    block_of_owner = np.full(owner.max(initial=-1) + 1, -1)
    block_of_owner[owner[block_of >= 0]] = block_of[block_of >= 0]
    return [
        Claimed(
            blocks,
            placed.walled[faces],
            owner[placed.walled_by[faces]],
            footprints[rows],
            owner[rows],
            block_of_owner,
        )
        for blocks, faces, rows in zip(rows_by(batch_of, count), walled, clear, strict=True)
    ]


def batch_of(claimed: Claimed) -> Batch:
    """A batch of disjoint faces: where footprints overlap, the smallest owns the land."""
    faces, noded = _disjoint(claimed)
    return _make_batch(claimed.blocks, sorted_faces(*faces), claimed.block_of_owner, noded)


def _disjoint(claimed: Claimed) -> tuple[Faces, Flags]:
    """Disjoint faces of footprints; and which blocks these are, for the footprints of one that cannot be noded stay as they are."""
    noded = np.ones(len(claimed.blocks), dtype=bool)
    try:
        clear = disjoint_faces(claimed.clear, claimed.clear_owner)
    except FAILURES:
        if len(claimed.blocks) > 1:
            faces, each = zip(*map(_disjoint, claimed.single_blocks()), strict=True)
            return _joined(*faces), np.concatenate(each)
        clear, noded = Faces(claimed.clear, claimed.clear_owner), ~noded
    return _joined(Faces(claimed.walled, claimed.walled_owner), clear), noded


def _joined(*faces: Faces) -> Faces:
    polygons, owner = zip(*faces, strict=True)
    return Faces(np.concatenate(polygons), np.concatenate(owner))


def _make_batch(blocks: Ints, faces: Faces, block_of_owner: Ints, noded: Flags) -> Batch:
    """A batch of faces that are sorted by owner."""
    labels, label = np.unique(faces.owner, return_inverse=True)
    block = np.searchsorted(blocks, block_of_owner[labels])
    tree = search_tree(faces.polygons, label, block, len(blocks))
    return Batch(blocks, faces, labels, label, block, tree, noded, block_of_owner)

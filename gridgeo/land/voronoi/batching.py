"""Some whole blocks with their footprints: disjoint faces, labels, and a search tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import Flags, Ints, processors, rows_by
from gridgeo.errors import LandError
from gridgeo.land.enclosures import PlacedFootprints
from gridgeo.land.voronoi.footprint_faces import Faces, disjoint_faces, joined_faces, sorted_faces
from gridgeo.land.voronoi.nearest import Bvh, LabelledFaces, search_tree

FAILURES = (LandError, shapely.errors.GEOSException, ValueError, IndexError, ArithmeticError, RuntimeError)
"""What a block can fail with: an outline that does not close, or what the libraries raise; never that memory is out."""

_BATCH = (500, 2000)
"""Footprints in a batch of blocks, about, at least and at most: each costs some milliseconds, and bounds the memory."""
_FEWEST = 200
"""Footprints that are worth a processor of their own, where there are not enough for a batch each."""
_TURNS = 4
"""Batches that each processor gets, if they are not too small or too large."""


class Batches(NamedTuple):
    """Which blocks are done together."""

    of_block: Ints
    """Number of the batch of each block, -1 where it has no footprint."""
    number: int


class Claimed(NamedTuple):
    """Footprints of some blocks."""

    blocks: Ints
    """Rows of the blocks, ascending."""
    walled: Faces
    """Faces noded with the border."""
    clear: Faces
    """Footprints clear of it; they may overlap."""
    block_of_owner: Ints

    def single_blocks(self) -> Iterator[Claimed]:
        """Each block by itself."""
        for k in range(len(self.blocks)):
            block = self.blocks[k : k + 1]
            walled = self.walled.some(self.block_of_owner[self.walled.owner] == block)
            clear = self.clear.some(self.block_of_owner[self.clear.owner] == block)
            yield Claimed(block, walled, clear, self.block_of_owner)


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
    bvh: Bvh
    noded: Flags
    """Whether the faces of each block are disjoint."""
    block_of_owner: Ints

    def with_faces(self, faces: Faces) -> Batch:
        """The same blocks with other, disjoint faces of the same owners."""
        return _with_tree(self.blocks, faces, self.block_of_owner)

    def single_blocks(self) -> Iterator[Batch]:
        """Each block as a batch by itself."""
        for k, rows in enumerate(rows_by(self.block[self.label], len(self.blocks))):
            batch = _with_tree(self.blocks[k : k + 1], self.faces.some(rows), self.block_of_owner)
            yield batch._replace(noded=self.noded[k : k + 1])


def batches_of(placed: PlacedFootprints) -> Batches:
    """Batches of whole blocks, about as many footprints in each."""
    block_of, blocks = placed.block_of, len(placed.blocks)
    count = np.bincount(block_of[block_of >= 0], minlength=blocks)
    built = np.flatnonzero(count)
    batch_of = np.full(blocks, -1)
    if len(built) == 0:
        return Batches(batch_of, 0)
    least, most = _BATCH
    each = -(-int(count.sum()) // processors())
    size = int(np.clip(each // _TURNS, min(least, max(each, _FEWEST)), most))
    numbers, batch_of[built] = np.unique((np.cumsum(count[built]) - count[built]) // size, return_inverse=True)
    return Batches(batch_of, len(numbers))


def claimed_by(batches: Batches, placed: PlacedFootprints, footprints: Faces) -> list[Claimed]:
    """Footprints of each batch."""
    block_of, owner = placed.block_of, footprints.owner
    in_batch = np.where(block_of >= 0, batches.of_block[block_of], -1)
    clear = rows_by(np.where(placed.on_border, -1, in_batch), batches.number)
    walled = rows_by(in_batch[placed.walled_by], batches.number)
    faces = Faces(placed.walled, owner[placed.walled_by])
    block_of_owner = np.full(owner.max(initial=-1) + 1, -1)
    block_of_owner[owner[block_of >= 0]] = block_of[block_of >= 0]
    return [
        Claimed(blocks, faces.some(on_border), footprints.some(rows), block_of_owner)
        for blocks, on_border, rows in zip(rows_by(batches.of_block, batches.number), walled, clear, strict=True)
    ]


def make_batch(claimed: Claimed) -> Batch:
    """A batch of disjoint faces: where footprints overlap, the smallest owns the land."""
    faces, noded = _disjoint(claimed)
    return _with_tree(claimed.blocks, sorted_faces(faces), claimed.block_of_owner)._replace(noded=noded)


def _disjoint(claimed: Claimed) -> tuple[Faces, Flags]:
    """Disjoint faces of footprints; and which blocks these are, for the footprints of one that cannot be noded stay as they are."""
    noded = np.ones(len(claimed.blocks), dtype=bool)
    clear = claimed.clear
    try:
        clear = disjoint_faces(*clear)
    except FAILURES:
        if len(claimed.blocks) > 1:
            faces, each = zip(*map(_disjoint, claimed.single_blocks()), strict=True)
            return joined_faces(faces), np.concatenate(each)
        noded = ~noded
    return joined_faces((claimed.walled, clear)), noded


def _with_tree(blocks: Ints, faces: Faces, block_of_owner: Ints) -> Batch:
    """A batch of disjoint faces that are sorted by owner."""
    labels, label = np.unique(faces.owner, return_inverse=True)
    block = np.searchsorted(blocks, block_of_owner[labels])
    bvh = search_tree(LabelledFaces(faces.polygons, label, block), len(blocks))
    return Batch(blocks, faces, labels, label, block, bvh, np.ones(len(blocks), dtype=bool), block_of_owner)

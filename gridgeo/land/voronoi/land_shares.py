"""Give all land of each block to the nearest of its footprints, exactly, a batch of blocks at a time.

Blocks are computed each by itself, so batches bound the memory and cannot change the result.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Arcs, Ints, Shapes, in_order, polygons_of, rows_by
from gridgeo.land.enclosures import Borders, EdgePoints, PlacedFootprints, borders_of, undirected, with_breaks
from gridgeo.land.voronoi.batching import Batch, Claimed, batches_of, claimed_by, make_batch
from gridgeo.land.voronoi.envelope import BlockEdges, border_breaks
from gridgeo.land.voronoi.footprint_faces import Faces
from gridgeo.land.voronoi.sharing import BatchBorder, Shares, comparable, join_shares, share_batch


class _Broken(NamedTuple):
    """A batch, and the breaks of its borders as seen from it."""

    batch: Batch
    breaks: EdgePoints


def share_land(placed: PlacedFootprints, footprints: Shapes, owner: Ints) -> Shares:
    """Land of each owner: what is nearer to its footprints than to any other of the block.

    Parameters
    ----------
    placed
        Blocks, and where the footprints lie.
    footprints
        Single polygons on the precision grid.
    owner
        Owner of each footprint; all of an owner's footprints lie in one block.
    """
    batches = batches_of(placed)
    number, count = batches
    whole = borders_of(placed.blocks, placed.walled, owner[placed.walled_by])
    edges = rows_by(number[whole.block], count)
    claimed = claimed_by(batches, placed, Faces(footprints, owner))
    broken = dict(enumerate(in_order(lambda k: _with_breaks(claimed[k], edges[k], whole), range(count))))
    borders = _with_all_breaks(whole, list(broken.values()))
    pieces = rows_by(number[borders.block], count)

    def share(k: int) -> Shares:
        return share_batch(broken.pop(k).batch, BatchBorder(borders, pieces[k], _edge_keys(whole, edges[k])))

    return _sorted(in_order(share, range(count)) + _empty_blocks(borders, number))


def _with_breaks(claimed: Claimed, rows: Ints, borders: Borders) -> _Broken:
    """A batch with the breaks of its borders, which are the given rows."""
    batch = make_batch(claimed)
    block = np.searchsorted(batch.blocks, borders.block[rows])
    edge, share = border_breaks(BlockEdges(borders.tails(rows), borders.heads(rows), block), batch.bvh)
    return _Broken(batch, EdgePoints(rows[edge], share))


def _with_all_breaks(borders: Borders, batches: list[_Broken]) -> Borders:
    """Borders with the breaks found from both sides."""
    sides = undirected(borders)
    row = np.concatenate([np.empty(0, dtype=np.int64), *(batch.breaks.edge for batch in batches)])
    share = np.concatenate([np.empty(0), *(batch.breaks.share for batch in batches)])
    breaks = EdgePoints(sides.number[row], np.where(sides.forward[row], share, 1 - share))
    return with_breaks(borders, sides, breaks)


def _edge_keys(borders: Borders, rows: Ints) -> Shapes:
    """Edges of a border that are walls of footprints, comparable with others."""
    walls = rows[borders.wall[rows] >= 0]
    return comparable(borders.tails(walls), borders.heads(walls))


def _empty_blocks(borders: Borders, number: Ints) -> list[Shares]:
    """Blocks without footprints, with the points that their neighbours gave them."""
    rows = np.flatnonzero(number[borders.block] < 0)
    if len(rows) == 0:
        return []
    polygons, block = polygons_of(
        Arcs(borders.coordinates, borders.tail[rows], borders.head[rows], borders.block[rows])
    )
    return [Shares(polygons, np.full(len(polygons), -1), block, np.zeros(len(polygons)))]


def _sorted(shares: list[Shares]) -> Shares:
    polygons, owner, block, core, retried = join_shares(shares)
    rows = np.lexsort((block, owner))
    return Shares(polygons[rows], owner[rows], block[rows], core[rows], retried)

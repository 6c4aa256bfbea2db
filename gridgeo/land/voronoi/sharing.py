"""Share out the land of a batch of blocks, whatever its footprints are like.

Land goes to the nearest footprint, with all borders and walls as edges of a triangulation. Where that fails, each block of the
batch is shared out by itself; a block for which it fails again takes the next way, until one holds:

1. noded anew: all faces of the block are noded together, whatever the tests for near pairs have said; nearest all the same;
2. without walls: the border is the only edge, and walls are points every few metres, so that no edges can cross; labels come
   from distances alone, and cells follow the line of equal distance as closely as anywhere, but no wall;
3. one cell: the whole block is that of its largest footprint, and all others become members of its cell.

No way adds or moves a point of the border, so the blocks beside it never notice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import (
    APART,
    Arcs,
    Floats,
    Ints,
    Shapes,
    directed_edges,
    first_by,
    noded_faces,
    not_closed,
    polygons_of,
    single_polygons_of,
    smallest_over,
    united,
)
from gridgeo.errors import LandError
from gridgeo.land.enclosures import Borders
from gridgeo.land.voronoi.batching import FAILURES, Batch
from gridgeo.land.voronoi.block_mesh import Mesh, MeshEdges, triangulate
from gridgeo.land.voronoi.footprint_faces import Faces, sorted_faces
from gridgeo.land.voronoi.nearest import Bvh, LabelledFaces, search_tree
from gridgeo.land.voronoi.triangle_cuts import cut

NEAREST = "nearest"
"""The first way, which has never been seen to fail."""
_STEP = 2.0
"""Without walls, points stand for them this far apart [m]."""
_THINNER = 0.01
"""Without walls, footprints are thinner by this, so that inside one a party wall is nearer to it than to the other [m]."""
_POLYGON = 3


class Retried(NamedTuple):
    """Blocks whose land could not be shared out at once."""

    block: Ints
    way: Shapes
    """The way that held: a key of `WAYS`, which is the reason of the line of the account that tells of it."""
    place: Floats
    """Where the first way failed, or a point of the block [m]."""


class Shares(NamedTuple):
    """Land of each footprint that has any, and of blocks without footprints."""

    polygons: Shapes
    """Single polygons in normal form, an exact coverage of the blocks."""
    owner: Ints
    """Owner of the footprint whose land it is; -1: a block without any."""
    block: Ints
    core: Floats
    """Area of the owner's largest face, all of which lies in the polygon [m2]."""
    retried: Retried = Retried(np.empty(0, np.int64), np.empty(0, object), np.empty((0, 2)))


class BatchBorder(NamedTuple):
    """Borders, all points of which are known, and which of their edges are those of a batch."""

    borders: Borders
    rows: Ints
    walls: Shapes
    """MeshEdges that come with the border, as they were before its breaks: comparable edges."""

    def of(self, blocks: Ints) -> BatchBorder:
        """The edges of some of the blocks."""
        return self._replace(rows=self.rows[np.isin(self.borders.block[self.rows], blocks)])


def comparable(tail: Floats, head: Floats) -> Shapes:
    """Directed edges as values that can be compared with others."""
    return np.ascontiguousarray(np.column_stack([tail, head])).view("V32").ravel()


def share_batch(batch: Batch, outline: BatchBorder) -> Shares:
    """Land of each owner of a batch."""
    try:
        return WAYS[NEAREST](batch, outline)
    except FAILURES as failure:
        if len(batch.blocks) == 1:
            return _by_next_ways(batch, outline, failure)
    return join_shares([share_batch(one, outline.of(one.blocks)) for one in batch.single_blocks()])


def join_shares(shares: list[Shares]) -> Shares:
    """Shares of several batches as one."""
    polygons, owner, block, core, retried = zip(*shares, strict=True)
    again = Retried(*(np.concatenate(column) for column in zip(*retried, strict=True)))
    return Shares(np.concatenate(polygons), np.concatenate(owner), np.concatenate(block), np.concatenate(core), again)


def _by_next_ways(batch: Batch, outline: BatchBorder, failure: Exception) -> Shares:
    """Land of one block for which the first way failed."""
    where = failure.where if isinstance(failure, LandError) else None
    place = np.array(where or shapely.get_coordinates(batch.faces.polygons[:1])[0])
    for way in list(WAYS)[1:]:
        try:
            shares = WAYS[way](batch, outline)
        except FAILURES as next_failure:
            failure = next_failure
            continue
        return shares._replace(retried=Retried(batch.blocks, np.array([way], dtype=object), place[None]))
    raise failure


def _to_nearest(batch: Batch, outline: BatchBorder) -> Shares:
    """All borders and walls are edges of the triangulation."""
    borders, rows, border_walls = outline
    if not batch.noded.all():
        raise not_closed(shapely.get_coordinates(batch.faces.polygons)[0])
    tail, head, face = directed_edges(batch.faces.polygons)
    free = ~np.isin(comparable(tail, head), border_walls)
    label = batch.label[face[free]]
    wall = borders.wall[rows]
    wall_label = np.where(wall >= 0, np.searchsorted(batch.labels, wall), -1)
    mesh = triangulate(
        MeshEdges(
            np.concatenate([borders.tails(rows), tail[free]]),
            np.concatenate([borders.heads(rows), head[free]]),
            np.concatenate([wall_label, label]),
            np.concatenate([np.searchsorted(batch.blocks, borders.block[rows]), batch.block[label]]),
            np.arange(len(rows) + len(label)) < len(rows),
        )
    )
    return _traced(batch, _arcs(mesh, batch.bvh))


def _noded_anew(batch: Batch, outline: BatchBorder) -> Shares:
    """As ever, once all faces of the block have been noded together."""
    faces = noded_faces(shapely.boundary(batch.faces.polygons))
    over = smallest_over(faces, batch.faces.polygons)
    faces, over = united(faces[over >= 0], over[over >= 0])
    return _to_nearest(batch.with_faces(sorted_faces(Faces(faces, batch.faces.owner[over]))), outline)


def _without_walls(batch: Batch, outline: BatchBorder) -> Shares:
    """The border is the only edge: a ring that is noded cannot cross itself."""
    tails, heads = outline.borders.tails(outline.rows), outline.borders.heads(outline.rows)
    points = _along_walls(batch.faces.polygons)
    lines = np.asarray(shapely.linestrings(np.stack([tails, heads], axis=1)))
    beside = shapely.STRtree(lines).query(shapely.points(points), predicate="dwithin", distance=APART)[0]
    points = np.delete(points, np.unique(beside), axis=0)
    count = len(tails) + len(points)
    mesh = triangulate(
        MeshEdges(
            np.concatenate([tails, points]),
            np.concatenate([heads, points]),
            np.full(count, -1),
            np.zeros(count, dtype=np.int64),
            np.arange(count) < len(tails),
        )
    )
    bvh = search_tree(LabelledFaces(_thinner(batch.faces.polygons), batch.label, batch.block), 1)
    return _traced(batch, _arcs(mesh, bvh))


def _along_walls(polygons: Shapes) -> Floats:
    """Corners, and points along the edges between them, each once."""
    tail, head, _ = directed_edges(polygons)
    steps = np.maximum(np.ceil(np.hypot(*(head - tail).T) / _STEP).astype(np.int64), 1)
    edge = np.repeat(np.arange(len(tail)), steps)
    nth = np.arange(len(edge)) - np.repeat(np.cumsum(steps) - steps, steps)
    return np.unique(tail[edge] + (nth / steps[edge])[:, None] * (head - tail)[edge], axis=0)


def _thinner(polygons: Shapes) -> Shapes:
    """Polygons drawn in a little, but for those that would be in parts or nothing."""
    inner = shapely.buffer(polygons, -_THINNER, join_style="mitre")
    whole = (shapely.get_type_id(inner) == _POLYGON) & ~shapely.is_empty(inner)
    return np.where(whole, inner, polygons)


def _arcs(mesh: Mesh, bvh: Bvh) -> Arcs:
    """Arcs of the cells of a mesh."""
    points, arcs = cut(mesh, bvh)
    return Arcs(points, *arcs.T.copy())


def _traced(batch: Batch, arcs: Arcs) -> Shares:
    """Arcs of cells as one polygon a label, over its largest face."""
    cores = batch.faces.polygons[first_by(batch.label, -shapely.area(batch.faces.polygons))]
    polygons, found = single_polygons_of(arcs, cores)
    return Shares(polygons, batch.labels[found], batch.blocks[batch.block[found]], shapely.area(cores)[found])


def _one_cell(batch: Batch, outline: BatchBorder) -> Shares:
    """The block as it is."""
    borders, rows, _ = outline
    arcs = Arcs(borders.coordinates, borders.tail[rows], borders.head[rows], np.zeros(len(rows), dtype=np.int64))
    polygons, _ = polygons_of(arcs)
    area = shapely.area(batch.faces.polygons)
    return Shares(polygons, batch.faces.owner[[np.argmax(area)]], batch.blocks, area.max(keepdims=True))


WAYS: dict[str, Callable[[Batch, BatchBorder], Shares]] = {
    NEAREST: _to_nearest,
    "block_noded_anew": _noded_anew,
    "block_without_walls": _without_walls,
    "block_one_cell": _one_cell,
}
"""Ways to share out land, in the order in which they are tried."""

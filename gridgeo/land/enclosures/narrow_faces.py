"""Streets as thin land: a strip between two lines of one road is no block of its own, and where streets lead nowhere."""

from __future__ import annotations

import numpy as np
import shapely

from gridgeo.barriers import GATE_M, Walls, segments_of
from gridgeo.coverage import APART, Flags, Floats, Ints, Shapes, as_complex, first_by, lean, noded, shared_edges

MIN_WIDTH_M = 12.0
"""Land in which no circle of this size fits is no block [m]: axes of two carriageways of two lanes and a median."""

_LEAST_SHARE = 0.02
"""Share of a sliver's outline that the edge must be along which it joins: strips that touch at their ends go no round trip."""


def absorbing(faces: Shapes, region: Ints, sliver: Flags, hard: Shapes, walls: Walls) -> Ints:
    """Row of the face that takes each face: its own, or, of a sliver, that of the neighbour with the longest common edge.

    Along a wall with an opening the edge counts twice: the strip before an estate belongs to it, and not to the other side of
    the street.

    Parameters
    ----------
    faces
        A coverage by single polygons.
    region
        Key of the land within which faces may join; a negative one: joins nothing.
    sliver
        Faces that must join. What has joined can be joined in turn, so the slivers of a junction are taken from
        outside in; one without neighbours to join stays.
    hard
        Lines across which none joins.
    walls
        Walls, across which none joins but those that an opening leads to.
    """
    into, open_ = np.arange(len(faces)), sliver & (region >= 0)
    own, beside, length = _ways(faces, region, sliver, hard, walls)
    least = _LEAST_SHARE * shapely.length(faces)
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


def _ways(faces: Shapes, region: Ints, sliver: Flags, hard: Shapes, walls: Walls) -> tuple[Ints, Ints, Floats]:
    """Edges across which slivers may join: row of the sliver, row of its neighbour, how much it counts [m]."""
    shared = shared_edges(faces)
    own, beside = np.concatenate([shared.left, shared.right]), np.concatenate([shared.right, shared.left])
    rows = np.flatnonzero(sliver[own] & (region[own] == region[beside]) & (region[own] >= 0))
    own, beside, edges = own[rows], beside[rows], shared.at(rows % len(shared.left)).lines()
    middles = shapely.line_interpolate_point(edges, 0.5, normalized=True)

    def near(shapes: Shapes, lines: Shapes, distance: float) -> Flags:
        found = np.zeros(len(shapes), dtype=bool)
        found[shapely.STRtree(lines).query(shapes, predicate="dwithin", distance=distance)[0]] = True
        return found

    walled = near(middles, walls.lines, APART)
    opened = near(middles, walls.openings, APART) | (walled & near(edges, walls.posts, GATE_M))
    pair = own * len(faces) + beside
    led = np.isin(pair, pair[opened])
    kept = ~near(middles, hard, APART) & (~walled | led)
    weight = np.where(walled | opened, 2.0, 1.0) * shapely.length(edges)
    return own[kept], beside[kept], weight[kept]


def hanging(lines: Shapes, held: Shapes) -> tuple[Shapes, Shapes]:
    """Straight pieces of lines that lead nowhere, taken away from their loose ends on until no end is loose; and loose ends.

    Parameters
    ----------
    held
        Points at which an end is not loose.
    """
    pieces = noded(lines)
    ends = np.column_stack([shapely.get_point(pieces, 0), shapely.get_point(pieces, -1)]).ravel()
    fixed, _ = shapely.STRtree(held).query(ends, predicate="dwithin", distance=APART)
    _, first, node = np.unique(as_complex(shapely.get_coordinates(ends)), return_index=True, return_inverse=True)
    anchored = np.bincount(node[fixed], minlength=len(first)) > 0
    loose = (np.bincount(node, minlength=len(first)) == 1) & ~anchored
    gone = np.zeros(len(pieces), dtype=bool)
    count, rows, waiting = (np.zeros(len(first), dtype=np.int64) for _ in range(3))
    _peel(node.reshape(-1, 2), anchored, (count, rows, waiting), gone)
    return segments_of(pieces[gone])[0], ends[first[loose]]


@lean
def _peel(node: Ints, anchored: Flags, memory: tuple[Ints, Ints, Ints], gone: Flags) -> None:
    """Take away pieces with an end that no other meets, and those that come loose by that.

    Of each node the number of pieces that are left is known, and the exclusive or of their rows: where one is left, its row.
    """
    count, rows, waiting = memory
    for piece in range(len(node)):
        for end in range(2):
            count[node[piece, end]] += 1
            rows[node[piece, end]] ^= piece
    for start in range(len(anchored)):
        waiting[0] = start
        more = 1
        while more:
            more -= 1
            v = waiting[more]
            if count[v] != 1 or anchored[v]:
                continue
            piece = rows[v]
            gone[piece] = True
            for end in range(2):
                u = node[piece, end]
                count[u] -= 1
                rows[u] ^= piece
                if u != v:
                    waiting[more] = u
                    more += 1


def _sums(own: Ints, other: Ints, length: Floats) -> tuple[Ints, Floats]:
    """Pairs, and the length of edges that each shares [m]."""
    pair, where = np.unique(np.stack([own, other]), axis=1, return_inverse=True)
    return pair, np.bincount(where.ravel(), length, minlength=pair.shape[1]).astype(np.float64)


def narrow(faces: Shapes, width_m: float) -> Flags:
    """Faces in which no circle of a width fits.

    The largest circle in a shape has a radius of at least its area by its perimeter, which spares most the closer look.
    """
    out = 2 * shapely.area(faces) < width_m * shapely.length(faces)
    out[out] = shapely.is_empty(shapely.buffer(faces[out], -width_m / 2))
    return out


def built_on(faces: Shapes, shapes: Shapes) -> Flags:
    """Faces with at least half of a footprint, or with a building given as a point."""
    built = np.zeros(len(faces), dtype=bool)
    shape, face = shapely.STRtree(faces).query(shapes, predicate="intersects")
    share = shapely.area(shapely.intersection(shapes[shape], faces[face]))
    built[face[2 * share >= shapely.area(shapes[shape])]] = True
    return built

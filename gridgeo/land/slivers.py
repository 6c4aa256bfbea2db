"""Streets as thin land: a strip between two lines of one road is no block of its own, and where streets lead nowhere."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.land.noding import noded
from gridgeo.land.planar import APART, Flags, Floats, Ints, Shapes, as_complex, common_edges, first_by

MIN_WIDTH_M = 12.0
"""Land in which no circle of this size fits is no block [m]: axes of two carriageways of two lanes and a median."""


def absorbing(faces: Shapes, region: Ints, sliver: Flags, hard: Shapes) -> Ints:
    """Row of the face that takes each face: its own, or, of a sliver, that of the neighbour with the longest common edge.

    Parameters
    ----------
    faces
        A coverage by single polygons.
    region
        Key of the land within which faces may join; a negative one: joins nothing.
    hard
        Lines across which none joins.
    sliver
        Faces that must join. What has joined can be joined in turn, so the slivers of a junction are taken from
        outside in; one without neighbours to join stays.
    """
    into, open_ = np.arange(len(faces)), sliver & (region >= 0)
    own, beside, length = _ways(faces, region, sliver, hard)
    while True:
        mouth = np.flatnonzero(open_[own] & ~open_[beside])
        if len(mouth) == 0:
            return into
        pair, total = _sums(own[mouth], into[beside[mouth]], length[mouth])
        best = first_by(pair[0], -total, pair[1])
        into[pair[0, best]] = pair[1, best]
        open_[pair[0, best]] = False


def _ways(faces: Shapes, region: Ints, sliver: Flags, hard: Shapes) -> tuple[Ints, Ints, Floats]:
    """Edges across which slivers may join: row of the sliver, row of its neighbour, length [m]."""
    one, other, tail, head = common_edges(faces)
    own, beside = np.concatenate([one, other]), np.concatenate([other, one])
    tail, head = np.concatenate([tail, tail]), np.concatenate([head, head])
    rows = np.flatnonzero(sliver[own] & (region[own] == region[beside]) & (region[own] >= 0))
    middles = shapely.points((tail[rows] + head[rows]) / 2)
    across, _ = shapely.STRtree(hard).query(middles, predicate="dwithin", distance=APART)
    rows = np.delete(rows, np.unique(across))
    return own[rows], beside[rows], np.hypot(*(head[rows] - tail[rows]).T)


def hanging(lines: Shapes) -> Shapes:
    """Pieces of lines that lead nowhere, from a loose end on, as single lines on the grain, in an order of their own."""
    pieces = noded(lines)
    _, _, loose, _ = shapely.polygonize_full(pieces)
    parts: Shapes = shapely.get_parts(shapely.line_merge(shapely.union_all(shapely.get_parts(loose))))
    ends, lines_there = np.unique(_ends(pieces), return_counts=True)
    met = np.isin(_ends(parts), ends[lines_there > 1]).reshape(2, -1)
    backwards = met[0] & ~met[1]
    parts[backwards] = shapely.reverse(parts[backwards])
    return parts[np.argsort(shapely.to_wkb(parts), kind="stable")]


def _ends(lines: Shapes) -> npt.NDArray[np.complex128]:
    """First points of lines, then their last ones."""
    return as_complex(shapely.get_coordinates(np.concatenate([shapely.get_point(lines, at) for at in (0, -1)])))


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

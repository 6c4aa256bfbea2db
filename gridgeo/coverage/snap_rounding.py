"""Noding: lines on the precision grid are cut where they meet, so that they meet in their ends only; in whole numbers, exactly.

Snap rounding (Hobby 1999): a segment is cut at each crossing, rounded to the grid, and at each corner or crossing in whose
square of one grid step it comes. What that bends is looked at again, until nothing is left to cut, as hardly ever is. It ends,
for each piece is shorter than what it was cut from, and lengths on the precision grid do not fall for ever. A table of square
buckets tells what is near, so that it takes n log n time where no place is much more crowded than the others.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage.compilation import inlined, lean
from gridgeo.coverage.planar import none
from gridgeo.coverage.precision import PRECISION_M, Flags, Ints, Shapes

_BUCKETS = 4
"""Buckets that a segment crosses, in the mean, at most."""
_COLUMN, _ROW = 73_856_093, 19_349_663
"""Factors of column and row in a bucket's place in the table (Teschner and others 2003)."""
_X0, _Y0, _X1, _Y1 = range(4)
"""Columns of segments: tail and head [grid steps]."""

_Spot = tuple[int, int]
"""x, y [grid steps]."""


class _Buckets(NamedTuple):
    """Segments by bucket: those of place k are entries[first[k] : first[k + 1]]; a place may be that of several buckets."""

    first: Ints
    entries: Ints


class _Cuts(NamedTuple):
    """Where segments are to be cut; some more than once."""

    row: Ints
    """Segment of each."""
    point: Ints
    """x, y of each [grid steps]."""
    number: Ints
    """One number: how many there are, even if there is no room for them."""


def noded_faces(lines: Shapes) -> Shapes:
    """Faces of the arrangement of lines, on the precision grid."""
    faces: Shapes = shapely.get_parts(shapely.polygonize(noded(lines)))
    return faces


def noded(lines: Shapes) -> Shapes:
    """Lines that meet in their ends only, each piece once.

    Parameters
    ----------
    lines
        Lines, rings or collections of them, on the precision grid, less than a thousand kilometres across.
    """
    segments = _segments(lines)
    fresh = np.ones(len(segments), dtype=bool)
    while fresh.any():
        segments, fresh = _cut(segments, *_cuts(segments, fresh))
    return _strung(segments)


def _segments(lines: Shapes) -> Ints:
    """Straight pieces of lines, line by line [grid steps]."""
    points, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    steps = np.rint(points / PRECISION_M).astype(np.int64)
    segments = np.column_stack([steps[:-1], steps[1:]])
    differs = (segments[:, :2] != segments[:, 2:]).any(axis=1)
    return np.ascontiguousarray(segments[differs & (line[1:] == line[:-1])])


def _cuts(segments: Ints, fresh: Flags) -> tuple[Ints, Ints]:
    """Where segments are to be cut, by pairs one of which is fresh: rows of segments, points; some more than once.

    All squares are known before any segment is bent: so none moves farther than a square reaches.
    """
    row, point = _met(segments, fresh)
    spots = np.tile(np.unique(point, axis=0), 2)
    beside, spot = _met(np.concatenate([segments, spots]), np.repeat([False, True], [len(segments), len(spots)]))
    return np.concatenate([row, beside]), np.concatenate([point, spot])


def _met(segments: Ints, fresh: Flags) -> tuple[Ints, Ints]:
    """Cuts of pairs one of which is fresh, as they are; a segment from a point to itself stands for the point."""
    buckets = _buckets(segments)
    room = len(segments) + 64
    while True:
        cuts = _Cuts(np.empty(room, dtype=np.int64), np.empty((room, 2), dtype=np.int64), np.zeros(1, dtype=np.int64))
        _meet((segments, fresh), buckets, cuts)
        count = int(cuts.number[0])
        if count <= room:
            return cuts.row[:count], cuts.point[:count]
        room = count


def _cut(segments: Ints, row: Ints, point: Ints) -> tuple[Ints, Flags]:
    """Segments cut at points, and which of them are fresh pieces."""
    way = point - segments[row, :2]
    along = (way * (segments[row, 2:] - segments[row, :2])).sum(axis=1)
    order = np.lexsort((*point.T, along, row))
    row, point = row[order], point[order]
    once = np.append(True, (row[1:] != row[:-1]) | (point[1:] != point[:-1]).any(axis=1))[: len(row)]
    row, point = row[once], point[once]
    pieces = np.bincount(row, minlength=len(segments)) + 1
    out, fresh = np.repeat(segments, pieces, axis=0), np.repeat(pieces > 1, pieces)
    before = row + np.arange(len(row))  # the piece that ends at each cut: each cut before it made one more
    out[before, 2:] = out[before + 1, :2] = point
    return out, fresh


def _strung(segments: Ints) -> Shapes:
    """Different segments as lines, each as far as it goes on in their order without a node."""
    if len(segments) == 0:
        return none()
    points = segments.reshape(-1, 2)
    x, y = (points - points.min(axis=0)).T
    place = np.unique(x * (y.max() + 1) + y, return_inverse=True)[1].reshape(-1, 2)
    key = place.min(axis=1) * len(points) + place.max(axis=1)
    once = np.sort(np.unique(key, return_index=True)[1])
    tail, head = place[once].T
    meeting = np.bincount(np.concatenate([tail, head]))
    ends = (tail[1:] != head[:-1]) | (meeting[tail[1:]] != 2)  # a line goes on where two meet, one after the other
    line, last = np.cumsum(np.append(False, ends)), np.flatnonzero(np.append(ends, True))
    rows = np.insert(2 * once, last + 1, 2 * once[last] + 1)
    return np.asarray(shapely.linestrings(points[rows] * PRECISION_M, indices=np.insert(line, last + 1, line[last])))


def _buckets(segments: Ints) -> _Buckets:
    """Segments by bucket."""
    across = np.abs(segments[:, 2:] - segments[:, :2]).max(axis=1)
    size = int(max(np.median(across), across.mean() / _BUCKETS)) + 1
    count = np.zeros(1 << (2 * len(segments)).bit_length(), dtype=np.int64)
    _enter(segments, size, _Buckets(count, np.empty(0, dtype=np.int64)))
    first = np.append(0, np.cumsum(count))
    entries = np.empty(first[-1], dtype=np.int64)
    _enter(segments, size, _Buckets(first[:-1].copy(), entries))
    return _Buckets(first, entries)


@lean
def _enter(segments: Ints, size: int, buckets: _Buckets) -> None:
    """Enter segments at the places of their buckets, which move on; without room for entries, just count.

    Two segments that come within a grid step of each other are entered in a common bucket.
    """
    place, entries = buckets
    mask = len(place) - 1
    for k in range(len(segments)):
        x, y = segments[k, _X0], segments[k, _Y0]
        dx, dy = segments[k, _X1] - x, segments[k, _Y1] - y
        low, high = min(y, y + dy) - 1, max(y, y + dy) + 1
        for row in range(low // size, high // size + 1):
            start, end = 0.0, 1.0
            if dy != 0:
                a, b = (row * size - 1 - y) / dy, ((row + 1) * size + 1 - y) / dy
                start, end = max(start, min(a, b)), min(end, max(a, b))
            # two grid steps: one for what is near, one for what arithmetic loses
            left = x + int(np.floor(min(start * dx, end * dx))) - 2
            right = x + int(np.ceil(max(start * dx, end * dx))) + 2
            for column in range(left // size, right // size + 1):
                bucket = (column * _COLUMN ^ row * _ROW) & mask
                if len(entries):
                    entries[place[bucket]] = k
                place[bucket] += 1


@lean
def _meet(lines: tuple[Ints, Flags], buckets: _Buckets, cuts: _Cuts) -> None:
    """Write down where segments of one bucket cut each other if one of the two is fresh."""
    segments, fresh = lines
    first, entries = buckets
    for bucket in range(len(first) - 1):
        for i in range(first[bucket], first[bucket + 1]):
            for j in range(i + 1, first[bucket + 1]):
                a, b = entries[i], entries[j]
                if a != b and (fresh[a] or fresh[b]) and _are_close(segments, a, b):
                    _cut_pair(segments, (a, b), cuts)


@inlined
def _are_close(segments: Ints, a: int, b: int) -> bool:
    """Whether the boxes round two segments come within a grid step."""
    for low, high in ((_X0, _X1), (_Y0, _Y1)):
        p, q, r, s = segments[a, low], segments[a, high], segments[b, low], segments[b, high]
        if min(p, q) > max(r, s) + 1 or min(r, s) > max(p, q) + 1:
            return False
    return True


@inlined
def _cut_pair(segments: Ints, pair: tuple[int, int], cuts: _Cuts) -> None:
    """Write down the cuts of two segments: at corners of the other, and where they cross."""
    a, b = pair
    for one, other in ((a, b), (b, a)):
        for column in (_X0, _X1):
            corner = (segments[other, column], segments[other, column + 1])
            if _is_on(segments, one, corner):
                _write(cuts, one, corner)
    if _is_between(segments, a, b) and _is_between(segments, b, a):
        spot = _crossing(segments, a, b)
        for one in (a, b):
            if not _is_end(segments, one, spot):
                _write(cuts, one, spot)


@inlined
def _write(cuts: _Cuts, row: int, spot: _Spot) -> None:
    """Write down a cut, or only count it if there is no room."""
    n = cuts.number[0]
    if n < len(cuts.row):
        cuts.row[n] = row
        cuts.point[n, 0], cuts.point[n, 1] = spot
    cuts.number[0] = n + 1


@inlined
def _is_end(segments: Ints, k: int, spot: _Spot) -> bool:
    """Whether a point is an end of a segment."""
    x, y = spot
    return (segments[k, _X0] == x and segments[k, _Y0] == y) or (segments[k, _X1] == x and segments[k, _Y1] == y)


@inlined
def _is_on(segments: Ints, k: int, spot: _Spot) -> bool:
    """Whether a segment comes, between its ends, into the square of one grid step round a point."""
    dx, dy = segments[k, _X1] - segments[k, _X0], segments[k, _Y1] - segments[k, _Y0]
    from_x, from_y = spot[0] - segments[k, _X0], spot[1] - segments[k, _Y0]
    along = from_x * dx + from_y * dy
    if along <= 0 or along >= dx * dx + dy * dy or _is_end(segments, k, spot):
        return False
    return 2 * abs(dx * from_y - dy * from_x) < abs(dx) + abs(dy)


@inlined
def _is_between(segments: Ints, a: int, b: int) -> bool:
    """Whether the ends of a segment lie on different sides of the line through another."""
    x, y = segments[b, _X0], segments[b, _Y0]
    dx, dy = segments[b, _X1] - x, segments[b, _Y1] - y
    one = dx * (segments[a, _Y0] - y) - dy * (segments[a, _X0] - x)
    other = dx * (segments[a, _Y1] - y) - dy * (segments[a, _X1] - x)
    return (one > 0 and other < 0) or (one < 0 and other > 0)


@inlined
def _crossing(segments: Ints, a: int, b: int) -> _Spot:
    """Where two segments cross, rounded to the grid."""
    x, y = segments[a, _X0], segments[a, _Y0]
    ax, ay = segments[a, _X1] - x, segments[a, _Y1] - y
    bx, by = segments[b, _X1] - segments[b, _X0], segments[b, _Y1] - segments[b, _Y0]
    share = ((segments[b, _X0] - x) * by - (segments[b, _Y0] - y) * bx) / (ax * by - ay * bx)
    return x + int(np.rint(share * ax)), y + int(np.rint(share * ay))

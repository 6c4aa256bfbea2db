"""Polygons of one planar arrangement: put on the precision grid, found by a point, united; nothing here knows what they mean."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.coverage.precision import APART, PRECISION_M, Flags, Floats, Ints, Shapes
from gridgeo.coverage.workers import in_order, portions
from gridgeo.errors import LandError
from gridgeo.messages import say

_POLYGON = 3


def none() -> Shapes:
    """No shapes."""
    return np.empty(0, dtype=object)


def first_by(key: npt.NDArray[np.generic], *order: npt.NDArray[np.generic]) -> Ints:
    """Rows that come first in their key by the given orders, one for each key."""
    rows = np.lexsort((*order[::-1], key))
    ranked = key[rows]
    return rows[np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])] if len(rows) else rows


def rows_by(key: Ints, count: int) -> list[Ints]:
    """Rows of each key from 0 to count - 1; rows with a negative key are in none."""
    rows = np.argsort(key, kind="stable")
    return np.split(rows, np.searchsorted(key[rows], np.arange(count + 1)))[1:-1]


def are_valid(shapes: Shapes) -> Flags:
    """Whether each shape is valid."""
    return np.concatenate(in_order(lambda rows: shapely.is_valid(shapes[rows]), portions(len(shapes), len(shapes))))


def meeting(
    tree: shapely.STRtree, shapes: Shapes, predicate: str, *, distance: float | None = None
) -> tuple[Ints, Ints]:
    """Pairs of a shape and a row of a tree of shapes that it meets, as the tree's query gives them."""

    def found(rows: Ints) -> tuple[Ints, Ints]:
        shape, row = tree.query(shapes[rows], predicate=predicate, distance=distance)  # type: ignore[call-overload]
        return rows[shape], row

    pairs = in_order(found, portions(len(shapes), max(len(shapes), len(tree))))
    return np.concatenate([shape for shape, _ in pairs]), np.concatenate([row for _, row in pairs])


def pair_sums(one: Ints, other: Ints, amount: Floats) -> tuple[Ints, Ints, Floats]:
    """Different pairs in order, and the sum of what belongs to each."""
    width = other.max(initial=0) + 1
    pair, where = np.unique(one * width + other, return_inverse=True)
    total = np.bincount(where, amount, minlength=len(pair)).astype(np.float64)
    return pair // width, pair % width, total


def sound(shapes: Shapes) -> Shapes:
    """The same polygons, valid."""
    out = shapes.copy()
    broken = ~are_valid(shapes)
    out[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return out


def to_precision_grid(shapes: Shapes) -> Shapes:
    """Shapes on the precision grid, valid, no corner of which is given twice in a row; a polygon thinner than the grid is empty.

    Rounded as numbers, since the noder of a whole layer costs far more; only what rounding broke is noded. A corner given
    twice would be a wall of no length, which every test of sides and distances would have to think of.
    """
    out: Shapes = shapely.transform(shapes, lambda c: np.round(c / PRECISION_M) * PRECISION_M)
    broken = ~are_valid(out)
    out[broken] = shapely.set_precision(sound(shapes[broken]), PRECISION_M)
    twice = _with_corners_twice(out)
    out[twice] = shapely.remove_repeated_points(out[twice])
    return out


def _with_corners_twice(shapes: Shapes) -> Ints:
    """Rows of shapes that give a point twice in a row; where one ring begins in the end of another may be among them."""
    points, shape = shapely.get_coordinates(shapes, return_index=True)
    same = (points[1:] == points[:-1]).all(axis=1) & (shape[1:] == shape[:-1])
    return np.unique(shape[1:][same])


def single_parts(polygons: Shapes) -> tuple[Shapes, Ints]:
    """Single polygons, and the row that each is a part of; nothing is copied where all are single."""
    if (shapely.get_type_id(polygons) == _POLYGON).all():
        return polygons, np.arange(len(polygons))
    return shapely.get_parts(polygons, return_index=True)


def wide_diagonals(shapes: Shapes) -> Shapes:
    """For each shape a line whose box holds its box and what is near; ten times as fast to make as a polygon."""
    low, high = np.split(shapely.bounds(shapes), 2, axis=1)
    return np.asarray(shapely.linestrings(np.stack([low - APART, high + APART], axis=1)))


def polygon_at(shapes: Shapes, polygons: Shapes) -> Ints:
    """Row of the first polygon over a point inside each shape; -1 where there is none."""
    points = shapely.point_on_surface(shapes)
    out = np.full(len(shapes), -1)
    over, at = shapely.STRtree(points).query(polygons, predicate="intersects")
    first = first_by(at, over)
    out[at[first]] = over[first]
    return out


def shapes_over(faces: Shapes, shapes: Shapes) -> tuple[Ints, Ints]:
    """Pairs of a face and a shape that covers it, of one arrangement: rows of faces, rows of shapes."""
    face, shape = shapely.STRtree(shapes).query(shapely.point_on_surface(faces), predicate="intersects")
    return face, shape


def smallest_over(faces: Shapes, shapes: Shapes) -> Ints:
    """Row of the smallest shape over each face, so that a nested one keeps its land; -1 where there is none."""
    face, shape = shapes_over(faces, shapes)
    first = first_by(face, shapely.area(shapes)[shape], shape)
    out = np.full(len(faces), -1)
    out[face[first]] = shape[first]
    return out


def united(faces: Shapes, key: Ints) -> tuple[Shapes, Ints]:
    """Faces of one arrangement united by key, as single polygons with the key of each; no other point moves or goes."""
    rows = np.argsort(key, kind="stable")
    keys, start, count = np.unique(key[rows], return_index=True, return_counts=True)
    out = faces[rows][start]
    for several in np.flatnonzero(count > 1):
        first = start[several]
        out[several] = shapely.coverage_union_all(faces[rows[first : first + count[several]]])
    parts, k = single_parts(out)
    return parts, keys[k]


def as_complex(points: Floats) -> npt.NDArray[np.complex128]:
    """Points as complex numbers, which sort by x and then y."""
    return np.ascontiguousarray(points).view(np.complex128).ravel()


def not_closed(point: Floats) -> LandError:
    """The error for an outline that does not close near a point."""
    where = (float(point[0]), float(point[1]))
    return LandError(say("land_not_closed", x=f"{where[0]:.2f}", y=f"{where[1]:.2f}"), where)

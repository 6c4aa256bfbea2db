"""Measures and repairs of polygons that all geometric rules share."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.model import BORDER_M

Shapes = npt.NDArray[np.object_]
Rows = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

HAIRLINE_M = BORDER_M
"""What is nowhere wider than this [m] is no fault: a circle of this diameter fits nowhere into it."""

NOWHERE = -1
"""In an array of row numbers: none. It never leaves this room."""

EMPTY: Any = shapely.MultiPolygon()
"""No land."""

_POLYGON, _MULTIPOLYGON, _COLLECTION = 3, 6, 7
_AREAL = (_POLYGON, _MULTIPOLYGON)


def positions(mask: Mask) -> list[int]:
    """Row numbers at which something holds."""
    rows: list[int] = np.flatnonzero(mask).tolist()
    return rows


def is_valid_polygon(shapes: Shapes) -> Mask:
    """Whether a shape is a polygon, or several, that holds some land and obeys the rules of the simple-feature standard."""
    areal = np.isin(shapely.get_type_id(shapes), _AREAL)
    valid: Mask = areal & ~shapely.is_empty(shapes) & shapely.is_valid(shapes)
    return valid


def repaired_polygons(shapes: Shapes) -> Shapes:
    """Valid polygons in two dimensions; empty where there is none to be had."""
    flat = shapely.force_2d(shapes)
    valid = is_valid_polygon(flat)
    out = np.full(len(flat), shapely.Polygon(), dtype=object)
    out[valid] = flat[valid]
    for row in np.flatnonzero(~valid & is_finite(flat) & (shapely.get_dimensions(flat) == 2)):
        out[row] = _areal_part(shapely.make_valid(flat[row], method="structure", keep_collapsed=False))
    return out


def is_finite(shapes: Shapes) -> Mask:
    """Whether there is a shape and all its coordinates are finite."""
    coordinates, row = shapely.get_coordinates(shapes, return_index=True)
    bad = np.bincount(row[~np.isfinite(coordinates).all(axis=1)], minlength=len(shapes)) > 0
    return ~(bad | shapely.is_missing(shapes) | shapely.is_empty(shapes))


def _areal_part(shape: Any) -> Any:
    """The part of a shape that has an area."""
    if shapely.get_type_id(shape) in _AREAL:
        return shape
    parts = shapely.get_parts(shape)
    nested = parts[shapely.get_type_id(parts) == _COLLECTION]
    parts = np.concatenate([parts, *(shapely.get_parts(one) for one in nested)])
    return shapely.union_all(parts[np.isin(shapely.get_type_id(parts), _AREAL)])


def thick_parts(shape: Any) -> Shapes:
    """Parts of a shape that are wider than a hairline.

    The shape is opened in the sense of mathematical morphology: shrunk by half a hairline and grown back inside itself. So a
    fault that hangs on a long hairline is found alone, with its own area.
    """
    parts = _polygons_of(shape)
    core = shapely.buffer(parts, -HAIRLINE_M / 2, quad_segs=4)
    thick = ~shapely.is_empty(core)
    grown = shapely.buffer(core[thick], HAIRLINE_M, join_style="mitre")
    opened = [_polygons_of(one) for one in shapely.intersection(parts[thick], grown)]
    found = np.concatenate(opened) if opened else parts[:0]
    kept: Shapes = found[~shapely.is_empty(shapely.buffer(found, -HAIRLINE_M / 2, quad_segs=4))]
    return kept


def _polygons_of(shape: Any) -> Shapes:
    parts = shapely.get_parts(shape)
    kept: Shapes = parts[(shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)]
    return kept


def widest_m(parts: Shapes) -> float:
    """Diameter of the largest circle that fits into one of the parts [m], to a few per cent.

    The radius lies between area / perimeter (Bonnesen) and that of a circle of the same area; what is left is halved on a
    logarithmic scale.
    """
    area, perimeter = shapely.area(parts), shapely.length(parts)
    low, high = np.log(area / perimeter), np.log(np.sqrt(area / np.pi))
    for _ in range(10):
        middle = (low + high) / 2
        fits = ~shapely.is_empty(shapely.buffer(parts, -np.exp(middle), quad_segs=4))
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return float((2 * np.exp((low + high) / 2)).max())


def sum_by_row(rows: Rows, figures: Numbers, count: int) -> Numbers:
    """Sum of the figures of each of `count` rows; one that is not a number makes the sum not a number."""
    sums = np.zeros(count)
    np.add.at(sums, rows, figures)
    return sums


def shared_areas(small: Shapes, large: Shapes) -> tuple[Rows, Rows, Numbers]:
    """Which small shapes share how much area with which large ones.

    Returns
    -------
    small, large
        Row numbers of each pair that meets.
    area
        [m2].
    """
    shapely.prepare(large)
    at_large, at_small = shapely.STRtree(small).query(large, predicate="intersects")
    area = shapely.area(small)[at_small]
    # Most buildings lie deep inside one zone: a prepared test is far cheaper than an intersection.
    cut = np.flatnonzero(~shapely.contains_properly(large[at_large], small[at_small]) & (area > 0))
    area[cut] = shapely.area(shapely.intersection(small[at_small[cut]], large[at_large[cut]]))
    return at_small, at_large, area


def largest_share(pairs: tuple[Rows, Rows, Numbers], count: int) -> Rows:
    """For each of `count` shapes the one with which it shares most; of equals the first; `NOWHERE` if it shares nothing.

    Parameters
    ----------
    pairs
        Row of the small shape, row of the large one, what they share; as `shared_areas` gives them.
    """
    small, large, area = pairs
    order = np.lexsort((large, -np.round(area, 6), small))
    order = order[area[order] > 0]
    first, start = np.unique(small[order], return_index=True)
    owner = np.full(count, NOWHERE)
    owner[first] = large[order[start]]
    return owner

"""Where labels stand: inside their zone, along their street, never on one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gridgeo.maps.pdf.map_view import View
from gridgeo.maps.pdf.pdf_font import width

_LATTICE = 9
"""Places tried along each side of a zone."""
_AIR = 1.2
"""Space kept round a label [pt]."""
_LEADING = 1.15
_STREET_SIZE = 6.5
_STRAIGHT = 0.985
"""A street bears its name where the straight way is at least this share of the way along it."""


class Label(NamedTuple):
    """Lines of text round a point on paper [pt], with the sizes of each line and an angle [degrees]."""

    x: float
    y: float
    lines: tuple[tuple[str, float], ...]
    angle: float = 0.0


class LabelRequest(NamedTuple):
    """A label that looks for room: the first of several wordings that fits is taken."""

    wordings: tuple[tuple[tuple[str, float], ...], ...]
    """Each wording: lines of text with their sizes [pt]."""
    shape: shapely.Geometry
    """Where it may stand [m]."""


@dataclass
class OccupiedPlaces:
    """Places on the ground that labels hold already [m]; grows while a sheet is laid out."""

    shapes: list[shapely.Geometry] = field(default_factory=list)

    def free(self, boxes: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
        """Which of these places nobody holds."""
        if not self.shapes:
            return np.ones(len(boxes), dtype=bool)
        hit = shapely.STRtree(np.array(self.shapes, dtype=object)).query(boxes, predicate="intersects")[0]
        return ~np.isin(np.arange(len(boxes)), hit)


def place_inside(wanted: Sequence[LabelRequest], view: View, taken: OccupiedPlaces) -> list[Label | None]:
    """A label for each zone, or None where no wording finds room; `taken` grows."""
    return [_place(one, view, taken) for one in wanted]


def place_along(text: str, lines: npt.NDArray[np.object_], view: View, *, taken: OccupiedPlaces) -> Label | None:
    """The name of a street along its longest straight enough piece in view, or None; `taken` grows."""
    # A piece of a street that only touches the window is a point, which bears no name.
    merged = shapely.get_parts(shapely.line_merge(shapely.union_all(shapely.intersection(lines, view.window))))
    merged = merged[shapely.get_type_id(merged) == 1]
    long = width(text, _STREET_SIZE) / view.metre
    room = shapely.buffer(view.window, -_AIR / view.metre)
    for line in merged[np.argsort(-shapely.length(merged), kind="stable")]:
        if line.length < long * 1.15:
            return None
        found = _along(line, long, view)
        if found is None:
            continue
        middle, angle, box = found
        if shapely.contains(room, box) and taken.free(np.array([box])).all():
            taken.shapes.append(box)
            return Label(*view.paper(*middle), ((text, _STREET_SIZE),), angle)
    return None


def _place(one: LabelRequest, view: View, taken: OccupiedPlaces) -> Label | None:
    # Cut by the edge of the map, a zone can come in parts, and with lines where it only touches the edge.
    parts = shapely.get_parts(shapely.intersection(one.shape, view.window))
    shape: shapely.Polygon = max(parts, key=shapely.area, default=shapely.Polygon())
    if shape.is_empty or shape.area == 0:
        return None
    spots = candidates(shape)
    shapely.prepare(shape)
    for wording in one.wordings:
        wide, high = size_of(wording)
        half = np.array([wide + 2 * _AIR, high + 2 * _AIR]) / 2 / view.metre
        boxes = np.asarray(shapely.box(*(spots - half).T, *(spots + half).T))
        fitting = np.flatnonzero(shapely.contains(shape, boxes))
        fitting = fitting[taken.free(boxes[fitting])] if len(fitting) else fitting
        if len(fitting):
            taken.shapes.append(boxes[fitting[0]])
            return Label(*view.paper(*spots[fitting[0]]), wording)
    return None


def candidates(shape: shapely.Polygon) -> npt.NDArray[np.float64]:
    """Points of a polygon where a label could stand [m], the middle of the widest room first."""
    west, south, east, north = shape.bounds
    size = max(east - west, north - south)
    circle = shapely.maximum_inscribed_circle(shape, tolerance=size / 50)
    best = shapely.get_coordinates(shapely.get_point(circle, 0))
    steps = (np.arange(_LATTICE) + 0.5) / _LATTICE
    x, y = np.meshgrid(west + steps * (east - west), south + steps * (north - south))
    lattice = np.column_stack([x.ravel(), y.ravel()])
    near = np.argsort(((lattice - best) ** 2).sum(axis=1), kind="stable")
    return np.vstack([best, lattice[near]])


def size_of(wording: tuple[tuple[str, float], ...]) -> tuple[float, float]:
    """Width and height of lines of text [pt]."""
    return max(width(text, size) for text, size in wording), sum(size * _LEADING for _, size in wording)


def _along(line: shapely.LineString, long: float, view: View) -> tuple[tuple[float, float], float, BaseGeometry] | None:
    """Middle, angle and box of a name on a line, near the line's own middle; None where it is nowhere straight."""
    for share in (0.5, 0.35, 0.65, 0.2, 0.8):
        start, end = share * line.length - long / 2, share * line.length + long / 2
        if start < 0 or end > line.length:
            continue
        a, b = shapely.get_coordinates(shapely.line_interpolate_point(line, [start, end]))
        if np.hypot(*(b - a)) < _STRAIGHT * long:
            continue
        a, b = (a, b) if (b[0], b[1]) > (a[0], a[1]) else (b, a)
        axis = shapely.LineString([a, b])
        box = shapely.buffer(axis, (_STREET_SIZE * 0.6) / view.metre, cap_style="flat")
        angle = float(np.degrees(np.arctan2(b[1] - a[1], b[0] - a[0])))
        return (float((a + b)[0] / 2), float((a + b)[1] / 2)), angle, box
    return None

"""From paper to the ground: the town is turned and bent by a map that keeps right angles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from sample_data.generator.layout import BORDER, CANAL, PATCHES, RAILWAY, STREAM, STREETS, YARD

CRS = "EPSG:4547"
"""CGCS2000, 3-degree Gauss-Kruger, central meridian 114 E: the one of Zhengzhou."""

_MIDDLE = 550 + 400j
_ORIGIN = 463_120 + 3_845_240j
_TURN = np.exp(-0.11j)
_BEND, _TWIST = 0.02 + 0.075j, 0.05
_STEP = 40.0
"""Longest straight piece of a bent line [m]."""

Shape = TypeVar("Shape", bound=BaseGeometry)
Points = npt.NDArray[np.float64]
"""One row a point: x, y."""


def sides() -> dict[str, BaseGeometry]:
    """The land of the community as canal and railway part it: north, east, main."""
    border = shapely.Polygon(BORDER)
    north = shapely.Polygon([*CANAL, (0, 800)])
    east = shapely.intersection(border, shapely.box(RAILWAY[0][0], -1, 1200, 900))
    return {"north": north, "east": east, "main": shapely.difference(border, shapely.union(north, east))}


def patches() -> npt.NDArray[np.object_]:
    """The land of each of `PATCHES`, on paper."""
    land = sides()
    boxes = shapely.box(*np.array([patch.box for patch in PATCHES]).T)
    return shapely.intersection(boxes, [land[patch.side] for patch in PATCHES])


def knots(more: Iterable[BaseGeometry] = ()) -> Points:
    """Points where lines of the paper meet; a bent line passes through those on it, so that what met still meets.

    Parameters
    ----------
    more
        Further lines.
    """
    lines: list[BaseGeometry] = [*more, *shapely.boundary(patches()), shapely.boundary(shapely.Polygon(BORDER))]
    lines += [shapely.LineString(line) for line in (CANAL, STREAM, RAILWAY, *(street.line for street in STREETS))]
    lines.append(shapely.boundary(shapely.box(*YARD)))
    return np.unique(shapely.get_coordinates(shapely.union_all(lines)), axis=0)


def bend(shapes: Iterable[Shape], meets: Points | None = None) -> list[Shape]:
    """Bring shapes from paper to the ground [m in `CRS`, rounded to 1 cm].

    Parameters
    ----------
    meets
        Points (`knots`) through which lines and outlines have to pass. Without, corners alone are moved: right for
        buildings, which stay straight.
    """
    if meets is None:
        return [_move(shape) for shape in shapes]
    points = np.asarray(shapely.points(meets))
    return [_move(cast("Shape", shapely.segmentize(_through(shape, points), _STEP))) for shape in shapes]


def _move(shape: Shape) -> Shape:
    moved: Shape = shapely.transform(shape, _ground)
    return moved


def _ground(paper: Points) -> Points:
    """A polynomial of one complex number keeps angles; its higher powers bend."""
    z = (paper[:, 0] + 1j * paper[:, 1] - _MIDDLE) / 1000
    ground = _ORIGIN + 1000 * _TURN * (z + _BEND * z**2 + _TWIST * z**3)
    return np.round(np.column_stack([ground.real, ground.imag]), 2)


def _through(shape: BaseGeometry, points: npt.NDArray[np.object_]) -> BaseGeometry:
    """The same shape, of the same kind, with more corners."""
    if isinstance(shape, shapely.MultiPolygon):
        return shapely.MultiPolygon([_outline_through(part, points) for part in shape.geoms])
    if isinstance(shape, shapely.Polygon):
        return _outline_through(shape, points)
    assert isinstance(shape, shapely.LineString)
    return shapely.LineString(_line_through(shape, points))


def _outline_through(shape: shapely.Polygon, points: npt.NDArray[np.object_]) -> shapely.Polygon:
    return shapely.Polygon(_line_through(shape.exterior, points), [_line_through(r, points) for r in shape.interiors])


def _line_through(line: shapely.LineString, points: npt.NDArray[np.object_]) -> Sequence[tuple[float, float]]:
    corners = shapely.get_coordinates(line)
    near = shapely.get_coordinates(points[shapely.dwithin(line, points, 1e-6)])
    steps = np.hypot(*np.diff(corners, axis=0).T)
    length = np.concatenate([[0.0], np.cumsum(steps)])
    along = np.concatenate([length, shapely.line_locate_point(line, np.asarray(shapely.points(near)))])
    _, first = np.unique(np.round(along, 5), return_index=True)
    return [tuple(point) for point in np.concatenate([corners, near])[first]]

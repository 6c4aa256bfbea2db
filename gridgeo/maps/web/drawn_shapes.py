"""Shapes of a page as streams of ticks: arcs, polygons, lines; what lies near stands near in the stream."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import Flags, Ints, Shapes, shared_arcs
from gridgeo.maps.web.number_streams import Chunk
from gridgeo.maps.web.web_plane import BORDER_M, COARSE, INNER_M, Plane

_CURVE_BITS = 16
_PARALLEL = 3
"""Ticks (coarse ones) by which the corners of a parallelogram may be off."""

_FEWEST_OF_RING = 4
"""Points of a closed line that has an inside."""


class Lines(NamedTuple):
    """Points of many lines, one line after the other."""

    points: Ints
    size: Ints
    """Number of points of each line."""

    @property
    def line(self) -> Ints:
        """Line of each point."""
        return np.repeat(np.arange(len(self.size)), self.size)


def curve_order(shapes: Shapes) -> Ints:
    """Order of shapes along a Hilbert curve through the middles of their boxes; neighbours there are neighbours on the map."""
    boxes = shapely.bounds(shapes)
    middle = np.nan_to_num((boxes[:, :2] + boxes[:, 2:]) / 2)
    if len(middle) == 0:
        return np.zeros(0, dtype=np.int64)
    low, span = middle.min(axis=0), np.maximum(np.ptp(middle, axis=0), 1e-9)
    whole = ((middle - low) / span * (2**_CURVE_BITS - 1)).astype(np.int64)
    return np.argsort(_along_curve(whole[:, 0], whole[:, 1]), kind="stable")


def _along_curve(x: Ints, y: Ints) -> Ints:
    """Place along a Hilbert curve of cells of a raster (the usual turning of quadrants)."""
    place = np.zeros(len(x), dtype=np.int64)
    side = 2 ** (_CURVE_BITS - 1)
    while side:
        right, upper = (x & side) > 0, (y & side) > 0
        place += side * side * ((3 * right) ^ upper)
        turned = ~upper
        flipped = turned & right
        x, y = (
            np.where(flipped, side - 1 - (x & (side - 1)), x & (side - 1)),
            np.where(flipped, side - 1 - (y & (side - 1)), y & (side - 1)),
        )
        x, y = np.where(turned, y, x), np.where(turned, x, y)
        side //= 2
    return place


class ShapeStreams(NamedTuple):
    """Puts shapes into a chunk, on the plane of its page."""

    chunk: Chunk
    plane: Plane

    def arcs(self, pieces: Shapes, zone: Ints) -> None:
        """Add arcs between pieces of land, each once: true to 3 cm between zones, thinned more between pieces of one zone.

        Ends of arcs stay in any case, so that borders meet whatever zone a piece is given to.

        Parameters
        ----------
        pieces
            Polygons, in the order of their numbers.
        zone
            Row of the finest zone of each.
        """
        arcs = shared_arcs(pieces)
        lines = np.asarray(shapely.linestrings(arcs.points, indices=arcs.arc), dtype=object)
        inner = (arcs.right >= 0) & (zone[arcs.left] == zone[arcs.right])
        thin = shapely.simplify(lines, np.where(inner, INNER_M, BORDER_M), preserve_topology=False)
        shut = shapely.is_closed(lines) & (shapely.get_num_coordinates(thin) < _FEWEST_OF_RING)
        thin[shut] = lines[shut]
        self.chunk.put_rising("left", arcs.left)
        self.chunk.put("right", np.where(arcs.right < 0, 0, arcs.right - arcs.left))
        self._put("arc", _ticked(self.plane, thin, 1))

    def lines(self, name: str, shapes: Shapes, tolerance_m: float) -> Ints:
        """Add lines (parts of lines that have several), thinned; gives the row of each."""
        parts, row = shapely.get_parts(shapes, return_index=True)
        self._put(name, _ticked(self.plane, shapely.simplify(parts, tolerance_m), COARSE))
        return row

    def areas(self, name: str, shapes: Shapes, tolerance_m: float) -> None:
        """Add polygons as rings, thinned; a point is a ring of one, and a parallelogram goes without its fourth corner.

        A ring of three points therefore is a parallelogram; a triangle has its first point twice.
        """
        thin = shapely.simplify(shapes, tolerance_m, preserve_topology=True)
        parts, row = shapely.get_parts(thin, return_index=True)
        rings, part = _rings(parts)
        self.chunk.put(f"{name}_rings", np.bincount(row[part], minlength=len(shapes)))
        self._put(name, _cornered(_ticked(self.plane, rings, COARSE)))

    def _put(self, name: str, lines: Lines) -> None:
        """Number of points of each line, and steps from point to point through all lines."""
        steps = np.diff(lines.points, axis=0, prepend=0) if len(lines.points) else lines.points.reshape(0, 2)
        self.chunk.put(f"{name}_size", lines.size)
        self.chunk.put_signed(f"{name}_x", steps[:, 0])
        self.chunk.put_signed(f"{name}_y", steps[:, 1])


def _rings(parts: Shapes) -> tuple[Shapes, Ints]:
    """Open lines round polygons and the parts of which they are; points are lines of one point."""
    rings, part = shapely.get_rings(parts, return_index=True)
    other = np.flatnonzero(shapely.get_type_id(parts) != 3)
    order = np.argsort(np.append(part, other), kind="stable")
    return np.append(rings, parts[other])[order], np.append(part, other)[order]


def _ticked(plane: Plane, lines: Shapes, unit: int) -> Lines:
    """Ticks of lines in multiples of a unit; points that fall together are one, and the last of a ring is left out."""
    points, line = shapely.get_coordinates(lines, return_index=True)
    ticks = np.rint(plane.to_ticks(points) / unit).astype(np.int64)
    size = np.bincount(line, minlength=len(lines))
    same = np.append(False, (line[1:] == line[:-1]) & (np.diff(ticks, axis=0) == 0).all(axis=1))[: len(line)]
    ring = shapely.get_type_id(lines) == 2
    last = np.cumsum(size) - 1
    kept = ~same
    short = np.bincount(line[kept], minlength=len(lines)) < 2
    kept[last[short & (size > 1)]] = True
    kept[last[ring & (size > 1)]] = False
    return Lines(ticks[kept], np.bincount(line[kept], minlength=len(lines)))


def _cornered(rings: Lines) -> Lines:
    """Rings in which three points stand for a parallelogram."""
    start = np.append(0, np.cumsum(rings.size))[:-1]
    four = np.flatnonzero(rings.size == 4)
    a, b, c, d = (rings.points[start[four] + k] for k in range(4))
    even = four[(np.abs(a - b + c - d) <= _PARALLEL).all(axis=1)]
    three = np.flatnonzero(rings.size == 3)
    line = rings.line
    points, owner = (
        np.insert(rings.points, start[three] + 3, rings.points[start[three]], axis=0),
        np.insert(line, start[three] + 3, three),
    )
    kept = np.ones(len(owner), dtype=bool)
    kept[np.searchsorted(owner, even) + 3] = False
    return Lines(points[kept], np.bincount(owner[kept], minlength=len(rings.size)))


def filled(shapes: Shapes) -> Flags:
    """Whether there is anything to draw."""
    return ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))

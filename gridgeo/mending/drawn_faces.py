"""The faces between all drawn lines: which zones claim each, what lies beside it, and whose corners stand along it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import PRECISION_M, Flags, Floats, Ints, Shapes, sound

_HAIR_M = 0.002
"""A face thinner than this is below the precision grid, and no fault [m]."""

_MARGIN_M = 4096.0
"""Corners may lie this far outside the land [m]."""

_POLYGON, _MULTIPOLYGON = 3, 6


class Drawn(NamedTuple):
    """Zones of one tier as they were drawn, and the land that they have to cover."""

    shapes: Shapes
    """Polygons in one or several parts, valid; crossing rings by the even-odd rule."""
    invalid: Flags
    """Which of them were not valid as they were drawn."""
    land: Any

    @property
    def border(self) -> int:
        """What stands for the border of the land among the zones."""
        return len(self.shapes)

    def keys(self, points: Floats) -> Ints:
        """Numbers of points on the precision grid: points of one spot have the same."""
        low = np.floor(shapely.bounds(self.land)[:2]) - _MARGIN_M
        cells = np.rint((points - low) / PRECISION_M).astype(np.int64)
        return (cells[:, 0] << 32) + cells[:, 1]


class SharedLine(NamedTuple):
    """What two faces share: the length of their line [m], and the corners on it."""

    length: float
    corners: frozenset[int]


@dataclass(frozen=True)
class DrawnFaces:
    """All faces of an arrangement of lines."""

    shapes: Shapes
    owners: list[tuple[int, ...]]
    """Zones that claim each."""
    inside: Flags
    """Whether each lies in the land."""
    area: Floats
    thin: Flags
    beside: dict[int, dict[int, SharedLine]] = field(default_factory=dict)
    """Face -> other face -> what they share; only where one of them is claimed wrongly."""
    across: dict[int, dict[tuple[int, int], int]] = field(default_factory=dict)
    """Face -> edge -> the face on its other side."""
    corners: dict[int, set[int]] = field(default_factory=dict)
    """Drawn corner -> zones that have it."""

    @property
    def wrong(self) -> Flags:
        """Faces of the land without one owner, and faces outside with any."""
        count = np.array([len(one) for one in self.owners])
        return np.where(self.inside, count != 1, count > 0)


def as_drawn(shapes: Shapes, land: Any) -> Drawn:
    """Zones as they come from a file; what is no polygon, or has no place, is empty."""
    flat = shapely.force_2d(shapes)
    points, row = shapely.get_coordinates(flat, return_index=True)
    odd = np.bincount(row[~np.isfinite(points).all(axis=1)], minlength=len(flat)) > 0
    flat[odd | shapely.is_missing(flat)] = shapely.Polygon()
    invalid = ~shapely.is_valid(flat)
    valid = flat.copy()
    valid[invalid] = shapely.make_valid(flat[invalid])
    return Drawn(np.array([_areal(shape) for shape in valid], dtype=object), invalid, sound(np.array([land]))[0])


def _areal(shape: Any) -> Any:
    """The part of a shape that has an area."""
    if shapely.get_type_id(shape) in (_POLYGON, _MULTIPOLYGON):
        return shape
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2]) if len(parts) else shapely.Polygon()


class _RingEdges(NamedTuple):
    """Edges of polygons: corners in order, and the row of the polygon."""

    start: Ints
    end: Ints
    row: Ints
    length: Floats

    @property
    def low(self) -> Ints:
        return np.minimum(self.start, self.end)

    @property
    def high(self) -> Ints:
        return np.maximum(self.start, self.end)


def _edges_of(shapes: Shapes, drawn: Drawn) -> _RingEdges:
    """Edges of all rings; shells turn one way, holes the other."""
    parts, part = shapely.get_parts(shapely.normalize(shapes), return_index=True)
    rings, ring = shapely.get_rings(parts, return_index=True)
    points, at = shapely.get_coordinates(rings, return_index=True)
    key = drawn.keys(points)
    first = np.flatnonzero((at[1:] == at[:-1]) & (key[1:] != key[:-1]))
    length = np.hypot(*(points[first + 1] - points[first]).T)
    return _RingEdges(key[first], key[first + 1], part[ring[at[first]]], length)


def strayed(drawn: Drawn) -> Ints:
    """Zones with an edge that meets no single opposite one, and zones that touch them; none if all is well."""
    edges = _edges_of(np.append(drawn.shapes, drawn.land), drawn)
    # the land counts as its own outside, so its edges are turned round
    forward = np.where(edges.row == drawn.border, edges.start > edges.end, edges.start < edges.end)
    _, place, count = np.unique(np.stack([edges.low, edges.high]), axis=1, return_inverse=True, return_counts=True)
    ahead = np.bincount(place.ravel(), forward, minlength=len(count))
    well = (count == 2) & (ahead == 1)
    odd = np.union1d(edges.row[~well[place.ravel()]], np.flatnonzero(drawn.invalid))
    odd = odd[odd != drawn.border]
    if not len(odd):
        return odd
    return np.union1d(odd, shapely.STRtree(drawn.shapes).query(drawn.shapes[odd], predicate="intersects")[1])


def faces_between(drawn: Drawn, zones: Ints) -> DrawnFaces:
    """Faces between the lines of some zones and the border of the land, on the precision grid."""
    lines = shapely.boundary(np.append(drawn.shapes[zones], drawn.land))
    shapes = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=PRECISION_M)]))
    points = shapely.point_on_surface(shapes)
    owners: list[list[int]] = [[] for _ in shapes]
    for face, zone in shapely.STRtree(drawn.shapes).query(points, predicate="intersects").T.tolist():
        owners[face].append(zone)
    shapely.prepare(drawn.land)
    area = shapely.area(shapes)
    thin = 2 * area / shapely.length(shapes) < _HAIR_M
    claimed = [tuple(sorted(one)) for one in owners]
    faces = DrawnFaces(shapes, claimed, shapely.contains(drawn.land, points), area, thin)
    _note_sides(faces, drawn)
    _note_corners(faces, drawn, zones)
    return faces


def _note_sides(faces: DrawnFaces, drawn: Drawn) -> None:
    """Which faces lie side by side, where one of them is claimed wrongly."""
    edges = _edges_of(faces.shapes, drawn)
    order = np.lexsort((edges.high, edges.low))
    low, high, row = edges.low[order], edges.high[order], edges.row[order]
    wrong = faces.wrong
    twin = np.flatnonzero((low[1:] == low[:-1]) & (high[1:] == high[:-1]))
    twin = twin[wrong[row[twin]] | wrong[row[twin + 1]]]
    met: dict[tuple[int, int], list[int]] = defaultdict(list)
    for k in twin.tolist():
        pair = int(row[k]), int(row[k + 1])
        for one, other in (pair, pair[::-1]):
            met[one, other].append(k)
            faces.across.setdefault(one, {})[int(low[k]), int(high[k])] = other
    for (one, other), at in met.items():
        corners = frozenset(low[at].tolist()) | frozenset(high[at].tolist())
        faces.beside.setdefault(one, {})[other] = SharedLine(float(edges.length[order][at].sum()), corners)


def _note_corners(faces: DrawnFaces, drawn: Drawn, zones: Ints) -> None:
    """Which zones have which drawn corners."""
    points, row = shapely.get_coordinates(np.append(drawn.shapes[zones], drawn.land), return_index=True)
    owner = np.append(zones, drawn.border)[row]
    for key, zone in zip(drawn.keys(points).tolist(), owner.tolist(), strict=True):
        faces.corners.setdefault(key, set()).add(zone)


def turns(ring: Floats) -> Floats:
    """How far a closed ring turns at the start of each of its edges [radians]."""
    heading = np.arctan2(*np.diff(ring, axis=0).T[::-1])
    turn = np.abs((heading - np.roll(heading, 1) + np.pi) % (2 * np.pi) - np.pi)
    return np.asarray(turn)


def edge_keys(ring: Floats, drawn: Drawn) -> list[tuple[int, int]]:
    """Edges of a ring, as `DrawnFaces.across` names them."""
    return [(min(one, other), max(one, other)) for one, other in pairwise(drawn.keys(ring).tolist())]

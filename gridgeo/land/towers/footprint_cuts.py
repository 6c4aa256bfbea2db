"""Cut a footprint along its length into pieces of given shares of its area, each in one part and next to the one before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import shapely

from gridgeo.coverage import PRECISION_M, Floats, Ints, Shapes, noded_faces, none, united
from gridgeo.land.towers.harmonic_field import harmonic_field, isolevels, isolines, reached, value_at
from gridgeo.model import largest_remainder

_SOLID = 0.8
"""A footprint that fills its convex hull to this share is cut straight."""
_NARROWEST = 0.05
"""A footprint that would have pieces narrower than this is not cut [m]."""
_SMOOTH = 0.02
"""A corner of a cut goes where it spans a triangle smaller than a square with this share of a piece's width [1]."""


def cut_wings(footprint: shapely.Geometry, entrances: Sequence[int]) -> Shapes:
    """Pieces of a footprint in several parts, wing by wing from the western (southern) end on; none where one is too small.

    Entrances go to the wings in proportion to their areas; what is too small for one belongs to the nearest piece.

    Parameters
    ----------
    footprint
        A polygon, or several, on the precision grid.
    entrances
        Number of pieces of each, which share its area equally, in order.
    """
    wings = shapely.get_parts(footprint)
    wings = wings[np.argsort(shapely.get_coordinates(shapely.centroid(wings)) @ _long_axis(footprint), kind="stable")]
    counts = largest_remainder(len(entrances), np.rint(shapely.area(wings) / PRECISION_M**2))
    cut = [
        cut_across(wing, [1 / pieces for pieces in entrances[end - count : end] for _ in range(pieces)])
        for wing, count, end in zip(wings, counts, np.cumsum(counts).tolist(), strict=True)
        if count
    ]
    if not all(len(pieces) for pieces in cut):
        return none()
    pieces = np.concatenate(cut)
    for rest in wings[np.array(counts) == 0]:
        nearest = np.argmin(shapely.distance(pieces, rest))
        pieces[nearest] = shapely.multipolygons([*shapely.get_parts(pieces[nearest]), rest])
    return pieces


def cut_across(footprint: shapely.Polygon, weights: Sequence[float]) -> Shapes:
    """Pieces from the western (southern) end on, on the precision grid; none where the footprint is too small.

    Straight cuts across the long axis of the smallest rectangle around it. What fills its convex hull badly (L, U, X), or
    would be torn apart so (a courtyard), is cut along isolines of a harmonic field from end to end, from wall to wall: so
    legs are cut across. A branch off the longest way inside is a bay of the field, where cuts run towards its tip; so there each
    piece touches the next.

    Parameters
    ----------
    footprint
        On the precision grid.
    weights
        Of the area, one a piece, in order.
    """
    footprint = shapely.normalize(shapely.remove_repeated_points(footprint))
    axis = _long_axis(footprint)
    along = shapely.get_coordinates(footprint) @ axis
    if np.ptp(along) * min(weights) / sum(weights) < _NARROWEST:
        return none()
    shares = np.cumsum(weights)[:-1] / sum(weights)
    if footprint.area >= _SOLID * shapely.convex_hull(footprint).area:
        pieces = _cut_straight(footprint, axis, shares)
        if len(pieces) == len(weights):
            return pieces
    pieces = _cut_along_field(footprint, axis, shares)
    return pieces if len(pieces) == len(weights) else none()


def _cut_straight(footprint: shapely.Polygon, axis: Floats, shares: Floats) -> Shapes:
    across = np.array([-axis[1], axis[0]])
    places = shapely.get_coordinates(footprint) @ across
    cuts = _cuts(footprint, axis, shares)
    ends = np.array([places.min() - 1, places.max() + 1])
    lines = shapely.linestrings(cuts[:, None, None] * axis + ends[None, :, None] * across)
    lines = np.array([*lines, shapely.boundary(footprint)], dtype=object)
    return _pieces(footprint, lines, lambda points: np.searchsorted(cuts, shapely.get_coordinates(points) @ axis))


def _cut_along_field(footprint: shapely.Polygon, axis: Floats, shares: Floats) -> Shapes:
    field = harmonic_field(footprint, axis)
    if field is None:
        return none()
    level = isolevels(field, shares)
    lines = np.concatenate([field.outline, isolines(field, level)])
    pieces = _pieces(footprint, lines, lambda points: np.searchsorted(level, value_at(field, points)))
    smooth = _SMOOTH * np.sqrt(shapely.area(pieces).min())
    out: Shapes = shapely.coverage_simplify(pieces, smooth, simplify_boundary=False)
    return out


def _pieces(footprint: shapely.Polygon, lines: Shapes, number: Callable[[Shapes], Ints]) -> Shapes:
    """Single polygons into which lines, its outline among them, cut a footprint, by the number of the piece at a point of each."""
    faces = noded_faces(lines)
    middles = shapely.point_on_surface(faces)
    own = shapely.intersects(footprint, middles)
    return united(faces[own], number(middles[own]))[0]


def _long_axis(footprint: shapely.Geometry) -> Floats:
    """Unit vector along the long side of the smallest rectangle around a footprint, towards east (or north)."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(footprint))
    sides = np.diff(corners[:3], axis=0)
    length = np.round(np.hypot(*sides.T), 3)
    east = np.abs(sides[:, 0]) / np.hypot(*sides.T)
    side = sides[np.lexsort((-east, -length))[0]]
    axis: Floats = side / np.hypot(*side)
    backwards = axis[0] < -1e-9 or (abs(axis[0]) <= 1e-9 and axis[1] < 0)
    return -axis if backwards else axis


def _cuts(footprint: shapely.Polygon, axis: Floats, shares: Floats) -> Floats:
    """Places along an axis before which these shares of a footprint's area lie.

    The area before place t is the integral of v du along the outline (Green), for the cut itself has du = 0.
    """
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.orient_polygons(footprint)), return_index=True)
    base = points[0]
    u, v = (points - base) @ axis, (points - base) @ np.array([-axis[1], axis[0]])
    edge = np.flatnonzero(ring[1:] == ring[:-1])
    u0, v0, u1, v1 = u[edge], v[edge], u[edge + 1], v[edge + 1]
    slope = np.divide(v1 - v0, u1 - u0, out=np.zeros(len(edge)), where=u1 != u0)

    def area_before(place: Floats) -> Floats:
        a, b = np.minimum(u0, place[:, None]), np.minimum(u1, place[:, None])
        return -((b - a) * (v0 + slope * ((a + b) / 2 - u0))).sum(axis=1)

    return base @ axis + reached(np.unique(u), area_before, shares)

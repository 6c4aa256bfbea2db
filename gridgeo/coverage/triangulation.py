"""Constrained Delaunay triangulation: points and edges become triangles; no point is added or moved."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pythoncdt
import shapely

from gridgeo.coverage.planar import not_closed
from gridgeo.coverage.precision import Floats, Ints

_INSIDES_MEET = "T********"
"""Relation of lines that cross or run on each other (DE-9IM)."""


def constrained_triangles(points: Floats, edges: Ints) -> npt.NDArray[np.void]:
    """Triangles inside the outermost edges: their `vertices` and `neighbors` (a number beyond the last: none).

    Parameters
    ----------
    points
        Each once.
    edges
        Numbers of their two points; edges meet in points only. One from a point to itself is no edge.

    Raises
    ------
    LandError
        If edges cross; `where` is a point at which two do.
    """
    mesh = pythoncdt.Triangulation(
        pythoncdt.VertexInsertionOrder.AUTO, pythoncdt.IntersectingConstraintEdges.NOT_ALLOWED, 0.0
    )
    mesh.insert_vertices(points)
    try:
        mesh.insert_edges(edges[edges[:, 0] != edges[:, 1]].astype(np.uint32))
    except RuntimeError as crossing:
        raise not_closed(_crossing_place(points, edges)) from crossing
    mesh.erase_outer_triangles()
    found: npt.NDArray[np.void] = mesh.triangles_array()
    return found


def _crossing_place(points: Floats, edges: Ints) -> Floats:
    """A point in which two edges cross."""
    lines = np.asarray(shapely.linestrings(points[edges]))
    one, other = shapely.STRtree(lines).query(lines)
    one, other = one[one < other], other[one < other]
    meet = np.flatnonzero(shapely.relate_pattern(lines[one], lines[other], _INSIDES_MEET))
    if len(meet) == 0:
        return points[edges[0, 0]]
    where: Floats = shapely.get_coordinates(shapely.intersection(lines[one[meet[0]]], lines[other[meet[0]]]))[0]
    return where

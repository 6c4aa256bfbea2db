"""Planar toolkit: polygons on one precision grid, noded, matched edge by edge, traced, dissolved; what they mean is not known here.

Steps
-----
precision
    The grid on which all lies, and the arrays of shapes and numbers.
workers
    What several processors do at once.
compilation
    Loops that numpy cannot do.
planar
    Polygons come onto the grid; they are found by a point, grouped by key.
long_edges
    From degrees to metres.
edge_matching
    Edges with their polygon on the left; edges that two polygons share.
arc_topology
    Borders of a coverage, each once, from node to node.
connectivity
    What hangs together by pairs of neighbours.
snap_rounding
    Lines are cut where they meet, and faces between them found.
triangulation
    Points and edges become triangles.
tracing
    Arcs with a label on their left become polygons, each in one part.
dissolve
    Polygons of a coverage are united by key, and outlines measured.
point_location
    Which polygon holds each of many points, and what is nearest to it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from gridgeo.coverage.arc_topology import SharedArcs, shared_arcs
from gridgeo.coverage.dissolve import compactness, is_exact, narrow, unite
from gridgeo.coverage.long_edges import brought_to
from gridgeo.coverage.planar import (
    as_complex,
    first_by,
    meeting,
    none,
    not_closed,
    pair_sums,
    polygon_at,
    rows_by,
    shapes_over,
    single_parts,
    smallest_over,
    sound,
    to_precision_grid,
    united,
    wide_diagonals,
)
from gridgeo.coverage.precision import APART, PRECISION_M, Flags, Floats, Ints, Shapes
from gridgeo.coverage.workers import at_once, in_order, portions, processors

if TYPE_CHECKING:
    from gridgeo.coverage.compilation import branchless, compiled, inlined, inner, lean
    from gridgeo.coverage.connectivity import components
    from gridgeo.coverage.edge_matching import SharedEdges, directed_edges, shared_edges
    from gridgeo.coverage.point_location import Asking, Grouped, Nearest, PointRows, nearest_of, rows_at
    from gridgeo.coverage.snap_rounding import noded, noded_faces
    from gridgeo.coverage.tracing import Arcs, polygons_of, single_polygons_of
    from gridgeo.coverage.triangulation import constrained_triangles

__all__ = [
    "APART",
    "PRECISION_M",
    "Arcs",
    "Asking",
    "Flags",
    "Floats",
    "Grouped",
    "Ints",
    "Nearest",
    "PointRows",
    "Shapes",
    "SharedArcs",
    "SharedEdges",
    "as_complex",
    "at_once",
    "branchless",
    "brought_to",
    "compactness",
    "compiled",
    "components",
    "constrained_triangles",
    "directed_edges",
    "first_by",
    "in_order",
    "inlined",
    "inner",
    "is_exact",
    "lean",
    "meeting",
    "narrow",
    "nearest_of",
    "noded",
    "noded_faces",
    "none",
    "not_closed",
    "pair_sums",
    "polygon_at",
    "polygons_of",
    "portions",
    "processors",
    "rows_at",
    "rows_by",
    "shapes_over",
    "shared_arcs",
    "shared_edges",
    "single_parts",
    "single_polygons_of",
    "smallest_over",
    "sound",
    "to_precision_grid",
    "unite",
    "united",
    "wide_diagonals",
]

_HEAVY = (
    dict.fromkeys(("branchless", "compiled", "inlined", "inner", "lean"), "compilation")
    | {"components": "connectivity"}
    | dict.fromkeys(("SharedEdges", "directed_edges", "shared_edges"), "edge_matching")
    | dict.fromkeys(("noded", "noded_faces"), "snap_rounding")
    | dict.fromkeys(("Asking", "Grouped", "Nearest", "PointRows", "nearest_of", "rows_at"), "point_location")
    | {"constrained_triangles": "triangulation"}
    | dict.fromkeys(("Arcs", "polygons_of", "single_polygons_of"), "tracing")
)
"""Names of modules that load a compiler or scipy, imported at their first use: who only reads files needs none of them."""


def __getattr__(name: str) -> object:
    """Import a heavy name at its first use."""
    if name not in _HEAVY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HEAVY[name]}"), name)

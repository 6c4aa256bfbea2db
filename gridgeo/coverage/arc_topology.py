"""Borders of a coverage, each once: arcs from node to node, with the polygon on the left and the one on the right.

Neighbours share their edges vertex for vertex, so all is found by sorting numbers of vertices, without any geometric test and
without a loop over edges. What does not fit edge to edge (a drawing by hand) comes out as well, each
side as an arc of its own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage.planar import as_complex
from gridgeo.coverage.precision import Flags, Floats, Ints, Shapes


class SharedArcs(NamedTuple):
    """Borders of polygons. No node lies inside an arc, so what bounds any group of polygons is made of whole arcs."""

    left: Ints
    """Row of the polygon on the left."""
    right: Ints
    """Row of the one on the right; -1: none."""
    points: Floats
    """Points of all arcs, one after the other; both ends of each are there."""
    start: Ints
    """Place of each arc's first point, and behind the last arc the number of points."""

    @property
    def arc(self) -> Ints:
        """Arc of each point."""
        return np.repeat(np.arange(len(self.left)), np.diff(self.start))


class _Edges(NamedTuple):
    """Edges of rings, shells anticlockwise and holes clockwise, by the place of their tails."""

    place: Floats
    """Tails."""
    vertex: Ints
    """Number of the tail; the same place has one number."""
    onward: Ints
    """Next edge of the ring."""
    ring: Ints
    polygon: Ints


def shared_arcs(polygons: Shapes) -> SharedArcs:
    """Arcs of polygons, in the order of their polygon on the left.

    Parameters
    ----------
    polygons
        Polygons or multipolygons. Those of an exact coverage share each arc; empty and missing ones have none.
    """
    edges = _edges(polygons)
    twin = _twins(edges)
    node = _nodes(edges, twin)
    turned = _turned(edges, node)
    first = np.flatnonzero(node[turned])
    size = np.diff(np.append(first, len(turned))) + 1
    left, right = edges.polygon[turned[first]], twin[turned[first]]
    once = (right < 0) | (left < right)
    points, start = _points(edges, turned, (first[once], size[once]))
    return SharedArcs(left[once], right[once], points, start)


def is_edge_matched(polygons: Shapes) -> bool:
    """Whether valid polygons fit edge to edge, vertex for vertex, without overlap.

    The proof: how often a spot is covered is how often the borders of all polygons wind round it. Edges that two polygons share in
    opposite directions cancel out. If what is left is the border of valid areas, with their land on the left, then it winds once
    round each spot of these areas and round no other, so every spot is covered once; and nothing but the outer border is unshared.
    """
    edges = _edges(polygons)
    bare = np.flatnonzero(_twins(edges) < 0)
    if len(bare) == 0:
        return len(edges.vertex) == 0
    tails, heads = edges.place[bare], edges.place[edges.onward[bare]]
    lines = shapely.line_merge(shapely.multilinestrings(np.stack([tails, heads], axis=1)))
    if not shapely.is_simple(lines):
        return False
    border = _edges(np.array([shapely.build_area(lines)], dtype=object))
    outer = np.column_stack([border.place, border.place[border.onward]])
    left = np.column_stack([tails, heads])
    return left.shape == outer.shape and bool((_sorted(left) == _sorted(outer)).all())


def _sorted(rows: Floats) -> Floats:
    return rows[np.lexsort(rows.T)]


def _edges(polygons: Shapes) -> _Edges:
    parts, polygon = shapely.get_parts(polygons, return_index=True)
    rings, owner = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    last = np.append(ring[1:] != ring[:-1], True)[: len(ring)]
    points, ring = points[~last] + 0.0, ring[~last]  # one zero, not two
    _, vertex = np.unique(as_complex(points), return_inverse=True)
    onward = np.arange(1, len(ring) + 1)
    start = np.searchsorted(ring, np.arange(len(rings)))
    end = np.searchsorted(ring, np.arange(len(rings)), side="right")
    onward[end[end > start] - 1] = start[end > start]
    return _Edges(points, vertex.ravel(), onward, ring, polygon[owner[ring]])


def _twins(edges: _Edges) -> Ints:
    """Polygon on the right of each edge; -1 where there is none."""
    n = len(edges.vertex)
    tail, head = edges.vertex, edges.vertex[edges.onward]
    there, back = tail * (n + 1) + head, head * (n + 1) + tail
    if n == 0:
        return tail
    order = np.argsort(there, kind="stable")
    at = order[np.minimum(np.searchsorted(there[order], back), n - 1)]
    # Where polygons overlap, an edge may be there more than once: sides that do not choose each other stay alone.
    found = (
        (there[at] == back) & (there[at[at]] == there) & (at[at] == np.arange(n)) & (edges.polygon[at] != edges.polygon)
    )
    return np.where(found, edges.polygon[at], -1)


def _nodes(edges: _Edges, twin: Ints) -> Flags:
    """Edges that begin an arc: where other than two borders meet, or what lies on the right changes; one at least in each ring."""
    n = len(edges.vertex)
    tail, head = edges.vertex, edges.vertex[edges.onward]
    ends = np.unique(np.minimum(tail, head) * (n + 1) + np.maximum(tail, head))
    degree = np.bincount(ends // (n + 1), minlength=n) + np.bincount(ends % (n + 1), minlength=n)
    node = degree != 2
    before = np.empty(n, dtype=np.int64)
    before[edges.onward] = np.arange(n)
    node[edges.vertex[twin != twin[before]]] = True
    begins = node[edges.vertex]
    bare = np.ones(edges.ring.max(initial=-1) + 1, dtype=bool)
    bare[edges.ring[begins]] = False
    # A ring without a node begins at its lowest vertex, as its neighbour's does.
    lone = np.flatnonzero(bare[edges.ring])
    order = lone[np.lexsort((edges.vertex[lone], edges.ring[lone]))]
    lowest = order[np.append(True, edges.ring[order][1:] != edges.ring[order][:-1])[: len(order)]]
    node[edges.vertex[lowest]] = True
    return node[edges.vertex]


def _turned(edges: _Edges, node: Flags) -> Ints:
    """Edges ring by ring, each ring turned so that it begins at a node."""
    n = len(node)
    rings = edges.ring.max(initial=-1) + 1
    start = np.searchsorted(edges.ring, np.arange(rings))
    size = np.bincount(edges.ring, minlength=rings)
    first = np.full(rings, n)
    np.minimum.at(first, edges.ring[node], np.flatnonzero(node))
    own = edges.ring
    return start[own] + (np.arange(n) - start[own] + first[own] - start[own]) % size[own]


def _points(edges: _Edges, turned: Ints, runs: tuple[Ints, Ints]) -> tuple[Floats, Ints]:
    """Points of runs of edges, one more than edges, and where each begins; `runs` are first edges and numbers of points."""
    first, size = runs
    start = np.append(0, np.cumsum(size))
    at = np.repeat(first - start[:-1], size) + np.arange(start[-1])
    ends = start[1:] - 1
    at[ends] -= 1
    points = edges.place[turned[at]]
    points[ends] = edges.place[edges.onward[turned[at[ends]]]]
    return points, start

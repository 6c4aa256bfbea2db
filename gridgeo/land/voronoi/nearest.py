"""Which footprint of a block is nearest to a point: compiled search in one tree of boxes a block.

A label is the number of a building within a batch of blocks; each label lies in one block.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Floats, Ints, Shapes, branchless, compiled, directed_edges, inlined, inner

X, Y, ALONG_X, ALONG_Y, INVERSE2 = range(5)
"""Columns of edges: tail, way from it to the head [m], 1 / squared length [1/m2]."""
LOW_X, LOW_Y, HIGH_X, HIGH_Y = range(4)
"""Columns of boxes [m]."""
_CURVE_STEP = 4.0
"""Boxes of a tree are sorted along a curve through squares of this size [m]."""
_CURVE_BITS = 20
_DEEPEST = 128

Point = tuple[float, float]
"""x, y: two numbers cost compiled loops nothing, a row of an array does."""
Labels = tuple[int, int]
"""Two labels: those of the ends of a segment, or of the land on both sides of a cut."""


class Bvh(NamedTuple):
    """Edges of all labels, and a binary tree of their boxes for each block.

    It always holds that a box lies inside that of its parent, and that empty leaves, at the end of a tree, have boxes that are
    infinitely far from everything.
    """

    first_edge: Ints
    """Edges of label k are the rows first_edge[k] to first_edge[k + 1] of `edges`."""
    edges: Floats
    """By columns X to INVERSE2."""
    offset: Ints
    """First row of each block's tree in `boxes`: an implicit heap whose root is row 1."""
    leaves: Ints
    """Leaves of each block's tree, a power of two."""
    boxes: Floats
    """By columns LOW_X to HIGH_Y."""
    first_label: Ints
    """Labels of block k are the rows first_label[k] to first_label[k + 1] of `labels`."""
    labels: Ints
    stack: Ints
    stack_distance2: Floats
    """Memory of one search: rows of its tree that are seen but not entered, and how far away they are."""


class LabelledFaces(NamedTuple):
    """Faces of a batch of blocks, sorted by label."""

    polygons: Shapes
    label: Ints
    block: Ints
    """Block of each label."""


class BlockTree(NamedTuple):
    """The tree of one block: all that points of its land can be nearest to."""

    bvh: Bvh
    block: int


def search_tree(faces: LabelledFaces, blocks: int) -> Bvh:
    """Bvh over the faces of so many blocks."""
    polygons, label, block = faces
    tail, head, face = directed_edges(polygons)
    along = head - tail
    edges = np.column_stack([tail, along, 1 / np.maximum((along**2).sum(axis=1), 1e-30)])
    first_edge = np.searchsorted(label[face], np.arange(len(block) + 1))
    boxes = _boxes(tail, head, first_edge)
    labels = np.lexsort((np.arange(len(block)), _along_curve(boxes), block))
    first_label = np.searchsorted(block[labels], np.arange(blocks + 1))
    offset, leaves, heap = _heaps(first_label, boxes[labels])
    stack, distance2 = np.empty(_DEEPEST, dtype=np.int64), np.empty(_DEEPEST)
    return Bvh(first_edge, edges, offset, leaves, heap, first_label, labels, stack, distance2)


def _boxes(tail: Floats, head: Floats, first_edge: Ints) -> Floats:
    """Box of each label: low x, low y, high x, high y."""
    if len(first_edge) == 1:
        return np.empty((0, 4))
    low = np.minimum.reduceat(np.minimum(tail, head), first_edge[:-1])
    high = np.maximum.reduceat(np.maximum(tail, head), first_edge[:-1])
    return np.column_stack([low, high])


def _along_curve(boxes: Floats) -> Ints:
    """Place of each box along a Z-order curve, so that neighbours share branches of the tree."""
    square = np.floor((boxes[:, :2] + boxes[:, 2:]) / 2 / _CURVE_STEP).astype(np.int64)
    place = np.zeros(len(boxes), dtype=np.int64)
    for bit in range(_CURVE_BITS):
        for axis in (0, 1):
            place |= ((square[:, axis] >> bit) & 1) << (2 * bit + axis)
    return place


@compiled
def _heaps(first_label: Ints, boxes: Floats) -> tuple[Ints, Ints, Floats]:
    """Where the tree of each block begins, its number of leaves, and all boxes; those of labels are given by block."""
    blocks = len(first_label) - 1
    leaves = np.ones(blocks, np.int64)
    offset = np.zeros(blocks + 1, np.int64)
    for b in range(blocks):
        while leaves[b] < first_label[b + 1] - first_label[b]:
            leaves[b] *= 2
        offset[b + 1] = offset[b] + 2 * leaves[b]
    heap = np.empty((offset[blocks], 4))
    heap[:, :HIGH_X] = np.inf
    heap[:, HIGH_X:] = -np.inf
    for b in range(blocks):
        root = offset[b]
        for i in range(first_label[b], first_label[b + 1]):
            heap[root + leaves[b] + i - first_label[b]] = boxes[i]
        for k in range(leaves[b] - 1, 0, -1):
            left, right = root + 2 * k, root + 2 * k + 1
            for low, high in ((LOW_X, HIGH_X), (LOW_Y, HIGH_Y)):
                heap[root + k, low] = min(heap[left, low], heap[right, low])
                heap[root + k, high] = max(heap[left, high], heap[right, high])
    return offset, leaves, heap


@branchless
def _from_edge(point: Point, edges: Floats, k: int) -> Point:
    """Way to a point from the nearest point of an edge [m]; an edge of no length is a point."""
    from_x = point[0] - edges[k, X]
    from_y = point[1] - edges[k, Y]
    along = (from_x * edges[k, ALONG_X] + from_y * edges[k, ALONG_Y]) * edges[k, INVERSE2]
    along = max(min(along, 1.0), 0.0)
    return from_x - along * edges[k, ALONG_X], from_y - along * edges[k, ALONG_Y]


@branchless
def _edge_distance2(point: Point, edges: Floats, k: int) -> float:
    """Squared distance from a point to an edge [m2]."""
    from_x, from_y = _from_edge(point, edges, k)
    return from_x * from_x + from_y * from_y


@branchless
def distance2(point: Point, label: int, bvh: Bvh) -> float:
    """Squared distance from a point to the edges of a label [m2]; also inside a footprint that is to its edges."""
    best = np.inf
    for k in range(bvh.first_edge[label], bvh.first_edge[label + 1]):
        d2 = _edge_distance2(point, bvh.edges, k)
        best = d2 if d2 < best else best  # noqa: FURB136 -- unlike min, this compiles to no branch
    return best


@inlined
def distance(point: Point, label: int, bvh: Bvh) -> tuple[float, Point]:
    """Distance from a point to the edges of a label [m], and the direction away from them, of length 1; 0, 0 on an edge."""
    best = np.inf
    nearest_edge = bvh.first_edge[label]
    for k in range(bvh.first_edge[label], bvh.first_edge[label + 1]):
        d2 = _edge_distance2(point, bvh.edges, k)
        nearest_edge = k if d2 < best else nearest_edge
        best = d2 if d2 < best else best  # noqa: FURB136 -- as above
    d = np.sqrt(best)
    away_x, away_y = _from_edge(point, bvh.edges, nearest_edge)
    if d > 0:
        away_x /= d
        away_y /= d
    return d, (away_x, away_y)


@inlined
def gap(point: Point, labels: Labels, bvh: Bvh) -> float:
    """By how much the first of two labels is farther from a point than the second [m]."""
    return np.sqrt(distance2(point, labels[0], bvh)) - np.sqrt(distance2(point, labels[1], bvh))


@branchless
def _box_distance2(point: Point, boxes: Floats, k: int) -> float:
    """Squared distance from a point to a box [m2]: no more than to any edge in it."""
    dx = max(boxes[k, LOW_X] - point[0], point[0] - boxes[k, HIGH_X], 0.0)
    dy = max(boxes[k, LOW_Y] - point[1], point[1] - boxes[k, HIGH_Y], 0.0)
    return dx * dx + dy * dy


@inlined
def nearest(point: Point, guess: int, tree: BlockTree) -> int:
    """Label of a block nearest to a point; a good guess (-1: none) makes the search short."""
    within2 = np.inf
    if guess >= 0:
        within2 = distance2(point, guess, tree.bvh)
    return nearest_within(point, (guess, within2), tree)


@inner
def nearest_within(point: Point, known: tuple[int, float], tree: BlockTree) -> int:
    """Label of a block nearest to a point if nearer than a known label, whose squared distance is given; else the known one.

    Each label that may be nearer than the best so far lies below the row in hand or below one that waits on the stack.
    """
    guess, best2 = known
    best = guess
    bvh, block = tree
    boxes = bvh.boxes
    stack = bvh.stack
    stack_distance2 = bvh.stack_distance2
    leaves = bvh.leaves[block]
    root = bvh.offset[block]
    first = bvh.first_label[block]
    waiting = 0
    k = 1
    while True:
        if k >= leaves:
            i = first + k - leaves
            if i < bvh.first_label[block + 1] and bvh.labels[i] != guess:
                d2 = distance2(point, bvh.labels[i], bvh)
                if d2 < best2:
                    best2 = d2
                    best = bvh.labels[i]
        else:
            near = 2 * k
            far = 2 * k + 1
            near2 = _box_distance2(point, boxes, root + near)
            far2 = _box_distance2(point, boxes, root + far)
            if far2 < near2:
                near, far, near2, far2 = far, near, far2, near2
            if near2 < best2:
                if far2 < best2:
                    stack[waiting] = far
                    stack_distance2[waiting] = far2
                    waiting += 1
                k = near
                continue
        while waiting and stack_distance2[waiting - 1] >= best2:
            waiting -= 1
        if waiting == 0:
            return best
        waiting -= 1
        k = stack[waiting]

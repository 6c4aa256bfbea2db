"""Which footprint of a block is nearest to a point: compiled search in one tree of boxes a block.

A label is the number of a building within a batch of blocks; each label lies in one block.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Floats, Ints, Shapes, branchless, compiled, directed_edges, inlined, lean

_CURVE_STEP = 4.0
"""Boxes of a tree are sorted along a curve through squares of this size [m]."""
_CURVE_BITS = 20
_DEEPEST = 128


class Bvh(NamedTuple):
    """Edges of all labels, and a binary tree of their boxes for each block."""

    first_edge: Ints
    """Edges of label k are the rows first_edge[k] to first_edge[k + 1] of `edges`."""
    edges: Floats
    """x, y of the tail, x, y towards the head, 1 / squared length."""
    offset: Ints
    """First row of each block's tree in `boxes`: an implicit heap whose root is row 1."""
    leaves: Ints
    """Leaves of each block's tree, a power of two."""
    boxes: Floats
    first_label: Ints
    """Labels of block k are the rows first_label[k] to first_label[k + 1] of `labels`."""
    labels: Ints
    stack: Ints
    stack_distance2: Floats
    """Memory of the search."""


def search_tree(faces: Shapes, label: Ints, block: Ints, blocks: int) -> Bvh:
    """Bvh over faces sorted by their label; `block` tells the block of each label."""
    tail, head, face = directed_edges(faces)
    along = head - tail
    edges = np.column_stack([tail, along, 1 / np.maximum((along**2).sum(axis=1), 1e-30)])
    first_edge = np.searchsorted(label[face], np.arange(len(block) + 1))
    boxes = _boxes(tail, head, first_edge)
    labels = np.lexsort((np.arange(len(block)), _along_curve(boxes), block))
    first_label = np.searchsorted(block[labels], np.arange(blocks + 1))
    offset, leaves, heap = _heaps(blocks, first_label, labels, boxes)
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
def _heaps(blocks: int, first_label: Ints, labels: Ints, boxes: Floats) -> tuple[Ints, Ints, Floats]:
    leaves = np.ones(blocks, np.int64)
    offset = np.zeros(blocks + 1, np.int64)
    for b in range(blocks):
        while leaves[b] < first_label[b + 1] - first_label[b]:
            leaves[b] *= 2
        offset[b + 1] = offset[b] + 2 * leaves[b]
    heap = np.empty((offset[blocks], 4))
    heap[:, :2] = np.inf
    heap[:, 2:] = -np.inf
    for b in range(blocks):
        root = offset[b]
        for i in range(first_label[b], first_label[b + 1]):
            heap[root + leaves[b] + i - first_label[b]] = boxes[labels[i]]
        for k in range(leaves[b] - 1, 0, -1):
            left, right = root + 2 * k, root + 2 * k + 1
            for axis in range(2):
                heap[root + k, axis] = min(heap[left, axis], heap[right, axis])
                heap[root + k, 2 + axis] = max(heap[left, 2 + axis], heap[right, 2 + axis])
    return offset, leaves, heap


@branchless
def _edge_distance2(x: float, y: float, edges: Floats, k: int) -> float:
    """Squared distance from a point to an edge [m2]."""
    from_x, from_y = _from_edge(x, y, edges, k)
    return from_x * from_x + from_y * from_y


@branchless
def _from_edge(x: float, y: float, edges: Floats, k: int) -> tuple[float, float]:
    """Way to a point from the nearest point of an edge."""
    from_x = x - edges[k, 0]
    from_y = y - edges[k, 1]
    along = (from_x * edges[k, 2] + from_y * edges[k, 3]) * edges[k, 4]
    along = max(min(along, 1.0), 0.0)
    return from_x - along * edges[k, 2], from_y - along * edges[k, 3]


@branchless
def distance2(x: float, y: float, label: int, tree: Bvh) -> float:
    """Squared distance from a point to the edges of a label [m2]."""
    best = np.inf
    for k in range(tree.first_edge[label], tree.first_edge[label + 1]):
        d2 = _edge_distance2(x, y, tree.edges, k)
        best = d2 if d2 < best else best  # noqa: FURB136 -- unlike min, this compiles to no branch
    return best


@inlined
def distance(x: float, y: float, label: int, tree: Bvh) -> tuple[float, float, float]:
    """Distance from a point to the edges of a label [m], and the direction away from them."""
    best = np.inf
    nearest_edge = tree.first_edge[label]
    for k in range(tree.first_edge[label], tree.first_edge[label + 1]):
        d2 = _edge_distance2(x, y, tree.edges, k)
        nearest_edge = k if d2 < best else nearest_edge
        best = d2 if d2 < best else best  # noqa: FURB136 -- as above
    d = np.sqrt(best)
    away_x, away_y = _from_edge(x, y, tree.edges, nearest_edge)
    if d > 0:
        away_x /= d
        away_y /= d
    return d, away_x, away_y


@inlined
def gap(x: float, y: float, a: int, b: int, tree: Bvh) -> float:
    """By how much label a is farther from a point than label b [m]."""
    return np.sqrt(distance2(x, y, a, tree)) - np.sqrt(distance2(x, y, b, tree))


@branchless
def _box_distance2(x: float, y: float, boxes: Floats, k: int) -> float:
    dx = max(boxes[k, 0] - x, x - boxes[k, 2], 0.0)
    dy = max(boxes[k, 1] - y, y - boxes[k, 3], 0.0)
    return dx * dx + dy * dy


@inlined
def nearest(x: float, y: float, block: int, guess: int, tree: Bvh) -> int:
    """Label of a block nearest to a point; a good guess (-1: none) makes the search short."""
    within2 = np.inf
    if guess >= 0:
        within2 = distance2(x, y, guess, tree)
    return nearest_within(x, y, block, (guess, within2), tree)


@lean
def nearest_within(x: float, y: float, block: int, known: tuple[int, float], tree: Bvh) -> int:
    """Label of a block nearest to a point if nearer than a known label, whose squared distance is given; else the known one."""
    guess, best2 = known
    best = guess
    boxes = tree.boxes
    stack = tree.stack
    stack_distance2 = tree.stack_distance2
    leaves = tree.leaves[block]
    root = tree.offset[block]
    first = tree.first_label[block]
    waiting = 0
    k = 1
    while True:
        if k >= leaves:
            i = first + k - leaves
            if i < tree.first_label[block + 1] and tree.labels[i] != guess:
                d2 = distance2(x, y, tree.labels[i], tree)
                if d2 < best2:
                    best2 = d2
                    best = tree.labels[i]
        else:
            near = 2 * k
            far = 2 * k + 1
            near2 = _box_distance2(x, y, boxes, root + near)
            far2 = _box_distance2(x, y, boxes, root + far)
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

"""Which cell each building is a member of, and which cells must join so that it holds more than half of the building."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import Flags, Floats, Ints, Shapes, components, shared_edges, united
from gridgeo.land.inputs.member_footprints import Items, is_point
from gridgeo.land.voronoi import Shares

NOWHERE = -1
"""Cell of an item that lies outside all cells."""


class Holding(NamedTuple):
    """Cells after joining."""

    polygons: Shapes
    """In normal form."""
    block: Ints
    cell_of: Ints
    """Cell of each item."""


class _Over(NamedTuple):
    """Cells over the items that need a closer look, one row a pair."""

    item: Ints
    cell: Ints
    area: Floats


def hold(shares: Shares, items: Items) -> Holding:
    """Cell of each item: more than half of its footprint inside the communities lies in it.

    Where overlaps, holes or the rule of one part stand in the way, cells of one block are joined until one holds more
    than half. No cells are joined across the border of a block.
    """
    own = _own_cells(shares, len(items.ids))
    safe = _safe(shares, own, items)
    over = _cells_over(np.flatnonzero(~safe), shares, items)
    cell_of = np.where(safe, own, NOWHERE)
    groups = []
    for item, start, end in _runs(over.item):
        rows = np.arange(start, end)
        wanted = _wanted(over, rows, own[item], shares.block)
        cell_of[item] = wanted[0]
        if len(wanted) > 1:
            groups.append(wanted)
    return _joined(shares, cell_of, groups)


def _own_cells(shares: Shares, count: int) -> Ints:
    own = np.full(count, NOWHERE)
    rows = np.flatnonzero(shares.owner >= 0)
    own[shares.owner[rows]] = rows
    return own


def _safe(shares: Shares, own: Ints, items: Items) -> Flags:
    """Items of which the own cell holds more than half for sure: one face of the footprint is that large, and no face is cut."""
    core = np.where(own >= 0, shares.core[own], 0.0)
    return (own >= 0) & (is_point(items.shapes) | (core > shapely.area(items.shapes) / 2))


def _cells_over(rows: Ints, shares: Shares, items: Items) -> _Over:
    """Cells over these items, sorted by item; of a point, or where no area is shared, the first cell that it touches."""
    item, cell = shapely.STRtree(shares.polygons).query(items.shapes[rows], predicate="intersects")
    area = shapely.area(shapely.intersection(items.shapes[rows[item]], shares.polygons[cell]))
    kept = (area > 0) | is_point(items.shapes[rows[item]])
    item, cell, area = rows[item[kept]], cell[kept], area[kept]
    order = np.lexsort((cell, item))
    return _Over(item[order], cell[order], area[order])


def _runs(item: Ints) -> list[tuple[int, int, int]]:
    """Each item with the range of its rows."""
    items, start, count = np.unique(item, return_index=True, return_counts=True)
    return list(zip(items.tolist(), start.tolist(), (start + count).tolist(), strict=True))


def _wanted(over: _Over, rows: Ints, own: int, block: Ints) -> list[int]:
    """Cells that must be one for an item: its own, if any, and the largest shares in its block up to more than half."""
    cells, area = over.cell[rows], over.area[rows]
    blocks, where = np.unique(block[cells], return_inverse=True)
    main = block[own] if own >= 0 else blocks[np.argmax(np.bincount(where, area))]
    order = np.lexsort((cells, -area, cells != own))
    order = order[block[cells[order]] == main]
    total, reach = area.sum(), area[order].sum()
    wanted = (total if reach > total / 2 else reach) / 2  # a border may leave no more than a share in this block
    out: list[int] = []
    held = 0.0
    for k in order:
        if out and held > wanted:
            break
        out.append(int(cells[k]))
        held += area[k]
    return out


def _joined(shares: Shares, cell_of: Ints, groups: list[list[int]]) -> Holding:
    """Unite the cells of each group, with those between where they do not touch."""
    if not groups:
        return Holding(shares.polygons, shares.block, cell_of)
    count = len(shares.polygons)
    blocks = np.unique([shares.block[group[0]] for group in groups])
    rows = np.flatnonzero(np.isin(shares.block, blocks))
    beside = _neighbours(shares, rows)
    pairs = [pair for group in groups for pair in _links(group, beside)]
    a, b = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    label = components(a, b, count)
    _, first, number, size = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    polygons, _ = united(shares.polygons, number)
    polygons[size > 1] = shapely.normalize(polygons[size > 1])
    return Holding(polygons, shares.block[first], np.where(cell_of >= 0, number[cell_of], NOWHERE))


def _neighbours(shares: Shares, rows: Ints) -> Callable[[int], list[int]]:
    """For cells of the given rows those that share an edge and a block, in order."""
    edges = shared_edges(shares.polygons[rows])
    a, b = rows[edges.left], rows[edges.right]
    same = shares.block[a] == shares.block[b]
    a, b = np.concatenate([a[same], b[same]]), np.concatenate([b[same], a[same]])
    pair = np.unique(a * len(shares.polygons) + b)
    own, beside = pair // len(shares.polygons), pair % len(shares.polygons)

    def of(cell: int) -> list[int]:
        return beside[slice(*np.searchsorted(own, (cell, cell + 1)))].tolist()

    return of


def _links(group: list[int], beside: Callable[[int], list[int]]) -> list[tuple[int, int]]:
    """Pairs of neighbours that make a group hang together: shortest ways from what is joined to what is not."""
    inside, links = {group[0]}, []
    for cell in group[1:]:
        way = _way(cell, inside, beside)
        links += list(pairwise(way))
        inside.update(way)
    return links


def _way(start: int, goals: set[int], beside: Callable[[int], list[int]]) -> list[int]:
    """Shortest way from a cell to the nearest of some others in its block, which is connected."""
    came_from = {start: start}
    waiting = deque([start])
    while waiting:
        cell = waiting.popleft()
        if cell in goals:
            way = [cell]
            while way[-1] != start:
                way.append(came_from[way[-1]])
            return way
        for other in beside(cell):
            if other not in came_from:
                came_from[other] = cell
                waiting.append(other)
    raise AssertionError("a block is connected")

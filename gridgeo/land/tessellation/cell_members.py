"""Which cell each building is a member of, and which cells must join so that it holds more than half of the building."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import Floats, Ints, Shapes, components, shared_edges, united
from gridgeo.land.inputs import MemberFootprints, is_point
from gridgeo.land.voronoi import Shares

NOWHERE = -1
"""Cell of a member that lies outside all cells."""


class MemberCells(NamedTuple):
    """Cells after joining, and the cell of each member."""

    polygons: Shapes
    """In normal form."""
    block: Ints
    cell_of: Ints
    """Cell of each member."""
    core: Floats
    """Area of each member's footprint that lies in its cell for sure [m2]."""


class _CellShares(NamedTuple):
    """Cells over the members that need a closer look, one row a pair."""

    member: Ints
    cell: Ints
    area: Floats

    def at(self, rows: Ints) -> _CellShares:
        """Some of them."""
        return _CellShares(self.member[rows], self.cell[rows], self.area[rows])


def assign_members(shares: Shares, members: MemberFootprints) -> MemberCells:
    """Cell of each member: more than half of its footprint inside the communities lies in it.

    Where overlaps, holes or the rule of one part stand in the way, cells of one block are joined until one holds more
    than half. No cells are joined across the border of a block.
    """
    own = _own_cells(shares, len(members.ids))
    core = np.where(own >= 0, shares.core[own], 0.0)
    # One face of the footprint is that large, and no face is cut.
    safe = (own >= 0) & (is_point(members.shapes) | (core > shapely.area(members.shapes) / 2))
    over = _cells_over(np.flatnonzero(~safe), shares, members)
    cell_of = np.where(safe, own, NOWHERE)
    groups = []
    for member, start, end in _runs(over.member):
        wanted = _wanted(over.at(np.arange(start, end)), own[member], shares.block)
        cell_of[member] = wanted[0]
        if len(wanted) > 1:
            groups.append(wanted)
    core[np.isin(shares.block[own], shares.retried.block)] = 0.0  # there not even a face is sure to lie in its cell
    polygons, block, cell_of = _joined(shares, cell_of, groups)
    return MemberCells(polygons, block, cell_of, core)


def _own_cells(shares: Shares, count: int) -> Ints:
    own = np.full(count, NOWHERE)
    rows = np.flatnonzero(shares.owner >= 0)
    own[shares.owner[rows]] = rows
    return own


def _cells_over(rows: Ints, shares: Shares, members: MemberFootprints) -> _CellShares:
    """Cells over these members, sorted by member; of a point, or where no area is shared, the first cell that it touches."""
    shapes = members.shapes[rows]
    member, cell = shapely.STRtree(shares.polygons).query(shapes, predicate="intersects")
    area = shapely.area(shapely.intersection(shapes[member], shares.polygons[cell]))
    kept = (area > 0) | is_point(shapes[member])
    member, cell, area = rows[member[kept]], cell[kept], area[kept]
    order = np.lexsort((cell, member))
    return _CellShares(member[order], cell[order], area[order])


def _runs(member: Ints) -> list[tuple[int, int, int]]:
    """Each member with the range of its rows."""
    members, start, count = np.unique(member, return_index=True, return_counts=True)
    return list(zip(members.tolist(), start.tolist(), (start + count).tolist(), strict=True))


def _wanted(over: _CellShares, own: int, block: Ints) -> list[int]:
    """Cells that must be one for a member: its own, if any, and the largest shares in its block up to more than half."""
    _, cells, area = over
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


def _joined(shares: Shares, cell_of: Ints, groups: list[list[int]]) -> tuple[Shapes, Ints, Ints]:
    """Cells after those of each group, and those between where they do not touch, have become one.

    Returns
    -------
    polygons, block
        Of the cells.
    cell_of
        Cell of each member.
    """
    if not groups:
        return shares.polygons, shares.block, cell_of
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
    return polygons, shares.block[first], np.where(cell_of >= 0, number[cell_of], NOWHERE)


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

"""Cut the triangles of free land where the nearest footprint changes.

Each edge gets its breaks once, for both its triangles. A triangle whose outline changes label twice is cut by a
chord, or by a bend where the chord strays from the line of equal distance; where three labels meet, by a star. Any
other is halved, privately: the outline keeps its breaks, the halving line gets its own, and its midpoint never
becomes a point of a cell.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gridgeo.land.compiled import compiled
from gridgeo.land.envelope import MOST_BREAKS, Breaks, envelope, label_after, no_breaks
from gridgeo.land.mesh import FREE, HOLE, SEVERAL, Mesh
from gridgeo.land.nearest import Tree, distance, gap, nearest
from gridgeo.land.planar import Floats, Ints
from gridgeo.land.sheet import (
    BREAKS,
    COUNT,
    FIRST,
    LABEL,
    WAY,
    Sheet,
    add_arc,
    add_border,
    add_breaks,
    add_point,
    blank_sheet,
    break_at,
    first_label,
    has_room,
    last_label,
)

_BEND = 0.1
"""How far a cut may stray from the line of equal distance: difference of the two distances in its middle [m]."""
_DEPTH = 12
"""Halvings of one triangle, at most."""
_SMALL2 = 0.25
"""A triangle whose longest side is below the root of this is not halved [m2]."""
_WELL_INSIDE = 0.01
"""The centre of a bend or star keeps from each side by this share of the triangle's area."""
_CLOSE = 5.0
"""A cut below this length is tested in its middle only [m]."""
_MOST = 4 * MOST_BREAKS
"""Changes of label around one triangle, at most."""


class _Triangle(NamedTuple):
    """A triangle, or a half of one, that is being cut."""

    sides: Ints
    corners: Floats
    ids: Ints
    """Point number of each corner; -1: not yet a point."""


class _Changes(NamedTuple):
    """Changes of label around a triangle, anticlockwise."""

    point: Ints
    label: Ints
    """Label after each."""
    sides: Ints
    """Bits of the sides on which each lies; a corner lies on two."""


def cut(mesh: Mesh, tree: Tree) -> tuple[Floats, Ints]:
    """Outlines of the cells of a mesh: points; arcs as tail, head, label on the left."""
    room = 4 * len(mesh.corners) + 16 * _MOST
    while True:
        sheet = blank_sheet(mesh.points, room)
        if _cut_all(mesh, tree, sheet):
            points, arcs, _ = sheet.used
            return sheet.points[:points], sheet.arcs[:arcs]
        room *= 2


@compiled
def _cut_all(mesh: Mesh, tree: Tree, sheet: Sheet) -> bool:
    """Fill the sheet; False if it is too small."""
    found = no_breaks()
    sides, complete = _broken_sides(mesh, tree, sheet, found)
    changes = _Changes(np.empty(_MOST, np.int64), np.empty(_MOST, np.int64), np.empty(_MOST, np.int64))
    todo = _Triangle(
        np.empty((_DEPTH + 2, 3, 4), np.int64), np.empty((_DEPTH + 2, 3, 2)), np.empty((_DEPTH + 2, 3), np.int64)
    )
    depth = np.empty(_DEPTH + 2, np.int64)
    for t in range(len(mesh.corners) if complete else 0):
        if mesh.region[t] != FREE:
            continue
        todo.sides[0] = sides[t]
        todo.ids[0] = mesh.corners[t]
        for k in range(3):
            todo.corners[0, k] = mesh.points[mesh.corners[t, k]]
        depth[0] = 0
        waiting = 1
        while waiting:
            waiting -= 1
            if _has_one_label(todo.sides[waiting]):
                continue
            if not has_room(sheet, 4 * _MOST):
                return False
            triangle = _Triangle(todo.sides[waiting], todo.corners[waiting], todo.ids[waiting])
            if not _cut_one(triangle, depth[waiting] >= _DEPTH, tree, sheet, changes):
                _halve(todo, waiting, mesh.block[t], tree, sheet, found)
                depth[waiting] += 1
                depth[waiting + 1] = depth[waiting]
                waiting += 2
    return complete


@compiled
def _broken_sides(mesh: Mesh, tree: Tree, sheet: Sheet, found: Breaks) -> tuple[Ints, bool]:
    """Sides of all triangles with their breaks; whether the sheet had room for them."""
    side_label, corner_label = _outlines(mesh, tree, sheet)
    sides = np.zeros((len(mesh.corners), 3, 4), np.int64)
    for t in range(len(mesh.corners)):
        if mesh.region[t] == FREE:
            if not has_room(sheet, _MOST):
                return sides, False
            _break_sides(t, mesh, tree, sheet, (sides, side_label, corner_label), found)
    return sides, True


@compiled
def _has_one_label(sides: Ints) -> bool:
    """Whether no label changes around a triangle, as is so for most."""
    plain = sides[0, COUNT] == 0 and sides[1, COUNT] == 0 and sides[2, COUNT] == 0
    return plain and sides[0, LABEL] == sides[1, LABEL] and sides[1, LABEL] == sides[2, LABEL]


@compiled
def _outlines(mesh: Mesh, tree: Tree, sheet: Sheet) -> tuple[Ints, Ints]:
    """Write down arcs along borders and party walls; labels that are known without cutting.

    The label of a side that is a wall, a border or inside a footprint: a border edge has one label, for its breaks
    are already points of it. The label of a point of walls: SEVERAL where several meet.
    """
    side_label = np.full((len(mesh.corners), 3), -1, np.int64)
    corner_label = np.full(len(mesh.points), -1, np.int64)
    for t in range(len(mesh.corners)):
        region = mesh.region[t]
        if region == HOLE:
            continue
        guess = -1
        for side in range(3):
            v = mesh.corners[t, side]
            w = mesh.corners[t, (side + 1) % 3]
            u = mesh.across[t, side]
            if region >= 0:
                side_label[t, side] = region
            if not mesh.walled[t, side]:
                continue
            if region < 0 and u >= 0:
                side_label[t, side] = mesh.region[u]
            elif region < 0:
                middle = (mesh.points[v] + mesh.points[w]) / 2
                guess = nearest(middle[0], middle[1], mesh.block[t], guess, tree)[0]
                side_label[t, side] = guess
            label = side_label[t, side]
            for x in (v, w):
                corner_label[x] = label if corner_label[x] in (-1, label) else SEVERAL
            if u < 0 or (region >= 0 and mesh.region[u] >= 0 and mesh.region[u] != region):
                add_arc(sheet, v, w, label)
    return side_label, corner_label


@compiled
def _break_sides(
    t: int,
    mesh: Mesh,
    tree: Tree,
    sheet: Sheet,
    known: tuple[Ints, Ints, Ints],
    found: Breaks,
) -> None:
    """Find the breaks of a triangle's sides, or take over those that the triangle across has found."""
    sides, side_label, corner_label = known
    for side in range(3):
        sides[t, side, FIRST] = sheet.used[BREAKS]
        sides[t, side, LABEL] = side_label[t, side]
        sides[t, side, WAY] = 1
        if mesh.walled[t, side]:
            continue
        u = mesh.across[t, side]
        v = mesh.corners[t, side]
        w = mesh.corners[t, (side + 1) % 3]
        if u < t:
            for k in range(3):
                if mesh.across[u, k] == t and mesh.corners[u, k] == w:
                    sides[t, side] = sides[u, k]
                    sides[t, side, WAY] = -1
            continue
        a = mesh.points[v]
        b = mesh.points[w]
        first = corner_label[v] if corner_label[v] >= 0 else label_after(a, b, mesh.block[t], tree)
        last = corner_label[w] if corner_label[w] >= 0 else label_after(b, a, mesh.block[t], tree)
        count = envelope(a, b, (first, last), mesh.block[t], tree, found)
        add_breaks(sheet, a, b, count, found)
        sides[t, side, COUNT] = count
        sides[t, side, LABEL] = first


@compiled
def _cut_one(triangle: _Triangle, last: bool, tree: Tree, sheet: Sheet, changes: _Changes) -> bool:
    """Cut a triangle by a chord, a bend or a star; False if it must be halved first."""
    count = _find_changes(triangle, sheet, changes)
    last = last or _longest(triangle.corners)[1] < _SMALL2
    if count == 2 and changes.sides[0] & changes.sides[1] == 0:
        a = sheet.points[changes.point[0]]
        b = sheet.points[changes.point[1]]
        if last or _is_even(a, b, changes.label[0], changes.label[1], tree):
            add_border(sheet, changes.point[0], changes.point[1], changes.label[1], changes.label[0])
            return True
    if count == 2 or (count == 3 and _all_differ(changes.label)):
        x, y, inside, good = _centre(triangle.corners, count, changes, sheet, tree)
        if inside and (good or last):
            _fan(x, y, count, changes, sheet)
            return True
    if last:
        middle = (triangle.corners[0] + triangle.corners[1] + triangle.corners[2]) / 3
        _fan(middle[0], middle[1], count, changes, sheet)
    return last


@compiled
def _find_changes(triangle: _Triangle, sheet: Sheet, changes: _Changes) -> int:
    """Find the changes of label around a triangle; corners where labels meet become points."""
    count = 0
    for side in range(3):
        before = (side + 2) % 3
        own = triangle.sides[side]
        label = first_label(sheet, own)
        if last_label(sheet, triangle.sides[before]) != label:
            if triangle.ids[side] < 0:
                triangle.ids[side] = add_point(sheet, triangle.corners[side, 0], triangle.corners[side, 1])
            changes.point[count] = triangle.ids[side]
            changes.label[count] = label
            changes.sides[count] = (1 << side) | (1 << before)
            count += 1
        for k in range(own[COUNT]):
            changes.point[count], changes.label[count] = break_at(sheet, own, k)
            changes.sides[count] = 1 << side
            count += 1
    return count


@compiled
def _longest(corners: Floats) -> tuple[int, float]:
    """Longest side of a triangle, and its length squared [m2]."""
    longest = 0
    length2 = 0.0
    for side in range(3):
        dx = corners[(side + 1) % 3, 0] - corners[side, 0]
        dy = corners[(side + 1) % 3, 1] - corners[side, 1]
        if dx * dx + dy * dy > length2:
            length2 = dx * dx + dy * dy
            longest = side
    return longest, length2


@compiled
def _is_even(a: Floats, b: Floats, first: int, second: int, tree: Tree) -> bool:
    """Whether a-b keeps close to the line of equal distance from two labels."""
    long = np.hypot(a[0] - b[0], a[1] - b[1]) >= _CLOSE
    for share in (0.5, 0.2, 0.8):
        if share != 0.5 and not long:
            break
        if abs(gap(a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), first, second, tree)) > _BEND:
            return False
    return True


@compiled
def _all_differ(label: Ints) -> bool:
    return label[0] != label[1] and label[1] != label[2] and label[0] != label[2]


@compiled
def _centre(
    corners: Floats, count: int, changes: _Changes, sheet: Sheet, tree: Tree
) -> tuple[float, float, bool, bool]:
    """Point equally far from the two or three labels, whether it is well inside, and whether the cuts to it are even."""
    x = 0.0
    y = 0.0
    for k in range(count):
        x += sheet.points[changes.point[k], 0] / count
        y += sheet.points[changes.point[k], 1] / count
    x, y = _equally_far(x, y, count, changes.label, tree)
    area2 = _turn(corners[0], corners[1], corners[2, 0], corners[2, 1])
    for side in range(3):
        if not _turn(corners[side], corners[(side + 1) % 3], x, y) > _WELL_INSIDE * area2:
            return x, y, False, False
    centre = np.array([x, y])
    good = True
    for k in range(count):
        before = changes.label[(k + count - 1) % count]
        good = good and _is_even(centre, sheet.points[changes.point[k]], changes.label[k], before, tree)
    return x, y, True, good


@compiled
def _turn(a: Floats, b: Floats, x: float, y: float) -> float:
    """Twice the area of the triangle a, b, (x, y), negative if clockwise [m2]."""
    return (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])


@compiled
def _equally_far(x: float, y: float, count: int, labels: Ints, tree: Tree) -> tuple[float, float]:
    """Move a point to where the first two or three labels are equally far, by Newton's method."""
    for _ in range(8):
        d0, ax, ay = distance(x, y, labels[0], tree)
        d1, bx, by = distance(x, y, labels[1], tree)
        f = d0 - d1
        fx, fy = ax - bx, ay - by
        if count == 2:
            slope2 = fx * fx + fy * fy
            if abs(f) < 1e-3 or slope2 < 1e-3:
                break
            x -= f * fx / slope2
            y -= f * fy / slope2
        else:
            d2, cx, cy = distance(x, y, labels[2], tree)
            g = d0 - d2
            gx, gy = ax - cx, ay - cy
            determinant = fx * gy - fy * gx
            if abs(f) + abs(g) < 1e-3 or abs(determinant) < 1e-3:
                break
            x -= (f * gy - g * fy) / determinant
            y -= (g * fx - f * gx) / determinant
    return x, y


@compiled
def _fan(x: float, y: float, count: int, changes: _Changes, sheet: Sheet) -> None:
    """Cut from a point inside to each change of label."""
    centre = add_point(sheet, x, y)
    for k in range(count):
        before = changes.label[(k + count - 1) % count]
        add_border(sheet, changes.point[k], centre, before, changes.label[k])


@compiled
def _halve(todo: _Triangle, place: int, block: int, tree: Tree, sheet: Sheet, found: Breaks) -> None:
    """Put in place of a triangle its halves, cut from the middle of its longest side to the corner opposite."""
    sides = todo.sides[place]
    corners = todo.corners[place]
    longest, _ = _longest(corners)
    after = (longest + 1) % 3
    opposite = (longest + 2) % 3
    own = sides[longest]
    middle = (corners[longest] + corners[after]) / 2
    before_middle, middle_label = _upto_middle(corners[longest], middle, own, sheet)
    corner_label = last_label(sheet, sides[after])
    if corner_label != first_label(sheet, sides[opposite]):
        corner_label = label_after(corners[opposite], middle, block, tree)
    count = envelope(middle, corners[opposite], (middle_label, corner_label), block, tree, found)
    first = sheet.used[BREAKS]
    add_breaks(sheet, middle, corners[opposite], count, found)
    # As stored, the first breaks of the side belong to one half, the others to the other.
    stored = before_middle if own[WAY] == 1 else own[COUNT] - before_middle
    low, high = (place, place + 1) if own[WAY] == 1 else (place + 1, place)
    todo.sides[place + 1] = sides
    todo.corners[place + 1] = corners
    todo.ids[place + 1] = todo.ids[place]
    todo.sides[low, longest, COUNT] = stored
    todo.sides[high, longest, FIRST] += stored
    todo.sides[high, longest, COUNT] -= stored
    todo.sides[high, longest, LABEL] = middle_label
    for half, moved, side, way in ((place, after, after, 1), (place + 1, longest, opposite, -1)):
        todo.corners[half, moved] = middle
        todo.ids[half, moved] = -1
        todo.sides[half, side, FIRST] = first
        todo.sides[half, side, COUNT] = count
        todo.sides[half, side, LABEL] = middle_label
        todo.sides[half, side, WAY] = way


@compiled
def _upto_middle(start: Floats, middle: Floats, side: Ints, sheet: Sheet) -> tuple[int, int]:
    """Number of a side's breaks before its middle, and the label there."""
    half2 = (middle[0] - start[0]) ** 2 + (middle[1] - start[1]) ** 2
    label = first_label(sheet, side)
    count = 0
    while count < side[COUNT]:
        point, after = break_at(sheet, side, count)
        dx = sheet.points[point, 0] - start[0]
        dy = sheet.points[point, 1] - start[1]
        if dx * dx + dy * dy >= half2:
            break
        label = after
        count += 1
    return count, label

"""Cut the triangles of free land where the nearest footprint changes.

A triangle whose outline changes label twice is cut by a
chord, or by a bend where the chord strays from the line of equal distance; where three labels meet, by a star. Any
other is halved, privately: the outline keeps its breaks, the halving line gets its own, and its midpoint never
becomes a point of a cell.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Floats, Ints, inlined, lean
from gridgeo.land.voronoi.arc_buffer import (
    BREAKS,
    COUNT,
    FIRST,
    LABEL,
    WAY,
    ArcBuffer,
    add_border,
    add_breaks,
    add_point,
    break_at,
    first_label,
    has_room,
    last_label,
    make_buffer,
)
from gridgeo.land.voronoi.block_mesh import FREE, Mesh
from gridgeo.land.voronoi.envelope import FEW_BREAKS, MORE, Breaks, Point, envelope, label_after, room_for_breaks
from gridgeo.land.voronoi.nearest import Bvh, distance, gap
from gridgeo.land.voronoi.triangle_sides import broken_sides

_BEND = 0.1
"""How far a cut may stray from the line of equal distance: difference of the two distances in its middle [m]."""
_DEPTH = 12
"""Halvings of one triangle, at most."""
_SMALL = 0.5
"""A triangle whose sides are all shorter is not halved [m]."""
_WELL_INSIDE = 0.01
"""The centre of a bend or star keeps from each side by this share of the triangle's area."""
_CLOSE = 5.0
"""A cut below this length is tested in its middle only [m]."""


class _Triangles(NamedTuple):
    """A triangle, or the halves of one, waiting to be cut."""

    sides: Ints
    corners: Floats
    ids: Ints
    """Point number of each corner; -1: not yet a point."""
    depth: Ints
    """How often each has been halved."""


class _Changes(NamedTuple):
    """Changes of label around a triangle, anticlockwise."""

    point: Ints
    label: Ints
    """Label after each."""
    sides: Ints
    """Bits of the sides on which each lies; a corner lies on two."""


def cut(mesh: Mesh, tree: Bvh) -> tuple[Floats, Ints]:
    """Outlines of the cells of a mesh: points; arcs as tail, head, label on the left."""
    todo = _Triangles(*_room_for(_DEPTH + 2))
    found = room_for_breaks(FEW_BREAKS)
    room = 4 * len(mesh.corners) + 64 * FEW_BREAKS
    while True:
        buffer = make_buffer(mesh.points, room)
        sides = broken_sides(mesh, tree, buffer, found)
        if sides is not None and _cut_all(mesh, sides, tree, buffer, (todo, _room_for_changes(found), found)):
            points, arcs, _ = buffer.used
            return buffer.points[:points], buffer.arcs[:arcs]
        if found.full[0]:
            found = room_for_breaks(MORE * len(found.share))
        else:
            room *= 2


def _room_for_changes(found: Breaks) -> _Changes:
    """Room for the changes around any triangle: all breaks that its sides can have, and its corners."""
    most = 3 * len(found.share) + 3
    return _Changes(np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64))


def _room_for(triangles: int) -> tuple[Ints, Floats, Ints, Ints]:
    return (
        np.empty((triangles, 3, 4), np.int64),
        np.empty((triangles, 3, 2)),
        np.empty((triangles, 3), np.int64),
        np.empty(triangles, np.int64),
    )


@lean
def _cut_all(mesh: Mesh, sides: Ints, tree: Bvh, buffer: ArcBuffer, work: tuple[_Triangles, _Changes, Breaks]) -> bool:
    """Fill the buffer; False if it is too small, or if there is no room for the breaks of a segment.

    No more than one triangle waits for each halving of the one in hand, so there is room for all that wait.
    """
    todo, changes, found = work
    most = 3 * len(changes.label)  # a star has a point, and two arcs a change; a halving a break for each point
    for t in range(len(mesh.corners)):
        if mesh.region[t] != FREE or _has_one_label(sides, t):
            continue
        _begin(todo, t, mesh, sides)
        waiting = 1
        while waiting:
            waiting -= 1
            if _has_one_label(todo.sides, waiting):
                continue
            if not has_room(buffer, most):
                return False
            if not _cut_one(todo, waiting, tree, buffer, changes):
                _halve(todo, waiting, mesh.block[t], tree, buffer, found)
                if found.full[0]:
                    return False
                waiting += 2
    return True


@lean
def _begin(todo: _Triangles, t: int, mesh: Mesh, sides: Ints) -> None:
    """Put a triangle of the mesh first."""
    todo.depth[0] = 0
    for side in range(3):
        v = mesh.corners[t, side]
        todo.ids[0, side] = v
        todo.corners[0, side, 0] = mesh.points[v, 0]
        todo.corners[0, side, 1] = mesh.points[v, 1]
        for k in range(4):
            todo.sides[0, side, k] = sides[t, side, k]


@lean
def _has_one_label(sides: Ints, t: int) -> bool:
    """Whether no label changes around a triangle, as is so for most."""
    plain = sides[t, 0, COUNT] == 0 and sides[t, 1, COUNT] == 0 and sides[t, 2, COUNT] == 0
    return plain and sides[t, 0, LABEL] == sides[t, 1, LABEL] and sides[t, 1, LABEL] == sides[t, 2, LABEL]


@inlined
def _cut_one(todo: _Triangles, t: int, tree: Bvh, buffer: ArcBuffer, changes: _Changes) -> bool:
    """Cut a triangle by a chord, a bend or a star; False if it must be halved first."""
    count = _find_changes(todo, t, buffer, changes)
    last = todo.depth[t] >= _DEPTH or _longest(todo.corners, t)[1] < _SMALL * _SMALL
    if count == 2 and changes.sides[0] & changes.sides[1] == 0:
        a = _point(buffer, changes.point[0])
        b = _point(buffer, changes.point[1])
        if last or _is_even(a, b, changes.label[0], changes.label[1], tree):
            add_border(buffer, changes.point[0], changes.point[1], changes.label[1], changes.label[0])
            return True
    if count == 2 or (count == 3 and _all_differ(changes.label)):
        centre, inside, good = _centre(todo.corners, t, count, changes, (buffer, tree))
        if inside and (good or last):
            _fan(centre, count, changes, buffer)
            return True
    if last:
        corners = todo.corners
        x = (corners[t, 0, 0] + corners[t, 1, 0] + corners[t, 2, 0]) / 3
        y = (corners[t, 0, 1] + corners[t, 1, 1] + corners[t, 2, 1]) / 3
        _fan((x, y), count, changes, buffer)
    return last


@lean
def _point(buffer: ArcBuffer, n: int) -> Point:
    return buffer.points[n, 0], buffer.points[n, 1]


@lean
def _corner(corners: Floats, t: int, k: int) -> Point:
    return corners[t, k, 0], corners[t, k, 1]


@inlined
def _find_changes(todo: _Triangles, t: int, buffer: ArcBuffer, changes: _Changes) -> int:
    """Find the changes of label around a triangle; corners where labels meet become points."""
    count = 0
    for side in range(3):
        before = (side + 2) % 3
        label = first_label(buffer, todo.sides, t, side)
        if last_label(buffer, todo.sides, t, before) != label:
            if todo.ids[t, side] < 0:
                todo.ids[t, side] = add_point(buffer, todo.corners[t, side, 0], todo.corners[t, side, 1])
            changes.point[count] = todo.ids[t, side]
            changes.label[count] = label
            changes.sides[count] = (1 << side) | (1 << before)
            count += 1
        for k in range(todo.sides[t, side, COUNT]):
            changes.point[count], changes.label[count] = break_at(buffer, todo.sides, t, side, k)
            changes.sides[count] = 1 << side
            count += 1
    return count


@lean
def _longest(corners: Floats, t: int) -> tuple[int, float]:
    """Longest side of a triangle, and its length squared [m2]."""
    longest = 0
    length2 = 0.0
    for side in range(3):
        dx = corners[t, (side + 1) % 3, 0] - corners[t, side, 0]
        dy = corners[t, (side + 1) % 3, 1] - corners[t, side, 1]
        if dx * dx + dy * dy > length2:
            length2 = dx * dx + dy * dy
            longest = side
    return longest, length2


@inlined
def _is_even(a: Point, b: Point, first: int, second: int, tree: Bvh) -> bool:
    """Whether a-b keeps close to the line of equal distance from two labels."""
    long = np.hypot(a[0] - b[0], a[1] - b[1]) >= _CLOSE
    for share in (0.5, 0.2, 0.8):
        if share != 0.5 and not long:
            break
        if abs(gap(a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), first, second, tree)) > _BEND:
            return False
    return True


@lean
def _all_differ(label: Ints) -> bool:
    return label[0] != label[1] and label[1] != label[2] and label[0] != label[2]


@inlined
def _centre(
    corners: Floats, t: int, count: int, changes: _Changes, known: tuple[ArcBuffer, Bvh]
) -> tuple[Point, bool, bool]:
    """Point equally far from the two or three labels, whether it is well inside, and whether the cuts to it are even."""
    buffer, tree = known
    x = 0.0
    y = 0.0
    for k in range(count):
        x += buffer.points[changes.point[k], 0] / count
        y += buffer.points[changes.point[k], 1] / count
    centre = _equally_far(x, y, count, changes.label, tree)
    area2 = _turn(_corner(corners, t, 0), _corner(corners, t, 1), _corner(corners, t, 2))
    for side in range(3):
        if not _turn(_corner(corners, t, side), _corner(corners, t, (side + 1) % 3), centre) > _WELL_INSIDE * area2:
            return centre, False, False
    for k in range(count):
        before = changes.label[(k + count - 1) % count]
        if not _is_even(centre, _point(buffer, changes.point[k]), changes.label[k], before, tree):
            return centre, True, False
    return centre, True, True


@lean
def _turn(a: Point, b: Point, c: Point) -> float:
    """Twice the area of the triangle a, b, c, negative if clockwise [m2]."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


@inlined
def _equally_far(x: float, y: float, count: int, labels: Ints, tree: Bvh) -> Point:
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


@inlined
def _fan(centre: Point, count: int, changes: _Changes, buffer: ArcBuffer) -> None:
    """Cut from a point inside to each change of label."""
    middle = add_point(buffer, centre[0], centre[1])
    for k in range(count):
        before = changes.label[(k + count - 1) % count]
        add_border(buffer, changes.point[k], middle, before, changes.label[k])


@inlined
def _halve(todo: _Triangles, place: int, block: int, tree: Bvh, buffer: ArcBuffer, found: Breaks) -> None:
    """Put in place of a triangle its halves, cut from the middle of its longest side to the corner opposite."""
    sides = todo.sides
    longest, _ = _longest(todo.corners, place)
    after = (longest + 1) % 3
    opposite = (longest + 2) % 3
    start = _corner(todo.corners, place, longest)
    end = _corner(todo.corners, place, after)
    tip = _corner(todo.corners, place, opposite)
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    before_middle, middle_label = _upto_middle(start, middle, (place, longest), sides, buffer)
    tip_label = last_label(buffer, sides, place, after)
    if tip_label != first_label(buffer, sides, place, opposite):
        tip_label = label_after(tip, middle, block, tree)
    count = envelope(middle, tip, (middle_label, tip_label), block, tree, found)
    first = buffer.used[BREAKS]
    add_breaks(buffer, middle, tip, count, found)
    _double(todo, place)
    _share_side(sides, place, longest, before_middle, middle_label)
    for half, moved, side, way in ((place, after, after, 1), (place + 1, longest, opposite, -1)):
        todo.corners[half, moved, 0], todo.corners[half, moved, 1] = middle
        todo.ids[half, moved] = -1
        sides[half, side, FIRST] = first
        sides[half, side, COUNT] = count
        sides[half, side, LABEL] = middle_label
        sides[half, side, WAY] = way


@lean
def _double(todo: _Triangles, place: int) -> None:
    """Copy a triangle to the next place, both one halving deeper."""
    todo.depth[place] += 1
    todo.depth[place + 1] = todo.depth[place]
    for k in range(3):
        todo.ids[place + 1, k] = todo.ids[place, k]
        for j in range(2):
            todo.corners[place + 1, k, j] = todo.corners[place, k, j]
        for j in range(4):
            todo.sides[place + 1, k, j] = todo.sides[place, k, j]


@lean
def _share_side(sides: Ints, place: int, side: int, before_middle: int, middle_label: int) -> None:
    """Share the breaks of a side between the halves: as stored, the first belong to one, the others to the other."""
    onward = sides[place, side, WAY] == 1
    stored = before_middle if onward else sides[place, side, COUNT] - before_middle
    low, high = (place, place + 1) if onward else (place + 1, place)
    sides[low, side, COUNT] = stored
    sides[high, side, FIRST] += stored
    sides[high, side, COUNT] -= stored
    sides[high, side, LABEL] = middle_label


@lean
def _upto_middle(start: Point, middle: Point, at: tuple[int, int], sides: Ints, buffer: ArcBuffer) -> tuple[int, int]:
    """Number of a side's breaks before its middle, and the label there."""
    t, side = at
    half2 = (middle[0] - start[0]) ** 2 + (middle[1] - start[1]) ** 2
    label = first_label(buffer, sides, t, side)
    count = 0
    while count < sides[t, side, COUNT]:
        point, after = break_at(buffer, sides, t, side, count)
        dx = buffer.points[point, 0] - start[0]
        dy = buffer.points[point, 1] - start[1]
        if dx * dx + dy * dy >= half2:
            break
        label = after
        count += 1
    return count, label

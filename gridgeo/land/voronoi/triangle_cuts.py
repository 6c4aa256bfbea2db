"""Cut the triangles of free land where the nearest footprint changes.

A triangle whose outline changes label twice is cut by a
chord, or by a bend where the chord strays from the line of equal distance; where three labels meet, by a star. Any
other is halved, privately: the outline keeps its breaks, the halving line gets its own, and its midpoint never
becomes a point of a cell.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gridgeo.coverage import Floats, Ints, inlined, inner, lean
from gridgeo.land.voronoi.arc_buffer import (
    BREAKS,
    COUNT,
    FIRST,
    LABEL,
    WAY,
    ArcBuffer,
    MeshCut,
    Side,
    add_border,
    add_breaks,
    add_point,
    break_at,
    first_label,
    has_room,
    last_label,
    make_buffer,
    point_at,
)
from gridgeo.land.voronoi.block_mesh import FREE, Mesh
from gridgeo.land.voronoi.envelope import (
    FEW_BREAKS,
    MORE,
    Breaks,
    BreakSearch,
    Segment,
    between,
    envelope,
    label_after,
    length_of,
    room_for_breaks,
)
from gridgeo.land.voronoi.nearest import BlockTree, Bvh, Labels, Point, distance, gap
from gridgeo.land.voronoi.triangle_sides import break_sides

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


class _Changes(NamedTuple):
    """Changes of label around a triangle, anticlockwise."""

    point: Ints
    label: Ints
    """Label after each."""
    sides: Ints
    """Bits of the sides on which each lies; a corner lies on two."""
    number: Ints
    """One number: how many there are."""


class _Pending(NamedTuple):
    """A triangle of the mesh, or the halves of one, waiting to be cut, the last of them first."""

    sides: Ints
    corners: Floats
    ids: Ints
    """Point number of each corner; -1: not yet a point."""
    depth: Ints
    """How often each has been halved."""
    block: Ints
    """One number: the block of the triangle."""
    changes: _Changes
    """Those around the triangle in hand."""


def cut(mesh: Mesh, bvh: Bvh) -> tuple[Floats, Ints]:
    """Outlines of the cells of a mesh: points; arcs as tail, head, label on the left."""
    found = room_for_breaks(FEW_BREAKS)
    sides = np.empty((len(mesh.corners), 3, 4), dtype=np.int64)
    room = 4 * len(mesh.corners) + 64 * FEW_BREAKS
    while True:
        work = MeshCut(mesh, bvh, make_buffer(mesh.points, room), sides, found)
        if break_sides(work) and _cut_all(work, _make_pending(found)):
            points, arcs, _ = work.buffer.used
            return work.buffer.points[:points], work.buffer.arcs[:arcs]
        if found.full[0]:
            found = room_for_breaks(MORE * len(found.share))
        else:
            room *= 2


def _make_pending(found: Breaks) -> _Pending:
    """Room for all halves of a triangle that can wait, and for its changes: all breaks that its sides can have, and its corners."""
    most = 3 * len(found.share) + 3
    point, label, on = np.empty((3, most), np.int64)
    changes = _Changes(point, label, on, np.zeros(1, np.int64))
    triangles = _DEPTH + 2
    return _Pending(
        np.empty((triangles, 3, 4), np.int64),
        np.empty((triangles, 3, 2)),
        np.empty((triangles, 3), np.int64),
        np.empty(triangles, np.int64),
        np.empty(1, np.int64),
        changes,
    )


@lean
def _cut_all(work: MeshCut, pending: _Pending) -> bool:
    """Fill the buffer; False if it is too small, or if there is no room for the breaks of a segment.

    No more than one triangle waits for each halving of the one in hand, so there is room for all that wait.
    """
    mesh, sides = work.mesh, work.sides
    most = 3 * len(pending.changes.label)  # a star has a point, and two arcs a change; a halving a break for each point
    for t in range(len(mesh.corners)):
        if mesh.region[t] != FREE or _has_one_label(sides, t):
            continue
        _begin(work, pending, t)
        waiting = 1
        while waiting:
            waiting -= 1
            if _has_one_label(pending.sides, waiting):
                continue
            if not has_room(work.buffer, most):
                return False
            if not _cut_one(work, pending, waiting):
                _halve(work, pending, waiting)
                if work.found.full[0]:
                    return False
                waiting += 2
    return True


@inner
def _begin(work: MeshCut, pending: _Pending, t: int) -> None:
    """Let a triangle of the mesh be the only one that waits."""
    mesh = work.mesh
    pending.depth[0] = 0
    pending.block[0] = mesh.block[t]
    for side in range(3):
        v = mesh.corners[t, side]
        pending.ids[0, side] = v
        pending.corners[0, side, 0] = mesh.points[v, 0]
        pending.corners[0, side, 1] = mesh.points[v, 1]
        for k in range(4):
            pending.sides[0, side, k] = work.sides[t, side, k]


@inner
def _has_one_label(sides: Ints, t: int) -> bool:
    """Whether no label changes around a triangle, as is so for most."""
    plain = sides[t, 0, COUNT] == 0 and sides[t, 1, COUNT] == 0 and sides[t, 2, COUNT] == 0
    return plain and sides[t, 0, LABEL] == sides[t, 1, LABEL] and sides[t, 1, LABEL] == sides[t, 2, LABEL]


@inlined
def _cut_one(work: MeshCut, pending: _Pending, t: int) -> bool:
    """Cut a triangle by a chord, a bend or a star; False if it must be halved first.

    Then nothing is written down but points for corners where labels meet. Otherwise one border ends in each change of label, so
    that arcs go on from triangle to triangle.
    """
    buffer, changes = work.buffer, pending.changes
    _find_changes(pending, t, buffer)
    count = changes.number[0]
    last = pending.depth[t] >= _DEPTH or _longest(pending.corners, t)[1] < _SMALL * _SMALL
    if count == 2 and changes.sides[0] & changes.sides[1] == 0:
        chord = (point_at(buffer, changes.point[0]), point_at(buffer, changes.point[1]))
        if last or _is_even(chord, (changes.label[0], changes.label[1]), work.bvh):
            add_border(buffer, (changes.point[0], changes.point[1]), (changes.label[1], changes.label[0]))
            return True
    if count == 2 or (count == 3 and _all_differ(changes.label)):
        centre, inside, good = _centre(work, pending, t)
        if inside and (good or last):
            _fan(centre, changes, buffer)
            return True
    if last:
        corners = pending.corners
        x = (corners[t, 0, 0] + corners[t, 1, 0] + corners[t, 2, 0]) / 3
        y = (corners[t, 0, 1] + corners[t, 1, 1] + corners[t, 2, 1]) / 3
        _fan((x, y), changes, buffer)
    return last


@inner
def _corner(corners: Floats, t: int, k: int) -> Point:
    return corners[t, k, 0], corners[t, k, 1]


@inlined
def _find_changes(pending: _Pending, t: int, buffer: ArcBuffer) -> None:
    """Find the changes of label around a triangle; corners where labels meet become points."""
    sides, changes = pending.sides, pending.changes
    count = 0
    for side in range(3):
        before = (side + 2) % 3
        label = first_label(buffer, sides, (t, side))
        if last_label(buffer, sides, (t, before)) != label:
            if pending.ids[t, side] < 0:
                pending.ids[t, side] = add_point(buffer, _corner(pending.corners, t, side))
            changes.point[count] = pending.ids[t, side]
            changes.label[count] = label
            changes.sides[count] = (1 << side) | (1 << before)
            count += 1
        for k in range(sides[t, side, COUNT]):
            changes.point[count], changes.label[count] = break_at(buffer, sides, ((t, side), k))
            changes.sides[count] = 1 << side
            count += 1
    changes.number[0] = count


@inner
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
def _is_even(chord: Segment, labels: Labels, bvh: Bvh) -> bool:
    """Whether a chord keeps close to the line of equal distance from two labels."""
    long = length_of(chord) >= _CLOSE
    for share in (0.5, 0.2, 0.8):
        if share != 0.5 and not long:
            break
        if abs(gap(between(chord, share), labels, bvh)) > _BEND:
            return False
    return True


@inner
def _all_differ(label: Ints) -> bool:
    return label[0] != label[1] and label[1] != label[2] and label[0] != label[2]


@inlined
def _centre(work: MeshCut, pending: _Pending, t: int) -> tuple[Point, bool, bool]:
    """Point equally far from the two or three labels, whether it is well inside, and whether the cuts to it are even."""
    corners, changes = pending.corners, pending.changes
    count = changes.number[0]
    x = 0.0
    y = 0.0
    for k in range(count):
        point = point_at(work.buffer, changes.point[k])
        x += point[0] / count
        y += point[1] / count
    centre = _equally_far((x, y), changes, work.bvh)
    area2 = _turn(_corner(corners, t, 0), _corner(corners, t, 1), _corner(corners, t, 2))
    for side in range(3):
        if not _turn(_corner(corners, t, side), _corner(corners, t, (side + 1) % 3), centre) > _WELL_INSIDE * area2:
            return centre, False, False
    for k in range(count):
        labels = (changes.label[k], changes.label[(k + count - 1) % count])
        if not _is_even((centre, point_at(work.buffer, changes.point[k])), labels, work.bvh):
            return centre, True, False
    return centre, True, True


@inner
def _turn(a: Point, b: Point, c: Point) -> float:
    """Twice the area of the triangle a, b, c, negative if clockwise [m2]."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


@inlined
def _equally_far(point: Point, changes: _Changes, bvh: Bvh) -> Point:
    """Move a point to where the labels of two or three changes are equally far, by Newton's method."""
    x, y = point
    label = changes.label
    for _ in range(8):
        d0, (ax, ay) = distance((x, y), label[0], bvh)
        d1, (bx, by) = distance((x, y), label[1], bvh)
        f = d0 - d1
        fx, fy = ax - bx, ay - by
        if changes.number[0] == 2:
            slope2 = fx * fx + fy * fy
            if abs(f) < 1e-3 or slope2 < 1e-3:
                break
            x -= f * fx / slope2
            y -= f * fy / slope2
        else:
            d2, (cx, cy) = distance((x, y), label[2], bvh)
            g = d0 - d2
            gx, gy = ax - cx, ay - cy
            determinant = fx * gy - fy * gx
            if abs(f) + abs(g) < 1e-3 or abs(determinant) < 1e-3:
                break
            x -= (f * gy - g * fy) / determinant
            y -= (g * fx - f * gx) / determinant
    return x, y


@inlined
def _fan(centre: Point, changes: _Changes, buffer: ArcBuffer) -> None:
    """Cut from a point inside to each change of label."""
    middle = add_point(buffer, centre)
    count = changes.number[0]
    for k in range(count):
        before = changes.label[(k + count - 1) % count]
        add_border(buffer, (changes.point[k], middle), (before, changes.label[k]))


@inlined
def _halve(work: MeshCut, pending: _Pending, place: int) -> None:
    """Put in place of a triangle its halves, cut from the middle of its longest side to the corner opposite.

    Each half takes the breaks of the sides that it gets as they are; those of the line between are written down once, for both.
    """
    sides, buffer = pending.sides, work.buffer
    tree = BlockTree(work.bvh, pending.block[0])
    longest, _ = _longest(pending.corners, place)
    after = (longest + 1) % 3
    opposite = (longest + 2) % 3
    start = _corner(pending.corners, place, longest)
    end = _corner(pending.corners, place, after)
    tip = _corner(pending.corners, place, opposite)
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    split = _upto_middle((place, longest), (start, middle), (sides, buffer))
    tip_label = last_label(buffer, sides, (place, after))
    if tip_label != first_label(buffer, sides, (place, opposite)):
        tip_label = label_after((tip, middle), tree)
    envelope((middle, tip), (split[1], tip_label), BreakSearch(tree, work.found))
    first = buffer.used[BREAKS]
    add_breaks(buffer, (middle, tip), work.found)
    _double(pending, place)
    _share_side(sides, (place, longest), split)
    for half, moved, side, way in ((place, after, after, 1), (place + 1, longest, opposite, -1)):
        pending.corners[half, moved, 0], pending.corners[half, moved, 1] = middle
        pending.ids[half, moved] = -1
        sides[half, side, FIRST] = first
        sides[half, side, COUNT] = work.found.number[0]
        sides[half, side, LABEL] = split[1]
        sides[half, side, WAY] = way


@inner
def _double(pending: _Pending, place: int) -> None:
    """Copy a triangle to the next place, both one halving deeper."""
    pending.depth[place] += 1
    pending.depth[place + 1] = pending.depth[place]
    for k in range(3):
        pending.ids[place + 1, k] = pending.ids[place, k]
        for j in range(2):
            pending.corners[place + 1, k, j] = pending.corners[place, k, j]
        for j in range(4):
            pending.sides[place + 1, k, j] = pending.sides[place, k, j]


@inner
def _share_side(sides: Ints, side: Side, split: tuple[int, int]) -> None:
    """Share the breaks of a side between the halves: as stored, the first belong to one, the others to the other.

    Before, both halves have the whole side; `split` is the number of its breaks before the middle, and the label there.
    """
    place, k = side
    before_middle, middle_label = split
    onward = sides[place, k, WAY] == 1
    stored = before_middle if onward else sides[place, k, COUNT] - before_middle
    low, high = (place, place + 1) if onward else (place + 1, place)
    sides[low, k, COUNT] = stored
    sides[high, k, FIRST] += stored
    sides[high, k, COUNT] -= stored
    sides[high, k, LABEL] = middle_label


@inner
def _upto_middle(side: Side, half: Segment, stored: tuple[Ints, ArcBuffer]) -> tuple[int, int]:
    """Number of a side's breaks in its first half, and the label at its middle."""
    sides, buffer = stored
    t, k = side
    start, middle = half
    half2 = (middle[0] - start[0]) ** 2 + (middle[1] - start[1]) ** 2
    label = first_label(buffer, sides, side)
    count = 0
    while count < sides[t, k, COUNT]:
        n, after = break_at(buffer, sides, (side, count))
        point = point_at(buffer, n)
        dx = point[0] - start[0]
        dy = point[1] - start[1]
        if dx * dx + dy * dy >= half2:
            break
        label = after
        count += 1
    return count, label

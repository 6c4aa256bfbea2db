"""Footprints that cross borders of blocks: one that crosses a border lies whole in the block with most of it; borders go round."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import (
    APART,
    Flags,
    Floats,
    Ints,
    Shapes,
    components,
    first_by,
    in_order,
    meeting,
    noded_faces,
    none,
    pair_sums,
    polygon_at,
    portions,
    shapes_over,
    shared_edges,
    united,
    wide_diagonals,
)
from gridgeo.land.enclosures.block_borders import borders_of, undirected
from gridgeo.land.inputs import Generators


class PlacedFootprints(NamedTuple):
    """Blocks whose borders go round the footprints, and where each footprint lies."""

    blocks: Shapes
    """Single polygons, an exact coverage."""
    origin: Ints
    """Row of the block, as given, that each of them was made from."""
    block_of: Ints
    """Block of each footprint: the one with most of its member; -1 for a footprint that is not there."""
    walled: Shapes
    """Faces of the footprints on a border, noded with the blocks; each lies in the block of its footprint."""
    walled_by: Ints
    """Footprint that owns each of these faces."""
    on_border: Flags
    """Footprints on a border, or next to one that is."""
    gained: Floats
    """What of each footprint came to the block with most of it from others, as the border went round it [m2]."""


class _BlockShares(NamedTuple):
    """Shares of footprints in blocks."""

    footprint: Ints
    block: Ints
    area: Floats


class _Overlay(NamedTuple):
    """Faces of borders and footprints together."""

    faces: Shapes
    area: Floats
    home: Ints
    """Block, as given, that each face lies in."""
    face: Ints
    shape: Ints
    """Pairs of a face and a footprint over it, smaller footprints first."""
    beside: tuple[Ints, Ints]
    """Pairs of faces that share an edge."""


def place_footprints(generators: Generators, blocks: Shapes, region: Ints) -> PlacedFootprints:
    """Let the borders of blocks go round the footprints that cross them.

    Parameters
    ----------
    generators
        Footprints; all land of a member is in one block.
    blocks
        Single polygons on the precision grid, noded with each other.
    region
        Key of the land in which each block lies; no footprint takes land of another region.
    """
    footprints, member = generators
    tree = shapely.STRtree(footprints)
    touched, on_border = _near_border(footprints, tree, blocks)
    rows = np.flatnonzero(on_border)
    overlay = _overlay(footprints[rows], touched, blocks)
    to, owner = _destinations(overlay, region, len(rows))
    rest = np.delete(np.arange(len(blocks)), overlay.home)
    remade, origin = united(overlay.faces, to)
    out, origin = np.concatenate([blocks[rest], remade]), np.concatenate([rest, origin])
    at = len(rest) + polygon_at(overlay.faces, remade)
    clear = _clear_over(tree, out, ~on_border)
    over = _BlockShares(
        np.concatenate([clear.footprint, rows[overlay.shape]]),
        np.concatenate([clear.block, at[overlay.face]]),
        np.concatenate([clear.area, overlay.area[overlay.face]]),
    )
    block_of = _main_blocks(over, member)
    owned = np.flatnonzero(owner >= 0)
    owned = owned[block_of[rows[owner[owned]]] == at[owned]]
    walled, shape = united(overlay.faces[owned], owner[owned])
    moved = (to != overlay.home)[overlay.face] & (at[overlay.face] == block_of[rows[overlay.shape]])
    gained = np.bincount(rows[overlay.shape[moved]], overlay.area[overlay.face[moved]], minlength=len(footprints))
    return PlacedFootprints(out, origin, block_of, walled, rows[shape], on_border, gained.astype(np.float64))


def _main_blocks(over: _BlockShares, member: Ints) -> Ints:
    """Block with most of each footprint's member, if the footprint has a share in it; otherwise -1."""
    one, block, area = pair_sums(member[over.footprint], over.block, over.area)
    best = first_by(one, -area, block)
    main = np.full(member.max(initial=-1) + 1, -1)
    main[one[best]] = block[best]
    there = over.block == main[member[over.footprint]]
    out = np.full(len(member), -1)
    out[over.footprint[there]] = over.block[there]
    return out


def _near_border(footprints: Shapes, tree: shapely.STRtree, blocks: Shapes) -> tuple[Ints, Flags]:
    """Blocks whose border may move, and footprints that come near a border or touch one that does.

    Found by single edges, which is ten times faster. Where an edge moves, those that it meets may have to give way.
    """
    around = np.unique(tree.query(wide_diagonals(blocks))[0])
    borders = borders_of(blocks[around], none(), around[:0])
    edges = undirected(borders)
    ends = np.stack([borders.points[edges.low], borders.points[edges.high]], axis=1)
    lines = np.asarray(shapely.linestrings(ends.view(np.float64).reshape(-1, 2, 2)))
    edge, fresh = meeting(tree, lines, "dwithin", distance=APART)
    moved = np.zeros(len(borders.points), dtype=bool)
    moved[edges.low[edge]] = moved[edges.high[edge]] = True
    touched = np.unique(around[borders.block[moved[borders.tail] | moved[borders.head]]])
    near = np.zeros(len(footprints), dtype=bool)
    while len(fresh):
        near[fresh] = True
        # a row of houses takes a step a house: too little each time to be shared among threads
        fresh = np.unique(tree.query(footprints[fresh], predicate="dwithin", distance=APART)[1])
        fresh = fresh[~near[fresh]]
    return touched, near


def _clear_over(tree: shapely.STRtree, blocks: Shapes, clear: Flags) -> _BlockShares:
    """Block of each footprint that is clear of all borders, and so lies in one or in none; any of its corners tells."""
    footprints = tree.geometries
    size = shapely.get_num_coordinates(footprints)
    corner = shapely.get_coordinates(footprints)[np.cumsum(size) - size]

    def found(rows: Ints) -> tuple[Ints, Ints]:
        # each block is prepared, and asked, by one thread only: what is prepared is not safe to share
        shapely.prepare(blocks[rows])
        block, row = tree.query(blocks[rows])
        block, row = rows[block[clear[row]]], row[clear[row]]
        inside = shapely.contains_xy(blocks[block], corner[row])
        shapely.destroy_prepared(blocks[rows])
        return block[inside], row[inside]

    block, row = map(np.concatenate, zip(*in_order(found, portions(len(blocks), len(footprints))), strict=True))
    return _BlockShares(row, block, shapely.area(footprints[row]))


def _overlay(footprints: Shapes, touched: Ints, blocks: Shapes) -> _Overlay:
    """Faces of footprints and of the blocks whose border they touch."""
    faces = noded_faces(shapely.boundary(np.concatenate([blocks[touched], footprints])))
    home = polygon_at(faces, blocks[touched])
    faces, home = faces[home >= 0], touched[home[home >= 0]]
    face, shape = shapes_over(faces, footprints)
    order = np.lexsort((shape, shapely.area(footprints)[shape]))
    beside = shared_edges(faces)
    return _Overlay(faces, shapely.area(faces), home, face[order], shape[order], (beside.left, beside.right))


def _destinations(overlay: _Overlay, region: Ints, count: int) -> tuple[Ints, Ints]:
    """Block to which each face goes; the footprint that owns it, the smallest over it of its region (-1: none).

    A footprint belongs to the region with its largest share, and there chooses the block with its largest share.
    Smaller footprints over it may leave it without a block that holds most of it; then it chooses together with them.
    """
    land = region[overlay.home[overlay.face]]
    here = land == _shares(overlay, overlay.shape, land, count=count)[0][overlay.shape]
    inside = overlay._replace(face=overlay.face[here], shape=overlay.shape[here])
    smallest = first_by(inside.face, np.arange(len(inside.face)))
    owner = np.full(len(overlay.faces), -1)
    owner[inside.face[smallest]] = inside.shape[smallest]
    wanted = _wanted(overlay, inside, count)
    group = np.arange(count)
    while True:
        choice = _shares(inside, group[inside.shape], inside.home[inside.face], count=count)[0][group]
        to = np.where(owner >= 0, choice[owner], overlay.home)
        _, most = _shares(inside, inside.shape, _parts(overlay, to)[inside.face], count=count)
        torn = (most <= wanted)[inside.shape]
        merged = _merged(group, inside.shape[torn], owner[inside.face[torn]])
        if (merged == group).all():
            return to, owner
        group = merged


def _wanted(overlay: _Overlay, inside: _Overlay, count: int) -> Floats:
    """What one block should hold more than of each footprint: half, or half of its share in its region if less [m2]."""
    total = np.bincount(overlay.shape, overlay.area[overlay.face], minlength=count)
    reach = np.bincount(inside.shape, inside.area[inside.face], minlength=count)
    out: Floats = np.where(reach > total / 2, total, reach) / 2
    return out


def _merged(group: Ints, one: Ints, other: Ints) -> Ints:
    """Groups, named by their lowest member, after pairs of members have brought theirs together."""
    joined = components(group[one], group[other], len(group))
    lowest = np.full(len(group), len(group))
    np.minimum.at(lowest, joined, np.arange(len(group)))
    return lowest[joined][group]


def _shares(overlay: _Overlay, key: Ints, block: Ints, *, count: int) -> tuple[Ints, Floats]:
    """For each key the block with the largest share of its land, each face counted once, and that share [m2]."""
    once = first_by(key * np.int64(len(overlay.faces)) + overlay.face)
    one, other, share = pair_sums(key[once], block[once], overlay.area[overlay.face[once]])
    best = first_by(one, -share, other)
    out, most = np.full(count, -1), np.zeros(count)
    out[one[best]] = other[best]
    most[one[best]] = share[best]
    return out, most


def _parts(overlay: _Overlay, to: Ints) -> Ints:
    """Number of the single polygon in which each face comes to lie."""
    one, other = overlay.beside
    same = to[one] == to[other]
    return components(one[same], other[same], len(to))

"""Linear features: long land without buildings is cut in pieces, for a river, a verge or a dyke is nobody's as a whole.

A zone that takes a strip of land two kilometres long is two kilometres long itself. Cut across where it is narrow, each piece
goes to the zone that it lies along. Cuts run from corner to corner, so no point is added to any border.
"""

from __future__ import annotations

from itertools import chain

import numpy as np
import shapely

from gridgeo.coverage import Flags, Floats, Ints, Shapes, compactness

LEAST_COMPACT = 0.3
"""Land less compact than this is cut (4 pi area / outline²: 1 is a circle, 0.3 a strip eight times as long as wide)."""
SHORTEST_M = 1_000.0
"""Land with a shorter outline is left whole [m]."""

_ENDS = 120
"""Most corners of an outline that are looked at; of a finer one, every second, third ..."""
_TRIED = 40
"""Shortest cuts that are tried; a longer one would not be across."""
_ACROSS = "1F*F0*FF*"
"""A cut lies inside the land and meets its outline at its two ends only (DE-9IM)."""
_SIDE = 0.2
"""Part of the outline, and half of that of the land, that lies at least on each side of a cut."""


def cut_linear_features(lands: Shapes, long: Flags) -> tuple[Shapes, Ints]:
    """Cut lands that are long and thin.

    Parameters
    ----------
    lands
        Single polygons.
    long
        Flag for each whether it may be cut.

    Returns
    -------
    pieces
        All lands in their order, those that were cut in pieces in normal form.
    land
        Position of the land of each piece.
    """
    rows = np.flatnonzero(long)
    rows = rows[_are_thin(lands[rows])]
    cut = [_cut(land) for land in lands[rows]]
    count = np.ones(len(lands), dtype=np.int64)
    count[rows] = [len(pieces) for pieces in cut]
    land = np.repeat(np.arange(len(lands)), count)
    out = lands[land]
    out[np.isin(land, rows)] = list(chain.from_iterable(cut))
    return out, land


def _are_thin(lands: Shapes) -> Flags:
    """Lands that are to be cut if they can be."""
    thin: Flags = shapely.length(lands) >= SHORTEST_M
    thin[thin] = compactness(lands[thin]) < LEAST_COMPACT
    return thin


def _cut(land: shapely.Polygon) -> list[shapely.Polygon]:
    """Pieces of a land, halved again and again."""
    done, waiting = [], [land]
    while waiting:
        piece = waiting.pop()
        halves = _halved(piece) if _are_thin(np.array([piece]))[0] else None
        if halves is None:
            done.append(piece)
        else:
            waiting += halves
    return [shapely.normalize(piece) for piece in done]


def _halved(land: shapely.Polygon) -> list[shapely.Polygon] | None:
    """Two pieces on both sides of the shortest cut across that are more compact; None if there is none from corner to corner."""
    ring = shapely.get_coordinates(land.exterior)[:-1]
    before = compactness(np.array([land]))[0]
    shapely.prepare(land)
    for first, second in _short_cuts(ring).tolist():
        if not shapely.relate_pattern(land, shapely.linestrings(ring[[first, second]]), _ACROSS):
            continue
        sides = [ring[first : second + 1], np.concatenate([ring[second:], ring[: first + 1]])]
        pieces = _with_holes([shapely.Polygon(side) for side in sides], land)
        better = compactness(np.array(pieces)).min() > before
        if better and shapely.area(pieces).min() >= _SIDE / 2 * land.area:
            return pieces
    return None


def _short_cuts(ring: Floats) -> Ints:
    """Pairs of corners with enough of the outline on both sides, the nearest first."""
    corners = np.arange(0, len(ring), -(-len(ring) // _ENDS))
    steps = np.hypot(*(np.roll(ring, -1, axis=0) - ring).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    first, second = corners[np.stack(np.triu_indices(len(corners), k=1))]
    between = along[second] - along[first]
    wide = np.minimum(between, along[-1] - between) >= _SIDE * along[-1]
    first, second = first[wide], second[wide]
    metres = np.hypot(*(ring[second] - ring[first]).T).round(3)
    if len(metres) > _TRIED:
        short = np.flatnonzero(metres <= np.partition(metres, _TRIED)[_TRIED])
        first, second, metres = first[short], second[short], metres[short]
    pairs: Ints = np.column_stack([first, second])[np.argsort(metres, kind="stable")[:_TRIED]]
    return pairs


def _with_holes(sides: list[shapely.Polygon], land: shapely.Polygon) -> list[shapely.Polygon]:
    holes = np.array([*land.interiors], dtype=object)
    if len(holes) == 0:
        return sides
    inside = shapely.contains_properly(sides[0], shapely.point_on_surface(shapely.polygons(holes)))
    return [
        shapely.Polygon(side.exterior, list(holes[own])) for side, own in zip(sides, (inside, ~inside), strict=True)
    ]

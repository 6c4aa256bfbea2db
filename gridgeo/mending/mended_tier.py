"""One tier is mended: faults are found, explained, and the zones around them rebuilt; each is told with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import Shapes
from gridgeo.mending.drawn_faces import Drawn, DrawnFaces, faces_between, strayed
from gridgeo.mending.fewest_lines import CERTAIN, Choices, Chosen, fewest_lines, margins
from gridgeo.mending.line_evidence import judged
from gridgeo.mending.persons_choice import doubts, is_too_wide
from gridgeo.mending.rebuilt_zones import NOBODY, Rebuilding, keep_together, rebuilt

_BLAMED, _BLAMED_AGAIN, _BLAMED_CROSSED = 1.0, 0.6, 0.3
"""What it costs to blame a zone; one that is cut at the border anyway; one whose ring crosses itself."""


class Fault(NamedTuple):
    """A place where lines did not meet, and what became of it."""

    zone: int | None
    """The zone that changed, or that is meant; None where no zone is near."""
    neighbour: int | None
    done: bool
    sure: float
    """How much dearer the next explanation was."""
    why: str
    """Reason in the catalogue of texts."""
    shape: Any


def mend(drawn: Drawn, widest_m: float) -> tuple[Shapes, list[Fault]]:
    """Mend one tier.

    Returns
    -------
    shapes
        Zones in the order given; what has no fault is the very shape that was drawn.
    faults
        What was found.
    """
    size = shapely.area(drawn.shapes)
    empty = [_left((zone, None), "empty", shapely.Polygon()) for zone in np.flatnonzero(size == 0).tolist()]
    zones = strayed(drawn)
    if not len(zones):
        return drawn.shapes, empty
    faces = faces_between(drawn, zones)
    cut, left, todo = _sorted_out(faces, drawn)
    choices, alone = judged(faces, drawn, todo)
    costs = _costs(drawn, {zone for face in cut for zone in faces.owners[face]})
    chosen = fewest_lines(choices, costs)
    sure = margins(choices, chosen, costs)
    wide = [face for face in chosen if is_too_wide(face, chosen[face], faces, drawn=drawn, widest_m=widest_m)]
    given = {face: verdict.taker for face, verdict in chosen.items() if face not in wide} | dict.fromkeys(cut, NOBODY)
    work = Rebuilding(faces, drawn, given)
    keep_together(work, widest_m)
    faults = [*left, *(_left((None, None), "alone", faces.shapes[face]) for face in alone)]
    faults += [_left(_two(choices, face), "wide", faces.shapes[face]) for face in wide]
    return rebuilt(work), [*empty, *faults, *_told(work, chosen, sure), *_rings(work)]


def _left(zones: tuple[int | None, int | None], why: str, shape: Any) -> Fault:
    return Fault(*zones, done=False, sure=0.0, why=f"mending_{why}", shape=shape)


def _two(choices: Choices, face: int) -> tuple[int | None, int | None]:
    """The first two zones that meet at a face."""
    takers = [verdict.taker for verdict in choices[face]]
    return takers[0], takers[1] if len(takers) > 1 else None


def _sorted_out(faces: DrawnFaces, drawn: Drawn) -> tuple[list[int], list[Fault], list[int]]:
    """Faces that are cut at the border, those left to a person, and those whose lines are to be judged."""
    doubt = doubts(faces, drawn)
    cut: list[int] = []
    left: list[Fault] = []
    todo: list[int] = []
    for face in np.flatnonzero(faces.wrong & ~faces.thin).tolist():
        owners = faces.owners[face]
        why = doubt.about(owners, inside=bool(faces.inside[face]))
        if why is not None:
            left.append(_left((owners[0], owners[1] if len(owners) > 1 else None), why, faces.shapes[face]))
        else:
            (todo if faces.inside[face] else cut).append(face)
    return cut, left, todo


def _costs(drawn: Drawn, must: set[int]) -> dict[int, float]:
    """What it costs to blame each zone."""
    return {
        zone: _BLAMED_CROSSED if drawn.invalid[zone] else _BLAMED_AGAIN if zone in must else _BLAMED
        for zone in range(len(drawn.shapes))
    }


def _told(work: Rebuilding, chosen: Chosen, sure: dict[int, float]) -> Iterator[Fault]:
    """What moved, face by face."""
    torn = {one.face: one for one in work.torn}
    for face, taker in sorted(work.given.items()):
        owners, shape, margin = work.faces.owners[face], work.faces.shapes[face], sure.get(face, CERTAIN)
        if face in torn:
            yield Fault(torn[face].zone, taker, done=True, sure=0.0, why="mending_torn", shape=shape)
        elif taker == NOBODY:
            for zone in owners:
                yield Fault(zone, None, done=True, sure=margin, why="mending_overshoot", shape=shape)
        elif owners:
            for zone in (one for one in owners if one != taker):
                yield Fault(zone, taker, done=True, sure=margin, why="mending_overlap", shape=shape)
        elif face in chosen:
            yield Fault(taker, _beside(work, face, taker), done=True, sure=margin, why="mending_gap", shape=shape)


def _beside(work: Rebuilding, face: int, taker: int) -> int | None:
    """Of the other zones at a gap, the one with the longest line."""
    near: dict[int, float] = {}
    for other, side in work.faces.beside.get(face, {}).items():
        for zone in work.faces.owners[other]:
            near[zone] = near.get(zone, 0.0) + side.length
    near.pop(taker, None)
    return max(sorted(near), key=lambda zone: near[zone]) if near else None


def _rings(work: Rebuilding) -> Iterator[Fault]:
    """Zones whose ring was drawn anew without any land moving."""
    for zone in np.flatnonzero(work.drawn.invalid).tolist():
        if zone not in work.changed:
            yield Fault(zone, None, done=True, sure=CERTAIN, why="mending_ring", shape=shapely.Polygon())

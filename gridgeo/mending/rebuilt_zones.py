"""Zones that get or lose a face are put together anew from faces; all others stay the very shapes that were drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import PRECISION_M, Floats, Shapes
from gridgeo.mending.drawn_faces import Drawn, DrawnFaces
from gridgeo.mending.persons_choice import is_narrow

NOBODY = -1
"""Who gets land outside the communities."""

_CRUMB = 4 * PRECISION_M
"""A part of a zone thinner than this is none [m]."""

_SCRAP = 0.25
"""Of a zone whose ring crosses itself, a part smaller than this is a scrap."""

_TOUCH_M = 2 * PRECISION_M


class Torn(NamedTuple):
    """A face that a zone lost because mending tore it off."""

    face: int
    zone: int
    taker: int


class Rebuilding:
    """Which zone has which faces, while zones are put together."""

    def __init__(self, faces: DrawnFaces, drawn: Drawn, given: Mapping[int, int]) -> None:
        self.faces = faces
        self.drawn = drawn
        self.given = dict(given)
        self.changed = {zone for face, taker in given.items() for zone in _movers(faces.owners[face], taker)}
        self.held: dict[int, set[int]] = defaultdict(set)
        for face, owners in enumerate(faces.owners):
            for zone in self._holders(face, owners):
                self.held[zone].add(face)
        self.torn: list[Torn] = []

    def _holders(self, face: int, owners: tuple[int, ...]) -> tuple[int, ...]:
        if face in self.given:
            return (self.given[face],) if self.given[face] != NOBODY else ()
        if not (self.faces.thin[face] and self.faces.wrong[face]):
            return owners
        return self._thin_holder(face, owners) if self.faces.inside[face] else ()

    def _thin_holder(self, face: int, owners: tuple[int, ...]) -> tuple[int, ...]:
        """What is thinner than the grid goes to a zone that stays as it is, else to the one with the longest border."""
        near: dict[int, float] = defaultdict(float)
        for other, side in self.faces.beside.get(face, {}).items():
            beside = (self.given[other],) if other in self.given else self.faces.owners[other]
            for zone in beside if self.faces.inside[other] else ():
                near[zone] += side.length
        fixed = [zone for zone in owners if zone not in self.changed]
        candidates = fixed[:1] or sorted(owners or near)
        return (max(candidates, key=lambda zone: near.get(zone, 0.0)),) if near and candidates else ()

    def shape(self, zone: int) -> Any:
        """A zone as its faces make it; as it was drawn if it has not changed."""
        if zone not in self.changed:
            return self.drawn.shapes[zone]
        held = sorted(self.held[zone])
        return shapely.union_all(self.faces.shapes[held], grid_size=PRECISION_M) if held else shapely.Polygon()

    def move(self, face: int, taker: int) -> None:
        """Give a face to another zone."""
        for held in self.held.values():
            held.discard(face)
        self.held[taker].add(face)
        self.given[face] = taker
        self.changed.add(taker)


def _movers(owners: tuple[int, ...], taker: int) -> set[int]:
    """Zones that get land or lose it."""
    return {zone for zone in owners if zone != taker} | ({taker} if taker != NOBODY and taker not in owners else set())


def keep_together(work: Rebuilding, widest_m: float) -> None:
    """Parts that mending tore off: give their zone back what held them, or give them to the neighbour."""
    for zone in sorted(work.changed):
        drawn = shapely.get_parts(work.drawn.shapes[zone])
        count = 1 if work.drawn.invalid[zone] else int((shapely.area(drawn) > _CRUMB * shapely.length(drawn)).sum())
        parts = sorted(shapely.get_parts(work.shape(zone)), key=lambda part: -part.area)
        for part in parts[count:]:
            crossed = work.drawn.invalid[zone] and part.area < _SCRAP * work.drawn.shapes[zone].area
            if crossed or is_narrow(part, widest_m):
                _hand_on(work, zone, part)
            else:
                _give_back(work, zone, part)


def _hand_on(work: Rebuilding, zone: int, part: Any) -> None:
    """Give a scrap to the zone with which it has the longest border."""
    mine = sorted(work.held[zone])
    inside = shapely.contains(part, shapely.point_on_surface(work.faces.shapes[mine]))
    near = [one for one in sorted(work.held) if one != zone and shapely.dwithin(part, work.drawn.shapes[one], _TOUCH_M)]
    touch = [_shared_m(part, work.shape(one)) for one in near]
    if not touch or max(touch) <= _CRUMB:
        return
    taker = near[int(np.argmax(touch))]
    for face in np.array(mine)[inside].tolist():
        work.torn.append(Torn(face, zone, taker))
        work.move(face, taker)


def _shared_m(part: Any, shape: Any) -> float:
    """Length of the border that two shapes share [m]."""
    return float(shapely.length(shapely.intersection(shapely.boundary(part), shapely.buffer(shape, _TOUCH_M))))


def _give_back(work: Rebuilding, zone: int, part: Any) -> None:
    """Give a zone the largest face that it lost beside a part, if that joins it and tears nothing else."""
    lost = [
        face
        for face, taker in work.given.items()
        if taker not in (NOBODY, zone)
        and zone in work.faces.owners[face]
        and shapely.intersects(work.faces.shapes[face], part)
    ]
    if not lost:
        return
    face = max(lost, key=lambda one: work.faces.area[one])
    taker = work.given[face]
    before = [shapely.get_num_geometries(work.shape(one)) for one in (zone, taker)]
    work.move(face, zone)
    after = [shapely.get_num_geometries(work.shape(one)) for one in (zone, taker)]
    if after[0] >= before[0] or after[1] > before[1]:
        work.move(face, taker)


def rebuilt(work: Rebuilding) -> Shapes:
    """All zones; corners that were drawn have their drawn coordinates: those of the border and of sound zones first."""
    out = work.drawn.shapes.copy()
    places = _drawn_places(work)
    for zone in sorted(work.changed):
        made = work.shape(zone)
        moved = shapely.transform(made, lambda points: _put_back(points, places, work.drawn))
        out[zone] = moved if shapely.is_valid(moved) else made
    return out


def _drawn_places(work: Rebuilding) -> dict[int, Floats]:
    """Key of a drawn corner -> its coordinates."""
    drawn = work.drawn
    changed = np.array(sorted(work.changed), dtype=np.int64)
    near = np.unique(shapely.STRtree(drawn.shapes).query(drawn.shapes[changed], predicate="intersects")[1])
    sound = np.setdiff1d(near, changed)
    places: dict[int, Floats] = {}
    for shapes in (drawn.shapes[changed], drawn.shapes[sound], np.array([drawn.land])):
        points = shapely.get_coordinates(shapes)
        places.update(zip(drawn.keys(points).tolist(), points, strict=True))
    return places


def _put_back(points: Floats, places: Mapping[int, Floats], drawn: Drawn) -> Floats:
    return np.array([places.get(key, point) for key, point in zip(drawn.keys(points).tolist(), points, strict=True)])

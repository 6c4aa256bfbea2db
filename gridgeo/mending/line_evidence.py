"""What speaks for it that a zone's line strayed along a face: its length, corners and turns, and how it meets others elsewhere."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import PRECISION_M
from gridgeo.mending.drawn_faces import Drawn, DrawnFaces, edge_keys, turns
from gridgeo.mending.fewest_lines import Choices, Verdict

_SHORTEST_M = 10 * PRECISION_M
"""A zone that borders a gap by less does not border it [m]."""

_LENGTH, _WITNESSED, _OWN_CORNERS, _TURNING, _INVALID, _SIMPLIFIED = 0.6, 1.0, 0.4, 1.0, 1.5, 2.0
"""Weights of what speaks for a strayed line: longer than the others'; corners that a third zone has too; corners of its own;
turns (a notch or spike turns by half a circle); a ring that crosses itself; never a corner where others have some."""

_MEETING = 0.8
"""Weight of what one meeting of zones tells, however many faces it has."""

_REACH = 1.5
"""What it costs to take a gap among many while bordering only part of it."""

_SMALL_M = 0.01
"""Keeps ratios of lengths finite [m]."""


class _OwnLine(NamedTuple):
    """A zone's own line along a face."""

    length: float
    corners: int
    """Corners that are not those of all the others."""
    witnessed: int
    """Of these, how many a third zone has too."""
    turning: float


def judged(faces: DrawnFaces, drawn: Drawn, todo: list[int]) -> tuple[Choices, list[int]]:
    """Explanations of each fault, and faces that no zone borders."""
    lines = {face: _lines_along(face, faces, drawn) for face in todo}
    alone = [face for face, found in lines.items() if not found]
    meetings: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for face, found in lines.items():
        if found:
            meetings[tuple(sorted(found))].append(face)
    choices: dict[int, list[Verdict]] = {}
    for zones, met in meetings.items():
        simplified = _simplified(zones, [lines[face] for face in met])
        for face in met:
            strays = _strays(lines[face], drawn)
            strays = {zone: value + _SIMPLIFIED * (zone in simplified) for zone, value in strays.items()}
            reach = _reach(lines[face]) if not faces.owners[face] else {}
            choices[face] = _verdicts(strays, reach, overlap=bool(faces.owners[face]), weight=_MEETING / len(met))
    return choices, alone


def _lines_along(face: int, faces: DrawnFaces, drawn: Drawn) -> dict[int, _OwnLine]:
    """The own line of each zone that may get a face or lose it."""
    own = faces.owners[face]
    length: dict[int, float] = dict.fromkeys(own, 0.0)
    corners: dict[int, set[int]] = {zone: set() for zone in own}
    for other, side in faces.beside.get(face, {}).items():
        for zone in _bounded(face, other, faces):
            length[zone] = length.get(zone, 0.0) + side.length
            mine = {key for key in side.corners if zone in faces.corners.get(key, ())}
            corners.setdefault(zone, set()).update(mine)
    zones = set(own) if own else {zone for zone, metres in length.items() if metres > _SHORTEST_M}
    turning = _turning(face, zones, faces, drawn=drawn)
    out = {}
    for zone in sorted(zones):
        single = [faces.corners[key] for key in corners[zone] if not zones <= faces.corners[key]]
        out[zone] = _OwnLine(length[zone], len(single), sum(len(at) > 1 for at in single), turning[zone])
    return out


def _bounded(face: int, other: int, faces: DrawnFaces) -> tuple[int, ...]:
    """Zones whose own line lies between two faces: those of the other for a gap, those that end there for an overlap."""
    if not faces.owners[face]:
        return faces.owners[other]
    if not faces.inside[other]:
        return ()
    return tuple(zone for zone in faces.owners[face] if zone not in faces.owners[other])


def _turning(face: int, zones: set[int], faces: DrawnFaces, *, drawn: Drawn) -> dict[int, float]:
    """How much each zone's own line turns along a face [radians]."""
    out = dict.fromkeys(zones, 0.0)
    across = faces.across.get(face, {})
    for ring in shapely.get_rings(faces.shapes[face]):
        points = shapely.get_coordinates(ring)
        others = [across.get(edge) for edge in edge_keys(points, drawn)]
        whose = [zones & _lined(face, other, faces) if other is not None else set() for other in others]
        for k, turn in enumerate(turns(points).tolist()):
            for zone in whose[k] & whose[k - 1]:
                out[zone] += turn
    return out


def _lined(face: int, other: int, faces: DrawnFaces) -> set[int]:
    """Zones whose line, be it on the border of the land, separates two faces."""
    if faces.inside[other]:
        return set(faces.owners[face]) ^ set(faces.owners[other])
    return set(faces.owners[other]) if faces.owners[face] else set()


def _strays(lines: Mapping[int, _OwnLine], drawn: Drawn) -> dict[int, float]:
    """How much speaks for it that each line strayed."""
    witnessed = max(1, *(line.witnessed for line in lines.values()))
    corners = max(1, *(line.corners for line in lines.values()))
    out = {}
    for zone, line in lines.items():
        others = [other for at, other in lines.items() if at != zone] or [line]
        longest = max(other.length for other in others)
        turned = max(other.turning for other in others)
        value = _LENGTH * np.clip(math.log2((line.length + _SMALL_M) / (longest + _SMALL_M)), -1, 1)
        value -= _WITNESSED * line.witnessed / witnessed + _OWN_CORNERS * line.corners / corners
        value += _TURNING * np.clip((line.turning - turned) / math.pi, -1, 1)
        out[zone] = float(value + _INVALID * drawn.invalid[zone])
    return out


def _simplified(zones: tuple[int, ...], lines: list[dict[int, _OwnLine]]) -> set[int]:
    """Zones without a corner of their own at several faces of the same zones, while others have some."""
    bare = {zone for zone in zones if len(lines) > 1 and not any(line[zone].corners for line in lines)}
    return bare if len(bare) < len(zones) else set()


def _reach(lines: Mapping[int, _OwnLine]) -> dict[int, float]:
    """What it costs each of several zones to have opened all of a gap."""
    longest = max(line.length for line in lines.values())
    return {zone: _REACH * (len(lines) - 2) * (1 - line.length / longest) for zone, line in lines.items()}


def _verdicts(
    strays: Mapping[int, float], reach: Mapping[int, float], *, overlap: bool, weight: float
) -> list[Verdict]:
    """A gap is blamed on who takes it, an overlap on the others."""
    out = []
    for zone in strays:
        blamed = frozenset(strays) - {zone} if overlap else frozenset({zone})
        against = max((_beaten(one, strays) for one in blamed), default=0.0)
        price = weight * (0.5 + 0.5 * min(1.0, max(-1.0, against)))
        out.append(Verdict(zone, blamed, price + max(0.0, reach.get(zone, 0.0))))
    return out


def _beaten(zone: int, strays: Mapping[int, float]) -> float:
    """By how much more another line has strayed; negative where none has."""
    return max((value for other, value in strays.items() if other != zone), default=strays[zone]) - strays[zone]

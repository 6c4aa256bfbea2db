"""What only a person can decide: zones drawn twice, zones outside, zones without land, holes and overlaps that are too wide."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import Floats
from gridgeo.mending.drawn_faces import Drawn, DrawnFaces
from gridgeo.mending.fewest_lines import Verdict

_MOST = 0.5
"""Two zones that share this part of the smaller are one drawn twice; so is a zone of which others claim so much."""

_RING = 0.25
"""A zone whose ring crosses itself may have lost this part of its land by that."""


class Doubt(NamedTuple):
    """Zones about which only a person can decide."""

    twice: frozenset[tuple[int, int]]
    buried: frozenset[int]
    """Mostly claimed by others too."""
    outside: frozenset[int]

    def about(self, owners: tuple[int, ...], *, inside: bool) -> str | None:
        """Why a person has to decide on land with these owners; None if nobody has to."""
        if not inside:
            return "outside" if self.outside & set(owners) else None
        if len(owners) > 1 and (self.buried & set(owners) or self.twice & set(combinations(owners, 2))):
            return "twice"
        return None


def doubts(faces: DrawnFaces, drawn: Drawn) -> Doubt:
    """Zones that cannot be mended, by what others claim of them."""
    shared: dict[tuple[int, int], float] = defaultdict(float)
    contested: dict[int, float] = defaultdict(float)
    outer: dict[int, float] = defaultdict(float)
    for owners, inside, area in zip(faces.owners, faces.inside.tolist(), faces.area.tolist(), strict=True):
        for pair in combinations(owners, 2):
            shared[pair] += area
        for zone in owners:
            contested[zone] += area if inside and len(owners) > 1 else 0.0
            outer[zone] += 0.0 if inside else area
    size = shapely.area(drawn.shapes)
    return Doubt(
        frozenset(pair for pair, area in shared.items() if area > _MOST * min(size[list(pair)])),
        frozenset(zone for zone, area in contested.items() if area and area >= _MOST * size[zone]),
        frozenset(zone for zone, area in outer.items() if area > _MOST * size[zone]),
    )


def is_narrow(shape: shapely.Geometry, width_m: float) -> bool:
    """Whether no circle of this diameter [m] fits into a shape."""
    return bool(shapely.is_empty(shapely.buffer(shape, -width_m / 2 - 1e-6, quad_segs=4)))


def is_too_wide(face: int, verdict: Verdict, faces: DrawnFaces, *, drawn: Drawn, widest_m: float) -> bool:
    """Whether a fault is wider than lines stray; what a ring that crosses itself lost may be wider."""
    size: Floats = shapely.area(drawn.shapes)
    blamed = np.array(sorted(verdict.blamed), dtype=np.int64)
    crossed = drawn.invalid[blamed].any() and faces.area[face] < _RING * size[blamed].max()
    return not (crossed or is_narrow(faces.shapes[face], widest_m))

"""Made blocks of footprints as city models have them, on purpose awkward; each block is made from its own number and a seed.

Shapes with right angles and with others, mirrored and turned, on grids of 1 mm, 1 cm and 1 dm; copies in rows and lattices at
equal distances, or heaps; walls shared, overlapping by 1 to 9 steps of the grid or 1 m, or apart by as little; corners given twice,
or once more a step beside; some footprints cross the border of their block.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.coverage.planar import single_parts, sound, to_precision_grid
from gridgeo.coverage.precision import Floats, Ints, Shapes

ORIGINS = np.array([(0, 0), (-12_000, -35_000), (4e5, 3.45e6), (39.5e6, 3.45e6)])
"""Places in a plane system as they occur, one with the number of its zone before its x [m]."""
PITCH = 100.0
"""From block to block [m]."""
OUTLINES = [
    [(0, 0), (8, 0), (8, 6), (0, 6)],
    [(0, 0), (9, 0), (9, 4), (4, 4), (4, 8), (0, 8)],
    [(0, 0), (10, 0), (10, 7), (7, 7), (7, 2), (3, 2), (3, 7), (0, 7)],
    [(0, 0), (8, 0), (8, 3), (7.9, 3), (7.9, 3.1), (8, 3.1), (8, 6), (0, 6)],
    [(0, 0), (9, 0), (9, 2), (7, 2), (7, 4), (5, 4), (5, 6), (0, 6)],
    [(0, 0), (8, 0), (8, 6), (4, 6.02), (0, 6)],
    [(0, 0), (8, 1), (9, 7), (4, 9), (-1, 5)],
    [(0, 0), (12, 0), (12, 0.3), (0, 0.3)],
    [(0, 0), (3, 0), (3, 3), (0, 3)],
]
"""Rectangle, L, U, notch, stair, gable, no right angle, wall, shed [m]."""
COUNTS = {"pair": (2, 2), "row": (3, 6), "lattice": (9, 9), "heap": (3, 7)}
"""Kinds of blocks, and how many footprints they have, at least and at most."""


class MadeBlocks(NamedTuple):
    """Blocks, and footprints on the precision grid with the number of what each is a part of."""

    blocks: Shapes
    footprints: Shapes
    owner: Ints


def made_blocks(numbers: npt.ArrayLike, seed: int) -> MadeBlocks:
    """The blocks of these numbers."""
    blocks, polygons = [], []
    for number in np.asarray(numbers).tolist():
        generator = np.random.default_rng([seed, number])
        origin = ORIGINS[number // 50 % len(ORIGINS)] + PITCH * np.array(divmod(number, 40)[::-1])
        half = generator.choice((20.0, 25.0, 30.0))
        blocks.append(shapely.box(*(origin - half), *(origin + half)))
        polygons += [shapely.Polygon(corners + origin) for corners in _footprints(generator, half)]
    shapes = to_precision_grid(sound(np.array(polygons, dtype=object)))
    parts, owner = single_parts(shapes)
    there = shapely.area(parts) > 0
    return MadeBlocks(to_precision_grid(np.array(blocks, dtype=object)), parts[there], owner[there])


def _footprints(generator: np.random.Generator, half: float) -> list[Floats]:
    """Corners of the footprints of a block about (0, 0)."""
    step, kind = generator.choice((0.001, 0.01, 0.1)), generator.choice(list(COUNTS))
    alike = kind in ("row", "lattice")
    base, gap = _outline(generator), generator.choice((0, 0, step, -step, 3 * step, -9 * step, -1, 0.5, 2))
    turn, at = _turn(generator), np.zeros(2)
    found = []
    for k in range(generator.integers(*COUNTS[kind], endpoint=True)):
        shape = base if alike or generator.random() < 0.3 else _outline(generator)
        shape = _flipped(generator, shape * (1 if alike else generator.choice((0.5, 1, 1, 1.3))))
        width = shape[:, 0].max() + gap
        if kind == "lattice":
            at = np.array([(k % 3 - 1) * width, (k // 3 - 1) * (shape[:, 1].max() + gap)])
        elif kind == "heap":
            at = _on(generator.uniform(-0.6 * half, 0.4 * half, 2), step)
        found.append(_with_corners_again(generator, _on((shape + at) @ turn.T, step), step))
        at = at + np.array([width, generator.choice((0, 0, step, -step, 1))])
    shift = np.zeros(2) if kind == "heap" else _on(generator.uniform(-8, 4, 2), step)
    return [corners + shift for corners in found]


def _outline(generator: np.random.Generator) -> Floats:
    return np.array(OUTLINES[generator.integers(len(OUTLINES))], dtype=float)


def _turn(generator: np.random.Generator) -> Floats:
    """Matrix of a turn: none, a right angle, one with whole cosine and sine of fifths, or any."""
    angle = generator.choice((0, 0, np.pi / 2, np.arctan2(3, 4), generator.uniform(0, 2 * np.pi)))
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _flipped(generator: np.random.Generator, shape: Floats) -> Floats:
    """Some shapes mirrored or turned by a right angle; all with their lowest x and y at 0."""
    if generator.random() < 0.3:
        shape = shape * (-1, 1)
    if generator.random() < 0.3:
        shape = shape[:, ::-1] * (-1, 1)
    return shape - shape.min(axis=0)


def _on(points: Floats, step: float) -> Floats:
    return np.round(points / step) * step


def _with_corners_again(generator: np.random.Generator, corners: Floats, step: float) -> Floats:
    """Corners, some of them twice, or again a step beside."""
    beside = corners + step * generator.integers(-1, 2, corners.shape)
    chance = generator.random(len(corners))
    again = np.where((chance < 0.12)[:, None], corners, beside)
    return np.insert(corners, np.flatnonzero(chance < 0.18) + 1, again[chance < 0.18], axis=0)

"""From metres on the ground to points on paper, at a round scale."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.maps.pdf.pdf_pen import MM, Box, Outline

_ROUND = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
_RIM = 0.05
"""Share of the map left free at each side."""


class View(NamedTuple):
    """A window on the ground: `frame` on paper, `west` and `south` of its corner [m], numeric scale 1 : `scale`."""

    frame: Box
    west: float
    south: float
    scale: int

    @property
    def metre(self) -> float:
        """Length of a metre on paper [pt]."""
        return 1000 * MM / self.scale

    @property
    def window(self) -> shapely.Polygon:
        """What is in view, on the ground."""
        return shapely.box(
            self.west,
            self.south,
            self.west + self.frame.width / self.metre,
            self.south + self.frame.height / self.metre,
        )

    def rings(self, shapes: npt.NDArray[np.object_]) -> Outline:
        """Rings of polygons, or lines, on paper; parts far outside the frame are cut off."""
        west, south, east, north = self.window.buffer(20 / self.metre).bounds
        shapes = shapely.clip_by_rect(shapes, west, south, east, north)
        parts = shapely.get_parts(shapely.get_parts(shapes))
        kinds = shapely.get_type_id(parts)
        lines = np.concatenate([shapely.get_rings(parts[kinds == 3]), parts[(kinds == 1) | (kinds == 2)]])
        points, of = shapely.get_coordinates(lines, return_index=True)
        corner = np.array([self.west, self.south])
        return Outline((points - corner) * self.metre + (self.frame.x, self.frame.y), of)

    def paper(self, x: float, y: float) -> tuple[float, float]:
        """A point on paper."""
        return (x - self.west) * self.metre + self.frame.x, (y - self.south) * self.metre + self.frame.y


def fit(bounds: tuple[float, float, float, float], frame: Box) -> View:
    """The window with the largest round scale that shows all of `bounds` [m], in the middle of the frame."""
    west, south, east, north = bounds
    width, height = max(east - west, 1.0) * (1 + 2 * _RIM), max(north - south, 1.0) * (1 + 2 * _RIM)
    scale = round_up(max(width / frame.width, height / frame.height) * 1000 * MM)
    metre = 1000 * MM / scale
    return View(frame, (west + east - frame.width / metre) / 2, (south + north - frame.height / metre) / 2, scale)


def round_up(scale: float) -> int:
    """The next round number of a scale, 100 at least.

    Examples
    --------
    >>> round_up(1_830)
    2000
    """
    power = 10 ** floor(log10(max(scale, 100)))
    return ceil(power * next(step for step in _ROUND if step * power >= max(scale, 100) - 1e-9))


def bar_length(view: View, about: float = 32 * MM) -> int:
    """Length of a scale bar [m]: 1, 2 or 5 with zeros, not longer than `about` on paper [pt]."""
    metres = about / view.metre
    power = 10 ** floor(log10(metres))
    return max(1, int(power * max(step for step in (1, 2, 5) if step * power <= metres)))

"""The page's plane: whole ticks of Web Mercator from the north-west corner, so that Leaflet shows them without a projection."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyproj

from gridgeo.coverage import Floats, Ints

TICK_M = 0.03
"""A tick on the ground [m]. Rounding moves a point by 0.71 of it at most, so borders thinned by `BORDER_M` are true to 3 cm."""

BORDER_M = 0.03 - TICK_M * 0.7072
"""Tolerance by which borders of zones are thinned [m]."""

INNER_M = 0.4
"""The same between pieces of one zone, which are drawn when a tool is at work only [m]."""

COARSE = 3
"""What need not be so true is stored in multiples of this many ticks."""


class Plane(NamedTuple):
    """Where ticks lie."""

    crs: str
    """Of the coordinates that become ticks (WKT)."""
    west: float
    """Of the corner [m of Web Mercator]."""
    north: float
    tick: float
    """Side of a tick [m of Web Mercator]."""

    def to_ticks(self, points: Floats) -> Ints:
        """Ticks of points [m]; y grows southwards, as on a screen."""
        x, y = self._mercator.transform(points[:, 0], points[:, 1])
        return np.rint(np.column_stack([x - self.west, self.north - y]) / self.tick).astype(np.int64)

    @property
    def _mercator(self) -> pyproj.Transformer:
        return _transformer(self.crs, "EPSG:3857")


def plane_of(crs: pyproj.CRS, bounds: npt.ArrayLike) -> Plane:
    """The plane of a place: its corner lies by the corner of the bounds (west, south, east, north [m])."""
    west, south, east, north = map(float, np.asarray(bounds))
    source = pyproj.CRS(crs).to_wkt()
    corners = np.array([(west, south), (west, north), (east, south), (east, north)]).T
    x, y = _transformer(source, "EPSG:3857").transform(*corners)
    _, latitude = _transformer(source, "EPSG:4326").transform((west + east) / 2, (south + north) / 2)
    return Plane(source, float(min(x)), float(max(y)), TICK_M / float(np.cos(np.radians(latitude))))


@cache
def _transformer(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)

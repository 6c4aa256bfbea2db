"""GCJ-02 and BD-09 back to WGS84, by the formula that is publicly known; it is not the official one.

Source of the formula: the eviltransform and PRCoords notes on GCJ-02. Five fixed-point iterations leave less than 0.1 mm.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Degrees = npt.NDArray[np.float64]

_AXIS = 6378245.0
"""Half the long axis of the Krasovsky ellipsoid [m]."""
_ECCENTRICITY = 0.00669342162296594323
"""Its first eccentricity, squared."""
_BAIDU = np.pi * 3000 / 180
_ITERATIONS = 5


def _waves(offset: Degrees, twelfth: float, thirtieth: float) -> Degrees:
    """Waves of an offset along one axis [m]; the heights of the two longest differ between the axes."""
    turn = np.pi * offset
    short = 20 * np.sin(turn) + 40 * np.sin(turn / 3)
    return 2 / 3 * (short + twelfth * np.sin(turn / 12) + thirtieth * np.sin(turn / 30))


def _shift(lonlat: Degrees) -> Degrees:
    """How far GCJ-02 moves points [degrees]."""
    x, y = lonlat[:, 0] - 105.0, lonlat[:, 1] - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 2 / 3 * (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple + _waves(x, 150, 300)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple + _waves(y, 160, 320)
    latitude = np.radians(lonlat[:, 1])
    flat = 1 - _ECCENTRICITY * np.sin(latitude) ** 2
    across = _AXIS / np.sqrt(flat) * np.cos(latitude)
    along = _AXIS * (1 - _ECCENTRICITY) / flat**1.5
    return np.degrees(np.column_stack([east / across, north / along]))


def to_gcj02(lonlat: Degrees) -> Degrees:
    """WGS84 -> GCJ-02 [degrees]."""
    return lonlat + _shift(lonlat)


def to_bd09(lonlat: Degrees) -> Degrees:
    """WGS84 -> BD-09 [degrees]."""
    return _gcj_to_bd(to_gcj02(lonlat))


def _gcj_to_bd(lonlat: Degrees) -> Degrees:
    x, y = lonlat.T
    radius = np.hypot(x, y) + 2e-5 * np.sin(y * _BAIDU)
    angle = np.arctan2(y, x) + 3e-6 * np.cos(x * _BAIDU)
    return np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])


def _inverse(forward: Callable[[Degrees], Degrees], lonlat: Degrees) -> Degrees:
    guess = lonlat
    for _ in range(_ITERATIONS):
        guess = guess - (forward(guess) - lonlat)
    return guess


def from_gcj02(lonlat: Degrees) -> Degrees:
    """GCJ-02 -> WGS84 [degrees]."""
    return _inverse(to_gcj02, lonlat)


def from_bd09(lonlat: Degrees) -> Degrees:
    """BD-09 -> WGS84 [degrees]."""
    return from_gcj02(_inverse(_gcj_to_bd, lonlat))


DATUMS: dict[str, Callable[[Degrees], Degrees]] = {"GCJ02": from_gcj02, "BD09": from_bd09}
"""Names that `crs` takes besides those of reference systems, without their hyphen."""

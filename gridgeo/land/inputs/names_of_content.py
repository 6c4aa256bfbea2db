"""Names made from content and place, so that row order cannot matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import shapely

from gridgeo.coverage import Shapes


def place_names(prefixes: Iterable[str], polygons: Shapes) -> list[str]:
    """Prefix and a point inside each polygon: ``prefix@x_y`` [cm]."""
    points = np.round(shapely.get_coordinates(shapely.point_on_surface(polygons)) * 100).astype(np.int64)
    return [f"{prefix}@{x}_{y}" for prefix, (x, y) in zip(prefixes, points, strict=True)]


def unique_names(names: list[str], polygons: Shapes) -> list[str]:
    """The same names; of several that are equal, all but the first by geometry get a number."""
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if not repeated:
        return names
    out = list(names)
    for name in repeated:
        same = [k for k, other in enumerate(names) if other == name]
        same.sort(key=lambda k: bytes(shapely.to_wkb(polygons[k])))
        for number, k in enumerate(same[1:], start=2):
            out[k] = f"{name}~{number}"
    return unique_names(out, polygons)

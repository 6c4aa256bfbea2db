"""Numbers for new parts, in reading order, and the codes that they make.

A code is the code of the parent and the digits of the tier. The standards count from west to east and from north to south
(DB11/T 2157-2023, 5.4).
"""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage.precision import Ints, Shapes
from gridgeo.errors import CodeError
from gridgeo.messages import say
from gridgeo.model.scheme import Tier


def number(parts: gpd.GeoDataFrame, tier: Tier, *, reserved: Collection[str] = ()) -> pd.Series:
    """Codes of new parts.

    Parameters
    ----------
    parts
        Reads: `parent` (code), `dedicated` (bool), geometry (CRS in metres); `kept`, if there is such a column: the code that a
        part has already, missing for new ones.
    tier
        Its width is the number of digits added.
    reserved
        Codes that no new part may get.

    Returns
    -------
    codes
        Text, index of `parts`. Ordinary parts count from 1 in each parent, dedicated ones from the first number of the top tenth
        (901 of three digits, 91 of two), both in the reading order of all parts of the parent. Numbers of kept parts are left out.

    Raises
    ------
    CodeError
        If a parent has more parts than its digits can number.
    """
    kept = parts["kept"] if "kept" in parts else pd.Series(pd.NA, index=parts.index)
    codes = kept.astype("string").to_numpy(dtype=object, na_value=None)
    shapes, is_dedicated = parts.geometry.to_numpy(), parts["dedicated"].to_numpy(dtype=bool)
    reserved = frozenset(reserved)
    for parent, rows in parts.groupby("parent", sort=True).indices.items():
        # One order for all parts of a parent: a dedicated zone takes its place in the rows, though not a number of theirs.
        ordered = rows[reading_order(shapes[rows])]
        taken = set(codes[rows])
        for dedicated in (False, True):
            members = ordered[is_dedicated[ordered] == dedicated]
            first, last = (tier.capacity + 1, tier.capacity + tier.reserved) if dedicated else (1, tier.capacity)
            new = [row for row in members if codes[row] is None]
            free = [f"{parent}{value:0{tier.width}d}" for value in range(first, last + 1)]
            free = [code for code in free if code not in taken and code not in reserved]
            if len(new) > len(free):
                n, room = len(members), last - first + 1
                raise CodeError(say("code_exhausted", parent=parent, tier=tier.name, n=n, room=room, width=tier.width))
            codes[new] = free[: len(new)]
    return pd.Series(codes, index=parts.index, dtype="string", name="code")


def reading_order(polygons: Shapes) -> Ints:
    """Positions of polygons in reading order: bands from the north, in a band from west to east.

    A band is sqrt(area / number) high, measured from the northern edge of all; a polygon is in the band of its
    representative point. The standards leave open what a row is; a band as high as a typical polygon is wide makes
    consecutive numbers neighbours.
    """
    points = shapely.get_coordinates(shapely.point_on_surface(polygons))
    height = np.sqrt(shapely.area(polygons).sum() / len(polygons))
    band = np.floor((shapely.bounds(polygons)[:, 3].max() - points[:, 1]) / height)
    return np.lexsort((-points[:, 1], points[:, 0], band))

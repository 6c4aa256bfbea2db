"""Tables whose rows lie where two columns of coordinates say."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.model import columns_named

_EAST = ("lon", "lng", "long", "longitude", "经度", "x", "x坐标", "横坐标")
_NORTH = ("lat", "latitude", "纬度", "y", "y坐标", "纵坐标")


def with_points(table: pd.DataFrame) -> pd.DataFrame:
    """A table with its points, in no system that anybody has named; the table itself if it has no coordinates.

    A row without two numbers has no geometry.
    """
    east, north = columns_named(table.columns, _EAST), columns_named(table.columns, _NORTH)
    if not east or not north:
        return table
    x, y = (pd.to_numeric(table[name[0]], errors="coerce").to_numpy(dtype=float) for name in (east, north))
    points = np.asarray(shapely.points(x, y), dtype=object)
    points[~np.isfinite(x) | ~np.isfinite(y)] = None
    return gpd.GeoDataFrame(table.drop(columns=[east[0], north[0]]), geometry=points)


def are_degrees(table: gpd.GeoDataFrame) -> bool:
    """Whether all points could be longitudes and latitudes."""
    west, south, east, north = table.total_bounds
    return bool(west >= -180 and east <= 180 and south >= -90 and north <= 90)

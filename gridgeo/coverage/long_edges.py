"""From degrees to metres: a straight line in degrees is a curve in the plane, so long edges get points between first.

A parallel of latitude leaves the straight line between two of its points by length^2 tan(latitude) / (8 x 6,371 km): 2.4 cm over
1.2 km at 40 degrees. Two layers that share a line, but not all points of it, would come apart by that.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

LONGEST_DEGREES = 0.003
"""Longer edges are cut into equal pieces [degrees]: what is left is at most 1.1 mm, at any latitude, for the length of a degree of
longitude shrinks as the tangent grows."""


LONGEST_M = 300.0
"""The same on a web map, whose lines are straight where latitude and longitude are [units of its CRS]."""

_WEB_MAP = "Popular Visualisation Pseudo Mercator"


def brought_to(table: gpd.GeoDataFrame, crs: Any) -> gpd.GeoDataFrame:
    """A table in another CRS; points are put into long edges in degrees or on a web map, and nothing else changes."""
    web_map = table.crs.is_projected and table.crs.coordinate_operation.method_name == _WEB_MAP
    if not (table.crs.is_geographic or web_map):
        return table.to_crs(crs)
    longest = LONGEST_M if web_map else LONGEST_DEGREES
    shapes = table.geometry.to_numpy().copy()
    west, south, east, north = shapely.bounds(shapes).T
    with np.errstate(invalid="ignore"):
        extent = np.maximum(east - west, north - south)
        large = (extent > longest) & np.isfinite(extent)
    large &= shapely.get_dimensions(shapes) > 0
    shapes[large] = shapely.segmentize(shapes[large], longest)
    return table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs)).to_crs(crs)

"""Unions of polygons of a coverage, and measures of their outlines."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage.arc_topology import is_edge_matched
from gridgeo.coverage.precision import Flags, Floats, Shapes


def is_exact(polygons: Shapes) -> bool:
    """Whether polygons are valid and fit edge to edge, vertex for vertex, without overlap."""
    return bool(shapely.is_valid(polygons).all()) and is_edge_matched(polygons)


def unite(polygons: gpd.GeoSeries, key: pd.Series, *, exact: bool) -> gpd.GeoSeries:
    """Unions of polygons by key, in the order of the keys.

    Parameters
    ----------
    exact
        Whether the polygons are an exact coverage. Then shared edges are simply struck out and no point moves; anything else is
        united the slow way.
    """
    names = key.to_numpy(dtype=str)
    order = np.argsort(names, kind="stable")
    keys, start = np.unique(names[order], return_index=True)
    union = shapely.coverage_union_all if exact else shapely.union_all
    united = [union(group) for group in np.split(polygons.to_numpy()[order], start[1:])]
    return gpd.GeoSeries(united, index=pd.Index(keys, name=key.name), crs=polygons.crs)


def compactness(polygons: Shapes) -> Floats:
    """4 pi area / outline² of polygons, 1 for a circle (Polsby and Popper 1991)."""
    compact: Floats = 4 * np.pi * shapely.area(polygons) / shapely.length(polygons) ** 2
    return compact


def narrow(polygons: Shapes, width_m: float) -> Flags:
    """Polygons in which no circle of a width fits.

    The largest circle in a shape has a radius of at least its area by its perimeter, which spares most the closer look.
    """
    out = 2 * shapely.area(polygons) < width_m * shapely.length(polygons)
    out[out] = shapely.is_empty(shapely.buffer(polygons[out], -width_m / 2))
    return out

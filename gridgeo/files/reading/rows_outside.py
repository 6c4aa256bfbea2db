"""Buildings that lie in no community: whose they are, a neighbour's or nobody's."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.files.reading.reading_log import LayerLog, places
from gridgeo.model import BORDER_M

STRIP_M = 100.0
"""Widest strip between communities that is taken for land which somebody forgot [m]."""

Shapes = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]


def without_outside(buildings: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, log: LayerLog) -> gpd.GeoDataFrame:
    """Set buildings aside of which less than half lies in the communities.

    They are a neighbour's to count, but for those in a hole of the communities or in a strip between them: these are nobody's.
    """
    shapes, land = buildings.geometry.to_numpy().copy(), communities.geometry.to_numpy()
    inside = _inside(shapes, land)
    lost = np.flatnonzero(~inside)
    if len(lost):
        enclosed = shapely.intersects(_enclosed(land), shapely.centroid(shapes[lost]))
        log.set_aside(buildings.index[lost[~enclosed]], "outside", places(shapes[lost[~enclosed]]))
        log.set_aside(buildings.index[lost[enclosed]], "outside_enclosed", places(shapes[lost[enclosed]]))
    on_border = inside & (shapely.get_dimensions(shapes) == 0)
    shapes[on_border] = _on_land(shapes[on_border], land)
    return buildings.set_geometry(shapes, crs=buildings.crs)[inside]


def note_strips(communities: gpd.GeoDataFrame, log: LayerLog) -> None:
    """Note strips of land between communities, which belong to none of them."""
    land = communities.geometry.to_numpy()
    if len(land) > 1:
        strips = shapely.get_parts(shapely.difference(_strips(land), shapely.union_all(land)))
        wide = strips[~shapely.is_empty(shapely.buffer(strips, -BORDER_M / 2))]
        for strip, place in zip(wide, places(wide), strict=True):
            log.noted("communities_strip", f"{shapely.area(strip):.0f} m2 {place}")


def _inside(shapes: Shapes, land: Shapes) -> Flags:
    """Which shapes belong to the land: a point in it or on its border, or at least half of a footprint."""
    tree = shapely.STRtree(shapes)
    out = np.zeros(len(shapes), dtype=bool)
    out[tree.query(land, predicate="contains")[1]] = True
    community, at = tree.query(land, predicate="dwithin", distance=BORDER_M)
    community, at = community[~out[at]], at[~out[at]]
    share = np.bincount(at, shapely.area(shapely.intersection(shapes[at], land[community])), minlength=len(shapes))
    near = np.zeros(len(shapes), dtype=bool)
    near[at] = True
    points = shapely.get_dimensions(shapes) == 0
    return out | (near & (points | (share >= (shapely.area(shapes) - shapely.length(shapes) * BORDER_M) / 2)))


def _on_land(points: Shapes, land: Shapes) -> Shapes:
    """Points on a border, led onto the land where they miss it by less than the tolerance."""
    off = np.ones(len(points), dtype=bool)
    off[shapely.STRtree(points).query(land, predicate="intersects")[1]] = False
    out = points.copy()
    if off.any():
        nearest = shapely.STRtree(land).nearest(points[off])
        spots = shapely.get_point(shapely.shortest_line(land[nearest], points[off]), 0)
        out[off] = spots
    return out


def _enclosed(land: Shapes) -> Any:
    """The land with its holes, and with the strips between communities."""
    return shapely.union(_without_holes(shapely.union_all(land)), _strips(land))


def _strips(land: Shapes) -> Any:
    """What lies between different communities and is no wider than a strip, with the land on both sides.

    What closing does to one community alone, such as a notch in its outline, is a neighbour's.
    """
    closed = _without_holes(_closed(shapely.union_all(land)))
    alone = [shapely.difference(_closed(shape), shape) for shape in land]
    return shapely.difference(closed, shapely.union_all(alone))


def _closed(land: Any) -> Any:
    grown = shapely.buffer(land, STRIP_M / 2, join_style="mitre")
    return shapely.buffer(grown, -STRIP_M / 2, join_style="mitre")


def _without_holes(land: Any) -> Any:
    return shapely.union_all(shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(land))))

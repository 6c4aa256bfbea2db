"""Lines and areas of a site's layers that bound blocks, on the precision grid."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import geopandas as gpd
import numpy as np
import shapely

from gridgeo.barriers import LINES, Walls, are_bounding, are_closed, are_walked, lines_of, off_ground, shapes_of
from gridgeo.coverage import APART, Shapes, noded_faces, none, shapes_over, to_precision_grid, united
from gridgeo.model import Site

RAILWAY_LAND = "railway"
"""Class of landuse whose polygons are railway land."""

MIN_WIDTH_M = 12.0
"""Land in which no circle of this size fits is no block [m]: axes of two carriageways of two lanes and a median."""

_POLYGONS = (3, 6)


def bounding_lines(site: Site, unbounding: Collection[str], walls: Walls) -> dict[str, Shapes]:
    """Lines on the ground that bound blocks, by layer; walls with what closes their openings."""
    named = {"streets": unbounding}
    tables = {role: site.layer(role) for role in LINES if role != "barriers"}
    return {
        role: lines_of(shapes_of(table, are_bounding(table, role, named.get(role)) & ~off_ground(table)))
        for role, table in tables.items()
    } | {"barriers": walls.closed}


def bridge_heads(site: Site, lines: Mapping[str, Shapes]) -> Shapes:
    """Points at which a line of a layer goes on over a bridge, or in a tunnel."""
    heads = [none()]
    for role, ground in lines.items():
        table = site.layer(role)
        above = lines_of(shapes_of(table, off_ground(table)))
        ends = np.concatenate([shapely.get_point(above, 0), shapely.get_point(above, -1)])
        heads.append(ends[np.unique(shapely.STRtree(ends).query(ground, predicate="dwithin", distance=APART)[1])])
    return np.concatenate(heads)


def crossing_lines(site: Site) -> tuple[Shapes, Shapes]:
    """Lines that may lead across water or railway land, whatever their level, and lines of `links` that close a way."""
    streets, links = site.layer("streets"), site.layer("links")
    closed = are_closed(links)
    return np.concatenate([shapes_of(streets, are_walked(streets)), shapes_of(links, ~closed)]), shapes_of(
        links, closed
    )


def water_of(site: Site) -> Shapes:
    """Water as disjoint polygons; their outlines bound blocks, the outline of one inside another does not."""
    return one_cover(shapes_of(site.layer("water")))


def railway_land_of(site: Site) -> Shapes:
    """Railway land as disjoint polygons."""
    landuse = site.layer("landuse")
    return one_cover(shapes_of(landuse, landuse["class"].isin([RAILWAY_LAND]).to_numpy(dtype=bool)))


def polygons_of_layer(layer: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """The polygons of a layer, valid, on the precision grid, sorted by id."""
    kept = layer.geometry[np.isin(shapely.get_type_id(layer.geometry.array), _POLYGONS)].sort_index(kind="stable")
    shapes = to_precision_grid(np.asarray(kept.array, dtype=object))
    out = gpd.GeoSeries(shapes, index=kept.index, crs=layer.crs)
    return out[~out.is_empty]


def one_cover(shapes: Shapes) -> Shapes:
    """The polygons among shapes as disjoint ones on the precision grid: what touches is one."""
    shapes = shapely.get_parts(to_precision_grid(shapes[np.isin(shapely.get_type_id(shapes), _POLYGONS)]))
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=APART)
    together = np.bincount(one[one != other], minlength=len(shapes)) > 0
    faces = noded_faces(shapely.boundary(shapes[together]))
    faces = faces[np.unique(shapes_over(faces, shapes[together])[0])]
    whole, _ = united(faces, np.zeros(len(faces), dtype=np.int64))
    parts = np.concatenate([shapes[~together], whole])
    return parts[np.argsort(shapely.to_wkb(parts), kind="stable")]

"""Which lines and outlines of a site bound its blocks."""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.land.noding import noded_faces
from gridgeo.land.planar import APART, Flags, Ints, Shapes, on_grain, shapes_over, united
from gridgeo.site import GRAIN, Site

UNBOUNDING = frozenset(
    {
        *("footway", "path", "trail", "steps", "elevator", "crossing", "platform", "corridor", "via_ferrata"),
        *("cycleway", "bridleway", "track", "service"),
        *("construction", "proposed"),
    }
)
"""Classes of streets (`highway`) that do not bound a block: ways inside blocks, and what is not yet built."""

HARD_BARRIERS = frozenset(
    ["city_wall", "fence", "guard_rail", "jersey_barrier", "noise_barrier", "retaining_wall", "wall"]
)
"""Barriers that bound a block; hedges, kerbs and the like do not. A barrier without a class bounds."""

HARD_WATERWAYS = frozenset({"river", "canal"})
"""Waterways that bound a block; streams, ditches and drains do not. A waterway without a class bounds."""

SOFT_RAILWAYS = frozenset({"abandoned", "construction", "disused", "platform", "proposed", "razed", "station", "tram"})
"""Railways that do not bound a block: trams run in streets, the others carry no trains. A railway without a class bounds."""

LINKING_NOBODY = frozenset({"motorway", "motorway_link", "construction", "proposed"})
"""Streets that nobody walks or drives from bank to bank: without access to what is beside them, or not yet built."""

CLOSED = frozenset({"closed", "remove"})
"""Kinds of `links` that say that there is no way."""

RAILWAY_LAND = "railway"
"""Class of landuse whose polygons are railway land."""

_LINES = (1, 2, 5)
_POLYGONS = (3, 6)


def bounding_lines(site: Site, unbounding: Collection[str]) -> Shapes:
    """Lines that bound blocks: streets, railways, hard waterways, hard barriers; bridges and tunnels do not bound."""
    return np.concatenate([street_lines(site, unbounding), hard_lines(site)])


def street_lines(site: Site, unbounding: Collection[str]) -> Shapes:
    """Streets that bound blocks."""
    return lines_of(shapes_of(bounding_streets(site, unbounding)))


def hard_lines(site: Site) -> Shapes:
    """Lines that bound blocks and are no streets."""
    return lines_of(np.concatenate([shapes_of(rows) for rows in hard_rows(site)]))


def bounding_streets(site: Site, unbounding: Collection[str]) -> gpd.GeoDataFrame:
    """Rows of the streets that bound blocks."""
    streets = site.layer("streets")
    return streets[~_is_in(streets["highway"], unbounding, unknown=False) & _on_ground(streets, "bridge", "tunnel")]


def hard_rows(site: Site) -> list[gpd.GeoDataFrame]:
    """Rows of the railways, waterways and barriers that bound blocks."""
    railways, waterways, barriers = site.layer("railways"), site.layer("waterways"), site.layer("barriers")
    trains = ~_is_in(railways["railway"], SOFT_RAILWAYS, unknown=False) & _on_ground(railways, "bridge", "tunnel")
    deep = _is_in(waterways["waterway"], HARD_WATERWAYS) & _on_ground(waterways, "tunnel")
    return [railways[trains], waterways[deep], barriers[_is_in(barriers["barrier"], HARD_BARRIERS)]]


def crossing_lines(site: Site) -> tuple[Shapes, Shapes]:
    """Lines that may lead across water or railway land, whatever their level, and lines of `links` that close a way."""
    streets, links = site.layer("streets"), site.layer("links")
    closed = _is_in(links["kind"], CLOSED, unknown=False)
    walked = ~_is_in(streets["highway"], LINKING_NOBODY, unknown=False)
    return np.concatenate([shapes_of(streets, walked), shapes_of(links, ~closed)]), shapes_of(links, closed)


def lines_of(shapes: Shapes) -> Shapes:
    """Lines, and outlines of polygons, as single lines on the grain, in an order of their own."""
    parts = shapely.get_parts(shapes)
    closed = np.isin(shapely.get_type_id(parts), _POLYGONS)
    parts[closed] = shapely.boundary(parts[closed])
    parts = shapely.get_parts(shapely.set_precision(parts, GRAIN, mode="pointwise"))
    parts = parts[np.isin(shapely.get_type_id(parts), _LINES) & ~shapely.is_empty(parts)]
    return parts[np.argsort(shapely.to_wkb(parts), kind="stable")]


def pieces_of(shapes: Shapes, rows: Ints) -> tuple[Shapes, Ints]:
    """The lines among the parts of shapes, and the row of each; in an order of their own within a row."""
    parts, part = shapely.get_parts(shapes, return_index=True)
    parts, part = shapely.get_parts(parts), np.repeat(part, shapely.get_num_geometries(parts))
    kept = np.isin(shapely.get_type_id(parts), _LINES) & ~shapely.is_empty(parts)
    parts, rows = parts[kept], rows[part[kept]]
    order = np.lexsort((shapely.to_wkb(parts), rows))
    return parts[order], rows[order]


def water_of(site: Site) -> Shapes:
    """Water as disjoint polygons; their outlines bound blocks, the outline of one inside another does not."""
    return one_cover(shapes_of(site.layer("water")))


def railway_land_of(site: Site) -> Shapes:
    """Railway land as disjoint polygons."""
    landuse = site.layer("landuse")
    return one_cover(shapes_of(landuse, _is_in(landuse["class"], {RAILWAY_LAND}, unknown=False)))


def shapes_of(layer: gpd.GeoDataFrame, chosen: Flags | None = None) -> Shapes:
    """Geometries that are there, of chosen rows if not of all, as an array."""
    shapes = np.asarray(layer.geometry.array, dtype=object)[slice(None) if chosen is None else chosen]
    return shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]


def polygons_of_layer(layer: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """The polygons of a layer, valid, on the grain, sorted by id."""
    kept = layer.geometry[np.isin(shapely.get_type_id(layer.geometry.array), _POLYGONS)].sort_index(kind="stable")
    shapes = on_grain(np.asarray(kept.array, dtype=object))
    out = gpd.GeoSeries(shapes, index=kept.index, crs=layer.crs)
    return out[~out.is_empty]


def one_cover(shapes: Shapes) -> Shapes:
    """The polygons among shapes as disjoint ones on the grain: what touches is one."""
    shapes = shapely.get_parts(on_grain(shapes[np.isin(shapely.get_type_id(shapes), _POLYGONS)]))
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=APART)
    together = np.bincount(one[one != other], minlength=len(shapes)) > 0
    faces = noded_faces(shapely.boundary(shapes[together]))
    faces = faces[np.unique(shapes_over(faces, shapes[together])[0])]
    whole, _ = united(faces, np.zeros(len(faces), dtype=np.int64))
    parts = np.concatenate([shapes[~together], whole])
    return parts[np.argsort(shapely.to_wkb(parts), kind="stable")]


def _on_ground(layer: gpd.GeoDataFrame, *columns: str) -> Flags:
    """Rows of which none of the columns is true."""
    above = [layer[column].astype("boolean").to_numpy(dtype=bool, na_value=False) for column in columns]
    return ~np.logical_or.reduce(above)


def _is_in(column: pd.Series, classes: Collection[str], *, unknown: bool = True) -> Flags:
    """Whether the class is one of these; for an unknown one what is said."""
    flags: Flags = column.isin(classes).to_numpy(dtype=bool)
    return flags | column.isna().to_numpy(dtype=bool) if unknown else flags

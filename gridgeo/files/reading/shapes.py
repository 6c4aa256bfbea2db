"""Geometry of single rows: what is missing, of the wrong kind, or drawn wrongly."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.files.reading.reading_log import LayerLog, places
from gridgeo.model import ROLES

Shapes = npt.NDArray[Any]

_DIMENSION = {"point": 0, "line": 1, "polygon": 2}
_AMBIGUOUS = 0.01
"""Share of the area of a wrongly drawn polygon about which two ways of reading it may differ."""
SMALL_M2 = 4.0
"""A footprint below this is told of, for it may be a shed, or a slip [m2]."""
_COLLECTION = 7


def plain_shapes(table: gpd.GeoDataFrame, log: LayerLog) -> gpd.GeoDataFrame:
    """Rows with a finite shape, in two dimensions, of a kind that the role uses."""
    missing = table.geometry.isna().to_numpy()
    log.set_aside(table.index[missing], "geometry_missing")
    table = table[~missing]
    table = table.set_geometry(shapely.force_2d(table.geometry.to_numpy()), crs=table.crs)
    empty = shapely.is_empty(table.geometry.to_numpy())
    log.set_aside(table.index[empty], "geometry_empty")
    table = table[~empty]
    endless = _endless(table.geometry.to_numpy())
    if log.role == "communities":
        if endless.any():
            log.problem("boundary_wild", rows=table.index[endless])
    else:
        log.set_aside(table.index[endless], "geometry_not_finite")
    return _of_kind(_unpacked(table[~endless], log), log)


def _endless(shapes: Shapes) -> npt.NDArray[np.bool_]:
    """Which shapes have a coordinate that is no number; their bounds look normal."""
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    out = np.zeros(len(shapes), dtype=bool)
    out[owner[~np.isfinite(points).all(axis=1)]] = True
    return out


def _unpacked(table: gpd.GeoDataFrame, log: LayerLog) -> gpd.GeoDataFrame:
    """Collections give their parts of the highest dimension that the role uses."""
    shapes = table.geometry.to_numpy().copy()
    packed = np.flatnonzero(shapely.get_type_id(shapes) == _COLLECTION)
    if not len(packed):
        return table
    used = sorted((_DIMENSION[kind] for kind in ROLES[log.role].shapes), reverse=True)
    opened = []
    for at in packed:
        parts = _simple_parts(shapes[at])
        dimensions = shapely.get_dimensions(parts)
        best = next((dimension for dimension in used if (dimensions == dimension).any()), None)
        if best is not None:
            shapes[at] = _together(parts[dimensions == best], best)
            opened.append(at)
    log.repaired(table.index[opened], "collection_opened")
    return table.set_geometry(shapes, crs=table.crs)


def _simple_parts(shape: Any) -> Shapes:
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) > 3).any():
        parts = shapely.get_parts(parts)
    return parts[~shapely.is_empty(parts)]


def _together(parts: Shapes, dimension: int) -> Any:
    if len(parts) == 1:
        return parts[0]
    return (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)[dimension](parts)


def _of_kind(table: gpd.GeoDataFrame, log: LayerLog) -> gpd.GeoDataFrame:
    shapes = table.geometry.to_numpy()
    used = [_DIMENSION[kind] for kind in ROLES[log.role].shapes]
    wrong = ~np.isin(shapely.get_dimensions(shapes), used) | (shapely.get_type_id(shapes) == _COLLECTION)
    log.set_aside(table.index[wrong], "geometry_type", [shape.geom_type for shape in shapes[wrong]])
    return table[~wrong]


def mend(table: gpd.GeoDataFrame, log: LayerLog) -> gpd.GeoDataFrame:
    """Valid shapes that take up room; the boundary of a community is never mended, for it is a legal line."""
    table = _single(table)
    bad = ~shapely.is_valid(table.geometry.to_numpy())
    if log.role == "communities":
        _refuse(table[bad], log)
        return table[~bad]
    if bad.any():
        table = _mend_polygons(table, np.flatnonzero(bad), log)
    return _drop_collapsed(table, log)


def _refuse(table: gpd.GeoDataFrame, log: LayerLog) -> None:
    if len(table):
        log.problem(
            "boundary_invalid",
            rows=table.index,
            values=[shapely.is_valid_reason(shape) for shape in table.geometry],
        )


def _single(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Multi-shapes of one part become that part."""
    shapes = table.geometry.to_numpy().copy()
    lone = (shapely.get_type_id(shapes) >= 4) & (shapely.get_num_geometries(shapes) == 1)
    shapes[lone] = shapely.get_geometry(shapes[lone], 0)
    return table.set_geometry(shapes, crs=table.crs)


def _mend_polygons(table: gpd.GeoDataFrame, at: npt.NDArray[np.intp], log: LayerLog) -> gpd.GeoDataFrame:
    """Mend invalid polygons.

    A wrongly drawn ring has no area of its own: two readings, by structure and by linework, bound it. Where they differ, a
    footprint is kept and said so; land of other layers is set aside, for it may cover what it should not.
    """
    shapes = table.geometry.to_numpy().copy()
    drawn = shapes[at]
    polygonal = shapely.get_dimensions(drawn) == 2
    at, drawn = at[polygonal], drawn[polygonal]
    mended = shapely.make_valid(drawn, method="structure", keep_collapsed=False)
    after, before = shapely.area(mended), shapely.area(shapely.make_valid(drawn, method="linework"))
    unsure = np.abs(after - before) > _AMBIGUOUS * np.maximum(after, before)
    details = [f"{a:.2f} m2 / {b:.2f} m2 {place}" for a, b, place in zip(before, after, places(drawn), strict=True)]
    solid = after > 0
    keep = solid & ~unsure if log.role != "buildings" else solid
    shapes[at[keep]] = mended[keep]
    rows = table.index[at]
    log.repaired(rows[keep], "ring_repaired", [d for d, k in zip(details, keep, strict=True) if k])
    aside = solid & ~keep
    log.set_aside(rows[aside], "ring_unclear", [d for d, k in zip(details, aside, strict=True) if k])
    left = np.ones(len(table), dtype=bool)
    left[at[aside]] = False
    return _single(table.set_geometry(shapes, crs=table.crs)[left])


def _drop_collapsed(table: gpd.GeoDataFrame, log: LayerLog) -> gpd.GeoDataFrame:
    """Polygons without area and lines without length; a building among them stays as a point."""
    shapes = table.geometry.to_numpy().copy()
    size = np.where(shapely.get_dimensions(shapes) == 2, shapely.area(shapes), shapely.length(shapes))
    flat = (shapely.get_dimensions(shapes) > 0) & ((size <= 0) | ~shapely.is_valid(shapes))
    if log.role == "buildings":
        shapes[flat] = _middles(shapes[flat])
        log.repaired(table.index[flat], "footprint_collapsed", places(shapes[flat]))
        several = shapely.get_type_id(shapes) == 4
        shapes[several] = shapely.centroid(shapes[several])
        log.repaired(table.index[several], "points_joined", places(shapes[several]))
        area = shapely.area(shapes)
        small = (area > 0) & (area < SMALL_M2)
        log.accepted(table.index[small], "footprint_small", [f"{m2:.2f} m2" for m2 in area[small]])
        return table.set_geometry(shapes, crs=table.crs)
    log.set_aside(table.index[flat], "geometry_collapsed", places(shapes[flat]))
    return table[~flat]


def _middles(shapes: Shapes) -> Shapes:
    """Middle of the bounds of each shape, as a point."""
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    return np.asarray(shapely.points((bounds[:, :2] + bounds[:, 2:]) / 2))


def explode(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Lines of several parts become rows of their own, with a number after their id; they keep the number of their row."""
    shapes = table.geometry.to_numpy()
    counts = shapely.get_num_geometries(shapes)
    lines = shapely.get_dimensions(shapes) == 1
    counts = np.where(lines, counts, 1)
    if (counts == 1).all():
        return table
    at = np.repeat(np.arange(len(table)), counts)
    part = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    several = counts[at] > 1
    out = table.iloc[at].copy()
    out["id"] = out["id"].mask(several, out["id"] + pd.Series([f"/{n}" for n in part], out.index, dtype="string"))
    parts = out.geometry.to_numpy().copy()
    parts[several] = shapely.get_geometry(parts[several], part[several] - 1)
    return out.set_geometry(parts, crs=table.crs)

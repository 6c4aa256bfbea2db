"""Which lines of a site bound blocks: one truth for reading them, for land and for what lies between cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage import PRECISION_M, Flags, Ints, Shapes

UNBOUNDING = frozenset(
    {
        *("footway", "path", "trail", "steps", "elevator", "crossing", "platform", "corridor", "via_ferrata"),
        *("cycleway", "bridleway", "track", "service"),
        *("construction", "proposed"),
    }
)
"""Classes of streets (`highway`) that do not bound a block: ways inside blocks, and what is not yet built."""

LINKING_NOBODY = frozenset({"motorway", "motorway_link", "construction", "proposed"})
"""Streets that nobody walks or drives across what they cross: without access to what is beside them, or not yet built."""

HARD_BARRIERS = frozenset(
    ["city_wall", "fence", "guard_rail", "jersey_barrier", "noise_barrier", "retaining_wall", "wall"]
)
"""Barriers that bound a block; hedges, kerbs and the like do not. A barrier without a class bounds."""

GATES = frozenset(
    {
        *("gate", "entrance", "lift_gate", "swing_gate", "sliding_gate", "sliding_beam", "wicket_gate", "kissing_gate"),
        *("hampshire_gate", "bump_gate", "sally_port", "turnstile", "full_height_turnstile", "full-height_turnstile"),
        *("stile", "cycle_barrier", "motorcycle_barrier", "bollard", "toll_booth", "border_control"),
    }
)
"""Barriers that people pass on foot at least, in the terms of OpenStreetMap (`barrier=*`): openings of the wall they stand in."""

HARD_WATERWAYS = frozenset({"river", "canal"})
"""Waterways that bound a block; streams, ditches and drains do not. A waterway without a class bounds."""

SOFT_RAILWAYS = frozenset({"abandoned", "construction", "disused", "platform", "proposed", "razed", "station", "tram"})
"""Railways that do not bound a block: trams run in streets, the others carry no trains. A railway without a class bounds."""

CLOSED = frozenset({"closed", "remove"})
"""Kinds of `links` that say that there is no way."""


class _Classes(NamedTuple):
    """Which rows of a layer bound, by a column; a row without a class does."""

    column: str
    named: frozenset[str]
    bound: bool
    """Whether those that are named bound, or all others."""


_LAYERS: Mapping[str, _Classes] = MappingProxyType(
    {
        "streets": _Classes("highway", UNBOUNDING, bound=False),
        "railways": _Classes("railway", SOFT_RAILWAYS, bound=False),
        "waterways": _Classes("waterway", HARD_WATERWAYS, bound=True),
        "barriers": _Classes("barrier", HARD_BARRIERS, bound=True),
    }
)

LINES = tuple(_LAYERS)
"""Layers of lines that bound blocks."""

_LINES, _POLYGONS = (1, 2, 5), (3, 6)


def are_bounding(table: pd.DataFrame, role: str, named: Collection[str] | None = None) -> Flags:
    """Rows of a layer of lines that bound blocks by their class, whatever their level.

    Parameters
    ----------
    named
        Other classes than the usual ones that bound, or do not, as the layer has it.
    """
    classes = _LAYERS[role]
    column = table[classes.column]
    among = column.isin(classes.named if named is None else named).to_numpy(dtype=bool)
    return np.where(column.isna().to_numpy(dtype=bool), True, among == classes.bound)


def off_ground(table: pd.DataFrame, columns: Collection[str] = ("bridge", "tunnel")) -> Flags:
    """Rows on a bridge or in a tunnel."""
    off = np.zeros(len(table), dtype=bool)
    for column in columns:
        if column in table:
            off |= table[column].astype("boolean").to_numpy(dtype=bool, na_value=False)
    return off


def are_walked(streets: pd.DataFrame) -> Flags:
    """Streets that lead somebody across what they cross."""
    return ~streets["highway"].isin(LINKING_NOBODY).to_numpy(dtype=bool)


def are_gates(barriers: pd.DataFrame) -> Flags:
    """Barriers that are passed."""
    flags: Flags = barriers["barrier"].isin(GATES).to_numpy(dtype=bool)
    return flags


def are_closed(links: pd.DataFrame) -> Flags:
    """Rows of `links` that say that there is no way."""
    flags: Flags = links["kind"].str.strip().str.lower().isin(CLOSED).to_numpy(dtype=bool)
    return flags


def shapes_of(layer: gpd.GeoDataFrame, chosen: Flags | None = None) -> Shapes:
    """Geometries that are there, of chosen rows if not of all, as an array."""
    shapes = np.asarray(layer.geometry.array, dtype=object)[slice(None) if chosen is None else chosen]
    return shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]


def lines_of(shapes: Shapes) -> Shapes:
    """Lines, and outlines of polygons, as single lines on the precision grid, in an order of their own."""
    parts = shapely.get_parts(shapes)
    closed = np.isin(shapely.get_type_id(parts), _POLYGONS)
    parts[closed] = shapely.boundary(parts[closed])
    parts = shapely.get_parts(shapely.set_precision(parts, PRECISION_M, mode="pointwise"))
    parts = parts[np.isin(shapely.get_type_id(parts), _LINES) & ~shapely.is_empty(parts)]
    return parts[np.argsort(shapely.to_wkb(parts), kind="stable")]


def line_parts(shapes: Shapes, rows: Ints) -> tuple[Shapes, Ints]:
    """The lines among the parts of shapes, and the row of each; in an order of their own within a row.

    Parameters
    ----------
    rows
        What each shape is counted to.
    """
    parts, part = shapely.get_parts(shapes, return_index=True)
    parts, part = shapely.get_parts(parts), np.repeat(part, shapely.get_num_geometries(parts))
    kept = np.isin(shapely.get_type_id(parts), _LINES) & ~shapely.is_empty(parts)
    parts, rows = parts[kept], rows[part[kept]]
    order = np.lexsort((shapely.to_wkb(parts), rows))
    return parts[order], rows[order]


def segments_of(shapes: Shapes) -> tuple[Shapes, Ints]:
    """Lines, and outlines of polygons, cut at their points; and the row that each segment is of."""
    shapes = np.where(shapely.get_dimensions(shapes) == 2, shapely.boundary(shapes), shapes)
    parts, row = shapely.get_parts(shapes, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    start = np.flatnonzero(part[1:] == part[:-1])
    segments = np.asarray(shapely.linestrings(np.stack([points[start], points[start + 1]], axis=1)))
    return segments, row[part[start]]

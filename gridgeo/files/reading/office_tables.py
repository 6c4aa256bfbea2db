"""Tables that an office keeps beside a plan: events, posts, lists of people. Rows stay as they are; where they lie is found out."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from gridgeo.errors import InputError
from gridgeo.files.reading.crs import georeference, read_crs
from gridgeo.files.reading.formats import SUFFIXES, TABLES, read_rows
from gridgeo.files.reading.point_tables import are_degrees
from gridgeo.files.reading.reading_log import LayerLog, ReadingLog
from gridgeo.messages import Text, say
from gridgeo.model import UNITS

_ROLE = "points"
_WGS84 = "EPSG:4326"


class OfficeTable(NamedTuple):
    """A table as it was read."""

    rows: pd.DataFrame
    """Every row of the file, in its order; with geometry if the file has any."""
    told: tuple[Text, ...] = ()
    """What was taken for granted."""


def read_table(path: str | Path, *, crs: str | None = None) -> OfficeTable:
    """Read a table or a layer of any format that sites are read from, every row of it.

    Parameters
    ----------
    path
        FILE or FILE:LAYER. Columns lon and lat, or x and y (经度, 纬度 ...), of a table without geometry are its points.
    crs
        Reference system where the file states none: EPSG code, WKT, ``GCJ-02`` or ``BD-09``. Degrees in columns of that name are
        taken for WGS 84 without it, which is told.

    Raises
    ------
    InputError
        If the file cannot be read.
    CrsError
        If it is not known in which system its coordinates are.
    """
    file, layer = _source(str(path))
    log, given = ReadingLog(), read_crs(crs)
    table = read_rows(file, layer, log.of(_ROLE))
    if table is None and {problem.reason for problem in log.problems} == {"layer_no_geometry"}:
        log = ReadingLog()
        table = read_rows(file, layer, log.of(UNITS))
    log.raise_if_any()
    if not isinstance(table, gpd.GeoDataFrame):
        return OfficeTable(pd.DataFrame(table))
    told: tuple[Text, ...] = ()
    if table.crs is None and given is None and file.suffix.lower() in TABLES and are_degrees(table):
        given, told = read_crs(_WGS84), (say("table_degrees", path=file.name),)
    return OfficeTable(_placed(table, given, log.of(_ROLE)), told)


def _source(text: str) -> tuple[Path, str | None]:
    """File and layer."""
    name, colon, layer = text.rpartition(":")
    file = Path(name) if colon and not Path(text).exists() and Path(name).suffix else Path(text)
    if not file.exists():
        raise InputError(say("file_missing", path=file))
    if file.suffix.lower() not in SUFFIXES:
        raise InputError(say("table_format", path=file.name, known=" ".join(sorted(SUFFIXES))))
    return file, layer if str(file) != text else None


def _placed(table: gpd.GeoDataFrame, given: object, log: LayerLog) -> gpd.GeoDataFrame:
    """The table in the system that its coordinates are in; rows without usable geometry keep their place."""
    shapes = table.geometry.to_numpy()
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    placed = georeference(table[there], given, log, communities=None)  # type: ignore[arg-type]
    log.log.raise_if_any()
    if placed is None:
        return table
    return gpd.GeoDataFrame(table.drop(columns="geometry"), geometry=placed.geometry.reindex(table.index))

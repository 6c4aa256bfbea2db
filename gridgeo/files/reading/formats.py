"""Reading one file: only formats that are known, opened by what they are, never by what a driver makes of them."""

from __future__ import annotations

import os
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
import shapely

from gridgeo.files.reading.packed_files import unpacked
from gridgeo.files.reading.point_tables import with_points
from gridgeo.files.reading.reading_log import LayerLog
from gridgeo.files.reading.shapefile import read_shapefile, shapefile_fault
from gridgeo.messages import Text, say
from gridgeo.model import UNITS

PARQUET = ".parquet"
TABLES = frozenset({".csv", ".xlsx"})
"""Endings of tables, which hold geometry only as two columns of coordinates."""
CONTAINERS = frozenset({".gpkg", ".gdb", ".kml", ".gml"})
"""Endings of what may hold several layers; a File Geodatabase is a folder."""
SUFFIXES = frozenset({PARQUET, ".geojson", ".json", ".shp", ".fgb", ".zip", *CONTAINERS, *TABLES})
"""Endings of what is read."""

GEOJSON = frozenset({".geojson", ".json"})
_EMPTY_PARTITION = "__HIVE_DEFAULT_PARTITION__"
"""What engines write in the name of a folder for a value that is missing."""
_BEGINNINGS = {
    PARQUET: b"PAR1",
    ".gpkg": b"SQLite format 3\0",
    ".shp": b"\x00\x00\x27\x0a",
    ".fgb": b"fgb\x03fgb",
    **dict.fromkeys((".zip", ".xlsx"), b"PK"),
}
_XML = frozenset({".kml", ".gml"})
_DRIVERS = {
    ".gpkg": "GPKG",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".fgb": "FlatGeobuf",
    ".gml": "GML",
    ".gdb": "OpenFileGDB",
    ".kml": "LIBKML",
    ".xlsx": "XLSX",
}
_OPEN = {
    ".gml": {"WRITE_GFS": "NO", "DOWNLOAD_SCHEMA": "NO"},
    ".xlsx": {"HEADERS": "FORCE", "FIELD_TYPES": "STRING"},
}
"""What a driver must be told: nothing is written beside a file, nothing is fetched, and codes are texts."""
_KINDS = {"point": "Point", "line": "LineString", "polygon": "Polygon"}
_HEAD = 65536
"""How much of a file is looked at before a driver may open it [bytes]."""

# Integers with gaps would else become floats, and long ids would lose digits.
_TYPES = {
    **dict.fromkeys((pa.int8(), pa.int16(), pa.int32(), pa.int64()), pd.Int64Dtype()),
    pa.bool_(): pd.BooleanDtype(),
}

ReadError = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.FeatureError,
    shapely.errors.ShapelyError,
    pyproj.exceptions.ProjError,
    pa.ArrowException,
    zipfile.BadZipFile,
    RuntimeError,
    ValueError,
    TypeError,
    KeyError,
    OSError,
)
"""What the readers of files raise on a damaged one."""


@contextmanager
def _quiet() -> Iterator[None]:
    """No warnings of GDAL: what a file does wrong shows in its rows, and there it is accounted for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", UserWarning)
        yield


def layer_names(path: Path, log: LayerLog) -> list[str]:
    """Names of the layers of a file, the layers of styles left out; a fault of the file is noted."""
    fault = _fault(path)
    if fault is None:
        try:
            with _quiet():
                return [str(name) for name, _ in pyogrio.list_layers(path) if name != "layer_styles"]
        except ReadError as error:
            fault = say("fault_why", why=error)
    log.problem("file_damaged", path=path.name, why=fault)
    return []


def is_layer(path: Path) -> bool:
    """Whether a file holds geometry by its first lines, as GeoJSON does."""
    with path.open("rb") as file:
        return _fault(path) is None and b'"Feature' in file.read(_HEAD)


def layer_kinds(path: Path, layer: str | None) -> frozenset[str]:
    """Kinds of geometry (point, line, polygon) that a layer says it holds; empty where it says nothing, or cannot be read."""
    try:
        with _quiet():
            told = _told_kinds(path, layer)
    except ReadError:
        return frozenset()
    return frozenset(kind for kind, word in _KINDS.items() if word in told)


def _told_kinds(path: Path, layer: str | None) -> str:
    if path.suffix.lower() == PARQUET:
        stored = pq.read_schema(part_files(path)[0] if path.is_dir() else path).metadata or {}
        return stored.get(b"geo", b"").decode()
    return str(pyogrio.read_info(path, layer=layer)["geometry_type"])


def part_files(folder: Path) -> list[Path]:
    """Parts of a layer that engines write as a folder, in natural order of their names; hidden files and folders are none."""
    found = []
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(("_", "."))]
        found += [
            Path(root, name) for name in files if name.lower().endswith(PARQUET) and not name.startswith(("_", "."))
        ]
    return sorted(found, key=lambda file: [_natural(name) for name in file.relative_to(folder).parts])


def _natural(name: str) -> list[tuple[int, str]]:
    """Key by which part-10 comes after part-9."""
    runs = re.split(r"([0-9]+)", name)
    return [(int(run), run) if at % 2 else (-1, run) for at, run in enumerate(runs)]


def read_rows(path: Path, layer: str | None, log: LayerLog) -> pd.DataFrame | None:
    """Rows as they stand in the file, indexed by their number; None, with the problem noted, if it cannot be read.

    A folder of parts is read as if it were one file; its rows are numbered over all parts.
    """
    if not path.is_dir() or path.suffix.lower() in CONTAINERS:
        return _read_file(path, path.name, log, layer=layer)
    parts = {f"{path.name}/{part.relative_to(path).as_posix()}": part for part in part_files(path)}
    tables = {name: _read_file(part, name, log, layer=None) for name, part in parts.items()}
    read = {name: _in_folders(table, parts[name], path) for name, table in tables.items() if table is not None}
    if len(read) < len(parts) or not _fit_together(read, log):
        return None
    return pd.concat(list(read.values()), ignore_index=True)


def _in_folders(table: pd.DataFrame, part: Path, folder: Path) -> pd.DataFrame:
    """Rows with the columns that stand in the names of folders, as in ``ward=Shibuya``."""
    told = [name.partition("=") for name in part.relative_to(folder).parts[:-1] if "=" in name]
    values = {unquote(name): None if value == _EMPTY_PARTITION else unquote(value) for name, _, value in told}
    new = {name: pd.Series(value, table.index, dtype="str") for name, value in values.items() if name not in table}
    return table.assign(**new)


def _fit_together(parts: dict[str, pd.DataFrame], log: LayerLog) -> bool:
    """Whether all parts have the same columns and the same reference system; one that has not is a problem."""
    (first, model), *others = parts.items()
    fit = True
    for name, table in others:
        odd = [str(column) for column in model.columns.symmetric_difference(table.columns)]
        other_crs = isinstance(model, gpd.GeoDataFrame) and table.crs != model.crs
        fit = fit and not odd and not other_crs
        if odd:
            log.problem("parts_differ", path=name, first=first, columns=", ".join(odd))
        elif other_crs:
            log.problem("crs_parts", path=name, first=first, crs=_said(table), other=_said(model))
    return fit


def _said(table: pd.DataFrame) -> str:
    return "-" if table.crs is None else str(table.crs.name)


def _read_file(path: Path, name: str, log: LayerLog, *, layer: str | None) -> pd.DataFrame | None:
    """Rows of one file, which messages call by this name."""
    fault = _fault(path)
    if fault is None:
        try:
            with _quiet():
                table = _read(path, layer, log.role)
        except ReadError as error:
            fault = say("fault_why", why=str(error) or type(error).__name__)
    if fault is not None:
        log.problem("file_damaged", path=name, why=fault)
        return None
    if log.role != UNITS and path.suffix.lower() in TABLES:
        table = with_points(table)
    if log.role != UNITS and not isinstance(table, gpd.GeoDataFrame):
        log.problem("layer_no_geometry", path=name)
        return None
    return _numbered(table)


def _numbered(table: pd.DataFrame) -> pd.DataFrame:
    """Rows by number; names of an index become a column, for a Parquet file may keep its ids there."""
    named = isinstance(table.index, pd.MultiIndex) or table.index.name is not None
    table = table.reset_index(drop=not named or table.index.name in table.columns)
    if isinstance(table, gpd.GeoDataFrame) and table.active_geometry_name != "geometry":
        table = table.drop(columns="geometry", errors="ignore").rename_geometry("geometry")
    return table


def _read(path: Path, layer: str | None, role: str) -> pd.DataFrame:
    suffix = path.suffix.lower()
    if suffix == PARQUET and role == UNITS:
        return pd.read_parquet(path, partitioning=None)
    if suffix == PARQUET:
        return gpd.read_parquet(path, partitioning=None, to_pandas_kwargs={"types_mapper": _TYPES.get})
    if suffix == ".csv":
        return _read_csv(path)
    if suffix == ".shp":
        return read_shapefile(path, _TYPES.get)
    if suffix == ".zip":
        with unpacked(path) as inner:
            fault = _fault(inner)
            if fault is not None:
                raise ValueError(str(fault))
            return _read(inner, None, role)
    return _read_layer(path, layer, suffix)


def _read_layer(path: Path, layer: str | None, suffix: str) -> pd.DataFrame:
    """Rows of a layer by the one driver of its format; as many as the file says there are, or it is damaged."""
    told: dict[str, Any] = _OPEN.get(suffix, {})
    info = pyogrio.read_info(path, layer=layer, **told)
    if info["driver"] != _DRIVERS[suffix]:
        raise ValueError(info["driver"])
    # Who let QGIS or ogr2ogr name the key of a GeoPackage "id" means these numbers by his ids.
    key = str(info["fid_column"]).casefold() == "id"
    options: dict[str, Any] = {
        "use_arrow": True,
        "on_invalid": "fix",
        "arrow_to_pandas_kwargs": {"types_mapper": _TYPES.get},
    }
    table = pyogrio.read_dataframe(path, layer=layer, fid_as_index=key, **options, **told)
    if 0 <= info["features"] != len(table):
        raise ValueError(str(say("fault_rows", read=len(table), stated=info["features"])))
    return table.rename_axis("id") if key else table


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype="str", encoding="utf-8-sig")
    except UnicodeDecodeError:
        return pd.read_csv(path, dtype="str", encoding="gb18030")


def _fault(path: Path) -> Text | None:
    """What is wrong with a file before any driver has seen it."""
    suffix = path.suffix.lower()
    if path.is_dir():
        return None
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if suffix in _XML and not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return say("fault_format", kind=suffix)
    if suffix in _BEGINNINGS and not head.startswith(_BEGINNINGS[suffix]):
        return say("fault_format", kind=suffix)
    # GDAL runs the commands of a JSON that describes a pipeline, whatever file or host they name.
    json = suffix in GEOJSON
    if json and (not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or b"gdal_streamed_alg" in head):
        return say("fault_format", kind="GeoJSON")
    return shapefile_fault(path, head) if suffix == ".shp" else None

"""The only writer: bytes, texts and GeoPackages, the same bytes for the same content.

Nothing that could differ between two runs (time, path, host, order of threads) enters a file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from gridgeo.files.exchange_formats import zipped
from gridgeo.files.replacing import dump, refuse_package, replace_file
from gridgeo.style import LayerLook, project_xml

_EPOCH = "2000-01-01T00:00:00.000Z"
"""Time stamped into GeoPackages in place of the clock."""

_STYLE_TABLE = """
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""

_PROJECT_TABLE = "CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, content BLOB)"
_PROJECT, _PROJECT_FILE = "gridgeo", "gridgeo.qgs"
_PROJECT_STATE = '{"last_modified_time": "2000-01-01T00:00:00", "last_modified_user": "gridgeo"}'


def write_bytes(path: str | Path, data: bytes, *, overwrite: bool = False) -> Path:
    """Write one file.

    Raises
    ------
    OutputError
        If the file exists and `overwrite` is False, is a symbolic link, or cannot be written.
    """
    return replace_file(path, partial(dump, data), overwrite=overwrite)


def write_text(path: str | Path, text: str, *, overwrite: bool = False) -> Path:
    """Write one UTF-8 text file; errors as `write_bytes`."""
    return write_bytes(path, text.encode("utf-8"), overwrite=overwrite)


def write_layers(
    path: str | Path,
    layers: Mapping[str, pd.DataFrame],
    *,
    looks: Mapping[str, LayerLook] | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a GeoPackage.

    Parameters
    ----------
    layers
        Name -> table, in the order in which they shall stand in the file; with geometry or without. The index is not written.
    looks
        Layer -> how QGIS shows it, from above to below: as the layer's style, and in a project inside the file. The project holds
        the file's name, by which alone QGIS finds its layers.

    Raises
    ------
    OutputError
        As `write_bytes`.
    """
    path = refuse_package(path, overwrite=overwrite)
    project = project_xml(layers, looks, path.name) if looks else ""

    def write(temporary: Path) -> None:
        temporary.unlink()
        with steady_clock():
            for name, table in layers.items():
                _write_layer(temporary, name, table)
        if looks:
            _write_styles(
                temporary, {name: looks[name].qml() for name in layers if name in looks and looks[name].styled}
            )
        if project:
            _write_project(temporary, project)

    return replace_file(path, write, overwrite=overwrite)


@contextmanager
def steady_clock() -> Iterator[None]:
    """GDAL with a clock that stands still, and without SQLite's care for power cuts: what is half written is thrown away."""
    wanted = {"OGR_CURRENT_DATE": _EPOCH, "OGR_SQLITE_SYNCHRONOUS": "OFF", "OGR_SQLITE_JOURNAL": "OFF"}
    before = {name: pyogrio.get_gdal_config_option(name) for name in wanted}
    pyogrio.set_gdal_config_options(wanted)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _write_layer(path: Path, name: str, table: pd.DataFrame) -> None:
    options = {"layer": name, "driver": "GPKG", "append": path.exists()}
    if isinstance(table, gpd.GeoDataFrame):
        # GDAL makes a layer of the most general kind of geometry that it meets: an empty one has none to meet.
        kind = "Unknown" if table.empty else None
        pyogrio.write_dataframe(
            table.reset_index(drop=True), path, geometry_type=kind, promote_to_multi=False, **options
        )
    else:
        pyogrio.write_dataframe(table.reset_index(drop=True), path, **options)


def _write_project(path: Path, project: str) -> None:
    archive = zipped({_PROJECT_FILE: project.encode("utf-8")})
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_PROJECT_TABLE)
        # QGIS keeps a project as the digits of its bytes.
        connection.execute("INSERT INTO qgis_projects VALUES (?, ?, ?)", (_PROJECT, _PROJECT_STATE, archive.hex()))


def _write_styles(path: Path, styles: Mapping[str, str]) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_STYLE_TABLE)
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)",
            (_EPOCH,),
        )
        connection.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, "
            "styleSLD, useAsDefault, description, owner, ui, update_time) VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', '', '', ?)",
            [(layer, layer, style, _EPOCH) for layer, style in styles.items()],
        )

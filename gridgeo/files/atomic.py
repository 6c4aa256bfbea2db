"""The only writer: bytes, texts and GeoPackages, the same bytes for the same content.

Nothing that could differ between two runs (time, path, host, order of threads) enters a file.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from gridgeo.errors import OutputError
from gridgeo.files.checksums import CHECKSUMS, EPOCH, is_own, layer_checksums
from gridgeo.files.exchange_formats import zipped
from gridgeo.files.replacing import dump, refuse_package, replace_file, workshop
from gridgeo.messages import say
from gridgeo.style import LayerLook, project_xml

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
    backup: bool = False,
) -> Path:
    """Write a GeoPackage, with checksums of its layers.

    Parameters
    ----------
    layers
        Name -> table, in the order in which they shall stand in the file; with geometry or without. The index is not written.
    looks
        Layer -> how QGIS shows it, from above to below: as the layer's style, and in a project inside the file. The project holds
        the file's name, by which alone QGIS finds its layers.
    backup
        Whether a file that is replaced is kept under its name with ``.bak``.

    Raises
    ------
    OutputError
        As `write_bytes`, and if a file that is to be replaced holds layers that others wrote.
    """
    path = refuse_package(path, overwrite=overwrite)
    if path.exists() and not is_own(path):
        raise OutputError(say("output_not_own", path=path))
    layers = {name: table for name, table in layers.items() if name != CHECKSUMS}  # those of another file
    project = project_xml(layers, looks, path.name) if looks else ""

    def write(temporary: Path) -> None:
        # Made where nothing but letters stands in the path and no network lies between; GDAL and SQLite care for both.
        with workshop() as folder:
            made = folder / "made.gpkg"
            with steady_clock():
                for name, table in layers.items():
                    _write_layer(made, name, table)
                _write_layer(made, CHECKSUMS, layer_checksums(made, layers))
            if looks:
                styled = [name for name in layers if name in looks and looks[name].styled]
                _write_styles(made, {name: looks[name].qml() for name in styled})
            if project:
                _write_project(made, project)
            shutil.copyfile(made, temporary)

    return replace_file(path, write, overwrite=overwrite, backup=backup)


@contextmanager
def steady_clock() -> Iterator[None]:
    """GDAL with a clock that stands still, and without SQLite's care for power cuts: what is half written is thrown away."""
    wanted = {"OGR_CURRENT_DATE": EPOCH, "OGR_SQLITE_SYNCHRONOUS": "OFF", "OGR_SQLITE_JOURNAL": "OFF"}
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
            (EPOCH,),
        )
        connection.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, "
            "styleSLD, useAsDefault, description, owner, ui, update_time) VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', '', '', ?)",
            [(layer, layer, style, EPOCH) for layer, style in styles.items()],
        )

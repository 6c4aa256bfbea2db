"""The only writer: a file is the old one or the new one, whole, whatever happens in between.

Everything is written to a temporary file in the same folder, flushed to the disk, and renamed. Nothing that could differ between
two runs (time, path, host, order of threads) enters a file, so the same content gives the same bytes.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from gridgeo.errors import OutputError
from gridgeo.messages import say

_EPOCH = "2000-01-01T00:00:00.000Z"
"""Time stamped into GeoPackages in place of the clock."""

_STYLE_TABLE = """
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""


def write_bytes(path: str | Path, data: bytes, *, overwrite: bool = False) -> Path:
    """Write one file.

    Raises
    ------
    OutputError
        If the file exists and `overwrite` is False, is a symbolic link, or cannot be written.
    """
    return _replace(Path(path), lambda temporary: _dump(temporary, data), overwrite=overwrite)


def write_text(path: str | Path, text: str, *, overwrite: bool = False) -> Path:
    """Write one UTF-8 text file; errors as `write_bytes`."""
    return write_bytes(path, text.encode("utf-8"), overwrite=overwrite)


def write_layers(
    path: str | Path,
    layers: Mapping[str, pd.DataFrame],
    *,
    styles: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a GeoPackage.

    Parameters
    ----------
    layers
        Name -> table, in the order in which they shall stand in the file; with geometry or without. The index is not written.
    styles
        Layer -> QGIS style (QML), used by QGIS when the layer is opened.

    Raises
    ------
    OutputError
        As `write_bytes`.
    """

    def write(temporary: Path) -> None:
        temporary.unlink()
        with _steady():
            for name, table in layers.items():
                _write_layer(temporary, name, table)
        if styles:
            _write_styles(temporary, styles)

    return _replace(refuse_package(path, overwrite=overwrite), write, overwrite=overwrite)


def refuse_package(path: str | Path, *, overwrite: bool = False) -> Path:
    """The same as `refuse_existing` for a GeoPackage, whose name has to say that it is one."""
    if Path(path).suffix.lower() != ".gpkg":
        raise OutputError(say("output_not_package", path=path))
    return refuse_existing(path, overwrite=overwrite)


def make_folder(path: str | Path) -> Path:
    """A folder to write to, made if it is missing.

    Raises
    ------
    OutputError
        If there is something else of that name, or it cannot be made.
    """
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(say("output_failed", path=path, why=error)) from error
    return Path(path)


def refuse_existing(path: str | Path, *, overwrite: bool = False) -> Path:
    """Refuse, before any work is done, a path that could not be written afterwards; errors as `write_bytes`."""
    path = Path(path)
    if path.is_symlink():
        raise OutputError(say("output_is_link", path=path))
    if path.is_dir() or (path.exists() and not overwrite):
        raise OutputError(say("output_exists", path=path))
    if not path.absolute().parent.is_dir():
        raise OutputError(say("output_no_folder", folder=path.parent, path=path))
    return path


def _replace(path: Path, write: Callable[[Path], None], *, overwrite: bool) -> Path:
    refuse_existing(path, overwrite=overwrite)
    # The suffix stays last, for GDAL tells formats apart by it.
    temporary = path.absolute().with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    try:
        # Rights are those of any new file here; those of the module tempfile would hide it from everybody else.
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        write(temporary)
        _sync(temporary)
        temporary.replace(path)
        _sync(path.absolute().parent)
    except (OSError, sqlite3.Error, pyogrio.errors.DataSourceError) as error:
        raise OutputError(say("output_failed", path=path, why=error)) from error
    finally:
        with suppress(OSError):  # it is renamed, or could not be made
            temporary.unlink()
    return path


def _dump(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _steady() -> Iterator[None]:
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

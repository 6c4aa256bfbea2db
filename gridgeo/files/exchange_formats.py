"""Tables as bytes of the formats in which offices pass them on: codes are text, nothing in them is run, same content same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from gridgeo.errors import OutputError
from gridgeo.files.replacing import workshop
from gridgeo.messages import say

_EPOCH = (2000, 1, 1)
"""Date in place of the clock's where a format wants one."""
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Beginnings of a text that a spreadsheet would take for a formula; the last four are as wide as a Chinese character."""
_DEGREE_DIGITS = "9"
"""Decimals of a degree: a tenth of a millimetre, so that borders of neighbours stay the same line."""
_DBF_BYTES = 254
"""Longest text of a field in a Shapefile [bytes]."""


def as_csv(table: pd.DataFrame, *, index: bool = False) -> bytes:
    """A table without geometry as CSV; a mark at its start tells spreadsheets that it is UTF-8, no text in it is a formula."""
    guarded = table.map(_guarded).rename(columns=_guarded)
    if index:
        guarded.index = guarded.index.map(
            lambda key: tuple(map(_guarded, key)) if isinstance(key, tuple) else _guarded(key)
        )
    return ("\ufeff" + guarded.to_csv(index=index, lineterminator="\r\n")).encode("utf-8")


def _guarded(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_LIVE) else value


def as_geojson(table: gpd.GeoDataFrame, layer: str) -> bytes:
    """A layer as GeoJSON, in WGS 84 as its standard (RFC 7946) wants it."""
    options = {"RFC7946": "YES", "COORDINATE_PRECISION": _DEGREE_DIGITS}
    return _encoded(table.to_crs("EPSG:4326"), "GeoJSON", layer=layer, options=options)


def as_kml(table: gpd.GeoDataFrame, layer: str) -> bytes:
    """A layer as KML, in WGS 84; its column `Name` is what stands on the map."""
    return _encoded(table.to_crs("EPSG:4326"), "KML", layer=layer, options={})


def _encoded(table: gpd.GeoDataFrame, driver: str, *, layer: str, options: Mapping[str, str]) -> bytes:
    file = io.BytesIO()
    pyogrio.write_dataframe(table, file, driver=driver, layer=layer, layer_options=dict(options))
    return file.getvalue()


def as_parquet(table: gpd.GeoDataFrame) -> bytes:
    """A layer as GeoParquet, in its own reference system."""
    file = io.BytesIO()
    table.to_parquet(file, index=False)
    return file.getvalue()


def as_shapefile(table: gpd.GeoDataFrame, stem: str) -> dict[str, bytes]:
    """The files of a Shapefile by their names; text is UTF-8, which the .cpg says.

    Parameters
    ----------
    table
        With names of columns of at most 10 ASCII characters.

    Raises
    ------
    OutputError
        If a text is longer than the format can hold.
    """
    for column in table.columns[table.dtypes == "string"]:
        long = table[column].fillna("").map(lambda text: len(text.encode("utf-8"))) > _DBF_BYTES
        if long.any():
            raise OutputError(say("shapefile_text_long", column=column, n=int(long.sum()), most=_DBF_BYTES))
    date = "{:04d}-{:02d}-{:02d}".format(*_EPOCH)
    with workshop() as folder:
        options = {"DBF_DATE_LAST_UPDATE": date}
        path = folder / "layer.shp"
        pyogrio.write_dataframe(table, path, driver="ESRI Shapefile", encoding="UTF-8", layer_options=options)
        return {f"{stem}{file.suffix}": file.read_bytes() for file in sorted(folder.iterdir())}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files as one, by name; the names are in order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, (*_EPOCH, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()

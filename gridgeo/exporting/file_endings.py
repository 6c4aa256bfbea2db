"""Endings of file names, and what each of them stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import geopandas as gpd

from gridgeo.exporting.workbook_sheets import findings_sheet, layer_sheets
from gridgeo.exporting.zone_tables import exported, layer_named, plain, with_code_text, with_field_names, with_map_name
from gridgeo.files import (
    as_csv,
    as_geojson,
    as_kml,
    as_parquet,
    as_shapefile,
    as_workbook,
    refuse_ending,
    refuse_existing,
    write_files,
    zipped,
)
from gridgeo.messages import Lang
from gridgeo.model import Plan, Report, refuse_no_plan


class ExportJob(NamedTuple):
    """A file to be made of a plan."""

    plan: Plan
    layer: str | None
    """As it was asked for."""
    report: Report | None
    lang: Lang
    stem: str
    """Name of the file without its ending."""

    @property
    def tier(self) -> str:
        """The layer, which is the finest tier if none was asked for."""
        return layer_named(self.plan, self.layer)

    @property
    def rows(self) -> gpd.GeoDataFrame:
        """Rows of the layer."""
        return exported(self.plan, self.tier)


def export(
    plan: Plan,
    path: str | Path,
    layer: str | None = None,
    *,
    report: Report | None = None,
    lang: Lang = "zh",
    overwrite: bool = False,
) -> Path:
    """Write a plan for other programs and for people; the ending of the file's name tells as what.

    ``.xlsx``
        A workbook: a sheet for each tier, the buildings, what the check found. Codes are text.
    ``.csv``
        A table for spreadsheets, UTF-8; `code_text` is the code with its parts apart, which no spreadsheet takes for a number.
    ``.shp``, ``.shp.zip``
        A Shapefile, loose or as one file. Its fields are named as the columns, but hh is households, n_bld n_buildings, bld_id id.
    ``.geojson``, ``.kml``
        A layer in WGS 84.
    ``.parquet``
        A layer as GeoParquet, in the reference system of the plan.
    ``.png``, ``.svg``
        A picture as `draw` makes it, 300 dots an inch.

    Parameters
    ----------
    layer
        A tier, or `buildings`; the finest tier if left out, but a workbook then has all.
    report
        What the check found, for a workbook; the plan is checked if left out.
    lang
        Language of workbooks and pictures.

    Returns
    -------
    path
        The file.

    Raises
    ------
    InputError
        If there is no such layer.
    OutputError
        If the ending stands for nothing, the file exists and `overwrite` is False, or it cannot be written.
    """
    refuse_no_plan(plan)
    ending = refuse_ending(path, ENDINGS)
    path = refuse_existing(path, overwrite=overwrite)
    layer_named(plan, layer)
    job = ExportJob(plan, layer, report, lang, path.name[: -len(ending)])
    made = ENDINGS[ending](job)
    files = {path.name: made} if isinstance(made, bytes) else made
    return write_files(path, files, overwrite=overwrite)


def _workbook(job: ExportJob) -> bytes:
    from gridgeo.checks import check

    sheets = list(layer_sheets(job.plan, job.layer, job.lang))
    if job.layer is None:
        sheets.append(findings_sheet(job.report or check(job.plan), job.lang))
    return as_workbook(sheets)


def _csv(job: ExportJob) -> bytes:
    return as_csv(with_code_text(plain(job.rows), job.plan))


def _shapefile(job: ExportJob) -> dict[str, bytes]:
    table, numbered = with_field_names(job.rows)
    files = as_shapefile(table, job.stem)
    if numbered:
        lines = "".join(f"{field} = {column}\r\n" for field, column in numbered.items())
        files[f"{job.stem}.txt"] = f"\ufeff{lines}".encode()
    return files


def _zip(job: ExportJob) -> bytes:
    return zipped(_shapefile(job))


def _geojson(job: ExportJob) -> bytes:
    return as_geojson(job.rows, job.tier)


def _kml(job: ExportJob) -> bytes:
    return as_kml(with_map_name(job.rows, job.plan), job.tier)


def _parquet(job: ExportJob) -> bytes:
    return as_parquet(job.rows)


def _png(job: ExportJob) -> bytes:
    from gridgeo.maps.pictures import picture

    return picture(job.plan, job.layer, "png", lang=job.lang)


def _svg(job: ExportJob) -> bytes:
    from gridgeo.maps.pictures import picture

    return picture(job.plan, job.layer, "svg", lang=job.lang)


ENDINGS: Mapping[str, Callable[[ExportJob], bytes | dict[str, bytes]]] = MappingProxyType(
    {
        ".xlsx": _workbook,
        ".csv": _csv,
        ".shp": _shapefile,
        ".shp.zip": _zip,
        ".geojson": _geojson,
        ".kml": _kml,
        ".parquet": _parquet,
        ".png": _png,
        ".svg": _svg,
    }
)
"""Ending of a file's name -> what makes its bytes, or the bytes of several files by their names."""

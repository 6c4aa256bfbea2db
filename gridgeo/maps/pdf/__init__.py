"""Maps on paper: an overview and a sheet for each grid, ready for binding."""

from __future__ import annotations

from pathlib import Path

from gridgeo.files.atomic import refuse_existing, write_bytes
from gridgeo.maps.pdf.contents import findings_table, place_name, sheets
from gridgeo.maps.pdf.drawing import draw
from gridgeo.maps.pdf.font import refuse_missing
from gridgeo.maps.pdf.ground import Ground, prepare, printed
from gridgeo.maps.pdf.layout import Page, map_pages, paper_size, table_pages, table_room
from gridgeo.maps.pdf.pen import Pen
from gridgeo.maps.pdf.table import widths
from gridgeo.messages import Lang
from gridgeo.model.plan import Plan, refuse_no_plan
from gridgeo.model.report import Report

__all__ = ["atlas"]


def atlas(
    plan: Plan,
    path: str | Path,
    *,
    report: Report | None = None,
    paper: str = "A4",
    lang: Lang = "zh",
    overwrite: bool = False,
) -> Path:
    """Print a plan: an overview with all grids, then a sheet for each zone that is divided further.

    Each sheet shows the zones in colours of which no two neighbours have the same, with codes, buildings, streets and water, and
    a table with full codes. Everything is vector; codes can be searched and copied. The same plan gives the same bytes.

    Parameters
    ----------
    report
        Findings to mark on the maps and to list at the end.
    paper
        A5 to A1; upright or lying, whichever shows the place larger.
    lang
        Language of titles and legends.

    Returns
    -------
    path
        The file, a PDF.

    Raises
    ------
    InputError
        If there is no such paper, or a name holds a character that the font cannot print; nothing is written.
    OutputError
        If the file exists and `overwrite` is False, or cannot be written.
    """
    refuse_no_plan(plan)
    size = paper_size(paper)
    path = refuse_existing(path, overwrite=overwrite)
    refuse_missing(printed(plan, report))
    ground = prepare(plan, report, lang)
    pages = [page for sheet in sheets(ground) for page in map_pages(sheet, ground, size)]
    if report is not None:
        pages += _findings(ground, report, size)
    pen = Pen(place_name(ground))
    for number, page in enumerate(pages, start=1):
        draw(pen, page, ground, number, len(pages))
    return write_bytes(path, pen.pdf(), overwrite=overwrite)


def _findings(ground: Ground, report: Report, size: tuple[float, float]) -> list[Page]:
    table = findings_table(ground, report, table_room(size).width)
    title = ground.say("sheet_findings", name=place_name(ground))
    return list(table_pages(table, size, (title, ""), widths(table)))

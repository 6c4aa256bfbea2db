"""Maps on paper: an overview and a sheet for each grid, ready for binding.

Steps
-----
pdf_font, pdf_pen
    Letters, shapes and pages; nothing in them knows what a grid is.
prepared_plan
    What all sheets of a plan share.
map_view, label_placing, sheet_tables
    Metres and points on paper; labels; tables.
sheet_contents
    What stands on each sheet.
sheet_layout
    Where it stands.
sheet_drawing
    Ink.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

from gridgeo.files import refuse_ending, refuse_existing, write_bytes
from gridgeo.maps.pdf.pdf_font import missing_glyphs
from gridgeo.maps.pdf.pdf_pen import Pen
from gridgeo.maps.pdf.prepared_plan import PreparedPlan, prepare, printed
from gridgeo.maps.pdf.sheet_contents import findings_table, place_name, sheet_count, sheets
from gridgeo.maps.pdf.sheet_drawing import draw_page
from gridgeo.maps.pdf.sheet_layout import SheetPage, map_pages, paper_size, table_pages, table_room
from gridgeo.maps.pdf.sheet_tables import widths
from gridgeo.messages import Lang, say
from gridgeo.model import Plan, Report, Site, Zones, shown_zones
from gridgeo.progress import Tell, told

__all__ = ["atlas"]


def atlas(
    plan: Plan | Zones,
    path: str | Path,
    *,
    report: Report | None = None,
    site: Site | None = None,
    paper: str = "A4",
    lang: Lang = "zh",
    overwrite: bool = False,
    progress: Tell | None = None,
) -> Path:
    """Print a plan: an overview with all grids, then a sheet for each zone that is divided further.

    Each sheet shows the zones in colours of which no two neighbours have the same, with codes, buildings, streets and water, and
    a table with full codes. Everything is vector; codes can be searched and copied. The same plan gives the same bytes.

    Parameters
    ----------
    plan
        Or zones that were drawn, preferably with the report of their check, which has counted what they hold.
    report
        Findings to mark on the maps and to list at the end.
    site
        The place that drawn zones divide.
    paper
        A5 to A1; upright or lying, whichever shows the place larger.
    lang
        Language of titles and legends.
    progress
        Called with each step; left out, a notebook or a prompt shows a line with the time left.

    Returns
    -------
    path
        The file, a PDF. A character that the font lacks is printed as 〓, and a `UserWarning` names the texts that hold any.

    Raises
    ------
    InputError
        If there is no such paper.
    OutputError
        If the name does not end in ``.pdf``, the file exists and `overwrite` is False, or it cannot be written.
    """
    shown = shown_zones(plan, report, site)
    size = paper_size(paper)
    refuse_ending(path, (".pdf",))
    path = refuse_existing(path, overwrite=overwrite)
    prepared = prepare(shown, report, lang)
    with told(progress) as tell:
        pages = list(_laid_out(prepared, size, tell=tell))
        if report is not None:
            pages += _findings(prepared, report, size)
        pen = Pen(place_name(prepared))
        for number, page in enumerate(pages, start=1):
            tell(say("step_print", k=number, n=len(pages)))
            draw_page(pen, page, prepared, number=number, pages=len(pages))
    written = write_bytes(path, pen.pdf(), overwrite=overwrite)
    missing = missing_glyphs(printed(shown, report))
    if missing is not None:
        warnings.warn(missing.render(lang), stacklevel=2)
    return written


def _laid_out(prepared: PreparedPlan, size: tuple[float, float], *, tell: Tell) -> Iterator[SheetPage]:
    """The pages of all maps."""
    count = sheet_count(prepared)
    for k, sheet in enumerate(sheets(prepared), start=1):
        tell(say("step_lay_out", k=k, n=count))
        yield from map_pages(sheet, prepared, size)


def _findings(prepared: PreparedPlan, report: Report, size: tuple[float, float]) -> list[SheetPage]:
    table = findings_table(prepared, report, table_room(size).width)
    title = prepared.say("sheet_findings", name=place_name(prepared))
    return list(table_pages(table, size, (title, ""), columns=widths(table)))

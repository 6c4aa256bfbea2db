"""What several commands write."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from gridgeo.files import refuse_ending, write_layers, write_text
from gridgeo.messages import Lang
from gridgeo.style import layer_looks

if TYPE_CHECKING:
    from gridgeo.model import Plan, Report, Site, Zones
    from gridgeo.progress import Tell

FAULT_ENDINGS = (".gpkg", ".xlsx")
"""Of the files of faults."""


def write_report(report: Report, path: str | Path, *, overwrite: bool) -> None:
    """The report as JSON."""
    write_text(path, json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n", overwrite=overwrite)


def write_faults(report: Report, path: str | Path, *, lang: Lang, overwrite: bool) -> None:
    """What a check found, as a layer or as a workbook."""
    from gridgeo.exporting import write_findings

    if refuse_ending(path, FAULT_ENDINGS) == ".xlsx":
        write_findings(report, path, lang=lang, overwrite=overwrite)
    else:
        write_layers(path, {"faults": report.findings}, looks=layer_looks(lang=lang), overwrite=overwrite)


class Mapped(NamedTuple):
    """What a map shows: a plan or a drawing, the place that a drawing divides, and the findings to mark."""

    drawn: Plan | Zones
    site: Site | None = None
    report: Report | None = None


def write_map(
    mapped: Mapped, path: str | Path, *, lang: Lang, overwrite: bool, progress: Tell, tiles: str | None = None
) -> None:
    """The plan as a page."""
    from gridgeo.maps.web import explore

    page = explore(mapped.drawn, mapped.report, site=mapped.site, lang=lang, tiles=tiles, progress=progress)
    write_text(path, page.get_root().render(), overwrite=overwrite)


def write_atlas(mapped: Mapped, path: str | Path, *, paper: str, lang: Lang, overwrite: bool, progress: Tell) -> None:
    """The plan as sheets."""
    from gridgeo.maps.pdf import atlas as print_atlas

    drawn, site, report = mapped
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        options: dict[str, Any] = {"paper": paper, "lang": lang, "overwrite": overwrite, "progress": progress}
        print_atlas(drawn, path, report=report, site=site, **options)
    for warning in caught:
        click.echo(str(warning.message), err=True)

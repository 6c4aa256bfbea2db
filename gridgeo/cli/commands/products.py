"""What several commands write."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gridgeo.files import refuse_ending, write_layers, write_text
from gridgeo.messages import Lang
from gridgeo.style import layer_looks

if TYPE_CHECKING:
    from gridgeo.model import Plan, Report

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


def write_map(
    plan: Plan, report: Report | None, path: str | Path, *, lang: Lang, overwrite: bool, tiles: str | None = None
) -> None:
    """The plan as a page."""
    from gridgeo.maps.web import explore

    write_text(path, explore(plan, report, lang=lang, tiles=tiles).get_root().render(), overwrite=overwrite)


def write_atlas(plan: Plan, path: str | Path, *, paper: str, lang: Lang, overwrite: bool) -> None:
    """The plan as sheets."""
    from gridgeo.maps.pdf import atlas as print_atlas

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        print_atlas(plan, path, paper=paper, lang=lang, overwrite=overwrite)
    for warning in caught:
        click.echo(str(warning.message), err=True)

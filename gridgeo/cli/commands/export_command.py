"""``gridgeo export``: a plan for other programs, and for people without one for maps."""

from __future__ import annotations

import click

from gridgeo.cli.commands.group import main
from gridgeo.cli.options import lang_option, overwrite_option, spoken
from gridgeo.cli.terminal import Terminal
from gridgeo.files import refuse_ending, refuse_existing
from gridgeo.messages import Lang, say


@main.command()
@click.argument("plan")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE.xlsx|.csv|.shp|.shp.zip|.geojson|.kml|.parquet|.png|.svg",
    help="File to write; its ending tells the format. For example -o plan.xlsx.",
)
@click.option(
    "--layer",
    metavar="TIER|buildings",
    help="What to write: a tier, or buildings; the finest tier if left out, all for .xlsx. For example --layer grid.",
)
@overwrite_option
@lang_option
def export(plan: str, output: str, layer: str | None, *, lang: Lang | None, overwrite: bool) -> None:
    """Write PLAN as a workbook, a table, a layer of another format or a picture.

    \b
    Example:
      gridgeo export plan.gpkg -o plan.xlsx
      gridgeo export plan.gpkg --layer grid -o grids.shp.zip
    """
    from gridgeo.exporting import ENDINGS
    from gridgeo.exporting import export as export_plan
    from gridgeo.model import Plan

    terminal = Terminal(spoken(lang))
    with terminal.progress():
        refuse_ending(output, ENDINGS)
        refuse_existing(output, overwrite=overwrite)
        terminal.step(say("step_export"))
        export_plan(Plan.load(plan), output, layer, lang=lang or "zh", overwrite=overwrite)
        terminal.say("cli_written", path=output)

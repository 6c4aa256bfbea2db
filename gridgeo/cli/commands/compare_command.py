"""``gridgeo compare``: figures of several plans side by side."""

from __future__ import annotations

from pathlib import Path

import click

from gridgeo.cli.commands.group import main
from gridgeo.cli.options import lang_option, overwrite_option, spoken
from gridgeo.cli.terminal import Terminal
from gridgeo.files import as_csv, refuse_existing, write_bytes
from gridgeo.messages import Lang, say


@main.command()
@click.argument("plans", nargs=-1, required=True, metavar="PLAN...")
@click.option(
    "--csv",
    "csv_path",
    help="Table to write (CSV, opens in a spreadsheet): a row a tier and plan. For example --csv figures.csv.",
)
@overwrite_option
@lang_option
def compare(plans: tuple[str, ...], csv_path: str | None, lang: Lang | None, *, overwrite: bool) -> None:
    """Put figures of several PLANs of one place side by side; differences count from the first.

    \b
    Example:
      gridgeo compare first.gpkg second.gpkg third.gpkg --csv figures.csv
    """
    from gridgeo.comparison import measured, worded
    from gridgeo.model import Plan

    terminal = Terminal(spoken(lang))
    if csv_path:
        refuse_existing(csv_path, overwrite=overwrite)
    with terminal.progress():
        terminal.step(say("step_read"))
        loaded = [Plan.load(plan) for plan in plans]
        stems = [Path(plan).stem for plan in plans]
        names = stems if len(set(stems)) == len(stems) else list(plans)
        terminal.step(say("step_weigh"))
        figures = measured(loaded, names)
    terminal.table(worded(figures, terminal.lang))
    if csv_path:
        write_bytes(csv_path, as_csv(worded(figures, lang or "zh"), index=True), overwrite=overwrite)
        terminal.say("cli_written", path=csv_path)

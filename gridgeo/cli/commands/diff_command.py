"""``gridgeo diff``: what changed between two plans."""

from __future__ import annotations

from typing import Any

import click

from gridgeo.cli.commands.group import main
from gridgeo.cli.commands.judged import read_judged
from gridgeo.cli.options import drawing_options, lang_option, overwrite_option, spoken
from gridgeo.cli.summary import change_lines
from gridgeo.cli.terminal import Terminal
from gridgeo.files import refuse_ending, refuse_existing
from gridgeo.messages import Lang, say


@main.command()
@click.argument("old")
@click.argument("new")
@click.option(
    "-o",
    "--output",
    help="Changes to write: a GeoPackage with layers moves and codes, or a workbook. For example -o changes.gpkg.",
)
@click.option(
    "--csv", "folder", metavar="FOLDER", help="Folder for a table (CSV) each of all changes. For example --csv changes."
)
@drawing_options
@overwrite_option
@lang_option
def diff(
    old: str,
    new: str,
    *,
    output: str | None,
    folder: str | None,
    lang: Lang | None,
    overwrite: bool,
    **options: Any,
) -> None:
    """Tell who moves from which zone to which between two plans, OLD and NEW, and which codes are kept, retired and new.

    \b
    Example:
      gridgeo diff plan.gpkg plan2.gpkg -o changes.gpkg --csv changes
    """
    from gridgeo.changes import CHANGE_ENDINGS, write_changes, write_tables
    from gridgeo.changes import diff as difference_of

    terminal = Terminal(spoken(lang))
    with terminal.progress():
        if output:
            refuse_ending(output, CHANGE_ENDINGS)
            refuse_existing(output, overwrite=overwrite)
        terminal.step(say("step_read"))
        sides = [read_judged((path,), options, terminal.step) for path in (old, new)]
        site = next((side.site for side in reversed(sides) if side.site is not None), None)
        terminal.step(say("step_diff"))
        before, after = (side.plan or side.zones for side in sides)
        changes = difference_of(before, after, site=site)
        if output:
            write_changes(changes, output, lang=lang or "zh", overwrite=overwrite)
        if folder:
            write_tables(changes, folder, overwrite=overwrite)
        terminal.tell(change_lines(changes))
        for path in (path for path in (output, folder) if path):
            terminal.say("cli_written", path=path)
        if not (output or folder):
            terminal.say("diff_files")

"""``gridgeo map`` and ``gridgeo atlas``: a plan or a drawing on the screen and on paper."""

from __future__ import annotations

from typing import Any

import click

from gridgeo.cli.commands.group import main
from gridgeo.cli.commands.judged import read_mapped
from gridgeo.cli.commands.products import write_atlas, write_map
from gridgeo.cli.options import drawing_options, lang_option, overwrite_option, spoken
from gridgeo.cli.terminal import Terminal
from gridgeo.files import refuse_ending, refuse_existing
from gridgeo.messages import Lang, say

_check_option = click.option(
    "--check", "with_check", is_flag=True, help="Check the plan and show the faults; a drawing always is."
)


@main.command("map")
@click.argument("plans", nargs=-1, required=True, metavar="PLAN...")
@click.option("-o", "--output", required=True, help="Page to write (HTML). For example -o plan.html.")
@_check_option
@click.option(
    "--tiles", help="Your office's own map below the zones. For example --tiles https://maps.office.cn/{z}/{x}/{y}.png."
)
@drawing_options
@overwrite_option
@lang_option
def map_(
    plans: tuple[str, ...],
    output: str,
    lang: Lang | None,
    *,
    with_check: bool,
    tiles: str | None,
    overwrite: bool,
    **options: Any,
) -> None:
    """Draw PLAN (a plan file, or zones drawn by hand, in one file or several) as an interactive map that needs no internet.

    \b
    Example:
      gridgeo map plan.gpkg -o plan.html
      gridgeo map drawn.gpkg --site community.gpkg -o faults.html
    """
    terminal = Terminal(spoken(lang))
    with terminal.progress():
        refuse_ending(output, (".html", ".htm"))
        refuse_existing(output, overwrite=overwrite)
        terminal.step(say("step_read"))
        mapped = read_mapped(plans, options, checked=with_check, lang=lang, progress=terminal.step)
        write_map(mapped, output, lang=lang or "zh", overwrite=overwrite, tiles=tiles, progress=terminal.step)
        terminal.say("cli_written", path=output)


@main.command()
@click.argument("plans", nargs=-1, required=True, metavar="PLAN...")
@click.option("-o", "--output", required=True, help="Document to write (PDF). For example -o plan.pdf.")
@click.option("--paper", type=click.Choice(["A4", "A3"]), default="A4", show_default=True, help="Size of the sheets.")
@_check_option
@drawing_options
@overwrite_option
@lang_option
def atlas(
    plans: tuple[str, ...],
    output: str,
    paper: str,
    *,
    lang: Lang | None,
    with_check: bool,
    overwrite: bool,
    **options: Any,
) -> None:
    """Print PLAN (a plan file, or zones drawn by hand, in one file or several): an overview and one sheet a grid.

    \b
    Example:
      gridgeo atlas plan.gpkg -o plan.pdf --paper A4
      gridgeo atlas drawn.gpkg --site community.gpkg -o faults.pdf
    """
    terminal = Terminal(spoken(lang))
    with terminal.progress():
        refuse_ending(output, (".pdf",))
        refuse_existing(output, overwrite=overwrite)
        terminal.step(say("step_read"))
        mapped = read_mapped(plans, options, checked=with_check, lang=lang, progress=terminal.step)
        write_atlas(mapped, output, paper=paper, lang=lang or "zh", overwrite=overwrite, progress=terminal.step)
        terminal.say("cli_written", path=output)

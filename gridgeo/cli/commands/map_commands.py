"""``gridgeo map`` and ``gridgeo atlas``: a plan on the screen and on paper."""

from __future__ import annotations

import click

from gridgeo.cli.commands.group import main
from gridgeo.cli.commands.products import write_atlas, write_map
from gridgeo.cli.options import lang_option, overwrite_option, spoken
from gridgeo.cli.terminal import Terminal, plain_errors
from gridgeo.files import refuse_ending, refuse_existing
from gridgeo.messages import Lang, say


@main.command("map")
@click.argument("plan")
@click.option("-o", "--output", required=True, help="Page to write (HTML). For example -o plan.html.")
@click.option("--check", "with_check", is_flag=True, help="Check the plan and show the faults on the map.")
@click.option(
    "--tiles", help="Your office's own map below the zones. For example --tiles https://maps.office.cn/{z}/{x}/{y}.png."
)
@overwrite_option
@lang_option
def map_(plan: str, output: str, lang: Lang | None, *, with_check: bool, tiles: str | None, overwrite: bool) -> None:
    """Draw PLAN as an interactive map that needs no internet.

    \b
    Example:
      gridgeo map plan.gpkg -o plan.html
    """
    from gridgeo.checks import check as check_plan
    from gridgeo.model import Plan

    terminal = Terminal(spoken(lang))
    with plain_errors(terminal.lang), terminal.progress():
        refuse_ending(output, (".html", ".htm"))
        refuse_existing(output, overwrite=overwrite)
        terminal.step(say("step_maps"))
        loaded = Plan.load(plan)
        report = check_plan(loaded, lang=lang or "zh") if with_check else None
        write_map(loaded, report, output, lang=lang or "zh", overwrite=overwrite, tiles=tiles)
        terminal.say("cli_written", path=output)


@main.command()
@click.argument("plan")
@click.option("-o", "--output", required=True, help="Document to write (PDF). For example -o plan.pdf.")
@click.option("--paper", type=click.Choice(["A4", "A3"]), default="A4", show_default=True, help="Size of the sheets.")
@overwrite_option
@lang_option
def atlas(plan: str, output: str, paper: str, *, lang: Lang | None, overwrite: bool) -> None:
    """Print PLAN: an overview and one sheet a grid.

    \b
    Example:
      gridgeo atlas plan.gpkg -o plan.pdf --paper A4
    """
    from gridgeo.model import Plan

    terminal = Terminal(spoken(lang))
    with plain_errors(terminal.lang), terminal.progress():
        refuse_ending(output, (".pdf",))
        refuse_existing(output, overwrite=overwrite)
        terminal.step(say("step_maps"))
        write_atlas(Plan.load(plan), output, paper=paper, lang=lang or "zh", overwrite=overwrite)
        terminal.say("cli_written", path=output)

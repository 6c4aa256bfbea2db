"""``gridgeo check``: a plan or a drawing is judged."""

from __future__ import annotations

import sys
from typing import Any

import click

from gridgeo.cli.commands.group import main
from gridgeo.cli.commands.judged import read_judged
from gridgeo.cli.commands.people_commands import staffing_lines
from gridgeo.cli.commands.products import FAULT_ENDINGS, write_faults, write_report
from gridgeo.cli.options import drawing_options, lang_option, overwrite_option, spoken
from gridgeo.cli.terminal import FAULTY, USABLE, Terminal
from gridgeo.files import refuse_ending, refuse_existing
from gridgeo.messages import Lang, say


@main.command()
@click.argument("plans", nargs=-1, required=True, metavar="PLAN...")
@drawing_options
@click.option(
    "--roster",
    metavar="FILE",
    help="Who answers for which zone (code, role, name, phone). For example --roster roster.xlsx.",
)
@click.option(
    "--staffing",
    metavar="TIER: ROLE N, ...",
    help="How many persons of each role a zone shall have. For example --staffing 'grid: chief 1, member 1; micro: member 1'.",
)
@click.option("--json", "json_path", help="Report to write (JSON). For example --json report.json.")
@click.option(
    "-o",
    "--output",
    help="Faults to write: a GeoPackage with a layer faults, or a workbook. For example -o faults.gpkg.",
)
@overwrite_option
@lang_option
def check(
    plans: tuple[str, ...],
    *,
    json_path: str | None,
    output: str | None,
    roster: str | None,
    staffing: str | None,
    lang: Lang | None,
    overwrite: bool,
    **options: Any,
) -> None:
    """Prove that PLAN (a plan file, or zones drawn by hand, in one file or several) leaves no land and nobody out.

    \b
    Example:
      gridgeo check drawn.gpkg --site community.gpkg --json report.json -o faults.gpkg
    """
    from gridgeo.files.reading import read_roster

    terminal = Terminal(spoken(lang))
    if json_path:
        refuse_existing(json_path, overwrite=overwrite)
    if output:
        refuse_ending(output, FAULT_ENDINGS)
        refuse_existing(output, overwrite=overwrite)
    with terminal.progress():
        terminal.step(say("step_read"))
        judged = read_judged(plans, options, terminal.step)
        listed = None if roster is None else read_roster(roster)
        report = judged.report(lang, terminal.step, roster=listed, staffing=staffing)
        if json_path:
            write_report(report, json_path, overwrite=overwrite)
        if output:
            write_faults(report, output, lang=lang or "zh", overwrite=overwrite)
    zones = judged.zones if report.counted is None else report.counted
    terminal.check(zones, judged.site, report, paths=(json_path, output), drawn=judged.plan is None)
    if listed is not None and judged.plan is not None:
        terminal.tell(staffing_lines(judged.plan, listed))
    sys.exit(FAULTY if report.state == "fail" else USABLE)

"""``gridgeo check``: a plan or a drawing is judged."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gridgeo.cli.commands.group import main
from gridgeo.cli.commands.products import FAULT_ENDINGS, write_faults, write_report
from gridgeo.cli.options import (
    lang_option,
    layers_named,
    overwrite_option,
    scheme_of,
    scheme_options,
    site_of,
    site_options,
    spoken,
)
from gridgeo.cli.terminal import FAULTY, USABLE, Terminal, plain_errors
from gridgeo.files import layers_of, read_saved_site, refuse_ending, refuse_existing
from gridgeo.messages import Lang, say

if TYPE_CHECKING:
    from gridgeo.model import Plan, Site


@main.command()
@click.argument("plan")
@click.option(
    "--site", help="Place that the zones divide; the one in the file if left out. For example --site community.gpkg."
)
@site_options
@scheme_options
@click.option(
    "--tier-layer",
    "tier_layers",
    multiple=True,
    metavar="TIER=LAYER",
    help="Layer of a tier, coarse to fine, if layers are not named as tiers. For example --tier-layer grid=zones.",
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
    plan: str, *, json_path: str | None, output: str | None, lang: Lang | None, overwrite: bool, **options: Any
) -> None:
    """Prove that PLAN (a plan file, or zones drawn by hand) leaves no land and nobody out.

    \b
    Example:
      gridgeo check drawn.gpkg --site community.gpkg --json report.json -o faults.gpkg
    """
    from gridgeo.checks import check as check_zones
    from gridgeo.files import read_zones

    terminal = Terminal(spoken(lang))
    with plain_errors(terminal.lang):
        if json_path:
            refuse_existing(json_path, overwrite=overwrite)
        if output:
            refuse_ending(output, FAULT_ENDINGS)
            refuse_existing(output, overwrite=overwrite)
        with terminal.progress():
            terminal.step(say("step_read"))
            given = bool(options["preset"] or options["tiers"])
            scheme = scheme_of(options) if given else None
            zones = read_zones(plan, layers=layers_named(options["tier_layers"]), scheme=scheme)
            held = _plan_in(plan)
            place = _site_for(plan, held, options)
            terminal.step(say("step_check"))
            report = check_zones(zones, place, cells=held, lang=lang or "zh")
            if json_path:
                write_report(report, json_path, overwrite=overwrite)
            if output:
                write_faults(report, output, lang=lang or "zh", overwrite=overwrite)
        terminal.check(zones, place, report, paths=(json_path, output))
        sys.exit(FAULTY if report.state == "fail" else USABLE)


def _site_for(plan: str, held: Plan | None, options: dict[str, Any]) -> Site | None:
    """The site that zones are held against: the one asked for, else the one in the file, if there is one."""
    if options["site"] or any(value for name, value in options.items() if name.startswith("layer_")):
        return site_of(options["site"], options)
    return read_saved_site(Path(plan)) if held is None else held.site


def _plan_in(path: str) -> Plan | None:
    """The plan whose cells stand in the same file as its zones; None if the file is a drawing."""
    from gridgeo.model import Plan

    whole = {"cells", "buildings", "communities", "scheme", "registry"} <= set(layers_of(Path(path)))
    return Plan.load(path) if whole else None

"""``gridgeo divide``: files become a plan."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from gridgeo.cli.commands.group import main
from gridgeo.cli.interrupts import Interrupts
from gridgeo.cli.options import (
    classes_of,
    codes_of,
    counts_of,
    division_options,
    earlier_of,
    lang_option,
    overwrite_option,
    scheme_of,
    scheme_options,
    site_of,
    site_options,
    spoken,
    zones_of,
)
from gridgeo.cli.terminal import FAULTY, INTERRUPTED, USABLE, Terminal
from gridgeo.coverage import at_once
from gridgeo.errors import DivisionError
from gridgeo.files import refuse_package
from gridgeo.messages import Lang, say

if TYPE_CHECKING:
    from gridgeo.model import Plan, Scheme, Site

_HARMLESS = ("outside", "level_not_used")
"""Reasons for which rows with households may be set aside without leaving anybody of these communities out."""


@main.command()
@click.argument("site", required=False)
@site_options
@scheme_options
@click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    help="Start of chance; the same seed gives the same plan. For example --seed 7.",
)
@click.option(
    "--effort",
    default="standard",
    show_default=True,
    metavar="fast|standard|best|max|TIME",
    help="How long to search. A time (30s, 2min) gives what this machine can do in it; the plan's manifest tells the steps "
    "(sweeps=...), which can be given here to have the same plan again. For example --effort best.",
)
@click.option(
    "--split-large",
    is_flag=True,
    help="Cut buildings above the limit into equal parts where no units tell their entrances.",
)
@division_options
@click.option(
    "--strict",
    is_flag=True,
    help="Take a zone outside its limits, or another number of zones than asked for, for an error: the plan is written, and the "
    "exit code is 1. A number that totals and limits forbid ends before the search, with exit code 2.",
)
@click.option("-o", "--output", required=True, help="Plan file to write (GeoPackage). For example -o plan.gpkg.")
@overwrite_option
@lang_option
def divide(site: str | None, output: str, lang: Lang | None, *, overwrite: bool, **options: Any) -> None:
    """Divide SITE (a GeoPackage, or a folder of layers) into nested grids and write the plan.

    \b
    Example:
      gridgeo divide community.gpkg --preset zhengzhou --seed 7 -o plan.gpkg
      gridgeo divide --from plan.gpkg --keep 410102013190003 --prefer compact=2 -o other.gpkg
    """
    from gridgeo.checks import check
    from gridgeo.division import with_institutions

    terminal = Terminal(spoken(lang))
    refuse_package(output, overwrite=overwrite)
    with terminal.progress():
        terminal.step(say("step_read"))
        earlier = earlier_of(site, options)
        scheme = scheme_of(options, earlier)
        place = site_of(site, options, terminal.step) if earlier is None else earlier.site
    if options["dedicated"]:
        classes = classes_of(options["dedicated"])
        terminal.classes(place, classes)
        place = with_institutions(place, classes)
        terminal.institutions(place, classes)
    interrupts = Interrupts()
    with terminal.progress(), interrupts.heard():
        plan, unmet = _searched(place, scheme, earlier, options=options, terminal=terminal, interrupted=interrupts)
    interrupted = plan.manifest["interrupted"] == "true"
    with interrupts.ignored(interrupted):
        with terminal.progress():
            terminal.step(say("step_finish"))
            # both only read the plan
            report, _ = at_once(lambda: check(plan), lambda: plan.save(output, overwrite=overwrite))
        terminal.plan(plan, report, output)
    if unmet:
        terminal.say("cli_error", text=say("cli_unmet", n=unmet))
    if interrupted:
        terminal.say("interrupted")
        sys.exit(INTERRUPTED)
    faulty = unmet or report.state == "fail" or _people_set_aside(place)
    sys.exit(FAULTY if faulty else USABLE)


def _searched(
    place: Site,
    scheme: Scheme,
    earlier: Plan | None,
    *,
    options: dict[str, Any],
    terminal: Terminal,
    interrupted: Callable[[], bool],
) -> tuple[Plan, int]:
    """The plan, and in how many places it is not as strictly asked; `DivisionError` where no search could help."""
    from gridgeo.division import divide as divide_site

    try:
        plan = divide_site(
            place,
            scheme,
            seed=options["seed"],
            cells=None if earlier is None else earlier.cells,
            within=zones_of(options["within"], scheme),
            counts=counts_of(options["counts"]),
            keep=codes_of(options["keep"]),
            keep_compounds=options["keep_compounds"],
            effort=options["effort"],
            split_large=options["split_large"],
            strict=options["strict"],
            progress=terminal.step,
            interrupted=interrupted,
        )
    except DivisionError as error:
        if error.plan is None or error.blocking is None:
            raise
        return error.plan, len(error.blocking)
    return plan, 0


def _people_set_aside(site: Site) -> bool:
    account = site.account
    aside = (account["status"] == "set_aside") & ~account["reason"].isin(_HARMLESS)
    return bool((account.loc[aside, "households"].fillna(0) > 0).any())

"""The commands."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gridgeo._version import VERSION
from gridgeo.cli.interrupts import Interrupts
from gridgeo.cli.options import (
    classes_of,
    codes_of,
    division_options,
    earlier_of,
    lang_option,
    layers_named,
    overwrite_option,
    scheme_of,
    scheme_options,
    site_of,
    site_options,
    spoken,
    zones_of,
)
from gridgeo.cli.terminal import FAULTY, INTERRUPTED, USABLE, Terminal, plain_errors
from gridgeo.coverage import at_once
from gridgeo.errors import DivisionError
from gridgeo.files import (
    layers_of,
    make_folder,
    read_saved_site,
    refuse_existing,
    refuse_package,
    write_bytes,
    write_layers,
    write_text,
)
from gridgeo.messages import Lang, say

if TYPE_CHECKING:
    from gridgeo.model import Plan, Report, Scheme, Site

_SAMPLE = ("community.gpkg", "drawn.gpkg", "drawn_faults.csv")
"""Files of the sample community, finished: what makes them lies in sample_data and is not part of the package."""
HARMLESS = ("outside", "level_not_used")
"""Reasons for which rows with households may be set aside without leaving anybody of these communities out."""


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave garbage alone while a command runs, since of the many shapes that are made nearly all stay.

    To look through all objects of a process again and again, because there are more of them, takes up to a sixth of the time
    that land takes; what nobody refers to any more goes at once all the same.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Commands(click.Group):
    """Commands that end in plain words when interrupted, however early."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; an interruption while its parts are still loaded ends like a later one."""
        try:
            with _without_collecting():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            with plain_errors(spoken(None)):
                raise


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(VERSION, prog_name="gridgeo")
def main() -> None:
    """Divide a community's land into grids, prove that nothing is left out, draw the maps.

    \b
    Example:
      gridgeo demo
    """


@main.command()
@click.option(
    "-o",
    "--output",
    "folder",
    default="demo",
    show_default=True,
    help="Folder to write to; made if missing. For example -o demo.",
)
@overwrite_option
@lang_option
def demo(folder: str, lang: Lang | None, *, overwrite: bool) -> None:
    """Do the whole job on a made community: plan, proof, map and printed sheets.

    \b
    Example:
      gridgeo demo -o demo
    """
    from gridgeo.checks import check
    from gridgeo.division import divide
    from gridgeo.files.reading import read_site
    from gridgeo.model import Scheme

    terminal = Terminal(spoken(lang))
    with plain_errors(terminal.lang), terminal.progress():
        out = make_folder(folder)
        for name in ("plan.gpkg", "plan.html", "plan.pdf", "report.json"):
            refuse_existing(out / name, overwrite=overwrite)
        terminal.step(say("step_sample"))
        _write_sample(out, overwrite=overwrite)
        plan = divide(read_site(out / "community.gpkg"), Scheme.preset("zhengzhou"), seed=7, progress=terminal.step)
        terminal.step(say("step_check"))
        report = check(plan, lang=lang or "zh")
        plan.save(out / "plan.gpkg", overwrite=overwrite)
        _write_report(report, out / "report.json", overwrite=overwrite)
        terminal.step(say("step_maps"))
        _write_map(plan, report, out / "plan.html", lang=lang or "zh", overwrite=overwrite)
        _write_atlas(plan, out / "plan.pdf", paper="A4", lang=lang or "zh", overwrite=overwrite)
        _tell(terminal, plan, report)
        terminal.say("demo_done", folder=out)


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
    with plain_errors(terminal.lang):
        refuse_package(output, overwrite=overwrite)
        with terminal.progress():
            terminal.step(say("step_read"))
            earlier = earlier_of(site, options)
            scheme = scheme_of(options, earlier)
            place = site_of(site, options) if earlier is None else earlier.site
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
            terminal.account(plan.site)
            _tell(terminal, plan, report)
            terminal.say("cli_written", path=output)
        if unmet:
            terminal.say("cli_error", text=say("cli_unmet", n=unmet))
        if interrupted:
            terminal.say("interrupted")
            sys.exit(INTERRUPTED)
        faulty = unmet or report.state == "fail" or _people_set_aside(place)
        sys.exit(FAULTY if faulty else USABLE)


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
@click.option("-o", "--output", help="Faults to write (GeoPackage, layer faults). For example -o faults.gpkg.")
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
            refuse_package(output, overwrite=overwrite)
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
                _write_report(report, json_path, overwrite=overwrite)
            if output:
                write_layers(output, {"faults": report.findings}, overwrite=overwrite)
        terminal.zones(zones)
        terminal.report(report)
        sys.exit(FAULTY if report.state == "fail" else USABLE)


@main.command("map")
@click.argument("plan")
@click.option("-o", "--output", required=True, help="Page to write (HTML). For example -o plan.html.")
@click.option("--check", "with_check", is_flag=True, help="Check the plan and show the faults on the map.")
@overwrite_option
@lang_option
def map_(plan: str, output: str, lang: Lang | None, *, with_check: bool, overwrite: bool) -> None:
    """Draw PLAN as an interactive map that needs no internet.

    \b
    Example:
      gridgeo map plan.gpkg -o plan.html
    """
    from gridgeo.checks import check as check_plan
    from gridgeo.model import Plan

    terminal = Terminal(spoken(lang))
    with plain_errors(terminal.lang), terminal.progress():
        refuse_existing(output, overwrite=overwrite)
        terminal.step(say("step_maps"))
        loaded = Plan.load(plan)
        report = check_plan(loaded, lang=lang or "zh") if with_check else None
        _write_map(loaded, report, output, lang=lang or "zh", overwrite=overwrite)
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
        refuse_existing(output, overwrite=overwrite)
        terminal.step(say("step_maps"))
        _write_atlas(Plan.load(plan), output, paper=paper, lang=lang or "zh", overwrite=overwrite)
        terminal.say("cli_written", path=output)


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
    with plain_errors(terminal.lang):
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
            # The mark at its start tells spreadsheets that the text is UTF-8.
            write_text(csv_path, "\ufeff" + worded(figures, lang or "zh").to_csv(), overwrite=overwrite)
            terminal.say("cli_written", path=csv_path)


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


def _people_set_aside(site: Site) -> bool:
    account = site.account
    aside = (account["status"] == "set_aside") & ~account["reason"].isin(HARMLESS)
    return bool((account.loc[aside, "households"].fillna(0) > 0).any())


def _tell(terminal: Terminal, plan: Plan, report: Report) -> None:
    terminal.zones(plan.zones())
    terminal.notes(plan)
    terminal.report(report)


def _write_sample(folder: Path, *, overwrite: bool) -> None:
    """Copy the files of the sample community, which the package ships as they were made."""
    paths = {name: refuse_existing(folder / name, overwrite=overwrite) for name in _SAMPLE}
    for name, path in paths.items():
        write_bytes(path, files("gridgeo.cli").joinpath("sample", name).read_bytes(), overwrite=overwrite)


def _write_report(report: Report, path: str | Path, *, overwrite: bool) -> None:
    write_text(path, json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n", overwrite=overwrite)


def _write_map(plan: Plan, report: Report | None, path: str | Path, *, lang: Lang, overwrite: bool) -> None:
    from gridgeo.maps.web import explore

    write_text(path, explore(plan, report, lang=lang).get_root().render(), overwrite=overwrite)


def _write_atlas(plan: Plan, path: str | Path, *, paper: str, lang: Lang, overwrite: bool) -> None:
    from gridgeo.maps.pdf import atlas as print_atlas

    print_atlas(plan, path, paper=paper, lang=lang, overwrite=overwrite)

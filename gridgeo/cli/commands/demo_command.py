"""``gridgeo demo``: the whole job on a made community."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from gridgeo.cli.commands.group import main
from gridgeo.cli.commands.products import Mapped, write_atlas, write_map, write_report
from gridgeo.cli.options import lang_option, overwrite_option, spoken
from gridgeo.cli.terminal import Terminal
from gridgeo.files import make_folder, refuse_existing, write_bytes
from gridgeo.messages import Lang, say

_SAMPLE = ("community.gpkg", "drawn.gpkg", "drawn_faults.csv")
"""Files of the sample community, finished: what makes them lies in sample_data and is not part of the package."""


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
    with terminal.progress():
        out = make_folder(folder)
        for name in ("plan.gpkg", "plan.html", "plan.pdf", "report.json"):
            refuse_existing(out / name, overwrite=overwrite)
        terminal.step(say("step_sample"))
        _write_sample(out, overwrite=overwrite)
        plan = divide(read_site(out / "community.gpkg"), Scheme.preset("zhengzhou"), seed=7, progress=terminal.step)
        report = check(plan, lang=lang or "zh", progress=terminal.step)
        plan.save(out / "plan.gpkg", overwrite=overwrite)
        write_report(report, out / "report.json", overwrite=overwrite)
        written: dict[str, Any] = {"lang": lang or "zh", "overwrite": overwrite, "progress": terminal.step}
        write_map(Mapped(plan, report=report), out / "plan.html", **written)
        write_atlas(Mapped(plan), out / "plan.pdf", paper="A4", **written)
        terminal.plan(plan, report, out / "plan.gpkg")
        terminal.say("demo_done", folder=out)


def _write_sample(folder: Path, *, overwrite: bool) -> None:
    """Copy the files of the sample community, which the package ships as they were made."""
    paths = {name: refuse_existing(folder / name, overwrite=overwrite) for name in _SAMPLE}
    for name, path in paths.items():
        write_bytes(path, files("gridgeo.cli").joinpath("sample", name).read_bytes(), overwrite=overwrite)

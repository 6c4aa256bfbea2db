"""``gridgeo repair``: a drawing without gaps and overlaps."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from gridgeo.cli.commands.group import main
from gridgeo.cli.commands.judged import Judged, read_judged
from gridgeo.cli.options import drawing_options, lang_option, overwrite_option, spoken
from gridgeo.cli.terminal import FAULTY, USABLE, Terminal
from gridgeo.errors import InputError
from gridgeo.files import refuse_inputs, refuse_package, scheme_table, write_layers
from gridgeo.messages import Lang, say

if TYPE_CHECKING:
    from gridgeo.mending import Mended

_SHOWN = 5
"""Places that are named."""
_MOVED = "moved"
"""Layer with what moved."""


@main.command()
@click.argument("drawings", nargs=-1, required=True, metavar="DRAWING...")
@drawing_options
@click.option(
    "--widest",
    "widest_m",
    type=float,
    default=2.0,
    show_default=True,
    help="Gaps and overlaps wider than this [m] are left to you. For example --widest 1.",
)
@click.option("-o", "--output", required=True, help="Drawing to write (GeoPackage). For example -o repaired.gpkg.")
@overwrite_option
@lang_option
def repair(
    drawings: tuple[str, ...], *, widest_m: float, output: str, lang: Lang | None, overwrite: bool, **options: Any
) -> None:
    """Mend DRAWING: no gaps, overlaps and crossed outlines, by the smallest change, each moved square metre told.

    Zones without a fault stay as they are. What only a person can decide is left, and said (exit code 1). The layer "moved" of the
    file holds a row for each fault: zone, neighbour, area_m2, width_m, households, done, sure, why.

    \b
    Example:
      gridgeo repair drawn.gpkg --site community.gpkg -o repaired.gpkg
    """
    from gridgeo.mending import repair as mend

    terminal = Terminal(spoken(lang))
    refuse_package(output, overwrite=overwrite)
    refuse_inputs(output, drawings)
    with terminal.progress():
        terminal.step(say("step_read"))
        judged = read_judged(drawings, options, terminal.step)
        if judged.site is None:
            raise InputError(say("cli_repair_no_site"))
        mended = mend(judged.zones, judged.site, widest_m=widest_m, lang=lang or "zh", progress=terminal.step)
        write_layers(output, _layers(mended), overwrite=overwrite)
    _tell(terminal, judged, mended)
    terminal.say("cli_written", path=output)
    sys.exit(USABLE if mended.left.empty else FAULTY)


def _layers(mended: Mended) -> dict[str, pd.DataFrame]:
    """A layer a tier, with the columns that hold anything, and what moved."""
    zones = mended.zones
    layers: dict[str, pd.DataFrame] = {}
    for tier in zones.tiers:
        layers[tier] = zones.table[zones.table["tier"] == tier].drop(columns="tier").dropna(axis="columns", how="all")
    if zones.buildings is not None:
        layers["buildings"] = zones.buildings
    if zones.scheme is not None:
        layers["scheme"] = scheme_table(zones.scheme)
    return layers | {_MOVED: mended.moved}


def _tell(terminal: Terminal, judged: Judged, mended: Mended) -> None:
    """What moved, what was nearly a toss, what is left."""
    from gridgeo.mending import NEARLY_A_TOSS

    done, left = mended.moved[mended.moved["done"]], mended.left
    told = {"area": f"{done['area_m2'].sum():,.1f}", "households": int(done["households"].sum())}
    terminal.say("cli_repaired", n=len(done), zones=done["zone"].nunique(), all=len(judged.zones.table), **told)
    tosses = int((done["sure"] < NEARLY_A_TOSS).sum())
    if tosses:
        terminal.say("cli_repair_tosses", n=tosses)
    if left.empty:
        return
    terminal.say("cli_repair_left", n=len(left))
    for row in left.head(_SHOWN).itertuples():
        point = row.geometry.representative_point()
        where = "-" if point.is_empty else f"{point.x:.1f}, {point.y:.1f}"
        zones = " · ".join(str(code) for code in (row.zone, row.neighbour) if pd.notna(code)) or "-"
        terminal.say("cli_repair_place", zones=zones, area=row.area_m2, width=row.width_m, where=where, why=row.why)
    if len(left) > _SHOWN:
        terminal.say("cli_repair_more", n=len(left) - _SHOWN)

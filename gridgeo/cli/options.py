"""Options that several commands share, and the site and scheme that they describe."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from gridgeo.errors import InputError
from gridgeo.messages import LANGS, Lang, say
from gridgeo.scheme import PRESETS, Preferences, Scheme
from gridgeo.site import ROLES, Site
from gridgeo.zones import Zones, read_zones

Command = Callable[..., Any]


def lang_option(command: Command) -> Command:
    """Language of products and messages."""
    return click.option(
        "--lang",
        type=click.Choice(LANGS),
        help="Language of maps, reports and messages. Default: zh for what is written to files; messages follow the terminal.",
    )(command)


def overwrite_option(command: Command) -> Command:
    """Whether an existing output is replaced."""
    return click.option("--overwrite", is_flag=True, help="Replace the output if it exists.")(command)


def site_options(command: Command) -> Command:
    """Everything that describes a site; gathered by `site_of`."""
    for role in reversed(list(ROLES)):
        names = ["--communities", "--boundary"] if role == "communities" else [f"--{role}"]
        command = click.option(*names, f"layer_{role}", metavar="FILE[:LAYER]", help=f"Layer of {role}.")(command)
    command = click.option(
        "--unit-households", "layer_unit_households", metavar="FILE[:LAYER]", help="Table of units."
    )(command)
    command = click.option(
        "--m2-per-household", type=float, help="Estimate missing households: footprint x levels / this, in m2."
    )(command)
    command = click.option("--households", metavar="COLUMN", help="Column of the buildings with their households.")(
        command
    )
    command = click.option(
        "--load",
        "loads",
        multiple=True,
        metavar="NAME[=SUM]",
        help="A column of numbers of the buildings that tiers may balance besides households, or a weighted sum of columns, "
        "rounded to whole numbers for each building; may be given several times. For example --load people "
        "--load 'work=events + 0.2*elderly'.",
    )(command)
    return click.option("--crs", help="CRS of layers that state none (EPSG code or WKT).")(command)


def scheme_options(command: Command) -> Command:
    """Tiers, by preset or one by one; gathered by `scheme_of`."""
    command = click.option(
        "--tier",
        "tiers",
        multiple=True,
        metavar="NAME:LOW-HIGH[xCOUNT][@TARGET][:WIDTH][/LOAD][+LOAD:LOW-HIGH[!]]",
        help="A tier, coarse to fine; may be given several times. For example --tier grid:300-500@400 --tier micro:50-70@60. "
        "/LOAD balances another load than households, +LOAD limits a second one, ! makes these limits hard: "
        "--tier 'micro:90-110/work+people:120-180!'.",
    )(command)
    return click.option(
        "--preset", type=click.Choice(sorted(PRESETS)), help="Tiers by name; zhengzhou if none are given."
    )(command)


def division_options(command: Command) -> Command:
    """What shall stay whole, or as it is, and what is preferred; read with `zones_of`, `classes_of` and `scheme_of`."""
    command = click.option(
        "--prefer",
        multiple=True,
        metavar="NAME=WEIGHT",
        help="What counts where limits leave a choice: equal, compact, streets, compounds; "
        "each 1 by default, 0 for no regard, 10 at most. "
        "For example --prefer compact=2.",
    )(command)
    command = click.option(
        "--keep-compounds", is_flag=True, help="Divide no compound that fits into a zone; otherwise that is preferred."
    )(command)
    command = click.option(
        "--dedicated",
        metavar="CLASS,...",
        help="Make institutions of these classes of landuse and pois dedicated zones, for example school,hospital,park.",
    )(command)
    return click.option(
        "--within",
        metavar="FILE[:LAYER]",
        help="Zones that are kept as they are, with their codes, as the coarsest tier, and divided into the finer tiers.",
    )(command)


def zones_of(text: str | None, scheme: Scheme) -> Zones | None:
    """The zones that are written as FILE or FILE:LAYER."""
    if text is None:
        return None
    file, colon, layer = text.rpartition(":")
    if colon and not Path(text).is_file():
        return read_zones(file, layers={scheme.names[0]: layer}, scheme=scheme)
    return read_zones(text)


def classes_of(text: str) -> list[str]:
    """Classes that are written with commas between them."""
    return [name.strip() for name in re.split("[,，、]", text) if name.strip()]


def site_of(site: str | None, options: dict[str, Any]) -> Site:
    """The site that the options describe."""
    from gridgeo.load import read_site

    layers = {name.removeprefix("layer_"): file for name, file in options.items() if name.startswith("layer_") and file}
    if site is None and not {"buildings", "communities"} <= layers.keys():
        raise InputError(say("cli_no_site"))
    return read_site(
        site,
        layers=layers or None,
        crs=options["crs"],
        households=options["households"],
        m2_per_household=options["m2_per_household"],
        loads=loads_of(options["loads"]),
    )


def loads_of(texts: tuple[str, ...]) -> dict[str, str]:
    """Name -> sum of the loads that are written as NAME or NAME=SUM."""
    pairs = [text.partition("=") for text in texts]
    return {name.strip(): total if equals else name for name, equals, total in pairs}


def scheme_of(options: dict[str, Any]) -> Scheme:
    """The scheme that the options describe."""
    if options["preset"] and options["tiers"]:
        raise InputError(say("cli_preset_and_tiers"))
    scheme = Scheme.parse(options["tiers"]) if options["tiers"] else Scheme.preset(options["preset"] or "zhengzhou")
    return replace(scheme, prefer=Preferences.parse(options.get("prefer", ())))


def layers_named(texts: tuple[str, ...]) -> dict[str, str] | None:
    """Tier -> layer, as written on the command line; None if nothing is."""
    pairs = [text.partition("=") for text in texts]
    if not all(tier and layer for tier, _, layer in pairs):
        raise InputError(say("cli_tier_layer"))
    return {tier: layer for tier, _, layer in pairs} or None


def spoken(lang: Lang | None) -> Lang:
    """Language of messages: as asked, else the terminal's."""
    if lang:
        return lang
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"

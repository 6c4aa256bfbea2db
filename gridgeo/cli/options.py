"""Options that several commands share, and the site and scheme that they describe."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gridgeo.errors import InputError
from gridgeo.files import read_zones
from gridgeo.messages import LANGS, Lang, locale_lang, say
from gridgeo.model import PRESETS, ROLES, Preferences, Scheme, Site, Zones

if TYPE_CHECKING:
    from gridgeo.model import Plan
    from gridgeo.progress import Tell

DRAWN = "zones"
"""What columns of a drawing are written under: zones.code=NAME."""

Command = Callable[..., Any]
Decorator = Callable[[Command], Command]


def stacked(*options: Decorator) -> Decorator:
    """Several options as one decorator; their order is that of the help."""

    def all_of(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return all_of


lang_option = click.option(
    "--lang",
    type=click.Choice(LANGS),
    help="Language of maps, reports and messages. Default: zh for what is written to files; messages follow the terminal.",
)
"""Language of products and messages."""

overwrite_option = click.option("--overwrite", is_flag=True, help="Replace the output if it exists.")
"""Whether an existing output is replaced."""


def _layer_option(role: str) -> Decorator:
    names = ["--communities", "--boundary"] if role == "communities" else [f"--{role}"]
    text = f"Layer of {role}. For example {names[0]} town.gpkg:{role}."
    return click.option(*names, f"layer_{role}", metavar="FILE[:LAYER]", help=text)


site_options = stacked(
    click.option(
        "--crs",
        help="CRS of layers that state none: EPSG code, WKT, or GCJ-02 or BD-09 for coordinates of Chinese map services, which "
        "count for GeoJSON too. For example --crs EPSG:4547.",
    ),
    click.option(
        "--load",
        "loads",
        multiple=True,
        metavar="NAME[=SUM]",
        help="A column of numbers of the buildings that tiers may balance besides households, or a weighted sum of columns, "
        "rounded to whole numbers for each building; may be given several times. For example --load people "
        "--load 'work=events + 0.2*elderly'.",
    ),
    click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="LAYER.COLUMN=NAME",
        help="Name of a column that has none of the names listed by 'gridgeo columns'; may be given several times. "
        "For example --column communities.code=社区代号 --column streets.name=路段.",
    ),
    click.option(
        "--households",
        metavar="COLUMN",
        help="Column of the buildings with their households. For example --households hh_2024.",
    ),
    click.option(
        "--m2-per-household",
        type=float,
        help="Estimate missing households: footprint x levels / this, in m2. For example --m2-per-household 90.",
    ),
    click.option(
        "--unit-households",
        "layer_unit_households",
        metavar="FILE[:LAYER]",
        help="Table of units. For example --unit-households units.csv.",
    ),
    *map(_layer_option, ROLES),
)
"""Everything that describes a site; gathered by `site_of`."""

scheme_options = stacked(
    click.option("--preset", type=click.Choice(sorted(PRESETS)), help="Tiers by name; zhengzhou if none are given."),
    click.option(
        "--tier",
        "tiers",
        multiple=True,
        metavar="NAME:LOW-HIGH[xCOUNT[all]][@TARGET][:WIDTH][/LOAD][+LOAD:LOW-HIGH[!]]",
        help="A tier, coarse to fine; may be given several times. For example --tier grid:300-500@400 --tier micro:50-70@60. "
        "x28 asks for 28 ordinary zones a community, x28all for 28 with the dedicated ones. "
        "/LOAD balances another load than households, +LOAD limits a second one, ! makes these limits hard: "
        "--tier 'micro:90-110/work+people:120-180!'.",
    ),
)
"""Tiers, by preset or one by one; gathered by `scheme_of`."""

drawing_options = stacked(
    click.option(
        "--site",
        help="Place that the zones divide; the one in the file if left out. For example --site community.gpkg.",
    ),
    site_options,
    scheme_options,
    click.option(
        "--tier-layer",
        "tier_layers",
        multiple=True,
        metavar="TIER=LAYER",
        help="Layer of a tier, if layers are not named as tiers. For example --tier-layer grid=zones.",
    ),
    click.option(
        "--codes",
        type=click.Choice(["standard", "own"]),
        default="standard",
        help="Whether codes are those of the standard, or an office's own, which only have to be there, once each. "
        "For example --codes own.",
    ),
)
"""What a drawing divides, and what is expected of it; gathered by `read_judged`."""

division_options = stacked(
    click.option(
        "--within",
        metavar="FILE[:LAYER]",
        help="Zones that are kept as they are, with their codes, as the coarsest tier, and divided into the finer tiers. "
        "For example --within grids.gpkg:grid.",
    ),
    click.option(
        "--counts",
        metavar="CODE=NUMBER,...",
        help="Into how many finest zones each grid given with --within is divided; its last digits will do. What the tier's own "
        "xCOUNT leaves is shared out among the other grids. For example --counts 001=6,002=4.",
    ),
    click.option(
        "--dedicated",
        metavar="CLASS,...",
        help="Make institutions of these classes of landuse and pois dedicated zones. For example --dedicated "
        "school,hospital,park.",
    ),
    click.option(
        "--keep-compounds", is_flag=True, help="Divide no compound that fits into a zone; otherwise that is preferred."
    ),
    click.option(
        "--prefer",
        multiple=True,
        metavar="NAME=WEIGHT",
        help="What counts where limits leave a choice: equal, compact, streets, compounds; "
        "each 1 by default, 0 for no regard, 10 at most. "
        "For example --prefer compact=2.",
    ),
    click.option(
        "--from",
        "earlier",
        metavar="PLAN",
        help="An earlier plan to start from, instead of SITE: its place and land are taken, and its tiers and preferences where "
        "none are given. For example --from plan.gpkg --seed 8. Zones that it was divided --within have to be named again, "
        "for example by --within plan.gpkg.",
    ),
    click.option(
        "--keep",
        metavar="CODE,...",
        help="Zones of the plan given with --from that stay as they are, with their codes, while the rest is divided anew; of any "
        "tier. For example --from plan.gpkg --keep 410102013190003,41010201319000105.",
    ),
)
"""What shall stay whole, or as it is, and what is preferred; read with `zones_of`, `codes_of`, `classes_of`, `scheme_of`."""


def zones_of(text: str | None, scheme: Scheme) -> Zones | None:
    """The zones that are written as FILE or FILE:LAYER."""
    if text is None:
        return None
    file, colon, layer = text.rpartition(":")
    if colon and not Path(text).is_file():
        return read_zones(file, layers={scheme.names[0]: layer}, scheme=scheme)
    return read_zones(text)


def earlier_of(site: str | None, options: dict[str, Any]) -> Plan | None:
    """The earlier plan from which a division starts, if one is given; it brings its place and land along."""
    from gridgeo.model import Plan

    if options["earlier"] is None:
        if options["keep"]:
            raise InputError(say("keep_needs_cells"))
        return None
    own = ("crs", "columns", "households", "m2_per_household", "loads", "dedicated", "split_large")
    if site or any(value for name, value in options.items() if name in own or name.startswith("layer_")):
        raise InputError(say("cli_from_alone"))
    return Plan.load(options["earlier"])


def counts_of(text: str | None) -> dict[str, int]:
    """Numbers that are written as CODE=NUMBER, with commas between them."""
    pairs = [part.partition("=") for part in codes_of(text)]
    if not all(code.strip() and re.fullmatch(r"[1-9]\d*", n.strip()) for code, _, n in pairs):
        raise InputError(say("counts_text", text=text))
    return {code.strip(): int(n) for code, _, n in pairs}


def codes_of(text: str | None) -> list[str]:
    """Codes that are written with commas between them."""
    return [] if text is None else classes_of(text)


def classes_of(text: str) -> list[str]:
    """Classes that are written with commas between them."""
    return [name.strip() for name in re.split("[,，、]", text) if name.strip()]


def site_of(site: str | None, options: dict[str, Any], progress: Tell) -> Site:
    """The site that the options describe."""
    from gridgeo.files.reading import read_site

    layers = {name.removeprefix("layer_"): file for name, file in options.items() if name.startswith("layer_") and file}
    if site is None and not {"buildings", "communities"} <= layers.keys():
        raise InputError(say("cli_no_site"))
    return read_site(
        site,
        layers=layers or None,
        crs=options["crs"],
        columns={layer: names for layer, names in columns_of(options["columns"]).items() if layer != DRAWN},
        households=options["households"],
        m2_per_household=options["m2_per_household"],
        loads=loads_of(options["loads"]),
        progress=progress,
    )


def columns_of(texts: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Layer -> column -> name of the columns that are written as LAYER.COLUMN=NAME."""
    out: dict[str, dict[str, str]] = {}
    for text in texts:
        target, equals, name = text.partition("=")
        layer, dot, column = target.partition(".")
        if not (equals and dot and name.strip()):
            raise InputError(say("cli_column"))
        out.setdefault(layer.strip(), {})[column.strip()] = name.strip()
    return out


def loads_of(texts: tuple[str, ...]) -> dict[str, str]:
    """Name -> sum of the loads that are written as NAME or NAME=SUM."""
    pairs = [text.partition("=") for text in texts]
    return {name.strip(): total if equals else name for name, equals, total in pairs}


def scheme_of(options: dict[str, Any], earlier: Plan | None = None) -> Scheme:
    """The scheme that the options describe; what they leave open is as in the earlier plan, if there is one."""
    if options["preset"] and options["tiers"]:
        raise InputError(say("cli_preset_and_tiers"))
    before = Scheme.preset("zhengzhou") if earlier is None else earlier.scheme
    scheme = Scheme.preset(options["preset"]) if options["preset"] else before
    scheme = Scheme.parse(options["tiers"]) if options["tiers"] else scheme
    prefer = options.get("prefer")
    return replace(scheme, prefer=Preferences.parse(prefer) if prefer else before.prefer)


def layers_named(texts: tuple[str, ...]) -> dict[str, str] | None:
    """Tier -> layer, as written on the command line; None if nothing is."""
    pairs = [text.partition("=") for text in texts]
    if not all(tier and layer for tier, _, layer in pairs):
        raise InputError(say("cli_tier_layer"))
    return {tier: layer for tier, _, layer in pairs} or None


def spoken(lang: Lang | None) -> Lang:
    """Language of messages: as asked, else the terminal's."""
    return lang or locale_lang()

"""Plan files: written, and read back whoever may have edited them since; what is missing or odd is said in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from gridgeo.errors import InputError
from gridgeo.files.atomic import write_layers
from gridgeo.files.checksums import edited_layers, written_columns
from gridgeo.messages import say
from gridgeo.model import (
    ACCOUNT_COLUMNS,
    CELL_COLUMNS,
    HISTORY_COLUMNS,
    MEMBER_COLUMNS,
    NOTE_COLUMNS,
    ROLES,
    Also,
    Land,
    Plan,
    Preferences,
    Scheme,
    Site,
    Tier,
    empty_table,
    is_load,
    members_table,
    with_members,
)
from gridgeo.style import COLOUR, layer_looks, tier_colours

_READ_AS = {"buildings": "buildings_read"}
"""Role -> layer of a plan file, where they differ: the layer `buildings` of a plan holds its members."""

_COUNTING = {
    "cells",
    "members",
    "registry",
    "history",
    "outlines",
    "scheme",
    "manifest",
    "unit_households",
    *(_READ_AS.get(role, role) for role in ROLES),
}
"""Layers that are read back; the others only show what these say."""

_UNIT_COLUMNS = {"building": "string", "unit": "string", "households": "Int64"}
_LISTED_COLUMNS = {"id": "string", "unit": "string", "households": "Int64", "cut": "string", "cell": "string"}
"""Of the layer `buildings`, which shows the members to people."""

_CELL_COLUMNS = {name: kind for name, kind in CELL_COLUMNS.items() if name not in ("households", "n_unknown")}
"""Of the layer `cells`, as far as it is read back."""


def layers_of(path: Path) -> list[str]:
    """Names of the layers of a file.

    Raises
    ------
    InputError
        If there is no such file, or it holds no layers.
    """
    if not path.is_file():
        raise InputError(say("file_missing", path=path))
    try:
        return [str(name) for name, _ in pyogrio.list_layers(path)]
    except pyogrio.errors.DataSourceError as error:
        raise InputError(say("plan_unreadable", path=path, why=error)) from error


def read_saved_site(path: Path) -> Site | None:
    """The site that stands in a file; None if it holds no communities.

    Raises
    ------
    InputError
        If a layer cannot be used.
    """
    there = layers_of(path)
    layers = {}
    for role, spec in ROLES.items():
        name = _READ_AS.get(role, role)
        if name in there:
            key = "code" if role == "communities" else "id"
            layers[role] = read_table(path, name, {key: "string", **spec.columns}).set_index(key)
    if "buildings" in layers:
        layers["buildings"] = _whole_loads(layers["buildings"])
    if "communities" not in layers:
        return None
    units = read_table(path, "unit_households", _UNIT_COLUMNS)
    return Site(layers, units, read_table(path, "account", ACCOUNT_COLUMNS))


def _whole_loads(buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Loads as they were before they were written; a column with decimals was put in by somebody else and stays as it is."""
    numbers = {name: buildings[name] for name in set(buildings.columns) - set(ROLES["buildings"].columns)}
    whole = {name for name, column in numbers.items() if is_load(column) and (column.dropna() % 1 == 0).all()}
    return buildings.astype(dict.fromkeys(sorted(whole), "Int64"))


def read_saved_land(path: Path) -> Land:
    """Cells and their members.

    The table `members` counts; files of earlier versions have none, and there the layer `buildings` is the list of members.

    Raises
    ------
    InputError
        If cells or members lack what is needed, or do not fit together.
    """
    cells = read_table(path, "cells", {"id": "string", **_CELL_COLUMNS}).set_index("id").rename_axis("cell")
    cells.index = cells.index.astype("str")
    uncoded = cells.index[cells["code"].isna()]
    if len(uncoded):
        raise InputError(say("plan_unreadable", path=path, why=say("plan_cell_uncoded", cells=", ".join(uncoded[:5]))))
    members = _saved_members(path)
    lost = sorted(set(members["cell"].fillna("-")) - set(cells.index))
    if lost:
        raise InputError(say("plan_unreadable", path=path, why=say("plan_cell_lost", cells=", ".join(lost[:5]))))
    return Land(with_members(cells, members)[[*CELL_COLUMNS, "members", "geometry"]], members)


def _saved_members(path: Path) -> pd.DataFrame:
    """The table of members of a file."""
    if "members" not in layers_of(path):
        listed = read_table(path, "buildings", _LISTED_COLUMNS)[list(_LISTED_COLUMNS)]
        return members_table(
            {"building": listed["id"], **{name: listed[name] for name in _LISTED_COLUMNS if name != "id"}}
        )
    members = read_table(path, "members", MEMBER_COLUMNS)
    loads = [str(name) for name in members.columns if name not in MEMBER_COLUMNS and is_load(members[name])]
    return members_table({name: members[name] for name in (*MEMBER_COLUMNS, *loads)})


def read_table(path: Path, layer: str, columns: Mapping[str, str]) -> gpd.GeoDataFrame | pd.DataFrame:
    """A layer with these columns and dtypes; a table without rows if there is no such layer.

    Columns that somebody has added since the file was written stay in the file: they may be about persons.

    Raises
    ------
    InputError
        If a column is missing or holds what it should not.
    """
    if layer not in layers_of(path):
        return empty_table(columns)
    table = _as_written(path, layer, pyogrio.read_dataframe(path, layer=layer))
    missing = sorted(set(columns) - set(table.columns))
    if missing:
        why = say("plan_column_missing", layer=layer, columns=", ".join(missing))
        raise InputError(say("plan_unreadable", path=path, why=why))
    try:
        return table.astype(dict(columns))
    except (TypeError, ValueError) as error:
        raise InputError(say("plan_unreadable", path=path, why=f"{layer}: {error}")) from error


def _as_written(path: Path, layer: str, table: gpd.GeoDataFrame | pd.DataFrame) -> gpd.GeoDataFrame | pd.DataFrame:
    """A layer without columns that were not there when it was written; as it is in a file of earlier versions."""
    written = written_columns(path).get(layer)
    if written is None:
        return table
    known = {*written, "geometry"}
    return table[[name for name in table.columns if name in known]]


def read_scheme(path: Path) -> Scheme:
    """The scheme that stands in a plan file."""
    table = pyogrio.read_dataframe(path, layer="scheme", read_geometry=False).sort_values("depth")
    number = lambda value: None if pd.isna(value) else int(value)  # noqa: E731 (one word for four columns)
    return Scheme(
        tuple(
            Tier(
                row["name"],
                int(row["low"]),
                int(row["high"]),
                number(row["target"]),
                int(row["width"]),
                row["load"],
                number(row["count"]),
                Also.parse(row["also"]) if "also" in table and not pd.isna(row["also"]) else None,
            )
            for _, row in table.iterrows()
        ),
        Preferences.parse(table["prefer"].iloc[0].split() if "prefer" in table else ()),
    )


def scheme_table(scheme: Scheme) -> pd.DataFrame:
    """The scheme as it stands in a plan file: depth, name, low, high, target, width, load, count; prefer, the same for all.

    A column `also` holds the limits of second loads, where there are any.
    """
    fields = ("name", "low", "high", "target", "width", "load", "count")
    table = pd.DataFrame(
        [[depth, *(getattr(tier, f) for f in fields)] for depth, tier in enumerate(scheme)], columns=["depth", *fields]
    )
    table = table.astype({"count": "Int64"}).assign(prefer=str(scheme.prefer))
    also = [None if tier.also is None else str(tier.also) for tier in scheme]
    return table.assign(also=pd.array(also, dtype="string")) if any(also) else table


def write_plan(plan: Plan, path: Path, *, overwrite: bool = False) -> Path:
    """Write a plan; layers and errors as `Plan.save` says."""
    tiers = [plan.zones(name) for name in plan.scheme.names]
    layers: dict[str, pd.DataFrame] = {
        name: zones.assign(**{COLOUR: fills}).reset_index()
        for name, zones, fills in zip(plan.scheme.names, tiers, tier_colours(tiers), strict=True)
    }
    layers["buildings"] = plan.buildings
    layers["cells"] = plan.cells.drop(columns="members").rename_axis("id").reset_index()
    layers["members"] = plan.members
    for role, layer in plan.site.layers.items():
        name = "buildings_read" if role == "buildings" else role
        if len(layer) or role == "communities":
            layers[name] = layer.reset_index()
    layers |= {
        "unit_households": plan.site.unit_households,
        "account": plan.site.account,
        "registry": pd.DataFrame(plan.registry.drop(columns="geometry")).reset_index(),
        "scheme": scheme_table(plan.scheme),
        "notes": plan.notes,
        "manifest": pd.DataFrame({"key": list(plan.manifest), "value": list(plan.manifest.values())}, dtype="string"),
    }
    outlines = plan.registry.loc[plan.registry.geometry.notna(), ["geometry"]].reset_index()
    layers |= {name: table for name, table in (("history", plan.history), ("outlines", outlines)) if len(table)}
    return write_layers(path, layers, looks=layer_looks(plan.scheme), overwrite=overwrite, backup=True)


def _with_edits(notes: pd.DataFrame, edited: list[str]) -> pd.DataFrame:
    """Notes with one on layers that somebody has edited in the file and that count; those that only show are left to the check."""
    counting = [layer for layer in edited if layer in _COUNTING]
    if not counting:
        return notes
    text = say("plan_edited", layers=", ".join(counting))
    note = {"reason": "layers_edited", "severity": "note", "code": "", "zh": text.render("zh"), "en": text.render("en")}
    return pd.concat([notes, pd.DataFrame([note])], ignore_index=True).astype(NOTE_COLUMNS)


def read_plan(path: Path) -> Plan:
    """Read a plan; errors as `Plan.load` says."""
    there = layers_of(path)
    edited = edited_layers(path)
    for layer in ("cells", "buildings", "communities", "scheme", "registry"):
        if layer not in there:
            raise InputError(say("plan_unreadable", path=path, why=say("plan_layer_missing", layer=layer)))
    site = read_saved_site(path)
    assert site is not None  # there are communities
    manifest = read_table(path, "manifest", {"key": "string", "value": "string"})
    land = read_saved_land(path)
    return Plan(
        site,
        land.cells,
        read_scheme(path),
        _saved_registry(path),
        _with_edits(read_table(path, "notes", NOTE_COLUMNS), edited),
        dict(zip(manifest["key"], manifest["value"], strict=True)),
        land.members,
        read_table(path, "history", HISTORY_COLUMNS)[list(HISTORY_COLUMNS)],
    )


def _saved_registry(path: Path) -> pd.DataFrame:
    """Codes, with the outlines of those that are retired; a registry of earlier versions has fewer columns."""
    registry = read_table(path, "registry", {"code": "string"}).set_index("code")
    outlines = read_table(path, "outlines", {"code": "string"}).set_index("code")
    return registry.join(outlines[["geometry"]]) if len(outlines) else registry

"""Reading what stands in a plan file, whoever may have edited it since: what is missing or odd is said in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import pyogrio

from gridgeo.errors import InputError
from gridgeo.loads import is_load
from gridgeo.messages import say
from gridgeo.site import ACCOUNT_COLUMNS, ROLES, Site

CELL_COLUMNS = {
    "community": "string",
    "block": "string",
    "code": "string",
    "kind": "string",
    "institution": "string",
    "households": "Int64",
    "n_unknown": "Int64",
}
"""Of `Plan.cells` besides `members` and geometry. `kind` of a cell: land, water, railway, institution."""

NOTE_COLUMNS = {"reason": "string", "severity": "string", "code": "string", "zh": "string", "en": "string"}
"""Of `Plan.notes`: what the division could not do, or did otherwise than asked, and why."""


class Member(NamedTuple):
    """A building, or a part of a divided one, that belongs to a cell."""

    building: str
    unit: str | None
    households: int | None
    cut: str | None
    """None: whole; units: an entrance; floors: a range of floors, drawn as a strip; equal: an equal part, an estimate."""


_READ_AS = {"buildings": "buildings_read"}
"""Role -> layer of a plan file, where they differ: the layer `buildings` of a plan holds its members."""

_UNIT_COLUMNS = {"building": "string", "unit": "string", "households": "Int64"}
_MEMBER_COLUMNS = {"id": "string", "unit": "string", "households": "Int64", "cut": "string", "cell": "string"}


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


def read_saved_cells(path: Path) -> gpd.GeoDataFrame:
    """Cells with their members; columns as `Plan.cells`.

    Raises
    ------
    InputError
        If cells or members lack what is needed, or do not fit together.
    """
    cells = read_table(path, "cells", {"id": "string", **CELL_COLUMNS}).set_index("id").rename_axis("cell")
    cells.index = cells.index.astype("str")
    uncoded = cells.index[cells["code"].isna()]
    if len(uncoded):
        raise InputError(say("plan_unreadable", path=path, why=say("plan_cell_uncoded", cells=", ".join(uncoded[:5]))))
    rows = read_table(path, "buildings", _MEMBER_COLUMNS)[list(_MEMBER_COLUMNS)]
    lost = sorted(set(rows["cell"].fillna("-")) - set(cells.index))
    if lost:
        raise InputError(say("plan_unreadable", path=path, why=say("plan_cell_lost", cells=", ".join(lost[:5]))))
    members: dict[str, list[Member]] = {cell: [] for cell in cells.index}
    for building, unit, households, cut, cell in rows.astype(object).where(rows.notna(), None).itertuples(index=False):
        members[cell].append(Member(building, unit, None if households is None else int(households), cut))
    cells["members"] = [tuple(sorted(members[cell], key=member_order)) for cell in cells.index]
    return cells[[*CELL_COLUMNS, "members", "geometry"]]


def read_table(path: Path, layer: str, columns: Mapping[str, str]) -> gpd.GeoDataFrame | pd.DataFrame:
    """A layer with these columns and dtypes; a table without rows if there is no such layer.

    Raises
    ------
    InputError
        If a column is missing or holds what it should not.
    """
    if layer not in layers_of(path):
        return empty_table(columns)
    table = pyogrio.read_dataframe(path, layer=layer)
    missing = sorted(set(columns) - set(table.columns))
    if missing:
        why = say("plan_column_missing", layer=layer, columns=", ".join(missing))
        raise InputError(say("plan_unreadable", path=path, why=why))
    try:
        return table.astype(dict(columns))
    except (TypeError, ValueError) as error:
        raise InputError(say("plan_unreadable", path=path, why=f"{layer}: {error}")) from error


def empty_table(columns: Mapping[str, str]) -> pd.DataFrame:
    """A table without rows."""
    return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in columns.items()})


def member_order(member: Member) -> tuple[str, str]:
    """Order of the members of a cell."""
    return member.building, member.unit or ""

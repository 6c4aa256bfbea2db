"""Reading zones from a file: a plan file, or a drawing made by hand. Nothing is repaired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from gridgeo.coverage import brought_to
from gridgeo.errors import InputError
from gridgeo.files.plan_file import read_scheme
from gridgeo.messages import say
from gridgeo.model import COLUMN_NAMES, LISTED_COLUMNS, RESERVED, ZONE_COLUMNS, ZONES, Scheme, Zones, columns_named

_BESIDE = 0.1
"""Parts of one tier that lie in several layers share less than this of the smaller one's land."""


class _Layer(NamedTuple):
    """A layer of a file."""

    path: Path
    name: str


class _Wanted(NamedTuple):
    """What is to be read of each file.

    Parameters
    ----------
    layers
        Tier -> layer; None if files have to tell.
    columns
        Column -> the name it goes by, where that is none of the names known.
    scheme
        None if the file may bring its own.
    """

    layers: Mapping[str, str] | None
    columns: Mapping[str, str]
    scheme: Scheme | None


def read_zones(
    path: str | Path | Sequence[str | Path],
    *,
    layers: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    scheme: Scheme | None = None,
) -> Zones:
    """Read a divided place from a GeoPackage: a plan file, or a drawing made by hand.

    Nothing is repaired, for a check has to see what is there.

    Parameters
    ----------
    path
        Or several files of one drawing: layers of one name, or of one level that lie beside one another, are one tier.
    layers
        Tier -> layer. If left out: the tiers of the scheme in the file, else every polygon layer with a column of codes (code,
        统一编码, 网格编码, 编号 ...), by the length of the codes.
    columns
        Column (code, name, households ...) -> its name in the drawing, where that is none of the names known.
    scheme
        Tiers with limits; the one in the file if left out.

    Returns
    -------
    zones
        In the CRS of the first file; tiers from coarse to fine, in whichever order they were named.

    Raises
    ------
    InputError
        If there is no such file, no layer that could be a tier, or no such column.
    """
    paths = [path] if isinstance(path, str | Path) else list(path)
    wanted = _Wanted(layers, columns or {}, scheme)
    found = [_read_file(Path(one), wanted) for one in paths]
    lists = [zones.buildings for zones in found if zones.buildings is not None]
    table = _as_one([zones.table for zones in found])
    scheme = next((zones.scheme for zones in found if zones.scheme is not None), None)
    return Zones(_coarse_first(table, scheme), pd.concat(lists, ignore_index=True) if lists else None, scheme)


def _read_file(path: Path, wanted: _Wanted) -> Zones:
    if not path.is_file():
        raise InputError(say("file_missing", path=path))
    try:
        there = {str(name): kind for name, kind in pyogrio.list_layers(path)}
    except pyogrio.errors.DataSourceError as error:
        raise InputError(say("zones_unreadable", path=path)) from error
    scheme, layers = wanted.scheme, wanted.layers
    if scheme is None and "scheme" in there:
        scheme = read_scheme(path)
    if layers is None:
        layers = {name: name for name in scheme.names if name in there} if scheme else {}
        layers = layers or _as_tiers(_guess_tiers(path, there, wanted.columns), scheme)
    if not layers:
        raise InputError(say("zones_no_tier", path=path))
    columns = ZONE_COLUMNS | dict.fromkeys(scheme.loads if scheme else (), "Int64")
    tables = [_read_tier(tier, _Layer(path, layer), columns, named=wanted.columns) for tier, layer in layers.items()]
    buildings = None
    if "buildings" in there:
        buildings = _pick(path, pyogrio.read_dataframe(path, layer="buildings", read_geometry=False))
    return Zones(_as_one(tables), buildings, scheme)


def _as_one(tables: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Tables below one another, in the CRS of the first; layers of one level that lie beside one another become one tier."""
    first = tables[0].crs
    moved = [table if table.crs is None or first is None else brought_to(table, first) for table in tables]
    for k, table in enumerate(moved):
        beside = next((one for one in moved[:k] if _is_same_level(one, table)), None)
        if beside is not None:
            moved[k] = table.assign(tier=beside["tier"].iloc[0])
    return gpd.GeoDataFrame(pd.concat(moved, ignore_index=True), crs=first)


def _is_same_level(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> bool:
    """Whether two layers could be parts of one tier: codes as long, and next to no land of both."""
    if len(set(one["tier"])) != 1 or len(set(other["tier"])) != 1:
        return False
    if one["code"].str.len().median() != other["code"].str.len().median():
        return False
    a, b = (shapely.union_all(part.geometry[part.geometry.is_valid].to_numpy()) for part in (one, other))
    return bool(shapely.area(shapely.intersection(a, b)) < _BESIDE * min(shapely.area(a), shapely.area(b)))


def _coarse_first(table: gpd.GeoDataFrame, scheme: Scheme | None) -> gpd.GeoDataFrame:
    """Tiers in the order of the scheme; where it does not name them, the tier of the larger zones first."""
    names = list(dict.fromkeys(table["tier"]))
    if scheme is not None and set(names) <= set(scheme.names):
        rank = {name: scheme.depth(name) for name in names}
    else:
        size = {name: float(np.nanmean(shapely.area(table.geometry[table["tier"] == name]))) for name in names}
        rank = {name: k for k, name in enumerate(sorted(names, key=lambda name: -size[name]))}
    return table.iloc[np.argsort(table["tier"].map(rank).to_numpy(), kind="stable")].reset_index(drop=True)


def _as_tiers(lengths: Mapping[str, float], scheme: Scheme | None) -> dict[str, str]:
    """Tier -> layer: the tier whose codes are as long; failing that, if there are as many layers as tiers, in their order."""
    if scheme is None:
        return {layer: layer for layer in lengths}
    by_length = {
        name: layer for name in scheme.names for layer, length in lengths.items() if length == scheme.digits(name)
    }
    if len(by_length) == len(lengths):
        return by_length
    return dict(zip(scheme.names, lengths, strict=True)) if len(lengths) == len(scheme) else {k: k for k in lengths}


def _guess_tiers(path: Path, there: Mapping[str, str | None], named: Mapping[str, str]) -> dict[str, float]:
    """Layers of polygons with codes, and the length of their codes, shortest first."""
    found = []
    for layer, kind in there.items():
        if layer in RESERVED or kind is None:
            continue
        table = pyogrio.read_dataframe(path, layer=layer)
        column = _column(table, "code", named)
        # Drawing programs declare layers of any kind of geometry: what is in them tells.
        if column is not None and (shapely.get_dimensions(table.geometry.to_numpy()) == 2).any():
            length = table[column].dropna().map(lambda code: len(_text(code))).median()
            found.append((float(length), layer))
    return {layer: length for length, layer in sorted(found)}


def _read_tier(tier: str, layer: _Layer, columns: Mapping[str, str], *, named: Mapping[str, str]) -> gpd.GeoDataFrame:
    table = pyogrio.read_dataframe(layer.path, layer=layer.name)
    there = [str(name) for name in table.columns if name != "geometry"]
    missing = [name for name in named.values() if name not in there]
    code = _column(table, "code", named)
    if missing or code is None:
        told = {"path": layer.path, "layer": layer.name, "known": ", ".join(there) or "-"}
        raise InputError(say("zones_no_column", column=missing[0], **told) if missing else say("zones_no_code", **told))
    picked = {"tier": tier, "code": table[code].map(_text, na_action="ignore")}
    for name in columns:
        if name in picked or name == "area_m2":
            continue
        column = _column(table, name, named)
        picked[name] = table[column] if column is not None else pd.NA
    picked["area_m2"] = table.geometry.area if table.crs is not None and table.crs.is_projected else pd.NA
    zones = gpd.GeoDataFrame(picked, geometry=table.geometry, crs=table.crs, index=table.index)
    for name, dtype in columns.items():
        zones[name] = _cast(zones[name], dtype, layer)
    return zones


def _pick(path: Path, table: pd.DataFrame) -> pd.DataFrame:
    picked = pd.DataFrame(index=table.index)
    for name, dtype in LISTED_COLUMNS.items():
        values = table[name] if name in table else pd.Series(pd.NA, index=table.index)
        text = dtype == "string"
        picked[name] = _cast(
            values.map(_text, na_action="ignore") if text else values, dtype, _Layer(path, "buildings")
        )
    return picked


def _cast(values: pd.Series, dtype: Any, layer: _Layer) -> pd.Series:
    """Values of a column that must be numbers, or text; the first that is neither is named."""
    if dtype == "string":
        return values.astype(dtype)
    numbers = pd.to_numeric(values, errors="coerce")
    odd = values.notna() & (numbers.isna() | (dtype == "Int64") & (numbers % 1 != 0))
    if odd.any():
        value = str(values[odd].iloc[0])
        told = {"path": layer.path, "layer": layer.name, "column": values.name, "value": value, "n": int(odd.sum())}
        raise InputError(say("zones_no_number", **told))
    return numbers.astype(dtype)


def _column(table: pd.DataFrame, name: str, named: Mapping[str, str]) -> str | None:
    """The column of a drawing that holds this, by the name told or those it may go by; loads go by their own."""
    if named.get(name) in table.columns:
        return named[name]
    return next(iter(columns_named(table.columns, COLUMN_NAMES[ZONES].get(name, (name,)))), None)


def _text(value: object) -> str:
    """Codes are text; a number that came through a spreadsheet loses its point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

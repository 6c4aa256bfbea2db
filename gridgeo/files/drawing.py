"""Reading zones from a file: a plan file, or a drawing made by hand. Nothing is repaired."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from gridgeo.errors import InputError
from gridgeo.files.plan_file import read_scheme
from gridgeo.messages import say
from gridgeo.model import COLUMN_NAMES, LISTED_COLUMNS, RESERVED, ZONE_COLUMNS, ZONES, Scheme, Zones, columns_named


class _Layer(NamedTuple):
    """A layer of a file."""

    path: Path
    name: str


def read_zones(path: str | Path, *, layers: Mapping[str, str] | None = None, scheme: Scheme | None = None) -> Zones:
    """Read a divided place from a GeoPackage: a plan file, or a drawing made by hand.

    Nothing is repaired, for a check has to see what is there.

    Parameters
    ----------
    layers
        Tier -> layer, coarse to fine. If left out: the tiers of the scheme in the file, else every polygon layer with a column of
        codes (code, 统一编码, 网格编码, 编号 ...), by the length of the codes.
    scheme
        Tiers with limits; the one in the file if left out.

    Returns
    -------
    zones
        In the CRS of the file.

    Raises
    ------
    InputError
        If there is no such file, or no layer that could be a tier.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(say("file_missing", path=path))
    try:
        there = {str(name): kind for name, kind in pyogrio.list_layers(path)}
    except pyogrio.errors.DataSourceError as error:
        raise InputError(say("zones_unreadable", path=path)) from error
    if scheme is None and "scheme" in there:
        scheme = read_scheme(path)
    if layers is None:
        layers = {name: name for name in scheme.names if name in there} if scheme else {}
        layers = layers or _as_tiers(_guess_tiers(path, there), scheme)
    if not layers:
        raise InputError(say("zones_no_tier", path=path))
    columns = ZONE_COLUMNS | dict.fromkeys(scheme.loads if scheme else (), "Int64")
    tables = [_read_tier(tier, _Layer(path, layer), columns) for tier, layer in layers.items()]
    tables = [table if table.crs is None or tables[0].crs is None else table.to_crs(tables[0].crs) for table in tables]
    buildings = None
    if "buildings" in there:
        buildings = _pick(path, pyogrio.read_dataframe(path, layer="buildings", read_geometry=False))
    return Zones(gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), crs=tables[0].crs), buildings, scheme)


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


def _guess_tiers(path: Path, there: Mapping[str, str | None]) -> dict[str, float]:
    """Layers of polygons with codes, and the length of their codes, shortest first."""
    found = []
    for layer, kind in there.items():
        if layer in RESERVED or kind is None:
            continue
        table = pyogrio.read_dataframe(path, layer=layer)
        column = _column(table, "code")
        # Drawing programs declare layers of any kind of geometry: what is in them tells.
        if column is not None and (shapely.get_dimensions(table.geometry.to_numpy()) == 2).any():
            length = table[column].dropna().map(lambda code: len(_text(code))).median()
            found.append((float(length), layer))
    return {layer: length for length, layer in sorted(found)}


def _read_tier(tier: str, layer: _Layer, columns: Mapping[str, str]) -> gpd.GeoDataFrame:
    table = pyogrio.read_dataframe(layer.path, layer=layer.name)
    code = _column(table, "code")
    if code is None:
        raise InputError(say("zones_no_code", path=layer.path, layer=layer.name))
    picked = {"tier": tier, "code": table[code].map(_text, na_action="ignore")}
    for name in columns:
        if name in picked or name == "area_m2":
            continue
        column = _column(table, name)
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


def _column(table: pd.DataFrame, name: str) -> str | None:
    """The column of a drawing that holds this, by the names it may go by; loads go by their own."""
    return next(iter(columns_named(table.columns, COLUMN_NAMES[ZONES].get(name, (name,)))), None)


def _text(value: object) -> str:
    """Codes are text; a number that came through a spreadsheet loses its point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

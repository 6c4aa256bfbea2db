"""Zones of all tiers as one table: derived from a plan, or read from any drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import shapely

from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.scheme import RESERVED, Also, Preferences, Scheme, Tier
from gridgeo.site import html_table

COLUMNS = {
    "tier": "string",
    "code": "string",
    "parent": "string",
    "kind": "string",
    "name": "string",
    "households": "Int64",
    "n_unknown": "Int64",
    "n_buildings": "Int64",
    "area_m2": "Float64",
}
"""Of `Zones.table`, besides geometry. `kind` is grid or dedicated; `households` sums the known figures, `n_unknown` counts the
members without one."""

MEMBER_COLUMNS = {"id": "string", "unit": "string", "households": "Int64", "code": "string"}
"""Of `Zones.buildings`: one row a building, or a unit of a divided one, with the code of its finest zone."""

CODE_NAMES = ("code", "统一编码", "网格编码", "编码")
"""Columns in which drawings have their codes."""
_NAMES = {
    "parent": ("parent", "上级编码", "上级网格编码"),
    "households": ("households", "户数"),
    "kind": ("kind",),
    "name": ("name", "名称"),
}


@dataclass(frozen=True)
class Zones:
    """Polygons with codes, tier by tier.

    Parameters
    ----------
    table
        One row a zone, tiers from coarse to fine; columns of `COLUMNS`, the loads of the scheme besides households, and geometry. A
        drawing may hold any fault, repeated codes included, so the index means nothing.
    buildings
        Columns of `MEMBER_COLUMNS`; None if the drawing does not say which building belongs where.
    scheme
        Limits and widths; None if unknown.
    """

    table: gpd.GeoDataFrame
    buildings: pd.DataFrame | None = None
    scheme: Scheme | None = None

    @property
    def tiers(self) -> tuple[str, ...]:
        """Names of the tiers, from coarse to fine."""
        return tuple(dict.fromkeys(self.table["tier"]))

    def tier(self, name: str) -> gpd.GeoDataFrame:
        """Zones of one tier, indexed by code."""
        if name not in self.tiers:
            raise InputError(say("tier_unknown", name=name, known=", ".join(self.tiers)))
        return self.table[self.table["tier"] == name].drop(columns="tier").set_index("code")

    def summary(self) -> pd.DataFrame:
        """A row a tier: zones, dedicated ones among them, households, hectares, and what its ordinary zones hold.

        `load` names what the tier balances; `min`, `median` and `max` are of it. Where a tier limits a second load there are also
        its name and extremes: `also`, `also_min`, `also_max`.
        """
        rows = []
        for name in self.tiers:
            zones = self.tier(name)
            first, *second = _loads_of(self.scheme, name)
            ordinary = zones[zones["kind"] != "dedicated"]
            rows.append(
                {
                    "tier": name,
                    "zones": len(zones),
                    "dedicated": int((zones["kind"] == "dedicated").sum()),
                    "households": int(zones["households"].sum()),
                    "load": first,
                    **_spread(ordinary, first, ("min", "median", "max")),
                    "area_ha": round(float(zones["area_m2"].sum()) / 1e4, 2),
                }
            )
            for load in second:
                rows[-1] |= {"also": load, **_spread(ordinary, load, ("also_min", "also_max"))}
        table = pd.DataFrame(rows)
        return table.astype({name: "Int64" for name in ("also_min", "also_max") if name in table})

    def _repr_html_(self) -> str:
        return html_table(self.summary())


def read_zones(path: str | Path, *, layers: Mapping[str, str] | None = None, scheme: Scheme | None = None) -> Zones:
    """Read a divided place from a GeoPackage: a plan file, or a drawing made by hand.

    Nothing is repaired, for a check has to see what is there.

    Parameters
    ----------
    layers
        Tier -> layer, coarse to fine. If left out: the tiers of the scheme in the file, else every polygon layer with a column of
        codes (code, 统一编码, 网格编码), by the length of the codes.
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
    columns = COLUMNS | dict.fromkeys(scheme.loads if scheme else (), "Int64")
    tables = [_read_tier(path, tier, layer, columns) for tier, layer in layers.items()]
    tables = [table if table.crs is None or tables[0].crs is None else table.to_crs(tables[0].crs) for table in tables]
    buildings = None
    if "buildings" in there:
        buildings = _pick(path, pyogrio.read_dataframe(path, layer="buildings", read_geometry=False))
    return Zones(gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), crs=tables[0].crs), buildings, scheme)


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


def is_exact(polygons: npt.NDArray[np.object_]) -> bool:
    """Whether polygons are valid and fit edge to edge, vertex for vertex, without overlap."""
    return bool(shapely.is_valid(polygons).all()) and bool(shapely.coverage_is_valid(polygons))


def unite(polygons: gpd.GeoSeries, key: pd.Series, *, exact: bool) -> gpd.GeoSeries:
    """Unions of polygons by key, in the order of the keys.

    Parameters
    ----------
    exact
        Whether the polygons are an exact coverage. Then shared edges are simply struck out and no point moves; anything else is
        united the slow way.
    """
    names = key.to_numpy(dtype=str)
    order = np.argsort(names, kind="stable")
    keys, start = np.unique(names[order], return_index=True)
    union = shapely.coverage_union_all if exact else shapely.union_all
    united = [union(group) for group in np.split(polygons.to_numpy()[order], start[1:])]
    return gpd.GeoSeries(united, index=pd.Index(keys, name=key.name), crs=polygons.crs)


def compactness(polygons: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """4 pi area / outline² of polygons, 1 for a circle (Polsby and Popper 1991)."""
    compact: npt.NDArray[np.float64] = 4 * np.pi * shapely.area(polygons) / shapely.length(polygons) ** 2
    return compact


def reading_order(polygons: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """Positions of polygons in reading order: bands from the north, in a band from west to east.

    A band is sqrt(area / number) high, measured from the northern edge of all; a polygon is in the band of its
    representative point. The standards leave open what a row is; a band as high as a typical polygon is wide makes
    consecutive numbers neighbours.
    """
    points = shapely.get_coordinates(shapely.point_on_surface(polygons))
    height = np.sqrt(shapely.area(polygons).sum() / len(polygons))
    band = np.floor((shapely.bounds(polygons)[:, 3].max() - points[:, 1]) / height)
    return np.lexsort((-points[:, 1], points[:, 0], band))


def _loads_of(scheme: Scheme | None, tier: str) -> list[str]:
    """The loads that a tier balances and limits; households where nothing is known."""
    if scheme is None or tier not in scheme.names:
        return ["households"]
    return [limits.load for limits in scheme.tier(tier).limits]


def _spread(zones: pd.DataFrame, load: str, names: tuple[str, ...]) -> dict[str, object]:
    """Smallest, middle and largest known figure, by the last word of the names; `<NA>` if none is known."""
    known = zones[load].dropna() if load in zones else pd.Series([], dtype="Int64")
    return {name: getattr(known, name.rpartition("_")[2])() if len(known) else pd.NA for name in names}


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
        column = _column(table, CODE_NAMES)
        # Drawing programs declare layers of any kind of geometry: what is in them tells.
        if column is not None and (shapely.get_dimensions(table.geometry.to_numpy()) == 2).any():
            length = table[column].dropna().map(lambda code: len(_text(code))).median()
            found.append((float(length), layer))
    return {layer: length for length, layer in sorted(found)}


def _read_tier(path: Path, tier: str, layer: str, columns: Mapping[str, str]) -> gpd.GeoDataFrame:
    table = pyogrio.read_dataframe(path, layer=layer)
    code = _column(table, CODE_NAMES)
    if code is None:
        raise InputError(say("zones_no_code", path=path, layer=layer))
    picked = {"tier": tier, "code": table[code].map(_text, na_action="ignore")}
    for name in columns:
        if name in picked or name == "area_m2":
            continue
        column = _column(table, _NAMES.get(name, (name,)))
        picked[name] = table[column] if column is not None else pd.NA
    picked["area_m2"] = table.geometry.area if table.crs is not None and table.crs.is_projected else pd.NA
    zones = gpd.GeoDataFrame(picked, geometry=table.geometry, crs=table.crs, index=table.index)
    for name, dtype in columns.items():
        zones[name] = _cast(zones[name], dtype, path, layer)
    return zones


def _pick(path: Path, table: pd.DataFrame) -> pd.DataFrame:
    picked = pd.DataFrame(index=table.index)
    for name, dtype in MEMBER_COLUMNS.items():
        values = table[name] if name in table else pd.Series(pd.NA, index=table.index)
        text = dtype == "string"
        picked[name] = _cast(values.map(_text, na_action="ignore") if text else values, dtype, path, "buildings")
    return picked


def _cast(values: pd.Series, dtype: str, path: Path, layer: str) -> pd.Series:
    """Values of a column that must be numbers, or text; the first that is neither is named."""
    if dtype == "string":
        return values.astype(dtype)
    numbers = pd.to_numeric(values, errors="coerce")
    odd = values.notna() & (numbers.isna() | (dtype == "Int64") & (numbers % 1 != 0))
    if odd.any():
        value = str(values[odd].iloc[0])
        raise InputError(
            say("zones_no_number", path=path, layer=layer, column=values.name, value=value, n=int(odd.sum()))
        )
    return numbers.astype(dtype)


def _column(table: pd.DataFrame, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in table.columns), None)


def _text(value: object) -> str:
    """Codes are text; a number that came through a spreadsheet loses its point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

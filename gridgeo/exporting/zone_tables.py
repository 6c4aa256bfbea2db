"""What is exported: zones of a tier, or the buildings, with the names of columns that each format can have."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.model import Plan
from gridgeo.style import code_text, label

BUILDINGS = "buildings"
"""The layer that is no tier."""

SHAPEFILE_NAMES = {"households": "hh", "n_buildings": "n_bld", "id": "bld_id"}
"""Column -> field of a Shapefile, where they differ: at most 10 ASCII characters."""
_FIELD_LETTERS = 10


def layer_named(plan: Plan, layer: str | None) -> str:
    """The layer that is asked for; the finest tier if none is.

    Raises
    ------
    InputError
        If there is no such layer.
    """
    known = (*plan.scheme.names, BUILDINGS)
    if layer is not None and layer not in known:
        raise InputError(say("export_layer_unknown", name=layer, known=", ".join(known)))
    return layer or plan.scheme.names[-1]


def exported(plan: Plan, layer: str) -> gpd.GeoDataFrame:
    """Rows of a layer.

    Returns
    -------
    table
        Of a tier: code, parent, kind, name, households, n_unknown, n_buildings, area_m2, other loads, geometry, by code. Of the
        buildings: id, unit, name, households, cut, code, cell, geometry, by id.
    """
    table = plan.buildings if layer == BUILDINGS else plan.zones(layer).reset_index()
    texts = dict.fromkeys(table.columns[table.dtypes == "object"], "string")
    # Where a ring begins depends on the order of the cells; a product may not.
    return table.reset_index(drop=True).astype(texts).set_geometry(table.geometry.normalize().to_numpy(), crs=table.crs)


def plain(table: gpd.GeoDataFrame) -> pd.DataFrame:
    """A table without geometry; areas in hundredths of a square metre, which is more than they are known to."""
    out = pd.DataFrame(table.drop(columns="geometry"))
    return out.assign(area_m2=out["area_m2"].round(2)) if "area_m2" in out else out


def with_code_text(table: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """A table with a column `code_text` behind its code: the same with its parts apart, which a spreadsheet leaves alone."""
    names = list(table.columns)
    names.insert(names.index("code") + 1, "code_text")
    spaced = pd.array([code_text(code, plan.scheme) for code in table["code"]], dtype="string")
    return table.assign(code_text=spaced)[names]


def with_map_name(table: gpd.GeoDataFrame, plan: Plan) -> gpd.GeoDataFrame:
    """A table with a column `Name`, which is what stands on the map: the short label of a zone, the name or id of a building."""
    if "id" in table:
        shown = table["name"].fillna(table["id"])
    else:
        shown = pd.Series([label(code, plan.scheme) for code in table["code"]], index=table.index, dtype="string")
    return table.rename(columns={"name": "title"}).assign(Name=shown)


def with_field_names(table: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """A table with names that a Shapefile can have, and field -> column where only a number tells a field."""
    numbered = {
        str(column): f"load_{at}"
        for at, column in enumerate(table.columns)
        if not (column in SHAPEFILE_NAMES or (str(column).isascii() and len(str(column)) <= _FIELD_LETTERS))
    }
    renamed = table.rename(columns=SHAPEFILE_NAMES | numbered)
    return renamed, {field: column for column, field in numbered.items()}

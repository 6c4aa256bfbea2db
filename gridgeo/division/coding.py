"""Codes for the parts of a division, from the coarsest tier down."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gridgeo.codes import number
from gridgeo.scheme import Scheme
from gridgeo.zones import unite


def assign_codes(cells: gpd.GeoDataFrame, parts: pd.DataFrame, scheme: Scheme) -> pd.Series:
    """Code of the finest zone of each cell.

    Parameters
    ----------
    cells
        An exact coverage. Reads: community, institution, geometry.
    parts
        A column a tier: number of the cell's part, unique in its community.
    """
    keys = {name: cells["community"].astype("str") + "|" + parts[name].astype("str") for name in scheme.names}
    zones = _outlines(cells, keys, scheme)
    code = cells["community"].astype("string")
    for depth, tier in enumerate(scheme):
        key = keys[tier.name]
        table = zones[tier.name].assign(
            parent=code.groupby(key).first(), dedicated=cells["institution"].notna().groupby(key).all()
        )
        below = depth > scheme.depth(scheme.dedicated.name)
        zero = table["dedicated"] & below
        codes = table["parent"] + "0" * tier.width
        codes[~zero] = number(table[~zero].assign(dedicated=table["dedicated"][~zero] & ~below), tier)
        code = key.map(codes).astype("string")
    return code.rename("code")


def _outlines(cells: gpd.GeoDataFrame, keys: dict[str, pd.Series], scheme: Scheme) -> dict[str, gpd.GeoDataFrame]:
    """Zones of every tier by key; those of a coarse tier are united from the next finer ones."""
    out: dict[str, gpd.GeoDataFrame] = {}
    shapes, upward = cells.geometry, None
    for name in reversed(scheme.names):
        key = keys[name] if upward is None else keys[name].groupby(upward).first().reindex(shapes.index)
        shapes = unite(shapes, key.rename("key"), exact=True)
        out[name] = gpd.GeoDataFrame(geometry=shapes)
        upward = keys[name]
    return out

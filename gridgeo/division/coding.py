"""Codes for the parts of a division, from the coarsest tier down."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gridgeo.coverage.dissolve import unite
from gridgeo.division.kept import wanted_codes
from gridgeo.model.codes import is_dedicated, number
from gridgeo.model.scheme import Scheme


def assign_codes(
    cells: gpd.GeoDataFrame, parts: pd.DataFrame, above: pd.Series, kept: pd.Series, scheme: Scheme
) -> pd.Series:
    """Code of the finest zone of each cell.

    Parameters
    ----------
    cells
        An exact coverage. Reads: geometry and the load of the finest tier.
    parts
        A column a tier that was divided into: number of the cell's part, unique in the land above. `dedicated`: whether the cell's
        finest zone is; a coarser zone is if all of it is.
    above
        Code of the land that was divided, for each cell: a community, or a given zone.
    kept
        Code that each cell has already, empty for most.
    scheme
        All tiers.
    """
    tiers = [tier for tier in scheme if tier.name in parts]
    keys = {tier.name: above.astype("str") + "|" + parts[tier.name].astype("str") for tier in tiers}
    zones = _outlines(cells, keys)
    code = above.astype("string")
    for tier in tiers:
        key, depth = keys[tier.name], scheme.depth(tier.name)
        table = zones[tier.name].assign(
            parent=code.groupby(key).first(), dedicated=parts["dedicated"].groupby(key).all().astype(bool)
        )
        # Below the tier at which it stands, a dedicated zone appears again, whole.
        again = is_dedicated(table["parent"], scheme.tiers[depth - 1]) if depth else table["dedicated"] & False
        codes = table["parent"] + "0" * tier.width
        wanted = wanted_codes(kept, key, cells[scheme.finest.load], scheme.digits(tier.name)).reindex(table.index)
        table["kept"] = wanted.where(wanted.str[: -tier.width] == table["parent"])
        codes[~again] = number(table[~again], tier, reserved=set(kept.str[: scheme.digits(tier.name)]))
        code = key.map(codes).astype("string")
    return code.rename("code")


def _outlines(cells: gpd.GeoDataFrame, keys: dict[str, pd.Series]) -> dict[str, gpd.GeoDataFrame]:
    """Zones of every tier by key; those of a coarse tier are united from the next finer ones."""
    out: dict[str, gpd.GeoDataFrame] = {}
    shapes, upward = cells.geometry, None
    for name in reversed(keys):
        key = keys[name] if upward is None else keys[name].groupby(upward).first().reindex(shapes.index)
        shapes = unite(shapes, key.rename("key"), exact=True)
        out[name] = gpd.GeoDataFrame(geometry=shapes)
        upward = keys[name]
    return out

"""Codes for the parts of a division, from the coarsest tier down."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from gridgeo.coverage import unite
from gridgeo.division.prepare import Prepared
from gridgeo.division.solve import Parts
from gridgeo.model import Scheme, is_dedicated, number


def assign_codes(ground: Prepared, parts: Parts, scheme: Scheme) -> pd.Series:
    """Code of the finest zone of each cell; index of the cells.

    A coarser zone is dedicated if all of it is.
    """
    kept, above = ground.kept.code, ground.above
    load = pd.Series(ground.sums.loads[scheme.finest.load], index=above.index)
    keys = {
        name: above.astype("str") + "|" + pd.Series(part, index=above.index).astype("str")
        for name, part in parts.tiers.items()
    }
    zones = _outlines(ground.cells, keys)
    dedicated = pd.Series(parts.dedicated, index=above.index)
    code = above.astype("string")
    for tier in (tier for tier in scheme if tier.name in keys):
        key, depth = keys[tier.name], scheme.depth(tier.name)
        table = zones[tier.name].assign(
            parent=code.groupby(key).first(), dedicated=dedicated.groupby(key).all().astype(bool)
        )
        # Below the tier at which it stands, a dedicated zone appears again, whole.
        again = is_dedicated(table["parent"], scheme.tiers[depth - 1]) if depth else table["dedicated"] & False
        codes = table["parent"] + "0" * tier.width
        wanted = _wanted_codes(_KeptLand(kept, load), key, scheme.digits(tier.name)).reindex(table.index)
        table["kept"] = wanted.where(wanted.str[: -tier.width] == table["parent"])
        codes[~again] = number(table[~again], tier, reserved=set(kept.str[: scheme.digits(tier.name)]))
        code = key.map(codes).astype("string")
    return code.rename("code")


class _KeptLand(NamedTuple):
    """Of each cell the code of the finest zone that is kept, empty for most; and what the finest tier balances."""

    code: pd.Series
    load: pd.Series


def _wanted_codes(kept: _KeptLand, key: pd.Series, digits: int) -> pd.Series:
    """For each part of a tier the code that its kept land bears; no code twice.

    Where parts want the same code, the one with most of its land's load gets it, then the most cells.

    Parameters
    ----------
    key
        Part of each cell.
    digits
        Length of the codes of the tier.

    Returns
    -------
    codes
        Indexed by part, where there is one.
    """
    table = pd.DataFrame({"part": key, "code": kept.code.str[:digits], "load": kept.load, "cells": 1})[kept.code != ""]
    table = table.groupby(["part", "code"], sort=True)[["load", "cells"]].sum().reset_index()
    table = table.sort_values(["load", "cells", "part", "code"], ascending=[False, False, True, True], kind="stable")
    table = table.drop_duplicates("part").drop_duplicates("code")
    return table.set_index("part")["code"].sort_index()


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

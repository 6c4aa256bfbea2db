"""Numbers for new parts, in reading order, and the codes that they make.

A code is the code of the parent and the digits of the tier. The standards count from west to east and from north to south
(DB11/T 2157-2023, 5.4).
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gridgeo.errors import CodeError
from gridgeo.messages import say
from gridgeo.scheme import Tier
from gridgeo.zones import reading_order


def number(parts: gpd.GeoDataFrame, tier: Tier) -> pd.Series:
    """Codes of new parts.

    Parameters
    ----------
    parts
        Reads: `parent` (code), `dedicated` (bool), geometry (CRS in metres).
    tier
        Its width is the number of digits added.

    Returns
    -------
    codes
        Text, index of `parts`. Ordinary parts count from 1 in each parent, dedicated ones from the first number of the top tenth
        (901 of three digits, 91 of two), both in the reading order of all parts of the parent.

    Raises
    ------
    CodeError
        If a parent has more parts than its digits can number.
    """
    codes = pd.Series("", index=parts.index, dtype="string", name="code")
    for parent, group in parts.groupby("parent", sort=True):
        # One order for all parts of a parent: a dedicated zone takes its place in the rows, though not a number of theirs.
        ordered = group.iloc[reading_order(group.geometry.to_numpy())]
        for dedicated in (False, True):
            members = ordered.index[ordered["dedicated"].to_numpy(dtype=bool) == dedicated]
            first, last = (tier.capacity + 1, 10**tier.width - 1) if dedicated else (1, tier.capacity)
            room = last - first + 1
            if len(members) > room:
                n = len(members)
                raise CodeError(say("code_exhausted", parent=parent, tier=tier.name, n=n, room=room, width=tier.width))
            codes.loc[members] = [f"{parent}{value:0{tier.width}d}" for value in range(first, first + len(members))]
    return codes

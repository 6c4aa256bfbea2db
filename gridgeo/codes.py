"""Numbers for new parts, in reading order, and the codes that they make.

A code is the code of the parent and the digits of the tier. The standards count from west to east and from north to south
(DB11/T 2157-2023, 5.4).
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
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
        (901 of three digits, 91 of two), both in reading order.

    Raises
    ------
    CodeError
        If a parent has more parts than its digits can number.
    """
    codes = pd.Series("", index=parts.index, dtype="string", name="code")
    for (parent, dedicated), group in parts.groupby(["parent", "dedicated"], sort=True):
        first, last = (tier.capacity + 1, 10**tier.width - 1) if dedicated else (1, tier.capacity)
        room = last - first + 1
        if len(group) > room:
            raise CodeError(
                say("code_exhausted", parent=parent, tier=tier.name, n=len(group), room=room, width=tier.width)
            )
        order = reading_order(group.geometry.to_numpy())
        numbers = np.empty(len(group), dtype=np.int64)
        numbers[order] = np.arange(first, first + len(group))
        codes.loc[group.index] = [f"{parent}{value:0{tier.width}d}" for value in numbers]
    return codes

"""What the members of cells come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridgeo.coverage import Flags, Ints
from gridgeo.model import HOUSEHOLDS, Scheme, Site, Tier, building_loads, cell_sums


@dataclass(frozen=True)
class CellSums:
    """What each cell holds, by position.

    Parameters
    ----------
    loads
        Sum of the known figures of each load of the scheme, households among them.
    first
        Building of the first member, None where there are no members.
    n_unknown
        Number of members without a figure of households, in all cells.
    """

    loads: Mapping[str, Ints]
    first: npt.NDArray[np.object_]
    n_unknown: int

    @cached_property
    def built(self) -> Flags:
        """Cells with members."""
        return pd.notna(self.first)


def sums_of(members: pd.DataFrame, cells: pd.Index, loads: Iterable[str]) -> CellSums:
    """Sums of cells.

    Parameters
    ----------
    members
        Of these cells, with columns for the loads.
    loads
        Those of the scheme besides households.
    """
    table = cell_sums(members, cells, loads)
    figures = {load: table[load].to_numpy(dtype=np.int64) for load in (HOUSEHOLDS, *loads)}
    first = members.drop_duplicates("cell").set_index("cell")["building"].reindex(cells)
    return CellSums(
        figures, first.astype(object).where(first.notna(), None).to_numpy(dtype=object), int(table["n_unknown"].sum())
    )


def most_households(site: Site, scheme: Scheme) -> int | None:
    """Households above which a building is cut: the finest tier's upper limit, be it of its own or of the second load.

    Where the tier knows no limit of households, as many as have its load on the whole site's average, for a building is cut by its
    households and gives each part its share of the load. None, so that none is cut, where no households are known.
    """
    tier = scheme.finest
    for limits in tier.limits:
        if limits.load == HOUSEHOLDS:
            return limits.high
    households = int(site.buildings[HOUSEHOLDS].sum())
    total = int(building_loads(site.buildings, tier.load).sum())
    return max(1, tier.high * households // total) if households and total else None


def mean_load(site: Site, tier: Tier) -> float:
    """What a community holds on average, of the load that a tier balances."""
    return int(building_loads(site.buildings, tier.load).sum()) / max(1, len(site.communities))

"""What of each old zone lies in each new one, in households, buildings and land, with margins that are those of the zones."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from gridgeo.changes.compared_sides import Side
from gridgeo.matching import outlines_in_common
from gridgeo.model import CROSSWALK_COLUMNS

_SLIVER_M2 = 0.01
"""Land between outlines that is not told [m2]."""


def land_shares(old: gpd.GeoSeries, new: gpd.GeoSeries) -> pd.DataFrame:
    """Land of each pair of finest zones, and what of each has no pair: from, to, area_m2."""
    common = outlines_in_common(old, new).set_axis(["from", "to", "area_m2"], axis="columns")
    gone = old.area - common.groupby("from")["area_m2"].sum().reindex(old.index, fill_value=0)
    come = new.area - common.groupby("to")["area_m2"].sum().reindex(new.index, fill_value=0)
    rest = [
        pd.DataFrame({"from": gone.index, "area_m2": gone.to_numpy()}),
        pd.DataFrame({"to": come.index, "area_m2": come.to_numpy()}),
    ]
    table = pd.concat([common, *rest], ignore_index=True)
    kinds = {"from": "string", "to": "string", "area_m2": "Float64"}
    return table[table["area_m2"] > _SLIVER_M2].astype(kinds).reset_index(drop=True)


def crosswalks(flows: pd.DataFrame, land: pd.DataFrame, sides: tuple[Side, Side]) -> Mapping[str, pd.DataFrame]:
    """A crosswalk for each tier that both have, coarse to fine."""
    old, new = sides
    tiers = [name for name in old.above.columns if name in new.above.columns]
    held = flows[["from", "to", "households", "members"]].rename(columns={"members": "buildings"})
    rows = pd.concat([held, land], ignore_index=True)
    return {tier: _summed(rows, old.above[tier], new.above[tier]) for tier in tiers}


def _summed(rows: pd.DataFrame, old: pd.Series, new: pd.Series) -> pd.DataFrame:
    raised = rows.assign(**{"from": rows["from"].map(old), "to": rows["to"].map(new)})
    groups = raised.groupby(["from", "to"], sort=True, dropna=False)[["households", "buildings", "area_m2"]]
    table = groups.sum().reset_index()
    return table[list(CROSSWALK_COLUMNS)].astype(CROSSWALK_COLUMNS)

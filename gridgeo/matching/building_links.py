"""Which buildings of two years are the same: by id, then by footprint, then by name and place, each with its evidence."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gridgeo.coverage import Ints

NEAR_M = 50.0
"""A building of the same id or name is the same one if it stands no further away; beyond this an id was given anew [m]."""
_SHARE = 0.5
"""Buildings share their ground if so much of the smaller footprint lies in the larger one."""

LINK_COLUMNS = {"old": "string", "new": "string", "evidence": "string", "fate": "string", "group": "Int64"}
"""Of `same_buildings`. `evidence` is id, footprint or name, `<NA>` where a building stands alone; `fate` is same, split, merged,
rebuilt (several became several), new or demolished; all that belongs together has one number `group`."""


def same_buildings(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> pd.DataFrame:
    """Links between the buildings of two years, and those that stand alone.

    Parameters
    ----------
    old, new
        Indexed by id. Reads: name, geometry [m]; a missing geometry is anywhere.

    Returns
    -------
    links
        Columns of `LINK_COLUMNS`, one row a link; ordered by group, which are numbered by the first id.
    """
    new = new.to_crs(old.crs)
    links = _by_id(old, new)
    links = pd.concat([links, _by_footprint(old, new, links)], ignore_index=True)
    links = pd.concat([links, _by_name(old, new, links)], ignore_index=True)
    alone = [
        pd.DataFrame({"old": old.index.difference(pd.Index(links["old"]))}),
        pd.DataFrame({"new": new.index.difference(pd.Index(links["new"]))}),
    ]
    return _grouped(pd.concat([links, *alone], ignore_index=True))


def _by_id(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> pd.DataFrame:
    ids = old.index.intersection(new.index)
    away = shapely.distance(old.geometry.loc[ids].to_numpy(), new.geometry.loc[ids].to_numpy())
    return _links(ids[~(away > NEAR_M)], ids[~(away > NEAR_M)], "id")


def _by_footprint(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Links over common ground; at least one of both has no link yet, so that a part of a divided building is found too."""
    left, right = old.geometry.to_numpy(), new.geometry.to_numpy()
    at, beside = shapely.STRtree(right).query(left, predicate="intersects")
    open_ = ~old.index.isin(known["old"])[at] | ~new.index.isin(known["new"])[beside]
    at, beside = at[open_], beside[open_]
    smaller = np.minimum(shapely.area(left[at]), shapely.area(right[beside]))
    common = shapely.area(shapely.intersection(left[at], right[beside]))
    ground = common >= _SHARE * smaller  # a point has no ground, and shares that of what it stands in
    return _links(old.index[at[ground]], new.index[beside[ground]], "footprint")


def _by_name(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Links between nearest buildings of one name among those that have no link."""
    left = old[~old.index.isin(known["old"])].rename_axis("old").reset_index()
    right = new[~new.index.isin(known["new"])].rename_axis("new").reset_index()
    pairs = left[["old", "name", "geometry"]].dropna().merge(right[["new", "name", "geometry"]].dropna(), on="name")
    away = shapely.distance(pairs["geometry_x"].to_numpy(dtype=object), pairs["geometry_y"].to_numpy(dtype=object))
    pairs = pairs.assign(away=away)[away <= NEAR_M].sort_values(["away", "old", "new"])
    pairs = pairs.drop_duplicates("old").drop_duplicates("new")
    return _links(pd.Index(pairs["old"]), pd.Index(pairs["new"]), "name")


def _links(old: pd.Index, new: pd.Index, evidence: str) -> pd.DataFrame:
    return pd.DataFrame({"old": old.to_numpy(), "new": new.to_numpy(), "evidence": evidence})


def _grouped(links: pd.DataFrame) -> pd.DataFrame:
    """Links with the group that they form and what became of it."""
    links = links.reindex(columns=list(LINK_COLUMNS)).astype(LINK_COLUMNS)
    first = links["old"].fillna(links["new"])
    links = links.assign(group=_groups(links)).iloc[np.lexsort((links["new"].fillna(""), first))]
    links["group"] = pd.factorize(links["group"])[0]
    counts = links.groupby("group")[["old", "new"]].nunique()
    fate = np.select(
        [counts["old"] == 0, counts["new"] == 0, (counts == 1).all(axis=1), counts["old"] == 1, counts["new"] == 1],
        ["new", "demolished", "same", "split", "merged"],
        "rebuilt",
    )
    links["fate"] = pd.Series(fate, index=counts.index).reindex(links["group"]).to_numpy()
    return links.astype(LINK_COLUMNS).sort_values("group", kind="stable").reset_index(drop=True)


def _groups(links: pd.DataFrame) -> Ints:
    """Number of the connected group of each link."""
    left, olds = pd.factorize(links["old"])
    right, news = pd.factorize(links["new"])
    size = len(olds) + len(news)
    both = (left >= 0) & (right >= 0)
    ends = (left[both], len(olds) + right[both])
    graph = coo_array((np.ones(int(both.sum())), ends), shape=(size, size))
    group = connected_components(graph, directed=False)[1]
    return group[np.where(left >= 0, left, len(olds) + right)]

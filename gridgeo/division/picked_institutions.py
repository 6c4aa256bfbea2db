"""Institutions picked by class from landuse and points of interest, where no layer gives them."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.model import ACCOUNT_COLUMNS, ROLES, Site

Texts = npt.NDArray[np.object_]


def with_institutions(site: Site, classes: Iterable[str]) -> Site:
    """The site with institutions of these classes, which become dedicated zones.

    Those that the layer `institutions` holds stay and win: of one place only the first counts among the layer's own, polygons of
    `landuse`, polygons of `pois`, and points of `pois` (which take the land of their building, compound or cell).

    Parameters
    ----------
    site
        Reads institutions, landuse, pois: class, name, geometry.
    classes
        As they stand in the column class; case does not matter.

    Returns
    -------
    site
        With more institutions; ids of those picked begin with ``landuse:`` or ``pois:``. What is not picked because it is there
        already has a line in the account (institution_same).
    """
    wanted = {name.strip().casefold() for name in classes}
    own = institutions = site.layer("institutions")
    same: list[tuple[str, str, str]] = []
    for role, dimension in (("landuse", 2), ("pois", 2), ("pois", 0)):
        layer = site.layer(role)
        chosen = layer["class"].str.strip().str.casefold().isin(wanted).fillna(value=False).to_numpy(dtype=bool)
        fit = (shapely.get_dimensions(layer.geometry.array) == dimension) & ~layer.geometry.is_empty.to_numpy()
        picked = layer[chosen & fit].sort_index(kind="stable")
        there = _there(picked, institutions, own.index)
        same += [(role, *pair) for pair in zip(picked.index[there != ""], there[there != ""], strict=True)]
        picked = picked[there == ""]
        picked = picked.set_index(pd.Index([f"{role}:{key}" for key in picked.index], dtype="str", name="id"))
        columns = [*ROLES["institutions"].columns, "geometry"]
        institutions = gpd.GeoDataFrame(pd.concat([institutions[columns], picked[columns]]), crs=site.crs)
    return Site({**site.layers, "institutions": institutions}, site.unit_households, _with_lines(site.account, same))


def _there(picked: gpd.GeoDataFrame, there: gpd.GeoDataFrame, own: pd.Index) -> Texts:
    """What is there already, the first of several; empty where nothing is.

    That in which a picked one lies, if it is of the same class or of the layer's own; or that it holds, if of the same class.
    """
    mine, others = picked.geometry.to_numpy(), there.geometry.to_numpy()
    kind, kinds = (
        table["class"].str.strip().str.casefold().fillna("").to_numpy(dtype=str) for table in (picked, there)
    )
    inside, around = shapely.STRtree(others).query(shapely.point_on_surface(mine), predicate="intersects")
    holder, held = shapely.STRtree(mine).query(shapely.point_on_surface(others), predicate="intersects")[::-1]
    covered = (kind[inside] == kinds[around]) | there.index.isin(own)[around]
    covering = kind[holder] == kinds[held]
    one = np.concatenate([inside[covered], holder[covering]])
    other = np.concatenate([around[covered], held[covering]])
    first = pd.Series(other).groupby(one, sort=True).min()
    out = np.full(len(picked), "", dtype=object)
    out[first.index] = there.index.to_numpy(dtype=object)[first]
    return out


def _with_lines(account: pd.DataFrame, same: list[tuple[str, str, str]]) -> pd.DataFrame:
    """The account with a line for each that was not picked (layer, id, what is there), if that is not itself, picked before."""
    lines = pd.DataFrame(same, columns=["layer", "id", "detail"], dtype="string")
    lines = lines[lines["layer"] + ":" + lines["id"] != lines["detail"]]
    lines = lines.assign(status="accepted", reason="institution_same", rows=0)
    return pd.concat([account, lines.reindex(columns=list(ACCOUNT_COLUMNS)).astype(ACCOUNT_COLUMNS)], ignore_index=True)

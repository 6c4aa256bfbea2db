"""Institutions picked by class from landuse and points of interest, where no layer gives them."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.site import ROLES, Site

Flags = npt.NDArray[np.bool_]


def with_institutions(site: Site, classes: Iterable[str]) -> Site:
    """The site with institutions of these classes, which become dedicated zones.

    Those that the layer `institutions` holds stay and win: of one place only the first counts among the layer's own, polygons of
    `landuse`, polygons of `pois`, and points of `pois` (which take the land of their building or compound).

    Parameters
    ----------
    site
        Reads institutions, landuse, pois: class, name, geometry.
    classes
        As they stand in the column class; case does not matter.

    Returns
    -------
    site
        With more institutions; ids of those picked begin with ``landuse:`` or ``pois:``.
    """
    wanted = {name.strip().casefold() for name in classes}
    institutions = site.layer("institutions")
    for role, dimension in (("landuse", 2), ("pois", 2), ("pois", 0)):
        layer = site.layer(role)
        chosen = layer["class"].str.strip().str.casefold().isin(wanted).fillna(value=False).to_numpy(dtype=bool)
        fit = (shapely.get_dimensions(layer.geometry.array) == dimension) & ~layer.geometry.is_empty.to_numpy()
        picked = layer[chosen & fit].sort_index(kind="stable")
        picked = picked[~_given(picked, institutions, site.layer("institutions").index)]
        picked = picked.set_index(pd.Index([f"{role}:{key}" for key in picked.index], dtype="str", name="id"))
        columns = [*ROLES["institutions"].columns, "geometry"]
        institutions = gpd.GeoDataFrame(pd.concat([institutions[columns], picked[columns]]), crs=site.crs)
    return Site({**site.layers, "institutions": institutions}, site.unit_households, site.account)


def _given(picked: gpd.GeoDataFrame, there: gpd.GeoDataFrame, own: pd.Index) -> Flags:
    """What is there already: it lies in one of the same class or in one of the layer's own, or holds one of the same class."""
    mine, others = picked.geometry.to_numpy(), there.geometry.to_numpy()
    kind, kinds = (
        table["class"].str.strip().str.casefold().fillna("").to_numpy(dtype=str) for table in (picked, there)
    )
    inside, around = shapely.STRtree(others).query(shapely.point_on_surface(mine), predicate="intersects")
    holder, held = shapely.STRtree(mine).query(shapely.point_on_surface(others), predicate="intersects")[::-1]
    directly = there.index.isin(own)
    given = np.zeros(len(picked), dtype=bool)
    given[inside[(kind[inside] == kinds[around]) | directly[around]]] = True
    given[holder[kind[holder] == kinds[held]]] = True
    return given

"""Compounds (小区, 院落): which cells are of one, and which of them a plan divides."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.division.reasons import Note, named
from gridgeo.land import compounds_of
from gridgeo.messages import say
from gridgeo.model.loads import amount
from gridgeo.model.scheme import Scheme
from gridgeo.model.site import Site


def compound_of(cells: gpd.GeoDataFrame, site: Site, compounds: gpd.GeoDataFrame | None = None) -> pd.Series:
    """Compound of each cell, the smallest where several lie one in another; `<NA>` outside all.

    Parameters and the place of a cell as those of `held_by_compounds`.
    """
    held = held_by_compounds(cells, site, compounds).drop_duplicates("cell")
    out = pd.Series(pd.NA, index=cells.index, dtype="string")
    out.iloc[held["cell"].to_numpy()] = held["compound"].to_numpy()
    return out


def held_by_compounds(cells: gpd.GeoDataFrame, site: Site, compounds: gpd.GeoDataFrame | None = None) -> pd.DataFrame:
    """All compounds in which each cell lies.

    The first building of a cell decides by a point inside its footprint, for a compound is its buildings, and its outline may be
    drawn a few metres inside the streets; in a cell without buildings a point of the land.

    Parameters
    ----------
    cells
        Reads: members, geometry.
    site
        Reads what `compounds_of` reads.
    compounds
        What `compounds_of` gives; found if left out.

    Returns
    -------
    held
        Columns: cell (position), compound (id), name; by cell, the smallest compound first.
    """
    compounds = compounds_of(site) if compounds is None else compounds
    if compounds.empty:  # a place in each of a million cells would be found for nothing
        cells = cells.iloc[:0]
    shapes = np.asarray(compounds.geometry.array, dtype=object)
    seat = cells["members"].map(lambda members: members[0].building if members else None)
    points = cells.geometry.representative_point().to_numpy().copy()
    built = seat.notna().to_numpy()
    points[built] = shapely.point_on_surface(site.buildings.geometry.reindex(seat[built]).to_numpy())
    cell, compound = shapely.STRtree(shapes).query(points, predicate="intersects")
    order = np.lexsort((compound, shapely.area(shapes)[compound], cell))
    cell, compound = cell[order], compound[order]
    names = compounds["name"].to_numpy(dtype=object)[compound]
    return pd.DataFrame({"cell": cell, "compound": compounds.index.to_numpy(dtype=str)[compound], "name": names})


def note_divided(cells: gpd.GeoDataFrame, scheme: Scheme, site: Site) -> list[Note]:
    """One note for each community in which compounds are divided between finest zones: how many, and the first by name.

    Of compounds one in another each counts.

    Parameters
    ----------
    cells
        Reads: community, institution, members, code and the load of the finest tier.
    """
    tier = scheme.finest
    held = held_by_compounds(cells, site)
    homes = cells.iloc[held["cell"]].assign(compound=held["compound"].to_numpy(), words=held["name"].to_numpy())
    homes = homes[homes["institution"].isna() & homes["members"].map(bool)]
    notes = []
    for _, group in homes.groupby("community", sort=True):
        of = group.groupby("compound", sort=True)
        zones = of["code"].nunique()
        load = of[tier.load].sum()[zones > 1]
        if load.empty:
            continue
        words = of["words"].first()[load.index].astype("object")
        words = words.where(words.notna(), load.index.to_series())
        # Those that would have fitted into one zone are named first.
        order = pd.DataFrame({"large": load > tier.high, "name": words}).sort_values(["large", "name"], kind="stable")
        first = named(order["name"].tolist())
        large = int(order["large"].sum())
        reason = "compounds_large" if large == len(load) else "compounds_divided"
        text = say(reason, n=len(load), large=large, high=amount(tier.load, tier.high), compounds=first)
        notes.append(Note("compounds_divided", "note", str(group.index[0]), text, None))
    return notes

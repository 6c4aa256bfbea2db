"""Which cells lie in which compounds (小区, 院落)."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.model import Site


def held_by_compounds(cells: gpd.GeoDataFrame, site: Site, compounds: gpd.GeoDataFrame) -> pd.DataFrame:
    """All compounds in which each cell lies, by its seat.

    A compound is its buildings, and its outline may be drawn a few metres inside the streets.

    Parameters
    ----------
    cells
        Reads: members, geometry.
    site
        Its buildings.
    compounds
        As `compounds_of` gives them.

    Returns
    -------
    held
        Columns: cell (position), compound (id), name; by cell, the smallest compound first.
    """
    if compounds.empty:  # a place in each of a million cells would be found for nothing
        cells = cells.iloc[:0]
    shapes = np.asarray(compounds.geometry.array, dtype=object)
    cell, compound = shapely.STRtree(shapes).query(seats(cells, site), predicate="intersects")
    order = np.lexsort((compound, shapely.area(shapes)[compound], cell))
    cell, compound = cell[order], compound[order]
    names = compounds["name"].to_numpy(dtype=object)[compound]
    return pd.DataFrame({"cell": cell, "compound": compounds.index.to_numpy(dtype=str)[compound], "name": names})


def seats(cells: gpd.GeoDataFrame, site: Site) -> npt.NDArray[np.object_]:
    """A point of each cell: inside its first building, or inside its land.

    Parameters
    ----------
    cells
        Reads: members, geometry.
    """
    points = cells.geometry.representative_point().to_numpy().copy()
    built = cells["members"].map(bool).to_numpy(dtype=bool)
    first = [members[0].building for members in cells["members"] if members]
    points[built] = shapely.point_on_surface(site.buildings.geometry.reindex(first).to_numpy())
    return points

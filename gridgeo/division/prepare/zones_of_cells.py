"""Which given or kept zone each cell lies in, by a point inside the cell; and that the cells make up these zones."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage import Flags, unite
from gridgeo.division.request import HAIRLINE_M, Drawings, refuse_missing_zones, wide_parts
from gridgeo.errors import LandError
from gridgeo.messages import say
from gridgeo.model import Scheme


class KeptCells(NamedTuple):
    """What of each cell is kept.

    Parameters
    ----------
    code
        Of the finest zone, empty where nothing is kept; index of the cells.
    whole
        Whether the coarsest zone is kept, too; by position.
    """

    code: pd.Series
    whole: Flags


def place_in_given(cells: gpd.GeoDataFrame, given: gpd.GeoDataFrame) -> pd.Series:
    """Code of the given zone in which each cell lies.

    Raises
    ------
    LandError
        If the cells of a zone do not make up the zone, but for a hairline; `where` is a point of the difference.
    """
    code = pd.Series("", index=cells.index, dtype="string")
    for community, rows in cells.groupby("community", sort=True).groups.items():
        zones = given[given["community"] == community]
        points = cells.loc[rows].geometry.representative_point().to_numpy()
        tree = shapely.STRtree(zones.geometry.to_numpy())
        # On the hairline between two zones there may be none, or two.
        at, zone = tree.query_nearest(points)
        first = np.unique(at, return_index=True)[1]
        code.loc[rows] = zones.index.to_numpy()[zone[first]]
    _refuse_unmet(cells, code, given.geometry)
    return code


def kept_cells(drawings: Drawings, cells: gpd.GeoDataFrame, scheme: Scheme) -> KeptCells:
    """What of each cell is kept.

    Parameters
    ----------
    drawings
        Codes of zones of any tier; a coarse one is kept with all that is in it. Of drawn zones, every coarse one needs its finest
        ones too. If none are drawn, the cells bear the codes.
    cells
        Reads: geometry; code, where zones are not drawn.

    Raises
    ------
    InputError
        If there is no zone with a code, or a coarse zone without finer ones.
    LandError
        If the cells do not make up a drawn zone; `where` is a point of the difference.
    """
    wanted = drawings.codes
    if drawings.kept is not None:
        code = _drawn_codes(cells, drawings.kept, scheme)
    else:
        code = cells["code"].astype("string") if wanted else pd.Series(pd.NA, index=cells.index, dtype="string")
    kept = pd.Series("", index=cells.index, dtype="string")
    whole = np.zeros(len(cells), dtype=bool)
    for tier in scheme:
        prefix = code.str[: scheme.digits(tier.name)]
        own = {text for text in wanted if len(text) == scheme.digits(tier.name)}
        refuse_missing_zones(own, prefix)
        chosen = prefix.isin(own).to_numpy(dtype=bool)
        kept[chosen] = code[chosen]
        whole |= chosen & (tier == scheme.tiers[0])
    return KeptCells(kept, whole)


def _drawn_codes(cells: gpd.GeoDataFrame, kept: gpd.GeoDataFrame, scheme: Scheme) -> pd.Series:
    """Code of the drawn finest zone in which each cell lies, `<NA>` outside all."""
    finest = kept[kept.index.str.len() == scheme.digits(scheme.finest.name)]
    code = pd.Series(pd.NA, index=cells.index, dtype="string")
    points = cells.geometry.representative_point().to_numpy()
    cell, zone = shapely.STRtree(finest.geometry.to_numpy()).query(points, predicate="intersects")
    cell, first = np.unique(cell, return_index=True)
    code.iloc[cell] = finest.index.to_numpy(dtype=str)[zone[first]]
    if len(finest):
        _refuse_unmet(cells[code.notna()], code.dropna(), finest.geometry)
    return code


def _refuse_unmet(cells: gpd.GeoDataFrame, code: pd.Series, zones: gpd.GeoSeries) -> None:
    """Refuse cells that do not make up the zones in which they lie.

    Parameters
    ----------
    code
        Zone of each cell.
    zones
        Indexed by code.

    Raises
    ------
    LandError
        If they differ by more than a hairline; `where` is a point of the difference.
    """
    land = unite(cells.geometry, code, exact=True).reindex(zones.index)
    for zone, differs in _difference(land, zones).items():
        wide = wide_parts(differs, 2 * HAIRLINE_M)
        if len(wide):
            x, y = shapely.get_coordinates(shapely.point_on_surface(wide[0]))[0]
            raise LandError(say("within_not_kept", code=zone, x=f"{x:.2f}", y=f"{y:.2f}"), (float(x), float(y)))


def _difference(one: gpd.GeoSeries, other: gpd.GeoSeries) -> pd.Series:
    """What lies in only one of two shapes, row by row; a missing shape is empty."""
    a, b = (shapes.fillna(shapely.Polygon()).to_numpy() for shapes in (one, other))
    return pd.Series(shapely.symmetric_difference(a, b), index=one.index)

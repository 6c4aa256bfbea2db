"""The sample community divided by hand, along the patches of the paper town."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from gridgeo.coverage.dissolve import unite
from gridgeo.model.codes import number
from gridgeo.model.scheme import Scheme
from gridgeo.model.tables import LISTED_COLUMNS, ZONE_COLUMNS
from gridgeo.model.zones import Zones
from sample_data.generator import layout
from sample_data.generator.paper import CRS, bend, knots, patches
from sample_data.generator.stock import building_ids, on_paper

SCHEME = Scheme.preset("zhengzhou")
"""Of the drawing."""


def draw() -> Zones:
    """The good drawing: 11 grids and 58 micro-grids within their limits, two dedicated grids with a micro-grid each.

    Returns
    -------
    zones
        Edge-matched, in the CRS of the sample, codes in reading order; `buildings` has a row for each building, and for
        each entrance of the towers.
    """
    land = coded_land()
    members = _members(land["micro"])
    grids = _zones("grid", unite(land.geometry, land["grid"], exact=True), land, members)
    micros = _zones("micro", land.set_index("micro").geometry, land, members)
    table = pd.concat([grids, micros], ignore_index=True)
    return Zones(gpd.GeoDataFrame(table, crs=CRS), members, SCHEME)


def coded_land() -> gpd.GeoDataFrame:
    """Patches on the ground, in the order of the layout.

    Columns: key (of the grid or institution), dedicated, grid, micro (codes), geometry.
    """
    keys = [patch.grid for patch in layout.PATCHES]
    land = gpd.GeoDataFrame({"key": keys}, geometry=bend(list(patches()), knots()), crs=CRS)
    land["dedicated"] = land["key"].isin(layout.INSTITUTIONS)
    grids = gpd.GeoDataFrame(geometry=unite(land.geometry, land["key"], exact=True), crs=CRS)
    grids = grids.assign(parent=layout.COMMUNITY, dedicated=grids.index.isin(layout.INSTITUTIONS))
    land["grid"] = land["key"].map(number(grids, SCHEME.tier("grid")))
    micros = land.rename(columns={"grid": "parent"}).assign(dedicated=False)
    land["micro"] = number(micros, SCHEME.tier("micro")).mask(land["dedicated"], land["grid"] + "00")
    return land


def _members(codes: pd.Series) -> pd.DataFrame:
    """Buildings and entrances with the code of their micro-grid."""
    rows: list[tuple[str, str | None, int | None, str]] = []
    for key, building in zip(building_ids(), on_paper(), strict=True):
        rows += [(key, str(i + 1), count, codes[building.patch + i]) for i, count in enumerate(building.entrances)]
        if not building.entrances:
            rows.append((key, None, building.households, codes[building.patch]))
    return pd.DataFrame(rows, columns=list(LISTED_COLUMNS)).astype(LISTED_COLUMNS)


def _zones(tier: str, shapes: gpd.GeoSeries, land: gpd.GeoDataFrame, members: pd.DataFrame) -> gpd.GeoDataFrame:
    """One tier, by code."""
    digits = SCHEME.digits(tier)
    shapes = shapes.sort_index()
    groups = members.groupby(members["code"].str[:digits])
    first = land.groupby(tier)[["key", "dedicated"]].first().reindex(shapes.index)
    counts = pd.DataFrame(
        {
            "households": groups["households"].sum(),
            "n_unknown": groups["households"].agg(lambda figures: figures.isna().sum()),
            "n_buildings": groups["id"].nunique(),
        }
    ).reindex(shapes.index, fill_value=0)
    zones = gpd.GeoDataFrame(
        {
            "tier": tier,
            "code": shapes.index,
            "parent": shapes.index.str[: digits - SCHEME.tier(tier).width],
            "kind": np.where(first["dedicated"], "dedicated", "grid"),
            "name": [_name(tier, code, key) for code, key in first["key"].items()],
            **{column: counts[column].to_numpy() for column in counts},
            "area_m2": shapes.area.to_numpy(),
        },
        geometry=shapes.to_numpy(),
        crs=CRS,
    )
    return zones.astype(ZONE_COLUMNS)


def _name(tier: str, code: str, key: str) -> str:
    if key in layout.INSTITUTIONS:
        return layout.INSTITUTIONS[key].name
    return f"{layout.GRIDS[key]}网格" if tier == "grid" else f"{layout.GRIDS[key]}{int(code[-2:])}号微网格"

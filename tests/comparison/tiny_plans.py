"""Tiny plans whose figures can be counted by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.model import CELL_COLUMNS, Member, Plan, Scheme, Site
from tests.conftest import COMMUNITY, CRS, EAST, NORTH, box, make_site, with_columns

PAIRS = {"c1": "00101", "c4": "00101", "c2": "00102", "c5": "00102", "c3": "00201", "c6": "00201"}
"""The tiny place again, with its two western micro-grids upright."""


def coded(plan: Plan, codes: Mapping[str, str]) -> Plan:
    """The same cells with other codes (behind the community's)."""
    values = [COMMUNITY + codes[cell] for cell in plan.cells.index]
    return replace(plan, cells=plan.cells.assign(code=pd.array(values, dtype="string")))


def with_cells(plan: Plan, cells: gpd.GeoDataFrame) -> Plan:
    """The same plan with other cells, and the members that these hold."""
    return replace(plan, cells=cells, members=cast("pd.DataFrame", None))


def row(table: pd.DataFrame, tier: str, plan: str) -> pd.Series:
    """Figures of a tier of a plan; by the stubs of pandas a pair is a cell of the table, not a row."""
    return cast("pd.Series", table.loc[(tier, plan)])


def with_layer(plan: Plan, role: str, shapes: Sequence[shapely.Geometry], **columns: object) -> Plan:
    """The same plan, whose site has this layer; coordinates as in `box`."""
    table = pd.DataFrame(columns, index=pd.Index([f"x{k}" for k in range(len(shapes))], dtype="str", name="id"))
    moved = [shapely.transform(shape, lambda points: points + np.array([EAST, NORTH])) for shape in shapes]
    layer = gpd.GeoDataFrame(with_columns(table, role), geometry=moved, crs=CRS)
    site = plan.site
    return replace(plan, site=Site({**site.layers, role: layer}, site.unit_households, site.account))


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(points)


def square(side: int, codes: Sequence[str], scheme: Scheme, households: int = 1) -> Plan:
    """A square of cells of 10 m, each with one building; codes from west to east, row by row from the south."""
    spots = [(10 * (k % side), 10 * (k // side)) for k in range(side * side)]
    names = [f"{k:04d}" for k in range(len(spots))]
    footprints = {
        f"b{n}": (box(x + 3, y + 3, x + 7, y + 7), households) for n, (x, y) in zip(names, spots, strict=True)
    }
    cells = gpd.GeoDataFrame(
        {
            "community": COMMUNITY,
            "block": "one",
            "code": [COMMUNITY + code for code in codes],
            "kind": "land",
            "institution": pd.NA,
            "households": households,
            "n_unknown": 0,
            "members": [(Member(f"b{n}", None, households, None),) for n in names],
        },
        index=pd.Index([f"c{n}" for n in names], name="cell"),
        geometry=[box(x, y, x + 10, y + 10) for x, y in spots],
        crs=CRS,
    ).astype(CELL_COLUMNS)
    registry = pd.DataFrame({"code": [], "tier": [], "kind": [], "status": []}, dtype="string").set_index("code")
    return Plan(make_site(footprints, box(0, 0, 10 * side, 10 * side)), cells, scheme, registry)

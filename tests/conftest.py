"""A tiny divided place, drawn by hand, that many tests break on purpose.

::

      0      100     200     300
  200 +-------+-------+-------+        two communities' worth of nothing: one community,
      |  c4   |  c5   |  c6   |        six cells, each with one building in its middle
  100 +-------+-------+-------+
      |  c1   |  c2   |  c3   |        grid 001 = c1 c2 c4 c5, grid 002 = c3 c6
    0 +-------+-------+-------+
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from gridgeo.model.members import Member
from gridgeo.model.plan import Plan
from gridgeo.model.scheme import Scheme, Tier
from gridgeo.model.site import Site
from gridgeo.model.tables import ACCOUNT_COLUMNS, CELL_COLUMNS, ROLES

for name in ("LC_ALL", "LC_MESSAGES"):
    os.environ.pop(name, None)
os.environ["LANG"] = "C.UTF-8"
"""Messages are looked at in English, wherever tests run."""

CRS = "EPSG:4547"
COMMUNITY = "410102013190"
EAST, NORTH = 463_000.0, 3_845_000.0
CODES = {"c4": "00101", "c5": "00101", "c1": "00102", "c2": "00102", "c6": "00201", "c3": "00201"}


def box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    """A rectangle near the place's corner [m]."""
    return shapely.box(EAST + x0, NORTH + y0, EAST + x1, NORTH + y1)


def with_columns(table: pd.DataFrame, role: str) -> Any:
    """The table with all columns of a layer, each of its type, and `<NA>` where it lacks one."""
    columns = ROLES[role].columns
    missing: dict[str, Any] = {name: pd.NA for name in columns if name not in table}
    return table.assign(**missing).astype(columns)


def make_site(footprints: Mapping[str, tuple[shapely.Geometry, int | None]], community: shapely.Polygon) -> Site:
    """A site of one community with these buildings (geometry, households)."""
    buildings = gpd.GeoDataFrame(
        {
            "name": pd.array([f"{name}号楼" for name in footprints], dtype="string"),
            "levels": pd.array([pd.NA] * len(footprints), dtype="Float64"),
            "units": pd.array([pd.NA] * len(footprints), dtype="Int64"),
            "households": pd.array([figure for _, figure in footprints.values()], dtype="Int64"),
        },
        index=pd.Index(list(footprints), dtype="str", name="id"),
        geometry=[shape for shape, _ in footprints.values()],
        crs=CRS,
    )
    communities = gpd.GeoDataFrame(
        {"name": pd.array(["示例社区"], dtype="string"), "level": pd.array([pd.NA], dtype="string")},
        index=pd.Index([COMMUNITY], dtype="str", name="code"),
        geometry=[community],
        crs=CRS,
    )
    units = pd.DataFrame({"building": [], "unit": [], "households": []}).astype(
        {"building": "string", "unit": "string", "households": "Int64"}
    )
    account = pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in ACCOUNT_COLUMNS.items()})
    return Site({"communities": communities, "buildings": buildings}, units, account)


@pytest.fixture
def site() -> Site:
    """Six buildings of 30 households in a community of 300 m by 200 m."""
    footprints: dict[str, tuple[shapely.Geometry, int | None]] = {}
    for k in range(6):
        x, y = 100 * (k % 3), 100 * (k // 3)
        footprints[f"b{k + 1}"] = (box(x + 40, y + 40, x + 60, y + 60), 30)
    return make_site(footprints, box(0, 0, 300, 200))


@pytest.fixture
def plan(site: Site) -> Plan:
    """Three micro-grids of 60 households in two grids of 120 and 60."""
    rows = {}
    for k in range(6):
        x, y = 100 * (k % 3), 100 * (k // 3)
        rows[f"c{k + 1}"] = {
            "community": COMMUNITY,
            "block": "one",
            "code": COMMUNITY + CODES[f"c{k + 1}"],
            "kind": "land",
            "institution": pd.NA,
            "households": 30,
            "n_unknown": 0,
            "members": (Member(f"b{k + 1}", None, 30, None),),
            "geometry": box(x, y, x + 100, y + 100),
        }
    cells = gpd.GeoDataFrame.from_dict(rows, orient="index", crs=CRS).rename_axis("cell").astype(CELL_COLUMNS)
    scheme = Scheme((Tier("grid", 60, 120, 100, width=3), Tier("micro", 50, 70, 60)))
    registry = pd.DataFrame(
        [
            (COMMUNITY + code, "grid" if len(code) == 3 else "micro", "grid", "active")
            for code in ("001", "002", "00101", "00102", "00201")
        ],
        columns=["code", "tier", "kind", "status"],
    )
    return Plan(site, cells, scheme, registry.astype("string").set_index("code"), manifest={"seed": "7"})

"""A small place with two grids of six micro-grids each, and ways to break it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import pandas as pd
from shapely import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from gridgeo.model import ACCOUNT_COLUMNS, Also, Member, Plan, Report, Scheme, Site, Tier, Zones

CRS = "EPSG:4547"


COMMUNITY = "410105001001"


LEFT, RIGHT = COMMUNITY + "001", COMMUNITY + "002"


SCHEME = Scheme((Tier("grid", 40, 80, width=3), Tier("micro", 8, 12, width=2)))


LAX = Scheme((Tier("grid", 0, 900, 400, width=3), Tier("micro", 0, 900, 45, width=2)))


EAST, NORTH = 460000.0, 3845000.0


def rectangle(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    return box(EAST + x0, NORTH + y0, EAST + x1, NORTH + y1)


def site_of(footprints: Mapping[str, object], households: Mapping[str, int | None], land: object = None) -> Site:
    land = rectangle(0, 0, 400, 300) if land is None else land
    communities = gpd.GeoDataFrame(
        {"name": ["花园社区"], "level": [pd.NA]}, index=pd.Index([COMMUNITY], name="code"), geometry=[land], crs=CRS
    )
    buildings = gpd.GeoDataFrame(
        {
            "name": pd.array([pd.NA] * len(footprints), dtype="string"),
            "levels": pd.array([6.0] * len(footprints), dtype="Float64"),
            "units": pd.array([pd.NA] * len(footprints), dtype="Int64"),
            "households": pd.array([households[key] for key in footprints], dtype="Int64"),
        },
        index=pd.Index(list(footprints), name="id"),
        geometry=list(footprints.values()),
        crs=CRS,
    )
    units = pd.DataFrame({"building": [], "unit": [], "households": []}).astype(
        {"building": "string", "unit": "string", "households": "Int64"}
    )
    account = pd.DataFrame(columns=list(ACCOUNT_COLUMNS)).astype(ACCOUNT_COLUMNS)
    return Site({"communities": communities, "buildings": buildings}, units, account)


def make_plan() -> Plan:
    """Two grids side by side, each of 2 x 3 micro-grids of 100 m, each of two cells with one building of 5 households.

    ::

        300 +----+----+----+----+      micro-grids are numbered from the north-west
            | 01 | 02 | 01 | 02 |
        200 +----+----+----+----+      buildings: b<column><row>, columns 0-7 from the west, rows 0-2 from the south
            | 03 | 04 | 03 | 04 |
        100 +----+----+----+----+
            | 05 | 06 | 05 | 06 |
          0 +----+----+----+----+
            0   100  200  300  400
    """
    rows, footprints = [], {}
    for column in range(8):
        for row in range(3):
            name = f"b{column}{row}"
            footprints[name] = rectangle(50 * column + 15, 100 * row + 40, 50 * column + 35, 100 * row + 60)
            number = 1 + (column // 2) % 2 + 2 * (2 - row)
            rows.append(
                {
                    "cell": f"c{column}{row}",
                    "community": COMMUNITY,
                    "block": "block",
                    "code": f"{LEFT if column < 4 else RIGHT}{number:02d}",
                    "kind": "land",
                    "institution": pd.NA,
                    "households": 5,
                    "n_unknown": 0,
                    "members": (Member(name, None, 5, None),),
                    "geometry": rectangle(50 * column, 100 * row, 50 * column + 50, 100 * row + 100),
                }
            )
    cells = gpd.GeoDataFrame(rows, crs=CRS).set_index("cell")
    cells = cells.astype({"code": "string", "institution": "string", "households": "Int64", "n_unknown": "Int64"})
    registry = pd.DataFrame({"tier": [], "kind": [], "status": []}, index=pd.Index([], name="code"))
    return Plan(site_of(footprints, dict.fromkeys(footprints, 5)), cells, SCHEME, registry)


PLAN = make_plan()


SITE = PLAN.site


ZONES = PLAN.zones()


PEOPLED = replace(
    PLAN,
    site=Site({**SITE.layers, "buildings": SITE.buildings.assign(people=10)}, SITE.unit_households, SITE.account),
    scheme=Scheme((LAX.tiers[0], replace(LAX.finest, also=Also("people", 1, 90)))),
)
"""The same with 10 people in each building, who are limited too."""


def rules(report: Report) -> list[str]:
    return list(report.findings["rule"])


def at(code: str, tier: str = "micro", zones: Zones = ZONES) -> int:
    table = zones.table
    return int(table.index[(table["tier"] == tier) & (table["code"] == code)][0])


def changed(row: int, zones: Zones = ZONES, **values: object) -> Zones:
    table = zones.table.copy()
    for column, value in values.items():
        if column == "geometry":
            shapes = table.geometry.to_numpy().copy()
            shapes[row] = value
            table = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
        else:
            table.loc[row, column] = value
    return replace(zones, table=table)


def shape(row: int, zones: Zones = ZONES) -> Polygon:
    return zones.table.geometry.iloc[row]


def list_of(zones: Zones = ZONES) -> pd.DataFrame:
    """The list of members, which must be there."""
    assert zones.buildings is not None
    return zones.buildings


def with_members_of(cells: gpd.GeoDataFrame, scheme: Scheme = SCHEME, site: Site = SITE) -> Plan:
    """The plan of other cells, whose column `members` counts."""
    return Plan(site, cells, scheme, PLAN.registry)


def listed(*rows: dict[str, object], without: tuple[str, ...] = (), zones: Zones = ZONES) -> Zones:
    table = list_of(zones)
    members = table[~table["id"].isin(without)]
    members = pd.concat([members, pd.DataFrame(list(rows))], ignore_index=True) if rows else members
    return replace(zones, buildings=members.astype(table.dtypes.to_dict()))


M1, M2, M3, M5 = f"{LEFT}01", f"{LEFT}02", f"{LEFT}03", f"{LEFT}05"


R1, R2 = f"{RIGHT}01", f"{RIGHT}02"


def with_cells(*, code: dict[str, str] | None = None, geometry: dict[str, Polygon] | None = None) -> Plan:
    """The plan with other codes or shapes of cells, and limits that admit almost everything."""
    cells = PLAN.cells.copy()
    cells["code"] = [(code or {}).get(cell, old) for cell, old in cells["code"].items()]
    cells["geometry"] = [(geometry or {}).get(cell, old) for cell, old in cells.geometry.items()]
    return replace(PLAN, cells=cells.astype({"code": "string"}), scheme=LAX)


def with_buildings(extra: dict[str, object], households: int | None = 0) -> Site:
    table = SITE.buildings
    rows = gpd.GeoDataFrame(
        {"households": pd.array([households] * len(extra), dtype="Int64")},
        index=pd.Index(list(extra), name="id"),
        geometry=list(extra.values()),
        crs=CRS,
    )
    return replace(SITE, layers={**SITE.layers, "buildings": pd.concat([table, rows])})


def with_streets(*lines: tuple[tuple[float, float], ...]) -> Site:
    streets = gpd.GeoDataFrame(
        {"highway": pd.array(["residential"] * len(lines), dtype="string")},
        index=pd.Index([f"s{k}" for k in range(len(lines))], name="id"),
        geometry=[LineString([(EAST + x, NORTH + y) for x, y in line]) for line in lines],
        crs=CRS,
    )
    return replace(SITE, layers={**SITE.layers, "streets": streets})


def hole_in(row: int, hole: BaseGeometry, zones: Zones = ZONES) -> Zones:
    return changed(row, zones, geometry=shape(row, zones).difference(hole))


def bow_tie() -> Polygon:
    west, south, east, north = shape(at(M3)).bounds
    return Polygon([(west, south), (east, north), (east, south), (west, north)])


def with_own_codes() -> Zones:
    """The micro-grids alone, as an office may number them: W-1 to W-12."""
    table = ZONES.table[ZONES.table["tier"] == "micro"].reset_index(drop=True)
    codes = pd.array([f"W-{row + 1}" for row in range(len(table))], dtype="string")
    return Zones(table.assign(code=codes, parent=pd.NA, households=pd.array([pd.NA] * len(table), "Int64")))


def drawn_twice() -> BaseGeometry:
    """Micro-grid 01 of the left grid with an eastern border that is 5 cm beside its neighbour's in three places."""
    over = rectangle(100, 230, 100.05, 250)
    under = [rectangle(99.95, 205, 100, 225), rectangle(99.95, 260, 100, 280)]
    return shape(at(M1)).union(over).difference(under[0].union(under[1]))


def ring_inside() -> Zones:
    """Micro-grid 01 of the left grid becomes a block in the middle of 03, and 03 takes its land."""
    inner = rectangle(40, 120, 60, 130)
    outer = shape(at(M1)).union(shape(at(M3))).difference(inner)
    return changed(at(M3), changed(at(M1), geometry=inner), geometry=outer)


def row_added(**values: object) -> Zones:
    row = ZONES.table.iloc[[at(M1)]].assign(**{k: v for k, v in values.items() if k != "geometry"})
    row = row.set_geometry(gpd.GeoSeries([values["geometry"]], index=row.index, crs=CRS))
    return replace(ZONES, table=pd.concat([ZONES.table, row]))


def with_figure(name: str, households: int | None) -> Site:
    """The site with another household figure for one building."""
    table = SITE.buildings.copy()
    table.loc[name, "households"] = pd.NA if households is None else households
    return replace(SITE, layers={**SITE.layers, "buildings": table})


def grown(name: str, households: int) -> Zones:
    """Zones whose sums fit another figure for one building."""
    cells = PLAN.cells.copy()
    cells.loc[f"c{name[1:]}", "households"] = households
    cells["members"] = [
        tuple(m._replace(households=households) if m.building == name else m for m in group)
        for group in cells["members"]
    ]
    return with_members_of(cells).zones()


def renamed(site: Site, code: str) -> Site:
    return replace(site, layers={**site.layers, "communities": site.communities.rename({COMMUNITY: code})})


def two_communities() -> tuple[Zones, Site]:
    """The two grids as two communities."""
    east = COMMUNITY[:-1] + "2"
    communities = gpd.GeoDataFrame(
        {"name": ["西", "东"], "level": [pd.NA, pd.NA]},
        index=pd.Index([COMMUNITY, east], name="code"),
        geometry=[rectangle(0, 0, 200, 300), rectangle(200, 0, 400, 300)],
        crs=CRS,
    )
    new = lambda codes: codes.str.replace(RIGHT, east + "001").where(codes != COMMUNITY, COMMUNITY)  # noqa: E731
    table = ZONES.table.assign(code=new(ZONES.table["code"]), parent=new(ZONES.table["parent"]))
    table.loc[table["code"] == east + "001", "parent"] = east
    zones = replace(ZONES, table=table, buildings=list_of().assign(code=new(list_of()["code"])))
    return zones, replace(SITE, layers={**SITE.layers, "communities": communities})

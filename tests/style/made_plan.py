"""The small plan by hand that the tests of maps share, and zones at random."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.model import ACCOUNT_COLUMNS, Member, Plan, Scheme, Site, empty_layer

CRS = "EPSG:4547"


EAST, NORTH = 500_000.0, 3_840_000.0


def rectangle(column: float, row: float, width: float = 1, height: float = 1, side: float = 100.0) -> shapely.Polygon:
    """A rectangle of the lattice; rows count southwards."""
    x, y = EAST + column * side, NORTH - row * side
    return shapely.box(x, y - height * side, x + width * side, y)


def layer(role: str, rows: dict[str, dict[str, object]]) -> gpd.GeoDataFrame:
    """A layer of a site from id -> columns with geometry."""
    bare = empty_layer(role, CRS)
    table = pd.DataFrame.from_dict(rows, orient="index").reindex(columns=bare.columns)
    table = table.astype({c: bare[c].dtype for c in bare.columns if c != "geometry"})
    return gpd.GeoDataFrame(table.rename_axis(bare.index.name), geometry="geometry", crs=CRS)


def make_plan(
    columns: int = 4,
    rows: int = 3,
    scheme: Scheme | None = None,
    names: dict[str, str] | None = None,
    communities: int = 1,
) -> Plan:
    """Rectangles of 100 m, a building in each: two columns a grid, one rectangle a micro-grid, the last column dedicated.

    ::

        columns 0-1 grid 001      columns 2.. grid 002 ..      last column: dedicated 901
    """
    scheme = scheme or Scheme.preset("wide")
    names = names or {}
    cells, buildings = {}, {}
    for row in range(rows):
        for column in range(columns):
            cell = f"c{row:03d}{column:03d}"
            dedicated = column == columns - 1
            members = (
                () if dedicated else (Member(f"b{cell[1:]}", None, None if cell == "c000001" else 20 + row, None),)
            )
            cells[cell] = _cell(column, row, rows, scheme, dedicated, members, communities)
            if members:
                shape = shapely.buffer(shapely.centroid(rectangle(column, row)), 25, cap_style="square")
                buildings[members[0].building] = {
                    "name": names.get(members[0].building, f"{row * columns + column + 1}号楼"),
                    "geometry": shape,
                    "households": members[0].households,
                }
    table = gpd.GeoDataFrame.from_dict(cells, orient="index").rename_axis("cell").set_geometry("geometry").set_crs(CRS)
    table = table.astype(
        {
            "community": "string",
            "block": "string",
            "code": "string",
            "kind": "string",
            "institution": "string",
            "households": "Int64",
            "n_unknown": "Int64",
        }
    )
    width = columns / communities
    community = {
        f"41010500100{i + 1}": {
            "name": names.get(f"community{i}", f"文化路第{i + 1}社区"),
            "geometry": rectangle(i * width, 0, width, rows),
        }
        for i in range(communities)
    }
    site = Site(
        {
            "communities": layer("communities", community),
            "buildings": layer("buildings", buildings),
            "institutions": layer(
                "institutions",
                {"i1": {"name": names.get("i1", "文化路小学"), "geometry": rectangle(columns - 1, 0, 1, rows)}},
            ),
            "streets": layer(
                "streets",
                {
                    "s1": {
                        "name": names.get("s1", "文化路"),
                        "highway": "residential",
                        "geometry": shapely.LineString(
                            [(EAST - 50, NORTH - 100), (EAST + columns * 100 + 50, NORTH - 100)]
                        ),
                    }
                },
            ),
            "water": layer(
                "water", {"w1": {"name": "东风渠", "geometry": shapely.box(EAST, NORTH - 20, EAST + 90, NORTH - 5)}}
            ),
            "railways": layer(
                "railways",
                {
                    "r1": {
                        "name": "陇海铁路",
                        "railway": "rail",
                        "geometry": shapely.LineString([(EAST + 200, NORTH + 20), (EAST + 200, NORTH - rows * 100)]),
                    }
                },
            ),
        },
        pd.DataFrame({"building": [], "unit": [], "households": []}),
        pd.DataFrame(columns=list(ACCOUNT_COLUMNS)),
    )
    registry = pd.DataFrame({"tier": [], "kind": [], "status": []}, index=pd.Index([], name="code"))
    return Plan(site, table, scheme, registry)


def _cell(
    column: int, row: int, rows: int, scheme: Scheme, dedicated: bool, members: tuple[Member, ...], communities: int
) -> dict[str, object]:
    half = column // 2
    community = "410105001001"
    if communities > 1 and column >= 4:
        community, half = "410105001002", half - 2
    parts = []
    for tier in scheme:
        last = tier is scheme.finest
        if dedicated:
            number = 9 * 10 ** (tier.width - 1) + 1 if tier is scheme.dedicated else 0
        elif last:
            number = row * 2 + column % 2 + 1 + (half * rows * 2 if len(scheme) == 1 else 0)
        else:
            number = half + 1 if tier is scheme.tiers[0] else row + 1
        parts.append(f"{number:0{tier.width}d}")
    figures = [m.households for m in members]
    return {
        "community": community,
        "block": f"k{row}",
        "code": community + "".join(parts),
        "kind": "institution" if dedicated else "land",
        "institution": "i1" if dedicated else None,
        "households": sum(f for f in figures if f is not None),
        "n_unknown": sum(f is None for f in figures),
        "members": members,
        "geometry": rectangle(column, row),
    }


def random_zones(seed: int, number: int = 30) -> gpd.GeoDataFrame:
    """Zones of an exact coverage: the cells round random points, rounded so that neighbours share every point."""
    points = np.random.default_rng(seed).uniform(0, 1000, (number, 2))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=shapely.box(0, 0, 1000, 1000))
    )
    codes = [f"410105001001{i + 1:03d}" for i in range(len(cells))]
    return gpd.GeoDataFrame({"code": codes}, geometry=cells, crs=CRS).set_index("code")


def pairs_with_common_border(zones: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    """Neighbours, by asking each pair."""
    shapes = zones.geometry
    return [
        (a, b)
        for i, a in enumerate(zones.index)
        for b in zones.index[i + 1 :]
        if shapes[a].intersection(shapes[b]).length > 0
    ]

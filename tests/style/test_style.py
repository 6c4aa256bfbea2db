"""Colours, labels and QGIS styles; and the small plan by hand that the tests of maps share."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.model.members import Member
from gridgeo.model.plan import Plan
from gridgeo.model.scheme import Scheme
from gridgeo.model.site import Site, empty_layer
from gridgeo.model.tables import ACCOUNT_COLUMNS
from gridgeo.style import (
    FILLS,
    SHADES,
    colour_numbers,
    colours,
    fill,
    label,
    neighbours,
    nested_colours,
    qgis_styles,
    rgb,
    tier_weight,
    tint,
)

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


def _cell(column, row, rows, scheme, dedicated, members, communities):  # noqa: ANN001, ANN202 (one use)
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


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), number=st.integers(3, 40))
def test_no_two_neighbours_are_alike(seed: int, number: int) -> None:
    zones = random_zones(seed, number)
    found = colours(zones)
    assert all(found[a] != found[b] for a, b in pairs_with_common_border(zones))
    assert colour_numbers(zones).max() <= 5


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_zones_inside_zones_differ_from_every_neighbour(seed: int) -> None:
    cells = random_zones(seed, 40)
    codes = [f"410105001001{int(c.x // 400):03d}{i:02d}" for i, c in enumerate(cells.centroid)]
    cells = cells.set_axis(pd.Index(codes, name="code"))
    groups = {code: cells[cells.index.str.startswith(code)].union_all() for code in sorted({c[:15] for c in codes})}
    outer = colours(gpd.GeoDataFrame(geometry=gpd.GeoSeries(groups, crs=CRS)))
    found = nested_colours(cells, outer)
    assert all(found[a] != found[b] for a, b in pairs_with_common_border(cells))


def test_colours_do_not_depend_on_the_order_of_rows() -> None:
    zones = random_zones(3)
    shuffled = zones.sample(frac=1, random_state=1)
    pd.testing.assert_series_equal(colours(shuffled), colours(zones).reindex(shuffled.index))


def test_repeated_codes_of_a_drawing_get_a_colour_each() -> None:
    zones = random_zones(5, 6)
    drawn = zones.set_axis(pd.Index(["410105001001001"] * 6, name="code"))
    assert len(colours(drawn)) == 6
    assert len(set(colours(drawn))) > 1


def test_a_common_corner_is_no_common_border() -> None:
    shapes = np.array([rectangle(0, 0), rectangle(1, 1), rectangle(1, 0)])
    assert neighbours(shapes).tolist() == [[0, 2], [1, 2]]


def test_zones_that_overlap_are_neighbours() -> None:
    shapes = np.array([rectangle(0, 0), rectangle(0.5, 0.5)])
    assert neighbours(shapes).tolist() == [[0, 1]]


def test_no_zones_have_no_colours() -> None:
    assert colours(random_zones(1).iloc[:0]).empty


def test_all_fills_and_shades_differ_beyond_the_palette() -> None:
    assert len({fill(number) for number in range(3 * len(FILLS))}) == 3 * len(FILLS)
    shades = {tint(colour, number) for colour in FILLS for number in range(2 * len(SHADES))}
    assert len(shades) == 2 * len(SHADES) * len(FILLS)


def test_black_text_reads_on_every_fill() -> None:
    def luminance(colour: str) -> float:
        """Relative luminance (WCAG 2)."""
        linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb(colour)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert all((luminance(colour) + 0.05) / 0.05 > 7 for colour in FILLS)


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("410105001001003", "003"),
        ("41010500100100305", "003-05"),
        ("41010500100190100", "901"),
        ("410105001001", "410105001001"),
    ],
)
def test_short_labels(code: str, short: str) -> None:
    assert label(code, Scheme.preset("wide")) == short


def test_coarser_tiers_have_stronger_borders() -> None:
    weights = [tier_weight(depth, 3) for depth in range(3)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 0


def test_every_style_of_qgis_is_well_formed_and_tiers_are_labelled_by_code() -> None:
    styles = qgis_styles(("grid", "micro"))
    assert {"grid", "micro", "buildings", "water", "streets", "railways", "communities", "cells"} <= styles.keys()
    for name, style in styles.items():
        root = ET.fromstring(style)
        assert root.find("renderer-v2/symbols/symbol/layer") is not None, name
        text = root.find("labeling/settings/text-style")
        assert (text is not None and text.get("fieldName") == "code") == (name in ("grid", "micro"))


def test_styles_stand_in_the_plan_file(tmp_path) -> None:  # noqa: ANN001
    import pyogrio

    path = make_plan().save(tmp_path / "plan.gpkg")
    table = pyogrio.read_dataframe(path, layer="layer_styles", read_geometry=False)
    assert {"grid", "micro", "buildings"} <= set(table["f_table_name"])
    assert table["styleQML"].str.startswith("<qgis").all()


def test_the_plan_by_hand_has_the_zones_that_it_says() -> None:
    plan = make_plan()
    assert plan.zones("grid").index.tolist() == ["410105001001001", "410105001001002", "410105001001901"]
    assert nx.is_connected(nx.Graph(neighbours(plan.zones("micro").geometry.to_numpy()).tolist()))

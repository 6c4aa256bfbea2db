"""Adjacency: which cells border which, over how many metres, across what."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.contiguity.rook import COLUMNS, adjacency, to_networkx
from gridgeo.coverage import edge_matching
from gridgeo.model.site import Site
from tests.conftest import COMMUNITY, CRS, EAST, NORTH, box, make_site, with_columns


def four_cells(blocks: str = "aabb") -> gpd.GeoDataFrame:
    """Two by two squares of 100 m: p q below, r s above."""
    shapes = [box(0, 0, 100, 100), box(100, 0, 200, 100), box(0, 100, 100, 200), box(100, 100, 200, 200)]
    names = ["p", "q", "r", "s"]
    return gpd.GeoDataFrame(
        {"community": COMMUNITY, "block": list(blocks), "kind": "land"},
        index=pd.Index(names, name="cell"),
        geometry=shapes,
        crs=CRS,
    )


def layer(role: str, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    table = pd.DataFrame(rows)
    shapes = [shapely.LineString([(EAST + x, NORTH + y) for x, y in row]) for row in table.pop("line")]
    return gpd.GeoDataFrame(with_columns(table, role), geometry=shapes, crs=CRS)


def site_with(**layers: list[dict[str, Any]]) -> Site:
    plain = make_site({"b1": (box(10, 10, 20, 20), 5)}, box(0, 0, 200, 200))
    tables = dict(plain.layers) | {role: layer(role, rows) for role, rows in layers.items()}
    return Site(tables, plain.unit_households, plain.account)


def as_dict(edges: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    rows = edges[["a", "b", "across", "shared_m"]].itertuples(index=False)
    return {(str(a), str(b), str(across)): float(shared) for a, b, across, shared in rows}


HORIZONTAL = [(0, 100), (200, 100)]


def test_neighbours_share_an_edge_and_corners_do_not_count() -> None:
    assert as_dict(adjacency(four_cells("aaaa"))) == {
        ("p", "q", "land"): 100,
        ("p", "r", "land"): 100,
        ("q", "s", "land"): 100,
        ("r", "s", "land"): 100,
    }


def test_without_a_site_what_lies_between_blocks_is_a_street() -> None:
    edges = as_dict(adjacency(four_cells()))
    assert edges[("p", "r", "street")] == 100
    assert edges[("p", "q", "land")] == 100


@pytest.mark.parametrize(
    ("role", "columns", "across"),
    [
        ("streets", {"highway": "residential"}, "street"),
        ("streets", {}, "street"),
        ("streets", {"highway": "primary"}, "arterial"),
        ("streets", {"highway": "motorway"}, "motorway"),
        ("railways", {"railway": "rail"}, "railway"),
        ("waterways", {"waterway": "river"}, "waterway"),
        ("waterways", {"waterway": "canal"}, "waterway"),
        ("barriers", {"barrier": "wall"}, "barrier"),
    ],
)
def test_each_edge_knows_what_it_crosses(role: str, columns: dict[str, str], across: str) -> None:
    edges = as_dict(adjacency(four_cells(), site_with(**{role: [{**columns, "line": HORIZONTAL}]})))
    assert {key[2] for key in edges if key[:2] in {("p", "r"), ("q", "s")}} == {across}


def test_where_two_lines_lie_on_an_edge_the_harder_counts() -> None:
    site = site_with(streets=[{"highway": "residential", "line": HORIZONTAL}], railways=[{"line": HORIZONTAL}])
    assert ("p", "r", "railway") in as_dict(adjacency(four_cells(), site))


def test_a_border_partly_on_a_wall_is_counted_in_metres_of_each() -> None:
    cells = four_cells()
    halved = box(0, 0, 100, 100).union(shapely.Point(EAST + 30, NORTH + 100))
    assert halved.geom_type in {"Polygon", "GeometryCollection"}
    cells.loc["p", "geometry"] = shapely.Polygon(
        [(EAST, NORTH), (EAST + 100, NORTH), (EAST + 100, NORTH + 100), (EAST + 30, NORTH + 100), (EAST, NORTH + 100)]
    )
    cells.loc["r", "geometry"] = shapely.Polygon(
        [
            (EAST, NORTH + 100),
            (EAST + 30, NORTH + 100),
            (EAST + 100, NORTH + 100),
            (EAST + 100, NORTH + 200),
            (EAST, NORTH + 200),
        ]
    )
    site = site_with(
        streets=[{"highway": "residential", "line": [(30, 100), (200, 100)]}],
        barriers=[{"barrier": "wall", "line": [(0, 100), (30, 100)]}],
    )
    edges = as_dict(adjacency(cells, site))
    assert edges[("p", "r", "barrier")] == pytest.approx(30)
    assert edges[("p", "r", "street")] == pytest.approx(70)


@pytest.mark.parametrize("column", ["bridge", "tunnel"])
def test_a_bridge_or_underpass_links_across_a_railway(column: str) -> None:
    site = site_with(
        railways=[{"railway": "rail", "line": HORIZONTAL}],
        streets=[{"highway": "residential", column: True, "line": [(50, 50), (50, 150)]}],
    )
    edges = as_dict(adjacency(four_cells(), site))
    assert ("p", "r", "link") in edges
    assert ("q", "s", "railway") in edges


@pytest.mark.parametrize("highway", ["motorway", "motorway_link", "construction", "proposed"])
def test_a_bridge_without_access_or_not_yet_built_links_nobody(highway: str) -> None:
    site = site_with(
        railways=[{"railway": "rail", "line": HORIZONTAL}],
        streets=[{"highway": highway, "bridge": True, "line": [(50, 50), (50, 150)]}],
    )
    assert ("p", "r", "railway") in as_dict(adjacency(four_cells(), site))


def test_the_links_layer_adds_and_removes() -> None:
    opened = site_with(railways=[{"line": HORIZONTAL}], links=[{"kind": "open", "line": [(50, 90), (50, 110)]}])
    assert ("p", "r", "link") in as_dict(adjacency(four_cells(), opened))
    closed = site_with(
        streets=[{"highway": "residential", "line": HORIZONTAL}],
        links=[{"kind": "closed", "line": [(50, 90), (50, 110)]}],
    )
    assert ("p", "r", "barrier") in as_dict(adjacency(four_cells(), closed))


def test_there_is_no_edge_across_a_community_border() -> None:
    cells = four_cells("aaaa").assign(community=["1", "1", "2", "2"])
    assert set(as_dict(adjacency(cells))) == {("p", "q", "land"), ("r", "s", "land")}


def nested_cells() -> gpd.GeoDataFrame:
    """A square in the hole of another, beside two squares that are one cell."""
    ring = box(0, 0, 100, 100).difference(box(40, 40, 60, 60))
    pair = shapely.multipolygons([box(100, 0, 200, 100), box(300, 0, 400, 100)])
    return gpd.GeoDataFrame(
        {"community": COMMUNITY, "block": "a", "kind": "land"},
        index=pd.Index(["q", "p", "r"], name="cell"),
        geometry=[ring, box(40, 40, 60, 60), pair],
        crs=CRS,
    )


def test_holes_and_parts_have_borders_of_their_own() -> None:
    assert as_dict(adjacency(nested_cells())) == {("p", "q", "land"): 80, ("q", "r", "land"): 100}


@pytest.mark.parametrize("cells", [four_cells("aaaa"), nested_cells()])
def test_numbers_that_stand_for_several_edges_change_nothing(
    cells: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = adjacency(cells)
    monkeypatch.setattr(edge_matching, "_mixed", lambda points: np.zeros(len(points), dtype=np.uint64))
    pd.testing.assert_frame_equal(adjacency(cells), expected)


def test_an_edge_that_is_there_three_times_makes_two_pairs() -> None:
    cells = four_cells("aaaa").iloc[[0, 1, 1]].set_axis(["p", "q", "r"])
    edges = as_dict(adjacency(cells))
    assert edges[("p", "q", "land")] == 100
    assert edges[("q", "r", "land")] == 400
    assert ("p", "r", "land") not in edges


def test_both_zeros_are_one() -> None:
    shapes = [shapely.box(0.0, 0, 10, 10), shapely.box(-10, 0, -0.0, 10)]
    cells = four_cells("aaaa").iloc[:2].set_geometry(shapes, crs=CRS)
    assert as_dict(adjacency(cells)) == {("p", "q", "land"): 10}


def test_no_cells_have_no_borders() -> None:
    edges = adjacency(four_cells().iloc[:0])
    assert edges.empty
    assert edges.dtypes.astype(str).to_dict() == dict(COLUMNS)


def test_networkx_carries_the_same_edges() -> None:
    cells = four_cells("aaaa").assign(households=[1, 2, 3, 4])
    drawn = to_networkx(cells, adjacency(cells))
    assert sorted(drawn.edges) == [("p", "q"), ("p", "r"), ("q", "s"), ("r", "s")]
    assert drawn.nodes["s"]["households"] == 4
    assert drawn["p"]["q"] == {"shared_m": 100.0, "across": {"land": 100.0}}


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 40), st.integers(0, 10_000))
def test_shared_lengths_are_those_of_the_geometry(n: int, seed: int) -> None:
    points = np.random.default_rng(seed).uniform(0, 1000, (n, 2))
    shapes = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=shapely.box(0, 0, 1000, 1000), ordered=True)
    )
    shapes = shapely.get_parts(shapely.coverage_simplify(shapes, 0))
    cells = gpd.GeoDataFrame(
        {"community": COMMUNITY, "block": "a", "kind": "land"},
        index=[f"{k:03d}" for k in range(n)],
        geometry=list(shapes),
        crs=CRS,
    )
    edges = adjacency(cells)
    inner = (cells.length.sum() - shapely.length(shapely.union_all(shapes))) / 2
    assert edges["shared_m"].sum() == pytest.approx(inner, rel=1e-6)
    shuffled = cells.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(edges, adjacency(shuffled))

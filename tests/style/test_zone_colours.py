"""No two neighbours are alike."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.style import colour_numbers, colours, neighbours, nested_colours
from tests.style.made_plan import CRS, make_plan, pairs_with_common_border, random_zones, rectangle


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


def test_the_plan_by_hand_has_the_zones_that_it_says() -> None:
    plan = make_plan()
    assert plan.zones("grid").index.tolist() == ["410105001001001", "410105001001002", "410105001001901"]
    assert nx.is_connected(nx.Graph(neighbours(plan.zones("micro").geometry.to_numpy()).tolist()))

"""Ways on foot, against networkx on a graph built here; the fewest posts, against trying all."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

import gridgeo as gg
from gridgeo.errors import CrsError, InputError
from gridgeo.model import Plan
from tests.conftest import with_columns
from tests.made import SCHEME, Town, build

PLAN = gg.divide(build(Town(11, 4, 3, per_block=5)), SCHEME, effort="fast")
SPEED = 75.0
"""4.5 km/h [m/min]."""


def posts_at(plan: Plan, rows: list[int]) -> gpd.GeoDataFrame:
    middles = plan.site.buildings.geometry.iloc[rows].centroid
    return gpd.GeoDataFrame({"name": [f"P{k}" for k in rows]}, geometry=middles.to_numpy(), crs=plan.cells.crs)


def graph_of(plan: Plan, places: list[Any]) -> nx.Graph:
    """Streets as a graph, each place joined to the spot of the nearest street, which is cut there."""
    crossing = shapely.union_all(plan.site.layer("streets").geometry.to_numpy())
    lines = shapely.get_parts(crossing)
    pieces = [shapely.LineString(pair) for line in lines for pair in pairwise(line.coords)]
    spots: dict[int, list[Any]] = {k: [] for k in range(len(pieces))}
    graph: nx.Graph = nx.Graph()
    for number, place in enumerate(places):
        nearest = min(range(len(pieces)), key=lambda k: place.distance(pieces[k]))
        way = shapely.shortest_line(place, pieces[nearest])
        spot = ("spot", number)
        graph.add_edge(("place", number), spot, weight=way.length)
        spots[nearest].append((pieces[nearest].project(shapely.Point(way.coords[-1])), spot, way.coords[-1]))
    for k, piece in enumerate(pieces):
        a, b = (tuple(np.round(point, 3)) for point in (piece.coords[0], piece.coords[-1]))
        along = [(0.0, a), *sorted((t, spot) for t, spot, _ in spots[k]), (piece.length, b)]
        for (t0, one), (t1, other) in pairwise(along):
            graph.add_edge(one, other, weight=t1 - t0)
    return graph


def test_minutes_are_those_of_networkx_on_the_same_streets() -> None:
    posts = posts_at(PLAN, [3, 40])
    reached = gg.reach(PLAN, posts, minutes=2)
    shapes = [*posts.geometry, *reached.buildings.geometry]
    metres = nx.multi_source_dijkstra_path_length(graph_of(PLAN, shapes), {("place", 0), ("place", 1)}, weight="weight")
    expected = np.array([metres.get(("place", 2 + k), np.nan) for k in range(len(reached.buildings))]) / SPEED
    assert np.allclose(
        reached.buildings["minutes"].to_numpy(dtype=float, na_value=np.nan), expected, atol=0.011, equal_nan=True
    )
    assert np.isfinite(expected).sum() > 20
    near = (reached.buildings["minutes"] <= 2).fillna(value=False)
    assert (reached.buildings["reason"].isna() == near).all()
    assert set(reached.buildings["post"].dropna()) == {"P3", "P40"}
    for tier in PLAN.scheme.names:
        own = reached.tiers[reached.tiers["tier"] == tier]
        assert own["households"].sum() == PLAN.members["households"].sum()
        assert own["within"].sum() == reached.buildings.loc[reached.buildings["reason"].isna(), "households"].sum()


def with_wall(gate: int | None) -> Plan:
    """The plan with a wall round its first building, whole or with a gate in one of its sides."""
    ring = PLAN.site.buildings.geometry.iloc[0].buffer(1.5, join_style="mitre").exterior
    parts = [shapely.LineString(pair) for pair in pairwise(ring.coords)]
    kinds = ["gate" if k == gate else "wall" for k in range(len(parts))]
    walls = gpd.GeoDataFrame({"barrier": kinds, "name": None}, geometry=parts, crs=PLAN.cells.crs)
    walls.index = pd.Index([f"w{k}" for k in range(len(parts))], name="id")
    return replace(
        PLAN, site=replace(PLAN.site, layers={**PLAN.site.layers, "barriers": with_columns(walls, "barriers")})
    )


def test_walls_hold_and_gates_are_open() -> None:
    first, posts = PLAN.site.buildings.index[0], posts_at(PLAN, [3])
    walled = gg.reach(with_wall(None), posts).buildings
    assert walled["reason"][first] == "barrier"
    assert walled["minutes"].isna()[first]
    gated = [gg.reach(with_wall(side), posts).buildings for side in range(4)]
    # a gate at the back, from which no straight way leads to a street, does not help
    assert any(table["reason"].fillna("-")[first] != "barrier" for table in gated)
    plain = gg.reach(PLAN, posts).buildings["minutes"][first]
    minutes = [table["minutes"][first] for table in gated if table["minutes"].notna()[first]]
    assert min(minutes) <= plain + 0.3
    assert all(plain - 0.01 <= one for one in minutes)


def test_lost_posts_are_named() -> None:
    far = gpd.GeoDataFrame({"name": ["moon"]}, geometry=[shapely.Point(0, 0)], crs=PLAN.cells.crs)
    lost = gg.reach(PLAN, far)
    assert lost.lost_posts == ("moon",)
    assert (lost.buildings["reason"] == "no_way").all()
    assert lost.buildings["post"].isna().all()
    assert lost.share == 0


def test_the_fewest_posts_are_found() -> None:
    needed = gg.posts_needed(PLAN, minutes=5)
    assert needed.proven
    assert len(needed.places) == needed.bound
    reached = gg.reach(PLAN, needed.places, minutes=5.001)
    assert set(reached.buildings.index[reached.buildings["reason"].notna()]) <= set(needed.left_out)
    within = {}
    for name, shape in PLAN.site.buildings.geometry.items():
        found = gg.reach(PLAN, gpd.GeoDataFrame(geometry=[shape], crs=PLAN.cells.crs), minutes=5).buildings
        within[name] = set(found.index[found["reason"].isna()])
    wanted = set(PLAN.members.loc[PLAN.members["households"].fillna(0) > 0, "building"]) - set(needed.left_out)
    fewer = len(needed.places) - 1
    assert 1 <= fewer <= 3, "small enough to try all, and not trivial"
    assert not any(wanted <= set().union(*some) for some in combinations(within.values(), fewer))


def test_what_cannot_be_measured_is_told() -> None:
    with pytest.raises(InputError, match="no posts"):
        gg.reach(PLAN, posts_at(PLAN, []))
    with pytest.raises(CrsError):
        gg.reach(PLAN, gpd.GeoSeries([shapely.Point(0, 0)]))
